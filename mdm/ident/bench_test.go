package ident

import "testing"

func BenchmarkRules(b *testing.B) {
	r := Default()
	full := Hints{Apple: true, Name: "LG-TAB-044", Model: "iPad13,18", Manufacturer: "Apple",
		OS: "iPadOS", UDID: "00008030-001A2B3C4D5E6F70", Serial: "C02ZX90AKLMN"}
	benchmarks := []struct {
		name string
		kind Kind
		raw  string
	}{
		{"serial/canonical", KindSerial, "C02ZX90AKLMN"},
		{"serial/foldable", KindSerial, "C02ZX9OAKLMN"},
		{"serial/lower", KindSerial, " c02zx90aklmn"},
		{"serial/nbsp", KindSerial, "C02ZX90AKLMN\u00a0"},
		{"serial/placeholder", KindSerial, "To be filled by O.E.M."},
		{"serial/vmware", KindSerial, "VMware-56 4d 1a 2b 3c 4d 5e 6f-70 81 92 a3 b4 c5 d6 e7"},
		{"uuid/canonical", KindUUID, "2b1a4d56-4d3c-6f5e-7081-92a3b4c5d6e7"},
		{"uuid/swapped", KindUUID, "564d1a2b-3c4d-5e6f-7081-92a3b4c5d6e7"},
		{"uuid/upper", KindUUID, "2B1A4D56-4D3C-6F5E-7081-92A3B4C5D6E7"},
		{"mac/canonical", KindMAC, "3c:5a:b4:10:20:30"},
		{"mac/upper", KindMAC, "3C-5A-B4-10-20-30"},
		{"mac/dock", KindMAC, "9c:eb:e8:01:02:03"},
		{"imei/canonical", KindIMEI, "352099001761481"},
		{"imei/spaces", KindIMEI, "35 209900 176148 1"},
		{"name/plain", KindName, "LG-TAB-044"},
		{"name/lower", KindName, "lg-tab-044"},
		{"model/plain", KindModel, "iPad13,18"},
		{"tag/plain", KindAssetTag, "INV-0042"},
	}
	for _, bench := range benchmarks {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Read(bench.kind, bench.raw, full)
			}
		})
	}
}

func BenchmarkDataRules(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Standard().Rules(); err != nil {
			b.Fatal(err)
		}
	}
}
