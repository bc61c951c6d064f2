package relutiontest_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

// page asks for three devices, sorted by a field.
func page(offset int, by string) string {
	return fmt.Sprintf(`{"limit":3,"offset":%d,"getItems":true,"getNonpagedCount":true,"sortOrder":{"sortFields":[{"name":"%s","ascending":true}]}}`, offset, by)
}

func TestPages(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	var seen []string
	for {
		g := c.list(page(len(seen), "uuid"))
		assert.EqualValues(t, len(f.UUIDs(f.Tenant)), g.object()["total"])
		if len(g.results()) == 0 {
			break
		}
		for _, id := range g.column("uuid") {
			seen = append(seen, id.(string))
		}
	}
	assert.Equal(t, f.UUIDs(f.Tenant), seen)
	assert.Empty(t, c.list(page(1000, "uuid")).results())
	assert.Empty(t, f.Violations())
}

// TestPagesShift reads with devices that check in between the pages.
func TestPagesShift(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	for name, ask := range map[string]func(offset int) string{
		"by contact": func(offset int) string { return page(offset, "lastConnectionDate") },
		"unsorted":   func(offset int) string { return fmt.Sprintf(`{"limit":3,"offset":%d,"getItems":true}`, offset) },
	} {
		first := c.list(ask(5)).column("uuid")
		f.CheckIn(first[0].(string))
		assert.NotEqual(t, first[1], c.list(ask(6)).column("uuid")[0], name+": the next one was skipped")
		assert.Equal(t, first[1], c.list(ask(5)).column("uuid")[0], name)
	}
	ids := f.UUIDs(f.Tenant)
	f.CheckIn(ids[0])
	assert.Equal(t, ids[3], c.list(page(3, "uuid")).column("uuid")[0], "sorted by UUID nothing moves")
	f.Remove(ids[0])
	assert.Equal(t, ids[4], c.list(page(3, "uuid")).column("uuid")[0], "a device that left moves the rest")
}

func TestTotals(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	whole := len(f.UUIDs(f.Tenant))
	assert.EqualValues(t, 4, c.list(`{"limit":4,"getItems":true}`).object()["total"], "nobody asked to count")
	counted := c.list(`{"limit":4,"getItems":false,"getNonpagedCount":true}`)
	assert.Empty(t, counted.results())
	assert.EqualValues(t, whole, counted.object()["total"])
	assert.Len(t, c.list(`{}`).results(), whole, "no limit, and items by default")
	assert.EqualValues(t, whole, c.get(v1 + "/devices/baseInfo?limit=1&getNonpagedCount=true").object()["total"])
	f.SetWire(relutiontest.Wire{ItemsOnRequest: true, IgnoreTotal: true})
	assert.Empty(t, c.list(`{}`).results())
	assert.EqualValues(t, 4, c.list(`{"limit":4,"getItems":true,"getNonpagedCount":true}`).object()["total"])
	f.SetWire(relutiontest.Wire{})
	f.SetPageLimit(5)
	capped := c.list(all)
	assert.Len(t, capped.results(), 5, "the server caps the page and says nothing")
	assert.EqualValues(t, whole, capped.object()["total"])
	assert.Empty(t, f.Violations())
}

func TestFieldsAndSearches(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	some := c.list(`{"limit":1,"getItems":true,"fields":["uuid","name"]}`).result()
	assert.Len(t, some, 2)
	assert.Equal(t, some, c.get(v1+"/devices/baseInfo?limit=1&field=uuid&field=name").result())

	serial := c.list(`{"getItems":true}`).find("platform", "WINDOWS")["serialNumber"].(string)
	assert.Equal(t, serial, c.list(`{"getItems":true,"searches":["` + serial + `"]}`).result()["serialNumber"])

	f.SetWire(relutiontest.Wire{GroupsOnRequest: true})
	assert.Equal(t, []any{nil, nil}, c.list(`{"limit":2,"getItems":true}`).column("deviceGroups"))
	assert.IsType(t, []any{}, c.list(`{"limit":1,"getItems":true,"fields":["deviceGroups"]}`).result()["deviceGroups"])
	assert.Empty(t, f.Violations())
}

func TestPlant(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	f.Plant(json.RawMessage(`{"uuid":7}`), json.RawMessage(`"text"`), json.RawMessage(`{"uuid":"X","status":"DELETED"}`))
	kept := `"filter":{"type":"logOp","operation":"NOT","filters":[{"type":"stringEnum","fieldName":"status","values":["DELETED"]}]}`
	g := c.list(`{"limit":2,"getItems":true,"sortOrder":{"sortFields":[{"name":"uuid","ascending":true}]},` + kept + `}`)
	require.Equal(t, 200, g.status)
	assert.Equal(t, []any{map[string]any{"uuid": 7.0}, "text"}, g.object()["results"])
	assert.Contains(t, c.list(all).body, `{"uuid":"X","status":"DELETED"}`)
	assert.NotContains(t, c.list(`{"getItems":true,`+kept+`}`).body, `"X"`)

	f.PlantDetail("abc", json.RawMessage(`{"uuid":"ABC","details":[]}`))
	assert.Equal(t, []any{}, c.get(v1 + "/devices/ABC").result()["details"])
}
