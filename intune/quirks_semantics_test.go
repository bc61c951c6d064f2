package intune_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func byReport(cfg *intune.Config) { cfg.Report = true }

// zipped makes an export file; names and texts alternate.
func zipped(tb testing.TB, files ...string) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		require.NoError(tb, err)
		_, err = f.Write([]byte(files[i+1]))
		require.NoError(tb, err)
	}
	require.NoError(tb, w.Close())
	return b.Bytes()
}

// TestReport lists the same devices through a report, with more of each.
func TestReport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, fake := fakeTenant(t)
		reports := clientOf(t, fake, byReport)
		want := map[string]mdm.Record{}
		for _, r := range clienttest.List(t, c.Source(), mdm.Query{}).Records {
			r.Flags.LostMode = mdm.Unknown // which no report has
			want[r.ID] = r
		}
		l := clienttest.List(t, reports.Source(), mdm.Query{})
		assert.Len(t, l.Records, len(want))
		assert.True(t, l.End.Complete, l.End.Why)
		more := 0
		for _, r := range l.Records {
			w := want[r.ID]
			if w.MAC() != "" { // the report has Ethernet too
				assert.Equal(t, w.MAC(), r.MAC())
			}
			assert.Equal(t, [...]string{w.Serial, w.Name, w.OS.Version, w.User.Login, w.DirectoryID, w.Link}, [...]string{r.Serial, r.Name, r.OS.Version, r.User.Login, r.DirectoryID, r.Link})
			assert.Equal(t, [...]any{w.Class, w.Platform, w.Ownership, w.Flags, w.Status}, [...]any{r.Class, r.Platform, r.Ownership, r.Flags, r.Status})
			if r.EID != "" || len(r.Interfaces) > len(w.Interfaces) {
				more++
			}
		}
		assert.Positive(t, more)
	})
}

// TestQuirk67DownloadWithoutToken asks another host for the file, and gives it
// no credentials.
func TestQuirk67DownloadWithoutToken(t *testing.T) {
	t.Parallel()
	const store = "amsub0102repexpstorage.blob.core.windows.net"
	tn := &tenant{script: scripted{
		"POST /v1.0/deviceManagement/reports/exportJobs": {status: 201, body: `{"id":"DevicesWithInventory_1","status":"completed","url":"https://` + store + `/x.zip?sig=geheim%2B"}`},
		"GET " + store + "/x.zip":                        {body: string(zipped(t, "x.csv", "\"Device ID\"\r\n\"A\"\r\n")), header: http.Header{"Content-Type": {"application/zip"}}},
	}}
	l := clienttest.List(t, tn.client(t, byReport).Source(), mdm.Query{})
	assert.Len(t, l.Records, 1)
	asked := tn.requests(http.MethodGet, "/x.zip")
	require.Len(t, asked, 1)
	assert.Empty(t, asked[0].Header.Get("Authorization"))
	assert.Equal(t, "sig=geheim%2B", asked[0].URL.RawQuery)
}

// TestQuirk68StuckJob asks for a new report when one hangs or fails, but not
// without end.
func TestQuirk68StuckJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, fake := fakeTenant(t, byReport)
		fake.StickExports(1)
		assert.NotEmpty(t, clienttest.List(t, c.Source(), mdm.Query{}).Records)
		fake.FailExports(1)
		assert.NotEmpty(t, clienttest.List(t, c.Source(), mdm.Query{}).Records)
		fake.FailExports(9)
		var last error
		for _, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
			last = err
		}
		require.ErrorIs(t, last, mdm.ErrUnavailable)
		assert.NotContains(t, last.Error(), "sig")
	})
}

// planted lists through a report whose file is given.
func planted(t *testing.T, file []byte) (records []mdm.Record, last error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c, fake := fakeTenant(t, byReport)
		fake.PlantExport("DevicesWithInventory", file)
		for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
			last = err
			for _, d := range page.Devices {
				records = append(records, d.Record())
			}
		}
	})
	return records, last
}

// TestQuirk69TableForms reads a byte order mark, CRLF and quoted commas.
func TestQuirk69TableForms(t *testing.T) {
	t.Parallel()
	records, err := planted(t, zipped(t, "a.csv", "\ufeff\"Device ID\",\"Device name\"\r\n\"AA\",\"Room 7, \"\"left\"\"\"\r\n"))
	require.NoError(t, err)
	require.Len(t, records, 1)
	assert.Equal(t, "aa", records[0].ID)
	assert.Equal(t, `Room 7, "left"`, records[0].Name)
}

// TestQuirk70Headings finds columns by old and new headings, in any order.
func TestQuirk70Headings(t *testing.T) {
	t.Parallel()
	for _, heading := range []string{"Microsoft Entra Device ID", "Azure AD Device ID", "ReferenceId", "AZURE AD DEVICE ID"} {
		records, err := planted(t, zipped(t, "a.csv", heading+",device id,More\nD-1,AA,x\n"))
		require.NoError(t, err)
		require.Len(t, records, 1)
		assert.Equal(t, "d-1", records[0].DirectoryID, heading)
	}
}

// TestQuirk71Archives refuses what is no archive with one table in it.
func TestQuirk71Archives(t *testing.T) {
	t.Parallel()
	good := zipped(t, "a.csv", "Device ID\nA\n")
	for name, file := range map[string][]byte{
		"two files": zipped(t, "a.csv", "Device ID\nA\n", "b.csv", "x"), "climbs": zipped(t, "../a.csv", "x"), "another": zipped(t, "a.exe", "x"),
		"broken off": good[:len(good)/2], "no archive": []byte("no archive, though it is long enough for one"), "nothing": zipped(t),
		"endless row": zipped(t, "a.csv", "Device ID\n\""+strings.Repeat("x", 4<<20)),
	} {
		_, err := planted(t, file)
		require.Error(t, err, name)
		assert.NotEmpty(t, mdm.Code(err), name)
	}
}

// TestQuirk72ExpiredLink makes a new report when the link to one has expired.
func TestQuirk72ExpiredLink(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, fake := fakeTenant(t, byReport)
		fake.SetLinkLife(-time.Second)
		n := 0
		fake.Before(func(r *http.Request) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/exportJobs") {
				if n++; n == 2 {
					fake.SetLinkLife(time.Hour)
				}
			}
		})
		assert.NotEmpty(t, clienttest.List(t, c.Source(), mdm.Query{}).Records)
		assert.Equal(t, 2, n)
	})
}

// TestSoftware lists the fleet's applications through a report, and those of
// some devices one by one; both tell the same. Versions may be missing and
// names repeat.
//
//mdm:feature 4.37
func TestSoftware(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, fake := fakeTenant(t)
		fleetwide := map[mdm.Install]bool{}
		for i, err := range c.Source().Software(t.Context(), nil) {
			require.NoError(t, err)
			fleetwide[i] = true
		}
		require.NotEmpty(t, fleetwide)
		some := map[mdm.Install]bool{}
		for i, err := range c.Source().Software(t.Context(), fake.IDs()) {
			require.NoError(t, err)
			some[i] = true
		}
		assert.Equal(t, fleetwide, some)
	})
}

// TestQuirk45NoVersion keeps an application without a version, once.
func TestQuirk45NoVersion(t *testing.T) {
	t.Parallel()
	c, _ := scripted{"GET /beta" + devices + "/" + deviceID + "/detectedApps": {body: `{"value":[{"id":"1","displayName":"helper","version":null},{"id":"2","displayName":"helper","version":"2"},{"id":"3","displayName":"helper","version":null}]}`}}.client(t)
	var got []string
	for i, err := range c.Source().Software(t.Context(), []string{deviceID}) {
		require.NoError(t, err)
		got = append(got, i.Name+"/"+i.Version)
	}
	assert.Equal(t, []string{"helper/", "helper/2"}, got)
}

// TestQuirk52NoDelete has no way to send a DELETE.
func TestQuirk52NoDelete(t *testing.T) {
	t.Parallel()
	assert.NotContains(t, sourceText(t), "MethodDelete")
	assert.NotContains(t, sourceText(t), `"DELETE"`)
}

// TestQuirk57NoSecrets prints none of what unlocks a device.
func TestQuirk57NoSecrets(t *testing.T) {
	t.Parallel()
	c, _ := scripted{"GET /beta" + devices + "/" + deviceID: {body: `{"id":"` + deviceID + `","activationLockBypassCode":"bypass-1","deviceActionResults":[{"actionName":"remoteLock","unlockPin":"482913"},{"actionName":"resetPasscode","passcode":"pass-1"}]}`}}.
		client(t, func(cfg *intune.Config) { cfg.KeepRaw = true })
	d, err := c.Device(t.Context(), deviceID)
	require.NoError(t, err)
	for _, text := range []string{fmt.Sprintf("%v %+v %#v", d.Actions, d.Actions, d.Actions), string(d.Raw()), fmt.Sprintf("%+v", d.Record())} {
		for _, secret := range []string{"482913", "pass-1", "bypass-1"} {
			assert.NotContains(t, text, secret)
		}
	}
}

// TestQuirk74ForeignAgents leaves out what something else manages, unless the
// host wants it.
func TestQuirk74ForeignAgents(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	for i, agent := range []string{"jamf", "eas", "msSense", "configurationManagerClient"} {
		fake.SetAgent(fake.IDs()[i], agent)
	}
	l := clienttest.List(t, c.Source(), mdm.Query{})
	assert.Len(t, l.Records, len(fake.IDs())-4)
	assert.True(t, l.End.Complete)
	all := clientOf(t, fake, func(cfg *intune.Config) { cfg.AllAgents = true })
	assert.Len(t, clienttest.List(t, all.Source(), mdm.Query{}).Records, len(fake.IDs()))
	assert.NotEqual(t, c.Info(), all.Info())
}

// TestHealth reports Apple's tokens and the push certificate with their ends.
func TestHealth(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	fake.SetEnrolmentToken(time.Now().Add(7*24*time.Hour), 0)
	fake.SetPushExpiry(time.Now().Add(-time.Hour))
	states := map[mdm.HealthState]int{}
	all, err := c.Source().Health(t.Context())
	require.NoError(t, err)
	for _, h := range all {
		states[h.State]++
	}
	assert.Equal(t, map[mdm.HealthState]int{mdm.HealthOK: 1, mdm.HealthWarn: 1, mdm.HealthBroken: 1}, states)
	fake.SetRights(fake.ClientID, "DeviceManagementManagedDevices.Read.All")
	fake.DropTokens()
	all, err = c.Source().Health(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, all)
}

// TestOthers reads categories, users, Autopilot and Apple's devices.
func TestOthers(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	assert.NotEmpty(t, clienttest.Collect(t, c.Categories(t.Context())))
	assert.NotEmpty(t, clienttest.Collect(t, c.AutopilotDevices(t.Context())))
	assert.NotEmpty(t, clienttest.Collect(t, c.Apps(t.Context())))
	tokens := clienttest.Collect(t, c.AppleTokens(t.Context()))
	require.NotEmpty(t, tokens)
	assert.False(t, tokens[0].Expires.IsZero())
	assert.NotEmpty(t, clienttest.Collect(t, c.AppleDevices(t.Context(), tokens[0].ID)))
	for _, r := range clienttest.List(t, c.Source(), mdm.Query{}).Records {
		if r.User.Login != "" {
			u, err := c.User(t.Context(), r.User.Login)
			require.NoError(t, err)
			assert.Equal(t, r.User.Name, u.Name)
			p, err := c.PrimaryUser(t.Context(), r.ID)
			require.NoError(t, err)
			assert.Equal(t, u.ID, p.ID)
			break
		}
	}
}
