package mdm

import (
	"fmt"
	"slices"
)

// names holds the texts of an enum; index 0 is the unknown value, whose text
// is "".
type names []string

func (n names) text(i int) string {
	if i <= 0 || i >= len(n) {
		return ""
	}
	return n[i]
}

// index finds a text again. A text of a later version is unknown, not an
// error: stored records outlive the program that wrote them.
func (n names) index(text []byte) int {
	if len(text) == 0 {
		return 0
	}
	return max(0, slices.Index(n, string(text)))
}

// Flag is a fact that may be unknown. The zero Flag is Unknown.
type Flag uint8

const (
	Unknown Flag = iota // not reported
	No                  // reported as not so
	Yes                 // reported as so
)

var flagNames = names{"", "no", "yes"}

// FlagOf returns Yes or No.
func FlagOf(b bool) Flag {
	if b {
		return Yes
	}
	return No
}

// String returns "yes", "no" or "".
func (f Flag) String() string { return flagNames.text(int(f)) }

// MarshalText returns what String does.
func (f Flag) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText accepts what MarshalText writes and refuses anything else.
func (f *Flag) UnmarshalText(text []byte) error {
	*f = Flag(flagNames.index(text))
	if *f == Unknown && len(text) > 0 {
		return fmt.Errorf("mdm: %q is not a flag; use yes, no or nothing", text)
	}
	return nil
}

// Class is the sort of device. The zero Class is unknown.
type Class uint8

const (
	ClassUnknown     Class = iota
	ClassPhone             // mobile phone
	ClassTablet            // tablet computer
	ClassMediaPlayer       // hand-held player without a phone, such as an iPod touch
	ClassTV                // television box, such as an Apple TV
	ClassWatch             // watch
	ClassHeadset           // head-worn display
	ClassComputer          // desktop, laptop or server
)

var classNames = names{"", "phone", "tablet", "media player", "tv", "watch", "headset", "computer"}

// String returns an English word, or "" for unknown.
func (c Class) String() string { return classNames.text(int(c)) }

// Smart reports whether the class counts as a smart device rather than as a
// PC. An unknown class does not.
func (c Class) Smart() bool { return c != ClassUnknown && c != ClassComputer }

// MarshalText returns what String does.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is unknown.
func (c *Class) UnmarshalText(text []byte) error {
	*c = Class(classNames.index(text))
	return nil
}

// Platform is the family of operating systems. The zero Platform is unknown.
type Platform uint8

const (
	PlatformUnknown Platform = iota
	PlatformIOS
	PlatformIPadOS
	PlatformMacOS
	PlatformTVOS
	PlatformWatchOS
	PlatformVisionOS
	PlatformAndroid
	PlatformWindows
	PlatformChromeOS
	PlatformLinux
)

var platformNames = names{"", "iOS", "iPadOS", "macOS", "tvOS", "watchOS", "visionOS",
	"Android", "Windows", "ChromeOS", "Linux"}

// String returns the name of the operating system, or "" for unknown.
func (p Platform) String() string { return platformNames.text(int(p)) }

// Apple reports whether Apple makes the device.
func (p Platform) Apple() bool { return p >= PlatformIOS && p <= PlatformVisionOS }

// MarshalText returns what String does.
func (p Platform) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is unknown.
func (p *Platform) UnmarshalText(text []byte) error {
	*p = Platform(platformNames.index(text))
	return nil
}

// Ownership says whose the device is. The zero Ownership is unknown.
type Ownership uint8

const (
	OwnershipUnknown Ownership = iota
	OwnershipOrganisation
	OwnershipPersonal
)

var ownershipNames = names{"", "organisation", "personal"}

// String returns "organisation", "personal" or "".
func (o Ownership) String() string { return ownershipNames.text(int(o)) }

// MarshalText returns what String does.
func (o Ownership) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is unknown.
func (o *Ownership) UnmarshalText(text []byte) error {
	*o = Ownership(ownershipNames.index(text))
	return nil
}

// Status is where a device stands in the life of its management. The zero
// Status is not reported.
type Status uint8

const (
	StatusUnknown       Status = iota
	StatusPending              // expected by the system, not enrolled yet
	StatusEnrolled             // under management
	StatusRetirePending        // removal from management was requested
	StatusWipePending          // erasure was requested
	StatusRetired              // no longer under management
	StatusTrashed              // in the system's trash, can be restored
	StatusReleased             // no longer owned by the organisation
)

var statusNames = names{"", "pending", "enrolled", "retire pending", "wipe pending",
	"retired", "trashed", "released"}

// String returns an English word, or "" for not reported.
func (s Status) String() string { return statusNames.text(int(s)) }

// MarshalText returns what String does.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is unknown.
func (s *Status) UnmarshalText(text []byte) error {
	*s = Status(statusNames.index(text))
	return nil
}

// EnrolmentMethod is the way a device came under management. The zero
// EnrolmentMethod is unknown.
type EnrolmentMethod uint8

const (
	EnrolmentUnknown      EnrolmentMethod = iota
	EnrolmentAutomated                    // by the maker's programme, such as Apple's Automated Device Enrolment
	EnrolmentConfigurator                 // prepared by hand with Apple Configurator
	EnrolmentManual                       // a profile or an app, installed by a person
	EnrolmentUser                         // account-driven, for personally owned devices
)

var enrolmentNames = names{"", "automated", "configurator", "manual", "user"}

// String returns an English word, or "" for unknown.
func (m EnrolmentMethod) String() string { return enrolmentNames.text(int(m)) }

// MarshalText returns what String does.
func (m EnrolmentMethod) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is unknown.
func (m *EnrolmentMethod) UnmarshalText(text []byte) error {
	*m = EnrolmentMethod(enrolmentNames.index(text))
	return nil
}

// InterfaceKind is the sort of a network interface. The zero InterfaceKind is
// unknown.
type InterfaceKind uint8

const (
	InterfaceUnknown InterfaceKind = iota
	InterfaceWiFi
	InterfaceEthernet
	InterfaceBluetooth
	InterfaceCellular
)

var interfaceNames = names{"", "Wi-Fi", "Ethernet", "Bluetooth", "cellular"}

// String returns "Wi-Fi", "Ethernet", "Bluetooth", "cellular" or "".
func (k InterfaceKind) String() string { return interfaceNames.text(int(k)) }

// MarshalText returns what String does.
func (k InterfaceKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is unknown.
func (k *InterfaceKind) UnmarshalText(text []byte) error {
	*k = InterfaceKind(interfaceNames.index(text))
	return nil
}

// LinkTarget says what a deep link opens. The zero LinkTarget is unknown.
type LinkTarget uint8

const (
	LinkUnknown LinkTarget = iota
	LinkList               // the list of devices, where the device has to be searched
	LinkDevice             // the page of the device
)

var linkNames = names{"", "list", "device"}

// String returns "list", "device" or "".
func (t LinkTarget) String() string { return linkNames.text(int(t)) }

// MarshalText returns what String does.
func (t LinkTarget) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is unknown.
func (t *LinkTarget) UnmarshalText(text []byte) error {
	*t = LinkTarget(linkNames.index(text))
	return nil
}
