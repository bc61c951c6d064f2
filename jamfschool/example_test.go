package jamfschool_test

import (
	"context"
	"fmt"
	"log"

	"github.com/mdmlink/mdmlink/jamfschool"
	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func Example() {
	server := jamfschooltest.NewServer(fleet.New(fleet.Options{})) // in place of a real tenant
	defer server.Close()

	client, err := jamfschool.New(jamfschool.Config{
		Domain:    server.URL, // a real one is "school.jamfcloud.com"
		NetworkID: server.NetworkID,
		Key:       mdm.NewSecret(server.Key),
	})
	if err != nil {
		log.Fatal(err)
	}
	ipads := 0
	for device, err := range client.Devices(context.Background(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		if device.Record().Class == mdm.ClassTablet {
			ipads++
		}
	}
	fmt.Println(ipads > 100)
	// Output: true
}

func ExampleSource_Check() {
	server := jamfschooltest.NewServer(nil)
	defer server.Close()
	server.SetRights(server.Key, jamfschooltest.Read)

	client, err := jamfschool.New(jamfschool.Config{Domain: server.URL, NetworkID: server.NetworkID, Key: mdm.NewSecret(server.Key)})
	if err != nil {
		log.Fatal(err)
	}
	for step := range client.Source().Check(context.Background()) {
		fmt.Println(step.Name, step.Result)
	}
	// Output:
	// reach passed
	// product passed
	// authenticate passed
	// permission:list passed
	// permission:command note
	// tenant passed
	// sample passed
}
