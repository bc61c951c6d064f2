package mdm_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/mdmlink/mdmlink/mdm"
)

// TestRecordOr joins any two records: what is reported stays, what is not is
// taken over.
func TestRecordOr(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		detail, listed := partial(t, "detail"), partial(t, "listed")
		joined := detail.Or(listed)
		for _, a := range mdm.Catalogue() {
			if singleMAC.Has(a.Key) {
				continue // what mac says
			}
			own, other, got := a.Value(&detail), a.Value(&listed), a.Value(&joined)
			want := own
			if own.State == mdm.NotReported {
				want = other
			}
			if !a.List || a.Key == mdm.KeyGroups || a.Key == mdm.KeyIMEI {
				assert.Equal(t, want, got, a.Key)
			} else {
				assert.Equal(t, want.State, got.State, a.Key)
			}
		}
	})
}

var singleMAC = mdm.Keys{mdm.KeyMACWiFi, mdm.KeyMACEthernet, mdm.KeyMACBluetooth}

// partial is a record in which some fields are reported and some are blank.
func partial(t *rapid.T, whose string) mdm.Record {
	var r mdm.Record
	leaves(reflect.ValueOf(&r).Elem(), "", func(path string, leaf reflect.Value) {
		if path != "Blank" && path != "Interfaces.Kind" && rapid.Bool().Draw(t, whose+" "+path) {
			fill(path, leaf)
			if leaf.Kind() == reflect.String && path != "SIMs.ICCID" && path != "SIMs.IMSI" { // it is one card
				leaf.SetString(whose + " " + path)
			}
		}
	})
	r.Origin, r.Interfaces[0].Kind = school.Origin, mdm.InterfaceWiFi
	for _, a := range mdm.Catalogue() {
		if a.Value(&r).State == mdm.NotReported && !singleMAC.Has(a.Key) && rapid.IntRange(0, 3).Draw(t, whose+" blank") == 0 {
			r.Blank = append(r.Blank, a.Key)
		}
	}
	return r
}

func TestRecordOrSame(t *testing.T) {
	r := filled()
	r.Blank = mdm.Keys{mdm.CustomKey("gone")} // notes are reported
	r.Interfaces = r.Interfaces[:0:0]
	for _, kind := range []mdm.InterfaceKind{mdm.InterfaceWiFi, mdm.InterfaceEthernet, mdm.InterfaceUnknown, mdm.InterfaceCellular, mdm.InterfaceBluetooth} {
		r.Interfaces = append(r.Interfaces, mdm.Interface{Kind: kind, MAC: "mac", IPs: []string{"192.0.2.1"}})
	}
	assert.Equal(t, r, r.Or(r))
	assert.Equal(t, r, r.Or(mdm.Record{}))
	assert.Equal(t, r, mdm.Record{}.Or(r))
	assert.Equal(t, mdm.Record{}, mdm.Record{}.Or(mdm.Record{}))
}

func TestRecordOrInterfaces(t *testing.T) {
	wifi := func(mac string, ips ...string) mdm.Interface {
		return mdm.Interface{Kind: mdm.InterfaceWiFi, MAC: mac, IPs: ips}
	}
	const a, b = "00:00:5e:00:53:0a", "00:00:5e:00:53:0b"
	for name, row := range map[string]struct{ own, other, want []mdm.Interface }{
		"address of one, network of the other": {
			[]mdm.Interface{wifi(a)}, []mdm.Interface{wifi("", "192.0.2.1")}, []mdm.Interface{wifi(a, "192.0.2.1")}},
		"the other way about": {
			[]mdm.Interface{wifi("", "192.0.2.1")}, []mdm.Interface{wifi(a)}, []mdm.Interface{wifi(a, "192.0.2.1")}},
		"written in another way": {
			[]mdm.Interface{wifi(a)}, []mdm.Interface{wifi("00-00-5E-00-53-0A", "192.0.2.1")}, []mdm.Interface{wifi(a, "192.0.2.1")}},
		"own network stays": {
			[]mdm.Interface{wifi(a, "192.0.2.1")}, []mdm.Interface{wifi(a, "192.0.2.2")}, []mdm.Interface{wifi(a, "192.0.2.1")}},
		"two addresses": {
			[]mdm.Interface{wifi(a)}, []mdm.Interface{wifi(b)}, []mdm.Interface{wifi(a), wifi(b)}},
		"two that are told apart in both": {
			[]mdm.Interface{wifi(a), wifi(b)}, []mdm.Interface{wifi(b, "192.0.2.2"), wifi(a, "192.0.2.1")},
			[]mdm.Interface{wifi(a, "192.0.2.1"), wifi(b, "192.0.2.2")}},
		"bluetooth last": {
			[]mdm.Interface{{Kind: mdm.InterfaceBluetooth, MAC: a}}, []mdm.Interface{{Kind: mdm.InterfaceCellular}, {MAC: b}, wifi(a)},
			[]mdm.Interface{wifi(a), {MAC: b}, {Kind: mdm.InterfaceCellular}, {Kind: mdm.InterfaceBluetooth, MAC: a}}},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, row.want, mdm.Record{Interfaces: row.own}.Or(mdm.Record{Interfaces: row.other}).Interfaces)
		})
	}
}

func TestRecordOrSIMs(t *testing.T) {
	one, two := mdm.SIM{ICCID: "1", Phone: "+49 1"}, mdm.SIM{ICCID: "2", Phone: "+49 2"}
	or := func(own, other []mdm.SIM) []mdm.SIM {
		return mdm.Record{SIMs: own}.Or(mdm.Record{SIMs: other}).SIMs
	}
	assert.Equal(t, []mdm.SIM{one}, or([]mdm.SIM{{ICCID: "1"}}, []mdm.SIM{{Phone: "+49 1"}}), "one card, told in parts")
	assert.Equal(t, []mdm.SIM{one, two}, or([]mdm.SIM{{ICCID: "1"}, {ICCID: "2"}}, []mdm.SIM{one, two}))
	assert.Equal(t, []mdm.SIM{two}, or([]mdm.SIM{two}, []mdm.SIM{one}), "an exchanged card is not mixed with the old one")
	assert.Equal(t, []mdm.SIM{{ICCID: "2"}}, or([]mdm.SIM{{ICCID: "2"}}, []mdm.SIM{one}))
	assert.Equal(t, []mdm.SIM{one}, or([]mdm.SIM{one}, []mdm.SIM{one, two}), "the detail says how many there are")
}

func TestRecordOrCustom(t *testing.T) {
	detail := mdm.Record{Custom: map[string]string{"a": "new", "b": ""}, Blank: mdm.Keys{"custom.c"}}
	listed := mdm.Record{Custom: map[string]string{"a": "old", "b": "old", "c": "old", "d": "old"}, Blank: mdm.Keys{"custom.e", "custom.a"}}
	joined := detail.Or(listed)
	for key, want := range map[mdm.Key]mdm.AttributeValue{
		"custom.a": reported("new"), "custom.b": blank, "custom.c": blank, "custom.d": reported("old"), "custom.e": blank,
	} {
		assert.Equal(t, want, mdm.Value(joined, key), key)
	}
}

// TestRecordOrCopies shows that the joined record shares no memory.
func TestRecordOrCopies(t *testing.T) {
	detail, listed := mdm.Record{Groups: []string{"a"}}, filled()
	joined := detail.Or(listed)
	joined.IMEIs[0], joined.Groups[0], joined.SIMs[0].ICCID, joined.Interfaces[0].IPs[0] = "x", "x", "x", "x"
	assert.Equal(t, filled(), listed)
	assert.Equal(t, []string{"a"}, detail.Groups)
}
