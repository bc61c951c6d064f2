package intunetest_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func TestTokenLife(t *testing.T) {
	f := intunetest.New(nil)
	f.SetTokenLife(10 * time.Minute)
	c := newCaller(t, f)
	f.Advance(9 * time.Minute)
	assert.Equal(t, 200, c.get("/v1.0/deviceManagement").status)
	f.Advance(time.Minute)
	assert.Equal(t, 401, c.get("/v1.0/deviceManagement").status)
}

func TestExportTimes(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	f.SetExportDelay(0)
	f.SetLinkLife(time.Minute)
	job := c.post(jobsPath, `{"reportName":"AppInvAggregate","select":["ApplicationName","DeviceCount"]}`).object(t)
	require.Equal(t, "completed", job["status"])
	_, content := c.download(job["url"].(string))
	assert.True(t, strings.HasPrefix(string(content), "\ufeff\"ApplicationName\",\"DeviceCount\"\r\n"))
	assert.Equal(t, len(c.get("/v1.0/deviceManagement/detectedApps?$top=1000").values(t))+1, strings.Count(string(content), "\r\n"))
	f.Advance(time.Minute)
	assert.Equal(t, 403, c.do(request(t, "GET", job["url"].(string), "")).status)
}

func TestExportOfOneDeviceAndOneApp(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	f.SetExportDelay(0)
	mac := first(t, f, intunetest.Mac)
	apps := c.get("/beta/deviceManagement/managedDevices/" + mac + "/detectedApps").values(t)
	job := c.export(`{"reportName":"AppInvByDevice","select":["ApplicationKey"],"filter":"(DeviceId eq '` + mac + `')"}`)
	_, content := c.download(job["url"].(string))
	assert.Equal(t, len(apps)+1, strings.Count(string(content), "\r\n"))
	job = c.export(`{"reportName":"DevicesByAppInv","select":["DeviceId"],"filter":"(ApplicationKey eq '` + apps[0]["id"].(string) + `')"}`)
	_, content = c.download(job["url"].(string))
	assert.Contains(t, string(content), mac)
	assert.Nil(t, f.Violations())
}

func TestCategoriesOneByOne(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	cat := c.get("/beta/deviceManagement/deviceCategories?$top=1").values(t)[0]
	assert.Len(t, cat, 4)
	one := c.get("/v1.0/deviceManagement/deviceCategories/" + cat["id"].(string)).object(t)
	assert.Equal(t, cat["displayName"], one["displayName"])
	path := "/v1.0/deviceManagement/managedDevices/" + f.IDs()[1] + "/deviceCategory"
	require.Equal(t, 200, c.get(path).status)
	assert.Nil(t, f.Violations())
	assert.Equal(t, 204, c.send("DELETE", path+"/$ref", "").status)
	assert.Equal(t, 404, c.get(path).status)
	assert.Len(t, f.Violations(), 1)
}

func TestNoCorporateIdentifiersWereImported(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	assert.Empty(t, c.get("/beta/deviceManagement/importedDeviceIdentities").values(t))
	assert.Equal(t, 400, c.get("/v1.0/deviceManagement/importedDeviceIdentities").status)
}

func TestTokenFormsThatAreMalformed(t *testing.T) {
	f := intunetest.New(nil)
	c := &caller{t: t, f: f}
	address := loginRoot + "/" + f.TenantID + "/oauth2/v2.0/token"
	for name, one := range map[string]struct {
		kind, body string
		number     float64
	}{
		"json":             {"application/json", `{"grant_type":"client_credentials"}`, 9002313},
		"bad escape":       {"application/x-www-form-urlencoded", "grant_type=%zz", 9002313},
		"no grant":         {"application/x-www-form-urlencoded", "client_id=a", 900144},
		"no client":        {"application/x-www-form-urlencoded", "grant_type=client_credentials", 900144},
		"no credential":    {"application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=" + f.ClientID, 7000218},
		"no scope":         {"application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=" + f.ClientID + "&client_secret=" + url.QueryEscape(f.ClientSecret), 900144},
		"both":             {"application/x-www-form-urlencoded", "grant_type=client_credentials&client_assertion=a&client_secret=b&client_id=" + f.ClientID, 9002313},
		"no jwt":           {"application/x-www-form-urlencoded", "grant_type=client_credentials&client_assertion=a.b.c&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_id=" + f.ClientID, 50027},
		"no type":          {"application/x-www-form-urlencoded", "grant_type=client_credentials&client_assertion=a.b.c&client_id=" + f.ClientID, 50027},
		"unescaped secret": {"application/x-www-form-urlencoded", "grant_type=client_credentials&client_id=" + f.ClientID + "&client_secret=" + f.ClientSecret, 7000215},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "unescaped secret" { // its percent sign still has to be one of a form
				one.body = strings.Replace(one.body, "%21", "!", 1)
			}
			f.Forget()
			r := request(t, "POST", address, one.body)
			r.Header.Set("Content-Type", one.kind)
			assert.Equal(t, []any{one.number}, c.do(r).object(t)["error_codes"])
			assert.NotNil(t, f.Violations())
		})
	}
}

func TestLoginServiceHasNothingElse(t *testing.T) {
	f := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
	c := &caller{t: t, f: f}
	assert.Equal(t, 404, c.do(request(t, "GET", loginRoot+"/"+f.TenantID+"/oauth2/v2.0/authorize", "")).status)
	assert.Len(t, f.Violations(), 1)
}

func TestReferencesStayInTheirCloudAndVersion(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	category := c.get("/v1.0/deviceManagement/deviceCategories").values(t)[0]["id"].(string)
	user := c.get("/v1.0/users?$top=1&$select=id").values(t)[0]["id"].(string)
	const path = "/deviceManagement/managedDevices/"
	pc := first(t, f, intunetest.Windows)
	for address, status := range map[string]int{
		"https://graph.microsoft.com/v1.0": 204, "https://graph.microsoft.com/beta": 400, "https://graph.microsoft.us/v1.0": 400,
		"https://graph.microsoft.com": 400, "ftp://evil.example/x": 400, "": 400,
	} {
		body := `{"@odata.id":"` + address + `/deviceManagement/deviceCategories/` + category + `"}`
		assert.Equal(t, status, c.send("PUT", "/v1.0"+path+pc+"/deviceCategory/$ref", body).status, address)
		if address != "https://graph.microsoft.com/beta" {
			body = `{"@odata.id":"` + address + `/users/` + user + `"}`
			assert.Equal(t, 400, c.post("/beta"+path+pc+"/users/$ref", body).status, address)
		}
	}
}
