package relution_test

import (
	"context"
	"fmt"
	"log"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

func Example() {
	server := relutiontest.NewServer(fleet.New(fleet.Options{})) // in place of a real server
	defer server.Close()

	client, err := relution.New(relution.Config{
		Address: server.URL, // a real one is "relution.example.de"
		Tenant:  server.Tenant,
		Token:   mdm.NewSecret(server.Token),
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
	server := relutiontest.NewServer(nil)
	defer server.Close()

	client, err := relution.New(relution.Config{Address: server.URL, Token: mdm.NewSecret(server.Token),
		Tenant: "4C8E6B21-88D3-4F72-A01C-7B2E1D3F5A99"})
	if err != nil {
		log.Fatal(err)
	}
	step, _ := mdm.Summarise(client.Source().Check(context.Background())).Failed()
	fmt.Println(step.Name, mdm.Code(step.Err))
	// Output: tenant wrong_tenant
}

func ExampleTenantOf() {
	fmt.Println(relution.TenantOf("https://relution.example.de/#/devices/inventory?page=0&tenantOrganizationUuid=3b9d5a10-77c2-4e61-9f0b-6a1d0c2e4f88"))
	// Output: 3B9D5A10-77C2-4E61-9F0B-6A1D0C2E4F88
}
