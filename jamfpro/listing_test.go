package jamfpro_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ended reads a list to its end and returns its elements and its errors.
func ended[T any](all func(func(T, error) bool)) (kept []T, failures []error) {
	for v, err := range all {
		if err != nil {
			failures = append(failures, err)
			continue
		}
		kept = append(kept, v)
	}
	return kept, failures
}

// counting is a tenant that counts more computers than it has, in pages of
// its own.
func counting(total int, rows func(page, size int) []row) *tenant {
	tn := &tenant{}
	tn.hook = func(r *http.Request) *answer {
		if r.URL.Path != v4 {
			return nil
		}
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		size, _ := strconv.Atoi(r.URL.Query().Get("page-size"))
		var texts []string
		for _, row := range rows(page, size) {
			texts = append(texts, row.json)
		}
		return &answer{body: fmt.Sprintf(`{"totalCount":%d,"results":[%s]}`, total, strings.Join(texts, ","))}
	}
	return tn
}

// TestListingEmptyPage asks for no more once a page is empty, whatever the
// server counts.
func TestListingEmptyPage(t *testing.T) {
	t.Parallel()
	tn := counting(50_000, func(page, size int) []row {
		if page > 0 {
			return nil
		}
		return computers(min(3, size))
	})
	all, failures := ended(tn.client(t).Computers(t.Context(), nil))
	assert.Len(t, all, 3)
	require.Len(t, failures, 1)
	require.ErrorIs(t, failures[0], mdm.ErrConflict)
	assert.Less(t, len(tn.asked), 60)
}

// TestListingShortFirstPage does not take all pages for as short as the first.
func TestListingShortFirstPage(t *testing.T) {
	t.Parallel()
	tn := counting(2_000, func(page, size int) []row {
		switch {
		case page == 0:
			return computers(min(3, size))
		case page > 9:
			return nil
		}
		return computers(2_000)[page*size : (page+1)*size]
	})
	all, failures := ended(tn.client(t).Computers(t.Context(), nil))
	assert.Len(t, all, 3+9*200)
	require.Len(t, failures, 1)
	require.ErrorIs(t, failures[0], mdm.ErrConflict)
	assert.Less(t, len(tn.asked), 50)
}

// TestListingMovedAndDamaged reads a list again in which something moved, even
// if a record of it cannot be read.
func TestListingMovedAndDamaged(t *testing.T) {
	t.Parallel()
	drifting := func() *tenant {
		tn := &tenant{computers: computers(40)}
		tn.computers[29].json = `{"id":null}`
		done := false
		tn.hook = func(r *http.Request) *answer {
			if r.URL.Query().Get("page") == "2" && !done {
				done = true
				tn.computers = tn.computers[1:]
			}
			return nil
		}
		return tn
	}
	tn := drifting()
	l := clienttest.List(t, tn.client(t, size(4), only("computers"), one).Source(), mdm.Query{})
	assert.Len(t, l.Records, 39, "with the one that moved")
	assert.Contains(t, l.IDs(), "computer:9")
	assert.Len(t, l.Lost, 1, "told once")
	assert.False(t, l.End.Complete)
	assert.Contains(t, l.End.Why, "1 records")

	tn = drifting()
	all, failures := ended(tn.client(t, size(4), one).Computers(t.Context(), nil))
	assert.Len(t, all, 39)
	require.Len(t, failures, 1)
	require.ErrorIs(t, failures[0], mdm.ErrDecode)
}

// TestListingRestlessAndDamaged tells that a list did not hold still beside
// what could not be read.
func TestListingRestlessAndDamaged(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: computers(40)}
	tn.computers[29].json = `"x"`
	next := 40
	tn.hook = func(r *http.Request) *answer {
		if r.URL.Path == v4 {
			next++
			tn.computers = append(tn.computers[1:], computer(next))
		}
		return nil
	}
	_, failures := ended(tn.client(t, size(4), one).Computers(t.Context(), nil))
	require.NotEmpty(t, failures)
	require.ErrorIs(t, failures[len(failures)-1], mdm.ErrConflict)
}

// TestListingDamagedLater tells of a record that is damaged where it was not
// when the list was read first.
func TestListingDamagedLater(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: computers(12)}
	tn.hook = func(r *http.Request) *answer {
		if r.URL.Query().Get("page") == "2" && len(tn.computers) == 12 {
			tn.computers = tn.computers[1:]
		}
		if len(tn.computers) == 11 && strings.HasSuffix(r.URL.Query().Get("sort"), ":desc") {
			tn.computers[3].json, tn.computers[7].json = `{}`, `{}` // one of them was passed over
		}
		return nil
	}
	l := clienttest.List(t, tn.client(t, size(4), only("computers"), one).Source(), mdm.Query{})
	assert.Len(t, l.Records, 11)
	require.Len(t, l.Lost, 2)
	assert.Contains(t, l.End.Why, "2 records")
}

// TestListingMovedAndBroken reads a list twice in which many records make the
// server fail: they count once.
func TestListingMovedAndBroken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{mobiles: mobiles(40), version: "11.20.0"}
		done := false
		tn.hook = func(r *http.Request) *answer {
			q := r.URL.Query()
			if !strings.HasSuffix(r.URL.Path, "/detail") || strings.HasSuffix(q.Get("sort"), ":desc") {
				return nil
			}
			page, _ := strconv.Atoi(q.Get("page"))
			n, _ := strconv.Atoi(q.Get("page-size"))
			if page*n >= 36 && !done {
				done = true
				tn.mobiles = tn.mobiles[1:]
			}
			for _, row := range tn.mobiles[min(page*n, len(tn.mobiles)):min(page*n+n, len(tn.mobiles))] {
				if row.id > 4 && row.id%3 == 0 {
					return &answer{status: 500, body: `{"httpStatus":500,"errors":[]}`}
				}
			}
			return nil
		}
		l := clienttest.List(t, tn.client(t, size(4), only("mobile devices"), one).Source(), mdm.Query{})
		assert.True(t, done)
		assert.Len(t, l.Lost, 12)
		assert.Contains(t, l.End.Why, "12 records")
	})
}

// TestLenientUnknownVersion asks a server to leave out what is damaged if it
// is not known whether it can, and only after it failed.
func TestLenientUnknownVersion(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{"11.28.0": false, "": true} {
		synctest.Test(t, func(t *testing.T) {
			tn := &tenant{mobiles: mobiles(4), version: version}
			if version == "" { // does not tell it
				tn.script = scripted{"GET /api/v1/jamf-pro-version": {status: 404}}
			}
			lenient := false
			tn.hook = func(r *http.Request) *answer {
				q := r.URL.Query()
				page, _ := strconv.Atoi(q.Get("page"))
				n, _ := strconv.Atoi(q.Get("page-size"))
				lenient = lenient || q.Has("exception-handling")
				if strings.HasSuffix(r.URL.Path, "/detail") && strings.HasSuffix(q.Get("sort"), ":asc") && page*n <= 2 && 2 < (page+1)*n {
					return &answer{status: 500, body: `{"httpStatus":500,"errors":[]}`}
				}
				return nil
			}
			l := clienttest.List(t, tn.client(t, only("mobile devices")).Source(), mdm.Query{})
			assert.Len(t, l.Records, 3)
			assert.Len(t, l.Lost, 1)
			assert.Equal(t, want, lenient, version)
		})
	}
}

// TestDamagedIsNotMissing keeps a device whose record cannot be read apart from
// one that left.
func TestDamagedIsNotMissing(t *testing.T) {
	t.Parallel()
	tn := pair(nil)
	tn.mobiles = []row{{7, `{"mobileDeviceId":null,"hardware":{"serialNumber":"X7"}}`}, mobile(8)}
	tn.computers = []row{{7, `{"hardware":{"serialNumber":"X7"}}`}}
	c := tn.client(t)
	s := c.Source()
	_, err := c.MobileDevice(t.Context(), "7")
	require.ErrorIs(t, err, mdm.ErrDecode)
	_, err = s.Device(t.Context(), "mobile:7")
	require.ErrorIs(t, err, mdm.ErrDecode)
	for _, read := range []func() (*jamfpro.Device, error){
		func() (*jamfpro.Device, error) { return c.MobileDeviceBySerial(t.Context(), "X7") },
		func() (*jamfpro.Device, error) { return c.ComputerBySerial(t.Context(), "X7") },
	} {
		_, err = read()
		require.ErrorIs(t, err, mdm.ErrDecode)
		assert.NotErrorIs(t, err, mdm.ErrNotFound)
	}
	var errs []error
	for _, err := range s.DeviceBatch(t.Context(), []string{"mobile:8", "mobile:7", "computer:9", "nonsense"}) {
		errs = append(errs, err)
	}
	require.Len(t, errs, 4)
	require.NoError(t, errs[0])
	require.ErrorIs(t, errs[1], mdm.ErrDecode)
	require.ErrorIs(t, errs[2], mdm.ErrNotFound)
	require.ErrorIs(t, errs[3], mdm.ErrNotFound)
	tn.mobiles, tn.cut = mobiles(9), 1 // not all that the server counts is in its answer
	_, failures := ended(s.DeviceBatch(t.Context(), []string{"mobile:8", "mobile:9"}))
	require.Len(t, failures, 1)
	require.ErrorIs(t, failures[0], mdm.ErrDecode)
}

// TestSoftwareUnreadable tells of devices whose software is not known, behind
// the software of all others.
func TestSoftwareUnreadable(t *testing.T) {
	t.Parallel()
	tn := &tenant{
		computers: []row{{1, `{"id":"1","applications":[{"name":"A","version":"1"}]}`}, {2, `"x"`}, {3, `{"id":"3","applications":null}`}, {4, `{"id":"4","applications":[]}`}},
		mobiles:   []row{{1, `{"mobileDeviceId":"1","applications":[{"name":"B","version":"2"}]}`}, {2, `{}`}},
	}
	s := tn.client(t).Source()
	want := []mdm.Install{{Device: "computer:1", Name: "A", Version: "1"}, {Device: "mobile:1", Name: "B", Version: "2"}}
	for name, ids := range map[string][]string{"2 devices could not be read, and of 1": nil,
		"1 devices could not be read, and of 1": {"computer:1", "mobile:2", "computer:3", "computer:4", "mobile:1"}} {
		all, failures := ended(s.Software(t.Context(), ids))
		assert.Equal(t, want, all)
		require.Len(t, failures, 1)
		require.ErrorIs(t, failures[0], mdm.ErrDecode)
		assert.ErrorContains(t, failures[0], name)
	}
	for range s.Software(t.Context(), nil) {
		break
	}
}
