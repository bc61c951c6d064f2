package relution_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func numbered(n int) []string {
	var rows []string
	for i := range n {
		rows = append(rows, device(i+1, ""))
	}
	return rows
}

// TestQuirk01Deleted leaves deleted devices out unless asked, even where the
// server does not filter, and prefers the living one of a serial number.
func TestQuirk01Deleted(t *testing.T) {
	t.Parallel()
	old := `"status":"DELETED","serialNumber":"DMPXK1ABQ1GC","enrollmentDate":1725170400000`
	gone := `"status":"WITHDRAWN","serialNumber":"DMPXK1ABQ1GC","enrollmentDate":1763791200000`
	young := `"status":"COMPLIANT","serialNumber":"DMPXK1ABQ1GC","enrollmentDate":1725170400000`
	tn := &tenant{}
	for i, members := range []string{old, gone, young} {
		tn.devices = append(tn.devices, fmt.Sprintf(`{"uuid":%q,%s}`, id(i+1), members))
	}
	c := tn.client(t)
	l := clienttest.List(t, c.Source(), mdm.Query{})
	assert.Equal(t, []string{id(2), id(3)}, l.IDs())
	assert.True(t, l.End.Complete, l.End.Why)
	assert.Contains(t, tn.requests("/query")[1].body, `{"filters":[{"fieldName":"status","type":"stringEnum","values":["DELETED"]}],"operation":"NOT","type":"logOp"}`)
	assert.Len(t, clienttest.Collect(t, c.Devices(t.Context(), &relution.DevicesOptions{Deleted: true})), 3)
	all := clienttest.List(t, tn.client(t, func(cfg *relution.Config) { cfg.Deleted = true }).Source(), mdm.Query{})
	require.Len(t, all.Records, 3)
	assert.Equal(t, mdm.StatusRetired, all.Records[0].Status)
	d, err := c.DeviceBySerial(t.Context(), "dmpxk1abq1gc")
	require.NoError(t, err)
	assert.Equal(t, id(3), d.UUID, "the managed one, whatever the dates")
	_, err = c.DeviceBySerial(t.Context(), "NONE")
	require.ErrorIs(t, err, mdm.ErrNotFound)
	real, fake := fakeTenant(t)
	dead := live(t, real)[0]
	fake.SetStatus(dead, "DELETED")
	assert.NotContains(t, live(t, real), dead)
	assert.Contains(t, fake.UUIDs(fake.Tenant), dead)
}

// TestQuirk10Total asks for the count, and does not call a list complete that
// has none.
func TestQuirk10Total(t *testing.T) {
	t.Parallel()
	tn := &tenant{devices: numbered(7), bare: true}
	l := clienttest.List(t, tn.client(t, size(3)).Source(), mdm.Query{})
	assert.Len(t, l.Records, 7)
	assert.False(t, l.End.Complete)
	assert.Contains(t, l.End.Why, "count")
	for _, r := range tn.requests("/query") {
		assert.Contains(t, r.body, `"getNonpagedCount":true`)
		assert.Contains(t, r.body, `"getItems":true`)
	}
}

// TestQuirk11Syntax sends a sort order as text with an encoded plus sign by
// GET, and as an object by POST.
func TestQuirk11Syntax(t *testing.T) {
	t.Parallel()
	post := &tenant{devices: numbered(1)}
	live(t, post.client(t))
	var body map[string]any
	require.NoError(t, json.Unmarshal([]byte(post.requests("/query")[1].body), &body))
	assert.Equal(t, map[string]any{"sortFields": []any{map[string]any{"name": "uuid", "ascending": true}}}, body["sortOrder"])
	get := &tenant{devices: numbered(1), prefix: relution.PrefixLegacy, listing: relution.ListFull}
	live(t, get.client(t))
	asked := get.requests("/relution/api/v1/devices")
	require.NotEmpty(t, asked)
	assert.Contains(t, asked[1].URL.RawQuery, "sortOrder=%2Buuid")
	assert.JSONEq(t, `{"type":"logOp","operation":"NOT","filters":[{"type":"stringEnum","fieldName":"status","values":["DELETED"]}]}`, asked[1].URL.Query().Get("filter"))
}

// TestQuirk12Filter builds the filters that exist, which have no comparator.
func TestQuirk12Filter(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1763791200000)
	for want, f := range map[string]relution.Filter{
		`{"type":"string","fieldName":"name","value":"A\"B"}`:                  relution.Equal("name", `A"B`),
		`{"type":"containsString","fieldName":"name","contains":"iPad"}`:       relution.Contains("name", "iPad"),
		`{"type":"stringEnum","fieldName":"platform","values":["IOS","TVOS"]}`: relution.OneOf("platform", "IOS", "TVOS"),
		`{"type":"alwaysFalse"}`:                                                                                             relution.OneOf("platform"),
		`{"type":"boolean","fieldName":"supervised","value":false}`:                                                          relution.Is("supervised", false),
		`{"type":"long","fieldName":"openActions","value":0}`:                                                                relution.Number("openActions", 0),
		`{"type":"dateRange","fieldName":"lastConnectionDate","min":1763791200000,"equality":true}`:                          relution.Between("lastConnectionDate", at, time.Time{}),
		`{"type":"null","fieldName":"serialNumber","isNull":true}`:                                                           relution.Null("serialNumber", true),
		`{"type":"logOp","operation":"OR","filters":[{"type":"alwaysFalse"},{"type":"string","fieldName":"a","value":"b"}]}`: relution.Or(relution.Filter{}, relution.OneOf("x"), relution.Equal("a", "b")),
	} {
		tn := &tenant{}
		clienttest.Collect(t, tn.client(t).Devices(t.Context(), &relution.DevicesOptions{Filter: f, Deleted: true}))
		var body struct {
			Filter json.RawMessage `json:"filter"`
		}
		require.NoError(t, json.Unmarshal([]byte(tn.requests("/query")[1].body), &body))
		assert.JSONEq(t, want, string(body.Filter))
		assert.NotContains(t, string(body.Filter), "comparator")
	}
	tn := &tenant{}
	clienttest.Collect(t, tn.client(t).Devices(t.Context(), &relution.DevicesOptions{Filter: relution.And(relution.Not(relution.Filter{})), Deleted: true}))
	assert.NotContains(t, tn.requests("/query")[1].body, "filter")
	c, _ := fakeTenant(t)
	for d := range c.Devices(t.Context(), &relution.DevicesOptions{Filter: relution.Equal("platform", "WINDOWS")}) {
		assert.Equal(t, "WINDOWS", d.Platform)
	}
}

// TestQuirk13Limit always asks for a page.
func TestQuirk13Limit(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t, size(7))
	live(t, c)
	for range c.Groups(t.Context()) {
	}
	for _, r := range fake.Requests() {
		if r.Method == http.MethodGet {
			assert.Contains(t, r.Query, "limit")
		}
	}
	tn := &tenant{devices: numbered(3)}
	live(t, tn.client(t))
	assert.Contains(t, tn.requests("/query")[1].body, `"limit":100`)
	_, err := relution.New(relution.Config{Address: "a.example", Token: mdm.NewSecret(token), Transport: transportSize(501)})
	require.ErrorIs(t, err, mdm.ErrInvalid)
}

// TestQuirk14Order sorts by UUID, and delivers a device once that comes twice.
func TestQuirk14Order(t *testing.T) {
	t.Parallel()
	tn := &tenant{devices: append(numbered(3), device(2, ""))}
	l := clienttest.List(t, tn.client(t, size(2)).Source(), mdm.Query{})
	assert.Equal(t, []string{id(1), id(2), id(3)}, l.IDs())
	assert.False(t, l.End.Complete, "the count is of rows, and one of them is nobody")
	for _, r := range tn.requests("/query") {
		assert.Contains(t, r.body, `"sortFields":[{"ascending":true,"name":"uuid"}]`)
	}
}

// TestQuirk15ShortPage goes on behind a page that the server cut, and behind
// one that it counts as if it were all.
func TestQuirk15ShortPage(t *testing.T) {
	t.Parallel()
	for cut := 1; cut < 5; cut++ {
		tn := &tenant{devices: numbered(9), cut: cut}
		l := clienttest.List(t, tn.client(t, size(5)).Source(), mdm.Query{})
		assert.Len(t, l.Records, 9, "pages of %d", cut)
		assert.True(t, l.End.Complete, l.End.Why)
	}
	for n := range 12 {
		tn := &tenant{devices: numbered(n)}
		l := clienttest.List(t, tn.client(t, size(4)).Source(), mdm.Query{})
		assert.Len(t, l.Records, n)
		assert.True(t, l.End.Complete, l.End.Why)
	}
	c, fake := fakeTenant(t)
	want := live(t, c)
	fake.SetPageLimit(9)
	assert.Equal(t, want, live(t, c))
}

// TestGeneration finds out once which API the server speaks, in the order that
// is known to work, and again after an upgrade.
func TestGeneration(t *testing.T) {
	t.Parallel()
	for i, g := range [][2]string{{relution.PrefixManagement, relution.ListQuery}, {relution.PrefixAPI, relution.ListQuery},
		{relution.PrefixManagement, relution.ListBaseInfo}, {relution.PrefixAPI, relution.ListBaseInfo}, {relution.PrefixAPI, relution.ListFull},
		{relution.PrefixLegacy, relution.ListBaseInfo}, {relution.PrefixLegacy, relution.ListFull}} {
		for status, body := range map[int]string{404: "", 405: "", 501: "", 200: "<!doctype html><html></html>", 422: `{"errorCode":"DEVICE_DOES_NOT_EXIST"}`} {
			tn := &tenant{devices: numbered(3), prefix: g[0], listing: g[1]}
			c := tn.client(t)
			asked := 0
			tn.hook = func(*http.Request) *answer {
				if asked++; asked <= i {
					return &answer{status: status, body: body}
				}
				return nil
			}
			assert.Len(t, live(t, c), 3, g)
			assert.Len(t, live(t, c), 3, g)
			assert.Len(t, tn.requests(""), i+1+2*2, "found out once; each list looks whether more follows")
		}
		fixed := &tenant{devices: numbered(3), prefix: g[0], listing: g[1]}
		c := fixed.client(t, func(cfg *relution.Config) { cfg.Prefix, cfg.Listing = g[0], g[1] })
		assert.Len(t, live(t, c), 3)
		assert.Len(t, fixed.requests(""), 2, "nothing to find out")
	}
	for _, status := range []int{401, 403, 422, 500} {
		tn := &tenant{hook: func(*http.Request) *answer { return &answer{status: status} }}
		require.Error(t, failure(t, tn.client(t)))
		assert.Len(t, tn.requests(""), 1, "%d ends the search", status)
	}
	c, fake := fakeTenant(t)
	fake.SetVersion("5.5.4")
	before := live(t, c)
	fake.SetVersion("26.1.1")
	fake.SetWire(wireWithoutAlias)
	assert.ElementsMatch(t, before, live(t, c), "after the upgrade")
}

// TestPaths lets the host fix single addresses, and a path before them.
func TestPaths(t *testing.T) {
	t.Parallel()
	tn := &tenant{devices: numbered(1), script: scripted{"GET /mdm/x/groups": {body: `{"results":[]}`}}, prefix: "/mdm/api/management"}
	c := tn.client(t, func(cfg *relution.Config) {
		cfg.BasePath = "/mdm/"
		cfg.Paths = map[relution.Endpoint]string{relution.EndpointDeviceGroups: "/x/groups"}
	})
	live(t, c)
	assert.Empty(t, clienttest.Collect(t, c.DeviceGroups(t.Context())))
	for endpoint, path := range map[relution.Endpoint]string{"nonsense": "/x", relution.EndpointDevice: "/x", relution.EndpointGroups: "x",
		relution.EndpointUsers: "//elsewhere.example/x", relution.EndpointGroup: "/x/{uuid}?y", relution.EndpointActions: "/x/{uuid}/{z}"} {
		_, err := relution.New(relution.Config{Address: "a.example", Token: mdm.NewSecret(token), Paths: map[relution.Endpoint]string{endpoint: path}})
		require.ErrorIs(t, err, mdm.ErrInvalid, "%s: %s", endpoint, path)
		assert.ErrorContains(t, err, "Paths")
	}
	assert.True(t, slices.IsSorted(relution.Endpoints()))
}

// TestDetails fills as many devices as asked for with their detail.
func TestDetails(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	detailed := 0
	for _, d := range clienttest.Collect(t, c.Devices(t.Context(), &relution.DevicesOptions{Details: 5})) {
		if d.Detailed {
			detailed++
			assert.NotEmpty(t, d.Status)
		}
	}
	assert.Equal(t, 5, detailed)
	n := 0
	for _, r := range fake.Requests() {
		if r.Method == http.MethodGet {
			n++
		}
	}
	assert.LessOrEqual(t, n, 6)
	tn := &tenant{devices: numbered(2)}
	var lost int
	for d, err := range tn.client(t).Devices(t.Context(), &relution.DevicesOptions{Details: 9}) {
		if err != nil {
			lost++
			continue
		}
		assert.NotEmpty(t, d.SerialNumber, "the list's entry stays")
	}
	assert.Equal(t, 2, lost)
}

// TestUpgrade finds the new API when a single device cannot be read any more,
// and does not search for each device that is missing.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := newFake(24)
		fake.SetVersion("5.5.4")
		c := clientOf(t, fake)
		ids := live(t, c)
		fake.SetVersion("26.1.1")
		fake.SetWire(wireWithoutAlias)
		time.Sleep(2 * time.Minute)
		d, err := c.Device(t.Context(), ids[0])
		require.NoError(t, err)
		assert.Equal(t, ids[0], d.SourceID())
		assert.Empty(t, fake.Violations())

		tn := &tenant{devices: numbered(1)}
		missing := tn.client(t)
		live(t, missing)
		time.Sleep(2 * time.Minute)
		tn.asked = nil
		for n := range 9 {
			_, err := missing.Device(t.Context(), id(50+n))
			require.ErrorIs(t, err, mdm.ErrNotFound)
		}
		assert.Len(t, tn.requests(""), 10, "one of them looks whether the generation still answers")
	})
}
