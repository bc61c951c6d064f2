package inventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// Mapping says which attributes of devices go into which fields of assets. It
// can be stored as JSON if its rules name their mappers in Use.
type Mapping []Rule

// Rule is one line of a mapping.
type Rule struct {
	From  mdm.Key   `json:"from"`          // attribute, custom field or part of the raw answer
	Field string    `json:"field"`         // the host's field, a key of Asset.Values
	Mode  Authority `json:"mode,omitzero"` // who wins when MDM and inventory differ; zero = MDMWins

	// Clear lets an attribute that the MDM reports as having no value empty
	// the field. Otherwise blanks never win.
	Clear bool `json:"clear,omitzero"`

	Use MapperCall `json:"use,omitzero"` // mapper by name; zero = the text as it is

	// Mapper turns the attribute's text into the field's, in place of Use; nil
	// = Use. It cannot be stored.
	Mapper Mapper `json:"-"`
}

// Authority says who wins when MDM and inventory differ. The zero Authority
// is MDMWins.
type Authority uint8

const (
	MDMWins       Authority = iota // the MDM's value is written, over edits too
	FillIfEmpty                    // written only into an empty field
	InventoryWins                  // written as long as nobody edits the field
	Once                           // written only when the device is linked
	Never                          // never written
)

var authorityNames = []string{"mdm_wins", "fill_if_empty", "inventory_wins", "once", "never"}

// String returns the name of the mode, such as "mdm_wins".
func (a Authority) String() string {
	if int(a) < len(authorityNames) {
		return authorityNames[a]
	}
	return fmt.Sprintf("Authority(%d)", a)
}

// MarshalText returns what String does.
func (a Authority) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText accepts the name of a mode.
func (a *Authority) UnmarshalText(text []byte) error {
	i := slices.Index(authorityNames, string(text))
	if i < 0 {
		return fmt.Errorf("inventory: %q is not a mode; use one of %s", text, strings.Join(authorityNames, ", "))
	}
	*a = Authority(i)
	return nil
}

// rules are the rules of the mapping, with the mappers that they name.
func (c Connection) rules() ([]Rule, error) {
	seen := map[string]bool{}
	rules := slices.Clone(c.Mapping)
	for i, r := range rules {
		if unknown := (mdm.Keys{r.From}).Unknown(); len(unknown) > 0 || r.From == mdm.KeyCustom {
			return nil, fmt.Errorf("Mapping: there is no attribute %q", r.From)
		}
		if r.Field == "" {
			return nil, fmt.Errorf("Mapping: the field for %q is missing", r.From)
		}
		if seen[r.Field] {
			return nil, fmt.Errorf("Mapping: two rules write the field %q", r.Field)
		}
		seen[r.Field] = true
		if r.Mapper == nil && r.Use.Name != "" {
			mapper, err := c.Mappers.mapper(r.Use)
			if err != nil {
				return nil, fmt.Errorf("Mapping: the field %q: %w", r.Field, err)
			}
			rules[i].Mapper = mapper
		}
	}
	return rules, nil
}

// rule is a Rule made ready.
type rule struct {
	Rule
	attribute mdm.Attribute // zero for what is not in the catalogue
	key       mdm.Key       // what is read of the record
}

func (r Rule) ready() rule {
	a, _ := mdm.Lookup(r.From)
	ready := rule{r, a, r.From}
	if isRaw(r.From) {
		ready.key = mdm.CustomKey(string(r.From))
	}
	return ready
}

// keys are the attributes that the mapping reads, those of templates too.
func (m Mapping) keys() mdm.Keys {
	var keys mdm.Keys
	for _, r := range m {
		keys = append(keys, r.From)
		if r.Use.Name == "template" && len(r.Use.Args) > 0 {
			keys = append(keys, templateKeys(r.Use.Args[0])...)
		}
	}
	return keys
}

// value is what a rule makes of a device: reported with the field's text,
// blank, or not reported.
func (r *rule) value(record *mdm.Record) mdm.AttributeValue {
	var v mdm.AttributeValue
	if r.attribute.Key != "" {
		v = r.attribute.Value(record)
	} else {
		v = mdm.Value(record, r.key)
	}
	if v.State == mdm.Reported && r.Mapper != nil {
		v.Text = r.Mapper(v.Text, *record)
		if v.Text == "" {
			v.State = mdm.NotReported
		}
	}
	return v
}

func isRaw(key mdm.Key) bool { return strings.HasPrefix(string(key), mdm.RawPrefix) }

// keepRaw puts what the mapping reads from a vendor's answer into the record,
// as custom fields: a run holds records, and no devices.
func (m Mapping) keepRaw(d mdm.Device, r *mdm.Record) {
	for _, rule := range m {
		if !isRaw(rule.From) {
			continue
		}
		if v := mdm.Value(d, rule.From); v.State != mdm.NotReported {
			if r.Custom == nil {
				r.Custom = map[string]string{}
			}
			r.Custom[string(rule.From)] = v.Text
		}
	}
}

// FieldChange is the change of one field of an asset.
type FieldChange struct {
	Field string  `json:"field"`
	From  mdm.Key `json:"from"` // the attribute it comes from
	Old   string  `json:"old"`
	New   string  `json:"new"`
}

// fieldNote says why a field was not changed although the MDM differs.
type fieldNote uint8

const (
	noteNone      fieldNote = iota
	noteBlank               // the MDM reported no value
	noteLocalEdit           // a person's edit was kept
	noteOther               // what another source wrote was kept
)

// base is what the connections of a scope left in a field last.
type base struct {
	value string
	known bool // one of them wrote it
	owned bool // a live source that this one must not write over wrote it
}

// settled compares ours, which the MDM says, with theirs, which the inventory
// holds. It is true if nothing is to be written whatever a sync left before.
func (r Rule) settled(ours mdm.AttributeValue, theirs string) (bool, fieldNote) {
	switch {
	case ours.State == mdm.NotReported, r.Mode == Never:
		return true, noteNone
	case ours.State == mdm.Blank && !r.Clear:
		if theirs != "" {
			return true, noteBlank
		}
		return true, noteNone
	}
	return equalValue(r.From, ours.Text, theirs), noteNone
}

// decide says whether to write, where ours is not theirs: it compares theirs
// with what a sync left last.
func (r Rule) decide(theirs string, b base, linking bool) (write bool, note fieldNote) {
	edited := b.known && !equalValue(r.From, theirs, b.value) || !b.known && theirs != ""
	if b.owned && !edited {
		return false, noteOther
	}
	switch r.Mode {
	case MDMWins:
		return true, noteNone
	case FillIfEmpty:
		return theirs == "" && !b.known, noteNone
	case InventoryWins:
		if edited {
			return false, noteLocalEdit
		}
		return true, noteNone
	case Once:
		return linking && !edited, noteNone
	}
	return false, noteNone
}
