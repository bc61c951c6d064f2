package match

import "time"

// DecisionKind is the sort of a decision. The zero DecisionKind is unknown,
// and such a decision does nothing.
type DecisionKind uint8

const (
	DecisionUnknown   DecisionKind = iota
	Pin                            // the device is the asset, whatever the rules say
	Reject                         // the device is not the asset
	Ignore                         // the device is not to be matched
	AcceptReplacement              // the device is the asset although its serial is another now
	MergeAlias                     // the device is another record of the device in Primary
	decisionEnd
)

var decisionWords = words{"", "pin", "reject", "ignore", "accept_replacement", "merge_alias"}

// DecisionKinds returns every known kind in a stable order.
func DecisionKinds() []DecisionKind {
	all := make([]DecisionKind, 0, decisionEnd-1)
	for k := DecisionUnknown + 1; k < decisionEnd; k++ {
		all = append(all, k)
	}
	return all
}

// String returns a code such as "pin", or "" for unknown.
func (k DecisionKind) String() string { return decisionWords.text(int(k)) }

// MarshalText returns what String does.
func (k DecisionKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText accepts what MarshalText writes and refuses anything else.
func (k *DecisionKind) UnmarshalText(text []byte) error {
	i, err := decisionWords.parse("kind of decision", text)
	*k = DecisionKind(i)
	return err
}

// Decision is what a person decided about a device. No rule ever overrides
// it, but it may be reopened: when the device of this id has another serial
// than the person saw, or the evidence for a rejected pair is no longer what
// it was, the decision waits for the person and the outcome warns of it.
//
// A decision follows the serial. If the MDM gives the device another id, the
// decision holds for the device that has the serial now.
type Decision struct {
	Kind       DecisionKind `json:"kind"`
	ID         string       `json:"id,omitzero"`         // the host's key, named in reasons
	Connection string       `json:"connection,omitzero"` // "" = Input.Connection; of another connection = does nothing
	Device     string       `json:"device,omitzero"`     // the MDM's id of the device when it was decided
	Serial     string       `json:"serial,omitzero"`     // its serial then; for AcceptReplacement the accepted one
	Asset      string       `json:"asset,omitzero"`      // for Pin, Reject and AcceptReplacement
	Primary    string       `json:"primary,omitzero"`    // for MergeAlias: id of the device that stands for both

	// Evidence is Candidate.Evidence.String() as the person saw it, for a
	// Reject; "" = it holds whatever the evidence.
	Evidence string `json:"evidence,omitzero"`

	// The host's own text; kept, and shown by Explain.
	Who   string    `json:"who,omitzero"`
	Why   string    `json:"why,omitzero"`
	At    time.Time `json:"at,omitzero"`    // of two that contradict each other the later one holds
	Until time.Time `json:"until,omitzero"` // when it ends; zero = never
}
