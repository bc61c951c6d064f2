package jamfprotest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// A careless request gets its answer, and the fake tells what was wrong.
func ExampleNewServer() {
	srv := jamfprotest.NewServer(fleet.New(fleet.Options{Devices: 40}))
	defer srv.Close()

	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {srv.ClientID}, "client_secret": {srv.ClientSecret}}
	resp, err := http.PostForm(srv.URL+"/api/oauth/token", form)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	var token struct {
		Text    string `json:"access_token"`
		Expires int    `json:"expires_in"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&token); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Status, token.Expires)
	for _, v := range srv.Violations() {
		fmt.Println(v)
	}
	// Output:
	// 200 OK 59
	// POST /api/oauth/token: Accept does not ask for application/json
}

// A device that vanishes between two pages makes another one be skipped.
func ExampleFake_Before() {
	f := jamfprotest.New(fleet.New(fleet.Options{Devices: 40, Clean: true}))
	ids := f.IDs(jamfprotest.Mobile)
	f.Before(func(r *http.Request) {
		if r.URL.Query().Get("page") == "1" {
			f.Remove(jamfprotest.Mobile, ids[0])
		}
	})
	get := func(path, token string) map[string]any {
		r, _ := http.NewRequest("GET", "https://school.example/api"+path, nil)
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		resp, err := f.Client().Do(r)
		if err != nil {
			return nil
		}
		defer resp.Body.Close()
		var body map[string]any
		json.NewDecoder(resp.Body).Decode(&body)
		return body
	}
	token := userToken(f)
	for page := range 2 {
		body := get(fmt.Sprintf("/v2/mobile-devices?sort=id:asc&page-size=2&page=%d", page), token)
		for _, d := range body["results"].([]any) {
			at := slices.Index(ids, d.(map[string]any)["id"].(string))
			fmt.Println("page", page, "device", at)
		}
	}
	// Output:
	// page 0 device 0
	// page 0 device 1
	// page 1 device 3
	// page 1 device 4
}

// userToken asks for the token of the user.
func userToken(f *jamfprotest.Fake) string {
	r, _ := http.NewRequest("POST", "https://school.example/api/v1/auth/token", nil)
	r.SetBasicAuth(f.Username, f.Password)
	r.Header.Set("Accept", "application/json")
	resp, err := f.Client().Do(r)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	var token struct{ Token string }
	json.NewDecoder(resp.Body).Decode(&token)
	return token.Token
}
