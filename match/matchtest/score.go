package matchtest

import (
	"fmt"
	"iter"

	"github.com/mdmlink/mdmlink/match"
)

// Tally compares outcomes with the truth. It counts devices, each by the
// record that stands for it, not records.
type Tally struct {
	Pairs     int // devices that have an asset
	Automatic int // of these, linked to it without a person
	Wrong     int // links to something else: the number that must be 0
	Rest      int // pairs that are left to a person
	Offered   int // of these, the asset is among the first three candidates
	Strangers int // devices without an asset
	Refused   int // of these, nothing was linked
	Merged    int // aliases of another device: must be 0, too

	Kinds   map[match.Kind]int // outcomes by kind
	Mistake []string           // ids of devices that were linked wrongly or merged, at most ten
}

// Score counts outcomes.
func (f *Fleet) Score(outcomes iter.Seq[match.Outcome]) Tally {
	t := Tally{Kinds: map[match.Kind]int{}}
	for o := range outcomes {
		t.Kinds[o.Kind]++
		f.score(&t, o)
	}
	return t
}

func (f *Fleet) score(t *Tally, o match.Outcome) {
	truth := f.Truth[o.Device]
	switch {
	case o.Kind == match.Alias:
		if f.Machine[o.Device] != f.Machine[o.AliasOf] {
			t.Merged++
			t.blame(o.Device)
		}
		return
	case len(truth) == 0:
		t.Strangers++
	default:
		t.Pairs++
	}
	switch {
	case o.Kind.IsLink() && !contains(truth, o.Asset):
		t.Wrong++
		t.blame(o.Device)
	case o.Kind.IsLink():
		t.Automatic++
	case len(truth) == 0:
		t.Refused++
	default:
		t.Rest++
		for i, c := range o.Candidates {
			if i < 3 && contains(truth, c.Asset) {
				t.Offered++
				break
			}
		}
	}
}

func (t *Tally) blame(device string) {
	if len(t.Mistake) < 10 {
		t.Mistake = append(t.Mistake, device)
	}
}

func contains(all []string, s string) bool {
	for _, x := range all {
		if x == s {
			return true
		}
	}
	return false
}

// String returns the numbers in one line.
func (t Tally) String() string {
	return fmt.Sprintf("%d pairs, %.2f%% automatic, %d wrong, %d merged, %.2f%% of the %d others offered; %d strangers, %d left alone",
		t.Pairs, percent(t.Automatic, t.Pairs), t.Wrong, t.Merged, percent(t.Offered, t.Rest), t.Rest, t.Strangers, t.Refused)
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }
