package intunetest

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// visit is one request to the login service.
type visit struct {
	f    *Fake
	r    *http.Request
	in   []Cloud // the clouds that this host serves
	root string
	body []byte
	now  time.Time
}

// handle finds the answer. The caller holds the lock.
func (v *visit) handle() reply {
	parts := strings.Split(strings.Trim(v.r.URL.Path, "/"), "/")
	var rep reply
	switch {
	case len(parts) == 4 && strings.Join(parts[1:], "/") == "oauth2/v2.0/token" && v.r.Method == http.MethodPost:
		rep = v.token(parts[0])
	case len(parts) == 4 && strings.Join(parts[1:], "/") == "v2.0/.well-known/openid-configuration" && v.r.Method == http.MethodGet:
		rep = v.discovery(parts[0])
	case len(parts) == 3 && parts[1] == "v2.0" && parts[2] == "adminconsent" && v.r.Method == http.MethodGet:
		rep = v.consent(parts[0], true)
	case len(parts) == 2 && parts[1] == "adminconsent" && v.r.Method == http.MethodGet:
		rep = v.consent(parts[0], false)
	default:
		v.f.Violate(v.r, "no such operation of the login service")
		rep = page(http.StatusNotFound, "404 - not found")
	}
	v.f.serial++
	return rep.set("X-Ms-Request-Id", uuid("login", fmt.Sprint(v.f.serial))).set("X-Ms-Ests-Server", "2.1.0 - EXAMPLE ProdSlices")
}

// discovery is the document by which OpenID Connect libraries find the token
// endpoint.
func (v *visit) discovery(name string) reply {
	t := v.f.tenantOf(name)
	if t == nil {
		return v.refuse("invalid_tenant", 90002, "Tenant '"+name+"' not found.")
	}
	base := v.root + "/" + t.id
	return reply{status: http.StatusOK, kind: "application/json; charset=utf-8", body: object{
		{"token_endpoint", v.root + "/" + name + "/oauth2/v2.0/token"}, {"issuer", base + "/v2.0"},
		{"authorization_endpoint", base + "/oauth2/v2.0/authorize"}, {"jwks_uri", base + "/discovery/v2.0/keys"},
		{"token_endpoint_auth_methods_supported", []string{"client_secret_post", "private_key_jwt", "client_secret_basic"}},
	}}
}

func page(status int, title string) reply {
	return reply{status: status, kind: "text/html; charset=utf-8",
		raw: []byte("<!doctype html><html lang=\"en\"><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>\n")}
}

// refuse answers with an error of the token endpoint.
func (v *visit) refuse(code string, number int, message string) reply {
	status := http.StatusBadRequest
	if code == "invalid_client" {
		status = http.StatusUnauthorized
	}
	v.f.serial++
	trace, correlation := uuid("trace", fmt.Sprint(v.f.serial)), uuid("correlation", fmt.Sprint(v.f.serial))
	at := v.now.Format("2006-01-02 15:04:05Z")
	return reply{status: status, kind: "application/json; charset=utf-8", body: object{
		{"error", code},
		{"error_description", fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s", number, message, trace, correlation, at)},
		{"error_codes", []int{number}}, {"timestamp", at}, {"trace_id", trace}, {"correlation_id", correlation},
		{"error_uri", fmt.Sprintf("%s/error?code=%d", v.root, number)},
	}}
}

var tokenFields = []string{"client_id", "client_secret", "scope", "grant_type", "client_assertion_type", "client_assertion", "client_info"}

// form reads the fields of a token request; false = they cannot be read.
func (v *visit) form() (url.Values, bool) {
	kind, _, err := mime.ParseMediaType(v.r.Header.Get("Content-Type"))
	form, bad := url.ParseQuery(string(v.body))
	if err != nil || kind != "application/x-www-form-urlencoded" || bad != nil {
		v.f.Violate(v.r, "the body is no form")
		return nil, false
	}
	if v.r.URL.RawQuery != "" {
		v.f.Violate(v.r, "parameters in the address of the token endpoint")
	}
	for name, values := range form {
		if !slices.Contains(tokenFields, name) || len(values) > 1 {
			v.f.Violate(v.r, "form field %q unknown or repeated", name)
		}
	}
	return form, true
}

// token gives a token for client credentials.
func (v *visit) token(name string) reply {
	form, ok := v.form()
	if !ok {
		return v.refuse("invalid_request", 9002313, "Invalid request. Request is malformed or invalid.")
	}
	if form.Get("grant_type") == "" {
		v.f.Violate(v.r, "grant_type is missing")
		return v.refuse("invalid_request", 900144, "The request body must contain the following parameter: 'grant_type'.")
	}
	if form.Get("grant_type") != "client_credentials" {
		v.f.Violate(v.r, "grant_type is not client_credentials")
		return v.refuse("unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
	}
	if name == "common" || name == "organizations" || name == "consumers" {
		v.f.Violate(v.r, "/%s is no tenant", name)
		return v.refuse("invalid_request", 9001023, "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.")
	}
	t := v.f.tenantOf(name)
	switch {
	case t == nil:
		return v.refuse("invalid_request", 90002, "Tenant '"+name+"' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.")
	case !slices.Contains(v.in, v.f.cloud):
		return v.refuse("invalid_request", 900382, "Confidential Client is not supported in Cross Cloud request.")
	}
	return v.grant(t, form)
}

func (v *visit) grant(t *tenant, form url.Values) reply {
	id, secret, basic := v.r.BasicAuth()
	if basic {
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = form.Get("client_id"), form.Get("client_secret")
	}
	if id == "" {
		v.f.Violate(v.r, "client_id is missing")
		return v.refuse("invalid_request", 900144, "The request body must contain the following parameter: 'client_id'.")
	}
	a := v.f.apps[id]
	_, consented := t.granted[id]
	switch {
	case a == nil || !consented:
		return v.refuse("unauthorized_client", 700016, "Application with identifier '"+id+"' was not found in the directory '"+t.name+"'.")
	case a.revoked:
		return v.refuse("unauthorized_client", 7000112, "Application '"+id+"' is disabled.")
	}
	if refusal := v.authenticate(a, secret, form, t); refusal != nil {
		return *refusal
	}
	return v.scoped(t, a, form.Get("scope"))
}

func (v *visit) authenticate(a *app, secret string, form url.Values, t *tenant) *reply {
	var rep reply
	switch {
	case form.Get("client_assertion") != "" && secret != "":
		v.f.Violate(v.r, "both a secret and an assertion")
		rep = v.refuse("invalid_request", 9002313, "Invalid request. Request is malformed or invalid.")
	case form.Get("client_assertion") != "":
		return v.assertion(a, form, t)
	case secret == "":
		v.f.Violate(v.r, "neither a secret nor an assertion")
		rep = v.refuse("invalid_client", 7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
	case secret != a.secret:
		rep = v.refuse("invalid_client", 7000215, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '"+a.id+"'.")
	case a.expired:
		rep = v.refuse("invalid_client", 7000222, "The provided client secret keys for app '"+a.id+"' are expired.")
	default:
		return nil
	}
	return &rep
}

// scoped checks the scope and gives the token.
func (v *visit) scoped(t *tenant, a *app, scope string) reply {
	accepted := clouds[v.f.cloud].scopes
	if len(v.in) == len(clouds)-1 { // on an address of this machine
		accepted = []string{v.root + "/.default", v.root + "//.default"}
		for _, c := range v.in {
			accepted = append(accepted, clouds[c].scopes...)
		}
	}
	wanted := scope
	for _, word := range []string{"openid", "offline_access", "profile"} { // libraries add them; they name no resource
		wanted = strings.TrimSpace(strings.Replace(wanted+" ", " "+word+" ", " ", 1))
	}
	switch {
	case scope == "":
		v.f.Violate(v.r, "scope is missing")
		return v.refuse("invalid_request", 900144, "The request body must contain the following parameter: 'scope'.")
	case slices.Contains(accepted, wanted):
	case strings.HasSuffix(wanted, "/.default") && !strings.Contains(wanted, " "):
		v.f.Violate(v.r, "scope %q is of another resource", scope)
		return v.refuse("invalid_resource", 500011, "The resource principal named "+strings.TrimSuffix(wanted, "/.default")+" was not found in the tenant named "+t.name+".")
	default:
		v.f.Violate(v.r, "scope %q is not one resource and /.default", scope)
		return v.refuse("invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.")
	}
	return reply{status: http.StatusOK, kind: "application/json; charset=utf-8", body: object{
		{"token_type", "Bearer"}, {"expires_in", int(v.f.life.Seconds()) - 1}, {"ext_expires_in", int(v.f.life.Seconds()) - 1},
		{"access_token", v.f.issue(t, a, v.f.cloud, strings.TrimSuffix(wanted, "/.default"), v.now)},
	}}
}
