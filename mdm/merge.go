package mdm

import (
	"cmp"
	"slices"
	"strings"
)

// Or returns the record with what it does not report taken from other. It
// joins what a listing and the detail of the same device tell: call it on the
// detail. An attribute that is Blank stays blank. The result shares no memory
// with either.
func (r Record) Or(other Record) Record {
	r, other = r.Record(), other.Record()
	other.drop(r.Blank)
	for _, a := range catalogue() {
		if a.keep != nil && a.Value(&r).State == NotReported {
			a.keep(&r, &other)
		}
	}
	r.Origin, r.ID = cmp.Or(r.Origin, other.Origin), cmp.Or(r.ID, other.ID)
	r.Interfaces = mergeInterfaces(r.Interfaces, other.Interfaces)
	r.SIMs = mergeSIMs(r.SIMs, other.SIMs)
	for name, value := range other.Custom {
		if _, own := r.Custom[name]; own {
			continue
		}
		if r.Custom == nil {
			r.Custom = make(map[string]string)
		}
		r.Custom[name] = value
	}
	for _, key := range other.Blank {
		if r.value(key).State == NotReported && !r.Blank.Has(key) {
			r.Blank = append(r.Blank, key)
		}
	}
	return r
}

// drop empties those attributes that Or could not tell from ones that are
// merely missing: parts of interfaces and SIMs, and custom fields.
func (r *Record) drop(blank Keys) {
	for i := range r.Interfaces {
		at := &r.Interfaces[i]
		if blank.Has(kindKey(at.Kind)) || blank.Has(KeyMAC) && at.Kind != InterfaceBluetooth {
			at.MAC = ""
		}
		if blank.Has(KeyIP) {
			at.IPs = nil
		}
		if blank.Has(KeyAdapter) {
			at.Adapter = ""
		}
	}
	for i := range r.SIMs {
		at := &r.SIMs[i]
		for key, field := range map[Key]*string{KeySIMICCID: &at.ICCID, KeySIMIMSI: &at.IMSI, KeySIMPhone: &at.Phone, KeySIMCarrier: &at.Carrier} {
			if blank.Has(key) {
				*field = ""
			}
		}
	}
	for _, key := range blank {
		if name, ok := key.custom(); ok {
			delete(r.Custom, name)
		}
	}
}

// mergeInterfaces fills in what other tells about the same interfaces, and
// adds those that only other has. Wi-Fi comes first, Bluetooth last.
func mergeInterfaces(own, other []Interface) []Interface {
	for _, o := range other {
		i := slices.IndexFunc(own, func(i Interface) bool { return i.Kind == o.Kind && i.MAC != "" && sameMAC(i.MAC, o.MAC) })
		if i < 0 {
			i = slices.IndexFunc(own, o.mayBe)
		}
		if i < 0 {
			own = append(own, o)
			continue
		}
		at := &own[i]
		at.MAC, at.Adapter = cmp.Or(at.MAC, o.MAC), cmp.Or(at.Adapter, o.Adapter)
		if len(at.IPs) == 0 {
			at.IPs = o.IPs
		}
	}
	slices.SortStableFunc(own, func(a, b Interface) int { return cmp.Compare(rank(a.Kind), rank(b.Kind)) })
	return own
}

// mayBe reports whether nothing tells two interfaces apart, where one of them
// has no address.
func (i Interface) mayBe(o Interface) bool {
	return i.Kind == o.Kind && (i.MAC == "" || o.MAC == "") &&
		(i.Adapter == "" || o.Adapter == "" || i.Adapter == o.Adapter)
}

// sameMAC compares two addresses, however they are written.
func sameMAC(a, b string) bool {
	digits := strings.NewReplacer(":", "", "-", "", ".", "")
	return strings.EqualFold(digits.Replace(a), digits.Replace(b))
}

// rank puts Wi-Fi first and Bluetooth last, as [KeyMAC] does.
func rank(kind InterfaceKind) int {
	return slices.Index([]InterfaceKind{InterfaceWiFi, InterfaceEthernet, InterfaceUnknown, InterfaceCellular, InterfaceBluetooth}, kind)
}

// mergeSIMs fills in what other tells about the SIMs in the same slots. An
// exchanged SIM is another one: nothing of the old one is kept.
func mergeSIMs(own, other []SIM) []SIM {
	if len(own) == 0 {
		return other
	}
	differ := func(a, b string) bool { return a != "" && b != "" && a != b }
	for i := range min(len(own), len(other)) {
		at, o := &own[i], other[i]
		if differ(at.ICCID, o.ICCID) || differ(at.IMSI, o.IMSI) {
			continue
		}
		*at = SIM{cmp.Or(at.ICCID, o.ICCID), cmp.Or(at.IMSI, o.IMSI), cmp.Or(at.Phone, o.Phone), cmp.Or(at.Carrier, o.Carrier)}
	}
	return own
}
