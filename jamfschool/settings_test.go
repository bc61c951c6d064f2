package jamfschool_test

import (
	"testing"

	"github.com/mdmlink/mdmlink/jamfschool"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNetworkID accepts the number and a pasted URL, and nothing else.
//
//mdm:feature 1.24
func TestNetworkID(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"12345678":   "12345678",
		" 12345678 ": "12345678",
		"https://school.jamfcloud.com/ios/manual-enrollment/mdm.php?network=12345678": "12345678",
		"https://school.jamfcloud.com/enroll?x=1&network=12345678&y=2#top":            "12345678",
		"school.jamfcloud.com/?network=12345678":                                      "12345678",
		"https://school.jamfcloud.com/":                                               "",
		"12 34":                                                                       "",
		"12a":                                                                         "",
		"":                                                                            "",
		"https://school.jamfcloud.com/?network=abc": "",
		"123456789012345678901":                     "",
	} {
		values := mdm.Values{Text: map[string]string{"domain": "school.jamfcloud.com", "network_id": text},
			Secrets: map[string]mdm.Secret{"key": mdm.NewSecret("K")}}
		clean, err := jamfschool.Settings().Normalise(values)
		if want == "" {
			require.ErrorIs(t, err, mdm.ErrInvalid, text)
			assert.ErrorContains(t, err, "network=", "the hint says where to find it")
			continue
		}
		require.NoError(t, err, text)
		assert.Equal(t, want, clean.Text["network_id"])
	}
}

// TestSettings shows the form, its documentation and its table of rights.
//
//mdm:feature 1.3 1.20 1.22 2.18
func TestSettings(t *testing.T) {
	t.Parallel()
	s := jamfschool.Settings()
	for _, f := range s.Fields {
		assert.NotZero(t, f.By, f.Key)
		assert.NotEmpty(t, f.Label.EN, f.Key)
		assert.NotEmpty(t, f.Label.DE, f.Key)
		assert.NotEmpty(t, f.Hint.EN, f.Key)
		assert.NotEmpty(t, f.Hint.DE, f.Key)
	}
	assert.NotEmpty(t, s.Docs)
	assert.NotEmpty(t, s.Role.EN)
	assert.Empty(t, append(append(s.Lists, s.Details...), s.Writes...).Unknown())
	assert.Contains(t, s.Abilities, mdm.AbilityCommand)
	for _, ability := range s.Abilities {
		assert.NotEmpty(t, s.Right(ability, "wipe"), ability)
	}
}

// TestListsAreDelivered holds the catalogue of the kind against what its
// listings and details really report.
func TestListsAreDelivered(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	seen := map[mdm.Key]bool{}
	var want mdm.Keys
	for _, a := range mdm.Catalogue() {
		want = append(want, a.Key)
	}
	for d, err := range mdm.Devices(t.Context(), c.Source(), mdm.Query{Want: want}) {
		require.NoError(t, err)
		for _, key := range want {
			if mdm.Value(d, key).State == mdm.Reported {
				seen[key] = true
			}
		}
	}
	s := jamfschool.Settings()
	for key := range seen {
		assert.True(t, s.Lists.Has(key), "%s is delivered and not announced", key)
	}
	for _, key := range s.Lists {
		if key != mdm.KeyMEID { // the district's devices have none
			assert.True(t, seen[key], "%s is announced and never delivered", key)
		}
	}
	ipad := firstDevice(t, c, func(d *jamfschool.Device) bool { return d.ModelType == "iPad" })
	detail, err := c.Device(t.Context(), ipad.UDID, false)
	require.NoError(t, err)
	for _, key := range s.Details {
		assert.Equal(t, mdm.Reported, mdm.Value(detail, key).State, key)
		assert.False(t, s.Lists.Has(key), key)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	src, err := jamfschool.Open(mdm.Values{
		Text: map[string]string{"domain": "https://School.jamfcloud.com/api/", "network_id": "123", "locations": " 0, 2 ",
			"zone": "Europe/Berlin", "link": "https://{host}/devices?search={serial}"},
		Secrets: map[string]mdm.Secret{"key": mdm.NewSecret("K")},
	}, transport.Options{})
	require.NoError(t, err)
	assert.Equal(t, mdm.Info{Origin: mdm.Origin{Kind: "jamfschool", Address: "https://school.jamfcloud.com"}, Role: mdm.RoleManages, Filter: "locations=0,2"}, src.Info())

	_, err = jamfschool.Open(mdm.Values{Text: map[string]string{"domain": "my_school.example", "locations": "x", "zone": "Mars", "link": "{what}", "colour": "red"}}, transport.Options{})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	for _, field := range []string{"domain", "network_id", "key", "locations", "zone", "link", "colour"} {
		assert.ErrorContains(t, err, field)
	}
}

// TestLink shows deep links: to the list, to a device by template with escaped
// values, and none where none is known.
//
//mdm:feature 1.13
func TestLink(t *testing.T) {
	t.Parallel()
	link := func(domain, template string) (string, mdm.LinkTarget) {
		c, _ := scripted{"GET /devices": {body: `{"devices":[{"UDID":"` + someUDID + `","serialNumber":"S/1 2","assetTag":""}]}`}}.client(t, func(cfg *jamfschool.Config) {
			cfg.Domain, cfg.Link = domain, template
		})
		r := collect(t, c, nil)
		if len(r) == 0 {
			return "", 0
		}
		return r[0].Record().Link, r[0].Record().LinkTarget
	}
	got, target := link("x.jamfcloud.com", "")
	assert.Equal(t, "https://x.jamfcloud.com/devices", got)
	assert.Equal(t, mdm.LinkList, target)
	got, target = link("x.jamfcloud.com", "https://{host}/devices?search={serial}#{udid}")
	assert.Equal(t, "https://x.jamfcloud.com/devices?search=S%2F1%202#"+someUDID, got)
	assert.Equal(t, mdm.LinkDevice, target)
	got, target = link("x.jamfcloud.com", "https://{host}/tag/{assetTag}")
	assert.Empty(t, got)
	assert.Equal(t, mdm.LinkUnknown, target)
	for _, bad := range []string{"{host}", "javascript:{udid}", "https://{host}/{id}"} {
		_, err := jamfschool.New(jamfschool.Config{Domain: "x.jamfcloud.com", NetworkID: "1", Key: mdm.NewSecret("K"), Link: bad})
		require.ErrorIs(t, err, mdm.ErrInvalid, bad)
	}
}
