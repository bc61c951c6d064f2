package intunetest_test

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func TestReadsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
		c := newCaller(t, f)
		path := "/v1.0/deviceManagement/managedDevices/" + f.IDs()[0] + "?$select=id"
		for range 2000 {
			require.Equal(t, 200, c.get(path).status)
		}
		time.Sleep(5 * time.Second)
		res := c.get(path)
		code, _ := res.failure(t)
		assert.Equal(t, 429, res.status)
		assert.Equal(t, "TooManyRequests", code)
		assert.Equal(t, "15", res.header.Get("Retry-After"))
		time.Sleep(15 * time.Second)
		assert.Equal(t, 200, c.get(path).status)
		assert.Nil(t, f.Violations())
	})
}

func TestWritesAreLimitedMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := intunetest.New(nil)
		c := newCaller(t, f)
		path := "/v1.0/deviceManagement/managedDevices/" + first(t, f, intunetest.Mac) + "/syncDevice"
		for range 200 {
			require.Equal(t, 204, c.post(path, "").status)
		}
		assert.Equal(t, 429, c.post(path, "").status)
		assert.Equal(t, 200, c.get("/v1.0/deviceManagement/managedDevices?$top=1").status)

		f.SetRights("another-app", "DeviceManagementManagedDevices.PrivilegedOperations.All")
		c2 := &caller{t: t, f: f, header: http.Header{}}
		res := c2.tokenFor(f.TenantID, map[string][]string{"client_id": {"another-app"}, "client_secret": {f.ClientSecret}})
		c2.token = res.object(t)["access_token"].(string)
		for range 199 { // all apps together may do twice as much, what was rejected included
			require.Equal(t, 204, c2.post(path, "").status)
		}
		assert.Equal(t, 429, c2.post(path, "").status)
	})
}

func TestRejectedRequestsCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
		c := newCaller(t, f)
		f.SetLimit(intunetest.LimitDevices, 2, 10*time.Second)
		const path = "/v1.0/deviceManagement/managedDevices?$top=1"
		get := func() int { return c.get(path).status }
		assert.Equal(t, []int{200, 200}, []int{get(), get()})
		for range 3 {
			time.Sleep(4 * time.Second)
			assert.Equal(t, 429, get())
		}
		time.Sleep(10 * time.Second)
		assert.Equal(t, 200, get())
	})
}

func TestSteadyClientIsNeverRejected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
		c := newCaller(t, f)
		f.SetLimit(intunetest.LimitDevices, 100, time.Second)
		for range 500 {
			require.Equal(t, 200, c.get("/v1.0/deviceManagement/managedDevices/"+f.IDs()[0]+"?$select=id").status)
			time.Sleep(10 * time.Millisecond)
		}
	})
}

func TestFormsOfRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
		c := newCaller(t, f)
		for form, want := range map[intunetest.RetryAfter]string{
			intunetest.RetrySeconds: "3", intunetest.RetryFraction: "2.5", intunetest.RetryNone: "",
			intunetest.RetryAbsurd: "90000", intunetest.RetryNegative: "-1",
		} {
			f.SetWire(intunetest.Wire{RetryAfter: form})
			f.SetLimit(intunetest.LimitDevices, 1, 2500*time.Millisecond)
			c.get("/v1.0/deviceManagement/managedDevices?$top=1")
			got := c.get("/v1.0/deviceManagement/managedDevices?$top=1").header.Get("Retry-After")
			if form == intunetest.RetryFraction {
				n, err := strconv.ParseFloat(got, 64)
				require.NoError(t, err)
				assert.Equal(t, 2.5, n)
				continue
			}
			assert.Equal(t, want, got)
		}
		f.SetWire(intunetest.Wire{RetryAfter: intunetest.RetryDate})
		f.SetLimit(intunetest.LimitDevices, 1, 10*time.Second)
		c.get("/v1.0/deviceManagement/managedDevices?$top=1")
		at, err := http.ParseTime(c.get("/v1.0/deviceManagement/managedDevices?$top=1").header.Get("Retry-After"))
		require.NoError(t, err)
		assert.True(t, at.After(f.Now().Add(9*time.Second)))
	})
}

func TestEachRequestOfABatchCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := intunetest.New(nil)
		c := newCaller(t, f)
		f.SetLimit(intunetest.LimitDevices, 5, 10*time.Second)
		statuses := map[int]int{}
		for _, a := range c.batch(c.details(8)...) {
			statuses[a.Status]++
			if a.Status == 429 {
				assert.Equal(t, "10", a.Headers["Retry-After"])
			}
		}
		assert.Equal(t, map[int]int{200: 5, 429: 3}, statuses)
	})
}

func TestAppsOfDevicesAreLimitedWithoutRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := intunetest.New(nil)
		c := newCaller(t, f)
		f.SetLimit(intunetest.LimitDeviceApps, 1, 10*time.Second)
		path := "/beta/deviceManagement/managedDevices/" + f.IDs()[0] + "/detectedApps"
		assert.Equal(t, 200, c.get(path).status)
		res := c.get(path)
		assert.Equal(t, 429, res.status)
		assert.Empty(t, res.header.Get("Retry-After"))
		assert.Equal(t, 200, c.get("/beta/deviceManagement/detectedApps").status)
	})
}

func TestFaultsWorkWithoutASocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
		c := newCaller(t, f)
		f.Faults().FailNext(1, 504, nil)
		assert.Equal(t, 504, c.get("/v1.0/deviceManagement/managedDevices").status)
		assert.Equal(t, 200, c.get("/v1.0/deviceManagement/managedDevices").status)
	})
}
