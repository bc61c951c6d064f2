package jamfpro_test

import (
	"context"
	"fmt"
	"log"

	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func Example() {
	server := jamfprotest.NewServer(fleet.New(fleet.Options{})) // in place of a real server
	defer server.Close()

	client, err := jamfpro.New(jamfpro.Config{
		Address:      server.URL, // a real one is "school.jamfcloud.com"
		ClientID:     server.ClientID,
		ClientSecret: mdm.NewSecret(server.ClientSecret),
	})
	if err != nil {
		log.Fatal(err)
	}
	classes := map[mdm.Class]int{}
	for page, err := range client.Source().Pages(context.Background(), mdm.Query{}) {
		if err != nil {
			log.Fatal(err)
		}
		for _, device := range page.Devices {
			classes[device.Record().Class]++
		}
	}
	fmt.Println(classes[mdm.ClassComputer] > 10, classes[mdm.ClassTablet] > 100)
	// Output: true true
}

func ExampleSource_Check() {
	server := jamfprotest.NewServer(nil)
	defer server.Close()
	server.SetRights(server.ClientID, "Read Computers")

	client, err := jamfpro.New(jamfpro.Config{Address: server.URL, ClientID: server.ClientID, ClientSecret: mdm.NewSecret(server.ClientSecret)})
	if err != nil {
		log.Fatal(err)
	}
	step, _ := mdm.Summarise(client.Source().Check(context.Background())).Failed()
	fmt.Println(step.Name, mdm.Code(step.Err))
	fmt.Println(step.Advice)
	// Output:
	// permission:list permission_missing
	// Give the API role the privilege Read Mobile Devices under Settings > System > API roles and clients.
}

func ExampleAnd() {
	filter := jamfpro.And(
		jamfpro.Equal("hardware.serialNumber", `C02" or "1`),
		jamfpro.In("general.assetTag", "INV-1", "INV-2"))
	fmt.Println(filter)
	// Output: hardware.serialNumber=="C02\" or \"1";general.assetTag=in=("INV-1","INV-2")
}
