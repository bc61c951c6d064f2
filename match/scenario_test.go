package match_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/match"
)

// A re-enrolled iPad has two records; the newest stands for it, and a second
// run changes nothing.
func TestRunReenrolled(t *testing.T) {
	old, fresh := ipad("1180", "DMPX7K2LQ1GC"), ipad("2044", "DMPX7K2LQ1GC")
	old.LastSeen, fresh.Enrolled = now.Add(-72*hour), now.Add(-48*hour)
	in := match.Input{Connection: "c", Devices: []match.Device{old, fresh}, Assets: []match.Asset{asset("a", "DMPX7K2LQ1GC")},
		Links: []match.Link{{Connection: "c", Device: "1180", Asset: "a", Serial: "DMPX7K2LQ1GC"}}}
	all := run(in)
	assert.Equal(t, match.Alias, all["1180"].Kind)
	assert.Equal(t, "2044", all["1180"].AliasOf)
	assert.Equal(t, match.CodeDuplicateRecord, all["1180"].Reasons[0].Code)
	assert.Equal(t, match.AutoLinked, all["2044"].Kind, toJSON(t, all["2044"]))
	assert.Equal(t, "a", all["2044"].Asset)
	assert.Equal(t, []string{"1180"}, all["2044"].Aliases)
	assert.Equal(t, match.Reason{Code: match.CodeAliasLinked, Other: "1180"}, all["2044"].Reasons[0])

	in.Links[0].Device = "2044"
	again := run(in)
	assert.Equal(t, match.Linked, again["2044"].Kind)
	assert.Equal(t, match.Alias, again["1180"].Kind)
}

// A dock lends its address to four laptops: no link by it, and one warning.
func TestRunDock(t *testing.T) {
	in := match.Input{Assets: []match.Asset{{ID: "dock-owner", MACs: []string{"9C:EB:E8:01:02:03"}}}}
	for _, id := range []string{"l1", "l2", "l3", "l4"} {
		in.Devices = append(in.Devices, match.Device{ID: id, Serial: "5CG2" + id + "Q7ZW", Ethernet: []string{"9ceb.e801.0203"},
			Model: "EliteBook 840", Manufacturer: "HP"})
	}
	warnings := 0
	for _, o := range run(in) {
		assert.Equal(t, match.Suggested, o.Kind, o.Device)
		assert.True(t, hasCode(o.Candidates[0].Held, match.CodeShared))
		for _, w := range o.Warnings {
			warnings++
			assert.Equal(t, match.Reason{Code: match.CodeNewShared, Field: match.FieldEthernet, Value: "9c:eb:e8:01:02:03", Count: 4}, w)
		}
	}
	assert.Equal(t, 1, warnings)
}

// Migration Assistant copied the hardware UUID of a Mac to its successor.
func TestRunMigrationAssistant(t *testing.T) {
	const uuid = "6B29FC40-CA47-1067-B31D-00DD010662DA"
	mac := func(id, serial string) match.Device {
		return match.Device{ID: id, Serial: serial, UDID: uuid, Apple: true, Model: "MacBook Air", LastSeen: now}
	}
	all := run(match.Input{
		Devices: []match.Device{mac("m1", "C02ZX90AKLMN"), mac("m2", "C02ZX91BKLMP")},
		Assets:  []match.Asset{{ID: "a1", Serial: "C02ZX90AKLMN", UDID: uuid}, {ID: "a2", Serial: "C02ZX91BKLMP"}},
	})
	assert.Equal(t, match.AutoLinked, all["m1"].Kind)
	assert.Equal(t, "a1", all["m1"].Asset)
	assert.Equal(t, match.AutoLinked, all["m2"].Kind)
	assert.Equal(t, "a2", all["m2"].Asset)
	assert.Equal(t, []match.Reason{{Code: match.CodeNewShared, Field: match.FieldUDID, Value: "6b29fc40-ca47-1067-b31d-00dd010662da", Count: 2}}, all["m1"].Warnings)
}

// A board swap: same id and Wi-Fi address, new serial. Nothing is switched in
// silence; a person who accepts it, or corrects the asset, ends the matter.
//
//mdm:feature 3.19
func TestRunBoardSwap(t *testing.T) {
	d := ipad("d", "NEWQ7K2LQ1GC")
	d.WiFi = "3c:5a:b4:10:20:30"
	in := match.Input{Connection: "c", Devices: []match.Device{d},
		Assets: []match.Asset{{ID: "a", Serial: "DMPX7K2LQ1GC", MACs: []string{"3C5AB4102030"}}},
		Links:  []match.Link{{Connection: "c", Device: "d", Asset: "a", Serial: "DMPX7K2LQ1GC"}}}
	o := only(t, in)
	assert.Equal(t, match.Blocked, o.Kind)
	assert.Equal(t, "a", o.Asset)
	assert.Equal(t, []match.Reason{{Code: match.CodeIdentityChanged, Value: "NEWQ7K2LQ1GC", Other: "DMPX7K2LQ1GC"}}, o.Reasons)

	in.Decisions = []match.Decision{{Kind: match.AcceptReplacement, ID: "7", Device: "d", Serial: "NEWQ7K2LQ1GC", Asset: "a"}}
	o = only(t, in)
	assert.Equal(t, match.Linked, o.Kind)
	assert.Contains(t, o.Reasons, match.Reason{Code: match.CodeReplaceAccepted, Other: "7"})

	in.Devices[0].Serial = "THIRD2LQ1GCX"
	o = only(t, in)
	assert.Equal(t, match.Blocked, o.Kind, "the next swap is not accepted with the first")
	assert.True(t, hasCode(o.Warnings, match.CodeReopened))

	in.Devices[0].Serial, in.Decisions, in.Assets[0].Serial = "NEWQ7K2LQ1GC", nil, "NEWQ7K2LQ1GC"
	o = only(t, in)
	assert.Equal(t, match.Linked, o.Kind)
	assert.True(t, hasCode(o.Reasons, match.CodeSerialCorrected))
}

// A device that stands in for another one is offered the other's asset.
//
//mdm:feature 3.19
func TestRunReplacement(t *testing.T) {
	d := ipad("d", "NEWQ7K2LQ1GC")
	d.Replaces = "DMPX7K2LQ1GC"
	in := match.Input{Devices: []match.Device{d}, Assets: []match.Asset{asset("a", "DMPX7K2LQ1GC")}}
	o := only(t, in)
	assert.Equal(t, match.Suggested, o.Kind)
	assert.Equal(t, match.RungReplacement, o.Rung)
	assert.Empty(t, o.Candidates[0].Vetoes)

	in.Decisions = []match.Decision{{Kind: match.Pin, Device: "d", Serial: "NEWQ7K2LQ1GC", Asset: "a"}}
	assert.Equal(t, match.Linked, only(t, in).Kind)
}

// Five PCs whose firmware says "Default string", with addresses and models of
// their own: five suggestions, no automatic link.
//
//mdm:feature 1.27
//mdm:feature 1.33
func TestRunDefaultString(t *testing.T) {
	var in match.Input
	macs := []string{"3c:5a:b4:10:20:31", "3c:5a:b4:10:20:32", "3c:5a:b4:10:20:33", "3c:5a:b4:10:20:34", "3c:5a:b4:10:20:35"}
	for i, mac := range macs {
		n := string(rune('1' + i))
		in.Devices = append(in.Devices, match.Device{ID: "d" + n, Serial: "Default string", WiFi: mac, Model: "B550 Rev " + n, Manufacturer: "Gigabyte"})
		in.Assets = append(in.Assets, match.Asset{ID: "a" + n, Serial: "Default string", MACs: []string{mac}, Model: "B550 Rev " + n})
	}
	for id, o := range run(in) {
		require.Equal(t, match.Suggested, o.Kind)
		require.Equal(t, []string{"a" + id[1:]}, assetsOf(o.Candidates))
		assert.True(t, hasCode(o.Reasons, match.CodeNeedsSerial))
		assert.Equal(t, match.Unused, o.Candidates[0].Evidence.Of(match.FieldSerial).State)
	}
}

// Two assets with the serial of the device: both are offered, none is made.
func TestRunTwinAssets(t *testing.T) {
	o := only(t, match.Input{Devices: []match.Device{ipad("d", "DMPX7K2LQ1GC")},
		Assets: []match.Asset{asset("a2", "DMPX7K2LQ1GC"), asset("a1", "dmpx7k2lq1gc "), asset("b", "DMPX7K2LQ1GD")}})
	assert.Equal(t, match.Ambiguous, o.Kind)
	assert.Equal(t, []string{"a1", "a2"}, assetsOf(o.Candidates))
	assert.Equal(t, match.Reason{Code: match.CodeShared, Field: match.FieldSerial, Count: 2}, o.Reasons[0])
}

// An asset without a serial, with the name and the model of the device.
func TestRunNameAndModel(t *testing.T) {
	d := ipad("d", "DMPX7K2LQ1GC")
	d.Name = "LG-TAB-044"
	in := match.Input{Devices: []match.Device{d}, Assets: []match.Asset{
		{ID: "a", Name: "lg-tab-044", Model: "iPad (9. Generation)"}, {ID: "b", Name: "LG-TAB-045", Model: "iPad (9. Generation)"}}}
	o := only(t, in)
	assert.Equal(t, match.Suggested, o.Kind)
	assert.Equal(t, match.RungName, o.Rung)
	assert.Equal(t, []string{"a"}, assetsOf(o.Candidates))

	in.Assets[0].Name = "LG TAB 44"
	o = only(t, in)
	assert.Equal(t, match.RungSimilarName, o.Rung)
}

// An id that the MDM uses once for each class.
func TestRunSameIDInOtherClass(t *testing.T) {
	mac := match.Device{ID: "computer/12", Serial: "C02ZX90AKLMN", Apple: true}
	all := run(match.Input{Devices: []match.Device{ipad("mobile/12", "DMPX7K2LQ1GC"), mac},
		Assets: []match.Asset{asset("a", "C02ZX90AKLMN"), asset("b", "DMPX7K2LQ1GC")}})
	assert.Equal(t, "a", all["computer/12"].Asset)
	assert.Equal(t, "b", all["mobile/12"].Asset)

	twice := run(match.Input{Devices: []match.Device{ipad("12", "DMPX7K2LQ1GC"), ipad("12", "C02ZX90AKLMN")},
		Assets: []match.Asset{asset("a", "C02ZX90AKLMN")}})
	assert.Equal(t, match.Invalid, twice["12"].Kind, "an id that is not unique links nothing")
}

// A rejected pair is not offered again until the evidence is another one.
func TestRunRejected(t *testing.T) {
	d := ipad("d", "DMPX7K2LQ1GC")
	in := match.Input{Devices: []match.Device{d}, Assets: []match.Asset{asset("a", "DMPX7K2LQ1GC")}}
	e, ok := match.Explain(in, "d", "a")
	require.True(t, ok)
	in.Decisions = []match.Decision{{Kind: match.Reject, ID: "9", Device: "d", Asset: "a", Evidence: e.Evidence.String()}}
	o := only(t, in)
	assert.Equal(t, match.Unmatched, o.Kind)
	assert.Contains(t, o.Reasons, match.Reason{Code: match.CodeRejected, Other: "9", Value: "a"})

	in.Assets[0].Model = "iPad12,1"
	o = only(t, in)
	assert.Equal(t, match.Suggested, o.Kind, "never linked by itself")
	assert.True(t, hasCode(o.Candidates[0].Held, match.CodeReopened))
	assert.True(t, hasCode(o.Warnings, match.CodeReopened))
}

// A device moved from one school's connection to another one's.
func TestRunMovedBetweenConnections(t *testing.T) {
	d := ipad("77", "DMPX7K2LQ1GC")
	d.Site = "s2"
	in := match.Input{Connection: "school-b", Devices: []match.Device{d},
		Assets: []match.Asset{{ID: "a", Site: "B"}},
		Links:  []match.Link{{Connection: "school-a", Device: "12", Asset: "a", Serial: "DMPX7K2LQ1GC"}},
		Sites:  map[string]string{"s2": "B"}}
	o := only(t, in)
	assert.Equal(t, match.AutoLinked, o.Kind)
	assert.Equal(t, match.RungKnown, o.Rung)
	assert.Equal(t, match.Reason{Code: match.CodeLinkedElsewhere, Other: "school-a", Value: "12"}, o.Reasons[0])

	in.Assets[0].Site = "A"
	o = only(t, in)
	assert.Equal(t, match.Blocked, o.Kind, "the asset is still at the other school")
	assert.Equal(t, match.Reason{Code: match.CodeSiteDiffers, Value: "B", Other: "A"}, o.Reasons[0])
}

// A person retired the asset and the device checks in.
func TestRunRetired(t *testing.T) {
	in := match.Input{Connection: "c", Devices: []match.Device{ipad("d", "DMPX7K2LQ1GC")},
		Assets: []match.Asset{{ID: "a", Serial: "DMPX7K2LQ1GC", Archived: true}}}
	o := only(t, in)
	assert.Equal(t, match.Blocked, o.Kind)
	assert.Equal(t, match.CodeRetired, o.Reasons[0].Code)
	assert.Equal(t, []string{"a"}, assetsOf(o.Candidates), "to be reactivated")
	assert.True(t, o.Candidates[0].Archived)

	in.Links = []match.Link{{Connection: "c", Device: "d", Asset: "a"}}
	o = only(t, in)
	assert.Equal(t, match.Blocked, o.Kind)
	assert.Equal(t, "a", o.Asset)
}

// The two IMEIs of a phone belong to two assets.
func TestRunTwoIMEIs(t *testing.T) {
	o := only(t, match.Input{
		Devices: []match.Device{{ID: "d", IMEIs: []string{"352099001761481", "490154203237518"}, Serial: "R58M123ABCD"}},
		Assets:  []match.Asset{{ID: "a", IMEIs: []string{"352099001761481"}}, {ID: "b", IMEIs: []string{"490154203237518"}}}})
	assert.Equal(t, match.Ambiguous, o.Kind)
	assert.Equal(t, match.CodePointApart, o.Reasons[0].Code)
	assert.Equal(t, []string{"a", "b"}, assetsOf(o.Candidates))
}

// A personal device reports the id of its enrolment as its serial.
func TestRunPersonalDevice(t *testing.T) {
	d := match.Device{ID: "d", Serial: "E621E1F8C36C495A93FC0C247A3E6E5F", EnrolmentID: "E621E1F8C36C495A93FC0C247A3E6E5F",
		Name: "iPhone", Apple: true}
	o := only(t, match.Input{Devices: []match.Device{d}, Assets: []match.Asset{asset("a", "DMPX7K2LQ1GC")}})
	assert.Equal(t, match.Invalid, o.Kind)
	assert.Equal(t, match.CodeNoIdentifier, o.Reasons[0].Code)
	assert.Equal(t, []string{"equals_enrolment_id"}, o.Reasons[1].Why.Codes())
}

// Two living PCs report one serial that no list knows.
func TestRunSerialCollision(t *testing.T) {
	pc := func(id, uuid string, seen time.Time) match.Device {
		return match.Device{ID: id, Serial: "OEMBOX77X1", UDID: uuid, Model: "Tower", LastSeen: seen}
	}
	in := match.Input{Devices: []match.Device{
		pc("d1", "4C4C4544-0051-3510-8057-B7C04F5A3532", now.Add(-hour)),
		pc("d2", "4C4C4544-0052-3610-8058-B8C04F5A3533", now.Add(-2*hour))},
		Assets: []match.Asset{{ID: "a", Serial: "OEMBOX77X1", Model: "Tower"}}}
	all := run(in)
	for _, id := range []string{"d1", "d2"} {
		assert.Equal(t, match.Suggested, all[id].Kind)
		assert.True(t, hasCode(all[id].Candidates[0].Held, match.CodeShared))
	}
	assert.Equal(t, []match.Reason{{Code: match.CodeSerialCollision, Field: match.FieldSerial, Value: "OEMBOX77X1", Count: 2}}, all["d1"].Warnings)

	in.Devices[1].LastSeen = now.Add(-100 * hour)
	assert.Equal(t, match.Alias, run(in)["d2"].Kind, "one of them is gone: a board swap")
}
