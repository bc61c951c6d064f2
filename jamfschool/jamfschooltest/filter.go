package jamfschooltest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// filter says whether a device is in a listing. It runs under the lock.
type filter func(*state) bool

var enrolTypes = []string{"manual", "dep", "depPending", "ac2", "ac2Pending"}

// filters reads the parameters of a listing.
func (c *call) filters() ([]filter, error) {
	var list []filter
	for _, name := range deviceFilters {
		if !c.query.Has(name) {
			continue
		}
		k, ok := c.filter(name, c.query.Get(name))
		if !ok {
			return nil, fmt.Errorf("parameter %s cannot be %q", name, c.query.Get(name))
		}
		if k != nil {
			list = append(list, k)
		}
	}
	return list, nil
}

// filter makes one filter; nil filters nothing.
func (c *call) filter(name, value string) (filter, bool) {
	f := c.f
	switch name {
	case "serialnumber":
		return func(s *state) bool { return strings.EqualFold(s.Serial, value) }, true
	case "assettag":
		return func(s *state) bool { return s.AssetTag == value }, true
	case "name": // of the owner
		return func(s *state) bool { return f.ownerIsCalled(s, value) }, true
	case "model":
		return func(s *state) bool { return s.Identifier == value }, true
	case "enrollType":
		return func(s *state) bool { return enrolType(s) == value }, slices.Contains(enrolTypes, value)
	case "owner":
		return number(value, func(s *state) int { return s.owner })
	case "location":
		return number(value, func(s *state) int { return s.location })
	case "groups":
		return anyOf(value, func(s *state) []int { return s.groups })
	case "ownergroups":
		return anyOf(value, f.ownerGroups)
	case "hasOwner":
		return boolean(value, func(s *state) bool { return s.owner != 0 })
	case "supervised":
		return boolean(value, func(s *state) bool { return s.Supervised })
	case "bootstrapTokenStored":
		return boolean(value, bootstrapStored)
	case "managed": // broken: 1 gives some of the managed ones, anything else the rest
		some := func(s *state) bool { return f.managed(s) && s.index%2 == 0 }
		return func(s *state) bool { return some(s) == (value == "1") }, true
	}
	return nil, true // inTrash has no effect, includeApps is no filter
}

func number(value string, of func(*state) int) (filter, bool) {
	n, err := strconv.Atoi(value)
	return func(s *state) bool { return of(s) == n }, err == nil
}

func boolean(value string, of func(*state) bool) (filter, bool) {
	want := value == "1" || value == "true"
	return func(s *state) bool { return of(s) == want }, slices.Contains([]string{"0", "1", "true", "false"}, value)
}

func anyOf(value string, of func(*state) []int) (filter, bool) {
	ids, ok := numbers(value)
	return func(s *state) bool {
		return slices.ContainsFunc(of(s), func(id int) bool { return slices.Contains(ids, id) })
	}, ok
}

// numbers reads ids with commas between them.
func numbers(value string) ([]int, bool) {
	var ids []int
	for text := range strings.SplitSeq(value, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, false
		}
		ids = append(ids, n)
	}
	return ids, true
}

func (f *Fake) ownerIsCalled(s *state, part string) bool {
	u := f.user(s.owner)
	return u != nil && strings.Contains(strings.ToLower(u.person.Name()), strings.ToLower(part))
}

func (f *Fake) ownerGroups(s *state) []int {
	if u := f.user(s.owner); u != nil {
		return f.groupsOf(u)
	}
	return nil
}

// managed is what the server calls so: checked in within a week.
func (f *Fake) managed(s *state) bool {
	return s.Managed && !s.pending && f.clock.Sub(s.LastSeen) < 7*24*time.Hour
}

func bootstrapStored(s *state) bool { return s.Platform == fleet.MacOS && s.index%4 != 0 }

// enrolType is the server's word for how a device was enrolled.
func enrolType(s *state) string {
	word := map[fleet.Enrolment]string{fleet.Automated: "dep", fleet.Configurator: "ac2"}[s.Enrolment]
	switch {
	case word == "":
		return "manual"
	case s.pending:
		return word + "Pending"
	}
	return word
}
