package adetest_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// TestDistrict holds the devices of the standard district against what Apple
// would know of them.
func TestDistrict(t *testing.T) {
	d := fleet.New(fleet.Options{Windows: 5, Android: 5})
	f := adetest.New(d)
	mine := map[string]bool{}
	for _, serial := range f.Main.Serials() {
		mine[serial] = true
	}
	statuses := map[string]int{}
	for _, dev := range d.Devices {
		owned := dev.Apple() && dev.Enrolment == fleet.Automated && !dev.Has(fleet.JunkSerial)
		assert.Equal(t, owned, mine[strings.ToUpper(dev.Serial)], "%+v", dev)
	}
	assert.NotEmpty(t, d.Stock)
	for _, dev := range d.Stock {
		assert.True(t, mine[strings.ToUpper(dev.Serial)], dev.Serial)
		stock, _ := f.Device(strings.ToUpper(dev.Serial))
		assert.NotEqual(t, "pushed", stock.Status)
		assert.NotEmpty(t, stock.Family, "%+v", dev)
	}
	for serial := range mine {
		dev, _ := f.Device(serial)
		statuses[dev.Status]++
		assert.NotEmpty(t, dev.OS)
		assert.NotEmpty(t, dev.Model)
		assert.False(t, dev.Assigned.IsZero())
		assert.False(t, dev.Assigned.After(f.Now()))
	}
	for _, status := range []string{"empty", "assigned", "pushed"} {
		assert.NotZero(t, statuses[status], status)
	}
	assert.Equal(t, f.Main.Serials(), adetest.New(d).Main.Serials(), "again the same")
}

// TestManyCallers is for the race detector.
func TestManyCallers(t *testing.T) {
	f := adetest.New(small())
	f.SetSessions(adetest.Sessions{Rotate: 3})
	var wg sync.WaitGroup
	for i := range 8 {
		c := newCaller(t, f)
		wg.Go(func() {
			for range 10 {
				cursor := c.page("/server/devices", "{}").Cursor
				f.Add(f.Main, adetest.Device{Serial: fmt.Sprintf("DMPNEW%06d", i)})
				f.Edit(mac, func(d *adetest.Device) { d.AssetTag += "x" })
				c.page("/devices/sync", follow(5, cursor))
				f.Settle()
			}
		})
	}
	wg.Wait()
	assert.Len(t, f.Main.Serials(), 11)
	assert.Empty(t, f.Violations())
}

func TestBatches(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	list := func(n int) string { return `["` + strings.Repeat(mac+`","`, n-1) + mac + `"]` }
	assert.Equal(t, 200, c.post("/devices", `{"devices":`+list(5000)+`}`).status)
	c.clean()
	f.SetPaging(adetest.Paging{Default: 1, Fetch: 1, Sync: 1, Batch: 2})
	const want = "400 MALFORMED_REQUEST_BODY"
	assert.Equal(t, want, c.code("POST", "/devices", `{"devices":`+list(3)+`}`))
	assert.Equal(t, want, c.code("POST", "/devices/disown", `{"devices":`+list(3)+`}`))
	assert.Equal(t, want, c.code("DELETE", "/profile/devices", `{"devices":`+list(3)+`}`))
	assert.Equal(t, want, c.code("PUT", "/profile/devices", `{"profile_uuid":"`+f.Main.Profiles()[0]+`","devices":`+list(3)+`}`))
	assert.Equal(t, want, c.code("POST", "/profile", `{"profile_name":"x","url":"https://a.example","devices":`+list(3)+`}`))
	assert.Len(t, f.Violations(), 5)
	f.SetWire(adetest.Wire{OmitStatusOfBad: true})
	assert.JSONEq(t, `{"devices":{"`+mac+`":"SUCCESS"}}`, c.send("DELETE", "/profile/devices", `{"devices":["`+mac+`","C02ZZ9999999"]}`).body)
}
