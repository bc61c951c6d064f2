package abm_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/abm"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// oneDevice lists a single device with the given attributes.
func oneDevice(t *testing.T, attributes string) *abm.Device {
	t.Helper()
	p := newPortal(t, 0)
	p.serve(devicesRoute, 200, `{"data":[{"type":"orgDevices","id":"A1","attributes":`+attributes+`}]}`)
	devices := listDevices(t, p.connect())
	require.Len(t, devices, 1)
	return devices[0]
}

// TestQuirk38TextOrArray shows attributes that are a text in some versions and
// an array in others.
func TestQuirk38TextOrArray(t *testing.T) {
	t.Parallel()
	for value, want := range map[string][]string{
		`"3C22FB104A01"`:            {"3C22FB104A01"},
		`["3C22FB104A01"]`:          {"3C22FB104A01"},
		`["3C22FB104A01"," ","2C"]`: {"3C22FB104A01", "2C"},
		`[null,{"x":1},"2C"]`:       {"2C"},
		`null`:                      nil, `""`: nil, `[]`: nil, `{"x":[1]}`: nil, `true`: {"true"},
	} {
		d := oneDevice(t, `{"wifiMacAddress":`+value+`,"bluetoothMacAddress":`+value+`,"ethernetMacAddress":`+value+`,"imei":`+value+`,"meid":`+value+`}`)
		for _, got := range [][]string{d.WiFiMACs, d.BluetoothMACs, d.EthernetMACs, d.IMEIs, d.MEIDs} {
			assert.Equal(t, want, got, value)
		}
		r := d.Record()
		if want != nil {
			assert.Equal(t, want[0], r.MAC(), value)
		}
		assert.Equal(t, value == `null` || value == `""` || value == `[]`, r.Blank.Has(mdm.KeyMACWiFi), value)
	}
	d := oneDevice(t, `{"imei":356938035643809,"color":"","serialNumber":" A1 "}`)
	assert.Equal(t, []string{"356938035643809"}, d.IMEIs)
	assert.Equal(t, "A1", d.SerialNumber)
	assert.Equal(t, mdm.Blank, mdm.Value(d, mdm.KeyColour).State)
	assert.Equal(t, mdm.NotReported, mdm.Value(d, mdm.KeyMACWiFi).State)
}

// TestQuirk39Released shows a released device: absent in the list, given by
// itself for some time, and gone later.
//
//mdm:feature 3.20
func TestQuirk39Released(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 2)
	const path = "/v1/orgDevices/GONE1"
	p.serve("GET "+path, 200, `{"data":{"type":"orgDevices","id":"GONE1","attributes":{"serialNumber":"GONE1","status":"UNASSIGNED",
		"releasedFromOrgDateTime":"2026-01-16T11:22:33.5Z","releaserEntityType":"REPLACEMENT","releaserId":"77"}}}`)
	p.serve("GET "+path+"/assignedServer", 404, ``)
	p.serve("GET "+path+"/appleCareCoverage", 404, ``)
	src := p.connect().Source()
	_, n := lastPage(t, src, mdm.Query{})
	assert.Equal(t, 2, n)
	d, err := src.Device(t.Context(), "GONE1")
	require.NoError(t, err)
	r := d.Record()
	assert.Equal(t, mdm.StatusReleased, r.Status)
	assert.Equal(t, time.Date(2026, 1, 16, 11, 22, 33, 5e8, time.UTC), r.Released)
	assert.Equal(t, "REPLACEMENT", r.Custom[abm.CustomReleasedBy])
	p.serve("GET "+path, 404, `{"errors":[{"status":"404","code":"NOT_FOUND"}]}`)
	d, err = src.Device(t.Context(), "GONE1")
	requireKind(t, err, mdm.ErrNotFound)
	assert.Nil(t, d)
}

// TestQuirk41NoServer shows the forms in which a device is assigned to none.
func TestQuirk41NoServer(t *testing.T) {
	t.Parallel()
	for status, bodies := range map[int][]string{404: {`{"errors":[{"status":"404","code":"NOT_FOUND"}]}`, ``},
		200: {`{"data":null}`, `{"data":{"type":"mdmServers","id":""}}`, `{"data":[]}`, `{}`}} {
		for _, body := range bodies {
			p := newPortal(t, 1)
			p.serve("GET /v1/orgDevices/DMPX00000000/assignedServer", status, body)
			p.serve("GET /v1/orgDevices/DMPX00000000/relationships/assignedServer", status, body)
			c := p.connect()
			id, err := c.AssignedServerID(t.Context(), "DMPX00000000")
			require.NoError(t, err, body)
			assert.Empty(t, id)
			_, err = c.AssignedServer(t.Context(), "DMPX00000000")
			requireKind(t, err, mdm.ErrNotFound)
			d, err := c.Source().Device(t.Context(), "DMPX00000000")
			require.NoError(t, err)
			assert.Equal(t, mdm.Blank, mdm.Value(d, mdm.CustomKey(abm.CustomServer)).State)
		}
	}
}

// TestQuirk47Errors shows error answers of every shape.
func TestQuirk47Errors(t *testing.T) {
	t.Parallel()
	const path = "GET /v1/orgDevices/DMPX00000000"
	for _, tc := range []struct {
		status int
		body   string
		kind   error
		vendor string
	}{
		{404, `{"errors":null}`, mdm.ErrNotFound, ""},
		{404, `{"errors":[]}`, mdm.ErrNotFound, ""},
		{404, ``, mdm.ErrNotFound, ""},
		{404, `{"errors":[{"id":"6a1d0c2e-77b4-4f0e-8b5d-1e2f3a4b5c99","status":"404","code":"NOT_FOUND"}]}`, mdm.ErrNotFound, "NOT_FOUND"},
		{404, `<!DOCTYPE html><html>x</html>`, mdm.ErrWrongAddress, ""},
		{403, `{"errors":[{"code":"SECRET person"},{"code":"FORBIDDEN_ERROR"}]}`, mdm.ErrPermissionMissing, "FORBIDDEN_ERROR"},
		{409, `{"errors":[{"code":"ENTITY_ERROR.ATTRIBUTE.INVALID","detail":"SECRET"}]}`, mdm.ErrConflict, "ENTITY_ERROR.ATTRIBUTE.INVALID"},
		{422, `{"errors":{"a":{"code":"ENTITY_ERROR"}}}`, mdm.ErrInvalid, "ENTITY_ERROR"},
		{400, `{"errors":[{"code":"PARAMETER_ERROR.INVALID","detail":"SECRET","source":{"parameter":"SECRET"}}]}`, mdm.ErrInvalid, "PARAMETER_ERROR.INVALID"},
		{429, `{"errors":[{"status":429,"code":"RATE_LIMIT_EXCEEDED"}]}`, mdm.ErrRateLimited, "RATE_LIMIT_EXCEEDED"},
		{429, `<html>`, mdm.ErrRateLimited, ""},
		{503, strings.Repeat("x", 1<<20), mdm.ErrUnavailable, ""},
		{500, `{"errors":[{"code":"UNEXPECTED"}]}`, mdm.ErrUnavailable, "UNEXPECTED"},
		{200, `<html>login</html>`, mdm.ErrWrongAddress, ""},
		{200, `{"data":`, mdm.ErrDecode, ""},
		{200, `{"data":[]}`, mdm.ErrDecode, ""},
		{200, `[]`, mdm.ErrDecode, ""},
	} {
		p := newPortal(t, 1)
		p.serve(path, tc.status, tc.body)
		_, err := p.connect().Device(t.Context(), "DMPX00000000")
		e := requireKind(t, err, tc.kind)
		assert.Equal(t, tc.vendor, e.Vendor, tc.body)
		assert.NotContains(t, fmt.Sprintf("%+v %#v", err, err), "SECRET")
	}
	p := newPortal(t, 1)
	p.serve(path, 404, `{"errors":[{"id":"6a1d0c2e-77b4-4f0e-8b5d-1e2f3a4b5c99","code":"NOT_FOUND"}]}`)
	_, err := p.connect().Device(t.Context(), "DMPX00000000")
	assert.EqualError(t, err, "abm: device: not found (404, NOT_FOUND, request 6a1d0c2e-77b4-4f0e-8b5d-1e2f3a4b5c99)")
}

// TestQuirk48Coverage shows which of several plans counts, and the forms of
// none.
func TestQuirk48Coverage(t *testing.T) {
	t.Parallel()
	const path = "GET /v1/orgDevices/DMPX00000000/appleCareCoverage"
	p := newPortal(t, 1)
	c := p.connect()
	all, err := c.Coverage(t.Context(), "DMPX00000000")
	require.NoError(t, err)
	require.Len(t, all, 2)
	best, ok := abm.CurrentCoverage(all)
	assert.True(t, ok)
	assert.Equal(t, "AppleCare+ for iPad", best.Description)
	assert.Equal(t, mdm.Yes, best.Renewable)
	for status, body := range map[int]string{404: ``, 200: `{"data":[]}`} {
		p.serve(path, status, body)
		all, err = c.Coverage(t.Context(), "DMPX00000000")
		require.NoError(t, err)
		assert.Empty(t, all)
	}
	_, ok = abm.CurrentCoverage(nil)
	assert.False(t, ok)

	at := func(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }
	for _, tc := range []struct {
		all  []abm.Coverage
		want string
	}{
		{[]abm.Coverage{{ID: "a", Status: "INACTIVE", End: at(2030)}, {ID: "b", Status: "ACTIVE", End: at(2026)}}, "b"},
		{[]abm.Coverage{{ID: "a", Status: "ACTIVE", End: at(2026)}, {ID: "b", Status: "ACTIVE", End: at(2027)}}, "b"},
		{[]abm.Coverage{{ID: "a", Status: "ACTIVE", End: at(2027)}, {ID: "b", Status: "ACTIVE"}, {ID: "c", Status: "ACTIVE", End: at(2028)}}, "b"},
		{[]abm.Coverage{{ID: "a", Status: "EXPIRED", End: at(2020)}, {ID: "b", Status: "INACTIVE", End: at(2019)}}, "a"},
	} {
		best, ok := abm.CurrentCoverage(tc.all)
		assert.True(t, ok)
		assert.Equal(t, tc.want, best.ID)
	}
}

// TestQuirk49AddedByHand shows that a made-up order is no purchase.
func TestQuirk49AddedByHand(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 0)
	p.serve(devicesRoute, 200, fixture(t, "devices.json"))
	mini := listDevices(t, p.connect())[1]
	assert.False(t, mini.Bought())
	assert.Equal(t, "CE-2024-12-13-04-11-12-826", mini.OrderNumber)
	r := mini.Record()
	assert.Zero(t, r.Purchase)
	assert.Equal(t, "manually added", r.Enrolment.Source)
	for attributes, vendor := range map[string]string{
		`{"purchaseSourceType":"APPLE","purchaseSourceId":"4711","orderNumber":"W1"}`: "Apple (4711)",
		`{"purchaseSourceType":"RESELLER","orderNumber":"W1"}`:                        "Reseller",
		`{"purchaseSourceId":"4711","orderNumber":"W1"}`:                              "4711",
		`{"orderNumber":"W1"}`: "",
	} {
		bought := oneDevice(t, attributes).Record().Purchase
		assert.Equal(t, mdm.Purchase{Vendor: vendor, Order: "W1"}, bought, attributes)
	}
}

// TestQuirk50NoName shows that a device has no name, not even an empty one, by
// which two could be taken for the same.
func TestQuirk50NoName(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 2)
	for _, d := range listDevices(t, p.connect()) {
		assert.Equal(t, mdm.NotReported, mdm.Value(d, mdm.KeyName).State)
		assert.Equal(t, mdm.NotReported, mdm.Value(d, mdm.KeyHostName).State)
		assert.True(t, d.Record().LastSeen.IsZero(), "the change of an entry is no sign of life")
	}
}

// TestWrongTypes shows that an attribute that makes no sense costs itself only.
func TestWrongTypes(t *testing.T) {
	t.Parallel()
	d := oneDevice(t, `{"serialNumber":["A1"],"deviceModel":7,"productFamily":"Fridge","addedToOrgDateTime":{"x":1},
		"orderDateTime":"soon","eid":null,"status":"PENDING","isMdmMigrationCapable":"true","deviceCapacity":"lots","mdmMigrationStatus":"NEW"}`)
	r := d.Record()
	assert.Equal(t, "A1", r.Serial)
	assert.Equal(t, "7", r.Model)
	assert.Equal(t, mdm.ClassUnknown, r.Class)
	assert.Equal(t, "Fridge", r.PlatformText)
	assert.Zero(t, r.Added)
	assert.Zero(t, r.Purchase.Date)
	assert.Zero(t, r.Storage)
	assert.Equal(t, map[string]string{"assignment": "PENDING", "migration_status": "NEW"}, r.Custom)
	assert.Equal(t, mdm.Yes, d.MigrationCapable)
	for family, class := range map[string]mdm.Class{"iPhone": mdm.ClassPhone, "iPad": mdm.ClassTablet, "Mac": mdm.ClassComputer,
		"AppleTV": mdm.ClassTV, "Watch": mdm.ClassWatch, "Vision": mdm.ClassHeadset, "": mdm.ClassUnknown} {
		assert.Equal(t, class, oneDevice(t, `{"productFamily":"`+family+`"}`).Record().Class)
	}
	for text, want := range map[string]int64{"64GB": 64e9, "1TB": 1e12, "1.5 TB": 15e11, "GB": 0, "-1GB": 0, "NaNGB": 0, "1e99TB": 0, "64": 0} {
		assert.Equal(t, want, (&abm.Device{Capacity: text}).CapacityBytes(), text)
	}
}

// FuzzDevice reads devices that make no sense.
func FuzzDevice(f *testing.F) {
	f.Add(`{"id":"A1","attributes":{"imei":["3",null],"wifiMacAddress":{"a":"b"},"addedToOrgDateTime":"2025-10-14T08:05:00Z"}}`)
	f.Add(`{"id":["A1"],"attributes":[{"serialNumber":"A1"}]}`)
	f.Fuzz(func(t *testing.T, element string) {
		if !json.Valid([]byte(element)) { // the list would break off, and be asked for again after a pause
			return
		}
		p := newPortal(t, 0)
		p.serve(devicesRoute, http.StatusOK, `{"data":[`+element+`]}`)
		for d, err := range p.connect(func(cfg *abm.Config) { cfg.KeepRaw = true }).Devices(t.Context(), nil) {
			if err != nil {
				require.ErrorIs(t, err, mdm.ErrDecode)
				continue
			}
			assert.Equal(t, d.Record(), d.Record())
			assert.NotEmpty(t, d.Record().ID)
		}
	})
}

// FuzzKey reads files that are no keys.
func FuzzKey(f *testing.F) {
	_, file := newKey()
	f.Add(file)
	f.Add("-----BEGIN EC PRIVATE KEY-----\n")
	f.Fuzz(func(t *testing.T, file string) {
		if err := abm.CheckKey(file); err != nil {
			require.ErrorIs(t, err, mdm.ErrInvalid)
			assert.Less(t, len(err.Error()), 200)
		}
	})
}

// FuzzAnswers reads answers that make no sense, of every other kind.
func FuzzAnswers(f *testing.F) {
	for _, name := range []string{"servers.json", "coverage.json", "audit.json"} {
		f.Add(fixture(f, name), 200)
	}
	f.Add(`{"data":{"id":"A1","attributes":{"status":["COMPLETED"],"eventDataPropertyKey":"type","roleOuList":{"a":{"ouId":7}}}}}`, 200)
	f.Add(`{"errors":[{"code":7,"source":{"parameter":"fields[mdmServers]"},"detail":"status is not a valid field name"}]}`, 400)
	f.Fuzz(func(t *testing.T, body string, status int) {
		if !json.Valid([]byte(body)) || status < 200 || status > 499 || status == 429 { // these are asked for again after a pause
			return
		}
		p := newPortal(t, 0)
		for _, path := range []string{"mdmServers", "mdmServers/A1", "orgDevices/A1", "orgDevices/A1/appleCareCoverage", "orgDevices/A1/assignedServer",
			"auditEvents", "users", "users/A1", "userGroups", "mdmDevices", "orgDeviceActivities/A1"} {
			p.serve("GET /v1/"+path, status, body)
		}
		c, ctx := p.connect(), t.Context()
		for _, err := range c.Servers(ctx) {
			sane(t, err)
		}
		for _, err := range c.AuditEvents(ctx, abm.AuditOptions{From: time.Unix(1, 0), To: time.Unix(2, 0)}) {
			sane(t, err)
		}
		for _, err := range c.Users(ctx) {
			sane(t, err)
		}
		for _, err := range c.UserGroups(ctx) {
			sane(t, err)
		}
		for _, err := range c.ManagedDevices(ctx) {
			sane(t, err)
		}
		_, err := c.Server(ctx, "A1")
		sane(t, err)
		_, err = c.Coverage(ctx, "A1")
		sane(t, err)
		_, err = c.Activity(ctx, "A1")
		sane(t, err)
		_, err = c.User(ctx, "A1")
		sane(t, err)
		_, err = c.Source().Device(ctx, "A1")
		sane(t, err)
	})
}

// sane demands that an error is one of the vocabulary.
func sane(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		assert.NotEmpty(t, mdm.Code(err), "%v", err)
	}
}

// FuzzActivityLog reads logs that make no sense.
func FuzzActivityLog(f *testing.F) {
	f.Add(logText)
	f.Add("a,b\n\"x\"y,\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		p := newPortal(t, 0)
		p.serve(logRoute, http.StatusOK, text)
		a := &abm.Activity{Log: mdm.NewSecret("https://storage.example-cdn.net/activity/5f0e.csv")}
		for row, err := range p.connect().ActivityLog(t.Context(), a) {
			sane(t, err)
			if err == nil {
				assert.GreaterOrEqual(t, row.Line, 1)
				assert.Equal(t, len(row.Values) > 0 && row.Values[0] != "", row.Names(firstOf(row.Values)))
			}
		}
	})
}

func firstOf(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}
