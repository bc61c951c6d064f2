package match

import (
	"strings"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

func (c *comparer) imei() {
	xs, ys := c.m.deviceIMEIs(c.d), c.m.assetIMEIs(c.a)
	best := Sign{Field: FieldIMEI}
	for _, x := range xs {
		for _, y := range ys {
			s := both(FieldIMEI, x, y)
			if s.State == Agrees {
				c.shared(&s, c.m.devices.byIMEI, c.m.assets.byIMEI, imeiTextKey(x))
				c.holdBy(RungIMEI, &s)
			}
			if best.State == Missing || better(s, best) {
				best = s
			}
		}
	}
	c.say(best)
}

// better reports whether of two signs of one field the first says more.
func better(a, b Sign) bool {
	rank := func(s Sign) int {
		switch {
		case s.State == Agrees && s.Why == 0 && s.Shared == 0:
			return 5
		case s.State == Agrees:
			return 4
		case s.State == Unclear:
			return 3
		case s.State == Differs:
			return 2
		case s.State == Unused:
			return 1
		}
		return 0
	}
	return rank(a) > rank(b)
}

// macs compares the device's addresses with those of the asset, whose kind is
// not known. That an address is not among them says something only about the
// one that is built in, and only if no other one is.
func (c *comparer) macs(alike bool) {
	all := readMACs(c.m.rules, c.as.MACs...)
	wifi := c.mac(FieldWiFi, c.dev.WiFi, all, alike)
	ether := Sign{Field: FieldEthernet}
	for _, raw := range c.dev.Ethernet {
		if s := c.mac(FieldEthernet, raw, all, alike); better(s, ether) {
			ether = s
		}
	}
	if wifi.State == Differs && ether.State == Agrees {
		wifi.State = Missing
	}
	if ether.State == Differs || ether.State == Unclear {
		ether.State = Missing
	}
	c.say(wifi)
	c.say(ether)
}

func (c *comparer) mac(f Field, raw string, all []ident.ID, alike bool) Sign {
	best := Sign{Field: f}
	for _, x := range c.m.rules.MACs(raw) {
		if s := both(f, x, ident.ID{}); len(all) == 0 && better(s, best) {
			best = s
		}
		for _, y := range all {
			s := both(f, x, y)
			if s.State == Agrees {
				key := macTextKey(x)
				c.shared(&s, c.m.devices.byMAC, c.m.assets.byMAC, key)
				if s.Why == 0 && s.Shared == 0 && alike && c.m.builtIn(c.d, key) {
					c.hold(RungWiFi, true)
				} else {
					c.hold(RungLooseMAC, s.Shared == 0)
				}
			} else if s.State == Unclear {
				s.State = Unused
			}
			if better(s, best) {
				best = s
			}
		}
	}
	return best
}

func (c *comparer) tag() {
	x := c.m.rules.AssetTag(c.dev.AssetTag, hintsOf(c.dev))
	s := both(FieldAssetTag, x, c.m.rules.AssetTag(c.as.AssetTag, assetHints(c.as)))
	if s.State == Agrees {
		if n := c.most(weakTag, textKey(x)); n > 1 {
			s.Shared = n
		}
		c.holdBy(RungAssetTag, &s)
	}
	c.say(s)
}

// nearSerial looks for the serial of the device where it does not belong, or
// not quite as it is.
func (c *comparer) nearSerial() {
	x, y := c.f.serial, c.m.assetSerial(c.a)
	number := c.m.rules.Serial(c.as.Number, ident.Hints{})
	if x.Equal(number) {
		n := c.most(weakNumber, textKey(x))
		c.say(Sign{Field: FieldNumber, State: Agrees, Device: x.Raw, Asset: number.Raw, Shared: aboveOne(n)})
		c.hold(RungNearSerial, x.Quality == ident.Strong && n < 2)
	}
	for _, z := range [2]ident.ID{y, number} {
		if x.Folded == "" || x.Folded != z.Folded || x.Equal(z) {
			continue
		}
		n := c.most(weakFolded, hash(x.Folded))
		c.say(Sign{Field: FieldNearSerial, State: Agrees, Device: x.Raw, Asset: z.Raw, Shared: aboveOne(n)})
		c.hold(RungNearSerial, x.Quality == ident.Strong && n < 2)
		break
	}
	if c.m.replaces(c.d, c.a) {
		c.say(Sign{Field: FieldReplaces, State: Agrees, Device: c.dev.Replaces, Asset: c.as.Serial})
		n := c.most(weakReplaces, c.m.assets.serial.key[c.a])
		c.hold(RungReplacement, n < 2)
	}
}

// most returns how many devices or assets have a value, whatever is more.
func (c *comparer) most(kind weakKind, key uint64) int {
	if c.states {
		return 0
	}
	devices, assets := c.m.counts(kind, key)
	return max(devices, assets)
}

func aboveOne(n int) int {
	if n > 1 {
		return n
	}
	return 0
}

func (c *comparer) names(x, y ident.ID, model State) {
	s := both(FieldName, x, y)
	switch s.State {
	case Agrees:
		if n := c.most(weakName, hash(x.Key)); n > 1 {
			s.Shared = n
		}
		if s.Shared == 0 {
			c.hold(RungName, true)
		} else if model == Agrees {
			c.hold(RungSimilarName, false)
		}
	case Unclear:
		s.State = Differs // a name is never strong
		if k := skeletonKey([]byte(x.Folded)); k != 0 && k == skeletonKey([]byte(y.Folded)) {
			n := c.most(weakSkeleton, k)
			s = Sign{Field: FieldSimilarName, State: Agrees, Device: x.Raw, Asset: y.Raw, Shared: aboveOne(n)}
			if model == Agrees {
				c.hold(RungSimilarName, n < 2)
			}
		}
	}
	c.say(s)
}

func (c *comparer) user() {
	s := Sign{Field: FieldUser, Device: firstOf(c.dev.Login, c.dev.Email), Asset: firstOf(c.as.Login, c.as.Email)}
	for _, x := range [2]string{c.dev.Login, c.dev.Email} {
		for _, y := range [2]string{c.as.Login, c.as.Email} {
			switch state := equalTexts(x, y); {
			case state == Agrees:
				s.State = Agrees
			case s.State == Missing:
				s.State = state
			}
		}
	}
	c.say(s)
}

func equalTexts(a, b string) State {
	switch {
	case a == "" || b == "":
		return Missing
	case strings.EqualFold(a, b):
		return Agrees
	}
	return Differs
}
