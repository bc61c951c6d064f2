package intune

import (
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Device is a managed device. A text is as the service reports it, apart from
// blanks around it; "" = not reported. Lists, single devices and reports are
// three projections of it, which do not agree in all; lists leave much empty.
//
// Source: reference/intune.md 3
type Device struct {
	ID                  string // a GUID; another one after each enrolment
	Name                string // not unique
	ManagementName      string // made by the service, such as "_MacOS_11/3/2025_9:14 AM"
	SerialNumber        string // may be a maker's filler, the same on many devices
	UDID                string // Apple only; single devices only
	DirectoryID         string // id of the device in Entra; "" = none, or not its own
	DirectoryRegistered mdm.Flag
	OperatingSystem     string // such as "Windows", "iOS", "iPadOS", "macOS", "Android"
	OSVersion           string // without the build in brackets
	OSBuild             string // such as "24D70"; Windows: "22631.4037"
	SecurityPatch       string // Android only, such as "2026-02-05"
	Type                string // "iPad", "windowsRT" (a PC) and others; beta only
	Model               string
	ModelID             string // such as "iPad12,2"; single devices only
	Manufacturer        string // its case varies
	IMEI                string
	MEID                string
	EID                 string // reports, and single devices
	ICCID               string // reports, and single devices
	PhoneNumber         string // "" where the service masks it
	Carrier             string
	WiFiMAC             string // with colons; "" if it is none
	EthernetMAC         string // with colons; reports, and single devices
	IPv4                string // of Wi-Fi, up to 8 hours old; reports, and single devices
	WiredIPs            []string
	HostName            string // fully qualified; single devices only
	StorageTotal        int64  // bytes; 0 = not reported
	StorageFree         int64  // bytes
	Memory              int64  // bytes; Windows only; single devices only
	Battery             int    // per cent; 0 = not reported
	UserID              string // of the directory
	UserName            string
	UserLogin           string // user principal name
	UserEmail           string
	Category            string // "" = none
	Notes               string // single devices only
	OwnerType           string // "company", "personal", "unknown"
	ManagementState     string // "managed", "retirePending" and others
	ManagementAgent     string // "mdm", "jamf", "eas" and others
	EnrollmentType      string // "userEnrollment" and others; beta tells more of Android
	EnrollmentProfile   string
	RegistrationState   string
	ComplianceState     string // "compliant", "noncompliant", "inGracePeriod" and others
	JailBroken          string // "True", "False", "Unknown"
	LostModeState       string // "enabled", "disabled"; beta only
	JoinType            string // "azureADJoined", "hybridAzureADJoined" and others; beta only
	Supervised          mdm.Flag
	Encrypted           mdm.Flag
	Enrolled            time.Time // of Autopilot: when it was registered
	LastSync            time.Time // last check-in; zero = never, or not reported
	CertificateExpires  time.Time // of the device's management certificate
	Actions             []ActionResult
	reported            properties // which of the properties the answer had
	client              *Client    // that read it; nil = none
	raw                 []byte
}

// Raw returns the service's JSON of the device, if Config.KeepRaw asked for
// it, without what unlocks a device; nil otherwise. That of a list also lacks
// what lists never fill, since their defaults say nothing of the device.
func (d *Device) Raw() []byte { return d.raw }
