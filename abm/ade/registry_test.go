package ade_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

// The link of a server, step by step.
//
//mdm:feature 3.1 3.2 3.10 3.15 5.4
func TestRegistryLink(t *testing.T) {
	t.Parallel()
	store := &ade.MemoryStore{}
	r := registryOn(t, store, keyring(t))
	s, err := r.AddServer(t.Context(), " Inventory ", 0)
	require.NoError(t, err)
	assert.Equal(t, "Inventory", s.Name)
	assert.Equal(t, ade.StateNone, s.Condition.State)
	assert.Equal(t, ade.PhaseNone, s.Phase())
	_, err = r.ImportToken(t.Context(), s.ID, ade.Import{File: tokenFile(t, pair(0), plain)})
	require.ErrorIs(t, err, ade.ErrNoKey)

	s, err = r.StageKey(t.Context(), s.ID, nil)
	require.NoError(t, err)
	assert.Equal(t, ade.StatePending, s.Condition.State)
	assert.Equal(t, ade.PhaseKey, s.Phase())
	assert.NotEmpty(t, s.Staged.CertificatePEM())
	s, err = r.MarkUploaded(t.Context(), s.ID)
	require.NoError(t, err)
	assert.Equal(t, ade.PhaseUploaded, s.Phase())
	made := s.Staged

	c := fresh(time.Now().Add(year))
	got, err := r.ImportToken(t.Context(), s.ID, ade.Import{File: tokenFile(t, made, c), Confirm: func(ctx context.Context, token ade.Token) (ade.Identity, error) {
		requireCredentials(t, c, token)
		stored, err := r.Server(ctx, s.ID)
		assert.True(t, err == nil && stored.Token.IsZero(), "it is not stored before Apple confirms it")
		return school, nil
	}})
	require.NoError(t, err)
	assert.Empty(t, got.Warnings)
	require.Len(t, got.Notices, 1)
	assert.Equal(t, ade.StateValid, got.Notices[0].To)

	s, err = r.Server(t.Context(), s.ID)
	require.NoError(t, err)
	requireCredentials(t, c, s.Token)
	assert.Equal(t, got.Server.TokenID, s.TokenID)
	assert.Equal(t, ade.PhaseVerified, s.Phase())
	assert.Equal(t, school, s.Identity)
	assert.Equal(t, "it-admin@example-school.org", s.Identity.AdminID, "whose account it depends on")
	assert.Equal(t, made.Fingerprint(), s.Current.Fingerprint())
	assert.Nil(t, s.Staged)
	assert.Equal(t, "Inventory Sync", s.SuggestedName())
	for _, personal := range []string{school.AdminID, school.OrgName} {
		assert.NotContains(t, logged(s), personal)
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v", *s, s, s.Identity), personal)
	}
	for v, err := range store.List(t.Context(), "customer", ade.ValueServer) {
		require.NoError(t, err)
		for _, secret := range append(c.secrets(), "Inventory", school.AdminID) {
			assert.NotContains(t, string(v.Data), secret, "the store sees ciphertext only")
		}
	}
}

func logged(v any) string {
	var all bytes.Buffer
	slog.New(slog.NewTextHandler(&all, nil)).Info("", "v", v)
	slog.New(slog.NewJSONHandler(&all, nil)).Info("", "v", v)
	return all.String()
}

//mdm:feature 5.8
func TestServerSuggestedName(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s := linked(t, r, "inventory  SYNC")
	assert.Empty(t, s.SuggestedName(), "the same but for capitals and blanks")
	s, err := r.RenameServer(t.Context(), s.ID, "Elsewhere")
	require.NoError(t, err)
	assert.Equal(t, "Inventory Sync", s.SuggestedName())
}

//mdm:feature 3.17 3.21 5.10
func TestRegistryServers(t *testing.T) {
	t.Parallel()
	r := registry(t)
	b, err := r.AddServer(t.Context(), "B", 0)
	require.NoError(t, err)
	a, err := r.AddServer(t.Context(), "A", 10*24*time.Hour)
	require.NoError(t, err)
	_, err = r.AddServer(t.Context(), "b", 0)
	assert.ErrorIs(t, err, ade.ErrNameTaken)
	_, err = r.AddServer(t.Context(), "reassigned", 0)
	assert.ErrorIs(t, err, ade.ErrName)
	_, err = r.RenameServer(t.Context(), b.ID, "a")
	assert.ErrorIs(t, err, ade.ErrNameTaken)
	_, err = r.RenameServer(t.Context(), b.ID, "b")
	assert.NoError(t, err, "its own name in other letters")
	all, err := r.Servers(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 2)
	assert.Equal(t, []string{"A", "b"}, []string{all[0].Name, all[1].Name})
	assert.Equal(t, 10*24*time.Hour, all[0].Window)
	require.NoError(t, r.RemoveServer(t.Context(), a.ID))
	require.NoError(t, r.RemoveServer(t.Context(), a.ID))
	_, err = r.Server(t.Context(), a.ID)
	assert.ErrorIs(t, err, mdm.ErrNotFound)
	s, err := r.SetWindow(t.Context(), b.ID, time.Hour)
	require.NoError(t, err)
	assert.Equal(t, time.Hour, s.Expiry().Window)
}

// Of twenty processes that see the same refusal, one tells it.
func TestObserveOnce(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s := linked(t, r, "Server")
	var mu sync.Mutex
	told := 0
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			_, notices, err := r.Observe(t.Context(), s.ID, s.TokenID, ade.Observation{Event: ade.EventRefused, Code: "token_rejected", At: time.Now()})
			assert.NoError(t, err)
			mu.Lock()
			defer mu.Unlock()
			told += len(notices)
		})
	}
	wait.Wait()
	assert.Equal(t, 1, told)
	s, _, err := r.Observe(t.Context(), s.ID, "0123", ade.Observation{Event: ade.EventWorked, At: time.Now()})
	require.NoError(t, err)
	assert.Equal(t, ade.StateSuperseded, s.Condition.State, "another token's success says nothing about this one")
	assert.Equal(t, "token_rejected", s.Condition.Code)
}

// A success that changes nothing writes nothing.
func TestObserveWritesLittle(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s := linked(t, r, "Server")
	after, _, err := r.Observe(t.Context(), s.ID, s.TokenID, ade.Observation{Event: ade.EventWorked, At: time.Now()})
	require.NoError(t, err)
	assert.Equal(t, s.Revision, after.Revision)
}

// A year of daily ticks.
//
//mdm:feature 3.11
func TestTick(t *testing.T) {
	t.Parallel()
	pair(0)
	synctest.Test(t, func(t *testing.T) {
		r := registry(t)
		s := linked(t, r, "Server")
		var told []string
		for range 370 {
			time.Sleep(24 * time.Hour)
			due, err := r.Tick(t.Context(), time.Now())
			require.NoError(t, err)
			for _, n := range due[s.ID] {
				told = append(told, n.Text().EN)
			}
		}
		require.Len(t, told, 8)
		assert.Contains(t, told[0], "expires in 60 days")
		assert.Equal(t, ade.StateExpiring.Text().EN, told[1])
		assert.Equal(t, ade.StateExpired.Text().EN, told[7])
	})
}

func TestReseal(t *testing.T) {
	t.Parallel()
	store, one, two := &ade.MemoryStore{}, ade.NewHostKey("one"), ade.NewHostKey("two")
	r := registryOn(t, store, keyring(t, one))
	s := linked(t, r, "Server")
	config, err := r.SaveServerConfig(t.Context(), ade.ServerConfig{Name: "MDM", URL: "https://mdm.example.org"})
	require.NoError(t, err)
	rotated := registryOn(t, store, keyring(t, two, one))
	n, err := rotated.Reseal(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	n, err = rotated.Reseal(t.Context())
	require.NoError(t, err)
	assert.Zero(t, n)
	only := registryOn(t, store, keyring(t, two))
	after, err := only.Server(t.Context(), s.ID)
	require.NoError(t, err)
	assert.Equal(t, s.TokenID, after.TokenID)
	_, err = only.ServerConfig(t.Context(), config.ID)
	require.NoError(t, err)
	_, err = r.Server(t.Context(), s.ID)
	assert.ErrorIs(t, err, ade.ErrSealKey)
}

// Values cannot be swapped in the database, and damage is an error, never an
// empty answer.
func TestRegistryNoticesTampering(t *testing.T) {
	t.Parallel()
	store := &ade.MemoryStore{}
	r := registryOn(t, store, keyring(t))
	a, b := linked(t, r, "A"), linked(t, r, "B")
	get := func(id string) ade.Value {
		v, err := store.Get(t.Context(), ade.Key{Scope: "customer", Kind: ade.ValueServer, ID: id})
		require.NoError(t, err)
		return v
	}
	swapped := get(a.ID)
	swapped.Data = get(b.ID).Data
	_, err := store.Put(t.Context(), swapped)
	require.NoError(t, err)
	_, err = r.Server(t.Context(), a.ID)
	require.ErrorIs(t, err, ade.ErrSealBroken)
	_, err = r.Servers(t.Context())
	require.ErrorIs(t, err, ade.ErrSealBroken)
	_, err = registryOn(t, store, unsealed{}).Server(t.Context(), a.ID)
	assert.ErrorIs(t, err, ade.ErrStored)
	_, err = ade.NewRegistry(nil, nil, "")
	assert.ErrorIs(t, err, mdm.ErrInvalid)
	assert.False(t, bytes.Equal(get(a.ID).Data, nil))
}

func TestStoredVersions(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{`{"v":2}`: ade.ErrNewerVersion, `{}`: ade.ErrStored, `{"v":1,"name":7}`: ade.ErrStored, `x`: ade.ErrStored,
		`{"v":1,"current":{"key":"AAAA"}}`: ade.ErrStored, `{"v":1,"token":{"consumer_key":"x"}}`: ade.ErrStored} {
		store := &ade.MemoryStore{}
		_, err := store.Put(t.Context(), ade.Value{Key: ade.Key{Scope: "customer", Kind: ade.ValueServer, ID: "x"}, Data: []byte(text)})
		require.NoError(t, err)
		_, err = registryOn(t, store, unsealed{}).Server(t.Context(), "x")
		assert.ErrorIs(t, err, want, text)
	}
}

// A store that fails is never taken for an empty one.
func TestRegistryStoreFails(t *testing.T) {
	t.Parallel()
	own := errors.New("disk full")
	r := registryOn(t, failing{own}, keyring(t))
	_, err := r.Servers(t.Context())
	assert.ErrorIs(t, err, own)
	_, err = r.AddServer(t.Context(), "x", 0)
	assert.ErrorIs(t, err, own)
	_, err = r.DeviceProfiles(t.Context(), "x")
	assert.ErrorIs(t, err, own)
	assert.ErrorIs(t, r.RemoveServer(t.Context(), "x"), own)
	_, err = r.Reseal(t.Context())
	assert.ErrorIs(t, err, own)
}
