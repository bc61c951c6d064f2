package abm_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/mdmlink/mdmlink/abm"
	"github.com/mdmlink/mdmlink/mdm"
)

// twoDevices stands in for Apple.
func twoDevices(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/auth/oauth2/token":
		fmt.Fprint(w, `{"access_token":"T","token_type":"Bearer","expires_in":3600}`)
	case "/v1/orgDevices":
		fmt.Fprint(w, `{"data":[
			{"type":"orgDevices","id":"DMPXA7ZZHK21","attributes":{"serialNumber":"DMPXA7ZZHK21","productFamily":"iPad","orderNumber":"W1"}},
			{"type":"orgDevices","id":"C02YA7ZZLV33","attributes":{"serialNumber":"C02YA7ZZLV33","productFamily":"Mac","purchaseSourceType":"MANUALLY_ADDED","orderNumber":"CE-1"}}]}`)
	}
}

func Example() {
	server := httptest.NewServer(http.HandlerFunc(twoDevices)) // in place of Apple
	defer server.Close()
	_, pemFile := newKey()

	client, err := abm.New(abm.Config{
		ClientID: "BUSINESSAPI.3d1c7a52-8f0e-4b6a-9c11-2e5f7a9b0c4d",
		KeyID:    "7b2e9c10-4d5f-4a61-8e77-0c1d2e3f4a5b",
		Key:      mdm.NewSecret(pemFile),
		Address:  server.URL, // leave it out for Apple
	})
	if err != nil {
		log.Fatal(err)
	}
	for device, err := range mdm.Devices(context.Background(), client.Source(), mdm.Query{}) {
		if err != nil {
			log.Fatal(err)
		}
		r := device.Record()
		fmt.Printf("%s: %s, order %q\n", r.Serial, r.Class, r.Purchase.Order)
	}
	// Output:
	// DMPXA7ZZHK21: tablet, order "W1"
	// C02YA7ZZLV33: computer, order ""
}
