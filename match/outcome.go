package match

// Kind is the outcome for a device, out of a closed set. The zero Kind is
// unknown and never an outcome of [Run].
type Kind uint8

const (
	KindUnknown Kind = iota
	Linked           // was linked or pinned to Asset, and still is
	AutoLinked       // is Asset beyond doubt; link it
	Suggested        // may be one of Candidates; a person decides
	Ambiguous        // several claims of equal right; a person decides
	Unmatched        // no asset fits; a new one may be created
	Ignored          // a person does not want it matched
	Blocked          // would be linked, or is, but a veto speaks against it
	Invalid          // nothing by which it could be recognised
	Alias            // another record of the device in AliasOf
	kindEnd
)

var kindWords = words{"", "linked", "auto_linked", "suggested", "ambiguous", "unmatched",
	"ignored", "blocked", "invalid", "alias"}

// Kinds returns every known kind in a stable order.
func Kinds() []Kind {
	all := make([]Kind, 0, kindEnd-1)
	for k := KindUnknown + 1; k < kindEnd; k++ {
		all = append(all, k)
	}
	return all
}

// IsLink reports whether the device is an asset: linked already, or to be
// linked now.
func (k Kind) IsLink() bool { return k == Linked || k == AutoLinked }

// String returns a code such as "auto_linked", or "" for unknown.
func (k Kind) String() string { return kindWords.text(int(k)) }

// MarshalText returns what String does.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText accepts what MarshalText writes and refuses anything else.
func (k *Kind) UnmarshalText(text []byte) error {
	i, err := kindWords.parse("kind of outcome", text)
	*k = Kind(i)
	return err
}

// Outcome is what became of one device. Its slices may be shared with other
// outcomes: read them, and clone what is to be changed.
type Outcome struct {
	Device string `json:"device"`
	Kind   Kind   `json:"kind"`

	// Asset is what the device is linked to: for Linked and AutoLinked, and
	// for a link or pin that is Blocked.
	Asset string `json:"asset,omitzero"`
	Rung  Rung   `json:"rung,omitzero"` // the best rung that holds for Asset, or for the first candidate

	Candidates []Candidate `json:"candidates,omitempty"` // best first; none for a link or an alias
	Reasons    []Reason    `json:"reasons,omitempty"`    // never empty
	Warnings   []Reason    `json:"warnings,omitempty"`   // what somebody should look at besides
	Trace      []Step      `json:"trace,omitempty"`      // what each rung found; none for a link, see Explain

	AliasOf string   `json:"alias_of,omitzero"` // for Alias: the record that stands for the device
	Aliases []string `json:"aliases,omitempty"` // further records of the device
}

// Candidate is an asset that a device may be.
type Candidate struct {
	Asset    string   `json:"asset"`
	Rung     Rung     `json:"rung"`              // best rung that holds
	Bits     float64  `json:"bits"`              // weight of the evidence; each bit doubles the odds; 0 = even
	Evidence Evidence `json:"evidence"`          // without values, see Explain
	Vetoes   []Reason `json:"vetoes,omitempty"`  // what speaks against it
	Held     []Reason `json:"held,omitempty"`    // why it is not linked automatically, vetoes aside
	Site     string   `json:"site,omitzero"`     // site of the asset
	Archived bool     `json:"archived,omitzero"` // a person retired the asset
}

// Step is one rung in the trace of a device.
type Step struct {
	Rung Rung   `json:"rung"`
	Mode Mode   `json:"mode"`          // what the policy lets it do for this device
	Hits int    `json:"hits"`          // assets found
	Why  []Code `json:"why,omitempty"` // why it was not looked at, or decided nothing
}
