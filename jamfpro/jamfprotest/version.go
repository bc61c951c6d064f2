package jamfprotest

import (
	"fmt"
	"strings"
)

// version is a release of Jamf Pro.
type version struct {
	major, minor, patch int
	text                string // as the server says it
}

// The releases at which something changed, as far as they are known: where
// only a range is, its upper end.
var (
	oldest  = version{10, 49, 0, "10.49.0-t1690000000"}
	r117    = version{11, 7, 1, ""}
	r1123   = version{11, 23, 2, ""}
	r1128   = version{11, 28, 0, ""}
	lenient = version{11, 29, 0, ""} // exception-handling
	r1130   = version{11, 30, 0, ""}
	newest  = version{11, 30, 1, "11.30.1-t1784555528405"}
)

func (v version) less(than version) bool {
	switch {
	case v.major != than.major:
		return v.major < than.major
	case v.minor != than.minor:
		return v.minor < than.minor
	}
	return v.patch < than.patch
}

// has reports whether this release has what came and went with others. A
// zero until means that it never went.
func (v version) has(since, until version) bool {
	return !v.less(since) && (until.major == 0 || v.less(until))
}

// SetVersion makes the fake a server of another release, such as "10.50.0",
// "11.7.1-t1720000000", "11.26.1" or the newest one that is known, "11.30.1",
// which it is at first. It panics if the text is no version.
func (f *Fake) SetVersion(text string) {
	v := version{text: text}
	number, _, _ := strings.Cut(text, "-")
	if n, _ := fmt.Sscanf(number, "%d.%d.%d", &v.major, &v.minor, &v.patch); n < 2 || v.less(oldest) {
		panic("jamfprotest: no version that can be served: " + text)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version = v
}

// Wire says how answers are written. The zero value is the usual form.
type Wire struct {
	TokenStatus   int    // of a refused token request; 0 = 401, documented is 400
	TokenType     string // of OAuth tokens; "" = "Bearer", "bearer" was seen too
	BareExpired   bool   // an expired token is answered with 401 and no errors, as an unknown one
	StaleRights   bool   // a token keeps the privileges that its account had when it was made
	Nested        bool   // commands are inside an object "command" each
	BareArray     bool   // the list of commands is an array without an envelope
	OneCommand    bool   // the answer to a new command is an object, not an array of one
	Deprecated    bool   // deprecated endpoints send Deprecation and Sunset headers
	NumericIDs    bool   // groups of a device have numbers for ids
	MissingAsHTML bool   // an endpoint that the version lacks is answered with HTML
}

// SetWire changes how answers are written from now on.
func (f *Fake) SetWire(w Wire) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wire = w
}
