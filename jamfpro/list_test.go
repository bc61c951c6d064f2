package jamfpro_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const short = "/api/v2/mobile-devices"

// shortPages answers page by page; the last one for all that follow.
func shortPages(bodies ...string) *tenant {
	tn := &tenant{}
	tn.hook = func(r *http.Request) *answer {
		if r.URL.Path != short {
			return nil
		}
		body := bodies[0]
		if len(bodies) > 1 {
			bodies = bodies[1:]
		}
		return &answer{body: body}
	}
	return tn
}

// shortPage is a page of the short list with devices of these ids.
func shortPage(total int, ids ...int) string {
	var texts []string
	for _, id := range ids {
		texts = append(texts, fmt.Sprintf(`{"id":"%d","name":"iPad %[1]d"}`, id))
	}
	return fmt.Sprintf(`{"totalCount":%d,"results":[%s]}`, total, strings.Join(texts, ","))
}

func deviceIDs(all []*jamfpro.Device) []string {
	var ids []string
	for _, d := range all {
		ids = append(ids, d.ID)
	}
	return ids
}

// TestTableWithoutCount takes no page for a whole list that does not say how
// long the list is.
func TestTableWithoutCount(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"results":[{"id":"1"}]}`, `{"totalCount":null,"results":[{"id":"1"}]}`, `{"totalCount":1}`} {
		c, _ := scripted{"GET " + short: {body: body}, "GET /api/v1/buildings": {body: body}, "GET /api/v1/device-enrollments": {body: body}}.client(t)
		_, devices := ended(c.ShortMobileDevices(t.Context()))
		_, buildings := ended(c.Buildings(t.Context()))
		_, enrollments := ended(c.Enrollments(t.Context()))
		for _, failures := range [][]error{devices, buildings, enrollments} {
			require.Len(t, failures, 1, body)
			require.ErrorIs(t, failures[0], mdm.ErrDecode)
		}
	}
}

// TestTableDamagedRows loses rows that make no sense and tells of each.
func TestTableDamagedRows(t *testing.T) {
	t.Parallel()
	const rows = `{"id":"1","mobileDeviceId":"1","name":"A"},"junk",{"name":"no id"},{"id":"2","mobileDeviceId":"2","name":"B"}`
	list, bare := answer{body: `{"totalCount":4,"results":[` + rows + `]}`}, answer{body: `[` + rows + `]`}
	c, _ := scripted{"GET " + short: list, "GET /api/v1/buildings": list, "GET /api/v1/departments": list, "GET /api/v1/device-enrollments": list,
		"GET /api/v1/device-enrollments/1/devices": list, "GET /api/v2/mobile-device-groups/static-group-membership/5": list,
		"GET /api/v1/sites": bare, "GET /api/v1/computer-groups": bare}.client(t)
	devices, lost := ended(c.ShortMobileDevices(t.Context()))
	assert.Equal(t, []string{"1", "2"}, deviceIDs(devices))
	for name, failures := range map[string][]error{
		"short":       lost,
		"members":     second(ended(c.MobileDeviceGroupMembers(t.Context(), jamfpro.DeviceGroup{ID: "5"}))),
		"buildings":   second(ended(c.Buildings(t.Context()))),
		"departments": second(ended(c.Departments(t.Context()))),
		"enrollments": second(ended(c.Enrollments(t.Context()))),
		"devices":     second(ended(c.EnrollmentDevices(t.Context(), "1"))),
		"sites":       second(ended(c.Sites(t.Context()))),
		"groups":      second(ended(c.ComputerGroups(t.Context()))),
	} {
		require.Len(t, failures, 2, name)
		require.ErrorIs(t, failures[0], mdm.ErrDecode, name)
	}
	sites, failures := ended(c.Source().Sites(t.Context()))
	assert.Equal(t, []mdm.Site{{ID: "1", Name: "A"}, {ID: "2", Name: "B"}}, sites)
	assert.Len(t, failures, 1, "the last element")
	health, err := c.Source().Health(t.Context())
	require.NoError(t, err)
	assert.Len(t, health, 5, "the credentials, and four tokens of which two cannot be read")
}

// TestTableReadAgain reads a list once more that changed meanwhile, and
// delivers nothing twice.
func TestTableReadAgain(t *testing.T) {
	t.Parallel()
	tn := shortPages(shortPage(4, 1, 2), shortPage(3, 2, 4), shortPage(3, 2, 3, 4))
	all, failures := ended(tn.client(t).ShortMobileDevices(t.Context()))
	assert.Empty(t, failures)
	assert.Equal(t, []string{"1", "2", "4", "3"}, deviceIDs(all))
	assert.Len(t, tn.requests("GET", short), 3)
}

// TestTableReadAgainDamaged tells of a row that cannot be read once, though it
// is met twice.
func TestTableReadAgainDamaged(t *testing.T) {
	t.Parallel()
	damaged := `{"totalCount":3,"results":[{"id":"1"},"junk",{"id":"2"}]}`
	tn := shortPages(`{"totalCount":4,"results":[{"id":"1"},"junk"]}`, `{"totalCount":3,"results":[{"id":"2"}]}`, damaged)
	all, failures := ended(tn.client(t).ShortMobileDevices(t.Context()))
	assert.Equal(t, []string{"1", "2"}, deviceIDs(all))
	require.Len(t, failures, 1)
	require.ErrorIs(t, failures[0], mdm.ErrDecode)
	assert.Len(t, tn.requests("GET", short), 3)
}

// TestTableRestless ends with a conflict if a list is not as long as the
// server counts.
func TestTableRestless(t *testing.T) {
	t.Parallel()
	for name, tn := range map[string]*tenant{
		"too short":  shortPages(shortPage(9, 1, 2), shortPage(9), shortPage(9, 1, 2), shortPage(9)),
		"same twice": shortPages(shortPage(4, 1, 2)),
	} {
		all, failures := ended(tn.client(t).ShortMobileDevices(t.Context()))
		assert.Equal(t, []string{"1", "2"}, deviceIDs(all), name)
		require.Len(t, failures, 1, name)
		require.ErrorIs(t, failures[0], mdm.ErrConflict)
		assert.Len(t, tn.requests("GET", short), 4)
	}
}

// TestTableOfNamesDamaged lists devices although the name of a building cannot
// be read, but not if no building can.
func TestTableOfNamesDamaged(t *testing.T) {
	t.Parallel()
	tn := &tenant{computers: []row{{1, `{"id":"1","userAndLocation":{"buildingId":"2"}}`}},
		script: scripted{"GET /api/v1/buildings": {body: `{"totalCount":3,"results":["junk",{"id":"2","name":"Main building"}]}`}}}
	want := mdm.Query{Want: mdm.Keys{mdm.KeyBuilding}}
	l := clienttest.List(t, tn.client(t, only("computers")).Source(), want)
	assert.Equal(t, "Main building", l.Records[0].Building)
	tn.script["GET /api/v1/buildings"] = answer{body: `{"results":[]}`}
	_, failures := ended(tn.client(t, only("computers")).Source().Pages(t.Context(), want))
	require.Len(t, failures, 1)
	require.ErrorIs(t, failures[0], mdm.ErrDecode)
}
