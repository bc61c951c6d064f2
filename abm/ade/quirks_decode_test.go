package ade_test

import (
	"context"
	"encoding/json"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestQuirk21Limits takes the number of records in a page from the account,
// also where it tells nothing or nonsense.
func TestQuirk21Limits(t *testing.T) {
	t.Parallel()
	for urls, want := range map[string]string{
		`[{"uri":"/server/devices","limit":{"default":100,"maximum":1000}}]`:   "1000",
		`[{"uri":"/server/devices","limit":{"default":"50","maximum":"700"}}]`: "700",
		`[{"uri":"/server/devices","limit":{"default":200}}]`:                  "200",
		`[{"uri":"/server/devices","limit":{"default":0,"maximum":0}}]`:        "1000",
		`[{"uri":"/server/devices","limit":{"maximum":-5}}]`:                   "1000",
		`[{"uri":"/server/devices","limit":{"maximum":99999999}}]`:             "5000",
		`[{"uri":"/server/devices"}]`:                                          "1000",
		`[]`:                                                                   "1000",
		`null`:                                                                 "1000",
		`"none"`:                                                               "1000",
	} {
		s := script(func(e exchange) reply {
			switch e.path {
			case "/account":
				return reply{status: 200, body: `{"server_uuid":"4F1C2B7A90DE43B8A6E5D4C3B2A19087","urls":` + urls + `}`}
			case "/server/devices":
				return reply{status: 200, body: `{"cursor":"C","more_to_follow":false,"devices":[]}`}
			}
			return reply{}
		})
		_, err := client(t, s).FetchDevices(t.Context(), "")
		require.NoError(t, err, urls)
		assert.JSONEq(t, `{"limit":`+want+`}`, s.of("/server/devices")[0].body, urls)
	}
	f := newFake(t, 5)
	f.SetWire(adetest.Wire{NoURLs: true})
	assert.Len(t, clienttest.Collect(t, connect(t, f).Devices(t.Context())), 5)
	f.SetWire(adetest.Wire{})
	f.SetPaging(adetest.Paging{Default: 1, Fetch: 2, Sync: 2})
	assert.Len(t, whole(t, connect(t, f, pageSize(4)).Source()).next, 3, "never more than Apple allows")
}

// TestQuirk29Times reads every form of a time, and keeps words that it does
// not know.
func TestQuirk29Times(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 1, 12, 8, 0, 11, 0, time.UTC)
	for text, at := range map[string]time.Time{
		`"2026-01-12T08:00:11Z"`: want, `"2026-01-12T08:00:11.000Z"`: want, `"2026-01-12T08:00:11+00:00"`: want, `"2026-01-12T09:00:11+01:00"`: want,
		`""`: {}, `null`: {}, `"soon"`: {}, `17`: {}, `{}`: {},
	} {
		d := clienttest.Collect(t, client(t, fetched(`{"serial_number":"A1","profile_assign_time":`+text+`}`)).Devices(t.Context()))[0]
		assert.Equal(t, at, d.ProfileAssigned, text)
	}
	s := fetched(`{"serial_number":"A1"},{"serial_number":"A2","profile_status":"waiting","device_family":"Homepod","os":"homePodOS","op_type":"renamed"},
		{"serial_number":"A3","profile_status":"","device_family":null,"model":{"x":[1]}}`)
	devices := clienttest.Collect(t, client(t, s).Devices(t.Context()))
	require.Len(t, devices, 3)
	assert.Zero(t, devices[0].ProfileAssigned)
	assert.Equal(t, ade.ProfileUnknown, devices[1].ProfileStatus)
	assert.Equal(t, "waiting", devices[1].ProfileText)
	assert.Equal(t, "Homepod", devices[1].Record().PlatformText)
	assert.Equal(t, mdm.ClassUnknown, devices[1].Record().Class)
	assert.Equal(t, "renamed", devices[1].Operation)
	assert.Empty(t, devices[2].Model, "a wrong type loses that field only")
}

// TestQuirk30IMEI reads each form of an IMEI.
func TestQuirk30IMEI(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		`"01 129600 314225 1"`: {"011296003142251"}, `["01 129600 314225 1","356938035643809"]`: {"011296003142251", "356938035643809"},
		`"356938035643809"`: {"356938035643809"}, `null`: nil, `""`: nil, `[]`: nil, `[null,""]`: nil, `356938035643809`: {"356938035643809"}, `{"a":[1]}`: nil,
	} {
		d := clienttest.Collect(t, client(t, fetched(`{"serial_number":"A1","imei":`+text+`}`)).Devices(t.Context()))[0]
		assert.Equal(t, want, d.Record().IMEIs, text)
	}
}

// TestQuirk31LongCursor keeps a cursor of the greatest length whole.
func TestQuirk31LongCursor(t *testing.T) {
	t.Parallel()
	f := newFake(t, 6)
	f.SetWire(adetest.Wire{FullCursor: true})
	c := connect(t, f, pageSize(2))
	page, err := c.FetchDevices(t.Context(), "")
	require.NoError(t, err)
	assert.Len(t, page.Cursor, 1000)
	l := whole(t, c.Source())
	assert.Len(t, l.ids, 6)
	f.Assign(nil, serial(2))
	assert.Equal(t, []string{serial(2)}, since(t, c.Source(), l.end.Since).removed)
}

// TestQuirk32Details tells devices that cannot be read from those that can,
// within one answer.
func TestQuirk32Details(t *testing.T) {
	t.Parallel()
	f := newFake(t, 3)
	other := f.AddEntry("Annex")
	f.Add(other, tablet(7))
	f.Main.PlantDetail("DMPXFAILED01", json.RawMessage(`{"response_status":"FAILED"}`))
	f.Main.PlantDetail("DMPXBAREID01", json.RawMessage(`{"response_status":"SUCCESS","model":"iPad"}`))
	f.Main.PlantDetail("DMPXODDONE01", json.RawMessage(`"SUCCESS"`))
	want := []struct {
		serial string
		err    error
	}{{serial(1), nil}, {serial(7), mdm.ErrNotFound}, {"DMPXFAILED01", mdm.ErrUnavailable}, {"DMPXBAREID01", nil}, {"DMPXODDONE01", mdm.ErrUnavailable},
		{"no serial!", mdm.ErrNotFound}, {"dmpx00000002", nil}}
	var serials []string
	for _, w := range want {
		serials = append(serials, w.serial)
	}
	c := connect(t, f)
	i := 0
	for d, err := range c.Details(t.Context(), serials...) {
		if want[i].err != nil {
			require.ErrorIs(t, err, want[i].err, want[i].serial)
			assert.Nil(t, d)
		} else {
			require.NoError(t, err, want[i].serial)
			assert.Equal(t, strings.ToUpper(want[i].serial), d.SerialNumber, "the key of the map, where the record has none")
		}
		i++
	}
	assert.Equal(t, len(want), i)
	assert.Equal(t, 1, asked(f, "/devices"))
	_, err := c.Device(t.Context(), serial(7))
	require.ErrorIs(t, err, mdm.ErrNotFound, "200 with NOT_ACCESSIBLE only")
	s := answering("/devices", `{"devices":{"A1":{"response_status":"NOT_FOUND"}}}`)
	_, err = client(t, s).Device(t.Context(), "A1")
	require.ErrorIs(t, err, mdm.ErrNotFound, "as an earlier version said")
	_, err = client(t, s).Device(t.Context(), "A2")
	require.ErrorIs(t, err, mdm.ErrUnavailable, "left out")
	_, err = client(t, answering("/devices", `{}`)).Device(t.Context(), "A2")
	require.ErrorIs(t, err, mdm.ErrDecode)
}

// TestListsStop shows that whoever reads a list may stop at any element, and
// is told what ended it.
func TestListsStop(t *testing.T) {
	t.Parallel()
	f := newFake(t, 5)
	f.Main.Plant(json.RawMessage(`7`))
	c := connect(t, f, pageSize(2))
	for stop := 1; stop <= 6; stop++ {
		n := 0
		for range c.Devices(t.Context()) {
			if n++; n == stop {
				break
			}
		}
		assert.Equal(t, stop, n)
	}
	for range c.Details(t.Context(), serial(0), serial(1)) {
		break
	}
	for range c.Source().DeviceBatch(t.Context(), []string{serial(0), serial(1)}) {
		break
	}
	for range c.Unready(t.Context()) {
		break
	}
	f.Refuse("", 2, 403, "ACCESS_DENIED")
	var err error
	for _, failed := range c.Devices(t.Context()) {
		err = failed
	}
	require.ErrorIs(t, err, ade.ErrAccessDenied)
	n := 0
	for _, failed := range c.Details(t.Context(), serial(0), serial(1)) {
		require.ErrorIs(t, failed, ade.ErrAccessDenied)
		n++
	}
	assert.Equal(t, 1, n)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, list(t, cancelled{c.Source(), ctx}, mdm.Query{}).err, context.Canceled)
	_, err = c.Source().Device(ctx, serial(0))
	require.ErrorIs(t, err, context.Canceled)
	assert.Same(t, c, c.Source().Client())
}

// cancelled is a source whose context has ended.
type cancelled struct {
	mdm.Source
	ctx context.Context
}

func (c cancelled) Pages(_ context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return c.Source.Pages(c.ctx, q)
}
