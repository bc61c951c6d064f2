package relution_test

import (
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSettings shows the form, its documentation and its table of permissions.
//
//mdm:feature 1.28 1.31
func TestSettings(t *testing.T) {
	t.Parallel()
	s := relution.Settings()
	for _, f := range s.Fields {
		assert.NotZero(t, f.By, f.Key)
		assert.NotEmpty(t, f.Label.EN, f.Key)
		assert.NotEmpty(t, f.Label.DE, f.Key)
		assert.NotEmpty(t, f.Hint.EN, f.Key)
		assert.NotEmpty(t, f.Hint.DE, f.Key)
	}
	assert.NotEmpty(t, s.Docs)
	assert.Contains(t, s.Role.EN, "password authentication switched off")
	assert.NotEmpty(t, s.Role.DE)
	assert.Empty(t, append(append(s.Lists, s.Details...), s.Writes...).Unknown())
	assert.Contains(t, s.Abilities, mdm.AbilityCommand)
	for _, ability := range s.Abilities {
		assert.NotEmpty(t, s.Right(ability, "wipe"), ability)
	}
	assert.Contains(t, s.Right(mdm.AbilityCommand, "wipe"), "DEVICE_ACTION_WIPE")
}

// TestListsAreDelivered holds the catalogue of the kind against what its
// listings and details really report.
func TestListsAreDelivered(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t, func(cfg *relution.Config) { cfg.AssetTag = "custom1" })
	lists, details := map[mdm.Key]bool{}, map[mdm.Key]bool{}
	note := func(d mdm.Device, seen map[mdm.Key]bool) {
		for _, key := range everything() {
			if mdm.Value(d, key).State == mdm.Reported {
				seen[key] = true
			}
		}
		if len(d.Record().Custom) > 0 {
			seen[mdm.KeyCustom] = true
		}
	}
	for _, d := range clienttest.Collect(t, c.Devices(t.Context(), nil)) {
		note(d, lists)
		detail, err := c.Source().Device(t.Context(), d.SourceID())
		require.NoError(t, err)
		note(detail, details)
	}
	s := relution.Settings()
	for key := range lists {
		assert.True(t, s.Lists.Has(key), "%s is delivered and not announced", key)
	}
	for key := range details {
		assert.True(t, s.Lists.Has(key) || s.Details.Has(key), "%s is in details and not announced", key)
	}
	for _, key := range s.Details {
		assert.True(t, details[key], "%s is announced and in no detail", key)
		assert.False(t, s.Lists.Has(key), key)
	}
	rare := mdm.Keys{mdm.KeyMEID, mdm.KeySiteID} // which the district's devices do not have
	for _, key := range s.Lists {
		assert.True(t, lists[key] || rare.Has(key), "%s is announced and never delivered", key)
	}
}

// TestOpen opens a source from the form; the portal's address tells the tenant.
//
//mdm:feature 1.28 1.29 1.30 1.32
func TestOpen(t *testing.T) {
	t.Parallel()
	values := func(text map[string]string) mdm.Values {
		return mdm.Values{Text: text, Secrets: map[string]mdm.Secret{"token": mdm.NewSecret(token)}}
	}
	portal := "https://Relution.example.de/#/devices/inventory?page=0&tenantOrganizationUuid=" + lower
	src, err := relution.Open(values(map[string]string{"address": portal, "token_expires": "31.7.2027"}), transport.Options{})
	require.NoError(t, err)
	assert.Equal(t, mdm.Origin{Kind: "relution", Address: "https://relution.example.de", Tenant: organisation}, src.Info().Origin)
	clean, err := relution.Settings().Normalise(values(map[string]string{"address": portal, "tenant": " " + lower, "token_expires": "2027-07-31"}))
	require.NoError(t, err)
	assert.Equal(t, organisation, clean.Text["tenant"])
	assert.Equal(t, "2027-07-31", clean.Text["token_expires"])
	again, err := relution.Settings().Normalise(clean)
	require.NoError(t, err)
	assert.Equal(t, clean.Text, again.Text)
	src, err = relution.Open(values(map[string]string{"address": clean.Text["address"]}), transport.Options{})
	require.NoError(t, err)
	assert.Equal(t, organisation, src.Info().Origin.Tenant, "the canonical form keeps it")
	src, err = relution.Open(values(map[string]string{"address": "relution.endoo.example"}), transport.Options{})
	require.NoError(t, err)
	assert.Empty(t, src.Info().Origin.Tenant)

	for field, text := range map[string]string{"address": "http://relution.example.de", "tenant": "Schule am See", "token_expires": "bald",
		"asset_tag": "custom9", "prefix": "/api/v3", "listing": "fast", "base_path": "mdm", "link": "{base}/{x}"} {
		all := map[string]string{"address": "relution.example.de"}
		all[field] = text
		_, err := relution.Open(values(all), transport.Options{})
		require.ErrorIs(t, err, mdm.ErrInvalid, field)
		assert.ErrorContains(t, err, field)
		assert.NotContains(t, err.Error(), "Schule am See")
	}
	_, err = relution.Open(mdm.Values{}, transport.Options{})
	assert.ErrorContains(t, err, "token")
}

// TestNew names every bad field at once.
func TestNew(t *testing.T) {
	t.Parallel()
	_, err := relution.New(relution.Config{Tenant: "x", AssetTag: "x", Prefix: "x", Listing: "x", BasePath: "x", Link: "x", Children: true})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	for _, field := range []string{"Address", "Tenant", "Token", "AssetTag", "Prefix", "Listing", "BasePath", "Link", "Children"} {
		assert.ErrorContains(t, err, field+":")
	}
	c, err := relution.New(relution.Config{Address: "a.example", Token: mdm.NewSecret(token), Expires: time.Now()})
	require.NoError(t, err)
	assert.NotContains(t, c.Source().Info().Origin.String(), token)
}
