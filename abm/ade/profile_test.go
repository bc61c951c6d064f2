package ade_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

func config(t testing.TB, r *ade.Registry, name string) ade.ServerConfig {
	t.Helper()
	c, err := r.SaveServerConfig(t.Context(), ade.ServerConfig{Name: name, URL: "https://" + name + ".example.org/enrol", AnchorCerts: [][]byte{pair(1).CertificateDER()}})
	require.NoError(t, err)
	return c
}

func draft(t testing.TB, r *ade.Registry, server, name string) ade.SavedProfile {
	t.Helper()
	p, err := r.SaveProfile(t.Context(), ade.SavedProfile{Server: server, Draft: []byte(`{"profile_name":"` + name + `","is_mdm_removable":false,"future":{"a":1}}`)})
	require.NoError(t, err)
	return p
}

// defines answers as Apple does to a new profile.
func defines(uuid string) func(context.Context, []byte) (string, error) {
	return func(context.Context, []byte) (string, error) { return uuid, nil }
}

// A server has no configuration until a person chooses one of several.
//
//mdm:feature 5.30 5.31 5.32
func TestServerConfigs(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s := linked(t, r, "Server")
	a, b := config(t, r, "alpha"), config(t, r, "beta")
	s, err := r.Server(t.Context(), s.ID)
	require.NoError(t, err)
	assert.Empty(t, s.Config, "nobody guesses")
	_, err = r.AssignServerConfig(t.Context(), s.ID, "none")
	assert.ErrorIs(t, err, mdm.ErrNotFound)
	_, err = r.AssignServerConfig(t.Context(), s.ID, a.ID)
	require.NoError(t, err)
	first, err := r.Publish(t.Context(), draft(t, r, s.ID, "First").ID, defines("0D9C8B7A6F5E4D3C2B1A099887766554"))
	require.NoError(t, err)
	s, err = r.AssignServerConfig(t.Context(), s.ID, b.ID)
	require.NoError(t, err)
	assert.Equal(t, b.ID, s.Config)
	second, err := r.Publish(t.Context(), draft(t, r, s.ID, "Second").ID, defines("1D9C8B7A6F5E4D3C2B1A099887766554"))
	require.NoError(t, err)
	assert.Equal(t, a.ID, first.Published.Config, "which profiles were made with the earlier one")
	assert.Equal(t, b.ID, second.Published.Config)
	assert.ErrorIs(t, r.RemoveServerConfig(t.Context(), b.ID), ade.ErrInUse)
	assert.NoError(t, r.RemoveServerConfig(t.Context(), a.ID))

	all, err := r.ServerConfigs(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []ade.ServerConfig{b}, all)
	b.URL = "https://new.example.org"
	changed, err := r.SaveServerConfig(t.Context(), b)
	require.NoError(t, err)
	assert.NotEqual(t, b.Revision, changed.Revision)
	_, err = r.SaveServerConfig(t.Context(), b)
	assert.ErrorIs(t, err, ade.ErrStale)
	_, err = r.SaveServerConfig(t.Context(), ade.ServerConfig{Name: " BETA", URL: "https://x.example.org"})
	assert.ErrorIs(t, err, ade.ErrNameTaken)
	for name, bad := range map[string]ade.ServerConfig{"no name": {URL: "https://x.example.org"}, "no address": {Name: "x"}, "http": {Name: "x", URL: "http://x.example.org"},
		"password": {Name: "x", URL: "https://u:p@x.example.org"}, "long": {Name: "x", URL: "https://x.example.org/" + strings.Repeat("x", 2000)},
		"PEM": {Name: "x", URL: "https://x.example.org", AnchorCerts: [][]byte{pair(0).CertificatePEM()}}} {
		_, err := r.SaveServerConfig(t.Context(), bad)
		assert.ErrorIs(t, err, ade.ErrServerConfig, name)
	}
}

// Taking the configuration away leaves what was published alone, and stops
// what comes next.
//
//mdm:feature 5.29 5.33 5.34
func TestUnassignServerConfig(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s := linked(t, r, "Server")
	c := config(t, r, "mdm")
	_, err := r.AssignServerConfig(t.Context(), s.ID, c.ID)
	require.NoError(t, err)
	before, err := r.Publish(t.Context(), draft(t, r, s.ID, "Before").ID, defines("0D9C8B7A6F5E4D3C2B1A099887766554"))
	require.NoError(t, err)
	require.NoError(t, r.SetDeviceProfile(t.Context(), before.ID, "DMPXQ1ZZHK5N"))

	_, err = r.UnassignServerConfig(t.Context(), s.ID)
	require.NoError(t, err)
	after, err := r.Profile(t.Context(), before.ID)
	require.NoError(t, err)
	assert.Equal(t, before, after)
	devices, err := r.DeviceProfiles(t.Context(), s.ID)
	require.NoError(t, err)
	require.Len(t, devices, 1)
	assert.NoError(t, r.SetDeviceProfile(t.Context(), before.ID, "FVFYX0ABQ6L4"), "it can still be given to devices")

	next := draft(t, r, s.ID, "Next")
	called := false
	_, err = r.Publish(t.Context(), next.ID, func(context.Context, []byte) (string, error) { called = true; return "", nil })
	require.ErrorIs(t, err, ade.ErrNoServerConfig)
	assert.False(t, called, "it fails before any request")
	next, err = r.Profile(t.Context(), next.ID)
	require.NoError(t, err)
	assert.Equal(t, ade.PublishFailed, next.State)
	assert.Equal(t, "no_server_config", next.Failure)

	_, err = r.AssignServerConfig(t.Context(), s.ID, c.ID)
	require.NoError(t, err)
	next, err = r.Publish(t.Context(), next.ID, defines("2D9C8B7A6F5E4D3C2B1A099887766554"))
	require.NoError(t, err)
	assert.Equal(t, ade.PublishConfigured, next.State)
	assert.Empty(t, next.Failure)
}

// A profile is a draft of a server until it is published explicitly.
//
//mdm:feature 5.25 5.26 5.27
func TestPublish(t *testing.T) {
	t.Parallel()
	store, ring := &ade.MemoryStore{}, keyring(t)
	r := registryOn(t, store, ring)
	s := linked(t, r, "Server")
	c := config(t, r, "mdm")
	_, err := r.AssignServerConfig(t.Context(), s.ID, c.ID)
	require.NoError(t, err)
	p := draft(t, r, s.ID, "Classroom")
	assert.Equal(t, ade.PublishDraft, p.State)
	assert.Nil(t, p.Published)
	assert.ErrorIs(t, r.SetDeviceProfile(t.Context(), p.ID, "DMPXQ1ZZHK5N"), ade.ErrNotPublished)

	published, err := r.Publish(t.Context(), p.ID, func(ctx context.Context, profile []byte) (string, error) {
		pending, err := r.Profile(ctx, p.ID)
		assert.NoError(t, err)
		assert.Equal(t, ade.PublishPending, pending.State)
		_, err = r.Publish(ctx, p.ID, defines("x"))
		assert.ErrorIs(t, err, ade.ErrPublishing)
		_, err = r.SaveProfile(ctx, pending)
		assert.ErrorIs(t, err, ade.ErrPublishing)
		var sent map[string]any
		assert.NoError(t, json.Unmarshal(profile, &sent))
		assert.Equal(t, map[string]any{"profile_name": "Classroom", "is_mdm_removable": false, "future": map[string]any{"a": 1.0}, "url": c.URL,
			"anchor_certs": []any{base64.StdEncoding.EncodeToString(c.AnchorCerts[0])}}, sent)
		n, err := registryOn(t, store, struct{ ade.Sealer }{ring}).Reseal(ctx)
		assert.NoError(t, err)
		assert.Equal(t, 3, n, "everything is sealed anew at the same time, and has another revision")
		return "0d9c8b7a-6f5e-4d3c-2b1a-099887766554", nil
	})
	require.NoError(t, err)
	assert.Equal(t, ade.PublishConfigured, published.State)
	assert.Equal(t, "0D9C8B7A6F5E4D3C2B1A099887766554", published.Published.UUID)
	assert.Contains(t, string(published.Published.JSON), c.URL)

	// A new draft leaves what Apple has alone until it is published.
	edit := published
	edit.Draft = []byte(`{"profile_name":"Classroom","is_mdm_removable":true}`)
	edited, err := r.SaveProfile(t.Context(), edit)
	require.NoError(t, err)
	assert.Equal(t, ade.PublishDraft, edited.State)
	assert.Equal(t, published.Published, edited.Published)
	_, err = r.SaveProfile(t.Context(), edit)
	assert.ErrorIs(t, err, ade.ErrStale)
	again, err := r.Publish(t.Context(), p.ID, defines("1D9C8B7A6F5E4D3C2B1A099887766554"))
	require.NoError(t, err)
	assert.Equal(t, []string{"0D9C8B7A6F5E4D3C2B1A099887766554"}, again.Earlier)
	assert.Equal(t, "1D9C8B7A6F5E4D3C2B1A099887766554", again.Published.UUID)
}

//mdm:feature 5.28
func TestPublishFails(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s := linked(t, r, "Server")
	c := config(t, r, "mdm")
	_, err := r.AssignServerConfig(t.Context(), s.ID, c.ID)
	require.NoError(t, err)
	p := draft(t, r, s.ID, "Classroom")
	own := errors.New("own")
	for want, failure := range map[string]error{"conflict": &mdm.Error{Kind: mdm.ErrConflict}, "unknown": own} {
		_, err := r.Publish(t.Context(), p.ID, func(context.Context, []byte) (string, error) { return "", failure })
		require.ErrorIs(t, err, failure)
		kept, err := r.Profile(t.Context(), p.ID)
		require.NoError(t, err)
		assert.Equal(t, ade.PublishFailed, kept.State)
		assert.Equal(t, want, kept.Failure)
	}
	_, err = r.Publish(t.Context(), p.ID, defines(""))
	require.ErrorIs(t, err, mdm.ErrDecode)

	// A caller that gives up in the middle does not make it forget what Apple has.
	ctx, cancel := context.WithCancel(t.Context())
	done, err := r.Publish(ctx, p.ID, func(context.Context, []byte) (string, error) {
		cancel()
		return "0D9C8B7A6F5E4D3C2B1A099887766554", nil
	})
	require.NoError(t, err)
	assert.Equal(t, ade.PublishConfigured, done.State)
}

// A publication that a crash cut off can be abandoned and tried again.
func TestAbandonPublication(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s := linked(t, r, "Server")
	c := config(t, r, "mdm")
	_, err := r.AssignServerConfig(t.Context(), s.ID, c.ID)
	require.NoError(t, err)
	p := draft(t, r, s.ID, "Classroom")
	done, err := r.Publish(t.Context(), p.ID, func(ctx context.Context, _ []byte) (string, error) {
		abandoned, err := r.AbandonPublication(ctx, p.ID)
		assert.NoError(t, err)
		assert.Equal(t, ade.PublishFailed, abandoned.State)
		assert.Equal(t, "interrupted", abandoned.Failure)
		return "0D9C8B7A6F5E4D3C2B1A099887766554", nil
	})
	require.NoError(t, err)
	assert.Equal(t, "0D9C8B7A6F5E4D3C2B1A099887766554", done.Published.UUID, "it succeeded all the same, and is kept")
	assert.Equal(t, ade.PublishFailed, done.State)
	same, err := r.AbandonPublication(t.Context(), p.ID)
	require.NoError(t, err)
	assert.Equal(t, done, same)
}

func TestSaveProfileRefuses(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s, other := linked(t, r, "Server"), linked(t, r, "Other")
	draft(t, r, s.ID, "Classroom")
	draft(t, r, other.ID, "Classroom")
	for text, want := range map[string]error{`{"profile_name":" CLASSROOM "}`: ade.ErrNameTaken, `[]`: ade.ErrProfile, ``: ade.ErrProfile, `null`: ade.ErrProfile, `{}`: ade.ErrProfile,
		`{"profile_name":7}`: ade.ErrProfile, `{"profile_name":"a"`: ade.ErrProfile, `{"profile_name":"` + strings.Repeat("ä", 126) + `"}`: ade.ErrProfile,
		`{"profile_name":"` + strings.Repeat("x", 1<<20) + `"}`: ade.ErrProfile} {
		_, err := r.SaveProfile(t.Context(), ade.SavedProfile{Server: s.ID, Draft: []byte(text)})
		assert.ErrorIs(t, err, want, text[:min(len(text), 40)])
	}
	_, err := r.SaveProfile(t.Context(), ade.SavedProfile{Server: "none", Draft: []byte(`{"profile_name":"x"}`)})
	assert.ErrorIs(t, err, mdm.ErrNotFound)
}

//mdm:feature 5.35
func TestDeviceProfiles(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s := linked(t, r, "Server")
	c := config(t, r, "mdm")
	_, err := r.AssignServerConfig(t.Context(), s.ID, c.ID)
	require.NoError(t, err)
	a, err := r.Publish(t.Context(), draft(t, r, s.ID, "A").ID, defines("AA"))
	require.NoError(t, err)
	b, err := r.Publish(t.Context(), draft(t, r, s.ID, "B").ID, defines("BB"))
	require.NoError(t, err)
	require.NoError(t, r.SetDeviceProfile(t.Context(), a.ID, "DMPXQ1ZZHK5N", " fvfyx0abq6l4 ", ""))
	require.NoError(t, r.SetDeviceProfile(t.Context(), b.ID, "FVFYX0ABQ6L4"))
	profiles := func() map[string]string {
		all, err := r.DeviceProfiles(t.Context(), s.ID)
		require.NoError(t, err)
		got := map[string]string{}
		for _, d := range all {
			assert.False(t, d.At.IsZero())
			got[d.Serial] = d.Profile
		}
		return got
	}
	assert.Equal(t, map[string]string{"DMPXQ1ZZHK5N": a.ID, "FVFYX0ABQ6L4": b.ID}, profiles())
	assert.ErrorIs(t, r.RemoveProfile(t.Context(), b.ID), ade.ErrInUse)
	require.NoError(t, r.ClearDeviceProfile(t.Context(), s.ID, "FVFYX0ABQ6L4", "unknown"))
	assert.Equal(t, map[string]string{"DMPXQ1ZZHK5N": a.ID}, profiles())
	assert.NoError(t, r.RemoveProfile(t.Context(), b.ID))
	assert.ErrorIs(t, r.ClearDeviceProfile(t.Context(), "none", "X"), mdm.ErrNotFound)
	require.NoError(t, r.RemoveServer(t.Context(), s.ID))
	assert.Empty(t, profiles())
	left, err := r.Profiles(t.Context(), "")
	require.NoError(t, err)
	assert.Empty(t, left)
}
