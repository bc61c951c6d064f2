package fleet_test

import (
	"fmt"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func ExampleNew() {
	d := fleet.New(fleet.Options{})
	fmt.Println(len(d.Schools), "schools,", len(d.Stock), "devices in stock")
	for _, f := range []fleet.Flaw{fleet.ReEnrolled, fleet.Twin, fleet.JunkSerial} {
		fmt.Printf("%s: %d\n", f, d.Count(f))
	}
	// Output:
	// 4 schools, 13 devices in stock
	// re-enrolled: 12
	// twin: 10
	// junk serial: 5
}
