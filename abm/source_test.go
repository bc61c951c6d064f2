package abm_test

import (
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/abm"
	"github.com/mdmlink/mdmlink/abm/abmtest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSourceContract(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 60)
	_, file := newKey()
	mdmtest.Run(t, func(*testing.T) mdm.Source {
		return p.connect(func(cfg *abm.Config) { cfg.Transport.PageSize = 20 }).Source()
	}, mdmtest.Options{Secrets: []string{file, businessID, keyID, "token-"}, Devices: 60, MaxPage: 20, Missing: "NOSUCHSERIAL"})
}

// TestSourceRecord shows what of a device reaches its record: purchase, order,
// part number, colour and how it came.
//
//mdm:feature 3.18
func TestSourceRecord(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 0)
	p.serve(devicesRoute, 200, fixture(t, "devices.json"))
	devices := listDevices(t, p.connect(func(cfg *abm.Config) { cfg.Link = "https://business.example/devices/{serial}" }))
	require.Len(t, devices, 2)
	ipad := devices[0].Record()
	assert.Equal(t, mdm.Record{
		Origin: ipad.Origin, ID: "DMPXA7ZZHK21", Class: mdm.ClassTablet, Platform: mdm.PlatformIPadOS, PlatformText: "iPad",
		Serial: "DMPXA7ZZHK21", IMEIs: []string{"356938035643809", "356938035643817"}, MEID: "35693803564380", EID: "89049032007108882600012345670077",
		Interfaces:   []mdm.Interface{{Kind: mdm.InterfaceWiFi, MAC: "3C22FB104A01"}, {Kind: mdm.InterfaceBluetooth, MAC: "3C22FB104A02"}},
		Manufacturer: "Apple", Model: "iPad (9th generation)", ModelID: "iPad12,2", PartNumber: "MK473FD/A", Colour: "SPACE GRAY",
		Storage: mdm.Capacity{Total: 64e9}, Ownership: mdm.OwnershipOrganisation, Enrolment: mdm.Enrolment{Source: "reseller"},
		Added:    time.Date(2025, 10, 14, 8, 5, 0, 0, time.UTC),
		Purchase: mdm.Purchase{Date: time.Date(2025, 10, 2, 0, 0, 0, 0, time.UTC), Order: "SHOP/7XY8ZQ/004", Vendor: "Reseller (7F8E9D)"},
		Custom:   map[string]string{"assignment": "ASSIGNED"}, Blank: mdm.Keys{mdm.KeyReleased},
		Link: "https://business.example/devices/DMPXA7ZZHK21", LinkTarget: mdm.LinkDevice,
	}, ipad)
	assert.Equal(t, mdm.RoleOwns, p.connect().Info().Role)
	mini := devices[1].Record()
	assert.Equal(t, mdm.ClassComputer, mini.Class)
	assert.Equal(t, int64(1e12), mini.Storage.Total)
	assert.Equal(t, []mdm.Interface{{Kind: mdm.InterfaceWiFi, MAC: "3C22FB20BB01"}, {Kind: mdm.InterfaceEthernet, MAC: "001B638446F1"},
		{Kind: mdm.InterfaceEthernet, MAC: "001B638446F2"}, {Kind: mdm.InterfaceBluetooth, MAC: "3C22FB20BB02"}}, mini.Interfaces)
	assert.Equal(t, mdm.Keys{mdm.KeyColour, mdm.KeyEID, mdm.KeyIMEI, mdm.KeyMEID}, mini.Blank)
}

// TestSourceAssignments shows the server that each device is assigned to, of
// several, in a listing and in detail.
//
//mdm:feature 3.17 3.19
func TestSourceAssignments(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 3)
	p.assigned = map[string]string{"DMPX00000000": campus, "DMPX00000002": annex}
	src := p.connect().Source()
	want := mdm.Keys{mdm.KeySerial, mdm.CustomKey(abm.CustomServer)}
	got := map[string]mdm.AttributeValue{}
	for d, err := range mdm.Devices(t.Context(), src, mdm.Query{Want: want}) {
		require.NoError(t, err)
		got[d.Record().Serial] = mdm.Value(d, want[1])
	}
	assert.Equal(t, map[string]mdm.AttributeValue{"DMPX00000000": {State: mdm.Reported, Text: "Campus MDM"},
		"DMPX00000001": {State: mdm.Blank}, "DMPX00000002": {State: mdm.Reported, Text: "Annex"}}, got)
	d, err := src.Device(t.Context(), "DMPX00000002")
	require.NoError(t, err)
	assert.Equal(t, "Annex", d.Record().Custom[abm.CustomServer])
	assert.Equal(t, annex, d.Record().Custom[abm.CustomServerID])
	assert.Equal(t, time.Date(2028, 10, 4, 0, 0, 0, 0, time.UTC), d.Record().Purchase.WarrantyEnd)

	before := len(p.requests())
	lastPage(t, src, mdm.Query{Want: mdm.Keys{mdm.KeySerial}})
	assert.Len(t, p.requests()[before:], 1, "nothing is asked for that nobody wants")
	assert.Equal(t, "serialNumber,productFamily", p.last().query.Get("fields[orgDevices]"))
}

// TestSourceDamagedAssignments shows that a linkage that makes no sense, and a
// server entry that is deleted meanwhile, cost no more than themselves: what
// is not known then is not taken for assigned to none.
func TestSourceDamagedAssignments(t *testing.T) {
	t.Parallel()
	links := func(id string) string { return "GET /v1/mdmServers/" + id + "/relationships/devices" }
	for name, damage := range map[string]func(*portal){
		"linkage": func(p *portal) { p.serve(links(campus), 200, `{"data":["x",{"id":"DMPX00000000"}]}`) },
		"linkages": func(p *portal) {
			p.serve(links(annex), 200, `{"data":7}`)
			p.assigned["DMPX00000000"] = campus
		},
		"server entry": func(p *portal) {
			p.serve("GET /v1/mdmServers", 200, `{"data":["x",{"id":"`+campus+`","attributes":{"serverName":"Campus MDM"}}]}`)
			p.assigned["DMPX00000000"] = campus
		},
		"deleted": func(p *portal) {
			p.instead[links(annex)] = func(w http.ResponseWriter, _ *http.Request) { refuse(w, 404, "NOT_FOUND", "", "") }
			p.assigned["DMPX00000000"] = campus
		},
	} {
		p := newPortal(t, 2)
		damage(p)
		page, n := lastPage(t, p.connect().Source(), mdm.Query{Want: mdm.Keys{mdm.KeySerial, mdm.KeyCustom}})
		assert.True(t, page.End.Complete, name)
		require.Equal(t, 2, n, name)
		server := mdm.CustomKey(abm.CustomServer)
		assert.Equal(t, "Campus MDM", mdm.Value(page.Devices[0], server).Text, name)
		assert.Equal(t, mdm.NotReported, mdm.Value(page.Devices[1], server).State, name)
	}
}

// TestSourceWithoutServers shows that a role that may not read servers still
// lists devices.
func TestSourceWithoutServers(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 3)
	for _, route := range []string{"GET /v1/mdmServers", "GET /v1/orgDevices/DMPX00000001/assignedServer", "GET /v1/orgDevices/DMPX00000001/appleCareCoverage"} {
		p.instead[route] = func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "FORBIDDEN_ERROR", "", "") }
	}
	src := p.connect(func(cfg *abm.Config) { cfg.Transport.PageSize = 1 }).Source()
	page, n := lastPage(t, src, mdm.Query{Want: mdm.Keys{mdm.KeySerial, mdm.KeyCustom}})
	assert.Equal(t, 3, n)
	assert.True(t, page.End.Complete)
	assert.Equal(t, 1, p.count("GET /v1/mdmServers"), "asked once for a listing")
	d, err := src.Device(t.Context(), "DMPX00000001")
	require.NoError(t, err)
	assert.Equal(t, mdm.NotReported, mdm.Value(d, mdm.CustomKey(abm.CustomServer)).State)
}

// TestSourceMigration shows until when a device is to move, which is asked for
// where it is wanted.
func TestSourceMigration(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 1)
	p.devices[0]["mdmMigrationStatus"], p.devices[0]["mdmMigrationDeadlineDateTime"] = "REQUESTED", "2026-03-01T10:00:00.5Z"
	key := mdm.CustomKey(abm.CustomDeadline)
	for _, want := range []mdm.Keys{nil, {mdm.KeySerial, key}, {mdm.KeySerial, mdm.KeyCustom}} {
		page, _ := lastPage(t, p.connect().Source(), mdm.Query{Want: want})
		assert.Equal(t, "2026-03-01T10:00:00Z", mdm.Value(page.Devices[0], key).Text)
	}
}

// TestAssignedServerFields shows that the attributes that do not come by
// themselves are asked for, and that one that is refused is left out.
func TestAssignedServerFields(t *testing.T) {
	t.Parallel()
	fake := abmtest.New(nil)
	fake.SetWire(abmtest.Wire{HideConnected: true, RefuseFields: []string{"enableMdmDisownFlag"}})
	c := organisation(t, fake)
	id := fake.IDs()[0]
	fake.Assign(fake.ServerID(abmtest.MainServer), id)
	s, err := c.AssignedServer(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, abmtest.MainServer, s.Name)
	assert.Equal(t, "192.0.2.17", s.LastIP)
	assert.False(t, s.LastConnected.IsZero())
	assert.Equal(t, mdm.Unknown, s.MayRelease)
	server, err := c.AssignedServerID(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, s.ID, server)
	assert.Empty(t, fake.Violations())
}

// TestSourceRaw shows that what the catalogue lacks can be read too.
func TestSourceRaw(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 2)
	const key = "raw:/attributes/deviceModel"
	for d, err := range mdm.Devices(t.Context(), p.connect().Source(), mdm.Query{Want: mdm.Keys{key}}) {
		require.NoError(t, err)
		assert.Equal(t, "iPad (9th generation)", mdm.Value(d, key).Text)
	}
	kept := p.connect(func(cfg *abm.Config) { cfg.KeepRaw = true })
	d, err := kept.Device(t.Context(), "DMPX00000001")
	require.NoError(t, err)
	assert.Contains(t, string(d.Raw()), "DMPX00000001")
	for _, d := range listDevices(t, kept) {
		assert.Contains(t, string(d.Raw()), d.SerialNumber)
	}
	assert.Nil(t, listDevices(t, p.connect())[0].Raw())
}

// TestSourceResume shows that a listing that goes on from a cursor proves as
// much as one in a single run.
func TestSourceResume(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 5)
	src := p.connect(func(cfg *abm.Config) { cfg.Transport.PageSize = 2 }).Source()
	var from mdm.Cursor
	for page, err := range src.Pages(t.Context(), mdm.Query{}) {
		require.NoError(t, err)
		from = page.Next
		break
	}
	page, n := lastPage(t, src, mdm.Query{From: from})
	assert.Equal(t, 3, n)
	assert.True(t, page.End.Complete, page.End.Why)
	other := p.connect(func(cfg *abm.Config) { cfg.Organisation = "other" }).Source()
	for _, err := range other.Pages(t.Context(), mdm.Query{From: from}) {
		require.ErrorIs(t, err, mdm.ErrCursorInvalid)
	}
}

// TestSourceCheck shows the steps for a good account, one whose role is too
// small and one whose key was revoked.
//
//mdm:feature 3.1
func TestSourceCheck(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 3)
	report := mdm.Summarise(p.connect().Source().Check(t.Context()))
	require.True(t, report.OK)
	assert.Equal(t, "3 devices can be seen", report.Steps[len(report.Steps)-1].Reason)
	assert.Contains(t, report.Steps[5].Reason, "Campus MDM, Annex")

	p.servers = nil
	report = mdm.Summarise(p.connect().Source().Check(t.Context()))
	require.True(t, report.OK)
	assert.Contains(t, report.Steps[4].Advice, "Link at least one MDM server")

	p.instead[devicesRoute] = func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "FORBIDDEN_ERROR", "", "") }
	failed, _ := mdm.Summarise(p.connect().Source().Check(t.Context())).Failed()
	assert.Equal(t, "permission:list", failed.Name)
	assert.Contains(t, failed.Advice, "Device API Manager")

	p.client = schoolID
	c := p.connect(func(cfg *abm.Config) { cfg.KeyID = "00000000-4d5f-4a61-8e77-0c1d2e3f4a99" })
	failed, _ = mdm.Summarise(c.Source().Check(t.Context())).Failed()
	assert.Equal(t, mdm.StepAuthenticate, failed.Name)
	assert.Contains(t, failed.Advice, "revoked")
}

// TestSourceHealth tells a good key, one of a role that is too small, a refused
// one and a file that is none.
func TestSourceHealth(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 1)
	health := func(configure ...func(*abm.Config)) mdm.Health {
		all, err := p.connect(configure...).Source().Health(t.Context())
		require.NoError(t, err)
		require.Len(t, all, 1)
		return all[0]
	}
	assert.Equal(t, mdm.HealthOK, health().State)
	p.instead[devicesRoute] = func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "FORBIDDEN_ERROR", "", "") }
	h := health()
	assert.Equal(t, mdm.HealthWarn, h.State, "the key works")
	assert.Contains(t, h.Next, "Device API Manager")
	require.ErrorIs(t, h.Err, mdm.ErrPermissionMissing)
	h = health(func(cfg *abm.Config) {
		cfg.Key = mdm.NewSecret("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----")
	})
	assert.Equal(t, mdm.HealthBroken, h.State)
	assert.ErrorContains(t, h.Err, "certificate")
	p.serve(tokenRoute, 400, `{"error":"invalid_client"}`)
	h = health()
	assert.Equal(t, mdm.HealthBroken, h.State)
	assert.NotEmpty(t, h.Next)
	p.serve(tokenRoute, 503, ``)
	_, err := p.connect().Source().Health(t.Context())
	require.ErrorIs(t, err, mdm.ErrUnavailable)
}

// TestSourceCheckReach tells apart why Apple was not reached, and a proxy that
// answers in its place.
func TestSourceCheckReach(t *testing.T) {
	t.Parallel()
	lost := roundTripper(func(*http.Request) (*http.Response, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "account.apple.com", IsNotFound: true}
	})
	failed, _ := mdm.Summarise(connect(t, lost).Source().Check(t.Context())).Failed()
	assert.Equal(t, mdm.StepReach, failed.Name)
	assert.Equal(t, "name_not_found", failed.Reason)

	p := newPortal(t, 1)
	p.serve(devicesRoute, 200, "<html>Sign in</html>")
	failed, _ = mdm.Summarise(p.connect().Source().Check(t.Context())).Failed()
	assert.Equal(t, mdm.StepProduct, failed.Name)

	p = newPortal(t, 1)
	p.instead["GET /v1/mdmServers"] = func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "FORBIDDEN_ERROR", "", "") }
	report := mdm.Summarise(p.connect().Source().Check(t.Context()))
	assert.True(t, report.OK)
	assert.Equal(t, mdm.StepNote, report.Steps[4].Result)
	assert.Equal(t, "Apple does not tell the name of the organisation", report.Steps[5].Reason)
	p.serve(devicesRoute, 200, `{"data":[]}`)
	report = mdm.Summarise(p.connect().Source().Check(t.Context()))
	assert.Contains(t, report.Steps[6].Reason, "sees none")
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestSourceSchool holds the source of a school against the contract too.
func TestSourceSchool(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 25)
	p.client = schoolID
	mdmtest.Run(t, func(*testing.T) mdm.Source {
		return p.connect(func(cfg *abm.Config) { cfg.Transport.PageSize = 10; cfg.KeepRaw = true }).Source()
	}, mdmtest.Options{Devices: 25, MaxPage: 10, Missing: "NOSUCHSERIAL"})
}
