package ade_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dghubble/oauth1"
	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// vectorToken are the credentials of the reference's vectors.
var vectorToken = ade.Token{
	ConsumerKey:    mdm.NewSecret("CK_00112233445566778899aabbccddeeff"),
	ConsumerSecret: mdm.NewSecret("CS_1111111111111111111111111111111111111111"),
	AccessToken:    mdm.NewSecret("AT_O12345678901O0123456789abcdef0123456789abcdef01234567O1767225600000"),
	AccessSecret:   mdm.NewSecret("AS_2222222222222222222222222222222222222222"),
}

// TestQuirk11Signature holds the signature against the vectors, the realm
// among them that must not be signed, and shows that no nonce comes twice.
func TestQuirk11Signature(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Unix(1767226000, 0)))
		for address, want := range map[string]string{
			apple + "/session":              "1CFfV1gnSYaIKrq4Row2ratuzf0%3D",
			"http://127.0.0.1:8080/session": "9HVl1s4VokxQ7p540dJP8sqdtDY%3D",
		} {
			header, err := ade.SignedRequest(t.Context(), vectorToken, "7d8f3e4a5b6c", address)
			require.NoError(t, err)
			assert.Contains(t, header, `oauth_signature="`+want+`"`)
			assert.Contains(t, header, `realm="ADM"`)
			assert.Contains(t, header, `oauth_timestamp="1767226000"`)
			assert.NotContains(t, header, "ANGf5iF84Hg8bum8", "the realm is not signed")
			assert.NotContains(t, header, "oauth_callback")
		}
	})
	t.Run("the library's signer", func(t *testing.T) {
		for _, v := range []struct{ secret, token, base, want string }{
			{"kd94hf93k423kf44", "pfkkdhi9sl3r4s00", "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26oauth_consumer_key%3Ddpf43f3p2l4k3l03" +
				"%26oauth_nonce%3DchapoH%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131202%26oauth_token%3Dnnch734d00sl2jdk%26size%3Doriginal",
				"MdpQcU8iPSUjWoN/UDMsK2sui9I="},
			{"kd94hf93k423kf44", "", "POST&https%3A%2F%2Fphotos.example.net%2Finitiate&oauth_callback%3Dhttp%253A%252F%252Fprinter.example.com%252Fready" +
				"%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3DwIjqoS%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131200",
				"74KNZJeDHnMBp0EMJ9ZHt/XKycU="},
			{"CS_1111111111111111111111111111111111111111", "AS_2222222222222222222222222222222222222222",
				"GET&https%3A%2F%2Fmdmenrollment.apple.com%2Fsession&oauth_consumer_key%3DCK_00112233445566778899aabbccddeeff%26oauth_nonce%3D7d8f3e4a5b6c" +
					"%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1767226000%26oauth_token%3DAT_O12345678901O0123456789abcdef0123456789abcdef01234567O1767225600000",
				"a1SEZYcmR5aA1MysQ8MV0asfmdE="},
		} {
			got, err := (&oauth1.HMACSigner{ConsumerSecret: v.secret}).Sign(v.token, v.base)
			require.NoError(t, err)
			assert.Equal(t, v.want, got)
		}
	})
	t.Run("nonces", func(t *testing.T) {
		seen := map[string]bool{}
		s := script(func(exchange) reply { return reply{} })
		for range 20 {
			_, err := client(t, s).Account(t.Context())
			require.NoError(t, err)
		}
		for _, e := range s.of("/session") {
			_, rest, _ := strings.Cut(e.header.Get("Authorization"), `oauth_nonce="`)
			nonce, _, _ := strings.Cut(rest, `"`)
			assert.Len(t, nonce, 32)
			assert.False(t, seen[nonce])
			seen[nonce] = true
		}
	})
}

// TestQuirk12Rotation shows that a session in any answer replaces the one in
// use, also one in an error, and that an answer without one keeps it.
func TestQuirk12Rotation(t *testing.T) {
	t.Parallel()
	answers := []reply{{200, accountText, []string{"X-ADM-Auth-Session", "R1"}}, {400, "INVALID_CURSOR", []string{"X-ADM-Auth-Session", "R2"}},
		{200, accountText, []string{"X-ADM-Auth-Session", ""}}, {200, accountText, nil}}
	n := 0
	s := script(func(e exchange) reply {
		if e.path == "/session" {
			return reply{}
		}
		n++
		return answers[n-1]
	})
	c := client(t, s)
	for range answers {
		_, _ = c.Account(t.Context())
	}
	var sent []string
	for _, e := range s.of("/account") {
		sent = append(sent, e.session)
	}
	assert.Equal(t, []string{"S1", "R1", "R2", "R2"}, sent)
	assert.Len(t, s.of("/session"), 1)

	f := newFake(t, 12)
	f.SetSessions(adetest.Sessions{Rotate: 2})
	got := clienttest.Collect(t, connect(t, f, pageSize(2)).Devices(t.Context()))
	assert.Len(t, got, 12)
	assert.Equal(t, 1, asked(f, "/session"), "each second answer brought the next session")
}

// TestQuirk13Reauthentication shows that a 401 leads to one new session and
// one repetition with the same body, and that one that lasts leads to no more.
func TestQuirk13Reauthentication(t *testing.T) {
	t.Parallel()
	refuse := map[string]bool{"S1": true}
	s := script(func(e exchange) reply {
		switch {
		case e.path == "/profile/devices" && refuse[e.session]:
			return reply{status: 401, body: "UNAUTHORIZED"}
		case e.path == "/profile/devices":
			return reply{status: 200, body: `{"devices":{"DMPX00000001":"SUCCESS"}}`}
		}
		return reply{}
	})
	c := client(t, s)
	results, err := c.AssignProfile(t.Context(), someUUID, serial(1))
	require.NoError(t, err)
	require.NoError(t, results[0].Err)
	made := s.of("/profile/devices")
	require.Len(t, made, 2)
	assert.Len(t, s.of("/session"), 2)
	assert.Equal(t, "S2", made[1].session)
	assert.JSONEq(t, `{"profile_uuid":"`+someUUID+`","devices":["DMPX00000001"]}`, made[0].body)
	assert.Equal(t, made[0].body, made[1].body, "the same body")

	always := script(func(e exchange) reply {
		if e.path == "/session" {
			return reply{}
		}
		return reply{status: 401}
	})
	watched := &monitor{}
	_, err = client(t, always, func(cfg *ade.Config) { cfg.Monitor = watched }).Account(t.Context())
	require.ErrorIs(t, err, mdm.ErrUnauthorized)
	assert.Len(t, always.of("/account"), 2)
	assert.Len(t, always.of("/session"), 2)
	assert.Empty(t, watched.failed, "the session was opened: the token is good")
}

// TestQuirk14NoReauthentication tells the refusals that a new session may heal
// from those that it cannot.
func TestQuirk14NoReauthentication(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status   int
		body     string
		sessions int
	}{
		{403, "FORBIDDEN", 2}, {403, `"FORBIDDEN"`, 2}, {403, "EXPIRED_TOKEN", 2}, {401, "EXPIRED_TOKEN", 2}, {401, "", 2}, {401, "UNAUTHORIZED", 2},
		{403, "T_C_NOT_SIGNED", 1}, {403, "ACCESS_DENIED", 1}, {401, "ACCESS_DENIED", 1}, {403, "", 1}, {403, "SOMETHING_ELSE", 1}, {400, "FORBIDDEN", 1},
		{401, "<html>Sign in</html>", 1},
	} {
		s := script(func(e exchange) reply {
			if e.path == "/session" || e.session != "S1" {
				return reply{}
			}
			return reply{status: tt.status, body: tt.body}
		})
		_, err := client(t, s).Account(t.Context())
		assert.Equal(t, tt.sessions == 2, err == nil, "%d %s: %v", tt.status, tt.body, err)
		assert.Len(t, s.of("/session"), tt.sessions, "%d %s", tt.status, tt.body)
	}
}

// TestQuirk15SingleFlight shows that many requests that meet an ended session
// at the same time open one.
func TestQuirk15SingleFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t, 1)
		c := connect(t, f, func(cfg *ade.Config) { cfg.Transport.Concurrency = 20 })
		all := func() {
			var wg sync.WaitGroup
			for range 20 {
				wg.Go(func() {
					_, err := c.Account(t.Context())
					assert.NoError(t, err)
				})
			}
			wg.Wait()
		}
		f.Faults().On(func(r *http.Request) bool { return r.URL.Path == "/session" }).Slow(time.Second)
		all()
		assert.Equal(t, 1, asked(f, "/session"))
		f.DropSessions()
		all()
		assert.Equal(t, 2, asked(f, "/session"))
	})
}

// TestSessionGivenUp shows that whoever waits for a session goes on when the
// one who was opening it gives up.
func TestSessionGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t, 1)
		c := connect(t, f, func(cfg *ade.Config) { cfg.Transport.Concurrency, cfg.Transport.Retry.Disabled = 3, true })
		f.Faults().On(func(r *http.Request) bool { return r.URL.Path == "/session" }).Times(1).Hang()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() {
			_, err := c.Account(ctx)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
		})
		synctest.Wait()
		wg.Go(func() {
			_, err := c.Account(t.Context())
			assert.NoError(t, err)
		})
		short, stop := context.WithTimeout(t.Context(), time.Millisecond)
		defer stop()
		_, err := c.Account(short)
		require.ErrorIs(t, err, context.DeadlineExceeded, "each obeys its own context")
		wg.Wait()
	})
}

// TestQuirk17BadSessions refuses an answer that opens no session.
func TestQuirk17BadSessions(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		body string
		want error
	}{
		{`{"auth_session_token":""}`, mdm.ErrDecode}, {`{}`, mdm.ErrDecode}, {`{"auth_session_token":{}}`, mdm.ErrDecode}, {`[]`, mdm.ErrDecode},
		{``, mdm.ErrDecode}, {"{\"auth_session_token\":\"a\\nb\"}", mdm.ErrDecode}, {`<html>Sign in</html>`, mdm.ErrWrongAddress},
	} {
		s := script(func(exchange) reply { return reply{status: 200, body: tt.body} })
		_, err := client(t, s).Account(t.Context())
		require.ErrorIs(t, err, tt.want, tt.body)
		assert.ErrorContains(t, err, "ade: session: ")
		assert.Empty(t, s.of("/account"))
	}
}

// TestSessionRedirected shows that a signature follows no redirect.
func TestSessionRedirected(t *testing.T) {
	t.Parallel()
	s := script(func(exchange) reply { return reply{302, "", []string{"Location", "https://evil.example/session"}} })
	_, err := client(t, s).Account(t.Context())
	require.ErrorIs(t, err, mdm.ErrDecode)
	assert.ErrorContains(t, err, "ade: session: ")
	assert.Len(t, s.requests, 1)
}

// TestQuirk18UserAgent shows that every request says who asks.
func TestQuirk18UserAgent(t *testing.T) {
	t.Parallel()
	s := script(func(exchange) reply { return reply{} })
	_, err := client(t, s).Account(t.Context())
	require.NoError(t, err)
	for _, e := range s.requests {
		assert.Equal(t, "mdmlink", e.header.Get("User-Agent"), e.path)
		assert.Equal(t, "application/json;charset=UTF8", e.header.Get("Content-Type"), e.path)
		assert.Equal(t, "application/json;charset=UTF8", e.header.Get("Accept"), e.path)
		assert.Equal(t, "10", e.header.Get("X-Server-Protocol-Version"), e.path)
		assert.Equal(t, e.path == "/session", e.header.Get("Authorization") != "", "only the session is signed")
	}
}
