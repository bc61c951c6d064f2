package relution_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestQuirk07ErrorInsideSuccess finds a failure in an answer of status 200.
func TestQuirk07ErrorInsideSuccess(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]error{
		`{"status":"-1","message":"Geheim","errors":{"2047":"x"},"total":0,"results":[]}`: mdm.ErrInvalid,
		`{"status":-1,"results":[]}`: mdm.ErrInvalid,
		`{"status":"-1","exception":{"errorCode":"INSUFFICIENT_PRIVILEGES","httpStatus":422},"results":[]}`: mdm.ErrPermissionMissing,
		`{"status":"-1","exception":{"errorCode":"SOMETHING_NEW","httpStatus":500}}`:                        mdm.ErrUnavailable,
		`{"className":"x","errorCode":"UNKNOWN_ORGANIZATION","message":"Geheim","errors":{}}`:               mdm.ErrWrongTenant,
	} {
		tn := &tenant{hook: func(*http.Request) *answer { return &answer{body: body} }}
		err := failure(t, tn.client(t))
		require.ErrorIs(t, err, want, body)
		assert.NotContains(t, err.Error(), "Geheim")
	}
	for _, status := range []string{`"0"`, `0`, `null`, `""`, `"OK"`, `"SUCCESS"`} {
		tn := &tenant{hook: func(*http.Request) *answer {
			return &answer{body: `{"status":` + status + `,"total":1,"results":[` + device(1, "") + `]}`}
		}}
		assert.Len(t, live(t, tn.client(t)), 1, status)
	}
}

// TestQuirk08LoginPage does not take the portal's page for an empty inventory.
func TestQuirk08LoginPage(t *testing.T) {
	t.Parallel()
	tn := &tenant{hook: func(*http.Request) *answer { a := html(200); return &a }}
	err := failure(t, tn.client(t, of(organisation)))
	require.ErrorIs(t, err, mdm.ErrWrongAddress)
	assert.Contains(t, mdm.Advice(err), "access token")
	c := tn.client(t)
	tn.asked = nil
	for range 3 {
		require.ErrorIs(t, failure(t, c), mdm.ErrWrongAddress)
		assert.False(t, mdm.Summarise(c.Source().Check(t.Context())).OK)
		_, err := c.CurrentUser(t.Context())
		require.ErrorIs(t, err, mdm.ErrWrongAddress)
	}
	assert.LessOrEqual(t, len(tn.requests("")), 7, "each may be a failed login")
	real, fake := fakeTenant(t)
	fake.SetWire(relutiontest.Wire{LoginPage: true})
	fake.Revoke(fake.Token)
	require.ErrorIs(t, failure(t, real), mdm.ErrWrongAddress)
	synctest.Test(t, func(t *testing.T) {
		tn := &tenant{devices: numbered(1)}
		tn.hook = func(*http.Request) *answer { a := html(200); return &a }
		c := tn.client(t)
		require.Error(t, failure(t, c))
		tn.hook = nil
		require.Error(t, failure(t, c))
		time.Sleep(11 * time.Minute)
		assert.NoError(t, failure(t, c), "tried again after a while")
	})
}

// TestQuirk09Envelopes reads lists under all their names.
func TestQuirk09Envelopes(t *testing.T) {
	t.Parallel()
	const group = `{"uuid":"972C0000-0000-4000-8000-000000000001","type":"GROUP","name":"Klasse 7","groupType":"GROUP"}`
	for _, body := range []string{`{"status":"0","total":1,"results":[` + group + `]}`, `{"items":[` + group + `],"nonpagedCount":1,"version":0}`, `[` + group + `]`} {
		tn := &tenant{script: scripted{"GET /api/management/v1/security/groups": {body: body}}}
		groups := clienttest.Collect(t, tn.client(t).Groups(t.Context()))
		require.Len(t, groups, 1, body)
		assert.Equal(t, "Klasse 7", groups[0].Name)
	}
	tn := &tenant{script: scripted{
		"GET /api/management/v1/security/users/" + id(1) + "/groups":       {body: `{"groups":[` + group + `]}`},
		"GET /api/management/v1/security/users/" + id(1) + "/accessTokens": {body: `{"accessTokens":[{"uuid":"66","name":"inventory","scope":"API","expirationDate":1798671600000}],"nonpagedCount":1,"version":0}`},
		"GET /api/management/v1/security/groups/" + id(2):                  {body: group},
	}}
	c := tn.client(t)
	groups, err := c.UserGroups(t.Context(), id(1))
	require.NoError(t, err)
	assert.Len(t, groups, 1)
	tokens, err := c.AccessTokens(t.Context(), id(1))
	require.NoError(t, err)
	require.Len(t, tokens, 1)
	assert.Equal(t, 2026, tokens[0].Expires.Year())
	one, err := c.Group(t.Context(), id(2))
	require.NoError(t, err)
	assert.Equal(t, "Klasse 7", one.Name, "a bare object")
}

// TestQuirk33Redirect neither follows a redirect to https nor sends the token
// there, and says what to do.
func TestQuirk33Redirect(t *testing.T) {
	t.Parallel()
	_, err := relution.New(relution.Config{Address: "http://relution.example.de", Token: mdm.NewSecret(token)})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	assert.ErrorContains(t, err, "https")
	for _, target := range []string{"https://relution.example.de/", "https://elsewhere.example/"} {
		tn := &tenant{hook: func(*http.Request) *answer {
			return &answer{status: 301, header: http.Header{"Location": {target}}}
		}}
		c := tn.client(t, func(cfg *relution.Config) { cfg.Address = "http://127.0.0.1:8080" })
		err := failure(t, c)
		require.ErrorIs(t, err, mdm.ErrWrongAddress)
		assert.NotEmpty(t, mdm.Advice(err))
		require.Len(t, tn.requests(""), 1)
		assert.Equal(t, "127.0.0.1:8080", tn.requests("")[0].URL.Host)
	}
	c, fake := fakeTenant(t)
	fake.SetRedirect("https://relution.example")
	require.ErrorIs(t, failure(t, c), mdm.ErrWrongAddress)
}

// TestQuirk34Unauthorized makes no further request after a 401, until there is
// another token. A 403 is no reason to stop.
func TestQuirk34Unauthorized(t *testing.T) {
	t.Parallel()
	current := token
	tn := &tenant{hook: func(*http.Request) *answer {
		return &answer{status: 401, body: `{"errorCode":"REQUEST_UNAUTHORIZED","reason":"USER_LOCKED"}`}
	}}
	c := tn.client(t, func(cfg *relution.Config) {
		cfg.Token = mdm.SecretFunc(func(context.Context) (string, error) { return current, nil })
	})
	for range 3 {
		require.ErrorIs(t, failure(t, c), mdm.ErrUnauthorized)
		_, err := c.Device(t.Context(), id(1))
		require.ErrorIs(t, err, mdm.ErrUnauthorized)
		assert.False(t, mdm.Summarise(c.Source().Check(t.Context())).OK)
	}
	assert.Len(t, tn.requests(""), 1)
	current = "another-token"
	require.ErrorIs(t, failure(t, c), mdm.ErrUnauthorized)
	assert.Len(t, tn.requests(""), 2)

	denied := &tenant{hook: func(*http.Request) *answer { return &answer{status: 403} }}
	c = denied.client(t)
	for range 2 {
		err := failure(t, c)
		require.ErrorIs(t, err, mdm.ErrPermissionMissing)
		assert.Contains(t, mdm.Advice(err), "READ_DEVICES")
		assert.Contains(t, mdm.Advice(err), "new token of the same user does not help")
	}
	assert.Len(t, denied.requests(""), 2)
	for _, wire := range []relutiontest.Wire{{}, {ErrorsAsOK: true}, {ErrorsAsOK: true, WrappedErrors: true}, {EmptyErrors: true}} {
		real, fake := fakeTenant(t)
		fake.SetWire(wire)
		fake.Revoke(fake.Token)
		for range 3 {
			require.ErrorIs(t, failure(t, real), mdm.ErrUnauthorized)
		}
		assert.Len(t, fake.Requests(), 1, "%+v", wire)
	}
	real, fake := fakeTenant(t)
	fake.Expire(fake.Token, fake.Now())
	require.Error(t, failure(t, real))
	assert.Len(t, fake.Requests(), 1)
}

// TestQuirk42Token trims what a careless copy leaves around the token, and
// tells its expiry only from the settings or the list of tokens.
func TestQuirk42Token(t *testing.T) {
	t.Parallel()
	tn := &tenant{devices: []string{device(1, "")}}
	c := tn.client(t, func(cfg *relution.Config) { cfg.Token = mdm.NewSecret(" \t" + token + "\r\n") })
	live(t, c)
	assert.Equal(t, token, tn.requests("")[0].Header.Get("X-User-Access-Token"))
	inside := tn.client(t, func(cfg *relution.Config) { cfg.Token = mdm.NewSecret("a b") })
	err := failure(t, inside)
	require.ErrorIs(t, err, mdm.ErrInvalid)
	assert.NotContains(t, err.Error(), "a b")
}

// TestQuirk43PortalAddress takes host and tenant from what people paste.
//
//mdm:feature 1.29 1.30
func TestQuirk43PortalAddress(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]mdm.Origin{
		"relution.example.de":          {Address: "https://relution.example.de"},
		"https://Relution.example.de/": {Address: "https://relution.example.de"},
		" relution.example.de:8443/x ": {Address: "https://relution.example.de:8443"},
		"https://relution.example.de/#/devices/inventory?page=0&tenantOrganizationUuid=" + lower + "&limit=100": {Address: "https://relution.example.de", Tenant: organisation},
		"relution.example.de/relution/portal/#/devices?tenantOrganizationUuid=" + organisation:                  {Address: "https://relution.example.de", Tenant: organisation},
	} {
		c, err := relution.New(relution.Config{Address: text, Token: mdm.NewSecret(token)})
		require.NoError(t, err, text)
		want.Kind = relution.Kind
		assert.Equal(t, want, c.Info().Origin, text)
	}
	_, err := relution.New(relution.Config{Address: "relution.example.de/#/x?tenantOrganizationUuid=" + organisation, Tenant: other, Token: mdm.NewSecret(token)})
	assert.ErrorContains(t, err, "differs")
	assert.Empty(t, relution.TenantOf("https://relution.example.de/#/x?tenantOrganizationUuid=abc"))
}

// TestQuirk32Secrets keeps push and unlock tokens out of raw answers.
func TestQuirk32Secrets(t *testing.T) {
	t.Parallel()
	d := detailOf(t, `"name":"A","pushToken":"GEHEIM","pushMagic":"GEHEIM","appPushToken":"GEHEIM","unlockToken":"GEHEIM","details":{"x":[{"PushToken":"GEHEIM","kept":"yes"}],"fdeRecoveryKey":"GEHEIM"}`, keepRaw)
	assert.NotContains(t, string(d.Raw()), "GEHEIM")
	assert.Contains(t, string(d.Raw()), "kept")
	assert.Equal(t, "A", mdm.Value(d, "raw:/name").Text)
	for _, version := range releases {
		c, fake := fakeTenant(t, keepRaw)
		fake.SetVersion(version)
		for _, id := range live(t, c) {
			d, err := c.Device(t.Context(), id)
			require.NoError(t, err)
			for _, secret := range fake.Secrets(id) {
				assert.NotContains(t, string(d.Raw()), secret)
			}
		}
	}
}

// TestPostLimit says what to do where a proxy limits POST.
func TestPostLimit(t *testing.T) {
	t.Parallel()
	tn := &tenant{devices: []string{device(1, "")}, listing: relution.ListBaseInfo}
	tn.hook = func(r *http.Request) *answer {
		if r.Method == http.MethodPost {
			a := html(503)
			return &a
		}
		return nil
	}
	err := failure(t, tn.client(t))
	require.ErrorIs(t, err, mdm.ErrUnavailable)
	assert.Contains(t, mdm.Advice(err), relution.ListBaseInfo)
	c := tn.client(t, func(cfg *relution.Config) { cfg.Prefix, cfg.Listing = relution.PrefixManagement, relution.ListBaseInfo })
	assert.Len(t, live(t, c), 1)
}

// TestForeignBytes reads answers that make no sense without harm.
func TestForeignBytes(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "{", "null", "[", `"x"`, `{"results":7}`, `{"results":[7,"x",null,{}]}`, strings.Repeat("[", 20000), `{"results":[{"uuid":{"a":[]},"details":[1]}],"total":"x"}`} {
		tn := &tenant{hook: func(*http.Request) *answer { return &answer{body: body} }}
		c := tn.client(t)
		failed := false
		for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
			assert.Empty(t, page.Devices)
			failed = failed || err != nil || page.End != nil && !page.End.Complete
		}
		assert.True(t, failed, body)
		_, err := c.Device(t.Context(), id(1))
		require.Error(t, err, body)
		_, err = c.CurrentUser(t.Context())
		require.Error(t, err, body)
	}
}

// TestWires bears the forms that the same answer may have.
func TestWires(t *testing.T) {
	t.Parallel()
	for name, wire := range map[string]relutiontest.Wire{
		"number": {Status: "0"}, "null": {Status: "null"}, "words": {Status: `"OK"`, Errors: "[]"}, "none": {NoStatus: true, Errors: "null"},
		"no alias": {NoAlias: true}, "get only": {GetOnly: true}, "no filters": {IgnoreFilters: true}, "asked": {ItemsOnRequest: true, GroupsOnRequest: true},
		"pseudo user": {DeviceUser: true}, "per cent": {PercentBattery: true}, "case": {CaseSensitive: true}, "pages": {MissingAsHTML: true},
	} {
		for _, version := range releases {
			c, fake := fakeTenant(t)
			fake.SetVersion(version)
			want := live(t, clientOf(t, fake))
			fake.SetWire(wire)
			l := clienttest.List(t, c.Source(), mdm.Query{})
			assert.True(t, l.End.Complete, "%s, %s: %s", name, version, l.End.Why)
			assert.True(t, slices.Equal(want, l.IDs()), "%s, %s", name, version)
			for _, r := range l.Records {
				assert.NotContains(t, r.User.Login, "Device User")
			}
			d, err := c.Device(t.Context(), l.Records[0].ID)
			require.NoError(t, err, "%s, %s", name, version)
			assert.Equal(t, l.Records[0].ID, d.SourceID())
		}
	}
	for name, wire := range map[string]relutiontest.Wire{"wrapped": {WrappedErrors: true}, "flat": {FlatErrors: true}, "inside success": {ErrorsAsOK: true},
		"traces": {StackTraces: true}, "empty": {EmptyErrors: true}} {
		for _, version := range releases {
			c, fake := fakeTenant(t)
			fake.SetVersion(version)
			live(t, c)
			fake.SetWire(wire)
			_, err := c.Device(t.Context(), id(99))
			require.ErrorIs(t, err, mdm.ErrNotFound, "%s, %s", name, version)
			assert.Less(t, len(err.Error()), 200)
		}
	}
}
