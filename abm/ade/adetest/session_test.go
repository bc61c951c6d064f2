package adetest_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade/adetest"
)

// text is the status and the body of an answer.
func text(g got) string { return fmt.Sprintf("%d %s", g.status, g.body) }

const (
	badRequest   = "400 oauth_problem_adviceBad Request"
	unauthorized = "401 oauth_problem_adviceUnauthorized"
)

func TestSessionRefusesBadSignatures(t *testing.T) {
	other := adetest.Token{ConsumerKey: "CK_1", ConsumerSecret: "CS_1", AccessToken: "AT_1", AccessSecret: "AS_1"}
	for name, c := range map[string]struct {
		change    func(*oauth)
		want      string
		violation string // part of it; "" = none
	}{
		"another method":      {set("oauth_signature_method", "PLAINTEXT"), badRequest, "signature method"},
		"HMAC-SHA256":         {set("oauth_signature_method", "HMAC-SHA256"), badRequest, "signature method"},
		"no nonce":            {set("oauth_nonce", ""), badRequest, "no oauth_nonce"},
		"no timestamp":        {set("oauth_timestamp", ""), badRequest, "no oauth_timestamp"},
		"no token":            {set("oauth_token", ""), badRequest, "no oauth_token"},
		"callback":            {add("oauth_callback", "oob"), badRequest, "unsupported parameter"},
		"doubled":             {add("oauth_version", "1.0"), badRequest, "more than once"},
		"version 2":           {set("oauth_version", "2.0"), badRequest, "oauth_version"},
		"no number":           {set("oauth_timestamp", "now"), badRequest, "no number of seconds"},
		"no version":          {set("oauth_version", ""), "200", ""},
		"no realm":            {set("realm", ""), "200", ""},
		"another realm":       {set("realm", "adm"), "200", "realm"},
		"wrong secret":        {func(o *oauth) { o.tokenSecret = "AS_0" }, unauthorized, ""},
		"wrong consumer":      {func(o *oauth) { o.consumerSecret = "CS_0" }, unauthorized, ""},
		"unknown consumer":    {set("oauth_consumer_key", other.ConsumerKey), unauthorized, ""},
		"unknown token":       {set("oauth_token", other.AccessToken), unauthorized, ""},
		"signature is noise":  {func(o *oauth) { o.signature = "?" }, unauthorized, ""},
		"six minutes ago":     {set("oauth_timestamp", fmt.Sprint(time.Now().Add(-6*time.Minute).Unix())), unauthorized, ""},
		"six minutes to come": {set("oauth_timestamp", fmt.Sprint(time.Now().Add(6*time.Minute).Unix())), unauthorized, ""},
		"four minutes ago":    {set("oauth_timestamp", fmt.Sprint(time.Now().Add(-4*time.Minute).Unix())), "200", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c2 := stranger(t, adetest.New(small()))
			g := c2.ask(c2.f.Main.Token(), c.change)
			assert.Contains(t, text(g), c.want)
			if c.violation == "" {
				c2.clean()
				return
			}
			require.Len(t, c2.f.Violations(), 1)
			assert.Contains(t, c2.f.Violations()[0], c.violation)
		})
	}
}

func TestNonceIsUsedOnce(t *testing.T) {
	c := stranger(t, adetest.New(small()))
	same := set("oauth_nonce", "7d8f3e4a5b6c")
	assert.Equal(t, 200, c.ask(c.f.Main.Token(), same).status)
	assert.Equal(t, unauthorized, text(c.ask(c.f.Main.Token(), same)))
	assert.Len(t, c.f.Violations(), 1)
}

func TestSkewOfTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := stranger(t, adetest.New(small()))
		c.f.SetSkew(-time.Hour)
		g := c.ask(c.f.Main.Token())
		assert.Equal(t, unauthorized, text(g))
		date, err := http.ParseTime(g.header.Get("Date"))
		require.NoError(t, err)
		assert.Equal(t, time.Hour, time.Since(date))
		c.f.SetSkew(0)
		c.login(c.f.Main.Token())
	})
}

func TestWhatBecomesOfATokenAndItsSession(t *testing.T) {
	for name, c := range map[string]struct {
		do            func(*adetest.Fake)
		session, data string
	}{
		"superseded":       {func(f *adetest.Fake) { f.Main.Issue() }, "401 token_rejected", "401 UNAUTHORIZED"},
		"password changed": {func(f *adetest.Fake) { f.Main.ChangePassword() }, unauthorized, "401 UNAUTHORIZED"},
		"expired":          {func(f *adetest.Fake) { f.Advance(365 * 24 * time.Hour) }, "403 token_expiredForbidden", "401 UNAUTHORIZED"},
		"almost expired":   {func(f *adetest.Fake) { f.Advance(365*24*time.Hour - time.Minute) }, "200", "401 UNAUTHORIZED"},
		"revoked":          {func(f *adetest.Fake) { f.Main.Revoke(true) }, "403 ACCESS_DENIED", "403 ACCESS_DENIED"},
		"entry deleted":    {func(f *adetest.Fake) { f.Main.Delete() }, unauthorized, "401 UNAUTHORIZED"},
		"terms":            {func(f *adetest.Fake) { f.Main.SetTerms(false) }, "403 T_C_NOT_SIGNED", "403 T_C_NOT_SIGNED"},
		"terms accepted":   {func(f *adetest.Fake) { f.Main.SetTerms(false); f.Main.SetTerms(true) }, "200", "200"},
		"access again":     {func(f *adetest.Fake) { f.Main.Revoke(true); f.Main.Revoke(false) }, "200", "200"},
	} {
		t.Run(name, func(t *testing.T) {
			caller := newCaller(t, adetest.New(small()))
			token := caller.f.Main.Token()
			c.do(caller.f)
			assert.Contains(t, text(caller.get("/account")), c.data)
			assert.Contains(t, text(caller.ask(token)), c.session)
			caller.clean()
		})
	}
}

func TestFormsOfRefusal(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	old := f.Main.Token()
	f.Main.Issue()
	f.SetWire(adetest.Wire{Superseded: adetest.Failure{Status: 401, Code: "oauth_problem_adviceUnauthorized"},
		OldSession: adetest.Failure{Status: 401}})
	assert.Equal(t, unauthorized, text(c.ask(old)))
	assert.Equal(t, "401 ", text(c.get("/account")))
	f.SetWire(adetest.Wire{Errors: adetest.QuotedErrors})
	assert.Equal(t, `401 "token_rejected"`, text(c.ask(old)))
	f.SetWire(adetest.Wire{Errors: adetest.JSONErrors})
	assert.Equal(t, `401 {"code":"token_rejected"}`, text(c.ask(old)))
	f.SetWire(adetest.Wire{Expired: adetest.Failure{Status: 401, Code: "token_expired"}})
	newest := f.Main.Token()
	f.Advance(366 * 24 * time.Hour)
	assert.Equal(t, "401 token_expired", text(c.ask(newest)))
	f.SetWire(adetest.Wire{EmptySession: true})
	assert.Equal(t, `200 {"auth_session_token":""}`, text(c.ask(f.Main.Issue())))
}

func TestSessionEndsWithDisuse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCaller(t, adetest.New(small()))
		for range 3 {
			time.Sleep(3*time.Minute - time.Second)
			assert.Equal(t, 200, c.get("/account").status)
		}
		time.Sleep(3 * time.Minute)
		assert.Equal(t, "401 UNAUTHORIZED", text(c.get("/account")))
		assert.Equal(t, "401 UNAUTHORIZED", text(c.get("/account")), "it stays over")
		c.login(c.f.Main.Token())
		assert.Equal(t, 200, c.get("/account").status)
		c.f.SetSessions(adetest.Sessions{Life: time.Second})
		time.Sleep(time.Second)
		assert.Equal(t, 401, c.get("/account").status)
		c.session = "1770110401377O1O5B"
		assert.Equal(t, "403 FORBIDDEN", text(c.get("/account")))
		c.clean()
	})
}

func TestSessionTokenIsReplaced(t *testing.T) {
	f := adetest.New(small())
	f.SetSessions(adetest.Sessions{Rotate: 2})
	c := newCaller(t, f)
	first := c.session
	assert.Empty(t, c.get("/account").header.Get("X-ADM-Auth-Session"))
	g := c.get("/profile") // an error renews it too
	assert.Equal(t, "400 PROFILE_UUID_REQUIRED", text(g))
	assert.Equal(t, c.session, g.header.Get("X-ADM-Auth-Session"))
	assert.NotEqual(t, first, c.session)
	f.Forget()
	assert.Equal(t, 200, c.get("/account").status)
	c.session = first
	assert.Equal(t, "401 UNAUTHORIZED", text(c.get("/account")))
	c.clean()
}

func TestSessionsEndByCallsAndByOthers(t *testing.T) {
	f := adetest.New(small())
	f.SetSessions(adetest.Sessions{Calls: 2, Single: true})
	c, other := newCaller(t, f), stranger(t, f)
	assert.Equal(t, 200, c.get("/account").status)
	assert.Equal(t, 200, c.get("/account").status)
	assert.Equal(t, 401, c.get("/account").status)
	c.login(f.Main.Token())
	other.login(f.Main.Token())
	assert.Equal(t, 401, c.get("/account").status)
	assert.Equal(t, 200, other.get("/account").status)
	f.DropSessions()
	assert.Equal(t, 401, other.get("/account").status)
	c.clean()
}

func TestTokensOfEntries(t *testing.T) {
	f := adetest.New(small())
	first := f.Main.Token()
	assert.Regexp(t, `^CK_[0-9a-f]{96}$`, first.ConsumerKey)
	assert.Regexp(t, `^CS_[0-9a-f]{40}$`, first.ConsumerSecret)
	assert.Regexp(t, `^AT_O[0-9]+O[0-9a-f]+O[0-9]{12,}$`, first.AccessToken)
	assert.Regexp(t, `^AS_[0-9a-f]{40}$`, first.AccessSecret)
	second := f.Main.Issue()
	assert.Equal(t, first.ConsumerKey, second.ConsumerKey)
	assert.NotEqual(t, first.AccessToken, second.AccessToken)
	f.Main.SetAdmin("other-admin@example-school.org")
	third := f.Main.Issue()
	assert.NotEqual(t, first.ConsumerKey, third.ConsumerKey)
	f.SetTokenLife(time.Hour)
	assert.WithinDuration(t, f.Now().Add(time.Hour), f.Main.Issue().Expiry, 2*time.Second)

	library := f.AddEntry("Library")
	c := stranger(t, f)
	c.login(library.Token())
	assert.Equal(t, library.UUID(), answer[map[string]any](c, "GET", "/account", "")["server_uuid"])
	assert.Empty(t, c.page("/server/devices", "{}").Devices)
	c.clean()
}

func TestTermsAreOfAnOrganisation(t *testing.T) {
	f := adetest.New(small())
	same, foreign := f.AddEntry("Library"), f.AddEntry("Neighbours")
	other := f.Main.Organisation()
	other.ID, other.Name = "77", "Neighbours"
	foreign.SetOrganisation(other)
	f.Main.SetTerms(false)
	c := stranger(t, f)
	assert.Equal(t, "403 T_C_NOT_SIGNED", text(c.ask(same.Token())))
	c.login(foreign.Token())
	a := answer[map[string]any](c, "GET", "/account", "")
	assert.Equal(t, "77", a["org_id"])
	f.Main.SetTerms(true)
	c.login(same.Token())
	assert.NotEqual(t, a["org_id_hash"], answer[map[string]any](c, "GET", "/account", "")["org_id_hash"])
	c.clean()
}
