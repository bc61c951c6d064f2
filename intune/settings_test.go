package intune_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sourceText is the code of the client.
func sourceText(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var b strings.Builder
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			b.Write(text)
		}
	}
	return b.String()
}

// TestSettings asks the customer for the tenant ID and nothing else.
//
//mdm:feature 1.34 2.18
func TestSettings(t *testing.T) {
	t.Parallel()
	s := intune.Settings()
	var customer []string
	for _, f := range s.Fields {
		assert.NotZero(t, f.By, f.Key)
		for _, text := range []mdm.Text{f.Label, f.Hint} {
			assert.NotEmpty(t, text.EN, f.Key)
			assert.NotEmpty(t, text.DE, f.Key)
		}
		if f.By == mdm.FillerCustomer {
			customer = append(customer, f.Key)
		}
	}
	assert.Equal(t, []string{"tenant_id"}, customer)
	assert.NotEmpty(t, s.Docs)
	assert.NotEmpty(t, s.Role.DE)
	assert.Empty(t, append(append(s.Lists, s.Details...), s.Writes...).Unknown())
	for _, name := range s.Commands {
		assert.NotEmpty(t, s.Right(mdm.AbilityCommand, name), name)
	}
	for _, ability := range s.Abilities {
		assert.NotEmpty(t, s.Right(ability, ""), ability)
	}
}

// TestOpen opens a source from the form.
func TestOpen(t *testing.T) {
	t.Parallel()
	pem, _ := identity(t)
	for name, secret := range map[string]mdm.Secret{"client_secret": mdm.NewSecret("S"), "certificate": mdm.NewSecret(string(pem))} {
		src, err := intune.Open(mdm.Values{
			Text:    map[string]string{"tenant_id": " " + strings.ToUpper(tenantID), "client_id": clientID, "cloud": "China", "report": "ja"},
			Secrets: map[string]mdm.Secret{name: secret},
		}, transport.Options{})
		require.NoError(t, err)
		assert.Equal(t, mdm.Origin{Kind: "intune", Address: "https://microsoftgraph.chinacloudapi.cn", Tenant: tenantID}, src.Info().Origin)
	}
	_, err := intune.Open(mdm.Values{Text: map[string]string{"tenant_id": "common", "cloud": "moon", "report": "maybe", "link": "{what}", "colour": "red"}}, transport.Options{})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	for _, field := range []string{"tenant_id", "cloud", "report", "link", "colour", "client_id"} {
		assert.ErrorContains(t, err, field)
	}
	_, err = intune.New(intune.Config{})
	for _, field := range []string{"TenantID", "ClientID", "ClientSecret"} {
		assert.ErrorContains(t, err, field)
	}
}

// TestLink opens the page of a device in the console of its cloud.
func TestLink(t *testing.T) {
	t.Parallel()
	for cloud, portal := range map[intune.Cloud]string{intune.Public: "https://intune.microsoft.com", intune.Government: "https://intune.microsoft.us", intune.China: "https://intune.microsoft.cn"} {
		c := paged(pageOf("", deviceRow(7, `"serialNumber":"S/1 &2"`))).client(t, func(cfg *intune.Config) { cfg.Cloud = cloud })
		r := clienttest.List(t, c.Source(), mdm.Query{}).Records[0]
		assert.Equal(t, portal+"/#view/Microsoft_Intune_Devices/DeviceSettingsMenuBlade/~/overview/mdmDeviceId/00000000-0000-4000-8000-000000000007", r.Link)
		assert.Equal(t, mdm.LinkDevice, r.LinkTarget)
	}
	c := paged(pageOf("", deviceRow(7, `"serialNumber":"S/1 &2"`))).client(t, func(cfg *intune.Config) { cfg.Link = "{base}/{tenant}/x?q={serial}" })
	assert.Equal(t, "https://intune.microsoft.com/"+tenantID+"/x?q=S%2F1%20%262", clienttest.List(t, c.Source(), mdm.Query{}).Records[0].Link)
}

// everything are all attributes there are.
func everything() mdm.Keys {
	var want mdm.Keys
	for _, a := range mdm.Catalogue() {
		want = append(want, a.Key)
	}
	return append(want, mdm.KeyCustom)
}

// TestListsAreDelivered holds the catalogue of the kind against what its
// listings, its reports and its details really tell.
func TestListsAreDelivered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, fake := fakeTenant(t)
		lists, reports, details := map[mdm.Key]bool{}, map[mdm.Key]bool{}, map[mdm.Key]bool{}
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
		walk := func(src mdm.Source, seen map[mdm.Key]bool) {
			for page, err := range src.Pages(t.Context(), mdm.Query{Want: everything()}) {
				require.NoError(t, err)
				for _, d := range page.Devices {
					note(d, seen)
				}
			}
		}
		walk(c.Source(), lists)
		walk(clientOf(t, fake, byReport).Source(), reports)
		for d, err := range mdm.Details(t.Context(), c.Source(), fake.IDs()) {
			require.NoError(t, err)
			note(d, details)
		}
		s := intune.Settings()
		for key := range lists {
			assert.True(t, s.Lists.Has(key), "%s is delivered and not announced", key)
		}
		for _, seen := range []map[mdm.Key]bool{reports, details} {
			for key := range seen {
				assert.True(t, s.Lists.Has(key) || s.Details.Has(key), "%s is in reports or details and not announced", key)
			}
		}
		rare := mdm.Keys{mdm.KeyMEID, mdm.KeyHostName} // which the fake's devices do not have
		for _, key := range s.Details {
			assert.True(t, details[key] || rare.Has(key), "%s is announced and in no detail", key)
			assert.False(t, s.Lists.Has(key), key)
		}
		for _, key := range s.Lists {
			assert.True(t, lists[key] || rare.Has(key), "%s is announced and never delivered", key)
		}
	})
}

// TestCheck tells a missing consent, a missing licence, a missing permission
// and a wrong tenant apart, each with advice of its own.
func TestCheck(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	report := mdm.Summarise(c.Source().Check(t.Context()))
	assert.True(t, report.OK, "%+v", report)
	advice := map[string]string{}
	for name, c := range map[string]struct {
		step    string
		kind    error
		prepare func(*intunetest.Fake)
		tenant  string
	}{
		"consent":    {mdm.StepAuthenticate, mdm.ErrConsentMissing, func(f *intunetest.Fake) { f.Withdraw(f.TenantID, f.ClientID) }, ""},
		"licence":    {"licence", mdm.ErrUnsupported, func(f *intunetest.Fake) { f.SetLicensed(false) }, ""},
		"permission": {mdm.StepPermission + "list", mdm.ErrPermissionMissing, func(f *intunetest.Fake) { f.SetRights(f.ClientID, "DeviceManagementServiceConfig.Read.All") }, ""},
		"tenant":     {mdm.StepAuthenticate, mdm.ErrWrongTenant, func(*intunetest.Fake) {}, "99999999-9999-4999-8999-999999999999"},
	} {
		fake := intunetest.New(nil)
		c.prepare(fake)
		client := clientOf(t, fake, func(cfg *intune.Config) {
			if c.tenant != "" {
				cfg.TenantID = c.tenant
			}
		})
		failed, ok := mdm.Summarise(client.Source().Check(t.Context())).Failed()
		if assert.True(t, ok, name) {
			assert.Equal(t, c.step, failed.Name, "%s: %v", name, failed)
			assert.ErrorIs(t, failed.Err, c.kind, name)
			assert.NotContains(t, advice, failed.Advice)
			advice[failed.Advice] = name
		}
	}
	assert.Len(t, advice, 4)
}
