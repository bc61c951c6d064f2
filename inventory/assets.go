package inventory

import (
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/match"
)

// assets are the assets of a scope, held once, in the form that matching
// reads.
type assets struct {
	matched []match.Asset
	others  []others
	index   map[string]int // by id
}

// others is what matching does not read of an asset.
type others struct {
	revision, key, class string
	values               map[string]string
}

func newAssets(n int) *assets {
	return &assets{make([]match.Asset, 0, n), make([]others, 0, n), make(map[string]int, n)}
}

func (s *assets) add(a *Asset) {
	id := &a.Identifiers
	m := match.Asset{
		ID: a.ID, Serial: id.Serial, Number: id.Number, AssetTag: id.AssetTag, UDID: id.UDID, DirectoryID: id.DirectoryID,
		MACs: id.MACs, IMEIs: id.IMEIs, MEID: id.MEID, Name: id.Name,
		Model: id.Model, ModelID: id.ModelID, Manufacturer: id.Manufacturer, Login: id.Login, Email: id.Email,
		Site: a.Site, Archived: a.Archived,
	}
	_ = m.Class.UnmarshalText([]byte(strings.ToLower(id.Class))) // any other text is unknown
	s.index[a.ID] = len(s.matched)
	s.matched, s.others = append(s.matched, m), append(s.others, others{a.Revision, a.Key, id.Class, a.Values})
}

// find returns where the asset is.
func (s *assets) find(id string) (int, bool) {
	i, ok := s.index[id]
	return i, ok
}

func (s *assets) has(id string) bool {
	_, ok := s.index[id]
	return ok
}

// asset returns an asset as it was added. It shares its values and lists.
func (s *assets) asset(i int) Asset {
	m, o := &s.matched[i], &s.others[i]
	return Asset{ID: m.ID, Revision: o.revision, Key: o.key, Site: m.Site, Values: o.values, Archived: m.Archived,
		Identifiers: Identifiers{
			Serial: m.Serial, Number: m.Number, AssetTag: m.AssetTag, UDID: m.UDID, DirectoryID: m.DirectoryID,
			MACs: m.MACs, IMEIs: m.IMEIs, MEID: m.MEID, Name: m.Name,
			Manufacturer: m.Manufacturer, Model: m.Model, ModelID: m.ModelID, Login: m.Login, Email: m.Email, Class: o.class,
		}}
}

// keyed reports whether a sync created any of them.
func (s *assets) keyed() bool {
	return slices.ContainsFunc(s.others, func(o others) bool { return o.key != "" })
}
