package fleet

import (
	"slices"
	"time"
)

// Platform is the family of an operating system.
type Platform uint8

// The platforms. The zero value is none of them.
const (
	PlatformUnknown Platform = iota
	IPadOS
	IOS
	MacOS
	TVOS
	Windows
	Android
)

// String returns the name that the maker gives the system, or "unknown".
func (p Platform) String() string {
	return name(int(p), "unknown", "iPadOS", "iOS", "macOS", "tvOS", "Windows", "Android")
}

// Class is the build of a device.
type Class uint8

// The classes. The zero value is none of them.
const (
	ClassUnknown Class = iota
	Tablet
	Phone
	Laptop
	Desktop
	TVBox
)

// String returns a word for the class, or "unknown".
func (c Class) String() string {
	return name(int(c), "unknown", "tablet", "phone", "laptop", "desktop", "tv box")
}

// Enrolment is the way a device came under management.
type Enrolment uint8

// The ways to enrol. The zero value is none of them.
const (
	EnrolmentUnknown Enrolment = iota
	Manual                     // by a person, on the device
	Automated                  // by Apple's automated enrolment or a vendor's counterpart
	Configurator               // by Apple Configurator, over a cable
)

// String returns a word for the way, or "unknown".
func (e Enrolment) String() string {
	return name(int(e), "unknown", "manual", "automated", "configurator")
}

// name picks the text of an enum's value.
func name(i int, names ...string) string {
	if i < len(names) {
		return names[i]
	}
	return names[0]
}

// Device is one record of an MDM about one physical device.
type Device struct {
	Truth string // the physical device; two records of one device share it

	UDID         string // Apple: 40 hex digits, 8-16, or a Mac's UUID. Others: a UUID
	Serial       string
	Platform     Platform
	Class        Class
	Line         string // product line: "iPad", "MacBook Air", "Apple TV"
	Manufacturer string
	Model        string // marketing name
	Identifier   string // "iPad12,2"; the part number of a PC
	Color        string
	OSVersion    string

	Name     string
	AssetTag string // what somebody typed into the MDM; often the inventory number

	WiFiMAC      string   // six lower-case pairs with colons; "" = not reported
	BluetoothMAC string   // likewise
	EthernetMACs []string // likewise; may be a dock's
	IP           string   // the school's public address
	SIMs         []SIM    // cellular devices only, slot one first

	Owner  string   // Person.ID; "" = nobody
	School string   // School.ID
	Groups []string // Group.ID

	Capacity   int64   // bytes
	Free       int64   // bytes
	Battery    float64 // 0 to 1; -1 = has none
	Supervised bool
	Managed    bool // the management profile is on the device
	Passcode   bool
	Encrypted  bool

	Enrolment Enrolment
	Profile   string    // name of the automated enrolment profile; "" = none
	Added     time.Time // bought
	Enrolled  time.Time // zero = not yet
	LastSeen  time.Time // last check-in; zero = never

	Apps   []App // shared between devices: read only
	Notes  string
	Region string // the School's, "" when the device is elsewhere

	Flaws []Flaw
}

// SIM is one cellular subscription slot of a device.
type SIM struct {
	IMEI    string // 15 digits with a right check digit
	EID     string // 32 digits
	ICCID   string // 19 digits; "" = no card
	Phone   string // "" on most tablets
	Carrier string // "" = not connected
}

// App is a program installed on a device.
type App struct{ Name, Vendor, Identifier, Version string }

// Has reports whether the record has a flaw.
func (d *Device) Has(f Flaw) bool { return slices.Contains(d.Flaws, f) }

// Apple reports whether the device is one of Apple's.
func (d *Device) Apple() bool {
	return d.Platform >= IPadOS && d.Platform <= TVOS
}
