package jamfprotest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
)

const patchMac = "/api/v4/computers-inventory-detail/41"

func TestStrict(t *testing.T) {
	for name, c := range map[string]struct {
		method, path, body string
		prepare            func(*http.Request)
		status             int
		want               string // part of the violation
	}{
		"unknown parameter":      {method: "GET", path: computers + "?pagesize=5", status: 200, want: `unknown parameter "pagesize"`},
		"parameter twice":        {method: "GET", path: computers + "?page=1&page=2", status: 200, want: "more than once"},
		"page-size too large":    {method: "GET", path: computers + "?page-size=5000", status: 200, want: "above the maximum"},
		"page-size zero":         {method: "GET", path: computers + "?page-size=0", status: 400, want: "page-size cannot be"},
		"page negative":          {method: "GET", path: computers + "?page=-1", status: 400, want: "page cannot be"},
		"unknown section":        {method: "GET", path: computers + "?section=general", status: 400, want: "unknown section"},
		"sections joined":        {method: "GET", path: computers + "?section=GENERAL,HARDWARE", status: 400, want: "repeated, not joined"},
		"fonts after v1":         {method: "GET", path: computers + "?section=FONTS", status: 400, want: "unknown section"},
		"section of computers":   {method: "GET", path: details + "?section=STORAGE", status: 400, want: "unknown section"},
		"section of a detail":    {method: "GET", path: patchMac + "?section=GENERAL", status: 200, want: `unknown parameter "section"`},
		"sort by serial":         {method: "GET", path: computers + "?sort=hardware.serialNumber:asc", status: 400, want: "cannot sort by"},
		"sort upwards":           {method: "GET", path: computers + "?sort=id:up", status: 400, want: "cannot sort by"},
		"sort without direction": {method: "GET", path: computers + "?sort=id", status: 200, want: "no direction"},
		"semicolon not escaped":  {method: "GET", path: computers + "?filter=id==1;id==2", status: 400, want: "query cannot be read"},
		"sort by id in details":  {method: "GET", path: details + "?sort=id:asc", status: 400, want: "cannot sort by"},
		"filter of a list":       {method: "GET", path: query("/api/v2/mobile-devices", "filter", `serialNumber=="X"`), status: 200, want: "no effect"},
		"paging of an array":     {method: "GET", path: "/api/v1/sites?page=0", status: 200, want: "unknown parameter"},
		"paging of announced":    {method: "GET", path: "/api/v1/device-enrollments/1/devices?page-size=5", status: 200, want: "unknown parameter"},
		"filter missing":         {method: "GET", path: "/api/v2/mdm/commands", status: 400, want: "mandatory"},
		"date for equality":      {method: "GET", path: query("/api/v2/mdm/commands", "filter", `dateSent=="2026-01-01T00:00:00Z"`), status: 400, want: "compares dateSent"},
		"long address":           {method: "GET", path: query(computers, "filter", `id=="`+strings.Repeat("x", 9000)+`"`), status: 400, want: "address of"},
		"no Accept":              {method: "GET", path: "/api/v1/sites", prepare: without("Accept"), status: 200, want: "Accept"},
		"no token":               {method: "GET", path: "/api/v1/sites", prepare: without("Authorization"), status: 401, want: "no bearer token"},
		"lower-case header":      {method: "GET", path: "/api/v1/sites", prepare: func(r *http.Request) { r.Header["x-thing"] = []string{"1"} }, status: 200, want: "canonical"},
		"body on GET":            {method: "GET", path: "/api/v1/sites", body: `{}`, status: 200, want: "body on GET"},
		"doubled /api":           {method: "GET", path: "/api/api/v1/sites", status: 404, want: "no such operation"},
		"no /api":                {method: "GET", path: "/v1/sites", status: 404, want: "no address of the API"},
		"Classic":                {method: "GET", path: "/JSSResource/computers", status: 404, want: "no such operation"},
		"JSON of Classic":        {method: "POST", path: "/JSSResource/mobiledevicecommands/command/UpdateInventory/id/8", status: 201, want: "Accept does not ask for application/xml"},
		"empty segment":          {method: "GET", path: "/api/v4/computers-inventory/", status: 404, want: "empty path segment"},
		"word as id":             {method: "GET", path: computers + "/LAB-MAC-07", status: 400, want: "is no id"},
		"old place of commands":  {method: "POST", path: "/api/v1/mdm/commands", body: `{}`, status: 405, want: "not sent here"},
		"wipe of a group":        {method: "POST", path: "/api/v2/mobile-device-groups/1/erase", status: 404, want: "no such operation"},
		"unknown key":            {method: "PATCH", path: patchMac, body: `{"general":{"serialNumber":"X"}}`, status: 400, want: `unknown key "general.serialNumber"`},
		"null":                   {method: "PATCH", path: patchMac, body: `{"general":{"assetTag":null}}`, status: 204, want: "is null"},
		"wrong type":             {method: "PATCH", path: patchMac, body: `{"general":{"assetTag":5}}`, status: 400, want: "wrong type"},
		"nothing":                {method: "PATCH", path: patchMac, body: `{}`, status: 400, want: "nothing to change"},
		"no body":                {method: "PATCH", path: patchMac, status: 400, want: "no body"},
		"no object":              {method: "PATCH", path: patchMac, body: `[]`, status: 400, want: "no JSON object"},
		"garbage":                {method: "PATCH", path: patchMac, body: `{"udid":"x"}x`, status: 400, want: "garbage"},
		"date-time for a date":   {method: "PATCH", path: patchMac, body: `{"purchasing":{"poDate":"2026-01-01T00:00:00Z"}}`, status: 400, want: "poDate"},
		"unknown department":     {method: "PATCH", path: patchMac, body: `{"userAndLocation":{"departmentId":"99"}}`, status: 400, want: "does not exist"},
		"names of mobile users":  {method: "PATCH", path: patchMac, body: `{"userAndLocation":{"realName":"x"}}`, status: 400, want: "unknown key"},
		"unknown attribute":      {method: "PATCH", path: patchMac, body: `{"extensionAttributes":[{"definitionId":"99","values":[]}]}`, status: 400, want: "no extension attribute"},
		"merge patch":            {method: "PATCH", path: patchMac, body: `{"udid":"x"}`, prepare: with("Content-Type", "application/merge-patch+json"), status: 415, want: "Content-Type"},
		"date for a date-time":   {method: "PATCH", path: "/api/v2/mobile-devices/8", body: `{"ios":{"purchasing":{"poDate":"2026-01-01"}}}`, status: 400, want: "poDate"},
		"part of another kind":   {method: "PATCH", path: "/api/v2/mobile-devices/8", body: `{"tvos":{}}`, status: 400, want: "another kind"},
		"rename unsupervised":    {method: "PATCH", path: "/api/v2/mobile-devices/11", body: `{"name":"x"}`, status: 400, want: "supervised"},
		"token as JSON":          {method: "POST", path: "/api/oauth/token", body: `{}`, status: 400, want: "Content-Type"},
		"credentials in header":  {method: "POST", path: "/api/oauth/token", body: `grant_type=x`, prepare: with("Content-Type", "application/x-www-form-urlencoded"), status: 400, want: "belong into the form"},
		"pin of five":            {method: "POST", path: computers + "/41/erase", body: `{"pin":"12345"}`, status: 400, want: "six characters"},
		"object for a bool":      {method: "POST", path: "/api/v2/mobile-devices/8/erase", body: `{"returnToService":{"enabled":true}}`, status: 400, want: "wrong type"},
		"body where none is":     {method: "POST", path: "/api/v2/mobile-devices/8/unmanage", body: `{}`, status: 200, want: "where none is read"},
	} {
		t.Run(name, func(t *testing.T) {
			f := jamfprotest.New(small())
			caller := newCaller(t, f)
			if c.prepare != nil {
				caller.prepare = c.prepare
			}
			g := caller.send(c.method, c.path, c.body)
			assert.Equal(t, c.status, g.status, g.body)
			require.NotEmpty(t, f.Violations())
			assert.Contains(t, strings.Join(f.Violations(), "\n"), c.want)
			f.Forget()
			assert.Empty(t, f.Violations())
		})
	}
}

func TestOldServerDoesNotKnowExceptionHandling(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	f.SetVersion("11.28.0")
	assert.Equal(t, 200, c.get(details+"?exception-handling=LENIENT").status)
	assert.Len(t, f.Violations(), 1)
}

// with sends another header.
func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// without leaves a header out.
func without(name string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Del(name) }
}
