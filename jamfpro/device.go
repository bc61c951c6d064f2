package jamfpro

import (
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// DeviceKind says in which of the two lists of the server a device is. Each
// numbers its devices on its own. The zero DeviceKind is unknown.
type DeviceKind uint8

// The kinds of devices.
const (
	UnknownKind DeviceKind = iota
	Computer
	MobileDevice
)

// String returns "computer", "mobile" or "".
func (k DeviceKind) String() string {
	switch k {
	case Computer:
		return "computer"
	case MobileDevice:
		return "mobile"
	}
	return ""
}

// Device is a computer or a mobile device as Jamf Pro knows it. What was not
// asked for is zero, like what has no value. Texts are without blanks around
// them.
//
// Source: reference/jamfpro.md 3
type Device struct {
	Kind         DeviceKind
	ID           string // number in the console; unique within Kind
	UDID         string // "" = not reported
	ManagementID string // UUID by which commands address the device; "" = not reported
	SerialNumber string // "" = not reported: such devices are not one and the same
	Name         string // not unique
	Type         string // "Mac"; "iOS", "tvOS", "watchOS", "visionOS", "Unknown", or the same in lower case
	Incomplete   bool   // the server has nothing but an id: never enrolled, or damaged

	AssetTag string
	Barcodes []string // computers only

	Model           string // marketing name
	ModelIdentifier string // such as "Mac15,6"
	ModelNumber     string // mobile devices only
	Make            string // computers only
	OSName          string // computers only
	OSVersion       string
	OSBuild         string
	RapidResponse   string // rapid security response, such as "(a)"; computers only

	Managed        mdm.Flag
	Supervised     mdm.Flag
	Ownership      string // "Institutional" and others, as reported; mobile devices only
	SharedIPad     mdm.Flag
	Automated      mdm.Flag // by Apple's Automated Device Enrolment
	EnrollmentType string   // free text, such as "PreStage enrollment"; computers, and single details
	EnrollmentName string   // of the enrolment profile or invitation; "" = none
	LastEnrolled   time.Time
	FirstSeen      time.Time // computers, and single details
	LastContact    time.Time // last contact with the server; zero = never, or not reported
	LastInventory  time.Time // last report of the inventory
	ProfileExpires time.Time // when the management profile expires
	SiteID         string    // "" = none
	SiteName       string    // "" = none, or not looked up
	Username       string
	RealName       string
	Email          string
	Position       string
	UserPhone      string // the user's, not the device's
	Room           string
	BuildingID     string // "" = none
	Building       string // "" = none, or not looked up
	DepartmentID   string // "" = none
	Department     string // "" = none, or not looked up
	Groups         []Group
	Attributes     []Attribute // extension attributes, of all sections
	IPAddresses    []string    // the device's own, as far as known
	PublicIP       string      // the address from which the server saw it; computers only
	Adapters       []Adapter   // network adapters of computers
	WiFiMAC        string      // mobile devices only
	BluetoothMAC   string      // mobile devices only
	Subscriptions  []Subscription
	Phone          string // the device's own number, where no SIM tells it
	Memory         int64  // bytes; 0 = not reported; computers only
	StorageTotal   int64  // bytes, taking a megabyte as 10⁶; of computers, the disk they start from
	StorageFree    int64  // bytes
	Battery        int    // per cent, 1 to 100; 0 = not reported. Of Macs it is not clear whether charge or health
	BatteryHealth  string // "NORMAL" and others, as reported
	Encrypted      mdm.Flag
	ActivationLock mdm.Flag
	Passcode       mdm.Flag // mobile devices only
	PasscodeOK     mdm.Flag // meets the rules; mobile devices only
	Jailbroken     mdm.Flag // mobile devices only
	LostMode       mdm.Flag // mobile devices only
	Purchased      mdm.Flag
	Leased         mdm.Flag
	OrderNumber    string
	Vendor         string
	Price          string    // free text, as reported
	PurchaseDate   time.Time // a day, at its beginning in UTC
	WarrantyEnd    time.Time // a day
	LeaseEnd       time.Time // a day
	AppleCareID    string
	Apps           []App // only if asked for
	AppsCollected  bool  // whether the applications were asked for

	origin mdm.Origin
	link   string
	target mdm.LinkTarget
	blank  mdm.Keys
	raw    []byte
}

// Group is a group that a device is a member of.
type Group struct {
	ID    string
	Name  string
	Smart bool // its members follow from rules
}

// Attribute is an extension attribute: a field of the customer's own.
type Attribute struct {
	ID     string
	Name   string // not unique
	Type   string // "STRING", "INTEGER", "DATE_TIME" or "DATE", as reported
	Input  string // "TEXT", "POPUP", "SCRIPT", "LDAP", as reported; computers only. A script's value cannot be set
	Values []string
}

// Adapter is a network adapter of a computer. Adapters in docks are shared
// between computers, so their addresses do not identify one.
type Adapter struct {
	Type string // "IEEE80211" or "Ethernet", as reported
	MAC  string
}

// Subscription is one SIM slot. Numbers are without the blanks that the server
// puts into them.
type Subscription struct {
	Slot    string // "CTSubscriptionSlotOne", "CTSubscriptionSlotTwo"; "" = the network section
	IMEI    string
	MEID    string
	ICCID   string
	EID     string
	Phone   string
	Carrier string
}

// App is an application that is installed on a device.
type App struct {
	Name       string
	Identifier string // bundle identifier
	Version    string
}

// Raw returns the server's JSON of the device, if Config.KeepRaw asked for it,
// without the members that would unlock a device; nil otherwise.
func (d *Device) Raw() []byte { return d.raw }

// SourceID returns the id of the device in mdm: its kind and its number.
func (d *Device) SourceID() string { return d.Kind.String() + ":" + d.ID }
