package ident

import (
	"fmt"
	"slices"
)

// Kind is the sort of an identifier. The zero Kind is unknown.
type Kind uint8

const (
	KindUnknown     Kind = iota
	KindSerial           // serial number printed on the device or kept by its firmware
	KindUUID             // hardware UUID of a computer, or Apple's UDID
	KindMAC              // address of a network interface
	KindIMEI             // identity of mobile equipment, decimal
	KindMEID             // identity of mobile equipment, hexadecimal
	KindEID              // identifier of an embedded SIM
	KindICCID            // identifier of a SIM
	KindIMSI             // identity of a subscriber
	KindPhone            // phone number of a contract
	KindAssetTag         // label that the organisation gave
	KindName             // name that people or systems gave
	KindModel            // model, as marketing name or as maker's identifier
	KindDirectoryID      // id of the device in a directory, such as Entra's device id
)

var kindNames = []string{"", "serial", "uuid", "mac", "imei", "meid", "eid", "iccid", "imsi",
	"phone", "asset_tag", "name", "model", "directory_id"}

// Kinds returns every known kind in a stable order.
func Kinds() []Kind {
	all := make([]Kind, 0, len(kindNames)-1)
	for i := range kindNames[1:] {
		all = append(all, Kind(i+1))
	}
	return all
}

// String returns a code such as "serial", or "" for unknown.
func (k Kind) String() string { return nameOf(kindNames, int(k)) }

// MarshalText returns what String does.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is unknown.
func (k *Kind) UnmarshalText(text []byte) error {
	*k = Kind(max(0, slices.Index(kindNames, string(text))))
	return nil
}

// attribute reports whether values of the kind describe a device or a contract
// and therefore never identify a device.
func (k Kind) attribute() bool {
	switch k {
	case KindEID, KindICCID, KindIMSI, KindPhone, KindName, KindModel:
		return true
	}
	return false
}

// Quality says how far an identifier may be relied on. The values are
// ordered: a greater one is better. The zero Quality is Absent.
type Quality uint8

const (
	Absent Quality = iota // there is no value
	Junk                  // there is a value that says nothing about the device; never compare it
	Weak                  // two equal values are worth a suggestion, never a decision
	Strong                // as good as an identifier of its kind can be
)

var qualityNames = []string{"absent", "junk", "weak", "strong"}

// String returns "absent", "junk", "weak" or "strong".
func (q Quality) String() string { return nameOf(qualityNames, int(q)) }

// MarshalText returns what String does.
func (q Quality) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText accepts what MarshalText writes and refuses anything else.
func (q *Quality) UnmarshalText(text []byte) error {
	i := slices.Index(qualityNames, string(text))
	if i < 0 {
		return fmt.Errorf("ident: %q is not a quality; use absent, junk, weak or strong", text)
	}
	*q = Quality(i)
	return nil
}

func nameOf(names []string, i int) string {
	if i >= len(names) {
		return ""
	}
	return names[i]
}
