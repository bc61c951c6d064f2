package match

import (
	"strings"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// Field is what a device and an asset are compared by. The zero Field is
// none.
type Field uint8

const (
	FieldNone         Field = iota
	FieldLink               // an earlier link of the device
	FieldSerial             // serial number
	FieldUDID               // Apple's UDID or hardware UUID
	FieldDirectoryID        // id in the directory
	FieldIMEI               // IMEI or MEID
	FieldWiFi               // built-in Wi-Fi address
	FieldEthernet           // other address, which may be that of a dock
	FieldAssetTag           // label that the organisation gave
	FieldNumber             // serial of the device in the asset's other number
	FieldNearSerial         // serial but for characters that look alike
	FieldReplaces           // serial of the device that this one stands in for
	FieldName               // name
	FieldSimilarName        // name but for spaces, dashes and leading zeros
	FieldUser               // person
	FieldModel              // model
	FieldManufacturer       // manufacturer
	FieldClass              // phone, tablet, computer and so on
	FieldSite               // site
	fieldEnd
)

var fieldWords = words{"", "link", "serial", "udid", "directory_id", "imei", "wifi", "ethernet",
	"asset_tag", "number", "near_serial", "replaces", "name", "similar_name", "user", "model",
	"manufacturer", "class", "site"}

// Fields returns every known field in a stable order.
func Fields() []Field {
	all := make([]Field, 0, fieldEnd-1)
	for f := FieldNone + 1; f < fieldEnd; f++ {
		all = append(all, f)
	}
	return all
}

// String returns a code such as "serial", or "" for none.
func (f Field) String() string { return fieldWords.text(int(f)) }

// MarshalText returns what String does.
func (f Field) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText accepts what MarshalText writes and refuses anything else.
func (f *Field) UnmarshalText(text []byte) error {
	i, err := fieldWords.parse("field", text)
	*f = Field(i)
	return err
}

// State is the result of comparing a field. The zero State is Missing.
type State uint8

const (
	Missing State = iota // one side or both have no value
	Agrees               // the values are the same
	Differs              // the values differ
	Unused               // a value is there but says nothing, see Sign.Why and Sign.Shared
	Unclear              // the values differ, but may mean the same
	stateEnd
)

var stateWords = words{"missing", "agrees", "differs", "unused", "unclear"}

// States returns every state in a stable order.
func States() []State {
	all := make([]State, 0, stateEnd)
	for s := range stateEnd {
		all = append(all, s)
	}
	return all
}

// String returns a code such as "agrees".
func (s State) String() string { return stateWords.text(int(s)) }

// MarshalText returns what String does.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText accepts what MarshalText writes and refuses anything else.
func (s *State) UnmarshalText(text []byte) error {
	i, err := stateWords.parse("state", text)
	*s = State(i)
	return err
}

// Sign is what one field says about a pair.
type Sign struct {
	Field Field   `json:"field"`
	State State   `json:"state"`
	Bits  float64 `json:"bits,omitzero"` // positive speaks for the pair, negative against it

	Why    ident.Reasons `json:"why,omitzero"`    // what is wrong with a value, if something is
	Shared int           `json:"shared,omitzero"` // how many devices or assets have the value, where more than one has

	Device string `json:"device,omitzero"` // value of the device as it gave it; only in an Explanation
	Asset  string `json:"asset,omitzero"`  // value of the asset as it is there; only in an Explanation
}

// Evidence is what the fields say about a pair, without those that are
// missing, in the order of [Fields].
type Evidence []Sign

// Of returns what a field says; the zero Sign of the field if it is missing.
func (e Evidence) Of(f Field) Sign {
	for _, s := range e {
		if s.Field == f {
			return s
		}
	}
	return Sign{Field: f}
}

// String returns the fields with their states, such as
// "serial:agrees,model:differs". It holds no value, so it may be kept with a
// [Decision].
func (e Evidence) String() string {
	var b strings.Builder
	for i, s := range e {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(s.Field.String())
		b.WriteByte(':')
		b.WriteString(s.State.String())
	}
	return b.String()
}
