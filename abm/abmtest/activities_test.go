package abmtest_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/abmtest"
)

// activity is the body of a new activity.
func activity(kind, server, metadata string, ids ...string) string {
	var b strings.Builder
	b.WriteString(`{"data":{"type":"orgDeviceActivities","attributes":{"activityType":"` + kind + `"` + metadata + `},"relationships":{`)
	if server != "" {
		b.WriteString(`"mdmServer":{"data":{"type":"mdmServers","id":"` + server + `"}},`)
	}
	b.WriteString(`"devices":{"data":[`)
	for i, id := range ids {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString(`{"type":"orgDevices","id":"` + id + `"}`)
	}
	return b.String() + `]}}}}`
}

func assign(server string, ids ...string) string {
	return activity("ASSIGN_DEVICES", server, "", ids...)
}

func deadline(at time.Time) string {
	return `,"activityTypeMetadata":{"mdmMigrationDeadlineDateTime":"` + at.Format(time.RFC3339) + `"}`
}

// start posts an activity.
func (c *caller) start(body string) resource {
	c.t.Helper()
	g := c.send("POST", movements, body)
	require.Equal(c.t, 201, g.status, g.body)
	return decode[struct{ Data resource }](c.t, g).Data
}

// log fetches the log of an activity.
func (c *caller) log(a resource, edit func(*http.Request)) got {
	r := c.request("GET", a.Attributes["downloadUrl"].(string), "")
	r.Header = http.Header{}
	if edit != nil {
		edit(r)
	}
	return c.do(r)
}

func TestAssign(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	spare := f.ServerID(abmtest.SpareServer)
	a := c.start(assign(spare, padSerial, tvSerial))
	assert.Equal(t, "IN_PROGRESS", a.Attributes["status"])
	assert.Equal(t, "SUBMITTED", a.Attributes["subStatus"])
	assert.NotContains(t, a.Attributes, "downloadUrl")
	path := movements + "/" + a.ID
	assert.Equal(t, "PROCESSING", c.one(path).Attributes["subStatus"])
	assert.NotEqual(t, spare, f.ServerOf(padSerial))
	a = c.one(path)
	assert.Equal(t, []any{"COMPLETED", "COMPLETED_WITH_SUCCESS"}, []any{a.Attributes["status"], a.Attributes["subStatus"]})
	assert.Equal(t, spare, f.ServerOf(padSerial))
	assert.Equal(t, []string{padSerial, tvSerial}, c.page(servers+"/"+spare+"/relationships/devices").ids())

	a = c.start(assign(spare, padSerial))
	require.Equal(t, 1, f.Settle())
	a = c.one(movements + "/" + a.ID)
	assert.Equal(t, "COMPLETED_WITH_ERROR", a.Attributes["subStatus"], "it has this server already")
	a = c.start(activity("UNASSIGN_DEVICES", spare, "", padSerial, macSerial))
	f.Settle()
	assert.Equal(t, "COMPLETED_WITH_ERROR", c.one(movements + "/" + a.ID).Attributes["subStatus"])
	assert.Empty(t, f.ServerOf(padSerial))
	assert.NotEmpty(t, f.ServerOf(macSerial), "that is not its server")
	f.Advance(30 * 24 * time.Hour)
	c.login(f.ClientID)
	assert.Equal(t, 404, c.get(movements+"/"+a.ID).status, "forgotten after thirty days")
	assert.Empty(t, f.Violations())
}

func TestAssignedServerForms(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	link, related := devices+"/"+stockSerial+"/relationships/assignedServer", devices+"/"+stockSerial+"/assignedServer"
	for wire, want := range map[abmtest.None]string{abmtest.NoneNull: `"data":null`, abmtest.NoneEmpty: `"id":""`} {
		f.SetWire(abmtest.Wire{Server: wire})
		assert.Contains(t, c.get(link).body, want)
		assert.Contains(t, c.get(related).body, want)
	}
	f.SetWire(abmtest.Wire{})
	assert.Equal(t, "NOT_FOUND", c.get(link).code(t))
	assert.Equal(t, abmtest.MainServer, c.one(devices + "/" + padSerial + "/assignedServer").Attributes["serverName"])
	assert.Empty(t, f.Violations())
}

func TestLag(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	f.SetPolls(1)
	f.SetLag(15 * time.Second)
	spare := f.ServerID(abmtest.SpareServer)
	a := c.start(assign(spare, padSerial))
	assert.Equal(t, "COMPLETED", c.one(movements + "/" + a.ID).Attributes["status"])
	assert.NotEqual(t, spare, f.ServerOf(padSerial), "it follows later")
	f.Advance(15 * time.Second)
	assert.Equal(t, spare, f.ServerOf(padSerial))
}

func TestLogOfActivity(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	f.SetPolls(1)
	a := c.start(assign(f.ServerID(abmtest.SpareServer), padSerial, "UNKNOWN", goneSerial))
	a = c.one(movements + "/" + a.ID)
	assert.Contains(t, a.Attributes["downloadUrl"], "https://storage.example-cdn.net/")
	rows, err := csv.NewReader(strings.NewReader(c.log(a, nil).body)).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, [][]string{
		{"DEVICE_ID", "SERIAL_NO", "STATUS", "ERROR"}, {padSerial, padSerial, "SUCCESS", ""},
		{"UNKNOWN", "UNKNOWN", "FAILED", "NOT_FOUND"}, {goneSerial, goneSerial, "FAILED", "DEVICE_RELEASED"},
	}, rows)
	assert.Equal(t, 403, c.log(a, func(r *http.Request) { r.URL.RawQuery = "sig=x&exp=9999999999" }).status)
	assert.Empty(t, f.Violations())
	assert.Equal(t, 400, c.log(a, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+c.token) }).status)
	assert.Contains(t, f.Violations()[0], "the bearer token went to the storage")
	f.Advance(2 * time.Hour)
	assert.Equal(t, 403, c.log(a, nil).status, "the address has expired")
}

func TestMigrationAndRelease(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	f.SetPolls(1)
	spare := f.ServerID(abmtest.SpareServer)
	state := func() any { return c.one(devices + "/" + padSerial).Attributes["mdmMigrationStatus"] }
	end := func(body string) any {
		return c.one(movements + "/" + c.start(body).ID).Attributes["subStatus"]
	}
	far := c.send("POST", movements, activity("ASSIGN_DEVICES_WITH_MDM_MIGRATION_DEADLINE", spare, deadline(f.Now().AddDate(0, 0, 91)), padSerial))
	assert.Equal(t, 409, far.status)
	assert.Equal(t, "COMPLETED_WITH_SUCCESS", end(activity("ASSIGN_DEVICES_WITH_MDM_MIGRATION_DEADLINE", spare, deadline(f.Now().AddDate(0, 0, 30)), padSerial)))
	assert.Equal(t, "REQUESTED", state())
	assert.Equal(t, "COMPLETED_WITH_SUCCESS", end(activity("UPDATE_MDM_MIGRATION_DEADLINE", "", deadline(f.Now().AddDate(0, 0, 40)), padSerial)))
	assert.Equal(t, "COMPLETED_WITH_SUCCESS", end(activity("CANCEL_MDM_MIGRATION", "", "", padSerial)))
	assert.Nil(t, state())
	assert.Equal(t, "COMPLETED_WITH_ERROR", end(activity("CANCEL_MDM_MIGRATION", "", "", padSerial)))

	f.SetRights(f.ClientID, abmtest.AssignDevices, abmtest.ReadActivities)
	assert.Equal(t, 403, c.send("POST", movements, activity("RELEASE_DEVICES", "", "", padSerial)).status)
	f.SetRights(f.ClientID, abmtest.Rights()...)
	assert.Equal(t, "COMPLETED_WITH_SUCCESS", end(activity("RELEASE_DEVICES", "", "", padSerial)))
	assert.Contains(t, f.Released(), padSerial)
	assert.Equal(t, "API", c.one(devices + "/" + padSerial).Attributes["releaserEntityType"])
	f.SetEnding("FAILED", "COMPLETED_WITH_FAILURE")
	assert.Equal(t, "COMPLETED_WITH_FAILURE", end(assign(spare, macSerial)))
	assert.Empty(t, f.Violations())
	assert.Equal(t, 404, c.send("POST", movements, assign("UNKNOWN", macSerial)).status)
}

func TestActivitiesThatAreRefused(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	main := f.ServerID(abmtest.MainServer)
	for body, want := range map[string]string{
		activity("ASSIGN", main, "", padSerial):                        "no such activity",
		activity("ASSIGN_DEVICES", "", "", padSerial):                  "the server is missing",
		activity("RELEASE_DEVICES", main, "", padSerial):               "has no server",
		activity("ASSIGN_DEVICES", main, deadline(f.Now()), padSerial): "has no deadline",
		activity("UPDATE_MDM_MIGRATION_DEADLINE", "", "", padSerial):   "deadline is missing",
		assign(main): "there are no devices",
		strings.Replace(assign(main, padSerial), `"type":"mdmServers"`, `"type":"server"`, 1): "no mdmServers linkage",
		strings.Replace(assign(main, padSerial), `"orgDevices"`, `"devices"`, 1):              "no orgDevices linkage",
	} {
		f.Forget()
		g := c.send("POST", movements, body)
		assert.Equal(t, 422, g.status, body)
		assert.Contains(t, strings.Join(f.Violations(), "\n"), want, body)
	}
	f.Forget()
	c.start(assign(main, padSerial, padSerial))
	assert.Contains(t, f.Violations()[0], "comes twice")
}
