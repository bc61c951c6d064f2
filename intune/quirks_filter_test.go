package intune_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestQuirk20FilterIsCheckedAgain drops what a service that ignored the filter
// sent.
func TestQuirk20FilterIsCheckedAgain(t *testing.T) {
	t.Parallel()
	tn := paged(pageOf("", deviceRow(1, `"serialNumber":"S1"`), deviceRow(2, `"serialNumber":"S2"`)))
	d, err := tn.client(t).DeviceBySerial(t.Context(), "s2")
	require.NoError(t, err)
	assert.Equal(t, "Device 2", d.Name)
}

// TestQuirk21QuotesAreDoubled writes a quote into a filter.
func TestQuirk21QuotesAreDoubled(t *testing.T) {
	t.Parallel()
	tn := paged(pageOf(""))
	clienttest.Collect(t, tn.client(t).Devices(t.Context(), &intune.DevicesOptions{Filter: intune.Equal(intune.ByName, "O'Brien & Co")}))
	assert.Equal(t, "deviceName eq 'O''Brien & Co'", tn.requests(http.MethodGet, devices)[0].URL.Query().Get("$filter"))
}

// TestQuirk22RefusedFilter reads the whole list where the service refuses a
// filter, and finds the same. It asks with the filter once, or three times where
// the failure may pass, and then not again for an hour.
func TestQuirk22RefusedFilter(t *testing.T) {
	t.Parallel()
	for status, asks := range map[int]int{http.StatusBadRequest: 1, http.StatusInternalServerError: 3} {
		synctest.Test(t, func(t *testing.T) {
			c, fake := fakeTenant(t, size(20))
			want := clienttest.List(t, c.Source(), mdm.Query{}).Records[30]
			fake.SetWire(intunetest.Wire{FilterStatus: status})
			filtered := func() (with, without int) {
				for _, r := range fake.Requests() {
					switch {
					case !strings.HasSuffix(r.Path, devices):
					case r.Query.Has("$filter"):
						with++
					default:
						without++
					}
				}
				fake.Forget()
				return with, without
			}
			find := func() {
				d, err := c.DeviceBySerial(t.Context(), want.Serial)
				require.NoError(t, err)
				assert.Equal(t, want.ID, d.ID)
			}
			filtered()
			find()
			with, without := filtered()
			assert.Equal(t, asks, with)
			assert.Equal(t, (len(fake.IDs())+19)/20, without, "all pages, once")
			find()
			with, _ = filtered()
			assert.Zero(t, with, "remembered")
			clienttest.Collect(t, c.Devices(t.Context(), &intune.DevicesOptions{Filter: intune.Equal(intune.ByName, want.Name)}))
			with, _ = filtered()
			assert.Equal(t, asks, with, "of another property nothing is known")
			fake.SetWire(intunetest.Wire{})
			time.Sleep(time.Hour)
			find()
			with, without = filtered()
			assert.Equal(t, [2]int{1, 0}, [2]int{with, without}, "the outage is over")
		})
	}
}

// TestQuirk22NotTheFilter gives up where the list cannot be read without the
// filter either, and does not blame the filter.
func TestQuirk22NotTheFilter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		broken := true
		tn := &tenant{hook: func(r *request) *answer {
			if a := failure(500, "InternalServerError", ""); broken && r.URL.Path == "/v1.0"+devices {
				return &a
			}
			return nil
		}, script: scripted{"GET /v1.0" + devices: pageOf("", deviceRow(1, `"serialNumber":"S1"`))}}
		c := tn.client(t)
		_, err := c.DeviceBySerial(t.Context(), "S1")
		require.ErrorIs(t, err, mdm.ErrUnavailable)
		assert.Len(t, tn.requests(http.MethodGet, devices), 6, "three times with the filter, and without")
		broken = false
		_, err = c.DeviceBySerial(t.Context(), "S1")
		require.NoError(t, err)
		assert.True(t, tn.requests(http.MethodGet, devices)[6].URL.Query().Has("$filter"))
	})
}

// TestQuirk36SerialTwice finds the newest of several records with one serial
// number, which stay several devices.
func TestQuirk36SerialTwice(t *testing.T) {
	t.Parallel()
	district := fleet.New(fleet.Options{Devices: 40})
	fake := intunetest.New(district)
	c := clientOf(t, fake)
	first := clienttest.List(t, c.Source(), mdm.Query{}).Records[7]
	twin := district.Devices[slices.Index(fake.IDs(), first.ID)]
	twin.LastSeen = twin.LastSeen.Add(-48 * time.Hour)
	stale := fake.Add(twin)
	twin.LastSeen = twin.LastSeen.Add(96 * time.Hour)
	newest := fake.Add(twin)
	d, err := c.DeviceBySerial(t.Context(), first.Serial)
	require.NoError(t, err)
	assert.Equal(t, newest, d.ID)
	var ids []string
	for _, r := range clienttest.List(t, c.Source(), mdm.Query{}).Records {
		if r.Serial == first.Serial {
			ids = append(ids, r.ID)
		}
	}
	assert.ElementsMatch(t, []string{first.ID, stale, newest}, ids)

	row := `"serialNumber":"S1","lastSyncDateTime":"2026-03-02T17:40:11Z","enrolledDateTime":"2026-0`
	d, err = paged(pageOf("", deviceRow(1, row+`2-01T00:00:00Z"`), `{"serialNumber":"S1"}`, deviceRow(2, row+`3-01T00:00:00Z"`))).client(t).DeviceBySerial(t.Context(), "S1")
	require.NoError(t, err, "a damaged record is no reason to find nothing")
	assert.Equal(t, "Device 2", d.Name)
	_, err = paged(pageOf("", `{"serialNumber":"S1"}`)).client(t).DeviceBySerial(t.Context(), "S1")
	require.ErrorIs(t, err, mdm.ErrDecode, "but it may be the one")
	_, err = paged(pageOf("")).client(t).DeviceBySerial(t.Context(), "S1")
	require.ErrorIs(t, err, mdm.ErrNotFound)
}

// TestSyncedSince lists devices that checked in after a time, and holds what
// comes against it.
func TestSyncedSince(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	all := clienttest.List(t, c.Source(), mdm.Query{}).Records
	var times []time.Time
	for _, r := range all {
		times = append(times, r.LastSeen)
	}
	slices.SortFunc(times, time.Time.Compare)
	since := times[len(times)/2]
	want := 0
	for _, at := range times {
		if at.After(since) {
			want++
		}
	}
	require.Positive(t, want)
	filter := intune.SyncedSince(since)
	assert.Equal(t, "lastSyncDateTime gt "+since.Format(time.RFC3339), filter.String())
	assert.Len(t, clienttest.Collect(t, c.Devices(t.Context(), &intune.DevicesOptions{Filter: filter})), want)
	tn := paged(pageOf("", deviceRow(1, `"lastSyncDateTime":"2026-03-01T00:00:00Z"`), deviceRow(2, `"lastSyncDateTime":"2026-03-03T00:00:00Z"`)))
	since = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	assert.Equal(t, []string{"Device 2"}, names(clienttest.Collect(t, tn.client(t).Devices(t.Context(), &intune.DevicesOptions{Filter: intune.SyncedSince(since)}))))
}

// TestSyncedSinceInTheSecond keeps a device that checked in later in the second
// from which on devices are asked for: lists tell whole seconds only.
func TestSyncedSinceInTheSecond(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	second := time.Now().Add(48 * time.Hour).UTC().Truncate(time.Second)
	late := fake.Add(fleet.Device{Serial: "K4TESTQ6VN", Name: "Late", Platform: fleet.MacOS, Managed: true, LastSeen: second.Add(700 * time.Millisecond)})
	for _, since := range []time.Time{second, second.Add(500 * time.Millisecond)} {
		all := clienttest.Collect(t, c.Devices(t.Context(), &intune.DevicesOptions{Filter: intune.SyncedSince(since)}))
		require.Len(t, all, 1)
		assert.Equal(t, late, all[0].ID)
	}
	assert.Empty(t, clienttest.Collect(t, c.Devices(t.Context(), &intune.DevicesOptions{Filter: intune.SyncedSince(second.Add(time.Second))})))
}

// TestRefusedFilterAfterBreak finds a device of a filtered page that broke off,
// after which the service refused the filter.
func TestRefusedFilterAfterBreak(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		whole := pageOf("", deviceRow(1, `"serialNumber":"S1"`))
		refusal := failure(http.StatusInternalServerError, "InternalServerError", "")
		d, err := paged(answer{body: strings.TrimSuffix(whole.body, "]}")}, refusal, refusal, whole).client(t).DeviceBySerial(t.Context(), "S1")
		require.NoError(t, err)
		assert.Equal(t, "Device 1", d.Name)
	})
}

// TestBadFilter refuses a filter that would leave out nothing or everything.
func TestBadFilter(t *testing.T) {
	t.Parallel()
	c, tn := scripted{}.client(t)
	for _, filter := range []intune.Filter{intune.Equal(intune.UnknownProperty, "x"), intune.Equal(intune.BySerial, " ")} {
		for _, err := range c.Devices(t.Context(), &intune.DevicesOptions{Filter: filter}) {
			require.ErrorIs(t, err, mdm.ErrInvalid)
		}
	}
	assert.Empty(t, tn.asked)
}
