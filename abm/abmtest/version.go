package abmtest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// version is one entry of the API's change log, such as 2.4.
type version struct{ major, minor int }

func (v version) String() string { return fmt.Sprintf("%d.%d", v.major, v.minor) }

// less reports whether v came before w.
func (v version) less(w version) bool {
	return cmp.Or(cmp.Compare(v.major, w.major), cmp.Compare(v.minor, w.minor)) < 0
}

// The versions that brought something, by what they brought.
var (
	first     = version{1, 1}
	radioMACs = version{1, 2} // addresses of iPhones, iPads and Apple TVs
	coverage  = version{1, 3}
	macMACs   = version{1, 4} // addresses of Macs
	arrays    = version{1, 5} // imei, meid and ethernetMacAddress; the release date
	business  = version{2, 0} // users, groups, audit events, built-in management
	serverCRU = version{2, 1}
	units     = version{2, 2}
	migration = version{2, 3} // in a school 1.6
	release   = version{2, 4}
)

// newest is the newest version that is known of.
func newest(school bool) version {
	if school {
		return version{1, 6}
	}
	return release
}

// SetVersion makes the API that of an entry of Apple's change log: "1.1" to
// "1.5", for a school "1.6" and for a business "2.0" to "2.4". It panics if
// there is no such version.
func (f *Fake) SetVersion(text string) {
	major, minor, _ := strings.Cut(text, ".")
	v := version{}
	v.major, _ = strconv.Atoi(major)
	v.minor, _ = strconv.Atoi(minor)
	known := []version{first, radioMACs, coverage, macMACs, arrays, business, serverCRU, units, migration, release}
	if f.school {
		known = []version{first, radioMACs, coverage, macMACs, arrays, newest(true)}
	}
	if v.String() != text || !slices.Contains(known, v) {
		panic("abmtest: there is no version " + text)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version = v
}

// has reports whether the API has what came with a version of the business
// API.
func (f *Fake) has(since version) bool {
	if f.school && since == migration {
		since = newest(true)
	}
	return !f.version.less(since)
}
