package relutiontest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

// all asks for everything.
const all = `{"getItems":true,"getNonpagedCount":true}`

func TestThinPath(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	list := c.list(`{"limit":3,"offset":0,"getItems":true,"getNonpagedCount":true,
		"sortOrder":{"sortFields":[{"name":"uuid","ascending":true}]},
		"filter":{"type":"logOp","operation":"NOT","filters":[{"type":"stringEnum","fieldName":"status","values":["DELETED"]}]}}`)
	assert.Len(t, list.results(), 3)
	one := list.find("status", "COMPLIANT")
	id := one["uuid"].(string)
	detail := c.get(v1 + "/devices/" + id).result()
	assert.Equal(t, one["serialNumber"], detail["serialNumber"])

	made := c.send("POST", v1+"/devices/"+id+"/actions", `{"type":"REFRESH_DEVICE_INFO","details":{"type":"REFRESH_DEVICE_INFO"}}`).result()
	assert.Equal(t, "NEW", made["state"])
	assert.Equal(t, 1, f.Settle())
	assert.Equal(t, "EXECUTED", c.get(v1 + "/devices/" + id + "/actions/" + made["uuid"].(string)).result()["state"])
	assert.Empty(t, f.Violations())
}
