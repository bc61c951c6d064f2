package relution

import (
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Statuses of a device that something depends on. They mix compliance and the
// stage of its life.
//
// Source: reference/relution.md 3
const (
	statusCompliant    = "COMPLIANT"
	statusNoncompliant = "NONCOMPLIANT"
	statusInactive     = "INACTIVE"
	statusPending      = "ENROLLMENT_PENDING"
	statusDeleted      = "DELETED"
)

// Platforms whose details are read in their own way.
const (
	androidEnterprise = "ANDROID_ENTERPRISE"
	chromeOS          = "CHROMEOS"
)

// Device is a device as Relution knows it. The list tells a part of it, the
// detail most of the rest. What was not told is zero, like what has no value.
// Texts are without blanks around them.
//
// Source: reference/relution.md 3
type Device struct {
	UUID             string // as the server writes it
	OrganizationUUID string // tenant that the device belongs to; "" = not reported, as by 5.x
	Detailed         bool   // it was read on its own, and not from a list

	Name          string // not unique
	HostName      string // network name; Macs and PCs
	Description   string
	Comment       string
	Status        string // "COMPLIANT", "INACTIVE", "DELETED" and others, as reported
	Platform      string // "IOS" for iPhone and iPad, "ANDROID_ENTERPRISE" and others, as reported
	Enrollment    string // how it was enrolled, such as "IOS_USER_ENROLLMENT"
	AutoEnrolment string // "DEP", "KME", "AUTOPILOT", "RAE"; "" = none, or not reported
	Automated     mdm.Flag
	Ownership     string // "COD", "BYOD", "UNKNOWN", as reported

	SerialNumber string // "" = not reported: such devices are not one and the same
	UDID         string // Apple's; the detail only
	DeviceID     string // of Windows and ChromeOS; not the UDID
	ExternalID   string // name in Android Enterprise; the detail only
	EntraID      string // Windows; the detail only
	EnrollmentID string // the detail only

	Manufacturer string
	Model        string // marketing name; Apple's in the detail only
	ModelID      string // such as "iPad12,1"; Apple only
	PartNumber   string // such as "MK2K3FD"; Apple only
	OSVersion    string
	OSBuild      string
	OSPatch      string // security patch level; Android only

	WiFiMAC      string
	EthernetMACs []string
	BluetoothMAC string          // the detail only
	IPAddresses  []string        // in the local network; the detail only
	Interfaces   []mdm.Interface // of the detail, where it tells what belongs together; what is known by its kind stands above as well
	PublicIP     string          // that the server sees, the same for a whole school: never to be matched by

	SIMs  []SIM
	MEID  string
	Phone string // where no SIM tells it

	Battery      int   // per cent, 1 to 100; 0 = not reported
	StorageTotal int64 // bytes; 0 = not reported, as by all lists
	StorageFree  int64
	ExternalFree int64 // on cards; the detail only
	MemoryTotal  int64

	Supervised     mdm.Flag
	MultiUser      mdm.Flag // Shared iPad
	Passcode       mdm.Flag
	PasscodeOK     mdm.Flag // it meets the rules
	Encrypted      mdm.Flag
	Jailbroken     mdm.Flag
	LostMode       mdm.Flag
	ActivationLock mdm.Flag

	UserUUID  string
	UserLogin string // "" = nobody; the pseudo user of unassigned devices is left out
	UserName  string
	UserEmail string
	LoggedIn  string    // who is logged in, where several people share it; the detail only
	LoanTo    string    // name of who borrowed it
	LoanUntil time.Time // zero = not on loan, or without an end

	Custom [5]string // custom1 to custom5
	Groups []DeviceGroup

	LastContact time.Time // last contact with the MDM
	LastAgent   time.Time // last contact of Relution's app
	LastRefresh time.Time // age of the inventory; the detail only
	Enrolled    time.Time // last enrolment
	Created     time.Time
	Deleted     time.Time

	Apps []App // the full list and the detail only

	origin    mdm.Origin
	asset     string
	annotated string   // asset tag of ChromeOS's own
	obeys     mdm.Flag // it breaks no rule, as their count says
	link      string
	target    mdm.LinkTarget
	blank     mdm.Keys
	raw       []byte
}

// App is an installed app.
type App struct {
	Name       string
	Identifier string // bundle or package; "" = not reported
	Version    string
	Managed    mdm.Flag
	Size       int64 // bytes; 0 = not reported
}

// SourceID is the id of the device in mdm: its UUID in upper case.
func (d *Device) SourceID() string { return strings.ToUpper(d.UUID) }

// Raw returns the server's JSON of the device, if Config.KeepRaw asked for it,
// without push tokens and other secrets.
func (d *Device) Raw() []byte { return d.raw }

// managed reads the status. A device that was not seen for long is still
// managed.
//
// Source: reference/relution.md 9
func (d *Device) managed() mdm.Flag {
	switch {
	case d.Status == statusCompliant, d.Status == statusNoncompliant, d.Status == statusInactive:
		return mdm.Yes
	case d.Status == statusPending, strings.HasPrefix(d.Status, "WITHDRAW"), strings.HasPrefix(d.Status, "DELET"):
		return mdm.No
	}
	return mdm.Unknown
}

func (d *Device) status() mdm.Status {
	switch d.Status {
	case statusCompliant, statusNoncompliant, statusInactive:
		return mdm.StatusEnrolled
	case statusPending:
		return mdm.StatusPending
	case "WITHDRAW_PENDING", "DELETION_PENDING":
		return mdm.StatusRetirePending
	case "WITHDRAWN", statusDeleted:
		return mdm.StatusRetired
	}
	return mdm.StatusUnknown
}

// compliant reads the status or, where a managed device has one that says
// nothing of it, the count of the rules that it breaks.
//
// Source: reference/relution.md 9
func (d *Device) compliant() mdm.Flag {
	switch {
	case d.Status == statusCompliant:
		return mdm.Yes
	case d.Status == statusNoncompliant:
		return mdm.No
	case d.managed() == mdm.No:
		return mdm.Unknown
	}
	return d.obeys
}
