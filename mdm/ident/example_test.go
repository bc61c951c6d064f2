package ident_test

import (
	"fmt"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

func ExampleRules_Serial() {
	rules := ident.Default()
	for _, raw := range []string{" c02zx90aklmn", "SC02ZX90AKLMN", "To be filled by O.E.M.", "A12", ""} {
		id := rules.Serial(raw, ident.Hints{})
		fmt.Printf("%q %q %s %v\n", id.Key, id.Folded, id.Quality, id.Reasons.Codes())
	}
	// Output:
	// "C02ZX90AKLMN" "C02ZX90AKLMN" strong []
	// "SC02ZX90AKLMN" "C02ZX90AKLMN" strong []
	// "" "" junk [placeholder]
	// "A12" "A12" weak [short]
	// "" "" absent []
}

func ExampleData_With() {
	host, err := ident.Parse([]byte(`{
		"version": "school-17/3",
		"macs":  [{"values": ["3c:5a:b4:10:20:30"], "quality": "weak", "reasons": ["dock"], "why": "dock on the trolley"}],
		"allow": {"serials": [{"values": ["SN-12345"], "why": "a real one, we looked"}]}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	rules, err := ident.Standard().With(host).Rules()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(rules.Version())
	fmt.Println(rules.MAC("3C-5A-B4-10-20-30").Quality)
	fmt.Println(rules.Serial("SN-12345", ident.Hints{}).Quality)
	// Output:
	// 2026-11/1+school-17/3
	// weak
	// strong
}
