package intunetest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/intune/intunetest"
)

type inner struct {
	ID      string
	Status  int
	Headers map[string]string
	Body    map[string]any
}

func (c *caller) batch(items ...string) []inner {
	c.t.Helper()
	res := c.post("/beta/$batch", `{"requests":[`+strings.Join(items, ",")+`]}`)
	require.Equal(c.t, 200, res.status, res.body)
	var v struct{ Responses []inner }
	require.NoError(c.t, json.Unmarshal([]byte(res.body), &v))
	return v.Responses
}

func (c *caller) details(n int) []string {
	var items []string
	for i := range n {
		items = append(items, fmt.Sprintf(`{"id":"%d","method":"GET","url":"/deviceManagement/managedDevices/%s?$select=id,hardwareInformation"}`, i+1, c.f.IDs()[i]))
	}
	return items
}

func TestBatchAnswersInAnyOrder(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	answers := c.batch(c.details(20)...)
	require.Len(t, answers, 20)
	inOrder := true
	for i, a := range answers {
		inOrder = inOrder && a.ID == fmt.Sprint(i+1)
		assert.Equal(t, 200, a.Status)
		var n int
		fmt.Sscan(a.ID, &n)
		assert.Equal(t, f.IDs()[n-1], a.Body["id"])
	}
	assert.False(t, inOrder)
	assert.Nil(t, f.Violations())
}

func TestBatchStatusesAreOfEachItem(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	f.FailInner(1, 429)
	got := map[string]inner{}
	for _, a := range c.batch(
		c.details(1)[0],
		`{"id":"b","method":"GET","url":"/deviceManagement/managedDevices/11111111-2222-4333-8444-555555555555"}`,
		`{"id":"c","method":"POST","url":"/deviceManagement/managedDevices/`+first(t, f, intunetest.Mac)+`/wipe","headers":{"Content-Type":"application/json"},"body":{"keepUserData":false}}`,
		`{"id":"d","method":"GET","url":"/organization","dependsOn":["b"]}`,
	) {
		got[a.ID] = a
	}
	assert.Equal(t, 429, got["1"].Status)
	assert.Equal(t, "17", got["1"].Headers["Retry-After"])
	assert.Equal(t, "TooManyRequests", got["1"].Body["error"].(map[string]any)["code"])
	assert.Equal(t, 404, got["b"].Status)
	assert.Equal(t, 204, got["c"].Status)
	assert.Equal(t, 424, got["d"].Status)
	assert.Nil(t, f.Violations())
}

func TestBatchRefusals(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	assert.Equal(t, 400, c.post("/beta/$batch", `{"requests":[`+strings.Join(c.details(21), ",")+`]}`).status)
	assert.Equal(t, 400, c.post("/beta/$batch", `{"requests":[`+c.details(1)[0]+`,`+c.details(1)[0]+`]}`).status)
	assert.Equal(t, 400, c.post("/beta/$batch", `{"requests":[]}`).status)
	assert.Equal(t, 400, c.post("/beta/$batch", `[]`).status)
	assert.Len(t, f.Violations(), 4)
	assert.Equal(t, 400, c.batch(`{"id":"1","method":"GET","url":"/beta/deviceManagement"}`)[0].Status)
	assert.Equal(t, 400, c.batch(`{"id":"1","method":"POST","url":"/deviceManagement/managedDevices/x/wipe","body":{}}`)[0].Status, "no Content-Type")
	f.SetWire(intunetest.Wire{BatchLoses: true})
	assert.Len(t, c.batch(c.details(3)...), 2)
}

func TestBulkActionsHaveATableOfTheirOwn(t *testing.T) {
	f := intunetest.New(nil)
	c := newCaller(t, f)
	fully, pc := first(t, f, intunetest.AndroidFully), first(t, f, intunetest.Windows)
	bulk := func(name, id string) got {
		return c.post("/beta/deviceManagement/managedDevices/executeAction", `{"actionName":"`+name+`","deviceIds":["`+id+`"]}`)
	}
	assert.Equal(t, []any{fully}, bulk("delete", fully).object(t)["successfulDeviceIds"])
	assert.Equal(t, "wipe", c.results(fully)[0]["actionName"])
	assert.Equal(t, []any{pc}, bulk("quickScan", pc).object(t)["successfulDeviceIds"])
	assert.Equal(t, []any{pc}, bulk("reenable", pc).object(t)["notSupportedDeviceIds"])
	assert.Nil(t, f.Violations())
	assert.Equal(t, 400, bulk("remoteLock", fully).status)
	assert.Equal(t, 400, bulk("cleanWindowsDevice", pc).status)
}
