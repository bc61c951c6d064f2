package fleet

// Flaw is one kind of dirt, of a record, a row or a person.
type Flaw uint8

// The flaws. The zero value is none of them. Their rates are shares of the
// physical Apple devices; see [Flaw.Rate].
const (
	FlawUnknown Flaw = iota

	// Flaws of identity in the MDM. At most one of these and of the following
	// block is on one physical device.

	ReEnrolled    // two records of one serial with different UDIDs; the older one stopped checking in. On both records
	JunkSerial    // the record's serial is "Not Available", "unknown" or ""
	SharedDock    // the Ethernet address is a dock's, and other Macs report it too
	MigratedUUID  // Migration Assistant copied the UDID: two Macs with two serials share it. One pair in a district
	WrongTag      // the tag typed into the MDM is the inventory number of another device
	LostZero      // the serial begins with zeros, which the inventory has lost
	LowerSerial   // the inventory's serial is in lower case
	ScannedSerial // the inventory's serial has an S in front, from its bar code
	MistypedOne   // the inventory's serial has O for 0 or I for 1

	// Flaws of identity in the inventory.

	SerialAsNumber // the serial stands in the number column, the serial column is empty
	SerialMissing  // no serial; name and model are those of the device
	JunkAsset      // the row's serial is "n/a", "unknown" or "-"
	Twin           // two rows with one serial. On both rows
	ArchivedInUse  // the row is archived, the device checks in
	MovedByHand    // the row is at another school than the record
	NotInInventory // the device has no row; every third device in stock has none too. On the record
	NoDevice       // the row is of something no MDM knows. On the row; Truth is ""

	// Flaws that may meet on one device.

	NoOwner        // the record has no owner
	NeverSeen      // the record never checked in
	DefaultName    // named as it came from the factory: "iPad"
	SharedName     // another record has the same name, which is no default
	TrailingBlank  // a blank at the end of the name. On records and people
	DecomposedName // umlauts of the name are letter and combining mark
	SpacedIMEI     // the row's IMEI is in groups
	HandTypedMAC   // the row's MAC address is in capitals, with hyphens

	flaws // how many there are
)

// flawTable names each flaw and says how often it is dealt. A rate of zero
// marks flaws that come about in another way.
var flawTable = [flaws]struct {
	name string
	rate float64
}{
	FlawUnknown:    {"unknown", 0},
	ReEnrolled:     {"re-enrolled", 0.02},
	JunkSerial:     {"junk serial", 0.015},
	SharedDock:     {"shared dock", 0.0125},
	MigratedUUID:   {"migrated UUID", 0},
	WrongTag:       {"wrong tag", 0.01},
	LostZero:       {"lost zero", 0.01},
	LowerSerial:    {"lower-case serial", 0.03},
	ScannedSerial:  {"scanned serial", 0.02},
	MistypedOne:    {"mistyped serial", 0.02},
	SerialAsNumber: {"serial as number", 0.02},
	SerialMissing:  {"serial missing", 0.03},
	JunkAsset:      {"junk serial of the asset", 0.01},
	Twin:           {"twin", 0.015},
	ArchivedInUse:  {"archived in use", 0.015},
	MovedByHand:    {"moved by hand", 0.015},
	NotInInventory: {"not in inventory", 0.05},
	NoDevice:       {"no device", 0.06},
	NoOwner:        {"no owner", 0.2},
	NeverSeen:      {"never seen", 0.02},
	DefaultName:    {"default name", 0.04},
	SharedName:     {"shared name", 0.02},
	TrailingBlank:  {"trailing blank", 0.03},
	DecomposedName: {"decomposed name", 0.03},
	SpacedIMEI:     {"spaced IMEI", 0.5},
	HandTypedMAC:   {"hand-typed MAC", 0.5},
}

// Flaws lists all flaws.
func Flaws() []Flaw {
	list := make([]Flaw, 0, flaws-1)
	for f := FlawUnknown + 1; f < flaws; f++ {
		list = append(list, f)
	}
	return list
}

// String returns a short name, or "unknown".
func (f Flaw) String() string {
	if f >= flaws {
		f = FlawUnknown
	}
	return flawTable[f].name
}

// Rate is the share of the physical Apple devices that get the flaw, as far
// as enough of them are fit for it; a fleet of forty or more gets each at
// least once. For NoOwner it is the share of personal devices, and shared
// ones have no owner anyway. SharedDock counts all Macs at the docks,
// NoDevice counts rows in addition to those of devices, and SpacedIMEI and
// HandTypedMAC are shares of the rows that give an IMEI or a MAC address.
// MigratedUUID is 0: it is always one pair.
func (f Flaw) Rate() float64 {
	if f >= flaws {
		return 0
	}
	return flawTable[f].rate
}
