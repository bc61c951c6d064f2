package intunetest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

const devicesPath = "/beta/deviceManagement/managedDevices"

func TestNextLinkIsACursorOverNameAndID(t *testing.T) {
	f := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
	c := newCaller(t, f)
	f.Rename(f.IDs()[0], "0 Lena’s iPad, O'Brien")
	res := c.get(devicesPath + "?$top=1&$select=id,deviceName")
	next := res.next(t)
	assert.Equal(t, "https://graph.microsoft.com/beta/deviceManagement/managedDevices?$top=1&$select=id,deviceName"+
		"&$skiptoken=LastDeviceName%3d%270%20Lena%e2%80%99s%20iPad%2c%20O%27%27Brien%27%2cLastDeviceId%3d%27"+f.IDs()[0]+"%27", next)
	assert.NotEqual(t, res.values(t), c.get(next).values(t))
	assert.Nil(t, f.Violations())
}

func TestChangedNextLinkIsAViolation(t *testing.T) {
	f := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
	c := newCaller(t, f)
	u, err := url.Parse(c.get(devicesPath + "?$top=1").next(t))
	require.NoError(t, err)
	u.RawQuery = u.Query().Encode()
	assert.Equal(t, 200, c.get(u.String()).status, "it can be read all the same")
	assert.Len(t, f.Violations(), 1)
	assert.Equal(t, 400, c.get(devicesPath+"?$skiptoken=junk").status)
}

func TestPagesRepeatDevicesAfterARename(t *testing.T) {
	f := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
	c := newCaller(t, f)
	page := c.get(devicesPath + "?$top=20&$select=id")
	moved := page.values(t)[0]["id"].(string)
	f.Rename(moved, "~ the last one")
	seen := 0
	for link := page.next(t); link != ""; link = page.next(t) {
		page = c.get(link)
		for _, d := range page.values(t) {
			if d["id"] == moved {
				seen++
			}
		}
	}
	assert.Equal(t, 1, seen, "it was on the first page already")
}

func TestPageSettings(t *testing.T) {
	f := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
	c := newCaller(t, f)
	f.SetPageSize(7)
	one := c.get(devicesPath + "?$select=id&$top=999")
	assert.Len(t, one.values(t), 7)

	f.SetOverlap(2)
	two := c.get(one.next(t))
	assert.Equal(t, one.values(t)[5:], two.values(t)[:2])

	f.SetOverlap(0)
	f.SetWire(intunetest.Wire{EmptyPages: true, ZeroCount: true})
	empty := c.get(two.next(t))
	assert.Empty(t, empty.values(t))
	three := c.get(empty.next(t))
	assert.Len(t, three.values(t), 7)
	assert.Equal(t, 0.0, three.object(t)["@odata.count"])
	assert.Nil(t, f.Violations())

	f.SetWire(intunetest.Wire{SameLink: true})
	res := c.get(three.next(t))
	assert.Equal(t, three.next(t), res.next(t))
	f.SetWire(intunetest.Wire{NextHost: "evil.example", NextPlain: true})
	assert.True(t, strings.HasPrefix(c.get(devicesPath).next(t), "http://evil.example/beta/"))
}

func TestTopAndSkip(t *testing.T) {
	f := intunetest.New(fleet.New(fleet.Options{Devices: 1100, Clean: true}))
	c := newCaller(t, f)
	assert.Len(t, c.get("/v1.0/deviceManagement/managedDevices?$select=id").values(t), 1000)
	assert.Nil(t, f.Violations())
	assert.Len(t, c.get("/v1.0/deviceManagement/managedDevices?$select=id&$top=5000").values(t), 1000)
	assert.Len(t, f.Violations(), 1)
	res := c.get("/v1.0/deviceManagement/managedDevices?$select=id&$skip=1000")
	assert.Empty(t, res.values(t))
	assert.NotEmpty(t, res.next(t), "an empty page with a next link")
	assert.Len(t, f.Violations(), 2)
	assert.Equal(t, 400, c.get("/v1.0/deviceManagement/managedDevices?$top=many").status)
}

func TestPlantedRecords(t *testing.T) {
	f := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
	c := newCaller(t, f)
	f.Plant(json.RawMessage(`{"id":7}`))
	f.PlantDetail("11111111-2222-4333-8444-555555555555", json.RawMessage(`{"id":"odd"}`))
	page := c.get(devicesPath + "?$top=3&$select=id")
	assert.Equal(t, 7.0, page.values(t)[0]["id"])
	assert.Len(t, page.values(t), 4)
	assert.Len(t, c.get(page.next(t)).values(t), 3)
	assert.Equal(t, "odd", c.get(devicesPath + "/11111111-2222-4333-8444-555555555555").object(t)["id"])
}

func TestBeforeHookSeesEachRequest(t *testing.T) {
	f := intunetest.New(fleet.New(fleet.Options{Devices: 40}))
	c := newCaller(t, f)
	ids := f.IDs()
	f.Before(func(*http.Request) { f.Remove(ids[0]) })
	assert.Len(t, c.get(devicesPath+"?$select=id").values(t), len(ids)-1)
}

func TestApprovalsArePaged(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	f.SetApproval(true)
	for _, id := range f.IDs()[:2] {
		c.header.Set("X-Msft-Approval-Justification", "bGVmdCBvbiB0aGUgYnVz")
		assert.Equal(t, 403, c.post("/v1.0/deviceManagement/managedDevices/"+id+"/syncDevice", "").status)
	}
	page := c.get("/beta/deviceManagement/operationApprovalRequests?$top=1")
	assert.Len(t, page.values(t), 1)
	assert.Len(t, c.get(page.next(t)).values(t), 1)
	assert.Nil(t, f.Violations())
	assert.Equal(t, 400, c.get("/beta/deviceManagement/operationApprovalRequests?$top=abc").status)
}
