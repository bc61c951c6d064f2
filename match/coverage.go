package match

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// CoverageReport says how far the devices of a connection are linked, and what
// stands in the way.
type CoverageReport struct {
	Version string          `json:"version"`
	Groups  []CoverageGroup `json:"groups"`            // by platform, class and site, in that order
	Causes  []Cause         `json:"causes,omitempty"`  // why devices are not linked, the most frequent first
	WhatIf  []WhatIf        `json:"what_if,omitempty"` // what other policies would change; only those that would
}

// CoverageGroup counts the outcomes of like devices. Aliases are left out.
type CoverageGroup struct {
	Platform string       `json:"platform"` // "apple", "android" or "other"
	Class    Class        `json:"class,omitzero"`
	Site     string       `json:"site,omitzero"` // the inventory's id, or else the MDM's
	Devices  int          `json:"devices"`
	Linked   int          `json:"linked"` // linked before or now
	Counts   map[Kind]int `json:"counts"`
}

// Cause is why Devices are not linked. Reason has no values.
type Cause struct {
	Platform string `json:"platform"`
	Kind     Kind   `json:"kind"`
	Reason   Reason `json:"reason"`
	Devices  int    `json:"devices"`
}

// WhatIf is what one change of the policy would do. It is never applied by
// itself.
type WhatIf struct {
	Change    string `json:"change"`    // such as "no_serial.other=auto"
	Linked    int    `json:"linked"`    // devices that would be linked as well
	Ambiguous int    `json:"ambiguous"` // devices that would become ambiguous
	Unlinked  int    `json:"unlinked"`  // devices that would no longer be linked
}

// Coverage reports how far the devices are linked. It tries up to a dozen
// policies, so it takes some times as long as matching does.
func (m *Matching) Coverage() CoverageReport {
	r := CoverageReport{Version: ReportVersion}
	groups := map[coverageKey]*CoverageGroup{}
	causes := map[causeKey]int{}
	for o := range m.Outcomes() {
		if o.Kind == Alias || o.Kind == Invalid && o.Reasons[0].Code == CodeDuplicateID {
			continue
		}
		dev := m.device(m.findDevice(o.Device))
		key := coverageKey{platform(dev), deviceClass(dev), firstOf(m.siteOf(dev), dev.Site)}
		g := groups[key]
		if g == nil {
			g = &CoverageGroup{Platform: key.Platform, Class: key.Class, Site: key.Site, Counts: map[Kind]int{}}
			groups[key] = g
		}
		g.Devices++
		g.Counts[o.Kind]++
		if o.Kind.IsLink() {
			g.Linked++
			continue
		}
		for c := range causesOf(&o) {
			causes[causeKey{key.Platform, o.Kind, c}]++
		}
	}
	for _, g := range groups {
		r.Groups = append(r.Groups, *g)
	}
	slices.SortFunc(r.Groups, func(a, b CoverageGroup) int {
		return cmp.Or(strings.Compare(a.Platform, b.Platform), cmp.Compare(a.Class, b.Class), strings.Compare(a.Site, b.Site))
	})
	r.Causes = sortCauses(causes)
	r.WhatIf = m.whatIf()
	return r
}

// coverageKey is what devices of a group have in common.
type coverageKey struct {
	Platform string
	Class    Class
	Site     string
}

type causeKey struct {
	platform string
	kind     Kind
	reason   Reason
}

func platform(d *Device) string {
	switch {
	case d.Apple:
		return "apple"
	case d.Android:
		return "android"
	}
	return "other"
}

// causesOf returns the reasons of an outcome without their values.
func causesOf(o *Outcome) map[Reason]bool {
	all := map[Reason]bool{}
	for _, r := range o.Reasons {
		all[Reason{Code: r.Code, Field: r.Field, Why: r.Why}] = true
	}
	return all
}

func sortCauses(causes map[causeKey]int) []Cause {
	var all []Cause
	for k, n := range causes {
		all = append(all, Cause{k.platform, k.kind, k.reason, n})
	}
	slices.SortFunc(all, func(a, b Cause) int {
		return cmp.Or(cmp.Compare(b.Devices, a.Devices), strings.Compare(a.Platform, b.Platform), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Reason.Code, b.Reason.Code), cmp.Compare(a.Reason.Field, b.Reason.Field), cmp.Compare(a.Reason.Why, b.Reason.Why))
	})
	return all
}

// whatIf tries the changes of policy that people ask for.
func (m *Matching) whatIf() []WhatIf {
	var all []WhatIf
	try := func(change string, f func(*Policy)) {
		p := m.policy
		p.Ladder = slices.Clone(p.Ladder)
		p.Weights = maps.Clone(p.Weights)
		f(&p)
		d := m.Compare(p)
		w := WhatIf{Change: change, Linked: d.Linked, Unlinked: d.Unlinked + d.Relinked}
		for _, c := range d.Changes {
			if c.After == Ambiguous {
				w.Ambiguous++
			}
		}
		if w.Linked+w.Unlinked+w.Ambiguous > 0 {
			all = append(all, w)
		}
	}
	if m.policy.Serials != TrustAll {
		try("serials=all", func(p *Policy) { p.Serials = TrustAll })
	}
	if m.policy.NoSerial.Other != Auto {
		try("no_serial.other=auto", func(p *Policy) { p.NoSerial.Other = Auto })
	}
	if m.policy.Virtual.Other != Auto {
		try("virtual.other=auto", func(p *Policy) { p.Virtual.Other = Auto })
	}
	for i, step := range m.policy.Ladder {
		if step.Apple != Auto || step.Other != Auto {
			try("ladder."+step.Rung.String()+"=auto", func(p *Policy) { p.Ladder[i].Apple, p.Ladder[i].Other = Auto, Auto })
		}
	}
	return all
}
