package match

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// QualityReport says what is wrong with the identifiers of an inventory.
// Assets are named by their ids, ascending; findings come in the order of
// their values.
type QualityReport struct {
	Version string `json:"version"`
	Rules   string `json:"rules"` // version of the lists of identifiers
	Assets  int    `json:"assets"`

	Twins []Finding `json:"twins,omitempty"` // assets with one serial, UDID, IMEI, address or label
	Near  []Finding `json:"near,omitempty"`  // assets whose serials differ by characters that look alike
	Junk  []Finding `json:"junk,omitempty"`  // assets with a value that is none
	Weak  []Finding `json:"weak,omitempty"`  // assets with a doubtful serial or IMEI
	Blank []string  `json:"blank,omitempty"` // assets without a serial
	Bare  []string  `json:"bare,omitempty"`  // assets without any identifier
}

// Finding is a value with the assets that have it.
type Finding struct {
	Field  Field         `json:"field"`
	Value  string        `json:"value"` // as it would be written
	Why    ident.Reasons `json:"why,omitzero"`
	Assets []string      `json:"assets"`
}

// Quality reports on the identifiers of an inventory; nil rules = ident.Default().
func Quality(assets []Asset, rules *ident.Rules) QualityReport {
	if rules == nil {
		rules = ident.Default()
	}
	q := auditor{rules: rules, twins: map[findingKey][]string{}, near: map[string][]ident.ID{}, nearIDs: map[string][]string{},
		junk: map[findingKey][]string{}, weak: map[findingKey][]string{}, texts: map[findingKey]string{}}
	r := QualityReport{Version: ReportVersion, Rules: rules.Version(), Assets: len(assets)}
	for i := range assets {
		a := &assets[i]
		serial := rules.Serial(a.Serial, assetHints(a))
		if serial.Quality == ident.Absent {
			r.Blank = append(r.Blank, a.ID)
		}
		if !q.asset(a, serial) {
			r.Bare = append(r.Bare, a.ID)
		}
	}
	slices.Sort(r.Blank)
	slices.Sort(r.Bare)
	r.Twins, r.Junk, r.Weak = q.findings(q.twins, 2), q.findings(q.junk, 1), q.findings(q.weak, 1)
	r.Near = q.nearFindings()
	return r
}

type findingKey struct {
	field Field
	key   string
	why   ident.Reasons
}

// auditor gathers findings.
type auditor struct {
	rules             *ident.Rules
	twins, junk, weak map[findingKey][]string
	texts             map[findingKey]string
	near              map[string][]ident.ID // by folded serial
	nearIDs           map[string][]string
}

// asset gathers the findings of one asset and reports whether it has any
// identifier.
func (q *auditor) asset(a *Asset, serial ident.ID) (any bool) {
	look := func(f Field, id ident.ID) {
		switch {
		case id.Quality == ident.Junk:
			q.add(q.junk, findingKey{f, id.Text, id.Reasons}, id, a.ID)
		case !id.Usable():
		default:
			any = true
			q.add(q.twins, findingKey{field: f, key: id.Key}, id, a.ID)
			if id.Quality == ident.Weak && (f == FieldSerial || f == FieldIMEI) {
				q.add(q.weak, findingKey{f, id.Key, id.Reasons}, id, a.ID)
			}
		}
	}
	look(FieldSerial, serial)
	look(FieldUDID, q.rules.UUID(a.UDID))
	for _, id := range readIMEIs(q.rules, a.IMEIs, a.MEID, assetHints(a)) {
		look(FieldIMEI, id)
	}
	for _, id := range readMACs(q.rules, a.MACs...) {
		look(FieldWiFi, id)
	}
	look(FieldAssetTag, q.rules.AssetTag(a.AssetTag, assetHints(a)))
	if serial.Folded != "" {
		q.near[serial.Folded] = append(q.near[serial.Folded], serial)
		q.nearIDs[serial.Folded] = append(q.nearIDs[serial.Folded], a.ID)
	}
	return any
}

func (q *auditor) add(to map[findingKey][]string, key findingKey, id ident.ID, asset string) {
	if old, ok := q.texts[key]; !ok || id.Text < old {
		q.texts[key] = id.Text
	}
	if !slices.Contains(to[key], asset) || len(to[key]) > maxShared {
		to[key] = append(to[key], asset)
	}
}

func (q *auditor) findings(from map[findingKey][]string, least int) []Finding {
	var all []Finding
	for k, ids := range from {
		slices.Sort(ids)
		if ids = slices.Compact(ids); len(ids) >= least {
			all = append(all, Finding{k.field, q.texts[k], k.why, ids})
		}
	}
	sortFindings(all)
	return all
}

func sortFindings(all []Finding) {
	slices.SortFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), strings.Compare(a.Value, b.Value), cmp.Compare(a.Why, b.Why))
	})
}

func (q *auditor) nearFindings() []Finding {
	var all []Finding
	for _, folded := range slices.Sorted(maps.Keys(q.near)) {
		keys := map[string]bool{}
		text := ""
		for _, id := range q.near[folded] {
			keys[id.Key] = true
			if text == "" || id.Text < text {
				text = id.Text
			}
		}
		if len(keys) > 1 {
			ids := slices.Clone(q.nearIDs[folded])
			slices.Sort(ids)
			all = append(all, Finding{Field: FieldNearSerial, Value: text, Assets: slices.Compact(ids)})
		}
	}
	sortFindings(all)
	return all
}
