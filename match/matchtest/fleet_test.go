package matchtest_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/match/matchtest"
)

// The numbers that the matcher is built for, at the default rates.
func TestRunAcceptance(t *testing.T) {
	devices := 100_000
	if testing.Short() {
		devices = 10_000
	}
	for _, test := range []struct {
		name      string
		rates     matchtest.Rates
		automatic float64
	}{
		{"apple", matchtest.Apple(), 0.97},
		{"mixed", matchtest.Mixed(), 0.90},
	} {
		t.Run(test.name, func(t *testing.T) {
			fleet := matchtest.New(matchtest.Options{Devices: devices, Seed: 1, Rates: test.rates})
			tally := fleet.Score(match.Run(fleet.Input))
			t.Log(tally, tally.Kinds)
			assert.Zero(t, tally.Wrong, tally.Mistake)
			assert.Zero(t, tally.Merged, tally.Mistake)
			assert.GreaterOrEqual(t, float64(tally.Automatic)/float64(tally.Pairs), test.automatic)
			assert.GreaterOrEqual(t, float64(tally.Offered)/float64(tally.Rest), 0.95)
		})
	}
}

// The rates can be made harder. Whatever the dirt, nothing is linked wrongly
// and the person gets the asset offered.
func TestRunHarder(t *testing.T) {
	devices := 20_000
	if testing.Short() {
		devices = 4_000
	}
	harder := map[string]func(*matchtest.Rates){
		"typing":    func(r *matchtest.Rates) { r.Typo, r.NotInInventory = 0.05, 0.2 },
		"clones":    func(r *matchtest.Rates) { r.Clones = 0.2 },
		"boards":    func(r *matchtest.Rates) { r.BoardSwap, r.ReEnrolled = 0.1, 0.3 },
		"docks":     func(r *matchtest.Rates) { r.SharedDock, r.DockEntered = 0.8, 0.5 },
		"junk":      func(r *matchtest.Rates) { r.JunkSerial = 0.6 },
		"twins":     func(r *matchtest.Rates) { r.Twin, r.Moved = 0.05, 0.05 },
		"names":     func(r *matchtest.Rates) { r.DefaultName, r.NoSerial = 0.3, 0.05 },
		"neighbour": func(r *matchtest.Rates) { r.NotEnrolled, r.NotInInventory, r.Typo = 0.5, 0.3, 0.02 },
	}
	for name, spoil := range harder {
		t.Run(name, func(t *testing.T) {
			rates := matchtest.Mixed()
			spoil(&rates)
			fleet := matchtest.New(matchtest.Options{Devices: devices, Seed: 7, Rates: rates})
			tally := fleet.Score(match.Run(fleet.Input))
			t.Log(tally)
			assert.Zero(t, tally.Wrong, tally.Mistake)
			assert.Zero(t, tally.Merged, tally.Mistake)
			assert.GreaterOrEqual(t, float64(tally.Offered)/float64(tally.Rest), 0.80)
		})
	}
}

// Without dirt everything is linked.
func TestRunClean(t *testing.T) {
	fleet := matchtest.New(matchtest.Options{Devices: 3_000, Seed: 2, Rates: matchtest.Rates{Apple: 0.5, Windows: 0.5}})
	tally := fleet.Score(match.Run(fleet.Input))
	assert.Equal(t, 3_000, tally.Pairs)
	assert.Equal(t, 3_000, tally.Automatic, tally)
}

// Large inputs are worked on in parts, and the order changes nothing either.
func TestRunPermutationOfMany(t *testing.T) {
	fleet := matchtest.New(matchtest.Options{Devices: 12_000, Seed: 3, Rates: matchtest.Mixed()})
	first := outcomes(t, fleet.Input)
	r := rand.New(rand.NewPCG(1, 1))
	for range 2 {
		in := fleet.Input
		in.Devices, in.Assets = slices.Clone(in.Devices), slices.Clone(in.Assets)
		r.Shuffle(len(in.Devices), func(i, j int) { in.Devices[i], in.Devices[j] = in.Devices[j], in.Devices[i] })
		r.Shuffle(len(in.Assets), func(i, j int) { in.Assets[i], in.Assets[j] = in.Assets[j], in.Assets[i] })
		require.Equal(t, first, outcomes(t, in))
	}
}

// A second run over what the first one linked changes nothing.
func TestRunTwice(t *testing.T) {
	fleet := matchtest.New(matchtest.Options{Devices: 6_000, Seed: 4, Rates: matchtest.Mixed()})
	in := fleet.Input
	devices := map[string]match.Device{}
	for _, d := range in.Devices {
		devices[d.ID] = d
	}
	before := map[string]match.Outcome{}
	for o := range match.Run(in) {
		before[o.Device] = o
		if o.Kind == match.AutoLinked {
			d := devices[o.Device]
			in.Links = append(in.Links, match.Link{Connection: in.Connection, Device: o.Device, Asset: o.Asset,
				Serial: d.Serial, UDID: d.UDID, At: matchtest.Now})
		}
	}
	for o := range match.Run(in) {
		want := before[o.Device].Kind
		if want == match.AutoLinked {
			want = match.Linked
		}
		if want.IsLink() || want == match.Alias {
			require.Equal(t, want, o.Kind, o.Device)
		} else {
			require.False(t, o.Kind.IsLink(), o.Device)
		}
	}
}

func outcomes(t *testing.T, in match.Input) string {
	data, err := json.Marshal(slices.Collect(match.Run(in)))
	require.NoError(t, err)
	return string(data)
}

// The same seed makes the same fleet, and another one another.
func TestNewIsDeterministic(t *testing.T) {
	o := matchtest.Options{Devices: 500, Seed: 5, Rates: matchtest.Mixed()}
	assert.Equal(t, matchtest.New(o), matchtest.New(o))
	other := o
	other.Seed++
	assert.NotEqual(t, matchtest.New(o), matchtest.New(other))
}

// Every kind of dirt occurs in a fleet.
func TestNewIsDirty(t *testing.T) {
	fleet := matchtest.New(matchtest.Options{Devices: 20_000, Seed: 6, Rates: matchtest.Mixed()})
	report := match.Quality(fleet.Input.Assets, nil)
	assert.NotEmpty(t, report.Twins)
	assert.NotEmpty(t, report.Blank)
	kinds := fleet.Score(match.Run(fleet.Input)).Kinds
	for _, k := range []match.Kind{match.AutoLinked, match.Suggested, match.Ambiguous, match.Unmatched, match.Blocked, match.Alias} {
		assert.Positive(t, kinds[k], k)
	}
}

// Score finds the mistakes of a matcher that makes some.
func TestScoreFindsMistakes(t *testing.T) {
	fleet := matchtest.New(matchtest.Options{Devices: 1_000, Seed: 8, Rates: matchtest.Mixed()})
	first, second := fleet.Input.Devices[0].ID, fleet.Input.Devices[1].ID
	careless := func(yield func(match.Outcome) bool) {
		for _, d := range fleet.Input.Devices {
			o := match.Outcome{Device: d.ID, Kind: match.AutoLinked, Asset: fleet.Input.Assets[0].ID}
			if d.ID == second {
				o = match.Outcome{Device: d.ID, Kind: match.Alias, AliasOf: first}
			}
			if !yield(o) {
				return
			}
		}
	}
	tally := fleet.Score(careless)
	assert.Greater(t, tally.Wrong, 900)
	assert.Equal(t, 1, tally.Merged)
	assert.Len(t, tally.Mistake, 10)
}
