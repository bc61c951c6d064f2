package ade_test

import (
	"crypto/x509"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// download gives the token file of an entry for a key pair.
func download(t testing.TB, e *adetest.Entry, p *ade.KeyPair) []byte {
	t.Helper()
	_, err := x509.ParseCertificate(p.CertificateDER())
	require.NoError(t, err)
	require.NoError(t, e.Upload(p.CertificatePEM()))
	_, file, err := e.Download(adetest.File{})
	require.NoError(t, err)
	return file
}

// linkedTo is a registry with a server that has the token of the fake's main
// entry, as the portal gave it.
func linkedTo(t testing.TB, f *adetest.Fake) (*ade.Registry, *ade.Server) {
	t.Helper()
	r := registry(t)
	s, err := r.AddServer(t.Context(), "Inventory Sync", 0)
	require.NoError(t, err)
	_, err = r.StageKey(t.Context(), s.ID, pair(0))
	require.NoError(t, err)
	got, err := r.ImportToken(t.Context(), s.ID, ade.Import{File: download(t, f.Main, pair(0)),
		Confirm: ade.Confirm(ade.Config{Transport: clienttest.Quick(f.Transport())})})
	require.NoError(t, err)
	require.True(t, got.Server.Verified)
	return r, got.Server
}

// TestConnect links a server from the key pair to the list of its devices, and
// renews its token: the old one works until the new one is downloaded.
//
//mdm:feature 3.2 3.8 3.13
//mdm:feature 5.4 5.8 5.18 5.21
func TestConnect(t *testing.T) {
	t.Parallel()
	f := newFake(t, 3)
	r, server := linkedTo(t, f)
	assert.Equal(t, f.Main.UUID(), server.Identity.ServerUUID)
	assert.Equal(t, ade.PhaseVerified, server.Phase())
	var told []ade.Notice
	cfg := ade.Config{Transport: clienttest.Quick(f.Transport())}
	note := func(_ *ade.Server, n []ade.Notice) { told = append(told, n...) }
	c, err := r.Connect(t.Context(), server.ID, cfg, note)
	require.NoError(t, err)
	assert.Equal(t, f.Main.UUID(), c.Info().Origin.Tenant)
	listed := whole(t, c.Source())
	assert.Len(t, listed.ids, 3)

	_, err = r.StageKey(t.Context(), server.ID, pair(1))
	require.NoError(t, err)
	_, err = c.Account(t.Context())
	require.NoError(t, err, "a new key pair changes nothing")
	file := download(t, f.Main, pair(1))
	_, err = c.Account(t.Context())
	require.ErrorIs(t, err, mdm.ErrCredentialSuperseded)
	require.Len(t, told, 1)
	assert.Equal(t, ade.StateSuperseded, told[0].To)
	before := len(f.Requests())
	_, err = c.Account(t.Context())
	require.ErrorIs(t, err, mdm.ErrCredentialSuperseded)
	assert.Len(t, f.Requests(), before, "not asked again today")

	got, err := r.ImportToken(t.Context(), server.ID, ade.Import{File: file, Reason: ade.ReasonKey, Confirm: ade.Confirm(cfg)})
	require.NoError(t, err)
	assert.False(t, got.NewServer)
	before = len(f.Requests())
	_, err = c.Account(t.Context())
	require.ErrorIs(t, err, mdm.ErrCredentialSuperseded, "the client has the earlier token")
	assert.Len(t, f.Requests(), before)
	c, err = r.Connect(t.Context(), server.ID, cfg, note)
	require.NoError(t, err)
	f.Assign(nil, serial(1))
	assert.Equal(t, []string{serial(1)}, since(t, c.Source(), listed.end.Since).removed, "the cursor of before still serves")
}

// TestQuirk51ClientOtherServer shows that the token of another server is
// refused by a live request, and that cursors of the earlier server do not
// serve for one that replaces it.
func TestQuirk51ClientOtherServer(t *testing.T) {
	t.Parallel()
	f := newFake(t, 3)
	r, server := linkedTo(t, f)
	cfg := ade.Config{Transport: clienttest.Quick(f.Transport())}
	c, err := r.Connect(t.Context(), server.ID, cfg, nil)
	require.NoError(t, err)
	from := whole(t, c.Source()).end.Since
	annex := f.AddEntry("Annex")
	f.Add(annex, tablet(8))
	in := ade.Import{File: download(t, annex, pair(0)), Confirm: ade.Confirm(cfg)}
	_, err = r.ImportToken(t.Context(), server.ID, in)
	require.ErrorIs(t, err, ade.ErrOtherServer)
	assert.Empty(t, since(t, c.Source(), from).ids, "the cursor is untouched")

	in.Options.ReplaceServer = true
	got, err := r.ImportToken(t.Context(), server.ID, in)
	require.NoError(t, err)
	assert.True(t, got.NewServer)
	c, err = r.Connect(t.Context(), server.ID, cfg, nil)
	require.NoError(t, err)
	require.ErrorIs(t, list(t, c.Source(), mdm.Query{From: from}).err, mdm.ErrCursorInvalid)
	assert.Equal(t, []string{serial(8)}, whole(t, c.Source()).ids)
}

// TestQuirk52ClientOtherAdministrator takes the token that another account
// downloaded, with a warning.
func TestQuirk52ClientOtherAdministrator(t *testing.T) {
	t.Parallel()
	f := newFake(t, 1)
	r, server := linkedTo(t, f)
	f.Main.SetAdmin("other-admin@example-school.org")
	got, err := r.ImportToken(t.Context(), server.ID, ade.Import{File: download(t, f.Main, pair(0)),
		Confirm: ade.Confirm(ade.Config{Transport: clienttest.Quick(f.Transport())})})
	require.NoError(t, err)
	assert.Contains(t, got.Warnings, ade.WarnConsumer)
	assert.Contains(t, got.Warnings, ade.WarnAdmin)
	assert.Equal(t, "other-admin@example-school.org", got.Server.Identity.AdminID)
}

// TestConnectUnverified shows that a token that was stored while Apple could
// not be asked is confirmed with the first connection, and then names the
// origin.
func TestConnectUnverified(t *testing.T) {
	t.Parallel()
	f := newFake(t, 1)
	r := registry(t)
	s, err := r.AddServer(t.Context(), "Inventory Sync", 0)
	require.NoError(t, err)
	_, err = r.StageKey(t.Context(), s.ID, pair(0))
	require.NoError(t, err)
	cfg := ade.Config{Transport: clienttest.Quick(f.Transport())}
	_, err = r.Connect(t.Context(), s.ID, cfg, nil)
	require.ErrorIs(t, err, ade.ErrNoToken)
	f.Main.SetTerms(false)
	in := ade.Import{File: download(t, f.Main, pair(0)), Confirm: ade.Confirm(cfg)}
	_, err = r.ImportToken(t.Context(), s.ID, in)
	require.ErrorIs(t, err, mdm.ErrTermsNotAccepted)
	in.Options.AllowUnverified = true
	got, err := r.ImportToken(t.Context(), s.ID, in)
	require.NoError(t, err)
	assert.False(t, got.Server.Verified)
	_, err = r.Connect(t.Context(), s.ID, cfg, nil)
	require.ErrorIs(t, err, mdm.ErrTermsNotAccepted)
	f.Main.SetTerms(true)
	forget(t, r, s.ID)
	c, err := r.Connect(t.Context(), s.ID, cfg, nil)
	require.NoError(t, err)
	assert.Equal(t, f.Main.UUID(), c.Info().Origin.Tenant)
	s, err = r.Server(t.Context(), s.ID)
	require.NoError(t, err)
	assert.True(t, s.Verified)
}

// forget lets the hour go by that Apple is left alone for.
func forget(t testing.TB, r *ade.Registry, id string) {
	t.Helper()
	_, _, err := r.Observe(t.Context(), id, "", ade.Observation{Event: ade.EventUnreachable, At: time.Now().Add(-2 * time.Hour)})
	require.NoError(t, err)
}

// TestMonitor shows when a monitor is asked and told, and that what it refuses
// is not told back to it.
func TestMonitor(t *testing.T) {
	t.Parallel()
	f := newFake(t, 3)
	m := &monitor{}
	c := connect(t, f, func(cfg *ade.Config) { cfg.Monitor = m })
	whole(t, c.Source())
	assert.Equal(t, 1, m.allowed, "for each session, not for each request")
	assert.Len(t, m.confirmed, 1)
	_, err := c.SyncDevices(t.Context(), "no cursor")
	require.Error(t, err)
	assert.Empty(t, m.failed, "it says nothing about the token")

	for _, refusal := range []error{&mdm.Error{Kind: mdm.ErrCredentialSuperseded, RetryAfter: time.Hour}, errors.New("the store is away")} {
		m = &monitor{refuse: refusal}
		before := len(f.Requests())
		_, err = connect(t, f, func(cfg *ade.Config) { cfg.Monitor = m }).Account(t.Context())
		require.ErrorIs(t, err, map[bool]error{true: mdm.ErrCredentialSuperseded, false: mdm.ErrUnavailable}[mdm.Code(refusal) != ""])
		assert.Len(t, f.Requests(), before)
		assert.Empty(t, m.failed)
	}
}

// TestConnectRecovers shows that a listing tells that the token works again,
// once the terms were accepted.
func TestConnectRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t, 2)
		r, server := linkedTo(t, f)
		var told []ade.State
		c, err := r.Connect(t.Context(), server.ID, ade.Config{Transport: clienttest.Quick(f.Transport())}, func(_ *ade.Server, all []ade.Notice) {
			for _, n := range all {
				told = append(told, n.To)
			}
		})
		require.NoError(t, err)
		from := whole(t, c.Source()).end.Since
		f.Main.SetTerms(false)
		require.ErrorIs(t, list(t, c.Source(), mdm.Query{From: from}).err, ade.ErrTerms)
		f.Main.SetTerms(true)
		time.Sleep(2 * time.Hour)
		since(t, c.Source(), from)
		assert.Equal(t, []ade.State{ade.StateTerms, ade.StateValid}, told)
		since(t, c.Source(), from)
		assert.Equal(t, 3, asked(f, "/account"), "for the import, at first, and after the failure")
	})
}

// TestConnectStoreFails shows that a store that is away stops what needs the
// state of the token, and hides no failure of Apple's.
func TestConnectStoreFails(t *testing.T) {
	t.Parallel()
	f := newFake(t, 1)
	away := registryOn(t, failing{errors.New("away")}, keyring(t))
	_, err := away.Connect(t.Context(), "x", ade.Config{}, nil)
	require.Error(t, err)
	r, server := linkedTo(t, f)
	_, err = r.Connect(t.Context(), server.ID, ade.Config{Link: "{x}"}, nil)
	require.ErrorIs(t, err, mdm.ErrInvalid)
	c, err := r.Connect(t.Context(), server.ID, ade.Config{Transport: clienttest.Quick(f.Transport())}, nil)
	require.NoError(t, err)
	require.NoError(t, r.RemoveServer(t.Context(), server.ID))
	_, err = c.Account(t.Context())
	require.ErrorIs(t, err, mdm.ErrNotFound)
	_, err = ade.Confirm(ade.Config{Link: "{x}"})(t.Context(), tokenOf(f.Main))
	require.ErrorIs(t, err, mdm.ErrInvalid)
}
