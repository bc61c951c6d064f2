package intune_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCertificateShowsNothing prints nothing of a certificate, and tells when it
// ends; the health of the connection warns before.
func TestCertificateShowsNothing(t *testing.T) {
	t.Parallel()
	text, cert := identity(t)
	certificate, err := intune.ParseCertificate(text)
	require.NoError(t, err)
	assert.True(t, certificate.Expires().Equal(cert.NotAfter))
	assert.Equal(t, "[redacted]", certificate.GoString())
	marshalled, err := certificate.MarshalText()
	require.NoError(t, err)
	assert.Equal(t, "[redacted]", string(marshalled))
	c, fake := fakeTenant(t, func(cfg *intune.Config) { cfg.ClientSecret, cfg.Certificate = mdm.Secret{}, certificate })
	fake.AddCertificate(fake.ClientID, cert)
	health := func() mdm.Health {
		all, err := c.Source().Health(t.Context())
		require.NoError(t, err)
		return all[0]
	}
	assert.Equal(t, mdm.HealthOK, health().State)
	assert.True(t, health().Expires.Equal(cert.NotAfter))
	assert.Same(t, c, c.Source().Client())
}

// TestSubscription tells a subscription that has ended from one that ends soon.
func TestSubscription(t *testing.T) {
	t.Parallel()
	for state, ok := range map[string]bool{"active": true, "warning": true, "disabled": false, "lockedOut": false, "blocked": false, "deleted": false} {
		c, fake := fakeTenant(t)
		fake.SetSubscription(state)
		report := mdm.Summarise(c.Source().Check(t.Context()))
		assert.Equal(t, ok, report.OK, state)
		if failed, bad := report.Failed(); bad {
			assert.Equal(t, "licence", failed.Name)
			require.ErrorIs(t, failed.Err, mdm.ErrUnsupported)
		}
		for _, step := range report.Steps {
			if step.Name == "licence" && state == "warning" {
				assert.Equal(t, mdm.StepNote, step.Result)
				assert.NotEmpty(t, step.Advice)
			}
		}
	}
}

// TestSubscriptionUnreadable notes that the state of the subscription could not
// be read, which reading devices can do without.
func TestSubscriptionUnreadable(t *testing.T) {
	t.Parallel()
	for _, a := range []answer{failure(403, "Forbidden", ""), failure(404, "ResourceNotFound", ""), {body: `{"value":null}`}} {
		c, _ := scripted{"GET /v1.0" + devices: pageOf(""), "GET /v1.0/organization": {body: `{"value":[{"id":"` + tenantID + `","displayName":"North"}]}`},
			"GET /beta/deviceManagement/subscriptionState": a}.client(t)
		report := mdm.Summarise(c.Source().Check(t.Context()))
		assert.True(t, report.OK, "%+v", report)
		for _, step := range report.Steps {
			if step.Name == "licence" {
				assert.Equal(t, mdm.StepNote, step.Result)
				assert.NotEmpty(t, step.Reason)
			}
		}
	}
}

// TestCheckWithoutMore passes with the permission to read devices alone, and
// notes what it could not see.
func TestCheckWithoutMore(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	fake.SetRights(fake.ClientID, readDevices)
	report := mdm.Summarise(c.Source().Check(t.Context()))
	assert.True(t, report.OK, "%+v", report)
	notes := 0
	for _, step := range report.Steps {
		if step.Result == mdm.StepNote {
			notes++
			assert.Contains(t, step.Advice, readService)
		}
	}
	assert.Equal(t, 2, notes, "the tenant's name, and Apple's tokens")
}

// TestBrokenHealth reports credentials that do not work any more.
func TestBrokenHealth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, fake := fakeTenant(t)
		fake.ExpireSecret(fake.ClientID)
		all, err := c.Source().Health(t.Context())
		require.NoError(t, err)
		require.Len(t, all, 1)
		assert.Equal(t, mdm.HealthBroken, all[0].State)
		require.ErrorIs(t, all[0].Err, mdm.ErrCredentialExpired)
		fake.RotateSecret(fake.ClientID)
		fake.Faults().FailNext(99, http.StatusServiceUnavailable, nil)
		_, err = c.Source().Health(t.Context())
		require.ErrorIs(t, err, mdm.ErrUnavailable, "nothing is known of the credentials")
	})
}

// TestCheckOtherTenant compares the tenant that the host's tokens lead to with
// the one that was configured.
func TestCheckOtherTenant(t *testing.T) {
	t.Parallel()
	c, _ := scripted{"GET /v1.0" + devices: pageOf(""), "GET /v1.0/organization": {body: `{"value":[{"id":"` + customer + `","displayName":"North"}]}`}}.
		client(t, func(cfg *intune.Config) { cfg.ClientSecret, cfg.TokenSource = mdm.Secret{}, hostTokens{} })
	failed, ok := mdm.Summarise(c.Source().Check(t.Context())).Failed()
	require.True(t, ok)
	assert.Equal(t, mdm.StepTenant, failed.Name)
	require.ErrorIs(t, failed.Err, mdm.ErrWrongTenant)
	assert.NotEmpty(t, failed.Advice)
}

// TestOddTokens refuses an answer of the sign-in that holds no token.
func TestOddTokens(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"token_type":"Bearer"}`, `{"token_type":"mac","access_token":"Token-of-the-tests-1"}`, `[]`} {
		c, tn := scripted{tokenPlace: {body: body}}.client(t, once)
		_, err := c.Account(t.Context())
		require.Error(t, err, body)
		assert.NotEmpty(t, mdm.Code(err), body)
		assert.NotContains(t, err.Error(), "Token-of")
		assert.Empty(t, tn.requests(http.MethodGet, ""))
	}
}
