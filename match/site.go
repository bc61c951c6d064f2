package match

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// What a suggestion of a site needs: so many devices, and so many times as
// many as the second best.
const (
	minSiteDevices = 5
	siteLead       = 3
)

// SiteSuggestion says to which site of the inventory a part of the MDM seems
// to belong. It is for a person to confirm and never applied by itself.
type SiteSuggestion struct {
	From    string `json:"from"`    // the MDM's id of the site; "" = the whole connection
	Site    string `json:"site"`    // the inventory's id
	Devices int    `json:"devices"` // devices whose serial is at Site
	Second  int    `json:"second"`  // the same for the second best
	Of      int    `json:"of"`      // devices of From whose serial is in the inventory at all
}

// SuggestSites compares serials, and suggests a site for the whole connection
// and for each of the MDM's sites, where at least five devices speak for it
// and three times as many as for any other. Assets without a site do not
// count, and neither do serials that are not strong or not unique.
func (m *Matching) SuggestSites() []SiteSuggestion {
	counts := map[string]map[string]int{}
	for i := range m.order {
		d := uint32(i)
		site := m.siteOfSerial(d)
		if site == "" {
			continue
		}
		count(counts, "", site)
		if from := m.device(d).Site; from != "" {
			count(counts, from, site)
		}
	}
	var all []SiteSuggestion
	for _, from := range slices.Sorted(maps.Keys(counts)) {
		if s, ok := lead(from, counts[from]); ok {
			all = append(all, s)
		}
	}
	return all
}

// SuggestSites is [Matching.SuggestSites] for an Input that is used only once.
func SuggestSites(in Input) []SiteSuggestion { return New(in).SuggestSites() }

func count(counts map[string]map[string]int, from, site string) {
	if counts[from] == nil {
		counts[from] = map[string]int{}
	}
	counts[from][site]++
}

// siteOfSerial returns the site of the asset that has the serial of a device.
func (m *Matching) siteOfSerial(d uint32) string {
	if m.primary[d] != d {
		return ""
	}
	a, n := m.assets.bySerial.one(m.devices.serial.key[d])
	if n != 1 || m.asset(a).Site == "" {
		return ""
	}
	if f := m.factsOf(d); !f.good || f.serial.Quality != ident.Strong || !bothStrong(f.serial, m.assetSerial(a)) {
		return ""
	}
	return m.asset(a).Site
}

func lead(from string, counts map[string]int) (SiteSuggestion, bool) {
	type vote struct {
		site string
		n    int
	}
	var votes []vote
	s := SiteSuggestion{From: from}
	for site, n := range counts {
		votes = append(votes, vote{site, n})
		s.Of += n
	}
	slices.SortFunc(votes, func(a, b vote) int { return cmp.Or(cmp.Compare(b.n, a.n), strings.Compare(a.site, b.site)) })
	s.Site, s.Devices = votes[0].site, votes[0].n
	if len(votes) > 1 {
		s.Second = votes[1].n
	}
	return s, s.Devices >= minSiteDevices && s.Devices >= siteLead*s.Second
}
