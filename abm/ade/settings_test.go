package ade_test

import (
	"io"
	"log/slog"
	"testing"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func debugLogger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// TestConfig names every bad field at once, and says what to do.
func TestConfig(t *testing.T) {
	t.Parallel()
	_, err := ade.New(ade.Config{Address: "https://evil.example", Link: "{x}", Protocol: -1})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	for _, field := range []string{"Address", "Token", "Server", "Protocol", "Link"} {
		assert.ErrorContains(t, err, field+": ")
	}
	good := ade.Config{Token: vectorToken, Server: " 4f1c2b7a-90de-43b8-a6e5-d4c3b2a19087 "}
	for want, change := range map[string]func(*ade.Config){
		"has no ConsumerSecret":  func(cfg *ade.Config) { cfg.Token.ConsumerSecret = mdm.Secret{} },
		"is longer":              func(cfg *ade.Config) { cfg.Server = "a\nb" },
		"unknown placeholder":    func(cfg *ade.Config) { cfg.Link = "https://x.example/{udid}" },
		"is no address":          func(cfg *ade.Config) { cfg.Link = "http://x.example/{id}" },
		"is not on this machine": func(cfg *ade.Config) { cfg.Address = "https://mdm.example.org" },
		"Options.PageSize":       func(cfg *ade.Config) { cfg.Transport.PageSize = -1 },
	} {
		cfg := good
		change(&cfg)
		_, err := ade.New(cfg)
		require.ErrorIs(t, err, mdm.ErrInvalid)
		assert.ErrorContains(t, err, want)
	}
	c, err := ade.New(good)
	require.NoError(t, err)
	assert.Equal(t, mdm.Origin{Kind: "ade", Address: apple, Tenant: "4F1C2B7A90DE43B8A6E5D4C3B2A19087"}, c.Info().Origin)
	good.Address = "http://127.0.0.1:8080/"
	c, err = ade.New(good)
	require.NoError(t, err)
	assert.Equal(t, "http://127.0.0.1:8080", c.Info().Origin.Address)
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s := ade.Settings()
	assert.Equal(t, "ade", s.Kind)
	assert.NotEmpty(t, s.Role.DE)
	assert.ElementsMatch(t, []mdm.Ability{mdm.AbilityList, mdm.AbilityBatch, mdm.AbilityCheck, mdm.AbilityHealth}, s.Abilities)
	for _, f := range s.Fields {
		assert.NotEmpty(t, f.Label.EN, f.Key)
		assert.NotEmpty(t, f.Label.DE, f.Key)
		assert.NotEmpty(t, f.Hint.EN, f.Key)
		assert.NotEmpty(t, f.Hint.DE, f.Key)
		assert.NotZero(t, f.By, f.Key)
	}
	for _, a := range s.Abilities {
		assert.NotEmpty(t, s.Right(a, ""), a)
	}
	assert.Contains(t, s.Right(mdm.AbilityWrite, "disown devices"), "server entry: allowed to release devices")
}

// TestSettingsRoles names the roles of the portal that a link needs.
//
//mdm:feature 3.14
func TestSettingsRoles(t *testing.T) {
	t.Parallel()
	for _, role := range []string{"Administrator", "Site Manager", "Device Enrolment Manager"} {
		assert.Contains(t, ade.Settings().Role.EN, role)
		assert.Contains(t, ade.Settings().Right(mdm.AbilityList, "")[0], role)
	}
}

// TestLists holds the keys of the settings against what a listing delivers.
func TestLists(t *testing.T) {
	t.Parallel()
	s := fetched(`{"serial_number":"A1","model":"iPad","color":"SILVER","asset_tag":"T-1","device_assigned_date":"2025-11-30T14:20:00Z","device_family":"iPad",
		"os":"iPadOS","imei":["356938035643809"],"meid":["35693803564380"],"eid":"89","wifi_mac_address":"3C:22:FB:10:9A:4E",
		"bluetooth_mac_address":"3C:22:FB:10:9A:4F","ethernet_mac_address":"00:1B:63:84:45:E6","is_replacement_device":true}`)
	src := client(t, s, func(cfg *ade.Config) { cfg.Link = "https://x.example/{id}" }).Source()
	d := clienttest.Collect(t, mdm.Devices(t.Context(), src, mdm.Query{}))[0]
	var reported mdm.Keys
	for _, a := range mdm.Catalogue() {
		if mdm.Value(d, a.Key).State == mdm.Reported {
			reported = append(reported, a.Key)
		}
		limited := clienttest.Collect(t, mdm.Devices(t.Context(), src, mdm.Query{Want: mdm.Keys{a.Key}}))[0]
		assert.Equal(t, mdm.Value(d, a.Key), mdm.Value(limited, a.Key), a.Key)
	}
	settings := ade.Settings()
	for _, key := range reported {
		assert.True(t, settings.Lists.Has(key), "%s is delivered and not declared", key)
	}
	for _, key := range settings.Lists {
		if _, known := mdm.Lookup(key); known && key != mdm.KeyAdapter {
			assert.True(t, reported.Has(key), "%s is declared and not delivered", key)
		}
	}
}

func TestOpenSource(t *testing.T) {
	t.Parallel()
	secrets := map[string]mdm.Secret{}
	for _, key := range []string{"consumer_key", "consumer_secret", "access_token", "access_secret"} {
		secrets[key] = mdm.NewSecret(key)
	}
	src, err := ade.OpenSource(mdm.Values{Text: map[string]string{"server": "Campus", "access_token_expiry": "2027-02-03T10:15:42+01:00"}, Secrets: secrets}, transport.Options{})
	require.NoError(t, err)
	assert.Equal(t, mdm.Info{Origin: mdm.Origin{Kind: "ade", Address: apple, Tenant: "Campus"}, Role: mdm.RoleOwns}, src.Info())
	_, err = ade.OpenSource(mdm.Values{Text: map[string]string{"access_token_expiry": "next year", "link": "{what}", "colour": "red"}}, transport.Options{})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	for _, field := range []string{"server", "consumer_key", "access_secret", "access_token_expiry", "link", "colour"} {
		assert.ErrorContains(t, err, field)
	}
	past, err := ade.OpenSource(mdm.Values{Text: map[string]string{"server": "Campus", "access_token_expiry": "2020-02-03T09:15:42Z"}, Secrets: secrets}, transport.Options{})
	require.NoError(t, err)
	_, err = past.Device(t.Context(), "A1")
	require.ErrorIs(t, err, mdm.ErrCredentialExpired, "and nothing is sent")
}

// TestLink shows deep links by template, with escaped values.
func TestLink(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]struct {
		link   string
		target mdm.LinkTarget
	}{
		"":                         {"", mdm.LinkUnknown},
		"https://x.example/list":   {"https://x.example/list", mdm.LinkList},
		"https://x.example/{id}":   {"https://x.example/A%2F1", mdm.LinkDevice},
		"https://x.example?{id}/x": {"https://x.example?A%2F1/x", mdm.LinkDevice},
	} {
		c := client(t, fetched(`{"serial_number":"a/1"}`), func(cfg *ade.Config) { cfg.Link = template })
		r := clienttest.Collect(t, c.Devices(t.Context()))[0].Record()
		assert.Equal(t, want.link, r.Link, template)
		assert.Equal(t, want.target, r.LinkTarget, template)
	}
}
