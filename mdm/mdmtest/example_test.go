package mdmtest_test

import (
	"context"
	"fmt"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

// A host tests its own code with a source in memory that also takes commands.
func ExampleMemory() {
	type source struct {
		*mdmtest.Memory
		*mdmtest.Commands
	}
	origin := mdm.Origin{Kind: "example", Address: "https://mdm.example.com"}
	src := source{
		mdmtest.NewMemory(mdm.Info{Origin: origin, Role: mdm.RoleManages},
			mdm.Record{ID: "1", Model: "iPad"}, mdm.Record{ID: "2", Model: "MacBook Air"}),
		&mdmtest.Commands{Origin: origin},
	}
	ctx := context.Background()
	for d, err := range mdm.Devices(ctx, src, mdm.Query{}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(d.Record())
	}
	d, _ := src.Device(ctx, "2")
	receipt, _ := src.Send(ctx, d.Record(), mdm.Restart{})
	fmt.Println(receipt)
	// Output:
	// example https://mdm.example.com device 1 (iPad)
	// example https://mdm.example.com device 2 (MacBook Air)
	// restart requested for device 2
}

// A contract can be checked outside of a test, too.
func ExampleCheck() {
	info := mdm.Info{Origin: mdm.Origin{Kind: "example"}, Role: mdm.RoleManages}
	open := func() mdm.Source {
		m := mdmtest.NewMemory(info, mdm.Record{ID: "1"}, mdm.Record{ID: "2"}, mdm.Record{ID: "3"})
		m.SetPageSize(2)
		return m
	}
	for _, violation := range mdmtest.Check(context.Background(), open, mdmtest.Options{Devices: 4}) {
		fmt.Println(violation)
	}
	// Output:
	// end: a listing of 3 devices calls itself complete, but there are 4
}
