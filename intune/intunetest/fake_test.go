package intunetest_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func TestFakeListsAllDevicesPageByPage(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	seen := map[string]bool{}
	pages := 0
	for link := "/v1.0/deviceManagement/managedDevices?$top=50&$select=id,deviceName"; link != ""; pages++ {
		res := c.get(link)
		for _, d := range res.values(t) {
			assert.Len(t, d, 2)
			assert.False(t, seen[d["id"].(string)])
			seen[d["id"].(string)] = true
		}
		link = res.next(t)
	}
	assert.Len(t, seen, len(f.IDs()))
	assert.Equal(t, (len(seen)+49)/50, pages)
	assert.Nil(t, f.Violations())
}

func TestFakeSelectsAndActs(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	id := first(t, f, intunetest.Mac)
	one := c.get("/v1.0/deviceManagement/managedDevices/" + id + "?$select=id,udid").object(t)
	assert.Equal(t, id, one["id"])
	assert.NotEmpty(t, one["udid"])

	res := c.post("/v1.0/deviceManagement/managedDevices/"+id+"/remoteLock", "")
	assert.Equal(t, 204, res.status)
	assert.Empty(t, res.body)
	assert.Equal(t, 1, f.Settle())
	results := c.get("/v1.0/deviceManagement/managedDevices('" + id + "')").object(t)["deviceActionResults"].([]any)
	require.Len(t, results, 1)
	assert.Equal(t, "done", results[0].(map[string]any)["actionState"])
	assert.Regexp(t, `^\d{6}$`, results[0].(map[string]any)["unlockPin"])
	assert.Nil(t, f.Violations())
}

func TestFakeListensOnAPort(t *testing.T) {
	srv := intunetest.NewServer(fleet.New(fleet.Options{Devices: 40}))
	defer srv.Close()
	c := &caller{t: t, f: srv.Fake}
	form := url.Values{"client_id": {srv.ClientID}, "client_secret": {srv.ClientSecret}, "scope": {srv.URL + "/.default"}, "grant_type": {"client_credentials"}}
	r := request(t, "POST", srv.URL+"/"+srv.Domain+"/oauth2/v2.0/token", form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res := overWire(t, r)
	require.Equal(t, 200, res.status, res.body)

	r = request(t, "GET", srv.URL+"/beta/deviceManagement/managedDevices?$top=10", "")
	r.Header.Set("Authorization", "Bearer "+res.object(t)["access_token"].(string))
	r.Header.Set("Accept", "application/json")
	page := overWire(t, r)
	assert.Len(t, page.values(t), 10)
	assert.True(t, strings.HasPrefix(page.next(t), srv.URL+"/beta/"), page.next(t))
	assert.Equal(t, 1, srv.Count("GET", "/beta/deviceManagement/managedDevices"))
	assert.Nil(t, c.f.Violations())
}

func TestFakeKeepsTheOrderOfTheDistrict(t *testing.T) {
	d := fleet.New(fleet.Options{Windows: 5, Android: 5, Clean: true})
	f := intunetest.New(d)
	c := newCaller(t, f)
	ids := f.IDs()
	require.Len(t, ids, len(d.Devices))
	for i := 0; i < len(ids); i += 37 {
		one := c.get("/v1.0/deviceManagement/managedDevices/" + ids[i]).object(t)
		if f.Kind(ids[i]) != intunetest.AndroidPersonal {
			assert.Equal(t, d.Devices[i].Serial, one["serialNumber"])
		}
		assert.Equal(t, d.Devices[i].Name, one["deviceName"])
	}
}

// first is the id of the first device of a kind.
func first(t *testing.T, f *intunetest.Fake, k intunetest.Kind) string {
	t.Helper()
	for _, id := range f.IDs() {
		if f.Kind(id) == k {
			return id
		}
	}
	require.FailNow(t, fmt.Sprintf("the fleet has no device of kind %d", k))
	return ""
}
