package relutiontest_test

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"strings"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

// A fake stands for a server of the release that a school has.
func ExampleNewServer() {
	srv := relutiontest.NewServer(fleet.New(fleet.Options{Devices: 40}))
	defer srv.Close()
	srv.SetVersion("26.1.1")

	address := srv.URL + "/api/management/v2/devices/baseInfo/query?tenantOrganizationUuid=" + srv.Tenant
	req, err := http.NewRequest("POST", address, strings.NewReader(`{"limit":1,"getItems":true,"getNonpagedCount":true}`))
	if err != nil {
		log.Fatal(err)
	}
	req.Header.Set("X-User-Access-Token", srv.Token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct {
		Status string
		Total  int
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Status, answer.Total, len(srv.Violations()))
	// Output: 0 39 0
}

// What the API does not allow is noted.
func ExampleFake() {
	f := relutiontest.New(fleet.New(fleet.Options{Devices: 40}))
	req, err := http.NewRequest("GET", "https://relution.example/api/management/v1/devices?page=2", nil)
	if err != nil {
		log.Fatal(err)
	}
	req.Header.Set("X-User-Access-Token", f.Token)
	resp, err := f.Client().Do(req)
	if err != nil {
		log.Fatal(err)
	}
	resp.Body.Close()
	fmt.Println(resp.StatusCode)
	fmt.Println(strings.Join(f.Violations(), "\n"))
	// Output:
	// 400
	// GET /api/management/v1/devices: unknown parameter "page"
}
