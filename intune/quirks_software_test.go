package intune_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestQuirk24ExpandIsNeverSent asks each device for its applications, whatever
// a list says of them.
func TestQuirk24ExpandIsNeverSent(t *testing.T) {
	t.Parallel()
	id := strings.ToLower(ids(8)[7])
	c, tn := scripted{
		"GET /v1.0" + devices:                              pageOf("", deviceRow(7, `"detectedApps":[]`)),
		"GET /beta" + devices + "/" + id + "/detectedApps": {body: `{"value":[{"id":"1","displayName":"Numbers","version":"14.4"}]}`},
	}.client(t)
	l := clienttest.List(t, c.Source(), mdm.Query{})
	var got []mdm.Install
	for i, err := range c.Source().Software(t.Context(), l.IDs()) {
		require.NoError(t, err)
		got = append(got, i)
	}
	assert.Equal(t, []mdm.Install{{Device: id, Name: "Numbers", Version: "14.4"}}, got)
	for _, r := range tn.requests(http.MethodGet, "") {
		assert.False(t, r.URL.Query().Has("$expand"), r.URL.Path)
	}
	assert.NotContains(t, sourceText(t), "$expand")
}

// TestQuirk73UnknownDevices leaves out rows of the report whose device is not
// in the fleet: none, a filler, one that is gone, one that something else
// manages. Of given devices the report is not read.
func TestQuirk73UnknownDevices(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, fake := fakeTenant(t)
		known, gone, foreign := fake.IDs()[0], fake.IDs()[1], fake.IDs()[2]
		fake.Remove(gone)
		fake.SetAgent(foreign, "jamf")
		var table strings.Builder
		table.WriteString("DeviceId,ApplicationName,ApplicationVersion\r\n")
		for _, id := range []string{"", "00000000-0000-0000-0000-000000000000", "unknown", gone, foreign, strings.ToUpper(known), gone, known} {
			fmt.Fprintf(&table, "%s,Editor,%d\r\n", id, table.Len())
		}
		fake.PlantExport("AppInvRawData", zipped(t, "apps.csv", table.String()))
		versions := map[string]int{}
		for i, err := range c.Source().Software(t.Context(), nil) {
			require.NoError(t, err)
			versions[i.Device]++
		}
		assert.Equal(t, map[string]int{known: 2}, versions)
		for i, err := range c.Source().Software(t.Context(), []string{known}) {
			require.NoError(t, err)
			assert.Equal(t, known, i.Device)
			assert.NotEqual(t, "Editor", i.Name)
		}
		assert.Equal(t, 1, fake.Count(http.MethodPost, "/v1.0/deviceManagement/reports/exportJobs"))
	})
}

// TestQuirk73ListIsShort keeps the rows of all devices where the list of them
// may have passed some over.
func TestQuirk73ListIsShort(t *testing.T) {
	t.Parallel()
	for counted, want := range map[int]int{1: 1, 2: 2} {
		tn := &tenant{script: scripted{
			"GET /v1.0" + devices:                              pageOf("", deviceRow(1, "")),
			"GET /v1.0/deviceManagement/managedDeviceOverview": {body: fmt.Sprintf(`{"enrolledDeviceCount":%d}`, counted)},
			"POST /v1.0/deviceManagement/reports/exportJobs":   {status: 201, body: `{"id":"A_1","status":"completed","url":"https://store.example/x.zip"}`},
			"GET store.example/x.zip":                          {body: string(zipped(t, "x.csv", "DeviceId,ApplicationName\nunknown,Editor\n"+ids(3)[1]+",Editor\n"+ids(3)[2]+",Editor\n"))},
		}}
		n := 0
		for _, err := range tn.client(t).Source().Software(t.Context(), nil) {
			require.NoError(t, err)
			n++
		}
		assert.Equal(t, want, n)
	}
}
