package intunetest_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/intune/intunetest"
)

const jobsPath = "/v1.0/deviceManagement/reports/exportJobs"

// export runs a job to its end and returns it.
func (c *caller) export(body string) map[string]any {
	c.t.Helper()
	res := c.post(jobsPath, body)
	require.Equal(c.t, 201, res.status, res.body)
	c.f.Advance(time.Minute)
	return c.get(jobsPath + "('" + res.object(c.t)["id"].(string) + "')").object(c.t)
}

// download fetches a file without a token and opens the one file in it.
func (c *caller) download(link string) (name string, content []byte) {
	c.t.Helper()
	res := c.do(request(c.t, "GET", link, ""))
	require.Equal(c.t, 200, res.status, res.body)
	z, err := zip.NewReader(bytes.NewReader([]byte(res.body)), int64(len(res.body)))
	require.NoError(c.t, err)
	require.Len(c.t, z.File, 1)
	in, err := z.File[0].Open()
	require.NoError(c.t, err)
	b, err := io.ReadAll(in)
	require.NoError(c.t, err)
	return z.File[0].Name, b
}

func TestExportJob(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	res := c.post(jobsPath, `{"reportName":"DevicesWithInventory","filter":"","select":["DeviceId","SerialNumber","ICCID","EthernetMAC","WiFiIPv4Address"],"format":"csv","localizationType":"LocalizedValuesAsAdditionalColumn"}`)
	require.Equal(t, 201, res.status, res.body)
	job := res.object(t)
	id := job["id"].(string)
	assert.Regexp(t, `^DevicesWithInventory_[0-9a-f-]{36}$`, id)
	assert.Equal(t, "https://graph.microsoft.com/v1.0/$metadata#deviceManagement/reports/exportJobs/$entity", job["@odata.context"])
	assert.Equal(t, "notStarted", job["status"])
	assert.Nil(t, job["url"])
	assert.Equal(t, "0001-01-01T00:00:00Z", job["expirationDateTime"])
	assert.Equal(t, "localizedValuesAsAdditionalColumn", job["localizationType"])

	f.Advance(6 * time.Second)
	assert.Equal(t, "inProgress", c.get(jobsPath + "/" + id).object(t)["status"])
	f.Advance(6 * time.Second)
	job = c.get(jobsPath + "('" + id + "')").object(t)
	assert.Equal(t, "completed", job["status"])
	link := job["url"].(string)
	assert.Regexp(t, `^https://amsub0102repexpstorage\.blob\.core\.windows\.net/[0-9a-f-]{36}/`+id+`\.zip\?sv=\S+&se=\S+&sr=b&sp=r&sig=\S+$`, link)

	name, content := c.download(link)
	assert.Equal(t, id+".csv", name)
	head, rest, _ := strings.Cut(string(content), "\r\n")
	assert.Equal(t, "\ufeff\"Device ID\",\"Serial number\",\"ICCID\",\"EthernetMAC\",\"WiFiIPv4Address\"", head)
	rows, err := csv.NewReader(strings.NewReader(rest)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, len(f.IDs()))
	seen := map[string]bool{}
	ethernet := 0
	for _, r := range rows {
		seen[r[0]] = true
		if r[3] != "" {
			ethernet++
		}
	}
	assert.Len(t, seen, len(f.IDs()))
	assert.Positive(t, ethernet)
	assert.Nil(t, f.Violations())
}

func TestExportAsJSON(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	job := c.export(`{"reportName":"AppInvRawData","select":["ApplicationKey","ApplicationName","ApplicationVersion","DeviceId"],"format":"json"}`)
	_, content := c.download(job["url"].(string))
	var v struct{ Values []map[string]any }
	require.NoError(t, json.Unmarshal(content, &v))
	require.NotEmpty(t, v.Values)
	assert.Len(t, v.Values[0], 4)
	assert.Contains(t, f.IDs(), v.Values[0]["DeviceId"])
}

func TestExportFilter(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	job := c.export(`{"reportName":"DevicesWithInventory","select":["DeviceName","OS"],"filter":"(DeviceType eq 'Windows')"}`)
	_, content := c.download(job["url"].(string))
	assert.Equal(t, 41, strings.Count(string(content), "\r\n"))
	f.SetWire(intunetest.Wire{OldHeadings: true})
	job = c.export(`{"reportName":"DevicesWithInventory","select":["ReferenceId"]}`)
	_, content = c.download(job["url"].(string))
	assert.True(t, strings.HasPrefix(string(content), "\ufeff\"Azure AD Device ID\"\r\n"))
	assert.Nil(t, f.Violations())
}

func TestExportRefusals(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	for i, body := range []string{
		`{"reportName":"Gadgets"}`,
		`{"reportName":"Devices","select":["ShoeSize"]}`,
		`{"reportName":"Devices","format":"pdf"}`,
		`{"reportName":"DevicesWithInventory","filter":"(OS eq 'Windows')"}`,
		`{"reportName":"DevicesWithInventory","filter":"(SerialNumber eq 'X')"}`,
		`{"reportName":"DevicesByAppInv"}`,
		`{"reportName":"Devices","search":"x"}`,
		`{"reportName":"Devices","filter":"` + strings.Repeat("x", 2001) + `"}`,
		`{"reportName":"Devices","select":[` + strings.Repeat(`"DeviceId",`, 256) + `"DeviceId"]}`,
		`{"reportName":"Devices","localizationType":"none"}`,
		`{"reportName":7}`,
	} {
		assert.Equal(t, 400, c.post(jobsPath, body).status, body)
		assert.Len(t, f.Violations(), i+1)
	}
	assert.Equal(t, 404, c.get(jobsPath+"/Devices_11111111-2222-4333-8444-555555555555").status)
	assert.Equal(t, 400, c.get(jobsPath).status)
}

func TestExportTrouble(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	f.StickExports(1)
	f.FailExports(1)
	assert.Equal(t, "inProgress", c.export(`{"reportName":"Devices"}`)["status"])
	assert.Equal(t, "failed", c.export(`{"reportName":"Devices"}`)["status"])
	assert.Equal(t, "completed", c.export(`{"reportName":"Devices"}`)["status"])
	f.PlantExport("Devices", []byte("no archive"))
	job := c.export(`{"reportName":"Devices"}`)
	assert.Equal(t, "no archive", c.do(request(t, "GET", job["url"].(string), "")).body)
	f.Advance(6 * time.Hour)
	assert.Equal(t, 403, c.do(request(t, "GET", job["url"].(string), "")).status, "the link has expired")
	assert.Nil(t, f.Violations())
}

func TestStoreWantsNoToken(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	link := c.export(`{"reportName":"Devices"}`)["url"].(string)
	assert.Equal(t, 400, c.get(link).status)
	require.Len(t, f.Violations(), 1)
	assert.Contains(t, f.Violations()[0], "bearer token")
	assert.Equal(t, 403, c.do(request(t, "GET", link+"x", "")).status)
	assert.Equal(t, 404, c.do(request(t, "GET", "https://amsub0102repexpstorage.blob.core.windows.net/a/b.zip?sig=c", "")).status)
	assert.Len(t, f.Violations(), 3)
}

func TestReadersMayExportIfTheWireSaysSo(t *testing.T) {
	f := intunetest.New(nil)
	f.SetRights(f.ClientID, "DeviceManagementManagedDevices.Read.All")
	c := newCaller(t, f)
	assert.Equal(t, 403, c.post(jobsPath, `{"reportName":"Devices"}`).status)
	f.SetWire(intunetest.Wire{ReadMayExport: true})
	assert.Equal(t, 201, c.post(jobsPath, `{"reportName":"Devices"}`).status)
}
