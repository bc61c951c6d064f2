package inventory

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// Mapping says which attributes of devices go into which fields of assets.
type Mapping []Rule

// Rule is one line of a mapping.
type Rule struct {
	From  mdm.Key   // attribute, custom field or part of the raw answer
	Field string    // the host's field, a key of Asset.Values
	Mode  Authority // who wins when MDM and inventory differ; zero = MDMWins

	// Clear lets an attribute that the MDM reports as having no value empty
	// the field. Otherwise blanks never win.
	Clear bool

	// Mapper turns the attribute's text into the field's; nil = as it is. See
	// Mappers for those that have names.
	Mapper Mapper
}

// Authority says who wins when MDM and inventory differ. The zero Authority
// is MDMWins.
type Authority uint8

const (
	MDMWins       Authority = iota // the MDM's value is written, over edits too
	FillIfEmpty                    // written only into an empty field
	InventoryWins                  // written as long as nobody edits the field
	Once                           // written only when the device is linked
	Never                          // shown in plans, never written
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

func (m Mapping) check() error {
	seen := map[string]bool{}
	for _, r := range m {
		if unknown := (mdm.Keys{r.From}).Unknown(); len(unknown) > 0 || r.From == mdm.KeyCustom {
			return fmt.Errorf("Mapping: there is no attribute %q", r.From)
		}
		if r.Field == "" {
			return fmt.Errorf("Mapping: the field for %q is missing", r.From)
		}
		if seen[r.Field] {
			return fmt.Errorf("Mapping: two rules write the field %q", r.Field)
		}
		seen[r.Field] = true
	}
	return nil
}

func (m Mapping) keys() mdm.Keys {
	var keys mdm.Keys
	for _, r := range m {
		keys = append(keys, r.From)
	}
	return keys
}

func (m Mapping) reads(key mdm.Key) bool { return m.keys().Has(key) }

// value is what a rule makes of a device: reported with the field's text,
// blank, or not reported.
func (r Rule) value(record mdm.Record) mdm.AttributeValue {
	v := mdm.Value(record, r.From)
	if v.State == mdm.Reported && r.Mapper != nil {
		v.Text = r.Mapper(v.Text, record)
		if v.Text == "" {
			v.State = mdm.NotReported
		}
	}
	return v
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
)

// decide compares three values: base is what a sync wrote last (ok says
// whether one did), theirs what the inventory holds, ours what the MDM says.
func (r Rule) decide(ours mdm.AttributeValue, theirs, base string, ok, linking bool) (write bool, note fieldNote) {
	switch {
	case ours.State == mdm.NotReported, r.Mode == Never:
		return false, noteNone
	case ours.State == mdm.Blank && !r.Clear:
		if theirs != "" {
			return false, noteBlank
		}
		return false, noteNone
	case equalValue(r.From, ours.Text, theirs):
		return false, noteNone
	case r.Mode == MDMWins:
		return true, noteNone
	}
	edited := ok && !equalValue(r.From, theirs, base) || !ok && theirs != ""
	switch r.Mode {
	case FillIfEmpty:
		if theirs == "" && !ok {
			return true, noteNone
		}
	case InventoryWins:
		if !edited {
			return true, noteNone
		}
		return false, noteLocalEdit
	case Once:
		return linking && !edited, noteNone
	}
	return false, noteNone
}
