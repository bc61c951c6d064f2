package jamfpro_test

import (
	"testing"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSettings shows the form, its documentation and its table of rights.
//
//mdm:feature 2.3 2.6 2.9 2.18
func TestSettings(t *testing.T) {
	t.Parallel()
	s := jamfpro.Settings()
	secrets := 0
	for _, f := range s.Fields {
		assert.NotZero(t, f.By, f.Key)
		for _, text := range []mdm.Text{f.Label, f.Hint} {
			assert.NotEmpty(t, text.EN, f.Key)
			assert.NotEmpty(t, text.DE, f.Key)
		}
		if f.Secret {
			secrets++
		}
	}
	assert.Equal(t, 2, secrets)
	assert.NotEmpty(t, s.Docs)
	assert.NotEmpty(t, s.Role.DE)
	assert.Empty(t, append(append(s.Lists, s.Details...), s.Writes...).Unknown())
	for _, name := range s.Commands {
		assert.NotEmpty(t, s.Right(mdm.AbilityCommand, name), name)
	}
	for _, ability := range s.Abilities {
		if ability != mdm.AbilityCommand {
			assert.NotEmpty(t, s.Right(ability, ""), ability)
		}
	}
	assert.Contains(t, s.Right(mdm.AbilityCommand, "wipe"), "Send Computer Remote Wipe Command")
	assert.Contains(t, s.Right(mdm.AbilityWrite, "computers"), "Update Computers")
}

// TestRightsExist holds the table against the names that a server has.
func TestRightsExist(t *testing.T) {
	t.Parallel()
	names := privileges()
	for _, p := range jamfpro.Settings().Permissions {
		assert.Contains(t, names, p.Right)
	}
}

// TestListsAreDelivered holds the catalogue of the kind against what its
// listings really report.
func TestListsAreDelivered(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	seen := map[mdm.Key]bool{}
	for _, r := range clienttest.List(t, c.Source(), mdm.Query{Want: everything()}).Records {
		for _, a := range mdm.Catalogue() {
			if a.Value(&r).State == mdm.Reported {
				seen[a.Key] = true
			}
		}
		seen[mdm.KeyCustom] = seen[mdm.KeyCustom] || len(r.Custom) > 0
	}
	s := jamfpro.Settings()
	for key := range seen {
		assert.True(t, s.Lists.Has(key), "%s is delivered and not announced", key)
	}
	for _, key := range s.Lists {
		assert.True(t, seen[key], "%s is announced and never delivered", key)
	}
}

// TestOpen opens a source from the form.
//
//mdm:feature 2.9
func TestOpen(t *testing.T) {
	t.Parallel()
	src, err := jamfpro.Open(mdm.Values{
		Text:    map[string]string{"address": "https://School.jamfcloud.com/api/", "client_id": clientID, "only": " Computers "},
		Secrets: map[string]mdm.Secret{"client_secret": mdm.NewSecret("S")},
	}, transport.Options{})
	require.NoError(t, err)
	assert.Equal(t, mdm.Info{Origin: mdm.Origin{Kind: "jamfpro", Address: "https://school.jamfcloud.com"}, Role: mdm.RoleManages, Filter: "computers"}, src.Info())

	_, err = jamfpro.Open(mdm.Values{Text: map[string]string{"address": "my_school.example", "only": "phones", "link": "{what}", "colour": "red"}}, transport.Options{})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	for _, field := range []string{"address", "only", "link", "colour"} {
		assert.ErrorContains(t, err, field)
	}
	_, err = jamfpro.New(jamfpro.Config{Only: "x", Link: "{y}"})
	for _, field := range []string{"Address", "ClientID", "ClientSecret", "Only", "Link"} {
		assert.ErrorContains(t, err, field)
	}
	_, err = jamfpro.New(jamfpro.Config{Address: "x.jamfcloud.com", ClientID: clientID, Username: "u", Password: mdm.NewSecret("p")})
	require.ErrorContains(t, err, "one of the two")
	_, err = jamfpro.New(jamfpro.Config{Address: "x.jamfcloud.com", Username: "u"})
	require.ErrorContains(t, err, "Password")
}

// TestLink shows deep links to the page of a device, and by a template with
// escaped values.
func TestLink(t *testing.T) {
	t.Parallel()
	link := func(template string) mdm.Record {
		tn := &tenant{computers: []row{{7, `{"id":"7","hardware":{"serialNumber":"S/1 &2"}}`}}}
		return clienttest.List(t, tn.client(t, func(cfg *jamfpro.Config) { cfg.Link = template }).Source(), mdm.Query{}).Records[0]
	}
	assert.Equal(t, "https://school.jamfcloud.com/computers.html?id=7&o=r", link("").Link)
	assert.Equal(t, mdm.LinkDevice, link("").LinkTarget)
	assert.Equal(t, "https://school.jamfcloud.com/search?q=S%2F1%20%262", link("{base}/search?q={serial}").Link)
	assert.Equal(t, mdm.LinkList, link("{base}/{page}").LinkTarget)
	assert.Empty(t, link("{base}/{udid}").Link, "a device without a UDID")
	assert.Equal(t, "https://school.jamfcloud.com/mobileDevices.html?id=7&o=r", oneMobile(t, mobile(7).json).Record().Link)
	for _, bad := range []string{"{page}", "javascript:{udid}", "{base}/{what}"} {
		_, err := jamfpro.New(jamfpro.Config{Address: "x.jamfcloud.com", ClientID: clientID, ClientSecret: mdm.NewSecret("S"), Link: bad})
		require.ErrorIs(t, err, mdm.ErrInvalid, bad)
	}
}
