package ade_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSessionErrors is the reference's table of refused sessions, row by row:
// terms, revocation, a superseded and an expired token and a wrong clock are
// told apart, and none is tried again.
//
//mdm:feature 3.9
//mdm:feature 5.19
func TestSessionErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		body   string
		want   error
		event  ade.Event
		vendor string
	}{
		{400, "oauth_problem_adviceBad Request", mdm.ErrInvalid, ade.EventNone, "oauth_problem_advice"},
		{400, "", mdm.ErrInvalid, ade.EventNone, ""},
		{401, "oauth_problem_adviceUnauthorized", ade.ErrSuperseded, ade.EventRefused, "oauth_problem_advice"},
		{401, "token_rejected", ade.ErrSuperseded, ade.EventRefused, "token_rejected"},
		{401, "", ade.ErrSuperseded, ade.EventRefused, ""},
		{401, "token_expired", ade.ErrTokenExpired, ade.EventExpired, "token_expired"},
		{403, "token_expiredForbidden", ade.ErrTokenExpired, ade.EventExpired, "token_expired"},
		{403, "ACCESS_DENIED", ade.ErrAccessDenied, ade.EventDenied, "ACCESS_DENIED"},
		{403, "T_C_NOT_SIGNED", ade.ErrTerms, ade.EventTerms, "T_C_NOT_SIGNED"},
		{401, `{"code":"T_C_NOT_SIGNED"}`, ade.ErrTerms, ade.EventTerms, "T_C_NOT_SIGNED"},
		{403, "FORBIDDEN", mdm.ErrPermissionMissing, ade.EventNone, "FORBIDDEN"},
		{405, "", mdm.ErrUnsupported, ade.EventNone, ""},
		{429, "TOO_MANY_REQUESTS", mdm.ErrRateLimited, ade.EventUnreachable, "TOO_MANY_REQUESTS"},
		{400, "USER_AGENT_MISSING", mdm.ErrInvalid, ade.EventNone, "USER_AGENT_MISSING"},
		{500, "", mdm.ErrUnavailable, ade.EventUnreachable, ""},
		{503, "<html>FORBIDDEN</html>", mdm.ErrUnavailable, ade.EventUnreachable, ""},
		{401, "<html>Sign in</html>", mdm.ErrWrongAddress, ade.EventNone, ""},
		{403, "<html>FORBIDDEN T_C_NOT_SIGNED</html>", mdm.ErrWrongAddress, ade.EventNone, ""},
	} {
		s := script(func(exchange) reply { return reply{status: tt.status, body: tt.body} })
		_, err := client(t, s, func(cfg *ade.Config) { cfg.Transport.Retry.Disabled = true }).Account(t.Context())
		require.ErrorIs(t, err, tt.want, "%d %s", tt.status, tt.body)
		e, ok := errors.AsType[*mdm.Error](err)
		require.True(t, ok)
		assert.Equal(t, "session", e.Op)
		assert.Equal(t, tt.status, e.Status)
		assert.Equal(t, tt.vendor, e.Vendor, "%d %s", tt.status, tt.body)
		assert.Equal(t, tt.event, ade.EventOf(err), "%d %s", tt.status, tt.body)
		assert.Equal(t, ade.KindOf(tt.want), e.Kind, "%d %s", tt.status, tt.body)
		assert.Len(t, s.requests, 1, "%d %s", tt.status, tt.body)
	}
}

// TestErrors is the reference's table of all other refusals, row by row.
func TestErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		code   string
		want   error
	}{
		{401, "UNAUTHORIZED", mdm.ErrUnauthorized}, {401, "", mdm.ErrUnauthorized}, {403, "FORBIDDEN", mdm.ErrPermissionMissing},
		{401, "EXPIRED_TOKEN", mdm.ErrUnauthorized}, {403, "EXPIRED_TOKEN", mdm.ErrUnauthorized},
		{403, "T_C_NOT_SIGNED", ade.ErrTerms}, {403, "ACCESS_DENIED", ade.ErrAccessDenied},
		{400, "USER_AGENT_MISSING", mdm.ErrInvalid}, {400, "USER_AGENT_INVALID", mdm.ErrInvalid}, {400, "MALFORMED_REQUEST_BODY", mdm.ErrInvalid},
		{400, "CURSOR_REQUIRED", mdm.ErrCursorInvalid}, {400, "INVALID_CURSOR", mdm.ErrCursorInvalid},
		{400, "EXPIRED_CURSOR", mdm.ErrCursorExpired}, {400, "EXHAUSTED_CURSOR", ade.ErrCursorExhausted},
		{400, "DEVICE_ID_REQUIRED", mdm.ErrInvalid}, {400, "DEVICE_NOT_FOUND", mdm.ErrNotFound}, {400, "PROFILE_UUID_REQUIRED", mdm.ErrInvalid},
		{404, "NOT_FOUND", mdm.ErrNotFound}, {404, "PROFILE_NOT_FOUND", mdm.ErrNotFound}, {404, "", mdm.ErrNotFound},
		{400, "CONFIG_NAME_REQUIRED", ade.ErrProfile}, {400, "CONFIG_NAME_INVALID", ade.ErrProfile}, {400, "CONFIG_URL_REQUIRED", ade.ErrProfile},
		{400, "CONFIG_URL_INVALID", ade.ErrProfile}, {400, "DEPARTMENT_INVALID", ade.ErrProfile}, {400, "DESCRIPTION_INVALID", ade.ErrProfile},
		{400, "FLAGS_INVALID", ade.ErrProfile}, {400, "LOCALE_INVALID", ade.ErrProfile}, {400, "MAGIC_INVALID", ade.ErrProfile},
		{400, "SUPPORT_EMAIL_INVALID", ade.ErrProfile}, {400, "SUPPORT_PHONE_INVALID", ade.ErrProfile},
		{400, "DEPARTMENT_REQUIRED", ade.ErrProfile}, {400, "SUPPORT_PHONE_REQUIRED", ade.ErrProfile},
		{400, "MDM_SERVICE_DISCOVERY_URL_REQUIRED", mdm.ErrInvalid}, {400, "MDM_SERVICE_DISCOVERY_URL_NOT_VALID", mdm.ErrInvalid},
		{400, "ORG_NOT_SUPPORTED", mdm.ErrUnsupported}, {403, "APPLE_SEED_FOR_IT_TURNED_OFF", mdm.ErrUnsupported},
		{405, "", mdm.ErrUnsupported}, {429, "TOO_MANY_REQUESTS", mdm.ErrRateLimited}, {503, "", mdm.ErrUnavailable},
		{500, "", mdm.ErrUnavailable}, {502, "", mdm.ErrUnavailable}, {504, "", mdm.ErrUnavailable},
		{400, "SOMETHING_NEW", mdm.ErrInvalid}, {404, "<html>", mdm.ErrWrongAddress}, {403, "<html>FORBIDDEN", mdm.ErrWrongAddress},
	} {
		s := script(func(e exchange) reply {
			if e.path == "/session" {
				return reply{}
			}
			return reply{status: tt.status, body: tt.code}
		})
		_, err := client(t, s, func(cfg *ade.Config) { cfg.Transport.Retry.Disabled = true }).Account(t.Context())
		require.ErrorIs(t, err, tt.want, "%d %s", tt.status, tt.code)
		e, ok := errors.AsType[*mdm.Error](err)
		require.True(t, ok)
		assert.Equal(t, "account", e.Op)
		if tt.code != "" && tt.code[0] != '<' {
			assert.Equal(t, tt.code, e.Vendor)
		}
	}
}

// TestErrorText shows that an error says what happened, and nothing secret.
func TestErrorText(t *testing.T) {
	t.Parallel()
	s := script(func(e exchange) reply {
		if e.path == "/session" {
			return reply{}
		}
		return reply{403, "T_C_NOT_SIGNED", []string{"X-Request-Id", "7f3a"}}
	})
	_, err := client(t, s).Account(t.Context())
	assert.EqualError(t, err, "ade: account: terms not accepted: new terms of Apple's are not accepted (403, T_C_NOT_SIGNED, request 7f3a)")
	assert.NotEmpty(t, mdm.Advice(err))
	assert.Equal(t, "terms", ade.FaultCode(err))
}

// TestRetries shows that reads are repeated after a failure of Apple's, and
// that what publishes or disowns is not.
func TestRetries(t *testing.T) {
	t.Parallel()
	profile := []byte(`{"profile_name":"P","url":"https://mdm.example.org/enrol"}`)
	for _, status := range []int{502, 503, 504} {
		f := newFake(t, 2)
		c := connect(t, f, destructive)
		f.Faults().On(func(r *http.Request) bool { return r.URL.Path != "/session" }).FailNext(1, status, nil)
		_, err := c.Account(t.Context())
		require.NoError(t, err, status)

		f.Faults().FailNext(1, status, nil)
		_, err = c.DefineProfile(t.Context(), profile)
		require.ErrorIs(t, err, mdm.ErrOutcomeUnknown, status)
		f.Faults().FailNext(1, status, nil)
		results, err := c.Disown(t.Context(), serial(0))
		require.ErrorIs(t, err, mdm.ErrOutcomeUnknown, status)
		require.ErrorIs(t, results[0].Err, mdm.ErrOutcomeUnknown)
		assert.Equal(t, 1, asked(f, "/profile"))
		assert.Equal(t, 1, asked(f, "/devices/disown"))
		assert.Empty(t, f.Main.Profiles())
		assert.Len(t, f.Main.Serials(), 2)
	}
	t.Run("broken off", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t, 200)
			f.Faults().On(func(r *http.Request) bool { return r.URL.Path == "/server/devices" }).Times(1).CutBody(4096)
			assert.Len(t, whole(t, connect(t, f).Source()).ids, 200, "read again at the same place")
		})
	})
	t.Run("no JSON", func(t *testing.T) {
		for body, want := range map[string]error{`{"cursor":"C","devices":[{"serial_number":"A1"}`: mdm.ErrUnavailable, `nonsense`: mdm.ErrDecode,
			`[]`: mdm.ErrDecode, `{}`: mdm.ErrDecode, ``: mdm.ErrDecode, `<html>`: mdm.ErrWrongAddress} {
			_, err := client(t, answering("/server/devices", body)).FetchDevices(t.Context(), "")
			require.ErrorIs(t, err, want, body)
		}
	})
}

func destructive(cfg *ade.Config) { cfg.AllowDestructive = true }

// TestQuirk54ClientSendsNothing shows that nothing is asked with a token that
// the clock knows to have expired, and that a wrong clock is named.
func TestQuirk54ClientSendsNothing(t *testing.T) {
	t.Parallel()
	f := newFake(t, 1)
	c := connect(t, f, func(cfg *ade.Config) { cfg.Token.Expiry = time.Now().Add(-time.Minute) })
	_, err := c.Account(t.Context())
	require.ErrorIs(t, err, ade.ErrTokenExpired)
	require.ErrorIs(t, err, mdm.ErrCredentialExpired)
	require.ErrorIs(t, list(t, c.Source(), mdm.Query{}).err, mdm.ErrCredentialExpired)
	health, err := c.Source().Health(t.Context())
	require.NoError(t, err)
	assert.Equal(t, mdm.HealthBroken, health[0].State)
	assert.Empty(t, f.Requests())

	for _, skew := range []time.Duration{10 * time.Minute, -10 * time.Minute} {
		f.SetSkew(skew)
		_, err = connect(t, f).Account(t.Context())
		require.ErrorIs(t, err, ade.ErrClockSkew)
		assert.ErrorContains(t, err, "clock")
		assert.Equal(t, ade.EventSkewed, ade.EventOf(err))
	}
}

// TestQuirk53ClientTerms shows, with the state that the registry keeps, that
// waiting terms are not cleared by another failure, and are by a success.
func TestQuirk53ClientTerms(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t, 2)
		r, server := linkedTo(t, f)
		c, err := r.Connect(t.Context(), server.ID, ade.Config{Transport: clienttest.Quick(f.Transport())}, nil)
		require.NoError(t, err)
		terms := func() bool {
			s, err := r.Server(t.Context(), server.ID)
			require.NoError(t, err)
			return s.Condition.Terms
		}
		f.Main.SetTerms(false)
		_, err = c.Account(t.Context())
		require.ErrorIs(t, err, mdm.ErrTermsNotAccepted)
		assert.True(t, terms())
		before := len(f.Requests())
		_, err = c.Account(t.Context())
		require.ErrorIs(t, err, mdm.ErrTermsNotAccepted)
		assert.Positive(t, mdm.RetryAfter(err))
		assert.Len(t, f.Requests(), before, "asked once an hour")

		time.Sleep(2 * time.Hour)
		f.Faults().FailNext(9, 500, nil)
		_, err = c.Account(t.Context())
		require.ErrorIs(t, err, mdm.ErrUnavailable)
		assert.True(t, terms())
		f.Faults().Clear()
		f.Faults().Hang()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		_, err = c.Account(ctx)
		cancel()
		require.Error(t, err)
		assert.True(t, terms())
		f.Faults().Clear()
		f.Main.SetTerms(true)
		time.Sleep(2 * time.Hour)
		_, err = c.Account(t.Context())
		require.NoError(t, err)
		assert.False(t, terms())
	})
}

// TestClientRevoked shows that a server entry without access is told, and that
// the token works again when the access is given back.
func TestClientRevoked(t *testing.T) {
	t.Parallel()
	f := newFake(t, 1)
	c := connect(t, f)
	_, err := c.Account(t.Context())
	require.NoError(t, err)
	f.Main.Revoke(true)
	_, err = c.Account(t.Context())
	require.ErrorIs(t, err, ade.ErrAccessDenied)
	f.Main.Revoke(false)
	_, err = c.Account(t.Context())
	require.NoError(t, err)

	f.Main.Issue()
	_, err = c.Account(t.Context())
	require.ErrorIs(t, err, ade.ErrSuperseded)
	require.ErrorIs(t, err, mdm.ErrCredentialSuperseded)
	f.SetWire(adetest.Wire{Superseded: adetest.Failure{Status: 401, Code: "oauth_problem_adviceUnauthorized"}})
	_, err = c.Account(t.Context())
	require.ErrorIs(t, err, ade.ErrSuperseded)
}
