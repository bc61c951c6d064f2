package inventory

import (
	"errors"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// LifePolicy says when a device counts as stale and as gone. The zero
// LifePolicy stands for the defaults.
type LifePolicy struct {
	Stale time.Duration `json:"stale,omitzero"` // no check-in for so long; 0 = 30 days; negative = never
	Grace time.Duration `json:"grace,omitzero"` // missing for so long; 0 = 14 days
	Runs  int           `json:"runs,omitzero"`  // and in so many complete listings; 0 = 3

	// ForgetAfter empties what is stored of a device that has been gone for
	// so long: its record, its name and what was written for it. Links and
	// decisions stay, and assets are never touched. A staged device that
	// nobody decided about leaves the table. 0 = never.
	ForgetAfter time.Duration `json:"forget_after,omitzero"`
}

const day = 24 * time.Hour

func (l LifePolicy) check() error {
	if l.Grace < 0 || l.Runs < 0 || l.ForgetAfter < 0 {
		return field("Life", errors.New("a negative duration or number"))
	}
	return nil
}

// Stage is where a device stands in its life, as its management system sees
// it. The zero Stage is unknown. No stage deletes anything: what follows from
// it is the host's to say.
type Stage uint8

const (
	StageUnknown  Stage = iota
	StagePending        // expected by the system, not enrolled yet
	StageActive         // listed, and checked in lately
	StageStale          // listed, but did not check in for LifePolicy.Stale
	StageWiped          // a wipe was confirmed, and no enrolment came after it
	StageMissing        // not in the latest complete listing
	StageGone           // missing for longer than LifePolicy.Grace and in LifePolicy.Runs complete listings
	StageMoved          // another connection lists it now
	StageReleased       // listed as no longer owned by the organisation
)

var stageNames = []string{"", "pending_enrolment", "active", "stale", "wiped", "missing", "gone", "moved", "released"}

// String returns a code such as "pending_enrolment", or "" for unknown.
func (s Stage) String() string {
	if int(s) < len(stageNames) {
		return stageNames[s]
	}
	return ""
}

// MarshalText returns what String does.
func (s Stage) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is unknown.
func (s *Stage) UnmarshalText(text []byte) error {
	*s = Stage(max(0, slices.Index(stageNames, string(text))))
	return nil
}

// Keys of Run.Life besides the stages: what happened in the run.
const (
	LifeReturned = "returned" // missing devices that are back
	LifeArrived  = "arrived"  // devices that another connection had before
)

// stage is the stage of a device that is listed.
func (l LifePolicy) stage(r *mdm.Record, wiped time.Time, now time.Time) Stage {
	stale := or(l.Stale, 30*day)
	switch {
	case !wiped.IsZero():
		return StageWiped
	case r.Status == mdm.StatusReleased:
		return StageReleased
	case r.Status == mdm.StatusPending:
		return StagePending
	case stale > 0 && !r.LastSeen.IsZero() && now.Sub(r.LastSeen) >= stale:
		return StageStale
	}
	return StageActive
}

func (l LifePolicy) grace() time.Duration { return or(l.Grace, 14*day) }

// gone reports whether a device has been missing for long enough.
func (l LifePolicy) gone(missed time.Time, rounds int, now time.Time) bool {
	return now.Sub(missed) >= l.grace() && rounds >= or(l.Runs, 3)
}

// forgotten reports whether what is stored of a gone device is to be emptied.
func (l LifePolicy) forgotten(missed, now time.Time) bool {
	return l.ForgetAfter > 0 && now.Sub(missed) >= l.grace()+l.ForgetAfter
}

// cleared reports whether a device was enrolled anew after it was wiped.
func cleared(r *mdm.Record, wiped time.Time) bool { return r.Enrolment.At.After(wiped) }
