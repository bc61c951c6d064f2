package ade_test

import (
	"go/parser"
	gotoken "go/token"
	"strings"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestActions carries out each action of a menu, by the name that the package
// comment gives it.
//
//mdm:feature 5.42
func TestActions(t *testing.T) {
	t.Parallel()
	f := newFake(t, 3)
	r := registry(t)
	cfg := ade.Config{Transport: clienttest.Quick(f.Transport())}
	var server *ade.Server
	var profile ade.SavedProfile
	var client *ade.Client
	renew := func() (err error) {
		var got *ade.Imported
		got, err = r.ImportToken(t.Context(), server.ID, ade.Import{File: download(t, f.Main, pair(0)), Confirm: ade.Confirm(cfg)})
		if err == nil {
			server = got.Server
			client, err = r.Connect(t.Context(), server.ID, cfg, nil)
		}
		return err
	}
	each := func(all []ade.Result, err error) error {
		for _, one := range all {
			if one.Err != nil {
				return one.Err
			}
		}
		return err
	}
	actions := []struct {
		name string
		do   func() error
		then func() bool
	}{
		{"Add Server", func() (err error) {
			if server, err = r.AddServer(t.Context(), "Inventory Sync", 0); err != nil {
				return err
			}
			if server, err = r.StageKey(t.Context(), server.ID, pair(0)); err != nil {
				return err
			}
			return renew()
		}, func() bool { return server.Phase() == ade.PhaseVerified }},
		{"Renew a server", renew, func() bool { return server.Token.Expiry.After(time.Now()) && server.Condition.State == ade.StateValid }},
		{"Create Profile", func() (err error) {
			profile, err = r.SaveProfile(t.Context(), ade.SavedProfile{Server: server.ID, Draft: encoded(t, ade.Profile{Name: "Classroom"})})
			return err
		}, func() bool { return profile.State == ade.PublishDraft }},
		{"Assign Server Configuration", func() error {
			config, err := r.SaveServerConfig(t.Context(), ade.ServerConfig{Name: "Campus", URL: "https://mdm.example.org/enrol"})
			require.NoError(t, err)
			server, err = r.AssignServerConfig(t.Context(), server.ID, config.ID)
			return err
		}, func() bool { return server.Config != "" }},
		{"Configure profile", func() (err error) {
			profile, err = r.Publish(t.Context(), profile.ID, client.DefineProfile)
			return err
		}, func() bool { return profile.State == ade.PublishConfigured && len(f.Main.Profiles()) == 1 }},
		{"Add Devices", func() error {
			require.NoError(t, r.SetDeviceProfile(t.Context(), profile.ID, serial(0), serial(1)))
			return each(r.AssignProfiles(t.Context(), server.ID, client))
		}, func() bool { d, _ := f.Device(serial(0)); return d.Profile == profile.Published.UUID }},
		{"Remove Devices", func() error {
			require.NoError(t, r.ClearDeviceProfile(t.Context(), server.ID, serial(0)))
			return each(client.RemoveProfile(t.Context(), serial(0)))
		}, func() bool { d, _ := f.Device(serial(0)); return d.Profile == "" }},
		{"Unassign Server Configuration", func() (err error) {
			server, err = r.UnassignServerConfig(t.Context(), server.ID)
			return err
		}, func() bool { return server.Config == "" }},
	}
	parsed, err := parser.ParseFile(gotoken.NewFileSet(), "doc.go", nil, parser.ParseComments)
	require.NoError(t, err)
	for _, a := range actions {
		require.NoError(t, a.do(), a.name)
		assert.True(t, a.then(), a.name)
		assert.Contains(t, strings.Join(strings.Fields(parsed.Doc.Text()), " "), "- "+a.name+": ")
	}
	_, err = r.Publish(t.Context(), profile.ID, client.DefineProfile)
	require.ErrorIs(t, err, mdm.ErrConflict)
}
