package relution_test

import (
	"net/http"
	"testing"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func step(t *testing.T, r mdm.Report, name string) mdm.Step {
	t.Helper()
	for _, s := range r.Steps {
		if s.Name == name {
			return s
		}
	}
	require.Fail(t, "no step "+name)
	return mdm.Step{}
}

// TestCheck passes on a server of each generation and says which organisation
// is seen and which ones are reached.
//
//mdm:feature 1.31
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, version := range releases {
		c, fake := fakeTenant(t)
		fake.SetVersion(version)
		tenants, err := c.Tenants(t.Context())
		require.NoError(t, err)
		r := mdm.Summarise(c.Source().Check(t.Context()))
		assert.True(t, r.OK, "%s: %v", version, r.Steps)
		tenant := step(t, r, mdm.StepTenant)
		for _, of := range tenants {
			assert.Contains(t, tenant.Reason, of.Title(), version)
		}
		require.Len(t, r.Steps, 8)
		for _, request := range fake.Requests() {
			assert.NotEqual(t, http.MethodDelete, request.Method)
			assert.NotContains(t, request.Path, "/actions")
		}
	}
}

// TestCheckTenants notices a tenant that was forgotten, one that does not
// exist, and one that is another school's.
//
//mdm:feature 1.30 1.31
func TestCheckTenants(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t, of(""))
	r := mdm.Summarise(c.Source().Check(t.Context()))
	assert.True(t, r.OK)
	assert.Equal(t, mdm.StepNote, step(t, r, mdm.StepTenant).Result)
	assert.Contains(t, step(t, r, mdm.StepTenant).Advice, "tenantOrganizationUuid=")

	wrong := clientOf(t, fake, of(other))
	r = mdm.Summarise(wrong.Source().Check(t.Context()))
	failed, ok := r.Failed()
	require.True(t, ok)
	assert.Equal(t, mdm.StepTenant, failed.Name)
	require.ErrorIs(t, failed.Err, mdm.ErrWrongTenant)
	assert.Contains(t, failed.Reason, "it reaches: ")
	assert.Equal(t, mdm.StepSkipped, step(t, r, mdm.StepSample).Result)

	foreign := &tenant{devices: []string{device(1, "")}, script: scripted{
		"GET /api/v1/security/tenantOrganizations": {body: `{"results":[{"uuid":"` + organisation + `","name":"Schule am See","uniqueName":"see","duplicateName":true},{"uuid":"` + other + `","name":"Schule am Wald"}]}`}}}
	r = mdm.Summarise(foreign.client(t, of(other)).Source().Check(t.Context()))
	failed, ok = r.Failed()
	require.True(t, ok)
	assert.Equal(t, mdm.StepTenant, failed.Name)
	assert.Contains(t, failed.Reason, "the devices belong to Schule am See (see)")
	assert.Contains(t, failed.Reason, "Schule am Wald")
}

// TestCheckFails says at which step a connection fails.
func TestCheckFails(t *testing.T) {
	t.Parallel()
	page, nothing := html(200), answer{status: 404}
	for name, tt := range map[string]struct {
		answer answer
		step   string
	}{
		"login page": {page, mdm.StepProduct},
		"nothing":    {nothing, mdm.StepProduct},
		"token":      {answer{status: 401}, mdm.StepAuthenticate},
		"right":      {answer{status: 403}, mdm.StepPermission + "list"},
		"broken":     {answer{status: 502}, mdm.StepReach},
	} {
		tn := &tenant{hook: func(*http.Request) *answer { return &tt.answer }}
		r := mdm.Summarise(tn.client(t).Source().Check(t.Context()))
		failed, ok := r.Failed()
		require.True(t, ok, name)
		assert.Equal(t, tt.step, failed.Name, name)
		assert.Len(t, r.Steps, 8, name)
	}
	c, fake := fakeTenant(t, func(cfg *relution.Config) { cfg.Expires = now().AddDate(0, 0, 3) })
	fake.SetRights(fake.Token, "READ_DEVICES")
	r := mdm.Summarise(c.Source().Check(t.Context()))
	assert.True(t, r.OK, "reading devices can do without the rest")
	assert.Equal(t, mdm.StepNote, step(t, r, mdm.StepAuthenticate).Result, "the token expires soon")
	assert.Contains(t, step(t, r, mdm.StepPermission+"health").Advice, "READ_DEP_ACCOUNTS")
}
