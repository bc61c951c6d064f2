package adetest_test

import (
	"fmt"
	"io"
	"net/http"

	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// A careless request gets its answer, and the fake tells what was wrong.
func ExampleNewServer() {
	srv := adetest.NewServer(fleet.New(fleet.Options{Devices: 40}))
	defer srv.Close()

	req, _ := http.NewRequest("POST", srv.URL+"/server/devices", nil)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json;charset=UTF8")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	code, _ := io.ReadAll(resp.Body)

	fmt.Println(resp.Status, string(code))
	for _, v := range srv.Violations() {
		fmt.Println(v)
	}
	// Output:
	// 401 Unauthorized UNAUTHORIZED
	// POST /server/devices: Accept is "application/json", not "application/json;charset=UTF8"
	// POST /server/devices: no session token
}

// Two server entries, and a device that a person in the portal moves from one
// to the other.
func ExampleFake_Assign() {
	f := adetest.New(fleet.New(fleet.Options{Devices: 40, Clean: true}))
	library := f.AddEntry("Library")
	all := f.Main.Serials()
	f.Assign(library, all[0])
	fmt.Println(len(all)-len(f.Main.Serials()), len(library.Serials()))
	// Output: 1 1
}
