package relution_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const lower = "3b9d5a10-77c2-4e61-9f0b-6a1d0c2e4f88"

// TestQuirk02TenantParameter sends the tenant in the address, of a POST too.
func TestQuirk02TenantParameter(t *testing.T) {
	t.Parallel()
	tn := &tenant{devices: []string{device(1, "")}}
	clienttest.Collect(t, tn.client(t, of(organisation)).Devices(t.Context(), nil))
	asked := tn.requests("/query")
	require.NotEmpty(t, asked)
	for _, r := range asked {
		assert.Equal(t, organisation, r.URL.Query().Get("tenantOrganizationUuid"))
		assert.Empty(t, r.Header.Get("tenantOrganizationUuid"))
		assert.NotContains(t, r.body, organisation)
	}
}

// TestQuirk03HomeTenant ends a listing that holds another school's devices.
func TestQuirk03HomeTenant(t *testing.T) {
	t.Parallel()
	tn := &tenant{devices: []string{device(1, ""), strings.ReplaceAll(device(2, ""), organisation, other)}}
	require.ErrorIs(t, failure(t, tn.client(t, of(organisation))), mdm.ErrWrongTenant)
	all := clienttest.List(t, tn.client(t, of(organisation), func(cfg *relution.Config) { cfg.Children = true }).Source(), mdm.Query{})
	require.Len(t, all.Records, 2)
	assert.Empty(t, all.Records[0].Site.ID)
	assert.Equal(t, other, all.Records[1].Site.ID, "a child is told apart")

	c, fake := fakeTenant(t, of(""))
	assert.Len(t, clienttest.List(t, c.Source(), mdm.Query{}).Records, 3, "the home's devices come without a tenant")
	assert.Contains(t, live(t, c), fake.UUIDs(fake.Home)[0])
}

// TestQuirk04Unscoped asks for account and tenants without a tenant.
func TestQuirk04Unscoped(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	user, err := c.CurrentUser(t.Context())
	require.NoError(t, err)
	assert.True(t, strings.EqualFold(fake.Home, user.OrganizationUUID))
	tenants, err := c.Tenants(t.Context())
	require.NoError(t, err)
	assert.Len(t, tenants, 2)
	for _, r := range fake.Requests() {
		assert.NotContains(t, r.Query, "tenantOrganizationUuid")
	}
	tn := &tenant{hook: func(*http.Request) *answer { return &answer{body: `{"status":"0","total":0,"results":[]}`} }}
	scoped := tn.client(t, of(organisation), func(cfg *relution.Config) {
		cfg.Prefix, cfg.Listing = relution.PrefixManagement, relution.ListQuery
	})
	ctx := t.Context()
	for range scoped.Devices(ctx, nil) {
	}
	for range scoped.Users(ctx) {
	}
	for range scoped.Groups(ctx) {
	}
	for range scoped.GroupMembers(ctx, id(1)) {
	}
	for range scoped.DeviceGroups(ctx) {
	}
	for range scoped.AutoEnrolments(ctx) {
	}
	for range scoped.DEPAccounts(ctx) {
	}
	_, _ = scoped.Device(ctx, id(1))
	_, _ = scoped.Apps(ctx, id(1))
	_, _ = scoped.User(ctx, id(1))
	_, _ = scoped.UserGroups(ctx, id(1))
	_, _ = scoped.AccessTokens(ctx, id(1))
	_, _ = scoped.Group(ctx, id(1))
	_, _ = scoped.DeviceGroup(ctx, id(1))
	_, _ = scoped.SendAction(ctx, id(1), "LOCK", nil)
	_, _ = scoped.Actions(ctx, id(1))
	_, _ = scoped.Action(ctx, id(1), id(2))
	_ = scoped.CancelAction(ctx, id(1), id(2))
	_, _ = scoped.CurrentUser(ctx)
	paths := map[string]bool{}
	for _, r := range tn.requests("") {
		account := strings.HasSuffix(r.URL.Path, "/user") || strings.HasSuffix(r.URL.Path, "/tenantOrganizations")
		assert.Equal(t, !account, r.URL.Query().Get("tenantOrganizationUuid") == organisation, r.URL.Path)
		paths[r.Method+r.URL.Path] = true
	}
	assert.GreaterOrEqual(t, len(paths), 20)
}

// TestQuirk05AmbiguousNotFound tells a wrong path, a wrong tenant and a missing
// device apart, all of which are a 404.
func TestQuirk05AmbiguousNotFound(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	_, err := c.Device(t.Context(), id(99))
	require.ErrorIs(t, err, mdm.ErrNotFound)
	for _, version := range releases {
		wrong, fake := fakeTenant(t, of(other))
		fake.SetVersion(version)
		require.ErrorIs(t, failure(t, wrong), mdm.ErrWrongTenant, version)
	}
	nothing := &tenant{prefix: "/elsewhere"}
	require.ErrorIs(t, failure(t, nothing.client(t)), mdm.ErrWrongAddress)
	require.ErrorIs(t, failure(t, nothing.client(t, of(organisation))), mdm.ErrWrongAddress)
	bare := &tenant{}
	bare.hook = func(r *http.Request) *answer {
		if r.URL.Query().Has("tenantOrganizationUuid") {
			return &answer{status: 404}
		}
		return nil
	}
	require.ErrorIs(t, failure(t, bare.client(t, of(organisation))), mdm.ErrWrongTenant, "no code says so")
}

// TestQuirk06Case compares UUIDs whatever their case.
func TestQuirk06Case(t *testing.T) {
	t.Parallel()
	tn := &tenant{devices: []string{device(1, "")}}
	c := tn.client(t, of(lower))
	assert.Len(t, live(t, c), 1)
	assert.Equal(t, organisation, tn.requests("/query")[0].URL.Query().Get("tenantOrganizationUuid"), "in the server's spelling")
	assert.Equal(t, tn.client(t, of(organisation)).Info(), c.Info())

	real, fake := fakeTenant(t, func(cfg *relution.Config) { cfg.Tenant = strings.ToLower(cfg.Tenant) })
	d, err := real.Device(t.Context(), strings.ToLower(live(t, real)[0]))
	require.NoError(t, err)
	assert.Contains(t, fake.UUIDs(fake.Tenant), d.UUID)
}

// TestQuirk35Smaller keeps a listing that got smaller: nothing is concluded
// here, since the breaker of the host's sync decides.
func TestQuirk35Smaller(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	before := len(live(t, c))
	fake.SetRights(fake.Token, "READ_YOUR_DEVICES")
	l := clienttest.List(t, c.Source(), mdm.Query{})
	assert.Less(t, len(l.Records), before)
	for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
		require.NoError(t, err)
		assert.Empty(t, page.Removed)
	}
}

// TestQuirk36Keys gives a device that is seen through two tenants one id and
// two origins.
func TestQuirk36Keys(t *testing.T) {
	t.Parallel()
	fake := newFake(30)
	parts := fake.Split()
	meta := clienttest.List(t, clientOf(t, fake, func(cfg *relution.Config) { cfg.Children = true }).Source(), mdm.Query{})
	require.NotEmpty(t, meta.Records)
	part := clienttest.List(t, clientOf(t, fake, of(parts[0])).Source(), mdm.Query{})
	require.NotEmpty(t, part.Records)
	for _, r := range part.Records {
		assert.Contains(t, meta.IDs(), r.ID)
		assert.NotEqual(t, meta.Records[0].Origin, r.Origin)
		assert.Equal(t, meta.Records[0].Origin.Address, r.Origin.Address)
	}
	require.ErrorIs(t, failure(t, clientOf(t, fake)), mdm.ErrWrongTenant, "devices of organisations below are another tenant's unless asked for")
	assert.Empty(t, fake.Violations())
}

// TestEmptyTenant does not take a tenant that the server does not know for one
// whose devices are gone.
//
//mdm:feature 1.30 1.31
func TestEmptyTenant(t *testing.T) {
	t.Parallel()
	tenants := `{"status":"0","results":[{"uuid":"` + other + `","name":"Home"}]}`
	tn := &tenant{script: scripted{"GET /api/v1/security/tenantOrganizations": {body: tenants}}}
	require.ErrorIs(t, failure(t, tn.client(t, of(organisation))), mdm.ErrWrongTenant)
	tn.script["GET /api/v1/security/tenantOrganizations"] = answer{body: strings.ReplaceAll(tenants, other, lower)}
	assert.True(t, clienttest.List(t, tn.client(t, of(organisation)).Source(), mdm.Query{}).End.Complete)
	delete(tn.script, "GET /api/v1/security/tenantOrganizations")
	l := clienttest.List(t, tn.client(t, of(organisation)).Source(), mdm.Query{})
	assert.False(t, l.End.Complete)
	assert.Contains(t, l.End.Why, "tenant")

	demand := &tenant{hook: func(*http.Request) *answer {
		return &answer{status: 422, body: `{"errorCode":"TENANT_UUID_MISSING","message":"m"}`}
	}}
	err := failure(t, demand.client(t))
	require.ErrorIs(t, err, mdm.ErrWrongTenant)
	assert.Contains(t, mdm.Advice(err), "tenantOrganizationUuid=")
}

// TestBarredTenant tells a tenant that the token's user does not belong to from
// a permission that he lacks, in every form of the answer.
func TestBarredTenant(t *testing.T) {
	t.Parallel()
	for _, version := range releases {
		for _, wire := range []relutiontest.Wire{{}, {WrappedErrors: true}, {FlatErrors: true}, {ErrorsAsOK: true}, {ErrorsAsOK: true, WrappedErrors: true}} {
			c, fake := fakeTenant(t)
			fake.SetVersion(version)
			device := live(t, c)[0]
			fake.Bar(fake.Tenant, fake.Token)
			fake.SetWire(wire)
			for _, err := range []error{failure(t, c), failure(t, clientOf(t, fake)), second(c.Device(t.Context(), device))} {
				require.ErrorIs(t, err, mdm.ErrWrongTenant, "%s %+v", version, wire)
				assert.Contains(t, mdm.Advice(err), "tenantOrganizationUuid=")
				assert.ErrorContains(t, err, "another organisation")
			}
		}
	}
	denied := &tenant{hook: func(*http.Request) *answer {
		return &answer{status: 403, body: `{"errorCode":"ACCESS_FORBIDDEN","reason":"UNKNOWN"}`}
	}}
	require.ErrorIs(t, failure(t, denied.client(t)), mdm.ErrPermissionMissing)
	refused := &tenant{hook: func(*http.Request) *answer {
		return &answer{body: `{"status":"-1","exception":{"errorCode":"REQUEST_UNAUTHORIZED","reason":"USER_BELONGS_TO_DIFFERENT_ORGANIZATION"}}`}
	}}
	require.ErrorIs(t, failure(t, refused.client(t)), mdm.ErrUnauthorized, "the token is not tried again")
}
