package match

import "github.com/mdmlink/mdmlink/mdm/ident"

// Code says in one word why an outcome is what it is. The zero Code is
// unknown. Package match/phrase has a sentence for each.
type Code uint8

const (
	CodeUnknown Code = iota

	// What was compared: Field, and for CodeUnused also Why or Count.
	CodeAgrees  // both have the same value
	CodeDiffers // the values differ
	CodeUnused  // the value says nothing and was not used
	CodeUnclear // the values differ but may mean the same
	CodeShared  // Count devices or assets have the value, so it decides nothing

	// How a link came about.
	CodeLinkedBefore     // the device was linked to the asset
	CodeLinkFollowed     // it was linked under another id, Other
	CodeAliasLinked      // another record of the device, Other, was linked
	CodePinned           // a person decided so: Other is the decision
	CodeReplaceAccepted  // a person accepted the new serial: Other is the decision
	CodeSerialCorrected  // the serial changed from Other to Value, and the asset has the new one
	CodeLinkedElsewhere  // another connection, Other, has the asset too, under the device Value
	CodeDecisionFollowed // a decision was made for another id, Value: Other is the decision

	// Why a device is not linked.
	CodeNoIdentifier     // the device has no value that could be compared
	CodeNoCandidate      // no asset agrees in anything that counts
	CodeSingleCandidate  // one asset fits, but not enough to decide
	CodeSeveral          // Count assets fit
	CodePointApart       // identifiers of the device belong to different assets
	CodeContested        // another device, Other, has the same claim to the asset
	CodeRejectedByVetoes // what was found has more than one veto
	CodeIgnored          // a person ignores the device: Other is the decision
	CodeDuplicateID      // several devices or assets have this id

	// Vetoes.
	CodeSerialDiffers   // both have good serials, Value and Other, and they differ
	CodeModelDiffers    // both have exact models, Value and Other, and they differ
	CodeClassDiffers    // Value is not Other
	CodeAssetTaken      // a live device of the connection, Other, has the asset
	CodeSiteDiffers     // the device is at Value, the asset at Other
	CodeRetired         // a person retired the asset
	CodeRejected        // a person said that they are two: Other is the decision
	CodeIdentityChanged // the serial of a linked device changed from Other to Value
	CodeAssetMissing    // the asset Other is not in the inventory

	// Why a rung did not decide.
	CodeRungSuggests   // the policy lets the rung only suggest
	CodeRungOff        // the policy does not use the rung
	CodeUntrusted      // the policy trusts no serial of this kind of device
	CodeNeedsAgreement // something else has to agree as well, and nothing does
	CodeNeedsSerial    // the device has no good serial, and the policy asks for one
	CodeVirtual        // a virtual machine, whose identifiers are copied
	CodeWeak           // Field agrees, but a value is doubtful

	// Records and values.
	CodeDuplicateRecord // another record, Other, stands for the same device
	CodeMerged          // a person said that it is a record of Other: Value is the decision
	CodeSerialCollision // records with the serial Value are different devices, such as Other
	CodeNewShared       // Count devices have the Value of Field: add it to the lists if it is none
	CodeReopened        // a decision, Other, waits for the person, since the facts changed
	CodeExpired         // a decision, Other, has ended

	codeEnd
)

var codeWords = words{"",
	"agrees", "differs", "unused", "unclear", "shared",
	"linked_before", "link_followed", "alias_linked", "pinned", "replacement_accepted", "serial_corrected",
	"linked_elsewhere", "decision_followed",
	"no_identifier", "no_candidate", "single_candidate", "several_candidates", "identifiers_point_apart",
	"contested", "rejected_by_vetoes", "ignored_by_person", "duplicate_id",
	"serial_differs", "model_differs", "class_differs", "asset_taken", "site_differs", "retired_by_person",
	"rejected_by_person", "identity_changed", "asset_missing",
	"rung_suggests", "rung_off", "serial_untrusted", "needs_agreement", "needs_serial", "virtual_machine",
	"weak_identifier",
	"duplicate_mdm_record", "merged_by_person", "serial_collision", "new_shared_identifier",
	"decision_reopened", "decision_expired"}

// Codes returns every known code in a stable order.
func Codes() []Code {
	all := make([]Code, 0, codeEnd-1)
	for c := CodeUnknown + 1; c < codeEnd; c++ {
		all = append(all, c)
	}
	return all
}

// String returns the word, such as "serial_differs", or "" for unknown.
func (c Code) String() string { return codeWords.text(int(c)) }

// MarshalText returns what String does.
func (c Code) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText accepts what MarshalText writes and refuses anything else.
func (c *Code) UnmarshalText(text []byte) error {
	i, err := codeWords.parse("code", text)
	*c = Code(i)
	return err
}

// Reason is a code with its arguments; each code says which it has.
type Reason struct {
	Code  Code          `json:"code"`
	Field Field         `json:"field,omitzero"`
	Why   ident.Reasons `json:"why,omitzero"`
	Value string        `json:"value,omitzero"`
	Other string        `json:"other,omitzero"`
	Count int           `json:"count,omitzero"`
}
