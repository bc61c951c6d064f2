package intunetest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RetryAfter is a form of the header of that name.
type RetryAfter uint8

// The forms. The zero value is the usual one.
const (
	RetrySeconds  RetryAfter = iota // whole seconds, rounded up
	RetryFraction                   // such as 2.128
	RetryDate                       // by the fake's clock, as its Date header
	RetryNone                       // no header
	RetryAbsurd                     // a day and a bit
	RetryNegative                   // -1
)

// Wire chooses among forms of the same answer that have been seen, and among
// what servers get wrong. The zero Wire is the most usual.
type Wire struct {
	RetryAfter     RetryAfter
	ForbiddenAs401 bool   // each missing permission is 401 with a document inside a document
	ForbiddenAs403 bool   // and never that, even for tokens without any role
	NextHost       string // next links name this host, such as "evil.example"; "" = the one that was asked
	NextPlain      bool   // next links begin with http
	SameLink       bool   // the second page names itself as the next one
	EmptyPages     bool   // an empty page with a next link precedes each but the first
	BatchLoses     bool   // the answer to the last request of a batch is missing
	ZeroCount      bool   // @odata.count is 0
	TextBattery    bool   // batteryLevelPercentage is a quoted number
	OldHeadings    bool   // the reports say "Azure AD Device ID"
	ReadMayExport  bool   // reading managed devices is enough to create export jobs
	ApprovalAs400  bool   // a missing justification is 400, not 403
	FilterStatus   int    // each filter of managed devices is refused with this status, 400 or 500; 0 = they work
}

// SetWire sets the form of the answers from now on.
func (f *Fake) SetWire(w Wire) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wire = w
}

func (w Wire) retryAfter(wait time.Duration, now time.Time) string {
	switch w.RetryAfter {
	case RetryFraction:
		// Rounded up, so that who waits that long is not too early.
		return strings.TrimSuffix(strconv.FormatFloat(float64((wait+time.Millisecond-1).Milliseconds())/1000, 'f', 3, 64), ".000")
	case RetryDate:
		return now.Add(wait + time.Second).Format(http.TimeFormat)
	case RetryNone:
		return ""
	case RetryAbsurd:
		return "90000"
	case RetryNegative:
		return "-1"
	}
	return strconv.Itoa(int((wait + time.Second - 1) / time.Second))
}
