package relutiontest

import (
	"fmt"
	"strings"
)

// version is a release of Relution.
type version struct {
	major, minor int
	text         string // as the server says it
}

// newest is what a fake is at first.
var newest = version{26, 1, "26.1.1"}

// from reports whether this release is that one or a later one.
func (v version) from(major, minor int) bool {
	return v.major > major || v.major == major && v.minor >= minor
}

// modern servers have the API below /api/management, write Apple's details
// nested and say to which organisation a device belongs. What is known comes
// from 5.5 and 26.1; the release in which the paths changed is taken for all
// of it.
func (v version) modern() bool { return v.from(5, 34) }

// SetVersion makes the fake a server of another release, such as "4.88.0",
// "5.5.4-740-geff8e877@master" or "26.1.1", which it is at first. It panics if
// the text is no version, or one before 3.0.
func (f *Fake) SetVersion(text string) {
	v := version{text: text}
	number, _, _ := strings.Cut(text, "-")
	if n, _ := fmt.Sscanf(number, "%d.%d", &v.major, &v.minor); n < 2 || v.major < 3 {
		panic("relutiontest: no version that can be served: " + text)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version = v
	f.epoch++
}

// prefixes are the paths below which a release has its API, without the
// number of the API's own version.
func (f *Fake) prefixes() []string {
	var list []string
	if f.version.modern() {
		list = append(list, "/api/management/")
	}
	if f.version.from(5, 0) && !(f.version.modern() && f.wire.NoAlias) {
		list = append(list, "/api/")
	}
	if !f.version.from(5, 1) {
		list = append(list, "/relution/api/")
	}
	return list
}
