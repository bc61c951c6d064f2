package relutiontest_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

// TestFilters compares each type of filter with what it should leave.
func TestFilters(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	everything := c.list(all).results()
	one := c.list(all).find("platform", "MACOS")
	seen := one["lastConnectionDate"].(float64)
	texts := func(name string, test func(string) bool) func(map[string]any) bool {
		return func(o map[string]any) bool { s, ok := o[name].(string); return ok && test(s) }
	}
	for name, c2 := range map[string]struct {
		filter string
		want   func(map[string]any) bool
	}{
		"string":    {`{"type":"string","fieldName":"platform","value":"MACOS"}`, func(o map[string]any) bool { return o["platform"] == "MACOS" }},
		"serial":    {fmt.Sprintf(`{"type":"string","fieldName":"serialNumber","value":"%s"}`, one["serialNumber"]), func(o map[string]any) bool { return o["serialNumber"] == one["serialNumber"] }},
		"contains":  {`{"type":"containsString","fieldName":"model","contains":"IPAD1"}`, texts("model", func(s string) bool { return len(s) > 5 && s[:5] == "iPad1" })},
		"like":      {`{"type":"like","fieldName":"model","like":"%,1"}`, texts("model", func(s string) bool { return s[max(0, len(s)-2):] == ",1" })},
		"enum":      {`{"type":"stringEnum","fieldName":"ownership","values":["BYOD","UNKNOWN"]}`, func(o map[string]any) bool { return o["ownership"] != "COD" }},
		"no values": {`{"type":"stringEnum","fieldName":"ownership","values":[]}`, func(map[string]any) bool { return false }},
		"range":     {`{"type":"stringRange","fieldName":"uuid","min":"4","max":"9"}`, texts("uuid", func(s string) bool { return s > "4" && s < "9" })},
		"dates": {fmt.Sprintf(`{"type":"dateRange","fieldName":"lastConnectionDate","min":%.0f,"equality":true}`, seen), func(o map[string]any) bool {
			n, ok := o["lastConnectionDate"].(float64)
			return ok && n >= seen
		}},
		"dates without equality": {fmt.Sprintf(`{"type":"dateRange","fieldName":"lastConnectionDate","max":%.0f,"equality":false}`, seen), func(o map[string]any) bool {
			n, ok := o["lastConnectionDate"].(float64)
			return ok && n < seen
		}},
		"longs":   {`{"type":"longRange","fieldName":"complianceViolatedCount","min":1,"max":2,"equality":true}`, func(o map[string]any) bool { return o["complianceViolatedCount"].(float64) > 0 }},
		"doubles": {`{"type":"doubleRange","fieldName":"batteryLevel","min":0.5}`, func(o map[string]any) bool { n, ok := o["batteryLevel"].(float64); return ok && n > 0.5 }},
		"long":    {`{"type":"long","fieldName":"complianceViolatedCount","value":1}`, func(o map[string]any) bool { return o["complianceViolatedCount"] == 1.0 }},
		"longEnum": {`{"type":"longEnum","fieldName":"complianceViolatedCount","values":[1,2]}`, func(o map[string]any) bool {
			return o["complianceViolatedCount"] != 0.0
		}},
		"boolean":  {`{"type":"boolean","fieldName":"supervised","value":true}`, func(o map[string]any) bool { return o["supervised"] == true }},
		"null":     {`{"type":"null","fieldName":"userUuid","isNull":true}`, func(o map[string]any) bool { return o["userUuid"] == nil }},
		"not null": {`{"type":"null","fieldName":"imei","isNull":false}`, func(o map[string]any) bool { return o["imei"] != nil }},
		"not deleted": {`{"type":"logOp","operation":"NOT","filters":[{"type":"stringEnum","fieldName":"status","values":["DELETED"]}]}`, func(o map[string]any) bool {
			return o["status"] != "DELETED"
		}},
		"and": {`{"type":"logOp","operation":"AND","filters":[{"type":"string","fieldName":"platform","value":"IOS"},{"type":"string","fieldName":"status","value":"COMPLIANT"}]}`, func(o map[string]any) bool {
			return o["platform"] == "IOS" && o["status"] == "COMPLIANT"
		}},
		"or": {`{"type":"logOp","operation":"OR","filters":[{"type":"string","fieldName":"platform","value":"TVOS"},{"type":"string","fieldName":"platform","value":"WINDOWS"}]}`, func(o map[string]any) bool {
			return o["platform"] == "TVOS" || o["platform"] == "WINDOWS"
		}},
		"nor": {`{"type":"logOp","operation":"NOR","filters":[{"type":"string","fieldName":"platform","value":"TVOS"},{"type":"string","fieldName":"platform","value":"IOS"}]}`, func(o map[string]any) bool {
			return o["platform"] != "TVOS" && o["platform"] != "IOS"
		}},
		"nand": {`{"type":"logOp","operation":"NAND","filters":[{"type":"string","fieldName":"platform","value":"IOS"},{"type":"string","fieldName":"status","value":"COMPLIANT"}]}`, func(o map[string]any) bool {
			return o["platform"] != "IOS" || o["status"] != "COMPLIANT"
		}},
		"any":     {`{"type":"quantifier","fieldName":"simSlots","quantifier":"ANY","filter":{"type":"containsString","fieldName":"imei","contains":"35"}}`, func(o map[string]any) bool { return len(o["simSlots"].([]any)) > 0 }},
		"none":    {`{"type":"quantifier","fieldName":"simSlots","quantifier":"NONE","filter":{"type":"noOp"}}`, func(o map[string]any) bool { return len(o["simSlots"].([]any)) == 0 }},
		"all":     {`{"type":"quantifier","fieldName":"simSlots","quantifier":"ALL","filter":{"type":"alwaysFalse"}}`, func(o map[string]any) bool { return len(o["simSlots"].([]any)) == 0 }},
		"nothing": {`{"type":"alwaysFalse"}`, func(map[string]any) bool { return false }},
		"noOp":    {`{"type":"noOp"}`, func(map[string]any) bool { return true }},
	} {
		t.Run(name, func(t *testing.T) {
			var want []any
			for _, o := range everything {
				if c2.want(o) {
					want = append(want, o["uuid"])
				}
			}
			got := c.list(`{"getItems":true,"getNonpagedCount":true,"filter":` + c2.filter + `}`)
			assert.Equal(t, want, got.column("uuid"))
			assert.EqualValues(t, len(want), got.object()["total"])
			viaGet := c.get(v1 + "/devices/baseInfo?filter=" + url.QueryEscape(c2.filter))
			assert.Equal(t, want, viaGet.column("uuid"))
			switch name { // these leave nothing or everything, by intent
			case "no values", "nothing":
				assert.Empty(t, want)
			case "noOp":
				assert.Len(t, want, len(everything))
			default:
				assert.NotEmpty(t, want)
				assert.Less(t, len(want), len(everything))
			}
		})
	}
	assert.Empty(t, f.Violations())
}

func TestFiltersThatAreWrong(t *testing.T) {
	for name, c := range map[string]struct{ filter, want string }{
		"unknown type":       {`{"type":"equals","fieldName":"name","value":"x"}`, `unknown type of filter "equals"`},
		"no type":            {`{"fieldName":"name","value":"x"}`, `missing "type"`},
		"comparator":         {`{"type":"string","fieldName":"name","value":"x","comparator":"CONTAINS"}`, `has no member "comparator"`},
		"unknown field":      {`{"type":"string","fieldName":"serial","value":"x"}`, `unknown field "serial"`},
		"not in the list":    {`{"type":"dateRange","fieldName":"modificationDate","min":1}`, `unknown field "modificationDate"`},
		"text for a date":    {`{"type":"string","fieldName":"lastConnectionDate","value":"x"}`, "does not fit"},
		"number for a text":  {`{"type":"string","fieldName":"name","value":7}`, `wrong or missing "value"`},
		"boolean for a text": {`{"type":"boolean","fieldName":"name","value":true}`, "does not fit"},
		"date as text":       {`{"type":"dateRange","fieldName":"lastConnectionDate","min":"2026-01-01"}`, `wrong or missing "min"`},
		"value missing":      {`{"type":"string","fieldName":"name"}`, `without "value"`},
		"value for values":   {`{"type":"stringEnum","fieldName":"status","value":"DELETED"}`, `"values"`},
		"operation":          {`{"type":"logOp","operation":"XOR","filters":[]}`, `no operation "XOR"`},
		"inside":             {`{"type":"logOp","operation":"NOT","filters":[{"type":"nope"}]}`, "unknown type"},
		"quantifier":         {`{"type":"quantifier","fieldName":"simSlots","quantifier":"SOME","filter":{"type":"noOp"}}`, "SOME"},
		"no list":            {`{"type":"quantifier","fieldName":"name","quantifier":"ANY","filter":{"type":"noOp"}}`, "does not fit"},
		"no object":          {`"status=COMPLIANT"`, "no JSON object"},
		"string is null":     {`{"type":"null","fieldName":"imei","isNull":"true"}`, `"isNull"`},
		"equality":           {`{"type":"longRange","fieldName":"openActions","min":1,"equality":1}`, `"equality"`},
	} {
		t.Run(name, func(t *testing.T) {
			f := relutiontest.New(small())
			g := newCaller(t, f).list(`{"getItems":true,"filter":` + c.filter + `}`)
			assert.Equal(t, 400, g.status)
			assert.Equal(t, "ARGUMENTS_MISSING_OR_INVALID", g.object()["errorCode"])
			require.Len(t, f.Violations(), 1)
			assert.Contains(t, f.Violations()[0], c.want)
		})
	}
	f := relutiontest.New(small())
	f.SetVersion("25.4.0")
	g := newCaller(t, f).list(`{"filter":{"type":"quantifier","fieldName":"simSlots","quantifier":"ANY","filter":{"type":"noOp"}}}`)
	assert.Equal(t, 400, g.status, "quantifiers came with 26")
}

func TestIgnoredFilters(t *testing.T) {
	f := relutiontest.New(small())
	f.SetWire(relutiontest.Wire{IgnoreFilters: true})
	assert.NotEmpty(t, newCaller(t, f).list(`{"getItems":true,"filter":{"type":"alwaysFalse"}}`).results())
}

func TestFullListHasOtherFields(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	filter := url.QueryEscape(`{"type":"containsString","fieldName":"details.system.productName","contains":"iPad"}`)
	list := c.get(v1 + "/devices?sortOrder=-modificationDate,%2Buuid&filter=" + filter)
	require.NotEmpty(t, list.results())
	last := 1e18
	for _, at := range list.column("modificationDate") {
		assert.LessOrEqual(t, at, last)
		last = at.(float64)
	}
	assert.Empty(t, f.Violations())
}
