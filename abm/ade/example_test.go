package ade_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

// twoDevices stands in for Apple.
func twoDevices(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/session":
		fmt.Fprint(w, `{"auth_session_token":"S"}`)
	case "/account":
		fmt.Fprint(w, `{"server_name":"Inventory Sync","server_uuid":"4F1C2B7A90DE43B8A6E5D4C3B2A19087"}`)
	case "/server/devices":
		fmt.Fprint(w, `{"cursor":"C1","more_to_follow":false,"devices":[
			{"serial_number":"DMPXQ1ZZHK5N","model":"iPad (9th generation)","profile_status":"pushed"},
			{"serial_number":"FVFYX0ABQ6L4","model":"MacBook Air","profile_status":"empty"}]}`)
	case "/devices/sync":
		fmt.Fprint(w, `{"cursor":"C2","more_to_follow":false,"devices":[
			{"serial_number":"DMPXQ1ZZHK5N","op_type":"deleted","op_date":"2026-02-03T09:20:10Z"}]}`)
	}
}

// A host lists all devices of a server once, and then what changed.
func Example_devices() {
	server := httptest.NewServer(http.HandlerFunc(twoDevices)) // in place of Apple
	defer server.Close()

	client, err := ade.New(ade.Config{
		Token: ade.Token{ // from ade.Open, or from a Registry
			ConsumerKey: mdm.NewSecret("CK_1"), ConsumerSecret: mdm.NewSecret("CS_1"),
			AccessToken: mdm.NewSecret("AT_1"), AccessSecret: mdm.NewSecret("AS_1"),
		},
		Server:  "4F1C2B7A90DE43B8A6E5D4C3B2A19087",
		Address: server.URL, // leave it out for Apple
	})
	if err != nil {
		log.Fatal(err)
	}
	var since mdm.Cursor
	for range 2 {
		for page, err := range client.Source().Pages(context.Background(), mdm.Query{From: since}) {
			if err != nil {
				log.Fatal(err)
			}
			for _, d := range page.Devices {
				r := d.Record()
				fmt.Println(r.Serial, r.Model, r.Custom[ade.CustomProfileStatus])
			}
			for _, id := range page.Removed {
				fmt.Println(id, "left")
			}
			if page.End != nil {
				since = page.End.Since
			}
		}
	}
	// Output:
	// DMPXQ1ZZHK5N iPad (9th generation) pushed
	// FVFYX0ABQ6L4 MacBook Air empty
	// DMPXQ1ZZHK5N left
}
