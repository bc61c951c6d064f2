package mdm

// Limit returns a device whose Record holds what want names and nothing else;
// origin, id, class and platform always stay. The vendor's own type and its
// raw answer cannot be reached through the result; the parts of that answer
// that want names stay readable with Value. An empty want returns the device
// as it is.
func Limit(d Device, want Keys) Device {
	if len(want) == 0 {
		return d
	}
	kept := d.Record().Only(want)
	for _, key := range want.Raw() {
		switch v := Value(d, key); v.State {
		case Reported:
			if kept.Custom == nil {
				kept.Custom = make(map[string]string)
			}
			kept.Custom[string(key)] = v.Text
		case Blank:
			kept.Blank = kept.Blank.With(key)
		}
	}
	return kept
}

// Only returns a copy that holds what want names and nothing else; origin,
// id, class and platform always stay.
func (r Record) Only(want Keys) Record {
	r = r.Record()
	kept := Record{Origin: r.Origin, ID: r.ID, Class: r.Class, Platform: r.Platform}
	for _, key := range want {
		if a, ok := Lookup(key); ok && a.keep != nil {
			a.keep(&kept, &r)
		}
	}
	for _, key := range r.Blank {
		if _, custom := key.custom(); want.Has(key) || custom && want.Has(KeyCustom) {
			kept.Blank = append(kept.Blank, key)
		}
	}
	kept.Interfaces = keepInterfaces(r.Interfaces, want)
	kept.SIMs = keepSIMs(r.SIMs, want)
	kept.Custom = keepCustom(r.Custom, want)
	return kept
}

func keepInterfaces(all []Interface, want Keys) []Interface {
	var kept []Interface
	for _, i := range all {
		k := Interface{Kind: i.Kind}
		if want.Has(kindKey(i.Kind)) || want.Has(KeyMAC) && i.Kind != InterfaceBluetooth {
			k.MAC = i.MAC
		}
		if want.Has(KeyIP) {
			k.IPs = i.IPs
		}
		if want.Has(KeyAdapter) {
			k.Adapter = i.Adapter
		}
		if k.MAC != "" || len(k.IPs) > 0 || want.Has(KeyAdapter) {
			kept = append(kept, k)
		}
	}
	return kept
}

func kindKey(kind InterfaceKind) Key {
	switch kind {
	case InterfaceWiFi:
		return KeyMACWiFi
	case InterfaceEthernet:
		return KeyMACEthernet
	case InterfaceBluetooth:
		return KeyMACBluetooth
	}
	return KeyMAC
}

func keepSIMs(all []SIM, want Keys) []SIM {
	var kept []SIM
	for _, s := range all {
		var k SIM
		if want.Has(KeySIMICCID) {
			k.ICCID = s.ICCID
		}
		if want.Has(KeySIMIMSI) {
			k.IMSI = s.IMSI
		}
		if want.Has(KeySIMPhone) {
			k.Phone = s.Phone
		}
		if want.Has(KeySIMCarrier) {
			k.Carrier = s.Carrier
		}
		if k != (SIM{}) {
			kept = append(kept, k)
		}
	}
	return kept
}

func keepCustom(all map[string]string, want Keys) map[string]string {
	var kept map[string]string
	for name, value := range all {
		if want.Has(CustomKey(name)) || want.Has(KeyCustom) || want.Raw().Has(Key(name)) {
			if kept == nil {
				kept = make(map[string]string)
			}
			kept[name] = value
		}
	}
	return kept
}
