package match_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/match"
)

func pinned(device, serial, asset string) match.Decision {
	return match.Decision{Kind: match.Pin, ID: "1", Device: device, Serial: serial, Asset: asset}
}

// A pin wins over every veto, but not over an asset that is not there.
func TestRunPin(t *testing.T) {
	in := match.Input{Connection: "c", Devices: []match.Device{ipad("d", "DMPX7K2LQ1GC")}, Now: now,
		Assets:    []match.Asset{{ID: "a", Serial: "C02ZX90AKLMN", Archived: true, Class: match.ClassComputer}, asset("b", "DMPX7K2LQ1GC")},
		Decisions: []match.Decision{pinned("d", "DMPX7K2LQ1GC", "a")}}
	o := only(t, in)
	assert.Equal(t, match.Linked, o.Kind)
	assert.Equal(t, "a", o.Asset)
	assert.Equal(t, []match.Reason{{Code: match.CodePinned, Other: "1"}}, o.Reasons)

	in.Assets = in.Assets[1:]
	o = only(t, in)
	assert.Equal(t, match.Blocked, o.Kind)
	assert.Equal(t, match.CodeAssetMissing, o.Reasons[0].Code)
	assert.Equal(t, []string{"b"}, assetsOf(o.Candidates))
}

// A decision follows the serial when the MDM gives the device another id.
func TestRunDecisionFollows(t *testing.T) {
	for _, kind := range match.DecisionKinds() {
		if kind == match.MergeAlias || kind == match.AcceptReplacement {
			continue
		}
		in := match.Input{Devices: []match.Device{ipad("new", "DMPX7K2LQ1GC"), ipad("old", "C02ZX90AKLMN")},
			Assets:    []match.Asset{asset("a", "DMPX7K2LQ1GC"), asset("b", "C02ZX90AKLMN")},
			Decisions: []match.Decision{{Kind: kind, ID: "1", Device: "old", Serial: "dmpx7k2lq1gc", Asset: "a"}}}
		all := run(in)
		want := map[match.DecisionKind]match.Kind{match.Pin: match.Linked, match.Reject: match.Unmatched, match.Ignore: match.Ignored}[kind]
		assert.Equal(t, want, all["new"].Kind, kind)
		assert.Contains(t, all["new"].Warnings, match.Reason{Code: match.CodeDecisionFollowed, Other: "1", Value: "old"}, kind)
		assert.Equal(t, match.AutoLinked, all["old"].Kind, "the id alone says nothing")
	}
}

// When the device of the id has another serial, and nobody has the old one, the
// decision waits for the person.
func TestRunDecisionReopened(t *testing.T) {
	in := match.Input{Devices: []match.Device{ipad("d", "C02ZX90AKLMN")}, Assets: []match.Asset{asset("b", "C02ZX90AKLMN")},
		Decisions: []match.Decision{{Kind: match.Ignore, ID: "1", Device: "d", Serial: "DMPX7K2LQ1GC"}}}
	o := only(t, in)
	assert.Equal(t, match.AutoLinked, o.Kind)
	assert.Equal(t, []match.Reason{{Code: match.CodeReopened, Other: "1"}}, o.Warnings)
}

func TestRunDecisionExpires(t *testing.T) {
	in := match.Input{Devices: []match.Device{ipad("d", "DMPX7K2LQ1GC")}, Assets: []match.Asset{asset("a", "DMPX7K2LQ1GC")},
		Decisions: []match.Decision{{Kind: match.Ignore, ID: "1", Device: "d", Until: now}}}
	o := only(t, in)
	assert.Equal(t, match.AutoLinked, o.Kind)
	assert.Equal(t, []match.Reason{{Code: match.CodeExpired, Other: "1"}}, o.Warnings)
	in.Decisions[0].Until = now.Add(hour)
	assert.Equal(t, match.Ignored, only(t, in).Kind)
	in.Decisions[0].Connection = "another"
	assert.Equal(t, match.AutoLinked, only(t, in).Kind)
}

// Of decisions that contradict each other the later one holds.
func TestRunDecisionsContradict(t *testing.T) {
	in := match.Input{Devices: []match.Device{ipad("d", "DMPX7K2LQ1GC")}, Assets: []match.Asset{asset("a", "DMPX7K2LQ1GC"), asset("b", "")}}
	pin, reject := pinned("d", "", "a"), match.Decision{Kind: match.Reject, ID: "2", Device: "d", Asset: "a"}
	pin.At, reject.At = now, now.Add(hour)
	in.Decisions = []match.Decision{reject, pin}
	assert.Equal(t, match.Unmatched, only(t, in).Kind)
	reject.At = now.Add(-hour)
	in.Decisions = []match.Decision{reject, pin}
	assert.Equal(t, match.Linked, only(t, in).Kind)

	other := pinned("d", "", "b")
	other.At = now.Add(hour)
	in.Decisions = []match.Decision{other, pin}
	assert.Equal(t, "b", only(t, in).Asset)
}

// A rejected pair that is linked is held back, and the link with it.
func TestRunRejectedLink(t *testing.T) {
	o := only(t, match.Input{Connection: "c", Devices: []match.Device{ipad("d", "DMPX7K2LQ1GC")}, Assets: []match.Asset{asset("a", "DMPX7K2LQ1GC")},
		Links:     []match.Link{{Connection: "c", Device: "d", Asset: "a"}},
		Decisions: []match.Decision{{Kind: match.Reject, ID: "2", Device: "d", Asset: "a"}}})
	assert.Equal(t, match.Blocked, o.Kind)
	assert.Equal(t, match.CodeRejected, o.Reasons[0].Code)
	assert.Empty(t, o.Candidates)
}

// A person merged two records that no identifier joins.
func TestRunMerge(t *testing.T) {
	in := match.Input{Devices: []match.Device{ipad("d1", "DMPX7K2LQ1GC"), ipad("d2", "")}, Assets: []match.Asset{asset("a", "DMPX7K2LQ1GC")},
		Decisions: []match.Decision{{Kind: match.MergeAlias, ID: "5", Device: "d2", Primary: "d1"}}}
	all := run(in)
	assert.Equal(t, match.Alias, all["d2"].Kind)
	assert.Equal(t, []match.Reason{{Code: match.CodeMerged, Other: "d1", Value: "5"}}, all["d2"].Reasons)
	assert.Equal(t, match.AutoLinked, all["d1"].Kind)

	in.Decisions[0].Device, in.Decisions[0].Primary = "d1", "d2"
	assert.Equal(t, "d2", run(in)["d1"].AliasOf, "the person chooses which record stands for both")
	in.Decisions[0].Primary = "gone"
	assert.Equal(t, match.AutoLinked, run(in)["d1"].Kind)
}

// An asset has at most one living device of a connection.
func TestRunTaken(t *testing.T) {
	in := match.Input{Connection: "c", Devices: []match.Device{ipad("d1", "DMPX7K2LQ1GC"), ipad("d2", "C02ZX90AKLMN")},
		Assets: []match.Asset{asset("a", "C02ZX90AKLMN")},
		Links:  []match.Link{{Connection: "c", Device: "d1", Asset: "a"}}}
	all := run(in)
	assert.Equal(t, match.Blocked, all["d1"].Kind, "its serial is another")
	assert.Equal(t, match.Blocked, all["d2"].Kind)
	assert.Equal(t, match.Reason{Code: match.CodeAssetTaken, Other: "d1"}, all["d2"].Reasons[0])

	in.Links[0].Device = "gone"
	assert.Equal(t, match.AutoLinked, run(in)["d2"].Kind, "a device that left takes nothing")

	in.Links = []match.Link{{Connection: "c", Device: "d1", Asset: "a"}, {Connection: "c", Device: "d2", Asset: "a"}}
	in.Assets[0].Serial = ""
	all = run(in)
	assert.Equal(t, match.Blocked, all["d1"].Kind, "links that contradict each other hold neither")
	assert.Equal(t, match.Blocked, all["d2"].Kind)
	in.Decisions = []match.Decision{pinned("d2", "", "a")}
	all = run(in)
	assert.Equal(t, match.Blocked, all["d1"].Kind)
	assert.Equal(t, match.Linked, all["d2"].Kind)

	in.Links = []match.Link{{Connection: "other", Device: "x", Asset: "a"}}
	in.Decisions, in.Assets[0].Serial = nil, "C02ZX90AKLMN"
	assert.Equal(t, match.AutoLinked, run(in)["d2"].Kind, "another connection may describe the asset, too")
}

// A device whose id changed is found by what it reported when it was linked.
func TestRunLinkFollows(t *testing.T) {
	d := match.Device{ID: "new", UDID: "4C4C4544-0051-3510-8057-B7C04F5A3532", Serial: "Default string", Model: "Tower"}
	in := match.Input{Connection: "c", Devices: []match.Device{d}, Assets: []match.Asset{{ID: "a"}},
		Links: []match.Link{{Connection: "c", Device: "old", Asset: "a", UDID: "4c4c4544-0051-3510-8057-b7c04f5a3532"}}}
	o := only(t, in)
	assert.Equal(t, match.AutoLinked, o.Kind)
	assert.Equal(t, match.Reason{Code: match.CodeLinkFollowed, Other: "old"}, o.Reasons[0])

	in.Links = []match.Link{{Connection: "c", Device: "new", Asset: "gone"}}
	o = only(t, in)
	assert.Equal(t, match.Blocked, o.Kind)
	assert.Equal(t, match.Reason{Code: match.CodeAssetMissing, Other: "gone"}, o.Reasons[0])
}
