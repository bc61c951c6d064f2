package abmtest_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/abmtest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func TestPaging(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	p := c.page(devices + "?limit=2")
	assert.Equal(t, []string{padSerial, macSerial}, p.ids())
	assert.EqualValues(t, 5, p.Meta.Paging["total"])
	cursor := p.Meta.Paging["nextCursor"].(string)
	assert.True(t, strings.HasSuffix(cursor, "="), cursor)
	assert.Contains(t, p.Links["next"], "https://api-business.apple.com/v1/orgDevices?cursor=")
	assert.Equal(t, []string{tvSerial, phoneSerial}, c.page(query(devices, "cursor", cursor, "limit", "2")).ids())
	last := c.all(devices + "?limit=2")
	require.Len(t, last, 5)
	assert.Equal(t, 400, c.get(query(servers, "cursor", cursor)).status, "a cursor of another list")
	f.Forget()
	end := c.page(devices)
	assert.NotContains(t, end.Links, "next")
	assert.NotContains(t, end.Meta.Paging, "nextCursor")
	assert.Empty(t, f.Violations())
}

func TestFormsOfPages(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	f.SetWire(abmtest.Wire{EmptyPage: true})
	assert.Len(t, c.all(devices+"?limit=2"), 5)
	assert.Equal(t, 4, f.Count("GET", devices))
	f.SetWire(abmtest.Wire{EmptyNext: true, NoTotal: true})
	p := c.page(devices)
	assert.Equal(t, "", p.Links["next"])
	assert.NotContains(t, p.Meta.Paging, "total")
	f.SetWire(abmtest.Wire{NullNext: true})
	assert.Contains(t, c.get(devices).body, `"next":null`)
	f.SetWire(abmtest.Wire{NoMeta: true})
	assert.Nil(t, c.page(devices).Meta)
	f.SetWire(abmtest.Wire{OnlyLink: true, Foreign: true})
	p = c.page(devices + "?limit=2")
	assert.NotContains(t, p.Meta.Paging, "nextCursor")
	assert.Contains(t, p.Links["next"], "https://elsewhere.example/v1/orgDevices?")
	f.SetWire(abmtest.Wire{Loop: true})
	second := c.page(query(devices, "limit", "2", "cursor", c.page(devices + "?limit=2").Meta.Paging["nextCursor"].(string)))
	third := c.page(query(devices, "limit", "2", "cursor", second.Meta.Paging["nextCursor"].(string)))
	assert.Equal(t, second.Meta, third.Meta)
	f.SetWire(abmtest.Wire{})
	f.SetPageLimit(1)
	assert.Len(t, c.page(devices+"?limit=3").Data, 1)
	assert.Empty(t, f.Violations())
}

// TestPagesShift shows why a device can be missed: lists have no snapshot.
func TestPagesShift(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	f.Before(func(r *http.Request) {
		if r.URL.Query().Has("cursor") {
			f.Remove(padSerial)
		}
	})
	var ids []string
	for _, d := range c.all(devices + "?limit=2") {
		ids = append(ids, d.ID)
	}
	assert.Equal(t, []string{padSerial, macSerial, phoneSerial, stockSerial}, ids)
}

func TestManyLinks(t *testing.T) {
	f := abmtest.New(fleet.New(fleet.Options{Devices: 3000, Clean: true}))
	c := newCaller(t, f)
	main := f.ServerID(abmtest.MainServer)
	list := c.all(servers + "/" + main + "/relationships/devices?limit=1000")
	assert.EqualValues(t, len(list), c.one(servers + "/" + main).Attributes["deviceCount"])
	assert.Equal(t, (len(list)+999)/1000, f.Count("GET", servers+"/"+main+"/relationships/devices"))
	assert.Greater(t, len(list), 2000)
}

func TestStaleCursors(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	f.SetCursorLife(10 * time.Minute)
	p := c.page(devices + "?limit=2")
	next := strings.TrimPrefix(p.Links["next"].(string), c.host)
	f.Advance(9 * time.Minute)
	assert.Equal(t, 200, c.get(next).status)
	f.Advance(time.Minute)
	assert.Equal(t, "PARAMETER_ERROR.INVALID", c.get(next).code(t))
	assert.Empty(t, f.Violations())
}

func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := abmtest.New(small())
		c := newCaller(t, f)
		f.SetLimit(2, time.Minute)
		f.SetWriteLimit(1, time.Hour)
		c.get(devices)
		c.get(servers)
		time.Sleep(10 * time.Second)
		g := c.get(devices)
		assert.Equal(t, 429, g.status)
		assert.Equal(t, "RATE_LIMIT_EXCEEDED", g.code(t))
		assert.Equal(t, "50", g.header.Get("Retry-After"))
		for retry, want := range map[string]string{"none": "", "soon": "soon", "date": time.Now().Add(50 * time.Second).UTC().Format(http.TimeFormat)} {
			f.SetWire(abmtest.Wire{Retry: retry})
			assert.Equal(t, want, c.get(devices).header.Get("Retry-After"))
		}
		time.Sleep(50 * time.Second)
		assert.Equal(t, 200, c.get(devices).status)
		f.SetWire(abmtest.Wire{})
		body := assign(f.ServerID(abmtest.SpareServer), padSerial)
		assert.Equal(t, 201, c.send("POST", movements, body).status)
		g = c.send("POST", movements, body)
		assert.Equal(t, 429, g.status)
		seconds, err := strconv.Atoi(g.header.Get("Retry-After"))
		require.NoError(t, err)
		assert.Equal(t, 3600, seconds)
		f.SetTokenLimit(1, time.Minute)
		require.Equal(t, 200, c.ask(c.form(c.sign(f.ClientID, nil))).status)
		g = c.ask(c.form(c.sign(f.ClientID, nil)))
		assert.Equal(t, 429, g.status)
		assert.Equal(t, "invalid_request", decode[map[string]string](t, g)["error"])
		f.SetWire(abmtest.Wire{TokenLimit: 400})
		assert.Equal(t, 400, c.ask(c.form(c.sign(f.ClientID, nil))).status)
		assert.Empty(t, f.Violations())
	})
}

// TestCuts breaks connections as Apple does after some pages.
func TestCuts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := abmtest.New(small())
		c := newCaller(t, f)
		f.CutAfter(2)
		ask := func() error {
			r := c.request("GET", c.host+devices, "")
			r.RequestURI = ""
			resp, err := f.Client().Do(r)
			if err == nil {
				resp.Body.Close()
			}
			return err
		}
		require.NoError(t, ask())
		require.NoError(t, ask())
		assert.ErrorContains(t, ask(), "reset")
		assert.NoError(t, ask(), "a new connection goes on")
		f.CutAfter(0)
		f.Faults().Reset()
		assert.Error(t, ask())
		f.Faults().Clear()
		assert.NoError(t, ask())
	})
}
