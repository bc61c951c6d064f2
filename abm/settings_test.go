package abm_test

import (
	"testing"

	"github.com/mdmlink/mdmlink/abm"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConfig names every bad field at once, and says what to do.
func TestConfig(t *testing.T) {
	t.Parallel()
	_, err := abm.New(abm.Config{Scope: abm.ScopeSchool, Address: "https://evil.example", Organisation: "a\nb", Link: "{x}",
		Transport: transport.Options{Concurrency: 5}})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	for _, field := range []string{"ClientID", "KeyID", "Key", "Address", "Organisation", "Transport.Concurrency", "Link"} {
		assert.ErrorContains(t, err, field+": ")
	}
	_, file := newKey()
	good := abm.Config{ClientID: businessID, KeyID: keyID, Key: mdm.NewSecret(file)}
	for want, change := range map[string]func(*abm.Config){
		"looks like the key ID":      func(cfg *abm.Config) { cfg.ClientID = keyID },
		"is none":                    func(cfg *abm.Config) { cfg.ClientID = "OTHERAPI." + keyID },
		"is the client ID":           func(cfg *abm.Config) { cfg.KeyID = businessID },
		"is not a UUID":              func(cfg *abm.Config) { cfg.KeyID = "x" },
		"does not fit the client ID": func(cfg *abm.Config) { cfg.Scope = abm.ScopeSchool },
		"PageSize":                   func(cfg *abm.Config) { cfg.Transport.PageSize = 1001 },
	} {
		cfg := good
		change(&cfg)
		_, err := abm.New(cfg)
		require.ErrorIs(t, err, mdm.ErrInvalid)
		assert.ErrorContains(t, err, want)
	}
	good.Scope, good.ClientID = abm.ScopeBusiness, " "+businessID+" "
	c, err := abm.New(good)
	require.NoError(t, err)
	assert.Equal(t, abm.ScopeBusiness, c.Scope())
	assert.Equal(t, "business", c.Scope().String())
}

// TestOrigin shows how organisations on one address are told apart.
func TestOrigin(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 0)
	one := p.connect().Info().Origin
	assert.Equal(t, "https://api-business.apple.com", one.Address)
	assert.Len(t, one.Tenant, 12)
	assert.NotContains(t, businessID, one.Tenant)
	p.client = schoolID
	assert.NotEqual(t, one.Tenant, p.connect().Info().Origin.Tenant)
	named := p.connect(func(cfg *abm.Config) { cfg.Organisation = " Campus " }).Info().Origin
	assert.Equal(t, "Campus", named.Tenant)
	local := p.connect(func(cfg *abm.Config) { cfg.Address = "http://127.0.0.1:8080/" }).Info().Origin
	assert.Equal(t, "http://127.0.0.1:8080", local.Address)
}

// TestSettings shows the form, its documentation and its table of rights.
//
//mdm:feature 3.14
func TestSettings(t *testing.T) {
	t.Parallel()
	s := abm.Settings()
	for _, f := range s.Fields {
		assert.NotZero(t, f.By, f.Key)
		for _, text := range []mdm.Text{f.Label, f.Hint} {
			assert.NotEmpty(t, text.EN, f.Key)
			assert.NotEmpty(t, text.DE, f.Key)
		}
	}
	assert.NotEmpty(t, s.Docs)
	assert.Contains(t, s.Role.EN, "Site Manager")
	assert.Empty(t, append(append(s.Lists, s.Details...), s.Writes...).Unknown())
	assert.Equal(t, []mdm.Ability{mdm.AbilityList, mdm.AbilityCheck, mdm.AbilityHealth}, s.Abilities)
	for _, ability := range append(s.Abilities, mdm.AbilityWrite) {
		assert.NotEmpty(t, s.Right(ability, ""), ability)
	}
	assert.NotEmpty(t, s.Right(mdm.AbilityWrite, "release devices"))
}

// TestListsAreDelivered holds the catalogue of the kind against what its
// listings and details really report.
func TestListsAreDelivered(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 1)
	p.serve(devicesRoute, 200, fixture(t, "devices.json"))
	p.serve("GET /v1/orgDevices/GONE1", 200, `{"data":{"id":"GONE1","attributes":{"releasedFromOrgDateTime":"2026-01-16T11:22:33Z"}}}`)
	src := p.connect(func(cfg *abm.Config) { cfg.Link = "https://x.example/{id}" }).Source()
	seen := map[mdm.Key]bool{}
	note := func(d mdm.Device) {
		for _, a := range mdm.Catalogue() {
			if mdm.Value(d, a.Key).State == mdm.Reported {
				seen[a.Key] = true
			}
		}
		if len(d.Record().Custom) > 0 {
			seen[mdm.KeyCustom] = true
		}
	}
	for d, err := range mdm.Devices(t.Context(), src, mdm.Query{}) {
		require.NoError(t, err)
		note(d)
	}
	s := abm.Settings()
	for key := range seen {
		assert.True(t, s.Lists.Has(key), "%s is delivered and not announced", key)
	}
	for _, key := range s.Lists {
		assert.True(t, seen[key], "%s is announced and never delivered", key)
	}
	clear(seen)
	d, err := src.Device(t.Context(), "GONE1")
	require.NoError(t, err)
	note(d)
	for _, key := range s.Details {
		assert.True(t, seen[key], key)
		assert.False(t, s.Lists.Has(key), key)
	}
}

// TestWantDelivers shows that asking for single attributes gives what a whole
// listing gives of them.
func TestWantDelivers(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 2)
	src := p.connect().Source()
	whole := map[string]mdm.Device{}
	for d, err := range mdm.Devices(t.Context(), src, mdm.Query{}) {
		require.NoError(t, err)
		whole[d.Record().ID] = d
	}
	for _, a := range mdm.Catalogue() {
		for d, err := range mdm.Devices(t.Context(), src, mdm.Query{Want: mdm.Keys{a.Key}}) {
			require.NoError(t, err)
			assert.Equal(t, mdm.Value(whole[d.Record().ID], a.Key), mdm.Value(d, a.Key), a.Key)
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	_, file := newKey()
	src, err := abm.Open(mdm.Values{Text: map[string]string{"client_id": " " + schoolID, "key_id": keyID, "organisation": "Campus"},
		Secrets: map[string]mdm.Secret{"private_key": mdm.NewSecret(file)}}, transport.Options{})
	require.NoError(t, err)
	assert.Equal(t, mdm.Info{Origin: mdm.Origin{Kind: "abm", Address: "https://api-school.apple.com", Tenant: "Campus"}, Role: mdm.RoleOwns}, src.Info())
	assert.Equal(t, "abm https://api-school.apple.com Campus", src.Info().Origin.String())
	_, err = abm.Open(mdm.Values{Text: map[string]string{"client_id": "x", "link": "{what}", "colour": "red"}}, transport.Options{})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	for _, field := range []string{"client_id", "key_id", "private_key", "link", "colour"} {
		assert.ErrorContains(t, err, field)
	}
}

// TestLink shows deep links by template, with escaped values.
func TestLink(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]string{
		"":                            "",
		"https://x.example/list":      "https://x.example/list",
		"https://x.example/{id}":      "https://x.example/A%2F1",
		"https://x.example/?{serial}": "",
	} {
		p := newPortal(t, 0)
		p.serve(devicesRoute, 200, `{"data":[{"id":"A/1","attributes":{"serialNumber":""}}]}`)
		d := listDevices(t, p.connect(func(cfg *abm.Config) { cfg.Link = template }))[0]
		assert.Equal(t, want, d.Record().Link, template)
	}
	for _, bad := range []string{"{id}", "javascript:{id}", "http://x.example/{id}", "https://x.example/{udid}"} {
		_, file := newKey()
		_, err := abm.New(abm.Config{ClientID: businessID, KeyID: keyID, Key: mdm.NewSecret(file), Link: bad})
		require.ErrorIs(t, err, mdm.ErrInvalid, bad)
	}
}
