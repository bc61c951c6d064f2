package jamfpro_test

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLeastRights reads everything with the least rights: two lists, which are
// merged.
//
//mdm:feature 2.4
func TestLeastRights(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	fake.SetRights(fake.ClientID, "Read Computers", "Read Mobile Devices")
	l := clienttest.List(t, c.Source(), mdm.Query{Want: everything()})
	assert.True(t, l.End.Complete)
	assert.Len(t, l.Records, count(fake))
	for d, err := range mdm.Details(t.Context(), c.Source(), l.IDs()) {
		require.NoError(t, err)
		assert.NotEmpty(t, d.Record().ID)
	}
	for _, err := range c.Source().Software(t.Context(), nil) {
		require.NoError(t, err)
	}
	health, err := c.Source().Health(t.Context())
	require.NoError(t, err)
	assert.Len(t, health, 1)
	assert.True(t, mdm.Summarise(c.Source().Check(t.Context())).OK)
	for _, r := range fake.Requests() {
		assert.True(t, r.Method == http.MethodGet || strings.HasSuffix(r.Path, "/token"), r.Path)
	}
	table := jamfpro.Settings()
	for _, ability := range []mdm.Ability{mdm.AbilityCheck, mdm.AbilitySoftware, mdm.AbilityBatch} {
		assert.Equal(t, []string{"Read Computers", "Read Mobile Devices"}, table.Right(ability, ""))
	}
}

// TestCheckRights names each right that is missing, by a real request.
//
//mdm:feature 2.3 2.5 2.12
func TestCheckRights(t *testing.T) {
	t.Parallel()
	for missing, has := range map[string][]string{"Read Mobile Devices": {"Read Computers"}, "Read Computers": {"Read Mobile Devices"}} {
		c, fake := fakeTenant(t)
		fake.SetRights(fake.ClientID, has...)
		step, failed := mdm.Summarise(c.Source().Check(t.Context())).Failed()
		require.True(t, failed)
		assert.Equal(t, "permission:list", step.Name)
		require.ErrorIs(t, step.Err, mdm.ErrPermissionMissing)
		assert.Contains(t, step.Reason, missing)
		assert.Contains(t, step.Advice, missing)
	}
	c, fake := fakeTenant(t)
	report := mdm.Summarise(c.Source().Check(t.Context()))
	assert.True(t, report.OK)
	var names []string
	for _, s := range report.Steps {
		names = append(names, s.Name)
		if s.Name == "permission:command" {
			assert.Equal(t, mdm.StepNote, s.Result)
			assert.Contains(t, s.Reason, "rights that reading does not need")
		}
	}
	assert.Equal(t, []string{"reach", "product", "authenticate", "permission:list", "permission:sites", "permission:health", "permission:command", "tenant", "sample"}, names)
	for _, r := range fake.Requests() {
		assert.True(t, r.Method == http.MethodGet || strings.HasSuffix(r.Path, "/token"), "a check changes nothing: %s %s", r.Method, r.Path)
	}
	fake.SetRights(fake.ClientID, "Read Computers", "Read Mobile Devices")
	for step := range c.Source().Check(t.Context()) {
		if step.Name == "permission:command" {
			assert.Contains(t, step.Reason, "only read")
		}
		if step.Name == "permission:sites" {
			assert.Equal(t, mdm.StepNote, step.Result)
			assert.Contains(t, step.Advice, "Read Sites")
		}
	}
}

// TestCheckFailures tells apart what can be wrong, and names the remote side.
//
//mdm:feature 2.12
func TestCheckFailures(t *testing.T) {
	t.Parallel()
	const version = "GET /api/v1/jamf-pro-version"
	for name, tt := range map[string]struct {
		script scripted
		step   string
	}{
		"wrong secret":  {scripted{"POST /api/oauth/token": {status: 401, body: `{"error":"invalid_client"}`}}, mdm.StepAuthenticate},
		"no API":        {scripted{"POST /api/oauth/token": noRoute, "POST /api/v1/oauth/token": noRoute}, mdm.StepProduct},
		"jamf school":   {scripted{version: {status: 404, body: `{"code":404,"message":"Not found"}`}}, mdm.StepProduct},
		"other product": {scripted{version: {body: `{"hello":"world"}`}}, mdm.StepProduct},
		"down":          {scripted{version: {status: 503, body: "down"}}, mdm.StepReach},
		"no such host":  {scripted{"POST /api/oauth/token": {err: &net.DNSError{Err: "no such host", IsNotFound: true}}}, mdm.StepReach},
	} {
		c, _ := tt.script.client(t)
		report := mdm.Summarise(c.Source().Check(t.Context()))
		step, failed := report.Failed()
		require.True(t, failed, name)
		assert.Equal(t, tt.step, step.Name, name)
		assert.NotEmpty(t, step.Advice+step.Reason, name)
		assert.Len(t, report.Steps, 9, "the others are skipped, and named")
		assert.Contains(t, step.Err.Error(), "jamfpro")
	}
}

func TestSourceHealth(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	fake.SetTokenExpiry(time.Now().Add(10 * 24 * time.Hour))
	health, err := c.Source().Health(t.Context())
	require.NoError(t, err)
	require.Len(t, health, 2)
	assert.Equal(t, mdm.HealthOK, health[0].State)
	assert.Equal(t, mdm.HealthWarn, health[1].State)
	assert.NotEmpty(t, health[1].Next)
	fake.RotateSecret()
	fake.DropTokens()
	health, err = c.Source().Health(t.Context())
	require.NoError(t, err)
	require.Len(t, health, 1)
	assert.Equal(t, mdm.HealthBroken, health[0].State)
	require.ErrorIs(t, health[0].Err, mdm.ErrUnauthorized)
	assert.Contains(t, health[0].Next, "rotated")
}
