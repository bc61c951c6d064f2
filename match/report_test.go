package match_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/match"
)

// Explain has the values, the rule trace, and what people decided.
func TestExplain(t *testing.T) {
	d := ipad("d", "DMPX7K2LQ1GC")
	d.WiFi, d.Ethernet = "3c:5a:b4:10:20:30", []string{"9c:eb:e8:01:02:03"}
	in := match.Input{Connection: "c", Devices: []match.Device{d}, Now: now,
		Assets:    []match.Asset{{ID: "a", Serial: "dmpx7k2lq1gc", ModelID: "iPad12,1", MACs: []string{"9CEBE8010203"}}, asset("b", "C02ZX90AKLMN")},
		Decisions: []match.Decision{{Kind: match.Reject, Device: "d", Asset: "b", Who: "kim", Why: "another room", At: now}}}
	e, ok := match.Explain(in, "d", "a")
	require.True(t, ok)
	assert.True(t, e.Decides)
	assert.Equal(t, match.RungSerial, e.Rung)
	assert.Equal(t, match.AutoLinked, e.Outcome.Kind)
	assert.Equal(t, match.Sign{Field: match.FieldSerial, State: match.Agrees, Bits: 19.9, Device: "DMPX7K2LQ1GC", Asset: "dmpx7k2lq1gc"}, e.Evidence.Of(match.FieldSerial))
	assert.Equal(t, []string{"dock"}, e.Evidence.Of(match.FieldEthernet).Why.Codes())
	assert.Equal(t, "default/1", e.Policy)
	assert.NotEmpty(t, e.Rules)
	assert.Equal(t, "kim", e.Decisions[0].Who)
	assert.Equal(t, 1, e.Trace[1].Hits)

	e, ok = match.Explain(in, "d", "b")
	require.True(t, ok)
	assert.False(t, e.Decides)
	assert.Equal(t, []match.Code{match.CodeRejected, match.CodeSerialDiffers}, codes(e.Vetoes))
	_, ok = match.Explain(in, "d", "nothing")
	assert.False(t, ok)
	_, ok = match.Explain(in, "nothing", "a")
	assert.False(t, ok)

	in.Decisions = nil
	_, ok = match.Explain(in, "d", "b")
	assert.True(t, ok, "assets are found without an index of their ids")
}

// Evidence keeps a name that repeats the serial from counting twice.
func TestExplainCountsOnce(t *testing.T) {
	d := ipad("d", "DMPX7K2LQ1GC")
	d.Name = "iPad-DMPX7K2LQ1GC"
	e, _ := match.Explain(match.Input{Devices: []match.Device{d},
		Assets: []match.Asset{{ID: "a", Serial: "DMPX7K2LQ1GC", Name: "iPad-DMPX7K2LQ1GC", Model: "iPad12,1", Manufacturer: "Apple Inc."}}}, "d", "a")
	assert.Zero(t, e.Evidence.Of(match.FieldName).Bits)
	assert.Zero(t, e.Evidence.Of(match.FieldManufacturer).Bits)
	assert.InDelta(t, 19.9+4.2, e.Bits, 0.1)
}

// A value that many have weighs little.
func TestExplainFrequency(t *testing.T) {
	in := match.Input{Devices: []match.Device{{ID: "d", Serial: "OEMBOX77X1"}}}
	for i := range 40 {
		in.Assets = append(in.Assets, match.Asset{ID: fmt.Sprint("a", i)})
	}
	in.Assets[0].Serial = "OEMBOX77X1"
	once, _ := match.Explain(in, "d", "a0")
	for i := range 20 {
		in.Assets[i].Serial = "OEMBOX77X1"
	}
	often, _ := match.Explain(in, "d", "a0")
	assert.Equal(t, 20, often.Evidence.Of(match.FieldSerial).Shared)
	assert.Less(t, often.Bits, once.Bits-15)
}

// Compare says what another policy would change, over the same snapshot.
func TestCompare(t *testing.T) {
	in := match.Input{Now: now}
	for i := range 4 {
		mac := fmt.Sprintf("3c:5a:b4:10:20:3%d", i)
		in.Devices = append(in.Devices, match.Device{ID: fmt.Sprint("d", i), Serial: "unknown", WiFi: mac, Model: "SM-T509"})
		in.Assets = append(in.Assets, match.Asset{ID: fmt.Sprint("a", i), MACs: []string{mac}, Model: "SM-T509"})
	}
	b := match.Default()
	b.Version, b.NoSerial.Other = "try/1", match.Auto
	diff := match.Compare(in, match.Default(), b)
	assert.Equal(t, 4, diff.Linked)
	assert.Zero(t, diff.Unlinked+diff.Relinked)
	assert.Equal(t, map[match.Kind]int{match.Suggested: 4}, diff.Before)
	assert.Equal(t, map[match.Kind]int{match.AutoLinked: 4}, diff.After)
	assert.Equal(t, match.Change{Device: "d0", Before: match.Suggested, After: match.AutoLinked, AfterAsset: "a0",
		BeforeRung: match.RungWiFi, AfterRung: match.RungWiFi}, diff.Changes[0])
	assert.Empty(t, match.Compare(in, b, b).Changes)
	back := match.Compare(in, b, match.Default())
	assert.Equal(t, 4, back.Unlinked)
	assert.JSONEq(t, `{"from":"try/1","to":"try/1","before":{"auto_linked":4},"after":{"auto_linked":4},"linked":0,"unlinked":0,"relinked":0}`,
		toJSON(t, match.Compare(in, b, b)))
}

// Coverage counts by platform, class and site, and says which change of the
// policy would help.
func TestCoverage(t *testing.T) {
	in := match.Input{Now: now, Sites: map[string]string{"s1": "A"}}
	for i := range 3 {
		mac := fmt.Sprintf("3c:5a:b4:10:20:3%d", i)
		in.Devices = append(in.Devices, match.Device{ID: fmt.Sprint("d", i), Serial: "unknown", WiFi: mac, Model: "SM-T509",
			Class: match.ClassTablet, Android: true, Site: "s1"})
		in.Assets = append(in.Assets, match.Asset{ID: fmt.Sprint("a", i), MACs: []string{mac}, Model: "SM-T509"})
	}
	in.Devices = append(in.Devices, ipad("e", "DMPX7K2LQ1GC"))
	in.Assets = append(in.Assets, asset("b", "DMPX7K2LQ1GC"))
	r := match.New(in).Coverage()
	assert.Equal(t, []match.CoverageGroup{
		{Platform: "android", Class: match.ClassTablet, Site: "A", Devices: 3, Counts: map[match.Kind]int{match.Suggested: 3}},
		{Platform: "apple", Class: match.ClassTablet, Devices: 1, Linked: 1, Counts: map[match.Kind]int{match.AutoLinked: 1}},
	}, r.Groups)
	assert.Contains(t, r.Causes, match.Cause{Platform: "android", Kind: match.Suggested, Reason: match.Reason{Code: match.CodeNeedsSerial}, Devices: 3})
	assert.Contains(t, r.WhatIf, match.WhatIf{Change: "no_serial.other=auto", Linked: 3})
}

func TestQuality(t *testing.T) {
	r := match.Quality([]match.Asset{
		{ID: "a3", Serial: "DMPX7K2LQ1GC"}, {ID: "a1", Serial: "dmpx7k2lq1gc"},
		{ID: "b1", Serial: "COZZX90AKLMN"}, {ID: "b2", Serial: "C0ZZX90AKLMN"},
		{ID: "c", Serial: "To be filled by O.E.M."}, {ID: "d", Serial: "A12"},
		{ID: "e", AssetTag: "77"}, {ID: "f"}, {ID: "g", MACs: []string{"3c:5a:b4:10:20:30"}}, {ID: "h", MACs: []string{"3c5ab4102030"}},
	}, nil)
	assert.Equal(t, []match.Finding{
		{Field: match.FieldSerial, Value: "DMPX7K2LQ1GC", Assets: []string{"a1", "a3"}},
		{Field: match.FieldWiFi, Value: "3c:5a:b4:10:20:30", Assets: []string{"g", "h"}}}, r.Twins)
	assert.Equal(t, []match.Finding{{Field: match.FieldNearSerial, Value: "C0ZZX90AKLMN", Assets: []string{"b1", "b2"}}}, r.Near)
	require.Len(t, r.Junk, 1)
	assert.Equal(t, []string{"c"}, r.Junk[0].Assets)
	assert.Equal(t, []string{"placeholder"}, r.Junk[0].Why.Codes())
	assert.Equal(t, []string{"d"}, r.Weak[0].Assets)
	assert.Equal(t, []string{"e", "f", "g", "h"}, r.Blank)
	assert.Equal(t, []string{"c", "f"}, r.Bare)
}

// A school is suggested where the serials leave no doubt, and never applied.
func TestSuggestSites(t *testing.T) {
	in := match.Input{Now: now}
	add := func(n int, from, site string) {
		for range n {
			i := len(in.Devices)
			d := ipad(fmt.Sprint("d", i), fmt.Sprintf("DMPX7K%02dQ1GC", i))
			d.Site = from
			in.Devices = append(in.Devices, d)
			in.Assets = append(in.Assets, match.Asset{ID: fmt.Sprint("a", i), Serial: d.Serial, Site: site})
		}
	}
	add(6, "s1", "A")
	add(2, "s1", "B")
	assert.Equal(t, []match.SiteSuggestion{
		{From: "", Site: "A", Devices: 6, Second: 2, Of: 8},
		{From: "s1", Site: "A", Devices: 6, Second: 2, Of: 8}}, match.SuggestSites(in))
	add(4, "s2", "B")
	assert.Equal(t, []match.SiteSuggestion{{From: "s1", Site: "A", Devices: 6, Second: 2, Of: 8}}, match.SuggestSites(in),
		"too few at s2, and the connection has no three times as many")
	for o := range match.Run(in) {
		assert.Equal(t, match.AutoLinked, o.Kind)
	}
}

// The report names its version, the policy and the lists, and reads back.
func TestReport(t *testing.T) {
	in := match.Input{Connection: "c", Devices: []match.Device{ipad("d", "DMPX7K2LQ1GC"), ipad("e", "unknown")},
		Assets: []match.Asset{asset("a", "DMPX7K2LQ1GC")}, Now: now}
	r := match.New(in).Report()
	assert.Equal(t, match.ReportVersion, r.Version)
	assert.Equal(t, "default/1", r.Policy)
	assert.Equal(t, map[match.Kind]int{match.AutoLinked: 1, match.Invalid: 1}, r.Counts)
	require.Len(t, r.Outcomes, 1)
	data, err := json.Marshal(r)
	require.NoError(t, err)
	var again match.Report
	require.NoError(t, json.Unmarshal(data, &again))
	assert.Equal(t, toJSON(t, r), toJSON(t, again))
}

// A sequence that is not read to its end does no harm, and may be read again.
func TestRunStops(t *testing.T) {
	in := match.Input{Devices: []match.Device{ipad("a", "DMPX7K2LQ1GC"), ipad("b", "C02ZX90AKLMN")}}
	seq := match.Run(in)
	for range 2 {
		for o := range seq {
			assert.Equal(t, "a", o.Device)
			break
		}
	}
	for range match.Run(match.Input{}) {
		t.Error("an outcome without a device")
	}
}
