package match_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm/ident"
)

// Small pools make values meet: good ones, junk, and near misses.
var (
	somePool = []string{"DMPX7K2LQ1GC", "SDMPX7K2LQ1GC", "DMPX7K2LQ16C", "C02ZX90AKLMN", "F9FXL0ABJF8J", "5CG2123456", "Default string", "unknown", "A12", "", ""}
	macPool  = []string{"3c:5a:b4:10:20:30", "3c:5a:b4:10:20:31", "9c:eb:e8:01:02:03", "da:a1:19:00:11:22", "3C5AB4102030", "", ""}
	imeiPool = []string{"352099001761481", "490154203237518", "860123456789014", "35209900176148", ""}
	uuidPool = []string{"6B29FC40-CA47-1067-B31D-00DD010662DA", "4C4C4544-0051-3510-8057-B7C04F5A3532", "03000200-0400-0500-0006-000700080009", "", ""}
	namePool = []string{"LG-TAB-044", "LG TAB 44", "LG-TAB-045", "iPad", "R12-PC-3", ""}
	kinds    = []string{"iPad12,1", "iPad13,18", "EliteBook 840", "SM-T509", ""}
)

func pick(t *rapid.T, from []string) string { return rapid.SampledFrom(from).Draw(t, "value") }

func drawInput(t *rapid.T) match.Input {
	in := match.Input{Connection: "c", Now: now, Sites: map[string]string{"s1": "A", "s2": "B"}}
	for i := range rapid.IntRange(0, 6).Draw(t, "devices") {
		d := match.Device{ID: fmt.Sprint("d", i), Serial: pick(t, somePool), UDID: pick(t, uuidPool), WiFi: pick(t, macPool),
			Name: pick(t, namePool), Model: pick(t, kinds), AssetTag: pick(t, []string{"100", "101", ""}), Site: pick(t, []string{"s1", "s2", ""}),
			Manufacturer: pick(t, []string{"Apple", "HP", ""}), Apple: rapid.Bool().Draw(t, "apple"), Managed: rapid.Bool().Draw(t, "managed"),
			Replaces: pick(t, []string{"C02ZX90AKLMN", "", ""}),
			LastSeen: now.Add(-time.Duration(rapid.IntRange(0, 80).Draw(t, "seen")) * hour)}
		if rapid.Bool().Draw(t, "phone") {
			d.IMEIs = []string{pick(t, imeiPool), pick(t, imeiPool)}
		}
		if rapid.Bool().Draw(t, "docked") {
			d.Ethernet = []string{pick(t, macPool)}
		}
		in.Devices = append(in.Devices, d)
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "assets") {
		in.Assets = append(in.Assets, match.Asset{ID: fmt.Sprint("a", i), Serial: pick(t, somePool), Number: pick(t, somePool), UDID: pick(t, uuidPool),
			MACs: []string{pick(t, macPool)}, IMEIs: []string{pick(t, imeiPool)}, Name: pick(t, namePool), Model: pick(t, kinds),
			AssetTag: pick(t, []string{"100", "101", ""}), Site: pick(t, []string{"A", "B", ""}), Archived: rapid.IntRange(0, 9).Draw(t, "archived") == 0})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "links") {
		in.Links = append(in.Links, match.Link{Connection: pick(t, []string{"c", "other"}), Device: fmt.Sprint("d", rapid.IntRange(0, 7).Draw(t, "device")),
			Asset: fmt.Sprint("a", rapid.IntRange(0, 7).Draw(t, "asset")), Serial: pick(t, somePool), UDID: pick(t, uuidPool), At: now.Add(-time.Duration(i) * hour)})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "decisions") {
		in.Decisions = append(in.Decisions, match.Decision{Kind: rapid.SampledFrom(match.DecisionKinds()).Draw(t, "kind"), ID: fmt.Sprint("x", i),
			Device: fmt.Sprint("d", rapid.IntRange(0, 7).Draw(t, "device")), Asset: fmt.Sprint("a", rapid.IntRange(0, 7).Draw(t, "asset")),
			Primary: fmt.Sprint("d", rapid.IntRange(0, 7).Draw(t, "primary")), Serial: pick(t, somePool),
			At: now.Add(-time.Duration(rapid.IntRange(0, 2).Draw(t, "at")) * hour)})
	}
	return in
}

func shuffled[T any](r *rand.Rand, all []T) []T {
	all = slices.Clone(all)
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// A permutation of the input changes no byte of the outcomes.
func TestRunPermutation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		other := in
		other.Devices, other.Assets = shuffled(r, in.Devices), shuffled(r, in.Assets)
		other.Links, other.Decisions = shuffled(r, in.Links), shuffled(r, in.Decisions)
		require.Equal(t, toJSON(t, slices.Collect(match.Run(in))), toJSON(t, slices.Collect(match.Run(other))))
		a, b := match.New(in), match.New(other)
		require.Equal(t, toJSON(t, a.Report()), toJSON(t, b.Report()))
		require.Equal(t, toJSON(t, a.Coverage()), toJSON(t, b.Coverage()))
		require.Equal(t, toJSON(t, match.Quality(in.Assets, nil)), toJSON(t, match.Quality(other.Assets, nil)))
	})
}

// The input is as it was, and no asset gets two devices of one connection.
func TestRunOneDevicePerAsset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		in.Policy = drawPolicy(t)
		before := toJSON(t, in.Devices) + toJSON(t, in.Assets) + toJSON(t, in.Decisions)
		has := map[string]string{}
		for o := range match.Run(in) {
			if o.Kind.IsLink() {
				require.Empty(t, has[o.Asset], "%s has two", o.Asset)
				has[o.Asset] = o.Device
			}
		}
		require.Equal(t, before, toJSON(t, in.Devices)+toJSON(t, in.Assets)+toJSON(t, in.Decisions))
	})
}

func drawPolicy(t *rapid.T) match.Policy {
	p := match.Default()
	mode := func() match.Mode { return match.Mode(rapid.IntRange(0, 2).Draw(t, "mode")) }
	for i := range p.Ladder {
		p.Ladder[i].Apple, p.Ladder[i].Other = mode(), mode()
	}
	p.Serials = match.Trust(rapid.IntRange(0, 2).Draw(t, "trust"))
	p.NoSerial, p.Virtual = match.Modes{Apple: mode(), Other: mode()}, match.Modes{Apple: mode(), Other: mode()}
	p.BuiltInEthernet = rapid.Bool().Draw(t, "ethernet")
	return p
}

// Every outcome is of the closed set, and one that is not a link has a reason.
func TestRunReasons(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		in.Policy = drawPolicy(t)
		n := 0
		for o := range match.Run(in) {
			n++
			require.NotEqual(t, match.KindUnknown, o.Kind)
			require.NotEmpty(t, o.Reasons, toJSON(t, o))
			require.NotContains(t, codes(o.Reasons), match.CodeUnknown)
			if o.Kind == match.Suggested || o.Kind == match.Ambiguous && o.Reasons[0].Code == match.CodeShared {
				require.NotEmpty(t, o.Candidates, toJSON(t, o))
			}
			if o.Kind == match.Unmatched {
				require.Empty(t, o.Candidates)
			}
		}
		require.Equal(t, len(in.Devices), n)
	})
}

// An asset that shares nothing with the others changes no link.
func TestRunUnrelatedAsset(t *testing.T) {
	stranger := match.Asset{ID: "z", Serial: "ZZTOP4711Q", MACs: []string{"f0:d6:35:77:88:99"}, UDID: "11B9FC40-CA47-4067-831D-00DD010662DA",
		Name: "somewhere else", AssetTag: "999", Model: "Other"}
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		before := run(in)
		in.Assets = append(in.Assets, stranger)
		for id, o := range run(in) {
			require.Equal(t, before[id].Kind, o.Kind)
			if o.Kind.IsLink() {
				require.Equal(t, toJSON(t, before[id]), toJSON(t, o))
			}
		}
	})
}

// Deciding twice is deciding once, and a decision that was followed stands.
func TestRunDecisionsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		once := toJSON(t, slices.Collect(match.Run(in)))
		in.Decisions = append(slices.Clone(in.Decisions), in.Decisions...)
		require.Equal(t, once, toJSON(t, slices.Collect(match.Run(in))))
	})
}

// What a run links is still linked in the next run.
func TestRunSecondRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		in.Links = nil
		first := run(in)
		for _, id := range slices.Sorted(maps.Keys(first)) {
			if o := first[id]; o.Kind.IsLink() {
				d := in.Devices[slices.IndexFunc(in.Devices, func(d match.Device) bool { return d.ID == id })]
				in.Links = append(in.Links, match.Link{Connection: "c", Device: id, Asset: o.Asset, Serial: d.Serial, UDID: d.UDID, At: now})
			}
		}
		second := run(in)
		for id, o := range first {
			if o.Kind.IsLink() {
				require.Equal(t, match.Linked, second[id].Kind, toJSON(t, second[id]))
				require.Equal(t, o.Asset, second[id].Asset)
			}
		}
	})
}

// A value that is taken off the list of junk moves its devices only towards
// being linked. This holds where the value is true: one device has it and its
// asset, nobody else.
func TestRunRemoveJunk(t *testing.T) {
	listed := ident.Standard().With(ident.Data{Version: "t/1", Lists: ident.Lists{Serials: []ident.Entry{{Values: []string{"OURS4711XQ"}}}}})
	strict, err := listed.Rules()
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		in.Links, in.Decisions = nil, nil
		in.Devices = append(in.Devices, match.Device{ID: "true", Serial: "OURS4711XQ", Model: "EliteBook 840", Name: pick(t, namePool),
			WiFi: "f0:d6:35:77:88:99", Apple: rapid.Bool().Draw(t, "apple")})
		in.Assets = append(in.Assets, match.Asset{ID: "true", Serial: "OURS4711XQ", Model: pick(t, kinds), Name: pick(t, namePool)})
		in.Rules = strict
		before := run(in)
		in.Rules = nil
		after := run(in)
		require.GreaterOrEqual(t, certainty(after["true"]), certainty(before["true"]), "%s\n%s", toJSON(t, before["true"]), toJSON(t, after["true"]))
		for id, o := range before {
			if o.Kind.IsLink() && id != "true" {
				require.Equal(t, o.Kind, after[id].Kind)
				require.Equal(t, o.Asset, after[id].Asset)
			}
		}
	})
}

func certainty(o match.Outcome) int {
	switch o.Kind {
	case match.Linked, match.AutoLinked:
		return 3
	case match.Blocked:
		return 2
	case match.Suggested, match.Ambiguous:
		return 1
	}
	return 0
}
