package match

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Rung is a kind of agreement between a device and an asset. The zero Rung is
// none.
type Rung uint8

const (
	RungNone        Rung = iota
	RungKnown            // linked before, or equal UDID or directory id
	RungSerial           // equal serial
	RungIMEI             // equal IMEI or MEID
	RungWiFi             // equal built-in address, and the model or the name agrees
	RungAssetTag         // equal label of the organisation
	RungNearSerial       // serial equal to the other number, or but for characters that look alike
	RungReplacement      // the device says that it stands in for the asset's serial
	RungLooseMAC         // equal address of a dock, a random one, or without a model that agrees
	RungName             // equal name that nobody else has
	RungSimilarName      // similar or shared name, and the model agrees
	rungEnd
)

var rungWords = words{"", "known", "serial", "imei", "wifi", "asset_tag", "near_serial", "replacement",
	"loose_mac", "name", "similar_name"}

// Rungs returns every known rung in the order of the default ladder.
func Rungs() []Rung {
	all := make([]Rung, 0, rungEnd-1)
	for r := RungNone + 1; r < rungEnd; r++ {
		all = append(all, r)
	}
	return all
}

// String returns a code such as "near_serial", or "" for none.
func (r Rung) String() string { return rungWords.text(int(r)) }

// MarshalText returns what String does.
func (r Rung) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText accepts what MarshalText writes and refuses anything else.
func (r *Rung) UnmarshalText(text []byte) error {
	i, err := rungWords.parse("rung", text)
	*r = Rung(i)
	return err
}

// Modes holds a Mode for each class of platforms.
type Modes struct {
	Apple Mode `json:"apple"` // devices that Apple makes
	Other Mode `json:"other"` // all others
}

func (m Modes) of(apple bool) Mode {
	if apple {
		return m.Apple
	}
	return m.Other
}

// RungPolicy is one rung of the ladder.
type RungPolicy struct {
	Rung  Rung `json:"rung"`
	Apple Mode `json:"apple"` // for devices that Apple makes
	Other Mode `json:"other"` // for all others
}

// Weight is how much a field says: M is the chance that it agrees for a true
// pair, U that it agrees by accident. Both lie between 0 and 1, and M is the
// greater one.
type Weight struct {
	M float64 `json:"m"`
	U float64 `json:"u"`
}

// Policy says what may decide. It is data: start from [Default] or read one
// with [ParsePolicy]. The zero Policy stands for Default.
type Policy struct {
	Version string `json:"version"` // such as "default/1"; reports name it

	// Ladder holds the rungs, best first. A rung that it lacks is off.
	Ladder []RungPolicy `json:"ladder"`

	Serials  Trust `json:"serials"`   // whose serials decide on their own
	NoSerial Modes `json:"no_serial"` // the most that rungs from RungSerial on may do for a device without a good serial
	Virtual  Modes `json:"virtual"`   // the most that they may do for a virtual machine

	// BuiltInEthernet treats an Ethernet address like a built-in one where the
	// device reports no Wi-Fi address and the maker is not known for docks.
	BuiltInEthernet bool `json:"built_in_ethernet"`

	CollapseHours int              `json:"collapse_hours"` // records of one serial that differ and were both seen within are two devices
	Candidates    int              `json:"candidates"`     // most candidates listed for a device
	Weights       map[Field]Weight `json:"weights"`        // for the order of suggestions; a field without one weighs nothing
}

// Default returns the policy that ships with this version.
func Default() Policy {
	return Policy{
		Version: "default/1",
		Ladder: []RungPolicy{
			{RungKnown, Auto, Auto},
			{RungSerial, Auto, Auto},
			{RungIMEI, Auto, Auto},
			{RungWiFi, Auto, Auto},
			{RungAssetTag, Suggest, Suggest},
			{RungNearSerial, Suggest, Suggest},
			{RungReplacement, Suggest, Suggest},
			{RungLooseMAC, Suggest, Suggest},
			{RungName, Suggest, Suggest},
			{RungSimilarName, Suggest, Suggest},
		},
		Serials:       TrustApple,
		NoSerial:      Modes{Apple: Auto, Other: Suggest},
		Virtual:       Modes{Apple: Suggest, Other: Suggest},
		CollapseHours: 24,
		Candidates:    10,
		Weights: map[Field]Weight{
			FieldLink:         {0.98, 1e-6},
			FieldSerial:       {0.98, 1e-6},
			FieldUDID:         {0.95, 1e-5},
			FieldDirectoryID:  {0.95, 1e-5},
			FieldIMEI:         {0.97, 1e-7},
			FieldWiFi:         {0.90, 1e-5},
			FieldEthernet:     {0.60, 2e-4},
			FieldAssetTag:     {0.90, 1e-5},
			FieldNumber:       {0.60, 1e-5},
			FieldNearSerial:   {0.60, 1e-5},
			FieldReplaces:     {0.60, 1e-5},
			FieldName:         {0.60, 1e-3},
			FieldSimilarName:  {0.60, 2e-3},
			FieldUser:         {0.50, 2e-4},
			FieldModel:        {0.95, 0.05},
			FieldManufacturer: {0.98, 0.30},
			FieldClass:        {0.995, 0.40},
		},
	}
}

// ParsePolicy reads a policy from JSON. It is strict: an unknown field or
// word is an error that names it. A field that is left out has the value of
// [Default], but the version must be there; a ladder or a weight that is
// there is taken as it stands.
func ParsePolicy(data []byte) (Policy, error) {
	p := Default()
	ladder := p.Ladder
	p.Version, p.Ladder = "", nil
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return Policy{}, fmt.Errorf("match: policy: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Policy{}, errors.New("match: policy: something follows after its end; remove it")
	}
	if p.Ladder == nil {
		p.Ladder = ladder
	}
	if err := p.Validate(); err != nil {
		return Policy{}, err
	}
	return p, nil
}

// Validate returns nil if the policy can be used, and otherwise all that is
// wrong with it. The zero Policy can be.
func (p Policy) Validate() error {
	if p.isZero() {
		return nil
	}
	var errs []error
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("match: policy: "+format, args...))
	}
	if p.Version == "" {
		bad(`no version; set "version", because reports name it`)
	}
	seen := map[Rung]bool{}
	for i, s := range p.Ladder {
		switch {
		case s.Rung == RungNone || s.Rung >= rungEnd:
			bad("ladder, rung %d: unknown rung", i+1)
		case seen[s.Rung]:
			bad("ladder: rung %s occurs twice", s.Rung)
		}
		seen[s.Rung] = true
		if s.Apple > Auto || s.Other > Auto {
			bad("ladder: rung %s: unknown mode", s.Rung)
		}
	}
	if p.Serials > TrustAll {
		bad("serials: unknown trust")
	}
	if max(p.NoSerial.Apple, p.NoSerial.Other, p.Virtual.Apple, p.Virtual.Other) > Auto {
		bad("no_serial or virtual: unknown mode")
	}
	if p.CollapseHours < 0 || p.CollapseHours > 24*365 {
		bad("collapse_hours is %d; use 0 to 8760", p.CollapseHours)
	}
	if p.Candidates < 1 || p.Candidates > 1000 {
		bad("candidates is %d; use 1 to 1000", p.Candidates)
	}
	for _, f := range slices.Sorted(maps.Keys(p.Weights)) {
		w := p.Weights[f]
		if f == FieldNone || f >= fieldEnd {
			bad("weights: unknown field")
		} else if !(w.U > 0 && w.U < w.M && w.M < 1) {
			bad("weights: %s has m %g and u %g; both must lie between 0 and 1, and m must be the greater one", f, w.M, w.U)
		}
	}
	return errors.Join(errs...)
}

func (p Policy) isZero() bool {
	return p.Version == "" && p.Ladder == nil && p.Weights == nil && p.Serials == TrustNone &&
		p.NoSerial == Modes{} && p.Virtual == Modes{} && !p.BuiltInEthernet &&
		p.CollapseHours == 0 && p.Candidates == 0
}
