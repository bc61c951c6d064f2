package relutiontest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

func TestStatusOfSuccess(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	for _, s := range []struct {
		wire relutiontest.Wire
		want string
	}{
		{relutiontest.Wire{}, `{"status":"0","message":null,"errors":{},`},
		{relutiontest.Wire{Status: `0`}, `{"status":0,`},
		{relutiontest.Wire{Status: `null`, Errors: `[]`}, `{"status":null,"message":null,"errors":[],`},
		{relutiontest.Wire{Status: `"OK"`, Errors: `null`}, `{"status":"OK","message":null,"errors":null,`},
		{relutiontest.Wire{NoStatus: true}, `{"message":null,`},
	} {
		f.SetWire(s.wire)
		g := c.list(`{"limit":1,"getItems":true}`)
		assert.Equal(t, s.want, g.body[:len(s.want)])
		assert.Len(t, g.results(), 1)
	}
}

// TestErrorForms has the forms that errors take.
func TestErrorForms(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	ask := func(w relutiontest.Wire, status int) got {
		f.SetWire(w)
		f.FailNext(1, status, "VERSION_ALREADY_EXISTS", "There is one")
		return c.list(all)
	}
	flat := ask(relutiontest.Wire{}, 422)
	assert.Equal(t, 422, flat.status)
	assert.Equal(t, map[string]any{
		"className": "io.relution.common.exception.RelutionException", "errorCode": "VERSION_ALREADY_EXISTS",
		"message": "There is one", "status": "-1", "errors": map[string]any{},
	}, flat.object())

	wrapped := map[string]any{
		"status": "-1", "message": "There is one", "errors": map[string]any{"2047": "There is one"}, "total": 0.0, "results": []any{},
		"exception": map[string]any{
			"className": "com.mwaysolutions.relution.common.domain.RelutionException", "cause": nil,
			"errorCode": "VERSION_ALREADY_EXISTS", "httpStatus": 422.0, "message": "There is one",
			"localizedMessage": "There is one", "suppressed": []any{},
		},
	}
	assert.Equal(t, wrapped, ask(relutiontest.Wire{WrappedErrors: true}, 422).object())
	inside := ask(relutiontest.Wire{}, 200)
	assert.Equal(t, 200, inside.status, "an error inside an answer that looks like success")
	assert.Equal(t, "-1", inside.object()["status"])
	assert.Equal(t, 200, ask(relutiontest.Wire{ErrorsAsOK: true}, 422).status)
	assert.Empty(t, ask(relutiontest.Wire{EmptyErrors: true}, 422).body)
	assert.Contains(t, ask(relutiontest.Wire{StackTraces: true}, 422).body, "DeviceResource.java")
	assert.Equal(t, 200, c.list(all).status, "each is used up")

	f.SetWire(relutiontest.Wire{})
	f.SetVersion("5.5.4")
	f.FailNext(2, 422, "VERSION_ALREADY_EXISTS", "There is one")
	assert.Equal(t, wrapped, c.get("/api/v1/devices").object())
	f.SetWire(relutiontest.Wire{FlatErrors: true})
	assert.Equal(t, "VERSION_ALREADY_EXISTS", c.get("/api/v1/devices").object()["errorCode"])
	assert.Empty(t, f.Violations())
}

func TestAccessDenied(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	c.token = "wrong"
	assert.Equal(t, map[string]any{
		"className": "io.relution.common.exception.AccessDeniedException", "errorCode": "REQUEST_UNAUTHORIZED",
		"message": "Access denied", "status": "-1", "errors": map[string]any{}, "reason": "INVALID_CREDENTIALS",
		"anonymous": true, "correspondingUserUuid": nil,
	}, c.list(all).object())
	assert.Equal(t, 1, len(f.Requests()))
}

// TestDenialForms has the forms that a refusal for want of rights takes.
func TestDenialForms(t *testing.T) {
	f := relutiontest.New(small())
	f.SetRights(f.Token, "READ_YOUR_DEVICES")
	c := newCaller(t, f)
	ask := func(version string, w relutiontest.Wire) got {
		f.SetVersion(version)
		f.SetWire(w)
		return c.get("/api/v1/security/users")
	}
	for name, g := range map[string]got{"modern": ask("26.1.1", relutiontest.Wire{}), "flat": ask("5.5.4", relutiontest.Wire{FlatErrors: true})} {
		assert.Equal(t, 403, g.status, name)
		assert.Equal(t, "ACCESS_FORBIDDEN", g.object()["errorCode"], name)
		assert.Equal(t, "UNKNOWN", g.object()["reason"], name)
	}
	for name, g := range map[string]got{"older": ask("5.5.4", relutiontest.Wire{}), "wrapped": ask("26.1.1", relutiontest.Wire{WrappedErrors: true})} {
		assert.Equal(t, 403, g.status, name)
		assert.Equal(t, "-1", g.object()["status"], name)
		thrown := g.object()["exception"].(map[string]any)
		assert.Equal(t, []any{"ACCESS_FORBIDDEN", "UNKNOWN", 403.0, false}, []any{thrown["errorCode"], thrown["reason"], thrown["httpStatus"], thrown["anonymous"]}, name)
	}
	inside := ask("26.1.1", relutiontest.Wire{ErrorsAsOK: true})
	assert.Equal(t, 200, inside.status)
	assert.Equal(t, "UNKNOWN", inside.object()["reason"])
	f.Refuse(f.Token, "USER_NEEDS_TO_ACCEPT_TERMS")
	assert.Equal(t, 200, ask("26.1.1", relutiontest.Wire{ErrorsAsOK: true}).status)
	assert.Equal(t, 403, ask("26.1.1", relutiontest.Wire{}).status)
}
