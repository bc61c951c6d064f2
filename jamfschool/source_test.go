package jamfschool_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/jamfschool"
	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSourceContract(t *testing.T) {
	t.Parallel()
	d := fleet.New(fleet.Options{Devices: 60})
	fake := jamfschooltest.New(d)
	mdmtest.Run(t, func(t *testing.T) mdm.Source {
		return clientOf(t, fake, func(cfg *jamfschool.Config) { cfg.Transport.PageSize = 20 }).Source()
	}, mdmtest.Options{Secrets: []string{fake.Key, fake.NetworkID}, Devices: len(d.Devices), MaxPage: 20, Missing: "00000000-0000-0000-0000-000000000000"})
	assert.Empty(t, fake.Violations())
}

// TestSourceSharedUDID shows that two Macs with one UDID stay two devices, and
// that none of them can be wiped in place of the other.
func TestSourceSharedUDID(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	records := map[string]mdm.Record{}
	shared := ""
	for d, err := range mdm.Devices(t.Context(), c.Source(), mdm.Query{}) {
		require.NoError(t, err)
		r := d.Record()
		records[r.ID] = r
		if _, _, second := strings.Cut(r.ID, "#"); second {
			shared = r.ID
		}
	}
	require.NotEmpty(t, shared, "the district has a pair of copied Macs")
	a, b := records[strings.Split(shared, "#")[0]], records[shared]
	d, err := c.Source().Device(t.Context(), shared)
	require.NoError(t, err)
	assert.Equal(t, b.Serial, d.Record().Serial)
	assert.NotEqual(t, a.Serial, b.Serial)
	fake.Forget()
	_, err = c.Source().Send(t.Context(), b, mdm.Wipe{})
	require.ErrorIs(t, err, mdm.ErrUnsupported)
	detail, err := c.Device(t.Context(), a.UDID, false)
	require.NoError(t, err)
	a.Serial = "OTHER" + detail.SerialNumber
	_, err = c.Source().Send(t.Context(), a, mdm.Wipe{})
	require.ErrorIs(t, err, mdm.ErrConflict)
	assert.Zero(t, fake.Count("POST", ""))
}

// TestSourceLocations shows that a connection can be one school of a tenant.
func TestSourceLocations(t *testing.T) {
	t.Parallel()
	_, fake := fakeTenant(t)
	all := map[string]int{}
	for d, err := range mdm.Devices(t.Context(), clientOf(t, fake).Source(), mdm.Query{}) {
		require.NoError(t, err)
		all[d.Record().Site.ID]++
	}
	for _, locations := range [][]int64{{0}, {1}, {1, 2}, {}} {
		c := clientOf(t, fake, func(cfg *jamfschool.Config) { cfg.Locations = locations })
		want := 0
		for _, l := range locations {
			want += all[id(l)]
		}
		got := 0
		var end *mdm.End
		for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
			require.NoError(t, err)
			got += len(page.Devices)
			end = page.End
		}
		assert.Equal(t, want, got, "%v", locations)
		assert.True(t, end.Complete, "complete within the filter")
		assert.True(t, strings.HasPrefix(c.Info().Filter, "locations="))
	}
	assert.Empty(t, clientOf(t, fake).Info().Filter)
}

// TestSourceLocationUnreadable shows that a device whose location cannot be
// read is lost, and not outside of the connection.
func TestSourceLocationUnreadable(t *testing.T) {
	t.Parallel()
	c, _ := scripted{
		"GET /devices": {body: `{"code":200,"count":3,"devices":[{"UDID":"` + someUDID + `","locationId":{"id":2}},
			{"UDID":"00008101-000A1B2C3D4E0020","locationId":2},{"UDID":"00008101-000A1B2C3D4E0021","locationId":4}]}`},
		"GET /devices/" + someUDID:               {body: `{"code":200,"device":{"UDID":"` + someUDID + `","locationId":null}}`},
		"GET /devices/00008101-000A1B2C3D4E0021": {body: `{"code":200,"device":{"UDID":"00008101-000A1B2C3D4E0021","locationId":4}}`},
	}.client(t, func(cfg *jamfschool.Config) { cfg.Locations = []int64{2, 3} })
	for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
		require.NoError(t, err)
		assert.Len(t, page.Devices, 1)
		require.Len(t, page.Lost, 1)
		require.ErrorIs(t, page.Lost[0], mdm.ErrDecode)
		assert.False(t, page.End.Complete)
	}
	_, err := c.Source().Device(t.Context(), someUDID)
	require.ErrorIs(t, err, mdm.ErrDecode)
	assert.NotErrorIs(t, err, mdm.ErrNotFound)
	_, err = c.Source().Device(t.Context(), "00008101-000A1B2C3D4E0021")
	require.ErrorIs(t, err, mdm.ErrNotFound)
}

// TestSourceWant shows that only what is agreed is read and held.
//
//mdm:feature 2.2
func TestSourceWant(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	for d, err := range mdm.Devices(t.Context(), c.Source(), mdm.Query{Want: mdm.Keys{mdm.KeySerial}}) {
		require.NoError(t, err)
		r := d.Record()
		assert.Equal(t, mdm.Record{Origin: r.Origin, ID: r.ID, Class: r.Class, Platform: r.Platform, Serial: r.Serial, Blank: r.Blank}, r)
		_, reachable := mdm.As[*jamfschool.Device](d)
		assert.False(t, reachable)
	}
	assert.Zero(t, fake.Count("GET", "/locations"), "nothing is asked for that nobody wants")
}

// TestSourceRaw shows that what the catalogue lacks can be read too.
//
//mdm:feature 1.20
func TestSourceRaw(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	want := mdm.Keys{mdm.KeySerial, "raw:/region/string", "raw:/nothing"}
	regions := 0
	for d, err := range mdm.Devices(t.Context(), c.Source(), mdm.Query{Want: want}) {
		require.NoError(t, err)
		assert.Empty(t, d.Record().Name)
		assert.Equal(t, mdm.NotReported, mdm.Value(d, "raw:/nothing").State)
		if v := mdm.Value(d, "raw:/region/string"); v.State == mdm.Reported {
			assert.Equal(t, v, mdm.Value(d.Record(), "raw:/region/string"), "the record holds it")
			regions++
		}
		assert.Equal(t, mdm.NotReported, mdm.Value(d, "raw:/serialNumber").State, "and nothing else")
	}
	assert.Positive(t, regions)
}

// TestSyncRaw shows that a mapping of a part of the answer is enough for the
// source to keep that part.
func TestSyncRaw(t *testing.T) {
	t.Parallel()
	c, _ := scripted{
		"GET /devices":   {body: fixture(t, "devices.json")},
		"GET /locations": {body: fixture(t, "locations.json")},
	}.client(t)
	store := new(inventory.Memory)
	store.Put("s", inventory.Asset{ID: "a", Identifiers: inventory.Identifiers{Serial: "DMPXT0001ABC"}})
	connection := inventory.Connection{ID: "1", Kind: "jamfschool", Scope: "s", Name: "n",
		Mapping: inventory.Mapping{{From: "raw:/region/string", Field: "region"}}}
	_, err := inventory.Sync(t.Context(), connection, c.Source(), store, nil)
	require.NoError(t, err)
	for a, err := range store.Assets(t.Context(), inventory.AssetQuery{Scope: "s"}) {
		require.NoError(t, err)
		assert.Equal(t, "Main campus", a.Values["region"])
	}
}

// TestSourceIncomplete shows that a listing proves nothing when the server
// counts more devices than it sends.
func TestSourceIncomplete(t *testing.T) {
	t.Parallel()
	c, _ := scripted{"GET /devices": {body: `{"code":200,"count":3972,"devices":[{"UDID":"` + someUDID + `"}]}`}}.client(t)
	for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
		require.NoError(t, err)
		assert.False(t, page.End.Complete)
		assert.Contains(t, page.End.Why, "3972")
		assert.Equal(t, 3972, page.Total)
	}
}

func TestSourceSoftware(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	want := map[string]int{}
	for _, d := range collect(t, c, &jamfschool.DevicesOptions{Apps: true}) {
		for _, a := range d.Apps {
			want[a.Name]++
		}
	}
	got := map[string]int{}
	for i, err := range mdm.Software(t.Context(), c.Source(), mdm.SoftwareQuery{}) {
		require.NoError(t, err)
		got[i.Name]++
		assert.NotEmpty(t, i.Device)
		assert.NotEmpty(t, i.Vendor)
	}
	assert.Equal(t, want, got)
	d := firstDevice(t, c, func(d *jamfschool.Device) bool { return d.Owner != nil })
	rows := 0
	for _, err := range mdm.Software(t.Context(), c.Source(), mdm.SoftwareQuery{Devices: []string{d.Record().ID}, Cap: 1}) {
		require.NoError(t, err)
		rows++
	}
	assert.LessOrEqual(t, rows, 1)
}

// TestSourceSoftwareIncomplete shows that the apps of a fleet say at their end
// what is missing.
func TestSourceSoftwareIncomplete(t *testing.T) {
	t.Parallel()
	device := `{"UDID":"` + someUDID + `","locationId":2,"apps":[{"name":"N","identifier":"a.b"}]}`
	for list, want := range map[string]error{
		`"count":1,"devices":[` + device + `]`:                                      nil,
		`"count":2,"devices":["damaged",` + device + `]`:                            mdm.ErrDecode,
		`"count":2,"devices":[{"UDID":"00008101-000A1B2C3D4E0020"},` + device + `]`: mdm.ErrDecode,
		`"count":9,"devices":[` + device + `]`:                                      mdm.ErrUnavailable,
	} {
		c, _ := scripted{"GET /devices": {body: `{"code":200,` + list + `}`}}.client(t, func(cfg *jamfschool.Config) { cfg.Locations = []int64{2} })
		apps, last := 0, error(nil)
		for _, err := range c.Source().Software(t.Context(), nil) {
			require.NoError(t, last, "an error is the last element")
			if last = err; err == nil {
				apps++
			}
		}
		assert.Equal(t, 1, apps, list)
		require.ErrorIs(t, last, want, list)
	}
}

func TestSourceHealth(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	h, err := c.Source().Health(t.Context())
	require.NoError(t, err)
	assert.Equal(t, mdm.HealthOK, h[0].State)
	fake.Revoke(fake.Key)
	h, err = c.Source().Health(t.Context())
	require.NoError(t, err)
	assert.Equal(t, mdm.HealthBroken, h[0].State)
	assert.NotEmpty(t, h[0].Next)
}

// TestSourceSend also shows that a command is requested and not done, and that
// a record of another tenant is refused.
//
//mdm:feature 4.4
func TestSourceSend(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	s := c.Source()
	d := firstDevice(t, c, func(d *jamfschool.Device) bool {
		return d.ModelType == "iPad" && d.EnrollType == "dep" && !d.LastCheckin.IsZero()
	})
	r := d.Record()
	foreign := r
	foreign.Origin.Address = "https://other.jamfcloud.com"
	_, err := s.Send(t.Context(), foreign, mdm.Refresh{})
	require.ErrorIs(t, err, mdm.ErrWrongTenant)
	receipt, err := s.Send(t.Context(), r, mdm.Refresh{})
	require.NoError(t, err)
	assert.NotEmpty(t, receipt.ID)
	receipt, err = s.Send(t.Context(), r, mdm.Wipe{})
	require.NoError(t, err)
	assert.Contains(t, receipt.String(), "requested")
	again, err := c.Device(t.Context(), d.UDID, false)
	require.NoError(t, err)
	assert.False(t, again.LastCheckin.IsZero(), "scheduled is not done")
	fake.Settle()
	again, err = c.Device(t.Context(), d.UDID, false)
	require.NoError(t, err)
	assert.True(t, again.LastCheckin.IsZero(), "now it is")
}

// TestSourceSendAddress shows that a command goes to the UDID as the server
// writes it, whatever its case, and to the id where no UDID was kept.
func TestSourceSendAddress(t *testing.T) {
	t.Parallel()
	const lower = "9f1c2d3e-4a5b-5c6d-8e7f-001122334455"
	device := `{"UDID":"` + lower + `","serialNumber":"A"}`
	c, asked := scripted{
		"GET /devices":                        {body: `{"code":200,"count":1,"devices":[` + device + `]}`},
		"GET /devices/" + lower:               {body: `{"code":200,"device":` + device + `}`},
		"POST /devices/" + lower + "/refresh": {body: `{"code":200,"message":"CommandScheduled","UUID":"U"}`},
		"POST /devices/" + lower + "/wipe":    {body: `{"code":200,"message":"DeviceWipeScheduled"}`},
	}.client(t)
	r := collect(t, c, nil)[0].Record()
	require.Equal(t, strings.ToUpper(lower), r.ID)
	for _, command := range []mdm.Command{mdm.Refresh{}, mdm.Wipe{}} {
		receipt, err := c.Source().Send(t.Context(), r, command)
		require.NoError(t, err)
		assert.Equal(t, r.ID, receipt.Device)
	}
	r.UDID = ""
	_, err := c.Source().Send(t.Context(), r, mdm.Refresh{})
	require.Error(t, err)
	assert.Contains(t, (*asked)[len(*asked)-1].URL.Path, r.ID)
}

func TestSourceVet(t *testing.T) {
	t.Parallel()
	s := clientOf(t, jamfschooltest.New(nil)).Source()
	ok := mdm.Record{ID: someUDID, Class: mdm.ClassTablet, Status: mdm.StatusEnrolled}
	with := func(f func(*mdm.Record)) mdm.Record { r := ok; f(&r); return r }
	for name, tt := range map[string]struct {
		record  mdm.Record
		command mdm.Command
		fits    bool
	}{
		"refresh":                 {ok, mdm.Refresh{}, true},
		"restart with passcode":   {ok, mdm.Restart{ClearPasscode: true}, true},
		"passcode of a mac":       {with(func(r *mdm.Record) { r.Class = mdm.ClassComputer }), mdm.Restart{ClearPasscode: true}, false},
		"wipe":                    {ok, mdm.Wipe{ClearActivationLock: true}, true},
		"wipe with pin":           {ok, mdm.Wipe{PIN: mdm.NewSecret("123456")}, false},
		"retire":                  {ok, mdm.Retire{}, true},
		"activation lock":         {ok, mdm.ClearActivationLock{}, true},
		"lock":                    {ok, mdm.Lock{}, false},
		"lost mode":               {ok, mdm.EnableLostMode{}, false},
		"clear passcode":          {ok, mdm.ClearPasscode{}, false},
		"rename":                  {ok, mdm.Rename{To: "x"}, false},
		"shut down":               {ok, mdm.ShutDown{}, false},
		"pending":                 {with(func(r *mdm.Record) { r.Status = mdm.StatusPending }), mdm.Refresh{}, false},
		"trashed":                 {with(func(r *mdm.Record) { r.Status = mdm.StatusTrashed }), mdm.Refresh{}, false},
		"without a udid":          {with(func(r *mdm.Record) { r.ID = "serial:X" }), mdm.Refresh{}, false},
		"with a udid not its own": {with(func(r *mdm.Record) { r.ID += "#2" }), mdm.Refresh{}, false},
	} {
		err := s.Vet(tt.record, tt.command)
		if tt.fits {
			assert.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, mdm.ErrUnsupported, name)
	}
}

// TestLeastRights reads a whole tenant with the least rights.
//
//mdm:feature 1.25 2.4
func TestLeastRights(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	fake.SetRights(fake.Key, jamfschooltest.Read)
	n := 0
	for _, err := range mdm.Devices(t.Context(), c.Source(), mdm.Query{Want: mdm.Keys{mdm.KeySerial, mdm.KeySiteName}}) {
		require.NoError(t, err)
		n++
	}
	assert.Positive(t, n)
	for _, err := range c.Source().Sites(t.Context()) {
		require.NoError(t, err)
	}
	for _, r := range fake.Requests() {
		assert.Equal(t, http.MethodGet, r.Method)
	}
	table := jamfschool.Settings()
	assert.Equal(t, []string{"Read"}, table.Right(mdm.AbilityList, ""))
	assert.Equal(t, []string{"Add"}, table.Right(mdm.AbilityCommand, "wipe"))
}

// TestCheckReach tells apart why a server cannot be reached.
//
//mdm:feature 4.43
func TestCheckReach(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{
		"name_not_found": &net.DNSError{Err: "no such host", Name: "x", IsNotFound: true},
		"timeout":        &net.OpError{Op: "dial", Err: timeoutError{}},
	} {
		base := roundTripper(func(*http.Request) (*http.Response, error) { return nil, failure })
		c, err := jamfschool.New(jamfschool.Config{Domain: "t.jamfcloud.com", NetworkID: "1", Key: mdm.NewSecret("K"), Transport: clienttest.Quick(base)})
		require.NoError(t, err)
		report := mdm.Summarise(c.Source().Check(t.Context()))
		step, failed := report.Failed()
		require.True(t, failed)
		assert.Equal(t, mdm.StepReach, step.Name)
		assert.Equal(t, name, step.Reason)
		assert.NotEmpty(t, step.Advice)
		assert.Len(t, report.Steps, 7, "the others are skipped, and named")
	}
}

type timeoutError struct{}

func (timeoutError) Error() string { return "i/o timeout" }
func (timeoutError) Timeout() bool { return true }

func TestCheckFailures(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		locations answer
		step      string
	}{
		"wrong key":     {answer{status: 401, body: "no"}, mdm.StepAuthenticate},
		"jamf pro":      {answer{status: 401, body: `{"httpStatus":401,"errors":[]}`}, mdm.StepProduct},
		"other product": {answer{body: `{"hello":"world"}`}, mdm.StepProduct},
		"login page":    {answer{body: "<html>", header: http.Header{"Content-Type": {"text/html"}}}, mdm.StepProduct},
		"no right":      {answer{status: 405, body: `{"error":{"code":405,"message":"Requested method (GET) not allowed using this API key"}}`}, mdm.StepPermission + "list"},
		"down":          {answer{status: 503, body: "down"}, mdm.StepReach},
	} {
		c, _ := scripted{"GET /locations": tt.locations}.client(t)
		report := mdm.Summarise(c.Source().Check(t.Context()))
		step, failed := report.Failed()
		require.True(t, failed, name)
		assert.Equal(t, tt.step, step.Name, name)
		assert.NotEmpty(t, step.Advice+step.Reason, name)
	}
	fake := jamfschooltest.New(nil)
	c := clientOf(t, fake, func(cfg *jamfschool.Config) { cfg.Locations = []int64{4711} })
	step, failed := mdm.Summarise(c.Source().Check(t.Context())).Failed()
	require.True(t, failed)
	assert.Equal(t, mdm.StepTenant, step.Name)
	assert.ErrorIs(t, step.Err, mdm.ErrWrongTenant)
}

// TestProxy syncs a whole tenant through a proxy that wants a password, and
// tells when the password is wrong.
//
//mdm:feature 4.51
func TestProxy(t *testing.T) {
	t.Parallel()
	srv := jamfschooltest.NewServer(fleet.New(fleet.Options{Devices: 50}))
	defer srv.Close()
	through := 0
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := parseProxy(r)
		if user != "proxyuser" || password != "proxypass" {
			w.Header().Set("Proxy-Authenticate", "Basic")
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		through++
		r.Header.Del("Proxy-Authorization")
		srv.Fake.ServeHTTP(w, r)
	}))
	defer proxy.Close()
	open := func(password string) *jamfschool.Client {
		address, err := url.Parse(proxy.URL)
		require.NoError(t, err)
		address.User = url.UserPassword("proxyuser", password)
		base := &http.Transport{Proxy: http.ProxyURL(address)}
		t.Cleanup(base.CloseIdleConnections)
		c, err := jamfschool.New(jamfschool.Config{Domain: srv.URL, NetworkID: srv.NetworkID, Key: mdm.NewSecret(srv.Key),
			Transport: transport.Options{Base: base, PageSize: 10, AttemptTimeout: 20 * time.Second}})
		require.NoError(t, err)
		return c
	}
	run, err := inventory.Sync(t.Context(), inventory.Connection{ID: "1", Kind: "jamfschool", Scope: "s", Name: "n"},
		open("proxypass").Source(), new(inventory.Memory), nil)
	require.NoError(t, err)
	assert.True(t, run.Listing.Complete)
	assert.Equal(t, run.Listing.Received, run.Writes)
	assert.Positive(t, run.Writes)
	assert.Positive(t, through)
	step, failed := mdm.Summarise(open("wrong").Source().Check(t.Context())).Failed()
	require.True(t, failed)
	assert.Equal(t, "proxy", step.Reason)
	assert.Contains(t, step.Advice, "proxy")
	assert.NotContains(t, fmt.Sprintf("%+v %v", step, step.Err), "wrong", "nor is its password shown")
}

func parseProxy(r *http.Request) (user, password string, ok bool) {
	as := &http.Request{Header: http.Header{"Authorization": {r.Header.Get("Proxy-Authorization")}}}
	return as.BasicAuth()
}

func TestPageSize(t *testing.T) {
	t.Parallel()
	fake := jamfschooltest.New(nil)
	_, err := jamfschool.New(jamfschool.Config{Domain: "x.jamfcloud.com", NetworkID: fake.NetworkID, Key: mdm.NewSecret("K"),
		Transport: transport.Options{PageSize: 5001}})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	for page, err := range clientOf(t, fake, func(cfg *jamfschool.Config) { cfg.Transport.PageSize = 7 }).Source().Pages(t.Context(), mdm.Query{}) {
		require.NoError(t, err)
		assert.LessOrEqual(t, len(page.Devices), 7)
	}
}

func TestCancelledList(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	n := 0
	var last error
	for _, err := range c.Devices(ctx, nil) {
		if n++; n == 3 {
			cancel()
		}
		last = err
	}
	assert.True(t, errors.Is(last, context.Canceled) || n > 3)
}
