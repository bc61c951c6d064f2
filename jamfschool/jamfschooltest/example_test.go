package jamfschooltest_test

import (
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// A careless request gets its answer, and the fake tells what was wrong.
func ExampleNewServer() {
	srv := jamfschooltest.NewServer(fleet.New(fleet.Options{Devices: 40}))
	defer srv.Close()

	req, _ := http.NewRequest("GET", srv.URL+"/api/locations", nil)
	req.SetBasicAuth(srv.NetworkID, srv.Key)
	req.Header.Set("X-Server-Protocol-Version", "3")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)

	fmt.Println(resp.Status)
	for _, v := range srv.Violations() {
		fmt.Println(v)
	}
	// Output:
	// 200 OK
	// GET /locations: Accept does not ask for application/json
}

// A district with Windows PCs: this server lists the Apple devices only.
func ExampleNew() {
	d := fleet.New(fleet.Options{Devices: 40, Windows: 10, Clean: true})
	f := jamfschooltest.New(d)
	req, _ := http.NewRequest("GET", "https://school.example/api/devices?model=LB14-G2", nil)
	req.SetBasicAuth(f.NetworkID, f.Key)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-Server-Protocol-Version", "3")
	resp, err := f.Client().Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	io.Copy(os.Stdout, resp.Body)
	// Output:
	// {"code":200,"count":0,"devices":[]}
}
