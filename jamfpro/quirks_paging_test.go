package jamfpro_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The tests named TestQuirk are the rows of the reference's section 11, by
// number: each is something that a naive client gets wrong.

const v4 = "/api/v4/computers-inventory"

// pagesOf returns the requests for real pages, without those for the end of
// the list.
func pagesOf(t *tenant, path string) []*request {
	return slices.DeleteFunc(t.requests("GET", path), func(r *request) bool { return strings.HasSuffix(r.URL.Query().Get("sort"), ":desc") })
}

func TestQuirk19RepeatedSection(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: computers(5)}
	c := tn.client(t, size(2))
	o := &jamfpro.ComputersOptions{Sections: []jamfpro.Section{jamfpro.SectionGeneral, jamfpro.SectionHardware}}
	clienttest.Collect(t, c.Computers(t.Context(), o))
	pages := pagesOf(tn, v4)
	assert.Len(t, pages, 3)
	for _, r := range pages {
		assert.Equal(t, []string{"GENERAL", "HARDWARE"}, r.URL.Query()["section"])
	}
	for _, err := range c.Computers(t.Context(), &jamfpro.ComputersOptions{Sections: []jamfpro.Section{jamfpro.SectionNetwork}}) {
		require.ErrorIs(t, err, mdm.ErrInvalid, "a section of mobile devices")
	}
}

func TestQuirk20PagesCutByServer(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: computers(53), cut: 10}
	c := tn.client(t, size(50))
	assert.Len(t, clienttest.Collect(t, c.Computers(t.Context(), nil)), 53)
	l := clienttest.List(t, tn.client(t, size(50), only("computers")).Source(), mdm.Query{})
	assert.Equal(t, mdm.End{Complete: true}, *l.End)
	_, err := jamfpro.New(jamfpro.Config{Address: "x.jamfcloud.com", ClientID: clientID, ClientSecret: mdm.NewSecret("S"), Transport: quickSize(5000)})
	require.ErrorIs(t, err, mdm.ErrInvalid, "more than the server's maximum is not asked for")
}

func TestQuirk21FirstPageIsZero(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: computers(3)}
	clienttest.Collect(t, tn.client(t).Computers(t.Context(), nil))
	pages := pagesOf(tn, v4)
	require.Len(t, pages, 1)
	assert.Equal(t, "0", pages[0].URL.Query().Get("page"))
}

func TestQuirk22ShortPages(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: computers(20)}
	grown := false
	tn.hook = func(r *http.Request) *answer {
		if r.URL.Query().Get("page") == "3" && !grown {
			grown = true
			for id := 21; id <= 31; id++ {
				tn.computers = append(tn.computers, computer(id))
			}
		}
		return nil
	}
	l := clienttest.List(t, tn.client(t, size(5), only("computers")).Source(), mdm.Query{})
	assert.Len(t, l.Records, 31, "the count grew while the list was read")
	assert.True(t, l.End.Complete)

	tn = &tenant{script: scripted{}}
	tn.hook = func(r *http.Request) *answer {
		if r.URL.Path != v4 {
			return nil
		}
		if r.URL.Query().Get("page") == "0" {
			return &answer{body: `{"totalCount":9,"results":[` + computer(1).json + `]}`}
		}
		return &answer{body: `{"totalCount":9,"results":[]}`}
	}
	l = clienttest.List(t, tn.client(t, only("computers")).Source(), mdm.Query{})
	assert.False(t, l.End.Complete)
	assert.Contains(t, l.End.Why, "counts 9")
}

// TestQuirk23Drift deletes and adds devices between the pages.
func TestQuirk23Drift(t *testing.T) {
	t.Parallel()
	remove := func(tn *tenant, id int) {
		tn.computers = slices.DeleteFunc(tn.computers, func(r row) bool { return r.id == id })
	}
	for name, change := range map[string]func(*tenant){
		"deleted":           func(tn *tenant) { remove(tn, 2) },
		"deleted and added": func(tn *tenant) { remove(tn, 2); tn.computers = append(tn.computers, computer(41)) },
		"added":             func(tn *tenant) { tn.computers = append(tn.computers, computer(41)) },
		"many deleted":      func(tn *tenant) { remove(tn, 1); remove(tn, 3); remove(tn, 40) },
	} {
		tn := &tenant{computers: computers(40)}
		done := false
		tn.hook = func(r *http.Request) *answer {
			if r.URL.Query().Get("page") == "2" && !done {
				done = true
				change(tn)
			}
			return nil
		}
		l := clienttest.List(t, tn.client(t, size(4), only("computers"), one).Source(), mdm.Query{})
		for _, r := range tn.computers {
			assert.Contains(t, l.IDs(), fmt.Sprintf("computer:%d", r.id), name)
		}
		assert.Len(t, slices.Compact(slices.Sorted(slices.Values(l.IDs()))), len(l.Records), "%s: none comes twice", name)
		assert.True(t, l.End.Complete, "%s: %s", name, l.End.Why)
	}
}

// TestQuirk23Restless reads a list that never holds still.
func TestQuirk23Restless(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: computers(40)}
	next := 40
	tn.hook = func(r *http.Request) *answer {
		if r.URL.Path == v4 {
			next++
			tn.computers = append(tn.computers[1:], computer(next))
		}
		return nil
	}
	l := clienttest.List(t, tn.client(t, size(4), only("computers")).Source(), mdm.Query{})
	assert.False(t, l.End.Complete)
	assert.NotEmpty(t, l.End.Why)
	var last error
	for _, err := range tn.client(t, size(4)).Computers(t.Context(), nil) {
		last = err
	}
	require.ErrorIs(t, last, mdm.ErrConflict)
}

func TestQuirk24SortByID(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: computers(5), mobiles: mobiles(5)}
	clienttest.List(t, tn.client(t, size(2)).Source(), mdm.Query{})
	for path, sort := range map[string]string{v4: "id:asc", "/api/v2/mobile-devices/detail": "mobileDeviceId:asc"} {
		pages := pagesOf(tn, path)
		assert.Len(t, pages, 3)
		for _, r := range pages {
			assert.Equal(t, sort, r.URL.Query().Get("sort"))
		}
	}
}

func TestQuirk25BareArrays(t *testing.T) {
	t.Parallel()
	c, tn := scripted{
		"GET /api/v1/sites":                {body: `[{"id":"1","divisionId":null,"name":"Primary school"},{"id":"2","name":"Secondary school"}]`},
		"GET /api/v1/computer-groups":      {body: `[{"id":"1","name":"All","smartGroup":true}]`},
		"GET /api/v2/mobile-device-groups": {body: `[{"id":5,"name":"Phones","isSmartGroup":true}]`},
	}.client(t)
	assert.Equal(t, []jamfpro.Site{{ID: "1", Name: "Primary school"}, {ID: "2", Name: "Secondary school"}}, clienttest.Collect(t, c.Sites(t.Context())))
	assert.Equal(t, []jamfpro.DeviceGroup{{Kind: jamfpro.Computer, ID: "1", Name: "All", Smart: true}}, clienttest.Collect(t, c.ComputerGroups(t.Context())))
	assert.Equal(t, []jamfpro.DeviceGroup{{Kind: jamfpro.MobileDevice, ID: "5", Name: "Phones", Smart: true}}, clienttest.Collect(t, c.MobileDeviceGroups(t.Context())))
	for _, path := range []string{"/api/v1/sites", "/api/v1/computer-groups", "/api/v2/mobile-device-groups"} {
		asked := tn.requests("GET", path)
		require.Len(t, asked, 1)
		assert.Empty(t, asked[0].URL.RawQuery)
	}
}

func TestQuirk26EnrolmentDevices(t *testing.T) {
	t.Parallel()
	c, tn := scripted{"GET /api/v1/device-enrollments/1/devices": {body: `{"totalCount":1,"results":[{"id":"7","prestageId":"2","serialNumber":"F4GTEST9Q1ZX","profileStatus":"PUSHED","deviceAssignedDate":"2025-08-30T07:00:00-00:00"}]}`}}.client(t)
	all := clienttest.Collect(t, c.EnrollmentDevices(t.Context(), "1"))
	require.Len(t, all, 1)
	assert.Equal(t, "F4GTEST9Q1ZX", all[0].SerialNumber)
	assert.Equal(t, time.Date(2025, 8, 30, 7, 0, 0, 0, time.UTC), all[0].Assigned)
	assert.Empty(t, tn.requests("GET", "/api/v1/device-enrollments/1/devices")[0].URL.RawQuery)
}

// TestQuirk27FailedPage never gives a silently shorter list.
func TestQuirk27FailedPage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{computers: computers(20)}
		tn.hook = func(r *http.Request) *answer {
			if r.URL.Query().Get("page") == "2" {
				return &answer{status: 503, body: "busy"}
			}
			return nil
		}
		var last error
		for page, err := range tn.client(t, size(5), only("computers")).Source().Pages(t.Context(), mdm.Query{}) {
			assert.Nil(t, page.End)
			last = err
		}
		require.ErrorIs(t, last, mdm.ErrUnavailable)
	})
}

func TestQuirk27BrokenPage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{computers: computers(20)}
		broken := 0
		tn.hook = func(r *http.Request) *answer {
			if r.URL.Query().Get("page") == "2" && broken < 2 {
				broken++
				a := tn.usual(r)
				a.body = a.body[:len(a.body)/2]
				return &a
			}
			return nil
		}
		l := clienttest.List(t, tn.client(t, size(5), only("computers")).Source(), mdm.Query{})
		assert.Len(t, l.Records, 20, "asked for again within the listing")
		assert.True(t, l.End.Complete)
	})
}

func TestQuirk28SlowPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{computers: computers(2500)}
		tn.hook = func(r *http.Request) *answer {
			if n, _ := strconv.Atoi(r.URL.Query().Get("page-size")); n > 500 {
				return &answer{status: 504, body: "<html>Gateway time-out</html>", header: http.Header{"Content-Type": {"text/html"}}}
			}
			return nil
		}
		l := clienttest.List(t, tn.client(t, size(1000), only("computers")).Source(), mdm.Query{})
		assert.Len(t, l.Records, 2500, "halved, and none lost")
		assert.True(t, l.End.Complete)
	})
}

func TestQuirk29LargePage(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: computers(500)}
	for i := range tn.computers {
		tn.computers[i].json = strings.TrimSuffix(tn.computers[i].json, "}") + `,"services":[{"name":"` + strings.Repeat("x", 35_000) + `"}]}`
	}
	l := clienttest.List(t, tn.client(t, size(500), only("computers")).Source(), mdm.Query{})
	assert.Len(t, l.Records, 500)
}

func TestQuirk52Lenient(t *testing.T) {
	t.Parallel()
	tn := &tenant{mobiles: mobiles(3)}
	clienttest.List(t, tn.client(t).Source(), mdm.Query{})
	for _, r := range tn.requests("GET", "/api/v2/mobile-devices/detail") {
		assert.Equal(t, "LENIENT", r.URL.Query().Get("exception-handling"))
	}
	tn = &tenant{mobiles: mobiles(3), version: "11.28.1-t1"}
	clienttest.List(t, tn.client(t).Source(), mdm.Query{})
	for _, r := range tn.requests("GET", "/api/v2/mobile-devices/detail") {
		assert.False(t, r.URL.Query().Has("exception-handling"), "not asked of a server that does not know it")
	}
}

// TestQuirk52Damaged loses one record and not its page, on a server that
// cannot be lenient.
func TestQuirk52Damaged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{mobiles: mobiles(450), version: "11.20.0"}
		tn.hook = func(r *http.Request) *answer {
			q := r.URL.Query()
			page, _ := strconv.Atoi(q.Get("page"))
			n, _ := strconv.Atoi(q.Get("page-size"))
			if strings.HasSuffix(r.URL.Path, "/detail") && strings.HasSuffix(q.Get("sort"), ":asc") && page*n <= 322 && 322 < (page+1)*n {
				return &answer{status: 500, body: `{"httpStatus":500,"errors":[]}`}
			}
			return nil
		}
		l := clienttest.List(t, tn.client(t).Source(), mdm.Query{})
		assert.Len(t, l.Records, 449)
		assert.NotContains(t, l.IDs(), "mobile:323")
		require.Len(t, l.Lost, 1)
		require.ErrorIs(t, l.Lost[0], mdm.ErrDecode)
		assert.False(t, l.End.Complete)
		assert.Contains(t, l.End.Why, "1 records")
	})
}

func TestQuirk52BrokenServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{mobiles: mobiles(450)}
		tn.hook = func(r *http.Request) *answer {
			if strings.HasSuffix(r.URL.Path, "/detail") && strings.HasSuffix(r.URL.Query().Get("sort"), ":asc") {
				return &answer{status: 500, body: `{"httpStatus":500,"errors":[]}`}
			}
			return nil
		}
		var last error
		for _, err := range tn.client(t).Source().Pages(t.Context(), mdm.Query{}) {
			last = err
		}
		require.ErrorIs(t, last, mdm.ErrUnavailable, "a server that fails for everything has no damaged records")
		assert.Less(t, len(tn.asked), 200)
	})
}

func TestQuirk65Connections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{computers: computers(400), mobiles: mobiles(400)}
		var now, most atomic.Int32
		slow := roundTripper(func(r *http.Request) (*http.Response, error) {
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			time.Sleep(50 * time.Millisecond)
			return tn.RoundTrip(r)
		})
		c := tn.client(t, size(4), func(cfg *jamfpro.Config) { cfg.Transport = clienttest.Quick(slow); cfg.Transport.PageSize = 4 })
		begin := time.Now()
		done := make(chan int)
		for range 2 {
			go func() { done <- len(clienttest.List(t, c.Source(), mdm.Query{}).Records) }()
		}
		assert.Equal(t, 1600, <-done+<-done)
		assert.EqualValues(t, 5, most.Load(), "for the whole client")
		assert.Less(t, time.Since(begin), 5*time.Second)
	})
	_, err := jamfpro.New(jamfpro.Config{Address: "x.jamfcloud.com", ClientID: clientID, ClientSecret: mdm.NewSecret("S"), Transport: quickConcurrency(6)})
	require.ErrorIs(t, err, mdm.ErrInvalid)
}
