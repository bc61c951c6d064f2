package vendors_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/jamfschool"
	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/mdmlink/mdmlink/vendors"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// flawless is a district whose inventory and MDM hold no dirt.
func flawless() *fleet.District { return fleet.New(fleet.Options{Devices: 40, Clean: true}) }

func intuneSource(t *testing.T, fake *intunetest.Fake, configure func(*intune.Config)) mdm.Source {
	t.Helper()
	cfg := intune.Config{TenantID: fake.TenantID, ClientID: fake.ClientID, ClientSecret: mdm.NewSecret(fake.ClientSecret),
		Transport: transport.Options{Base: fake.Transport()}}
	if configure != nil {
		configure(&cfg)
	}
	c, err := intune.New(cfg)
	require.NoError(t, err)
	return c.Source()
}

// creating is a connection that creates assets for devices it does not know.
func creating(id, kind string) inventory.Connection {
	return inventory.Connection{ID: id, Kind: kind, Scope: "s", Name: kind + " - Lindental", OnNew: inventory.NewCreate,
		Limits:  inventory.Limits{Least: 1000},
		Mapping: inventory.Mapping{{From: mdm.KeyName, Field: "name"}}}
}

func count(t *testing.T, store inventory.Store) (n int) {
	t.Helper()
	for _, err := range store.Assets(t.Context(), inventory.AssetQuery{Scope: "s"}) {
		require.NoError(t, err)
		n++
	}
	return n
}

func entries(t *testing.T, store inventory.Store, connection string) map[string]inventory.Entry {
	t.Helper()
	all := map[string]inventory.Entry{}
	for e, err := range store.Entries(t.Context(), inventory.EntryQuery{Scope: "s", Connection: connection}) {
		require.NoError(t, err)
		all[e.Device] = e
	}
	return all
}

// Row 75: Jamf manages the Macs and reports them to Intune, too. Each is one
// asset, whichever system is read first.
func TestIntuneQuirk75ManagedByJamf(t *testing.T) {
	t.Parallel()
	people := flawless()
	school, tenant := jamfschooltest.New(people), intunetest.New(people)
	for _, id := range tenant.IDs() {
		tenant.SetAgent(id, "jamf")
	}
	c, err := jamfschool.New(jamfschool.Config{Domain: "school.jamfcloud.com", NetworkID: school.NetworkID, Key: mdm.NewSecret(school.Key),
		Transport: transport.Options{Base: school.Transport(), Limiter: unlimited{}}})
	require.NoError(t, err)
	jamf := c.Source()
	both := intuneSource(t, tenant, func(cfg *intune.Config) { cfg.AllAgents = true })

	var store inventory.Memory
	_, err = inventory.Sync(t.Context(), creating("jamf", "jamfschool"), jamf, &store, nil)
	require.NoError(t, err)
	made := count(t, &store)
	require.Greater(t, made, 20)
	run, err := inventory.Sync(t.Context(), creating("intune", "intune"), both, &store, nil)
	require.NoError(t, err)
	assert.Equal(t, made, count(t, &store), "%d were created for devices that are there", run.Created)
	assert.Greater(t, run.Outcomes["auto_linked"], made*9/10)

	// As usual, what something else manages is not listed at all.
	usual, err := inventory.Sync(t.Context(), creating("usual", "intune"), intuneSource(t, tenant, nil), &store, nil)
	require.NoError(t, err)
	assert.Zero(t, usual.Listing.Received)
}

// Row 76: a device that was wiped and enrolled again has another id. Its link
// moves there, whether the old record stays or goes.
func TestIntuneQuirk76EnrolledAgain(t *testing.T) {
	t.Parallel()
	for name, stays := range map[string]bool{"old record stays": true, "old record goes": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			people := flawless()
			fake := intunetest.New(people)
			source := intuneSource(t, fake, nil)
			var store inventory.Memory
			_, err := inventory.Sync(t.Context(), creating("c", "intune"), source, &store, nil)
			require.NoError(t, err)
			made := count(t, &store)

			old := fake.IDs()[0]
			asset := entries(t, &store, "c")[old].Asset
			require.NotEmpty(t, asset)
			device := people.Devices[0]
			device.Enrolled, device.LastSeen = fake.Now(), fake.Now()
			fresh := fake.Add(device)
			if !stays {
				require.Equal(t, 1, fake.Remove(old))
			}
			_, err = inventory.Sync(t.Context(), creating("c", "intune"), source, &store, nil)
			require.NoError(t, err)
			after := entries(t, &store, "c")
			assert.Equal(t, inventory.EntryLinked, after[fresh].State)
			assert.Equal(t, asset, after[fresh].Asset)
			assert.NotEqual(t, inventory.EntryLinked, after[old].State)
			assert.Equal(t, made, count(t, &store))
		})
	}
}

// Row 77: a device that a cleanup rule hid comes back. It is still its asset.
func TestIntuneQuirk77HiddenForAWhile(t *testing.T) {
	t.Parallel()
	people := flawless()
	fake := intunetest.New(people)
	source := intuneSource(t, fake, nil)
	var store inventory.Memory
	sync := func() {
		_, err := inventory.Sync(t.Context(), creating("c", "intune"), source, &store, nil)
		require.NoError(t, err)
	}
	sync()
	made, hidden := count(t, &store), fake.IDs()[1]
	asset := entries(t, &store, "c")[hidden].Asset
	require.NotEmpty(t, asset)
	require.Equal(t, 1, fake.Remove(hidden))
	for range 4 {
		sync()
	}
	assert.Equal(t, asset, entries(t, &store, "c")[hidden].Asset, "nothing is undone because a device is hidden")
	back := fake.Add(people.Devices[1])
	sync()
	assert.Equal(t, asset, entries(t, &store, "c")[back].Asset)
	assert.Equal(t, made, count(t, &store))
}

// TestConsentThenSync is how a customer is connected: the tenant ID, an
// administrator's consent, the test of the connection, and a sync by hand that
// was looked at before.
//
//mdm:feature 1.36
func TestConsentThenSync(t *testing.T) {
	t.Parallel()
	const back = "https://host.example/callback"
	fake := intunetest.New(flawless())
	fake.AddRedirect(fake.ClientID, back)
	fake.Withdraw(fake.TenantID, fake.ClientID)
	open := func() mdm.Source {
		source, err := vendors.Open("intune", mdm.Values{
			Text:    map[string]string{"tenant_id": fake.TenantID, "client_id": fake.ClientID},
			Secrets: map[string]mdm.Secret{"client_secret": mdm.NewSecret(fake.ClientSecret)},
		}, transport.Options{Base: fake.Transport()})
		require.NoError(t, err)
		return source
	}
	test := func(source mdm.Source) mdm.Report {
		checker, _ := mdm.As[mdm.Checker](source)
		return mdm.Summarise(checker.Check(t.Context()))
	}
	failed, ok := test(open()).Failed()
	require.True(t, ok)
	require.ErrorIs(t, failed.Err, mdm.ErrConsentMissing)

	state, err := intune.NewState()
	require.NoError(t, err)
	request := intune.ConsentRequest{ClientID: fake.ClientID, RedirectURI: back, State: state, Expires: time.Now().Add(time.Hour)}
	address, err := request.URL()
	require.NoError(t, err)
	browser := &http.Client{Transport: fake.Transport(), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	page, err := browser.Get(address)
	require.NoError(t, err)
	page.Body.Close()
	answer, err := url.Parse(page.Header.Get("Location"))
	require.NoError(t, err)
	consent := request.Verify(answer.Query(), time.Now())
	require.NoError(t, consent.Err)
	assert.Equal(t, fake.TenantID, consent.TenantID)

	source := open()
	_, ok = test(source).Failed()
	require.False(t, ok)
	var store inventory.Memory
	connection := creating("c", "intune") // not enabled: runs by hand only
	plan, err := inventory.PlanSync(t.Context(), connection, source, &store, nil)
	require.NoError(t, err)
	assert.NotEmpty(t, plan.Steps)
	assert.Zero(t, store.Writes())
	run, err := inventory.Sync(t.Context(), connection, source, &store, nil)
	require.NoError(t, err)
	assert.Equal(t, len(plan.Steps), run.Writes)
	assert.Empty(t, fake.Violations())
}
