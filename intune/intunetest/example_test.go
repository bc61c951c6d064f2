package intunetest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// A careless request gets its answer, and the fake tells what was wrong.
func ExampleNewServer() {
	srv := intunetest.NewServer(fleet.New(fleet.Options{Devices: 40}))
	defer srv.Close()

	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {srv.ClientID}, "client_secret": {srv.ClientSecret},
		"scope": {"https://graph.microsoft.com/.default"}}
	resp, err := http.PostForm(srv.URL+"/"+srv.TenantID+"/oauth2/v2.0/token", form)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	var token struct {
		Text string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil {
		fmt.Println(err)
		return
	}
	req, err := http.NewRequest(http.MethodGet, srv.URL+"/v1.0/deviceManagement/managedDevices?$orderby=deviceName", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	req.Header.Set("Authorization", "Bearer "+token.Text)
	req.Header.Set("Accept", "application/json")
	list, err := http.DefaultClient.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer list.Body.Close()
	fmt.Println(list.Status)
	for _, v := range srv.Violations() {
		fmt.Println(v)
	}
	// Output:
	// 200 OK
	// GET /v1.0/deviceManagement/managedDevices: $orderby is ignored
}

// Without a socket a client keeps Microsoft's addresses.
func ExampleFake_Transport() {
	f := intunetest.New(fleet.New(fleet.Options{Devices: 40, Clean: true}))
	client := f.Client()
	resp, err := client.Get("https://login.microsoftonline.com/" + f.Domain + "/v2.0/.well-known/openid-configuration")
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()
	list, err := client.Get("https://graph.microsoft.com/v1.0/deviceManagement/managedDevices")
	if err != nil {
		fmt.Println(err)
		return
	}
	list.Body.Close()
	fmt.Println(resp.Status)
	fmt.Println(list.Status)
	// Output:
	// 200 OK
	// 401 Unauthorized
}
