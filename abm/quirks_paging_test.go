package abm_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/mdmlink/mdmlink/abm"
	"github.com/mdmlink/mdmlink/abm/abmtest"
	"github.com/mdmlink/mdmlink/internal/faulty"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func decodePart(part string, v any) error {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, v)
}

// pageOf is a page with devices of the given serial numbers.
func pageOf(around string, serials ...string) string {
	var data []string
	for _, s := range serials {
		data = append(data, `{"type":"orgDevices","id":"`+s+`","attributes":{"serialNumber":"`+s+`"}}`)
	}
	return `{"data":[` + strings.Join(data, ",") + `]` + around + `}`
}

// inTurn answers a route with one text after the other.
func (p *portal) inTurn(route string, pages ...string) *[]string {
	var queries []string
	p.instead[route] = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, pages[min(len(queries), len(pages)-1)])
		queries = append(queries, r.URL.RawQuery)
	}
	return &queries
}

// TestQuirk37End shows the forms in which a list says that it ends.
func TestQuirk37End(t *testing.T) {
	t.Parallel()
	for _, around := range []string{``, `,"links":{}`, `,"links":{"next":""}`, `,"links":{"next":null},"meta":null`,
		`,"links":{"self":"x"},"meta":{"paging":{"limit":1000}}`, `,"meta":{"paging":{"total":1,"limit":1000,"nextCursor":""}}`,
		`,"meta":{"paging":{"nextCursor":null}}`} {
		p := newPortal(t, 0)
		queries := p.inTurn(devicesRoute, pageOf(around, "A1"))
		page, n := lastPage(t, p.connect().Source(), mdm.Query{})
		assert.Equal(t, 1, n, around)
		assert.True(t, page.End.Complete, around)
		assert.Equal(t, []string{"limit=1000"}, *queries)
	}
}

// TestQuirk37Cursor shows a cursor that has to be escaped, an empty page in
// the middle and a next page that is named by its address only.
func TestQuirk37Cursor(t *testing.T) {
	t.Parallel()
	pages := []string{pageOf(`,"meta":{"paging":{"nextCursor":"Mg+/=="}}`, "A1"),
		pageOf(`,"links":{"next":"https://api-business.apple.com/v1/orgDevices?cursor=Mw%3D%3D&limit=7"}`),
		pageOf(``, "A2")}
	want := []string{"limit=1000", "cursor=Mg%2B%2F%3D%3D&limit=1000", "cursor=Mw%3D%3D&limit=7"}
	p := newPortal(t, 0)
	queries := p.inTurn(devicesRoute, pages...)
	assert.Len(t, listDevices(t, p.connect()), 2)
	assert.Equal(t, want, *queries)
	queries = p.inTurn(devicesRoute, pages...)
	_, n := lastPage(t, p.connect().Source(), mdm.Query{})
	assert.Equal(t, 2, n)
	assert.Equal(t, want, *queries)
}

// TestQuirk37ForeignLink shows that credentials follow no link out of the list.
func TestQuirk37ForeignLink(t *testing.T) {
	t.Parallel()
	for _, link := range []string{"https://evil.example/v1/orgDevices?cursor=x", "http://api-business.apple.com/v1/orgDevices",
		"https://api-business.apple.com/v1/users", "//evil.example/v1/orgDevices", "::"} {
		p := newPortal(t, 0)
		p.inTurn(devicesRoute, pageOf(`,"links":{"next":"`+link+`"}`, "A1"))
		for _, err := range p.connect().Devices(t.Context(), nil) {
			requireKind(t, err, mdm.ErrWrongAddress)
		}
		for _, err := range p.connect().Source().Pages(t.Context(), mdm.Query{}) {
			requireKind(t, err, mdm.ErrWrongAddress)
		}
		assert.Len(t, p.requests(), 2, link)
	}
}

// TestQuirk37Loop shows that a list that repeats itself ends.
func TestQuirk37Loop(t *testing.T) {
	t.Parallel()
	next := func(cursor, serial string) string {
		return pageOf(`,"meta":{"paging":{"nextCursor":"`+cursor+`"}}`, serial)
	}
	for _, pages := range [][]string{{next("a", "A1")}, {next("a", "A1"), next("b", "A2"), next("a", "A3"), next("b", "A4"), next("a", "A5")}} {
		p := newPortal(t, 0)
		p.inTurn(devicesRoute, pages...)
		var last error
		for _, err := range p.connect().Devices(t.Context(), nil) {
			last = err
		}
		requireKind(t, last, mdm.ErrCursorInvalid)
		p.inTurn(devicesRoute, pages...)
		for _, err := range p.connect().Source().Pages(t.Context(), mdm.Query{}) {
			last = err
		}
		requireKind(t, last, mdm.ErrCursorInvalid)
	}
}

// TestQuirk37Total shows that a listing which Apple counts differently, or in
// which something moved or is damaged, proves nothing.
func TestQuirk37Total(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		pages []string
		n     int
		why   string
	}{
		{[]string{pageOf(`,"meta":{"paging":{"total":3}}`, "A1", "A2")}, 2, "Apple counts 3 devices and sent 2"},
		{[]string{pageOf(`,"meta":{"paging":{"nextCursor":"x"}}`, "A1", "A2"), pageOf(``, "A2", "A3")}, 3, "devices moved in the list while it was read"},
		{[]string{pageOf(`,"meta":{"paging":{"nextCursor":"x","total":3}}`, "A1", "A2"), pageOf(`,"meta":{"paging":{"total":3}}`, "A2", "A3")}, 3, ""},
		{[]string{`{"data":["x",{"id":"A1"},{"attributes":{}},null]}`}, 1, "3 records could not be read"},
	} {
		p := newPortal(t, 0)
		p.inTurn(devicesRoute, tc.pages...)
		page, n := lastPage(t, p.connect().Source(), mdm.Query{})
		assert.Equal(t, tc.n, n)
		assert.Equal(t, tc.why, page.End.Why)
		assert.Equal(t, tc.why == "", page.End.Complete)
		p.inTurn(devicesRoute, tc.pages...)
		typed := 0
		for _, err := range p.connect().Devices(t.Context(), nil) {
			if err == nil {
				typed++
			}
		}
		assert.Equal(t, tc.n, typed, "none is given twice")
	}
}

// TestStaleCursor shows that a listing from an old place says so.
func TestStaleCursor(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 410} {
		p := newPortal(t, 3)
		src := p.connect(func(cfg *abm.Config) { cfg.Transport.PageSize = 1 }).Source()
		var from mdm.Cursor
		for page, err := range src.Pages(t.Context(), mdm.Query{}) {
			require.NoError(t, err)
			from = page.Next
			break
		}
		p.instead[devicesRoute] = func(w http.ResponseWriter, _ *http.Request) {
			refuse(w, status, "PARAMETER_ERROR.INVALID", "cursor", "x")
		}
		for _, err := range src.Pages(t.Context(), mdm.Query{From: from}) {
			requireKind(t, err, mdm.ErrCursorExpired)
		}
		for _, err := range src.Pages(t.Context(), mdm.Query{}) {
			assert.NotErrorIs(t, err, mdm.ErrCursorExpired)
		}
	}
}

// TestRevokedInMidList shows that a key which is revoked while a list is read
// is not taken for an expired cursor.
func TestRevokedInMidList(t *testing.T) {
	t.Parallel()
	fake := abmtest.New(nil)
	src := organisation(t, fake, func(cfg *abm.Config) { cfg.Transport.PageSize = 10 }).Source()
	pages := 0
	var last error
	for _, err := range src.Pages(t.Context(), mdm.Query{}) {
		if last = err; err != nil {
			break
		}
		pages++
		fake.RevokeKey(fake.ClientID)
		fake.DropTokens()
	}
	assert.Equal(t, 1, pages)
	requireKind(t, last, mdm.ErrUnauthorized)
	assert.NotErrorIs(t, last, mdm.ErrCursorExpired)
}

// TestQuirk40Fields shows that what is not asked for is missing, and that an
// attribute that Apple refuses is left out from then on.
func TestQuirk40Fields(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 1)
	p.unknown = []string{"releaserId", "releaserEntityType"}
	c := p.connect()
	options := &abm.DevicesOptions{Fields: []string{"serialNumber", "releaserId", "releaserEntityType", "color"}}
	for range 2 {
		for d, err := range c.Devices(t.Context(), options) {
			require.NoError(t, err)
			assert.Equal(t, "SILVER", d.Colour)
			assert.Empty(t, d.Model)
			assert.NotContains(t, d.Record().Blank, mdm.KeyModel)
		}
	}
	assert.Equal(t, 4, p.count(devicesRoute), "refused, refused, given, given")
	p.unknown = []string{"serialNumber"}
	p.instead[devicesRoute] = func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, 400, "PARAMETER_ERROR.INVALID", "limit", "'7' is not valid for serialNumber")
	}
	for _, err := range c.Devices(t.Context(), options) {
		requireKind(t, err, mdm.ErrInvalid)
	}
	assert.Equal(t, 5, p.count(devicesRoute), "another complaint is not one about attributes")
}

// TestQuirk42ManyDevices shows that the devices of a server are read to their
// end.
//
//mdm:feature 3.17
func TestQuirk42ManyDevices(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 0)
	for i := range 2500 {
		p.assigned["DMPX"+strconv.Itoa(i)] = campus
	}
	n := 0
	for id, err := range p.connect().ServerDevices(t.Context(), campus) {
		require.NoError(t, err)
		assert.Contains(t, p.assigned, id)
		n++
	}
	assert.Equal(t, 2500, n)
	assert.Equal(t, 3, p.count("GET /v1/mdmServers/"+campus+"/relationships/devices"))
}

// cutting breaks the connection of some requests for devices the way HTTP/2
// does.
type cutting struct {
	http.RoundTripper
	at    map[int]error // by number of the request
	asked int
}

func (c *cutting) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/v1/orgDevices" {
		c.asked++
		if err := c.at[c.asked]; err != nil {
			return nil, err
		}
	}
	return c.RoundTripper.RoundTrip(r)
}

// TestQuirk45ConnectionCut shows that a listing outlives the connections that
// Apple closes, before an answer and inside of one.
func TestQuirk45ConnectionCut(t *testing.T) {
	t.Parallel()
	goAway := errors.New("http2: server sent GOAWAY and closed the connection; LastStreamID=39, ErrCode=NO_ERROR, debug=\"\"")
	reset := errors.New("stream error: stream ID 41; REFUSED_STREAM; received from peer")
	synctest.Test(t, func(t *testing.T) {
		p := newPortal(t, 25)
		broken := faulty.New(p)
		base := &cutting{faulty.Transport(broken), map[int]error{20: goAway, 21: reset}, 0}
		c := connect(t, base, func(cfg *abm.Config) { cfg.Transport.PageSize = 1 })
		assert.Len(t, listDevices(t, c), 25)
		assert.Equal(t, 27, base.asked, "each page once, and the 20th three times")

		broken.On(func(r *http.Request) bool { return r.URL.Query().Get("cursor") == "7==" }).Times(1).CutBody(40)
		before := p.count(devicesRoute)
		page, n := lastPage(t, c.Source(), mdm.Query{})
		assert.Equal(t, 25, n)
		assert.True(t, page.End.Complete)
		assert.Equal(t, 26, p.count(devicesRoute)-before)

		broken.On(func(r *http.Request) bool { return r.URL.Query().Get("cursor") == "7==" }).Times(1).CutBody(40)
		assert.Len(t, listDevices(t, c), 25)
	})
}
