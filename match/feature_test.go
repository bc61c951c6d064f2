package match_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/match"
)

// Devices are found by serial, by MAC address and by name, in whatever
// spelling either side has.
//
//mdm:feature 1.5
func TestRunIdentifiers(t *testing.T) {
	base := match.Device{ID: "d", Model: "SM-T509", Manufacturer: "samsung", Android: true, Class: match.ClassTablet}
	for _, test := range []struct {
		name   string
		device func(*match.Device)
		asset  match.Asset
		rung   match.Rung
		kind   match.Kind
	}{
		{"serial", func(d *match.Device) { d.Serial = "R52N90ABCDE" }, match.Asset{Serial: " r52n 90abcde", Model: "Samsung SM-T509"}, match.RungSerial, match.AutoLinked},
		{"wifi address", func(d *match.Device) { d.Serial, d.WiFi = "R52N90ABCDE", "3C:5A:B4:10:20:30" }, match.Asset{MACs: []string{"3c5a.b410.2030"}, Model: "SM-T509"}, match.RungWiFi, match.AutoLinked},
		{"imei", func(d *match.Device) { d.Serial, d.IMEIs = "R52N90ABCDE", []string{"352099001761481"} }, match.Asset{IMEIs: []string{"35 209900 176148 1"}}, match.RungIMEI, match.AutoLinked},
		{"name", func(d *match.Device) { d.Name = "LG-TAB-044" }, match.Asset{Name: "lg-tab-044.local"}, match.RungName, match.Suggested},
		{"label", func(d *match.Device) { d.AssetTag = "inv-044" }, match.Asset{AssetTag: "INV-044"}, match.RungAssetTag, match.Suggested},
		{"other number", func(d *match.Device) { d.Serial = "R52N90ABCDE" }, match.Asset{Number: "R52N90ABCDE"}, match.RungNearSerial, match.Suggested},
		{"barcode", func(d *match.Device) { d.Serial = "DMPX7K2LQ1GC" }, match.Asset{Serial: "SDMPX7K2LQ1GC"}, match.RungNearSerial, match.Suggested},
		{"lookalikes", func(d *match.Device) { d.Serial = "R52N9OABCDE" }, match.Asset{Serial: "R52N90ABCDE"}, match.RungNearSerial, match.Suggested},
		{"random address", func(d *match.Device) { d.WiFi = "da:a1:19:00:11:22" }, match.Asset{MACs: []string{"da:a1:19:00:11:22"}, Model: "SM-T509"}, match.RungLooseMAC, match.Suggested},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := base
			test.device(&d)
			test.asset.ID = "a"
			o := only(t, match.Input{Devices: []match.Device{d}, Assets: []match.Asset{test.asset, {ID: "b", Serial: "OTHER4711", Name: "other"}}})
			assert.Equal(t, test.kind, o.Kind, toJSON(t, o))
			assert.Equal(t, test.rung, o.Rung)
			if o.Kind == match.Suggested {
				assert.Equal(t, []string{"a"}, assetsOf(o.Candidates))
			} else {
				assert.Equal(t, "a", o.Asset)
			}
		})
	}
}

// What agrees is linked; what fits is suggested, with reasons and a rank, and
// the policy says for each rung which of both.
//
//mdm:feature 1.6
func TestRunSuggests(t *testing.T) {
	d := ipad("d", "DMPX7K2LQ1GC")
	d.Name, d.Email = "LG-TAB-044", "anna@school.example"
	in := match.Input{Devices: []match.Device{d}, Assets: []match.Asset{
		{ID: "better", Name: "LG-TAB-044", Model: "iPad12,1", Email: "Anna@school.example"},
		{ID: "worse", Name: "LG-TAB-44", Model: "iPad12,1"}}}
	o := only(t, in)
	assert.Equal(t, match.Suggested, o.Kind)
	assert.Equal(t, []string{"better", "worse"}, assetsOf(o.Candidates))
	assert.Greater(t, o.Candidates[0].Bits, o.Candidates[1].Bits)
	assert.Equal(t, "name:agrees,user:agrees,model:agrees,class:agrees", o.Candidates[0].Evidence.String())
	assert.Equal(t, []match.Code{match.CodeRungSuggests}, codes(o.Candidates[0].Held))
	assert.Len(t, o.Trace, len(match.Rungs()))

	in.Policy = match.Default()
	in.Policy.Ladder[8].Apple = match.Auto
	o = only(t, in)
	assert.Equal(t, match.AutoLinked, o.Kind, "a policy may trust names")
	assert.Equal(t, match.RungName, o.Rung)

	in.Policy.Ladder[8].Apple = match.Off
	in.Policy.Ladder[9].Apple = match.Off
	assert.Equal(t, match.Unmatched, only(t, in).Kind)
}

// Outside Apple's world a serial alone decides nothing, and a device with a bad
// one is left to a person; the policy says whom to trust.
//
//mdm:feature 1.27
//mdm:feature 1.33
func TestRunSerialTrust(t *testing.T) {
	in := match.Input{Devices: []match.Device{{ID: "d", Serial: "R52N90ABCDE", Model: "SM-T509", Manufacturer: "samsung"}},
		Assets: []match.Asset{{ID: "a", Serial: "R52N90ABCDE", Model: "Galaxy Tab"}}, Policy: match.Default()}
	o := only(t, in)
	assert.Equal(t, match.Suggested, o.Kind)
	assert.True(t, hasCode(o.Reasons, match.CodeNeedsAgreement))

	in.Assets[0].Manufacturer = "Samsung Electronics"
	assert.Equal(t, match.AutoLinked, only(t, in).Kind)
	in.Policy.Serials = match.TrustNone
	o = only(t, in)
	assert.Equal(t, match.Suggested, o.Kind)
	assert.True(t, hasCode(o.Reasons, match.CodeUntrusted))
	in.Policy.Serials = match.TrustAll
	in.Assets[0].Manufacturer = ""
	assert.Equal(t, match.AutoLinked, only(t, in).Kind)

	for _, junk := range []string{"", "unknown", "Default string", "0123456789ABCDEF", "SM-T509"} {
		in := match.Input{Devices: []match.Device{{ID: "d", Serial: junk, Model: "SM-T509", Manufacturer: "samsung", Android: true,
			WiFi: "3c:5a:b4:10:20:30", IMEIs: []string{"352099001761481"}}},
			Assets: []match.Asset{{ID: "a", Serial: junk, Model: "SM-T509", MACs: []string{"3c:5a:b4:10:20:30"}, IMEIs: []string{"352099001761481"}}}}
		o := only(t, in)
		assert.Equal(t, match.Suggested, o.Kind, junk)
		assert.True(t, hasCode(o.Reasons, match.CodeNeedsSerial), junk)
		in.Decisions = []match.Decision{{Kind: match.Ignore, Device: "d"}}
		assert.Equal(t, match.Ignored, only(t, in).Kind, "a single device can be left out")
	}
}

// A PC has Wi-Fi and Ethernet addresses. Wi-Fi is the representative one, and
// any of them finds the asset.
//
//mdm:feature 4.24
func TestRunAnyMAC(t *testing.T) {
	d := match.Device{ID: "d", Serial: "5CG2123456", Model: "EliteBook 840", WiFi: "a0:51:2f:50:00:01", Ethernet: []string{"d4:85:64:00:00:01"}}
	for _, test := range []struct {
		macs []string
		rung match.Rung
		kind match.Kind
	}{
		{[]string{"a0:51:2f:50:00:01"}, match.RungWiFi, match.AutoLinked},
		{[]string{"D4-85-64-00-00-01; A0-51-2F-50-00-01"}, match.RungWiFi, match.AutoLinked},
		{[]string{"d4:85:64:00:00:01"}, match.RungLooseMAC, match.Suggested},
	} {
		o := only(t, match.Input{Devices: []match.Device{d}, Assets: []match.Asset{{ID: "a", MACs: test.macs, Model: "EliteBook 840"}}})
		assert.Equal(t, test.kind, o.Kind, test.macs)
		assert.Equal(t, test.rung, o.Rung, test.macs)
	}

	d.WiFi = ""
	in := match.Input{Devices: []match.Device{d}, Assets: []match.Asset{{ID: "a", MACs: []string{"d48564000001"}, Model: "EliteBook 840"}}, Policy: match.Default()}
	assert.Equal(t, match.Suggested, only(t, in).Kind, "it may be a dock's")
	in.Policy.BuiltInEthernet = true
	assert.Equal(t, match.AutoLinked, only(t, in).Kind, "unless the policy takes it for built in")
}

// A new SIM changes the phone number, not the device: numbers of contracts are
// not compared, and the IMEI finds the asset.
//
//mdm:feature 4.50
func TestRunSIMSwap(t *testing.T) {
	d := match.Device{ID: "new-record", Serial: "R52N90ABCDE", IMEIs: []string{"490154203237518", "352099001761481"}, Model: "SM-A536B", Android: true}
	in := match.Input{Devices: []match.Device{d}, Assets: []match.Asset{{ID: "a", IMEIs: []string{"352099001761481"}}}, Policy: match.Default()}
	o := only(t, in)
	assert.Equal(t, match.AutoLinked, o.Kind)
	assert.Equal(t, match.RungIMEI, o.Rung)

	// How much an IMEI counts is for the policy: order and mode.
	in.Assets[0].UDID, in.Devices[0].UDID = "4C4C4544-0051-3510-8057-B7C04F5A3532", "4C4C4544-0051-3510-8057-B7C04F5A3532"
	assert.Equal(t, match.RungKnown, only(t, in).Rung)
	in.Policy.Ladder[0], in.Policy.Ladder[2] = in.Policy.Ladder[2], in.Policy.Ladder[0]
	assert.Equal(t, match.RungIMEI, only(t, in).Rung)
	in.Policy.Ladder[0].Other, in.Policy.Ladder[2].Other = match.Suggest, match.Off
	assert.Equal(t, match.Suggested, only(t, in).Kind)
}

// Each veto holds back what would be linked.
func TestRunVetoes(t *testing.T) {
	base := func() match.Input {
		d := ipad("d", "DMPX7K2LQ1GC")
		d.UDID, d.Site = "00008030-001A2B3C4D5E6F70", "s1"
		return match.Input{Connection: "c", Devices: []match.Device{d}, Sites: map[string]string{"s1": "A"},
			Assets: []match.Asset{{ID: "a", UDID: "00008030001A2B3C4D5E6F70", Site: "A"}}}
	}
	assert.Equal(t, match.AutoLinked, only(t, base()).Kind)
	for code, spoil := range map[match.Code]func(*match.Input){
		match.CodeSerialDiffers: func(in *match.Input) { in.Assets[0].Serial = "C02ZX90AKLMN" },
		match.CodeModelDiffers:  func(in *match.Input) { in.Assets[0].ModelID = "iPad13,18" },
		match.CodeClassDiffers:  func(in *match.Input) { in.Assets[0].Class = match.ClassPhone },
		match.CodeSiteDiffers:   func(in *match.Input) { in.Assets[0].Site = "B" },
		match.CodeRetired:       func(in *match.Input) { in.Assets[0].Archived = true },
		match.CodeAssetTaken: func(in *match.Input) {
			in.Devices = append(in.Devices, ipad("e", "F9FXL0ABJF8J"))
			in.Links = []match.Link{{Connection: "c", Device: "e", Asset: "a"}}
		},
		match.CodeDuplicateID: func(in *match.Input) { in.Assets = append(in.Assets, match.Asset{ID: "a", Serial: "X1Y2Z34567"}) },
	} {
		in := base()
		spoil(&in)
		o := run(in)["d"]
		assert.Equal(t, match.Blocked, o.Kind, code)
		assert.Equal(t, code, o.Reasons[0].Code)
		assert.Equal(t, "a", o.Candidates[0].Asset, code)
		assert.Equal(t, []match.Code{code}, codes(o.Candidates[0].Vetoes))
	}
}

// A suggestion with two vetoes is none, unless its identifier is a strong one.
func TestRunTwoVetoes(t *testing.T) {
	d := ipad("d", "DMPX7K2LQ1GC")
	d.Name = "LG-TAB-044"
	in := match.Input{Devices: []match.Device{d}, Assets: []match.Asset{{ID: "a", Name: "LG-TAB-044", Serial: "C02ZX90AKLMN", Archived: true}}}
	o := only(t, in)
	assert.Equal(t, match.Unmatched, o.Kind)
	assert.Contains(t, o.Reasons, match.Reason{Code: match.CodeRejectedByVetoes, Value: "a", Count: 2})
	in.Assets[0].Archived = false
	assert.Equal(t, match.Suggested, only(t, in).Kind, "one veto is shown with the suggestion")

	in.Assets[0] = match.Asset{ID: "a", Serial: "DMPX7K2LQ1GC", Archived: true, Class: match.ClassPhone}
	o = only(t, in)
	assert.Equal(t, match.Blocked, o.Kind, "who has the serial must not be created a second time")
	assert.Equal(t, []string{"a"}, assetsOf(o.Candidates))
}

// Identifiers that point to different assets, and devices that fit one asset.
func TestRunContradictions(t *testing.T) {
	d := ipad("d", "DMPX7K2LQ1GC")
	d.UDID = "00008030-001A2B3C4D5E6F70"
	o := only(t, match.Input{Devices: []match.Device{d}, Assets: []match.Asset{asset("a", "DMPX7K2LQ1GC"), {ID: "b", UDID: d.UDID}}})
	assert.Equal(t, match.Ambiguous, o.Kind)
	assert.Equal(t, match.CodePointApart, o.Reasons[0].Code)

	// The serials of two assets were interchanged when they were entered; only
	// one of the devices has a label in the MDM to show it.
	x, y := ipad("x", "DMPX7K2LQ1GC"), ipad("y", "C02ZX90AKLMN")
	x.AssetTag = "100"
	swapped := run(match.Input{Devices: []match.Device{x, y},
		Assets: []match.Asset{{ID: "100", AssetTag: "100", Serial: "C02ZX90AKLMN"}, {ID: "101", AssetTag: "101", Serial: "DMPX7K2LQ1GC"}}})
	assert.Equal(t, match.Ambiguous, swapped["x"].Kind)
	assert.Equal(t, match.Ambiguous, swapped["y"].Kind)

	e := ipad("e", "C02ZX90AKLMN")
	e.UDID, d.UDID = d.UDID, ""
	all := run(match.Input{Devices: []match.Device{d, e}, Assets: []match.Asset{{ID: "a", Serial: "DMPX7K2LQ1GC", UDID: e.UDID}}})
	assert.Equal(t, match.Ambiguous, all["d"].Kind)
	assert.Equal(t, match.Reason{Code: match.CodeContested, Other: "e"}, all["d"].Reasons[0])
	assert.Equal(t, match.Ambiguous, all["e"].Kind)
}

// A copied virtual machine is never linked automatically.
func TestRunVirtual(t *testing.T) {
	d := match.Device{ID: "d", Serial: "VMware-56 4d 1a 2b 3c 4d 5e 6f-70 81 92 a3 b4 c5 d6 e7", Model: "VMware7,1", Manufacturer: "VMware"}
	o := only(t, match.Input{Devices: []match.Device{d}, Assets: []match.Asset{{ID: "a", Serial: d.Serial, Manufacturer: "VMware, Inc."}}})
	assert.Equal(t, match.Suggested, o.Kind)
	assert.True(t, hasCode(o.Reasons, match.CodeVirtual))
}

// A device named by its serial, as many are, is none the worse for it.
func TestRunNamedBySerial(t *testing.T) {
	d := ipad("d", "DMPX7K2LQ1GC")
	d.Name = "DMPX7K2LQ1GC"
	o := only(t, match.Input{Devices: []match.Device{d}, Assets: []match.Asset{{ID: "a", Serial: "DMPX7K2LQ1GC", Name: "DMPX7K2LQ1GC"}}})
	assert.Equal(t, match.AutoLinked, o.Kind)
	assert.Equal(t, []match.Reason{{Code: match.CodeAgrees, Field: match.FieldSerial}}, o.Reasons)
}
