package ident

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// Reasons is a set of reasons why an identifier is not [Strong]. An identifier
// has at least one reason exactly if it is [Junk] or [Weak]. The zero Reasons
// is the empty set.
type Reasons uint64

// Reasons of any kind of identifier.
const (
	ReasonListed      Reasons = 1 << iota // a list names the value and says no more
	ReasonPlaceholder                     // text or number that stands where a value is missing
	ReasonTooLong                         // longer than MaxLen bytes
	ReasonGarbled                         // holds bytes that are not text
	ReasonShape                           // not of the form that its kind has, or has as a rule
	ReasonPunctuation                     // neither a letter nor a digit
	ReasonRepeated                        // one character over and over
	ReasonSequence                        // counts up or down
	ReasonScientific                      // a spreadsheet made it a rounded number, such as 3.52E+14
	ReasonAttribute                       // values of this kind describe and never identify a device

	// Reasons of serial numbers.
	ReasonTooShort    // one or two characters
	ReasonShort       // three to five characters
	ReasonBinary      // only the digits 0 and 1
	ReasonVersion     // a version such as 1.0
	ReasonProductCode // an order code that all devices of a series report
	ReasonAndroidID   // looks like the id that Android gives to an installation
	ReasonCloud       // all virtual machines of a provider share it

	// Reasons that come from the other facts about the device.
	ReasonEqualsModel
	ReasonEqualsManufacturer
	ReasonEqualsName
	ReasonEqualsOS
	ReasonEqualsUDID
	ReasonEqualsEnrolmentID
	ReasonEqualsSerial
	ReasonContainsSerial // a name made from the serial: a copy, no evidence of its own

	// Reasons of IMEI and MEID.
	ReasonBadCheckDigit
	ReasonNoCheckDigit // sent without its check digit, so a mistake in it would not show
	ReasonIMEISV       // ends in a software version instead of a check digit
	ReasonZeroTAC      // the type allocation code is zero
	ReasonAmbiguous    // may be an IMEI as well as a MEID

	// Reasons of MAC addresses.
	ReasonGroup    // multicast or broadcast
	ReasonLocal    // locally administered: random, virtual or VPN
	ReasonVPN      // adapter of a VPN or dial-up program, the same everywhere
	ReasonAdapter  // pseudo adapter of a system or a hypervisor, the same everywhere
	ReasonModem    // modem whose address is the same everywhere
	ReasonInternal // link inside the device, the same on all of its model
	ReasonRouter   // shared address of redundant routers
	ReasonCloned   // cards that were sold with one address
	ReasonDock     // the maker builds docks and dongles, which wander

	// Reasons of UUIDs and directory ids.
	ReasonFewDigits     // fewer than five different digits
	ReasonHalfEmpty     // zero but for its first or last bytes
	ReasonNotRegistered // all zero: the directory does not know the device

	// Reasons of names and asset tags.
	ReasonDefaultName // the name a device has before anybody names it
	ReasonDefaultForm // a default name with somebody's name in it
	ReasonVolatile    // drawn at random when the system is installed
	ReasonGenerated   // made by an MDM or by a program between MDM and inventory

	reasonEnd
)

var reasonCodes = []string{
	"listed", "placeholder", "too_long", "garbled", "shape", "punctuation", "repeated",
	"sequence", "scientific", "attribute",
	"too_short", "short", "binary_digits", "version", "product_code", "android_id", "cloud",
	"equals_model", "equals_manufacturer", "equals_name", "equals_os", "equals_udid",
	"equals_enrolment_id", "equals_serial", "contains_serial",
	"bad_check_digit", "no_check_digit", "imeisv", "zero_tac", "ambiguous",
	"group_address", "local_address", "vpn", "adapter", "modem", "internal", "router", "cloned", "dock",
	"few_digits", "half_empty", "not_registered",
	"default_name", "default_form", "volatile", "generated",
}

// AllReasons returns the set of every reason, for instance to check that each
// has a sentence.
func AllReasons() Reasons { return reasonEnd - 1 }

// Has reports whether all reasons of r are in the set. No set has the empty
// one.
func (s Reasons) Has(r Reasons) bool { return r != 0 && s&r == r }

// Codes returns the codes of the reasons, such as "too_short", in a stable
// order; nil if there are none.
func (s Reasons) Codes() []string { return codesOf(uint64(s), reasonCodes) }

// String returns the codes with commas between them.
func (s Reasons) String() string { return strings.Join(s.Codes(), ",") }

// MarshalJSON returns the codes as a list, which may be empty.
func (s Reasons) MarshalJSON() ([]byte, error) { return marshalCodes(s.Codes()) }

// UnmarshalJSON accepts a list of codes and refuses a code it does not know.
func (s *Reasons) UnmarshalJSON(data []byte) error {
	set, err := unmarshalCodes(data, reasonCodes, "reason")
	if err == nil {
		*s = Reasons(set)
	}
	return err
}

// Traits is a set of hints about an identifier that do not lower its quality.
// The zero Traits is the empty set.
type Traits uint8

const (
	TraitVirtual     Traits = 1 << iota // belongs to a virtual machine
	TraitOddShape                       // serial of an Apple device that does not look like Apple's
	TraitNumbered                       // name that ends in a number such as " (2)", given to tell equal names apart
	TraitProductType                    // model that is Apple's product type, such as iPad13,18
	traitEnd
)

var traitCodes = []string{"virtual", "odd_shape", "numbered", "product_type"}

// AllTraits returns the set of every trait.
func AllTraits() Traits { return traitEnd - 1 }

// Has reports whether all traits of t are in the set. No set has the empty
// one.
func (s Traits) Has(t Traits) bool { return t != 0 && s&t == t }

// Codes returns the codes of the traits, such as "virtual", in a stable
// order; nil if there are none.
func (s Traits) Codes() []string { return codesOf(uint64(s), traitCodes) }

// String returns the codes with commas between them.
func (s Traits) String() string { return strings.Join(s.Codes(), ",") }

// MarshalJSON returns the codes as a list, which may be empty.
func (s Traits) MarshalJSON() ([]byte, error) { return marshalCodes(s.Codes()) }

// UnmarshalJSON accepts a list of codes and refuses a code it does not know.
func (s *Traits) UnmarshalJSON(data []byte) error {
	set, err := unmarshalCodes(data, traitCodes, "trait")
	if err == nil {
		*s = Traits(set)
	}
	return err
}

func codesOf(set uint64, codes []string) []string {
	if set == 0 {
		return nil
	}
	list := make([]string, 0, bits.OnesCount64(set))
	for i, code := range codes {
		if set&(1<<i) != 0 {
			list = append(list, code)
		}
	}
	return list
}

func marshalCodes(codes []string) ([]byte, error) {
	if codes == nil {
		return []byte("[]"), nil
	}
	return json.Marshal(codes)
}

func unmarshalCodes(data []byte, codes []string, what string) (uint64, error) {
	var list []string
	if err := json.Unmarshal(data, &list); err != nil {
		return 0, fmt.Errorf("ident: a %s set is a list of codes: %w", what, err)
	}
	var set uint64
	for _, code := range list {
		i := slices.Index(codes, code)
		if i < 0 {
			return 0, fmt.Errorf("ident: unknown %s %q; use one of %s", what, code, strings.Join(codes, ", "))
		}
		set |= 1 << i
	}
	return set, nil
}
