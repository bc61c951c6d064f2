package match

import (
	"time"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// Input is everything that matching reads. It is never written to, and must
// not change while a [Matching] made from it is in use.
type Input struct {
	Connection string   // id of the connection that the devices come from
	Devices    []Device // every record of the connection; those left out count as gone
	Assets     []Asset  // every object of the scope, whatever its site, archived ones included
	Links      []Link   // what is linked now, by this connection and by others
	Decisions  []Decision

	// Sites maps the MDM's sites to those of the inventory. A device whose
	// site maps to another site than that of the asset is held back. A site
	// without an entry says nothing; nil = all sites say nothing.
	Sites map[string]string

	Policy Policy       // zero = Default()
	Rules  *ident.Rules // how identifiers are read; nil = ident.Default()
	Now    time.Time    // time of the listing; zero = the newest LastSeen
}

// Device is one record of the MDM, in its own spelling: identifiers are read
// and judged here. A zero field was not reported.
type Device struct {
	ID          string // unique within the connection, all classes together
	Serial      string
	UDID        string // Apple's UDID or the hardware UUID
	DirectoryID string // such as Entra's device id
	EnrolmentID string // the MDM's id of the enrolment; a serial that equals it is none

	WiFi     string   // built-in Wi-Fi address, the representative one
	Ethernet []string // other addresses, but never those of Bluetooth
	IMEIs    []string // one per slot
	MEID     string

	Name         string
	Model        string // marketing name
	ModelID      string // maker's identifier, such as iPad13,18
	Manufacturer string
	OS           string // name of the operating system
	AssetTag     string // label that the organisation gave
	Login        string // of the person the device is assigned to
	Email        string
	Site         string // the MDM's id of the site; see Input.Sites
	Replaces     string // serial of the device that this one stands in for, after service

	Class   Class
	Apple   bool // Apple makes the device
	Android bool // the device runs Android
	Managed bool // the MDM manages it now
	HTML    bool // the source writes & as &amp;

	LastSeen time.Time // last check-in; zero = never or not known
	Enrolled time.Time
}

// Asset is one object of the inventory, in its own spelling. A zero field is
// empty there.
type Asset struct {
	ID           string // unique within the scope
	Serial       string
	Model        string // marketing name
	ModelID      string // maker's identifier
	Manufacturer string
	Site         string // the inventory's id of the site; "" = none, which agrees with all
	Class        Class
	Archived     bool // a person retired it

	Number      string // second number that people type serials into: other serial, inventory number
	UDID        string
	DirectoryID string
	MACs        []string // of any interface but Bluetooth; one text may hold several
	IMEIs       []string
	MEID        string

	AssetTag string
	Name     string
	Login    string // of the person the asset is assigned to
	Email    string
}

// Link says that a device is an asset. Links of Input.Connection are kept
// unless a veto appears; those of other connections are normal, since several
// systems may describe one asset, and show which identifiers the asset has
// gone by.
type Link struct {
	Connection string // id of the connection
	Device     string // id of the device there
	Asset      string // id of the asset

	// What the device reported when it was linked. They find the asset again
	// when the MDM gives the device another id. "" = not known.
	Serial      string
	UDID        string
	DirectoryID string

	At time.Time // when it was linked; of two links of a device the later one holds
}
