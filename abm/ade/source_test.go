package ade_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSourceContract holds the source against the contract of every source.
//
//mdm:feature 5.1
func TestSourceContract(t *testing.T) {
	t.Parallel()
	f := newFake(t, 60)
	token := f.Main.Token()
	mdmtest.Run(t, func(t *testing.T) mdm.Source {
		return connect(t, f, pageSize(20)).Source()
	}, mdmtest.Options{Secrets: []string{token.ConsumerKey, token.ConsumerSecret, token.AccessToken, token.AccessSecret},
		Devices: 60, MaxPage: 20, Missing: "NOSUCHSERIAL"})
}

// TestSourceContractFleet holds the source against the contract with the
// devices of a district, sessions that rotate and end, and other forms of the
// answers.
func TestSourceContractFleet(t *testing.T) {
	t.Parallel()
	f := adetest.New(fleet.New(fleet.Options{Devices: 150}))
	f.SetSessions(adetest.Sessions{Rotate: 3, Calls: 7})
	f.SetWire(adetest.Wire{EmptyTexts: true, Fractions: true, MoreAsText: true, NoDevices: true, DashedUUID: true, Errors: adetest.JSONErrors})
	mdmtest.Run(t, func(t *testing.T) mdm.Source {
		return connect(t, f, pageSize(30), func(cfg *ade.Config) { cfg.KeepRaw = true }).Source()
	}, mdmtest.Options{Devices: len(f.Main.Serials()), MaxPage: 30, Missing: "NOSUCHSERIAL"})
	assert.Empty(t, f.Violations())
}

// TestSourceBatch reads devices with a request for each 1000.
func TestSourceBatch(t *testing.T) {
	t.Parallel()
	f := newFake(t, 1500)
	src := connect(t, f).Source()
	all := clienttest.Collect(t, mdm.Details(t.Context(), src, f.Main.Serials()))
	assert.Len(t, all, 1500)
	assert.Equal(t, 2, asked(f, "/devices"))
	f.Faults().On(func(r *http.Request) bool { return r.URL.Path == "/devices" }).FailNext(1, 400, nil)
	failed := 0
	for d, err := range src.DeviceBatch(t.Context(), f.Main.Serials()) {
		if err != nil {
			failed++
			assert.Nil(t, d)
		}
	}
	assert.Equal(t, 1000, failed, "each in its place, and the second request is made")
}

// TestSourceServer shows that the devices of one server are not taken for
// those of another.
//
//mdm:feature 3.17 5.21
func TestSourceServer(t *testing.T) {
	t.Parallel()
	f := newFake(t, 2)
	annex := f.AddEntry("Annex")
	f.Add(annex, tablet(7))
	f.Add(nil, tablet(8))
	of := func(e *adetest.Entry) func(*ade.Config) {
		return func(cfg *ade.Config) { cfg.Token, cfg.Server = tokenOf(e), e.UUID() }
	}
	one, two := connect(t, f, of(f.Main)).Source(), connect(t, f, of(annex)).Source()
	assert.Equal(t, []string{serial(0), serial(1)}, whole(t, one).ids)
	got := whole(t, two)
	assert.Equal(t, []string{serial(7)}, got.ids, "a device that is assigned to no server is not seen")
	assert.Equal(t, "Annex", got.records[serial(7)].Custom[ade.CustomServer])
	assert.NotEqual(t, one.Info().Origin, two.Info().Origin)

	mixed := connect(t, f, of(annex), func(cfg *ade.Config) { cfg.Server = f.Main.UUID() })
	require.ErrorIs(t, list(t, mixed.Source(), mdm.Query{}).err, ade.ErrOtherServer)
	_, err := mixed.Source().Device(t.Context(), serial(7))
	require.ErrorIs(t, err, ade.ErrOtherServer)
	named := connect(t, f, of(annex), func(cfg *ade.Config) { cfg.Server = "Annex" })
	assert.Equal(t, "Annex", named.Info().Origin.Tenant)
	whole(t, named.Source())
}

// TestSourceCheck shows the steps for a good token, one that was replaced, one
// of another server, terms that wait, and a server without devices.
//
//mdm:feature 3.1
func TestSourceCheck(t *testing.T) {
	t.Parallel()
	f := newFake(t, 3)
	check := func(configure ...func(*ade.Config)) mdm.Report {
		return mdm.Summarise(connect(t, f, configure...).Source().Check(t.Context()))
	}
	report := check()
	require.True(t, report.OK)
	assert.Contains(t, report.Steps[4].Reason, `server "Inventory Sync"`)
	assert.Equal(t, "3 devices can be seen", report.Steps[5].Reason)
	assert.Equal(t, "2 devices and more can be seen", check(pageSize(2)).Steps[5].Reason)

	failed, _ := check(func(cfg *ade.Config) { cfg.Server = someUUID }).Failed()
	assert.Equal(t, mdm.StepTenant, failed.Name)
	f.Main.SetTerms(false)
	failed, _ = check().Failed()
	assert.Equal(t, mdm.StepAuthenticate, failed.Name)
	require.ErrorIs(t, failed.Err, mdm.ErrTermsNotAccepted)
	f.Main.SetTerms(true)
	f.Refuse("/server/devices", 1, 403, "ACCESS_DENIED")
	failed, _ = check().Failed()
	assert.Equal(t, "permission:list", failed.Name)
	earlier := tokenOf(f.Main)
	f.Main.Issue()
	failed, _ = check(func(cfg *ade.Config) { cfg.Token = earlier }).Failed()
	assert.Equal(t, mdm.StepAuthenticate, failed.Name)
	assert.NotEmpty(t, failed.Advice)

	f.Assign(nil, f.Main.Serials()...)
	report = check()
	assert.True(t, report.OK)
	assert.Equal(t, mdm.StepNote, report.Steps[5].Result)
	assert.Contains(t, report.Steps[5].Advice, "Assign devices")
	f.Faults().HTMLPage()
	failed, _ = check().Failed()
	assert.Equal(t, mdm.StepProduct, failed.Name)

	lost := scriptFailure{&net.DNSError{Err: "no such host", Name: "mdmenrollment.apple.com", IsNotFound: true}}
	failed, _ = mdm.Summarise(client(t, lost).Source().Check(t.Context())).Failed()
	assert.Equal(t, mdm.StepReach, failed.Name)
	assert.Equal(t, "name_not_found", failed.Reason)
	down := script(func(exchange) reply { return reply{status: 500} })
	failed, _ = mdm.Summarise(client(t, down).Source().Check(t.Context())).Failed()
	assert.Equal(t, mdm.StepReach, failed.Name)
}

type scriptFailure struct{ err error }

func (s scriptFailure) RoundTrip(*http.Request) (*http.Response, error) { return nil, s.err }

// TestSourceHealth says how the token is, with the warnings before its end.
//
//mdm:feature 3.11 3.12 5.14 5.15
func TestSourceHealth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t, 1)
		token := tokenOf(f.Main)
		src := connect(t, f).Source()
		health := func() mdm.Health {
			all, err := src.Health(t.Context())
			require.NoError(t, err)
			require.Len(t, all, 1)
			return all[0]
		}
		h := health()
		assert.Equal(t, mdm.HealthOK, h.State)
		assert.WithinDuration(t, token.Expiry, h.Expires, time.Second)
		assert.Equal(t, 30*24*time.Hour, h.Warn)
		time.Sleep(336 * 24 * time.Hour)
		assert.Equal(t, mdm.HealthWarn, health().State)
		assert.NotEmpty(t, health().Next)
		f.Main.SetTerms(false)
		h = health()
		assert.Equal(t, mdm.HealthWarn, h.State)
		require.ErrorIs(t, h.Err, mdm.ErrTermsNotAccepted)
		f.Main.SetTerms(true)
		f.SetSkew(time.Hour)
		f.DropSessions()
		h = health()
		assert.Equal(t, mdm.HealthBroken, h.State)
		require.ErrorIs(t, h.Err, ade.ErrClockSkew)
		f.SetSkew(0)
		f.Main.Issue()
		h = health()
		assert.Equal(t, mdm.HealthBroken, h.State)
		require.ErrorIs(t, h.Err, mdm.ErrCredentialSuperseded)
		f.Faults().FailNext(4, 503, nil)
		_, err := src.Health(t.Context())
		require.ErrorIs(t, err, mdm.ErrUnavailable)
		time.Sleep(60 * 24 * time.Hour)
		h = health()
		assert.Equal(t, mdm.HealthBroken, h.State)
		require.ErrorIs(t, h.Err, mdm.ErrCredentialExpired)
	})
}

// TestSourceChangesInPages gives many changes in bounded pages.
func TestSourceChangesInPages(t *testing.T) {
	t.Parallel()
	f := newFake(t, 2200)
	src := connect(t, f).Source()
	from := whole(t, src).end.Since
	f.Assign(nil, f.Main.Serials()...)
	l := since(t, src, from)
	assert.Len(t, l.removed, 2200)
	assert.Len(t, l.next, 3)
	n := 0
	for page, err := range src.Pages(t.Context(), mdm.Query{From: from}) {
		require.NoError(t, err)
		n++
		assert.Equal(t, n == 3, page.End != nil, "on the last page only")
	}
	for range src.Pages(t.Context(), mdm.Query{From: from}) {
		break
	}
	f.Faults().On(func(r *http.Request) bool { return r.URL.Path == "/devices/sync" }).FailNext(1, 400, nil)
	l = list(t, src, mdm.Query{From: from})
	require.Error(t, l.err)
	assert.Empty(t, l.removed, "half of the changes are none")

	s := script(func(e exchange) reply {
		switch e.path {
		case "/server/devices":
			return reply{status: 200, body: `{"cursor":"C0","more_to_follow":false,"devices":null}`}
		case "/devices/sync":
			return reply{status: 200, body: `{"more_to_follow":false,"devices":[{"model":"x"}]}`}
		}
		return reply{}
	})
	src = client(t, s).Source()
	l = since(t, src, whole(t, src).end.Since)
	assert.Equal(t, 1, l.lost)
	assert.False(t, l.end.Complete)
	assert.Empty(t, l.end.Since)
	s = answering("/devices/sync", `{"more_to_follow":false}`)
	from = whole(t, src).end.Since
	assert.Equal(t, from, since(t, client(t, s).Source(), from).end.Since, "without a cursor, the one of before stays")
}

// TestSecretsOfClient shows that nothing of the token or of a session is
// printed, also not by the transport's log.
func TestSecretsOfClient(t *testing.T) {
	t.Parallel()
	f := newFake(t, 2)
	var log strings.Builder
	c := connect(t, f, func(cfg *ade.Config) { cfg.Transport.Logger = debugLogger(&log) })
	whole(t, c.Source())
	_, err := c.SyncDevices(t.Context(), "no cursor")
	require.Error(t, err)
	token := f.Main.Token()
	text := fmt.Sprintf("%v %+v %#v %v %+v %s", c, c, c, err, err, log.String())
	for _, secret := range []string{token.ConsumerKey, token.ConsumerSecret, token.AccessToken, token.AccessSecret, serial(1)} {
		assert.NotContains(t, text, secret)
	}
	assert.NotEmpty(t, log.String())
}
