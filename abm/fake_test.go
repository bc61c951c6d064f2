package abm_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/mdmlink/mdmlink/abm"
	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/internal/faulty"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	businessID = "BUSINESSAPI.3d1c7a52-8f0e-4b6a-9c11-2e5f7a9b0c99"
	schoolID   = "SCHOOLAPI.3d1c7a52-8f0e-4b6a-9c11-2e5f7a9b0c99"
	keyID      = "7b2e9c10-4d5f-4a61-8e77-0c1d2e3f4a99"
	campus     = "A0B1C2D3E4F5061728394A5B6C7D8E01"
	annex      = "A0B1C2D3E4F5061728394A5B6C7D8E02"
)

// newKey returns a private key, and its file in the shape that Apple writes.
var newKey = sync.OnceValues(func() (*ecdsa.PrivateKey, string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	return key, string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
})

// portal is an organisation at Apple, as far as these tests need one. It
// refuses what Apple refuses.
type portal struct {
	t      testing.TB
	client string // id of the API account

	mu         sync.Mutex
	tokens     map[string]bool // those that are good
	tokenLife  time.Duration
	devices    []map[string]any // attributes
	servers    []map[string]any // attributes, and "id"
	assigned   map[string]string
	unknown    []string // attributes that are refused
	activities map[string]int
	asked      []request
	jtis       map[string]bool

	// answers by "METHOD /path", in place of the portal's own.
	instead map[string]http.HandlerFunc
}

// request is what the portal was asked.
type request struct {
	method, host, path string
	query              url.Values
	header             http.Header
	body               string
}

func newPortal(t testing.TB, devices int) *portal {
	p := &portal{t: t, client: businessID, tokens: map[string]bool{}, tokenLife: time.Hour, assigned: map[string]string{},
		activities: map[string]int{}, jtis: map[string]bool{}, instead: map[string]http.HandlerFunc{}}
	for i := range devices {
		serial := fmt.Sprintf("DMPX%08d", i)
		p.devices = append(p.devices, map[string]any{"serialNumber": serial, "deviceModel": "iPad (9th generation)", "productFamily": "iPad",
			"productType": "iPad12,2", "status": "UNASSIGNED", "wifiMacAddress": fmt.Sprintf("3C22FB%06X", i), "color": "SILVER",
			"addedToOrgDateTime": "2025-10-14T08:05:00Z", "purchaseSourceType": "APPLE", "purchaseSourceId": "4711",
			"orderNumber": "W1234", "orderDateTime": "2025-10-01T00:00:00Z"})
	}
	var list struct {
		Data []struct {
			ID         string
			Attributes map[string]any
		}
	}
	require.NoError(t, json.Unmarshal([]byte(fixture(t, "servers.json")), &list))
	for _, s := range list.Data {
		s.Attributes["id"] = s.ID
		delete(s.Attributes, "deviceCount")
		p.servers = append(p.servers, s.Attributes)
	}
	return p
}

// connect returns a client of the portal, without a socket between them.
func (p *portal) connect(configure ...func(*abm.Config)) *abm.Client {
	p.t.Helper()
	return connect(p.t, faulty.Transport(p), append([]func(*abm.Config){func(cfg *abm.Config) { cfg.ClientID = p.client }}, configure...)...)
}

func connect(t testing.TB, base http.RoundTripper, configure ...func(*abm.Config)) *abm.Client {
	t.Helper()
	_, file := newKey()
	cfg := abm.Config{ClientID: businessID, KeyID: keyID, Key: mdm.NewSecret(file), Transport: clienttest.Quick(base)}
	for _, f := range configure {
		f(&cfg)
	}
	c, err := abm.New(cfg)
	require.NoError(t, err)
	return c
}

func (p *portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	p.asked = append(p.asked, request{r.Method, r.Host, r.URL.Path, r.URL.Query(), r.Header.Clone(), string(body)})
	instead := p.instead[r.Method+" "+r.URL.Path]
	p.mu.Unlock()
	if instead != nil {
		instead(w, r)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.Host == "account.apple.com" {
		p.token(w, r, string(body))
		return
	}
	host := "api-business.apple.com"
	if p.client == schoolID {
		host = "api-school.apple.com"
	}
	switch {
	case r.Host != host:
		w.WriteHeader(http.StatusMisdirectedRequest)
	case r.Header.Get("Accept") != "application/json":
		w.WriteHeader(http.StatusNotAcceptable)
	case !p.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]:
		refuse(w, 401, "NOT_AUTHORIZED", "", "")
	default:
		p.api(w, r, string(body))
	}
}

// token checks the assertion the way RFC 7523 wants it.
func (p *portal) token(w http.ResponseWriter, r *http.Request, body string) {
	form, err := url.ParseQuery(body)
	key, _ := newKey()
	claims := jwt.MapClaims{}
	parsed, jwtErr := jwt.ParseWithClaims(form.Get("client_assertion"), claims, func(*jwt.Token) (any, error) { return &key.PublicKey, nil },
		jwt.WithValidMethods([]string{"ES256"}), jwt.WithAudience("https://account.apple.com/auth/oauth2/v2/token"),
		jwt.WithIssuer(p.client), jwt.WithSubject(p.client), jwt.WithIssuedAt(), jwt.WithExpirationRequired())
	scope := map[string]string{businessID: "business.api", schoolID: "school.api"}[p.client]
	jti, _ := claims["jti"].(string)
	ok := err == nil && jwtErr == nil && parsed.Header["kid"] == keyID && form.Get("client_id") == p.client && form.Get("scope") == scope &&
		form.Get("grant_type") == "client_credentials" && !p.jtis[jti] && r.Method == http.MethodPost && r.URL.RawQuery == "" &&
		form.Get("client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	w.Header().Set("Content-Type", "application/json")
	if !ok {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"error":"invalid_client","error_description":"%s"}`, form.Get("client_assertion"))
		return
	}
	p.jtis[jti] = true
	token := "token-" + strconv.Itoa(len(p.jtis))
	p.tokens[token] = true
	fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","expires_in":%d,"scope":%q}`, token, int(p.tokenLife.Seconds()), scope)
}

func refuse(w http.ResponseWriter, status int, code, parameter, detail string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"errors":[{"id":"6a1d0c2e-77b4-4f0e-8b5d-1e2f3a4b5c99","status":"%d","code":%q,"title":"x","detail":%q,"source":{"parameter":%q}}]}`,
		status, code, detail, parameter)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (p *portal) api(w http.ResponseWriter, r *http.Request, body string) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/v1/"), "/")
	route := r.Method + " " + parts[0] + "/" + strconv.Itoa(len(parts))
	switch {
	case route == "GET orgDevices/1":
		p.list(w, r, "orgDevices", p.devices)
	case route == "GET orgDevices/2":
		p.device(w, parts[1])
	case parts[0] == "orgDevices" && parts[len(parts)-1] == "assignedServer":
		p.assignedServer(w, parts[1])
	case parts[0] == "orgDevices" && parts[len(parts)-1] == "appleCareCoverage":
		_, _ = io.WriteString(w, fixture(p.t, "coverage.json"))
	case route == "GET mdmServers/1":
		p.list(w, r, "mdmServers", p.servers)
	case route == "GET mdmServers/4":
		var linked []map[string]any
		for _, serial := range slices.Sorted(maps.Keys(p.assigned)) {
			if p.assigned[serial] == parts[1] {
				linked = append(linked, map[string]any{"id": serial})
			}
		}
		p.list(w, r, "linked", linked)
	case route == "POST orgDeviceActivities/1":
		p.act(w, body)
	case route == "GET orgDeviceActivities/2":
		p.activity(w, parts[1])
	default:
		refuse(w, 404, "NOT_FOUND", "", "")
	}
}

func (p *portal) list(w http.ResponseWriter, r *http.Request, kind string, all []map[string]any) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil || limit < 1 || limit > 1000 {
		refuse(w, 400, "PARAMETER_ERROR.INVALID", "limit", "bad limit")
		return
	}
	var fields []string
	if text := q.Get("fields[" + kind + "]"); text != "" {
		fields = strings.Split(text, ",")
	}
	for _, f := range fields {
		if slices.Contains(p.unknown, f) {
			refuse(w, 400, "PARAMETER_ERROR.INVALID", "fields["+kind+"]", "'"+f+"' is not a valid field name")
			return
		}
	}
	from := 0
	if cursor := q.Get("cursor"); cursor != "" {
		if from, err = strconv.Atoi(strings.TrimSuffix(cursor, "==")); err != nil || !strings.HasSuffix(cursor, "==") {
			refuse(w, 400, "PARAMETER_ERROR.INVALID", "cursor", "bad cursor")
			return
		}
	}
	data := []any{}
	for _, attributes := range all[min(from, len(all)):min(from+limit, len(all))] {
		data = append(data, object(kind, attributes, fields))
	}
	paging := map[string]any{"total": len(all), "limit": limit}
	if from+limit < len(all) {
		paging["nextCursor"] = strconv.Itoa(from+limit) + "=="
	}
	reply(w, 200, map[string]any{"data": data, "links": map[string]any{"self": "https://" + r.Host + r.URL.Path}, "meta": map[string]any{"paging": paging}})
}

func object(kind string, attributes map[string]any, fields []string) map[string]any {
	given := maps.Clone(attributes)
	id, ok := given["id"]
	if !ok {
		id = given["serialNumber"]
	}
	delete(given, "id")
	if fields != nil {
		maps.DeleteFunc(given, func(name string, _ any) bool { return !slices.Contains(fields, name) })
	}
	return map[string]any{"type": kind, "id": id, "attributes": given}
}

func (p *portal) device(w http.ResponseWriter, id string) {
	for _, d := range p.devices {
		if d["serialNumber"] == id {
			reply(w, 200, map[string]any{"data": object("orgDevices", d, nil)})
			return
		}
	}
	refuse(w, 404, "NOT_FOUND", "", "")
}

func (p *portal) assignedServer(w http.ResponseWriter, device string) {
	for _, s := range p.servers {
		if s["id"] == p.assigned[device] {
			reply(w, 200, map[string]any{"data": object("mdmServers", s, nil)})
			return
		}
	}
	reply(w, 200, map[string]any{"data": nil})
}

// act starts an activity that is completed when it is looked at for the third
// time.
func (p *portal) act(w http.ResponseWriter, body string) {
	var got struct {
		Data struct {
			Attributes    struct{ ActivityType string }
			Relationships struct {
				MDMServer struct{ Data struct{ ID string } }
				Devices   struct{ Data []struct{ Type, ID string } }
			}
		}
	}
	if json.Unmarshal([]byte(body), &got) != nil || len(got.Data.Relationships.Devices.Data) == 0 {
		refuse(w, 422, "ENTITY_ERROR", "", "")
		return
	}
	for _, d := range got.Data.Relationships.Devices.Data {
		switch got.Data.Attributes.ActivityType {
		case "ASSIGN_DEVICES":
			p.assigned[d.ID] = got.Data.Relationships.MDMServer.Data.ID
		case "UNASSIGN_DEVICES":
			delete(p.assigned, d.ID)
		case "RELEASE_DEVICES":
			p.devices = slices.DeleteFunc(p.devices, func(a map[string]any) bool { return a["serialNumber"] == d.ID })
		}
	}
	id := fmt.Sprintf("5f0e1d2c-3b4a-5968-7786-%012d", len(p.activities))
	p.activities[id] = 0
	reply(w, 201, map[string]any{"data": map[string]any{"type": "orgDeviceActivities", "id": id,
		"attributes": map[string]any{"status": "IN_PROGRESS", "subStatus": "SUBMITTED", "createdDateTime": "2026-02-03T09:30:00.101Z"}}})
}

func (p *portal) activity(w http.ResponseWriter, id string) {
	looks, ok := p.activities[id]
	if !ok {
		refuse(w, 404, "NOT_FOUND", "", "")
		return
	}
	p.activities[id]++
	attributes := map[string]any{"status": "IN_PROGRESS", "subStatus": "PROCESSING"}
	if looks >= 2 {
		attributes = map[string]any{"status": "COMPLETED", "subStatus": "COMPLETED_WITH_ERROR", "completedDateTime": "2026-02-03T09:30:14Z",
			"downloadUrl": "https://storage.example-cdn.net/activity/5f0e.csv?sig=SIGNATURE&exp=1770114600"}
	}
	reply(w, 200, map[string]any{"data": map[string]any{"type": "orgDeviceActivities", "id": id, "attributes": attributes}})
}

// requests returns what the API was asked, without tokens, as "METHOD /path".
func (p *portal) requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []string
	for _, r := range p.asked {
		if r.host != "account.apple.com" {
			all = append(all, r.method+" "+r.path)
		}
	}
	return all
}

func (p *portal) count(route string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, r := range p.asked {
		if r.method+" "+r.path == route {
			n++
		}
	}
	return n
}

func (p *portal) last() request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[len(p.asked)-1]
}

const (
	tokenRoute   = "POST /auth/oauth2/token"
	devicesRoute = "GET /v1/orgDevices"
)

// serve answers a route with a fixed text.
func (p *portal) serve(route string, status int, body string) {
	p.instead[route] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return string(text)
}

// listDevices lists all devices and demands that none is lost.
func listDevices(t *testing.T, c *abm.Client) []*abm.Device {
	t.Helper()
	var all []*abm.Device
	for d, err := range c.Devices(t.Context(), nil) {
		require.NoError(t, err)
		all = append(all, d)
	}
	return all
}

// lastPage lists a source to its end and returns the last page.
func lastPage(t *testing.T, src mdm.Source, q mdm.Query) (mdm.Page, int) {
	t.Helper()
	var last mdm.Page
	n := 0
	for page, err := range src.Pages(t.Context(), q) {
		require.NoError(t, err)
		last = page
		n += len(page.Devices)
	}
	require.NotNil(t, last.End)
	return last, n
}

func requireKind(t *testing.T, err, kind error) *mdm.Error {
	t.Helper()
	require.ErrorIs(t, err, kind)
	var e *mdm.Error
	require.ErrorAs(t, err, &e)
	assert.NotContains(t, err.Error(), "token-")
	return e
}
