package intune_test

import (
	"context"
	"fmt"
	"log"

	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

func Example() {
	fake := intunetest.New(fleet.New(fleet.Options{Windows: 20})) // in place of Microsoft
	client, err := intune.New(intune.Config{
		TenantID:     fake.TenantID, // of the customer
		ClientID:     fake.ClientID, // of the host's app registration
		ClientSecret: mdm.NewSecret(fake.ClientSecret),
		Transport:    transport.Options{Base: fake.Transport()},
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
	fmt.Println(classes[mdm.ClassComputer] > 20, classes[mdm.ClassTablet] > 100)
	// Output: true true
}

func ExampleConsentRequest() {
	request := intune.ConsentRequest{
		ClientID:    "1f0e7c52-93ab-4d18-8c67-2b4a6f1d9035",
		RedirectURI: "https://inventory.example/consent",
		State:       "Zm9vYmFyYmF6cXV4MDEyMzQ1Njc4OTAxMjM", // of intune.NewState, kept with the session
	}
	address, err := request.URL()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(address)
	// Output: https://login.microsoftonline.com/organizations/v2.0/adminconsent?client_id=1f0e7c52-93ab-4d18-8c67-2b4a6f1d9035&redirect_uri=https%3A%2F%2Finventory.example%2Fconsent&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&state=Zm9vYmFyYmF6cXV4MDEyMzQ1Njc4OTAxMjM
}
