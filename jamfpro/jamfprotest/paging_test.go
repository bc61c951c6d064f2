package jamfprotest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

const (
	computers = "/api/v4/computers-inventory"
	details   = "/api/v2/mobile-devices/detail"
)

// TestWholeDistrict reads everything, page by page.
func TestWholeDistrict(t *testing.T) {
	d := fleet.New(fleet.Options{Windows: 5, Android: 5})
	f := jamfprotest.New(d)
	c := newCaller(t, f)
	serials := map[any]int{}
	n := 0
	for path, sort := range map[string]string{computers: "id:asc", details: "mobileDeviceId:asc"} {
		for number := 0; ; number++ {
			p := c.page(query(path, "page", fmt.Sprint(number), "page-size", "50", "sort", sort, "section", "GENERAL", "section", "HARDWARE"))
			if len(p.Results) == 0 {
				break
			}
			for _, r := range p.Results {
				serials[r["hardware"].(map[string]any)["serialNumber"]]++
				n++
			}
		}
	}
	apple := 0
	for i := range d.Devices {
		if d.Devices[i].Apple() {
			apple++
			assert.NotZero(t, serials[d.Devices[i].Serial], d.Devices[i].Serial)
		}
	}
	assert.Equal(t, apple, n)
	assert.Equal(t, len(f.IDs(jamfprotest.Computer))+len(f.IDs(jamfprotest.Mobile)), n)
	assert.Empty(t, f.Violations())
}

func TestOffsetsShift(t *testing.T) {
	f := jamfprotest.New(nil)
	c := newCaller(t, f)
	ids := f.IDs(jamfprotest.Computer)
	f.Before(func(r *http.Request) {
		if r.URL.Query().Get("page") == "1" {
			assert.Equal(t, 1, f.Remove(jamfprotest.Computer, ids[3], "nonsense", "999999"))
		}
	})
	at := func(page int) page {
		return c.page(query(computers, "page", fmt.Sprint(page), "page-size", "10", "sort", "id:asc"))
	}
	first, second := at(0), at(1)
	assert.Equal(t, ids[9], first.Results[9]["id"])
	assert.Equal(t, ids[11], second.Results[0]["id"], "number ten moved to a page that was read already")
	assert.Equal(t, first.Total-1, second.Total)
	f.Before(nil)

	kind, id := f.Add(fleet.New(fleet.Options{Seed: 9, Mix: fleet.Mix{IMac: 1}, Devices: 1, Clean: true}).Devices[0])
	assert.Equal(t, jamfprotest.Computer, kind)
	all := f.IDs(kind)
	assert.Equal(t, id, all[len(all)-1])
	assert.Equal(t, 204, c.send("DELETE", computers+"/"+id, "").status)
	assert.Equal(t, 404, c.get(computers+"/"+id).status)
	assert.Equal(t, []any{}, c.page(computers+"?page=99").column("id"), "past the end")
	assert.Empty(t, f.Violations())
}

func TestSorting(t *testing.T) {
	f := jamfprotest.New(nil)
	c := newCaller(t, f)
	byName := c.page(computers + "?page-size=200").Results
	byDefault := c.page(computers + "?page-size=200&sort=general.name:asc,id:asc").Results
	assert.Equal(t, byName, byDefault)
	down := c.page(computers + "?page-size=200&sort=general.assetTag:desc&sort=id:desc").column("id")
	assert.Len(t, down, len(byName))
	up := c.page("/api/v2/mobile-devices?page-size=300").column("id")
	assert.Equal(t, f.IDs(jamfprotest.Mobile)[0], up[0])
	assert.Empty(t, f.Violations())
}

func TestPageSizes(t *testing.T) {
	f := jamfprotest.New(nil)
	c := newCaller(t, f)
	assert.Len(t, c.page(details).Results, 100)
	f.SetPageLimit(30)
	assert.Len(t, c.page(details+"?page-size=60").Results, 30)
	assert.Equal(t, c.page(details+"?page-size=30&page=1&sort=mobileDeviceId:asc").column("mobileDeviceId"),
		c.page(details+"?page-size=60&page=1&sort=mobileDeviceId:asc").column("mobileDeviceId"))
	f.SetPageLimit(0)
	f.SetRowLimit(50)
	g := c.get(details + "?page-size=51")
	assert.Equal(t, 504, g.status)
	assert.Contains(t, g.header.Get("Content-Type"), "text/html")
	assert.Equal(t, 200, c.get(details+"?page-size=50").status)
	assert.Empty(t, f.Violations())
}

func TestBulk(t *testing.T) {
	f := jamfprotest.New(nil)
	c := newCaller(t, f)
	own := len(f.IDs(jamfprotest.Computer))
	f.SetBulk(100_000)
	p := c.page(query(computers, "sort", "id:asc", "page-size", "10", "section", "HARDWARE", "page", "9999"))
	assert.Equal(t, own+100_000, p.Total)
	assert.Len(t, p.Results, 10)
	g := c.page(query(computers, "filter", `hardware.serialNumber=="BULK00099999"`))
	require.Equal(t, 1, g.Total)
	assert.Equal(t, "1099999", g.Results[0]["id"])
	for _, sections := range []string{"section=GENERAL", "section=GENERAL&section=HARDWARE&section=STORAGE&section=USER_AND_LOCATION"} {
		row := c.page(fmt.Sprintf("%s?sort=id:asc&page-size=1&page=%d&%s", computers, own+777, sections)).Results[0]
		detail := decode[map[string]any](t, c.get(computers+"/1000777?"+sections))
		assert.Equal(t, detail, row)
	}
	assert.Equal(t, 204, c.send("PATCH", "/api/v4/computers-inventory-detail/1000003", `{"general":{"assetTag":"INV-3"}}`).status)
	assert.Contains(t, c.get(computers+"/1000003").body, `"assetTag":"INV-3"`)

	at := own + 3 // its row
	p = c.page(query(computers, "sort", "id:asc", "page-size", "1", "page", fmt.Sprint(at)))
	assert.Equal(t, "INV-3", p.Results[0]["general"].(map[string]any)["assetTag"])
	p = c.page(query(computers, "sort", "id:asc", "page-size", "1", "page", fmt.Sprint(at+1)))
	assert.Equal(t, "1000004", p.Results[0]["id"])

	id := f.ManagementID(jamfprotest.Computer, "1000009")
	assert.Equal(t, 201, c.send("POST", sending, order(id, `{"commandType":"SHUT_DOWN_DEVICE"}`)).status)
	assert.Equal(t, 200, c.send("POST", computers+"/1000009/erase", "").status)
	assert.Len(t, f.Queue(), 2)
	assert.Equal(t, 2, f.Settle())
	assert.Contains(t, c.get(computers+"/1000009").body, `"managed":false`)
	f.SetBulk(0)
	assert.Equal(t, own, c.page(computers+"?page-size=1").Total)
	assert.Empty(t, f.Violations())
}

// TestBulkTakesNoMemory reads pages all over the bulk with five callers.
func TestBulkTakesNoMemory(t *testing.T) {
	f := jamfprotest.New(nil)
	f.SetTokenLife(time.Hour)
	f.SetBulk(100_000)
	token := newCaller(t, f).token
	client := f.Client()
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var wg sync.WaitGroup
	var peak sync.Map
	for worker := range 5 {
		wg.Go(func() {
			for number := worker; number <= 200; number += 20 {
				r, _ := http.NewRequest("GET", "https://school.example"+query(computers, "sort", "id:asc", "page-size", "500",
					"page", fmt.Sprint(number), "section", "GENERAL", "section", "HARDWARE"), nil)
				r.Header.Set("Authorization", "Bearer "+token)
				r.Header.Set("Accept", "application/json")
				resp, err := client.Do(r)
				if !assert.NoError(t, err) {
					return
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				var now runtime.MemStats
				if number%4 == 0 {
					runtime.ReadMemStats(&now)
					peak.Store(number, now.HeapAlloc)
				}
			}
		})
	}
	wg.Wait()
	peak.Range(func(_, heap any) bool {
		assert.Less(t, heap.(uint64), before.HeapAlloc+64<<20)
		return true
	})
	assert.LessOrEqual(t, f.Parallel(), 5)
	assert.Empty(t, f.Violations())
}

func BenchmarkBulkPage(b *testing.B) {
	f := jamfprotest.New(nil)
	f.SetBulk(100_000)
	f.SetTokenLife(24 * time.Hour)
	c := newCaller(b, f)
	path := query(computers, "sort", "id:asc", "page-size", "500", "page", "100", "section", "GENERAL", "section", "HARDWARE")
	for b.Loop() {
		c.get(path)
	}
}

func TestDamage(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	f.SetDamage("10", jamfprotest.Broken)
	assert.Equal(t, 500, c.get(query(details, "section", "GENERAL")).status)
	p := c.page(query(details, "section", "GENERAL", "exception-handling", "LENIENT", "sort", "mobileDeviceId:asc"))
	assert.Nil(t, p.Results[1]["general"])
	assert.Equal(t, "10", p.Results[1]["mobileDeviceId"])
	assert.Equal(t, 200, c.get(query(details, "page-size", "1", "page", "0", "sort", "mobileDeviceId:asc")).status, "another page")
	assert.Equal(t, 400, c.get(query(details, "exception-handling", "lenient")).status)
	f.SetDamage("10", jamfprotest.Intact)
	assert.Equal(t, 200, c.get(details).status)

	f.Plant(jamfprotest.Computer, json.RawMessage(`{"id":77,"general":"oops"}`))
	list := c.page(computers + "?page-size=1")
	assert.Equal(t, 2, list.Total)
	assert.Equal(t, 77.0, list.Results[0]["id"])
	assert.Equal(t, "41", c.page(computers + "?page-size=1&page=1&sort=id:asc").Results[0]["id"])
	f.PlantDetail(jamfprotest.Mobile, "12345", json.RawMessage(`{"id":"12345"}`))
	assert.JSONEq(t, `{"id":"12345"}`, c.get("/api/v2/mobile-devices/12345/detail").body)
}

func TestLimit(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	f.SetLimit(2, time.Minute)
	assert.Equal(t, 200, c.get("/api/v1/sites").status)
	assert.Equal(t, 200, c.get("/api/v1/sites").status)
	g := c.get("/api/v1/sites")
	assert.Equal(t, 429, g.status)
	assert.Equal(t, "60", g.header.Get("Retry-After"))
	f.Advance(time.Minute)
	assert.Equal(t, 401, c.get("/api/v1/sites").status)
	assert.Empty(t, f.Violations())
}

func TestNodesLag(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	f.SetNodes(2, time.Minute)
	f.SetTokenLife(time.Hour)
	c.login()
	tag := func(cookie string) string {
		c.prepare = func(r *http.Request) {
			if cookie != "" {
				r.Header.Set("Cookie", cookie)
			}
		}
		return decode[map[string]any](t, c.get(computers+"/41"))["general"].(map[string]any)["assetTag"].(string)
	}
	c.prepare = func(r *http.Request) { r.Header.Set("Cookie", "jpro-ingress=node-1") }
	require.Equal(t, 204, c.send("PATCH", "/api/v4/computers-inventory-detail/41", `{"general":{"assetTag":"NEW"}}`).status)
	assert.Equal(t, "NEW", tag("jpro-ingress=node-1"))
	assert.Equal(t, "INV-00417", tag("jpro-ingress=node-0"))
	assert.NotEqual(t, tag(""), tag(""), "in turn")
	f.Advance(time.Minute)
	assert.Equal(t, "NEW", tag("jpro-ingress=node-0"))
	c.prepare = func(*http.Request) {}
	assert.Contains(t, c.get("/api/v1/sites").header.Get("Set-Cookie"), "jpro-ingress=node-")
	assert.Empty(t, f.Violations())
}
