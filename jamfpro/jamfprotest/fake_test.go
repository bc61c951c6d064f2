package jamfprotest_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func TestServer(t *testing.T) {
	srv := jamfprotest.NewServer(small())
	defer srv.Close()
	resp, err := http.Get(srv.URL + "/api/v1/health-check")
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, 204, resp.StatusCode)
	assert.Equal(t, 1, srv.Count("GET", "/api/v1/health-check"))
	assert.Equal(t, 204, srv.Requests()[0].Status)
}

func TestPatchComputer(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	g := c.send("PATCH", patchMac, `{"general":{"assetTag":"INV-1","barcode1":"B1","siteId":"2"},
		"userAndLocation":{"username":"x","realname":"X Y","email":"x@school.example","buildingId":"3","departmentId":"-1"},
		"purchasing":{"poNumber":"PO","poDate":"2026-02-03","lifeExpectancy":4,"leased":true},
		"hardware":{"extensionAttributes":[{"definitionId":"6","values":["new dock"]}]},
		"extensionAttributes":[{"definitionId":"12","values":["Cart 2"]}]}`)
	require.Equal(t, 204, g.status, g.body)
	assert.Empty(t, g.body)
	all := decode[map[string]any](t, c.get(patchMac))
	section := func(name string) map[string]any { return all[name].(map[string]any) }
	assert.Equal(t, "INV-1", section("general")["assetTag"])
	assert.Equal(t, map[string]any{"id": "2", "name": "Second school"}, section("general")["site"])
	assert.Equal(t, "X Y", section("userAndLocation")["realname"])
	assert.Nil(t, section("userAndLocation")["departmentId"])
	assert.Equal(t, "2026-02-03", section("purchasing")["poDate"])
	assert.Equal(t, []any{"Cart 2"}, all["extensionAttributes"].([]any)[0].(map[string]any)["values"])
	assert.Equal(t, []any{"new dock"}, section("hardware")["extensionAttributes"].([]any)[0].(map[string]any)["values"])

	c.send("PATCH", patchMac, `{"general":{"assetTag":""},"purchasing":{"poDate":""}}`)
	all = decode[map[string]any](t, c.get(patchMac))
	assert.Nil(t, section("general")["assetTag"])
	assert.Nil(t, section("purchasing")["poDate"])
	assert.Equal(t, 404, c.send("PATCH", "/api/v4/computers-inventory-detail/999", `{"udid":"x"}`).status)
	assert.Empty(t, f.Violations())
}

func TestLookups(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	assert.Equal(t, []any{"Main building", "Second school"}, c.page("/api/v1/buildings").column("name"))
	assert.Equal(t, []any{"1", "2", "3"}, c.page("/api/v1/departments?sort=id:asc").column("id"))
	assert.Len(t, decode[[]any](t, c.get("/api/v1/sites")), 2)
	groups := decode[[]map[string]any](t, c.get("/api/v1/computer-groups"))
	assert.Equal(t, "1", groups[0]["id"])
	assert.Equal(t, 1.0, decode[[]map[string]any](t, c.get("/api/v2/mobile-device-groups"))[0]["id"])
	assert.JSONEq(t, `{"members":[41]}`, c.get("/api/v3/computer-groups/smart-group-membership/1").body)
	assert.Equal(t, []any{"8", "10"}, c.page("/api/v2/mobile-device-groups/smart-group-membership/1").column("mobileDeviceId"))
	assert.Equal(t, 404, c.get("/api/v2/mobile-device-groups/static-group-membership/1").status)
	for _, path := range []string{
		"/api/v2/computer-groups/smart-groups", "/api/v3/computer-groups/static-groups", "/api/v1/mobile-device-groups/smart-groups",
		"/api/v2/mobile-device-groups/static-groups", "/api/v1/groups", "/api/v1/health-status", "/api/v2/jamf-pro-information",
		"/api/v1/time-zones", "/api/v1/api-role-privileges",
	} {
		assert.Equal(t, 200, c.get(path).status, path)
	}
	assert.Empty(t, f.Violations())
}

func TestEnrolment(t *testing.T) {
	f := jamfprotest.New(nil)
	c := newCaller(t, f)
	f.SetTokenExpiry(time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC))
	expires := func() any {
		return decode[map[string]any](t, c.get("/api/v1/device-enrollments/1"))["tokenExpirationDate"]
	}
	assert.Equal(t, "2026-04-01", expires())
	require.Equal(t, 200, c.send("PUT", "/api/v1/device-enrollments/1/upload-token", `{"tokenFileName":"t.p7m","encodedToken":"dG9rZW4="}`).status)
	assert.Equal(t, "2027-03-18", expires())
	f.SetSyncState("CONNECTION_ERROR")
	latest := decode[map[string]any](t, c.get("/api/v1/device-enrollments/1/syncs/latest"))
	assert.Equal(t, "CONNECTION_ERROR", latest["syncState"])
	assert.True(t, strings.HasSuffix(latest["timestamp"].(string), "+0000"))
	p := c.page("/api/v1/device-enrollments/1/devices")
	assert.Greater(t, p.Total, 100)
	assert.Len(t, p.Results, p.Total)
	assert.Equal(t, 404, c.get("/api/v1/device-enrollments/2/devices").status)
	assert.Empty(t, f.Violations())
}

// TestParallel counts requests that overlap.
func TestParallel(t *testing.T) {
	f := jamfprotest.New(small())
	f.Faults().Slow(50 * time.Millisecond)
	client := f.Client()
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			r, _ := http.NewRequest("GET", "https://school.example/api/v1/health-check", nil)
			r.Header.Set("Accept", "application/json")
			if resp, err := client.Do(r); assert.NoError(t, err) {
				resp.Body.Close()
			}
		})
	}
	wg.Wait()
	assert.Equal(t, 6, f.Parallel())
	require.Len(t, f.Violations(), 1)
	assert.Contains(t, f.Violations()[0], "request number 6")
	f.Forget()
	assert.Zero(t, f.Parallel())
}

// TestTimeGoesOn lets a token expire by waiting.
func TestTimeGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := jamfprotest.New(small())
		c := newCaller(t, f)
		time.Sleep(59 * time.Second)
		assert.Equal(t, 200, c.get("/api/v1/sites").status)
		time.Sleep(time.Second)
		assert.Equal(t, 401, c.get("/api/v1/sites").status)
		assert.Equal(t, small().Now.Add(time.Minute), f.Now())
	})
}

// TestManyAtOnce is for the race detector.
func TestManyAtOnce(t *testing.T) {
	f := jamfprotest.New(fleet.New(fleet.Options{Devices: 60}))
	token := newCaller(t, f).token
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for _, path := range []string{computers + "?section=APPLICATIONS&section=GENERAL", details + "?section=GENERAL&section=GROUPS", "/api/v2/groups"} {
				r, _ := http.NewRequest("GET", "https://school.example"+path, nil)
				r.Header.Set("Authorization", "Bearer "+token)
				r.Header.Set("Accept", "application/json")
				resp, err := f.Client().Do(r)
				if !assert.NoError(t, err) {
					return
				}
				if worker%2 == 0 {
					f.Remove(jamfprotest.Mobile, f.IDs(jamfprotest.Mobile)[0])
					f.Settle()
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				assert.Equal(t, 200, resp.StatusCode)
			}
		})
	}
	wg.Wait()
	assert.Empty(t, f.Violations())
}

func TestKinds(t *testing.T) {
	assert.Equal(t, "computer mobile unknown", jamfprotest.Computer.String()+" "+jamfprotest.Mobile.String()+" "+jamfprotest.Kind(9).String())
	f := jamfprotest.New(small())
	assert.Empty(t, f.ManagementID(jamfprotest.Mobile, "41"))
	assert.Panics(t, func() { f.Add(fleet.Device{Platform: fleet.Windows}) })
	assert.Panics(t, func() { jamfprotest.New(&fleet.District{}).SetBulk(1) })
}
