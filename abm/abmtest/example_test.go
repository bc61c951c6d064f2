package abmtest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/mdmlink/mdmlink/abm/abmtest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// A careless request gets its answer, and the fake tells what was wrong.
func ExampleNewServer() {
	srv := abmtest.NewServer(fleet.New(fleet.Options{Devices: 40}))
	defer srv.Close()

	key := srv.Key()
	assertion := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{
		"iss": srv.ClientID, "sub": srv.ClientID, "aud": "https://account.apple.com/auth/oauth2/v2/token",
		"iat": time.Now().Unix(), "exp": time.Now().Add(15 * time.Minute).Unix(), "jti": "1",
	})
	assertion.Header["kid"] = key.ID
	signed, err := assertion.SignedString(key.Private())
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := http.PostForm(srv.URL+"/auth/oauth2/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {srv.ClientID}, "scope": {"business.api"}, "client_assertion": {signed},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	})
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
	fmt.Println(resp.Status)

	r, _ := http.NewRequest("GET", srv.URL+"/v1/orgDevices", nil)
	r.Header.Set("Authorization", "Bearer "+token.Text)
	if resp, err = http.DefaultClient.Do(r); err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(resp.Status)
	for _, v := range srv.Violations() {
		fmt.Println(v)
	}
	// Output:
	// 200 OK
	// 406 Not Acceptable
	// GET /v1/orgDevices: Accept does not ask for application/json
}
