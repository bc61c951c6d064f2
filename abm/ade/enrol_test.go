package ade_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var goodProfile = ade.Profile{Name: "Classroom", URL: "https://mdm.example.org/enrol", Department: "IT", Phone: "+1 555 0100",
	Email: "it@example-school.org", Removable: mdm.No, Supervised: mdm.Yes, SkipItems: []string{"Siri", "AppleID"}, Language: "de", Region: "DE"}

func encoded(t testing.TB, p ade.Profile) []byte {
	t.Helper()
	text, err := json.Marshal(p)
	require.NoError(t, err)
	return text
}

// TestProfile writes and reads each member, and keeps a no that would mean yes
// if it were left out.
//
//mdm:feature 5.24
func TestProfile(t *testing.T) {
	t.Parallel()
	assert.JSONEq(t, `{"profile_name":"Classroom","url":"https://mdm.example.org/enrol","department":"IT","support_phone_number":"+1 555 0100",
		"support_email_address":"it@example-school.org","is_mdm_removable":false,"is_supervised":true,"skip_setup_items":["Siri","AppleID"],
		"language":"de","region":"DE"}`, string(encoded(t, goodProfile)))
	var read ade.Profile
	require.NoError(t, json.Unmarshal(encoded(t, goodProfile), &read))
	assert.Equal(t, goodProfile, read)
	all := `{"profile_name":"P","url":"https://a.example","configuration_web_url":"https://b.example","org_magic":"m","allow_pairing":false,
		"is_mandatory":true,"await_device_configured":true,"auto_advance_setup":true,"is_multi_user":false,"is_return_to_service":true,
		"do_not_use_profile_from_backup":true,"anchor_certs":["AQI="],"supervising_host_certs":["Aw=="]}`
	read = ade.Profile{}
	require.NoError(t, json.Unmarshal([]byte(all), &read))
	assert.JSONEq(t, all, string(encoded(t, read)))
	for _, bad := range []string{`[]`, `{"profile_name":7}`, `x`} {
		require.Error(t, json.Unmarshal([]byte(bad), &read))
	}
	assert.Contains(t, ade.SkipItems(), "LiquidGlass")
}

// TestCheckProfile names everything that is wrong with a profile, before
// anything is sent.
//
//mdm:feature 5.24 5.29
func TestCheckProfile(t *testing.T) {
	t.Parallel()
	require.NoError(t, ade.CheckProfile(encoded(t, goodProfile)))
	long := strings.Repeat("é", 2001)
	f := newFake(t, 0)
	c := connect(t, f)
	for change, want := range map[string]string{
		`{"profile_name":""}`:                      "profile_name is missing",
		`{"profile_name":"` + long[:252] + `"}`:    "profile_name is too long",
		`{"profile_name":7}`:                       "profile_name is no text",
		`{"url":""}`:                               "url is missing",
		`{"url":"http://mdm.example.org"}`:         "url is no https address",
		`{"url":"https://` + long + `"}`:           "url is too long",
		`{"configuration_web_url":"mdm"}`:          "configuration_web_url is no https address",
		`{"org_magic":"` + long[:514] + `"}`:       "org_magic is too long",
		`{"department":"` + long[:252] + `"}`:      "department is too long",
		`{"support_phone_number":"` + long + `"}`:  "support_phone_number is too long",
		`{"support_email_address":"` + long + `"}`: "support_email_address is too long",
		`{"support_email_address":"nobody"}`:       "support_email_address is no e-mail address",
		`{"language":"german"}`:                    "language is not",
		`{"region":"49"}`:                          "region is not",
		`{"is_supervised":false}`:                  "is_mdm_removable may be false only together with is_supervised",
		`{"is_multi_user":"yes"}`:                  "is_multi_user is neither",
		`{"is_mandatory":null}`:                    "is_mandatory is neither",
		`{"anchor_certs":["AQI="]}`:                "anchor_certs holds a certificate that is not in DER form",
		`{"supervising_host_certs":"x"}`:           "supervising_host_certs is no list",
		`{"skip_setup_items":["Siri",7]}`:          "skip_setup_items is no list",
		`{"devices":["DMPX00000001"]}`:             "devices is not sent",
		`{"profile_uuid":"` + someUUID + `"}`:      "profile_uuid is given by Apple",
	} {
		var members, changes map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(encoded(t, goodProfile), &members))
		require.NoError(t, json.Unmarshal([]byte(change), &changes))
		for name, value := range changes {
			members[name] = value
		}
		text, err := json.Marshal(members)
		require.NoError(t, err)
		_, err = c.DefineProfile(t.Context(), text)
		require.ErrorIs(t, err, ade.ErrProfile, change)
		assert.ErrorContains(t, err, want)
	}
	_, err := c.DefineProfile(t.Context(), []byte(`{"department":7}`))
	assert.ErrorContains(t, err, "profile_name is missing; department is no text; url is missing")
	_, err = c.DefineProfile(t.Context(), []byte(`null`))
	require.ErrorIs(t, err, ade.ErrProfile)
	assert.Empty(t, f.Requests())
	unknown := []byte(`{"profile_name":"P","url":"https://a.example","from_next_autumn":{"x":1}}`)
	s := answering("/profile", `{"profile_uuid":"`+someUUID+`","devices":{}}`)
	_, err = client(t, s).DefineProfile(t.Context(), unknown)
	require.NoError(t, err)
	assert.Equal(t, string(unknown), s.of("/profile")[0].body, "what is not known is sent as it is")
	_, err = client(t, answering("/profile", `{}`)).DefineProfile(t.Context(), unknown)
	require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
	_, err = client(t, answering("/profile", `not JSON`)).DefineProfile(t.Context(), unknown)
	require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
}

// TestPublishThroughClient takes a profile from draft to device: saved, refused
// without a server configuration, published, assigned in line with the map,
// and shown with each device.
//
//mdm:feature 5.7 5.25 5.26 5.27 5.28 5.31 5.33 5.34
//mdm:feature 5.35 5.36 5.37 5.38 5.41
func TestPublishThroughClient(t *testing.T) {
	t.Parallel()
	f := newFake(t, 4)
	r, server := linkedTo(t, f)
	c, err := r.Connect(t.Context(), server.ID, ade.Config{Transport: clienttest.Quick(f.Transport())}, nil)
	require.NoError(t, err)
	draft := goodProfile
	draft.URL = ""
	saved, err := r.SaveProfile(t.Context(), ade.SavedProfile{Server: server.ID, Draft: encoded(t, draft)})
	require.NoError(t, err)
	assert.Empty(t, f.Main.Profiles(), "nothing is sent yet")
	_, err = r.Publish(t.Context(), saved.ID, c.DefineProfile)
	require.ErrorIs(t, err, ade.ErrNoServerConfig)

	config, err := r.SaveServerConfig(t.Context(), ade.ServerConfig{Name: "Campus", URL: "https://mdm.example.org/enrol", AnchorCerts: [][]byte{pair(0).CertificateDER()}})
	require.NoError(t, err)
	_, err = r.AssignServerConfig(t.Context(), server.ID, config.ID)
	require.NoError(t, err)
	f.Refuse("/profile", 1, 400, "DEPARTMENT_INVALID")
	_, err = r.Publish(t.Context(), saved.ID, c.DefineProfile)
	require.ErrorIs(t, err, ade.ErrProfile)
	saved, err = r.Profile(t.Context(), saved.ID)
	require.NoError(t, err)
	assert.Equal(t, ade.PublishFailed, saved.State)
	saved, err = r.Publish(t.Context(), saved.ID, c.DefineProfile)
	require.NoError(t, err)
	assert.Equal(t, ade.PublishConfigured, saved.State)
	assert.Equal(t, f.Main.Profiles(), []string{saved.Published.UUID})
	onApple, err := c.Profile(t.Context(), saved.Published.UUID)
	require.NoError(t, err)
	assert.Equal(t, "https://mdm.example.org/enrol", onApple.URL)
	assert.Equal(t, saved.Published.UUID, onApple.UUID)

	require.NoError(t, r.SetDeviceProfile(t.Context(), saved.ID, serial(0), serial(1), "DMPXGONE0001"))
	results, err := r.AssignProfiles(t.Context(), server.ID, c)
	require.NoError(t, err)
	require.Len(t, results, 3)
	for _, got := range results {
		if got.Serial == "DMPXGONE0001" {
			require.ErrorIs(t, got.Err, mdm.ErrNotFound)
		} else {
			require.NoError(t, got.Err)
		}
	}
	status := func(n int) ade.ProfileStatus {
		d, err := c.Device(t.Context(), serial(n))
		require.NoError(t, err)
		return d.ProfileStatus
	}
	assert.Equal(t, ade.ProfileAssigned, status(0), "at once, before the device got it")
	assert.Equal(t, ade.ProfileEmpty, status(2))
	before := asked(f, "/profile/devices")
	results, err = r.AssignProfiles(t.Context(), server.ID, c)
	require.NoError(t, err)
	assert.Len(t, results, 3)
	assert.Equal(t, before, asked(f, "/profile/devices"), "nothing is left to do")
	require.NoError(t, r.SetDeviceProfile(t.Context(), saved.ID, serial(2)))
	f.Refuse("/devices", 1, 400, "MALFORMED_REQUEST_BODY")
	results, err = r.AssignProfiles(t.Context(), server.ID, c)
	require.Error(t, err)
	require.Len(t, results, 4)
	for _, got := range results {
		require.Error(t, got.Err)
		assert.True(t, got.Retry, got.Serial)
	}
	f.Settle()
	assert.Equal(t, ade.ProfilePushed, status(0))

	_, err = r.UnassignServerConfig(t.Context(), server.ID)
	require.NoError(t, err)
	assert.Equal(t, ade.ProfilePushed, status(0), "what was published stays")
	_, err = r.Publish(t.Context(), saved.ID, c.DefineProfile)
	require.ErrorIs(t, err, ade.ErrNoServerConfig)
	require.Len(t, f.Main.Profiles(), 1)

	other := f.AddEntry("Annex")
	stranger := connect(t, f, func(cfg *ade.Config) { cfg.Token, cfg.Server = tokenOf(other), other.UUID() })
	_, err = r.AssignProfiles(t.Context(), server.ID, stranger)
	require.ErrorIs(t, err, ade.ErrOtherServer)
}

// TestUnready reports the devices that would not enrol by themselves, and why.
//
//mdm:feature 5.3 5.23 5.40
func TestUnready(t *testing.T) {
	t.Parallel()
	f := newFake(t, 6)
	c := connect(t, f)
	uuid, err := c.DefineProfile(t.Context(), encoded(t, goodProfile))
	require.NoError(t, err)
	_, err = c.AssignProfile(t.Context(), uuid, serial(0), serial(1), serial(2))
	require.NoError(t, err)
	f.Settle()
	_, err = c.RemoveProfile(t.Context(), serial(2))
	require.NoError(t, err)
	f.Edit(serial(2), func(d *adetest.Device) { d.Status, d.Profile = "removed", "" })
	f.Edit(serial(3), func(d *adetest.Device) { d.Status, d.Profile = "assigned", someUUID })
	f.Edit(serial(4), func(d *adetest.Device) { d.Status, d.Profile = "assigned", someUUID })
	got := map[string]ade.Obstacle{}
	for _, u := range clienttest.Collect(t, c.Unready(t.Context())) {
		got[u.Device.SerialNumber] = u.Obstacle
		assert.NotEmpty(t, u.Obstacle.Text().EN)
		assert.NotEmpty(t, u.Obstacle.Text().DE)
	}
	assert.Equal(t, map[string]ade.Obstacle{serial(2): ade.ObstacleRemoved, serial(3): ade.ObstacleMissing, serial(4): ade.ObstacleMissing,
		serial(5): ade.ObstacleNoProfile}, got)
	assert.Equal(t, 3, asked(f, "/profile"), "defined once, and two profiles read once each")

	s := script(func(e exchange) reply {
		switch {
		case e.path == "/server/devices":
			return reply{status: 200, body: `{"cursor":"C","more_to_follow":false,"devices":[{"serial_number":"A1","profile_status":"assigned","profile_uuid":"` + someUUID + `"}]}`}
		case strings.HasPrefix(e.path, "/profile?"):
			return reply{status: 200, body: `{"profile_name":"P","url":""}`}
		}
		return reply{}
	})
	unready := clienttest.Collect(t, client(t, s).Unready(t.Context()))
	require.Len(t, unready, 1)
	assert.Equal(t, ade.ObstacleIncomplete, unready[0].Obstacle)
	assert.Equal(t, "incomplete", unready[0].Obstacle.String())
	text, err := json.Marshal(unready[0].Obstacle)
	require.NoError(t, err)
	assert.Equal(t, `"incomplete"`, string(text))
	assert.Equal(t, ade.Obstacle(0), ade.ObstacleNone)
	assert.Empty(t, ade.ObstacleNone.Text())

	f.Main.Plant(json.RawMessage(`{"model":"without a serial number"}`))
	lost, seen := 0, 0
	for _, err := range c.Unready(t.Context()) {
		if err != nil {
			require.ErrorIs(t, err, mdm.ErrDecode)
			lost++
			continue
		}
		seen++
	}
	assert.Equal(t, []int{1, 4}, []int{lost, seen}, "what is lost does not end the report")
	f.Refuse("/profile", 1, 403, "ACCESS_DENIED")
	err = nil
	for _, failed := range c.Unready(t.Context()) {
		err = failed
	}
	require.ErrorIs(t, err, ade.ErrAccessDenied)
}
