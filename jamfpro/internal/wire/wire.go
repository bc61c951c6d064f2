// Package wire holds the JSON shapes of the Jamf Pro API and nothing else. A
// computer comes in four generations of one shape, a mobile device in four
// shapes of its own; see mobile.go.
package wire

import "github.com/mdmlink/mdmlink/internal/json"

// Computer is a computer of any generation. A section that was not asked for
// is null or missing.
type Computer struct {
	ID              json.Text                     `json:"id"`
	UDID            json.Text                     `json:"udid"`
	General         json.Object[ComputerGeneral]  `json:"general"`
	Hardware        json.Object[ComputerHardware] `json:"hardware"`
	OS              json.Object[ComputerOS]       `json:"operatingSystem"`
	User            json.Object[ComputerUser]     `json:"userAndLocation"`
	Purchasing      json.Object[Purchasing]       `json:"purchasing"`
	Storage         json.Object[Storage]          `json:"storage"`
	Encryption      json.Object[Encryption]       `json:"diskEncryption"`
	Security        json.Object[ComputerSecurity] `json:"security"`
	Groups          json.List[Group]              `json:"groupMemberships"`
	Applications    json.List[ComputerApp]        `json:"applications"`
	ExtensionValues json.List[ExtensionAttribute] `json:"extensionAttributes"`
}

// ComputerGeneral is the section GENERAL of a computer.
type ComputerGeneral struct {
	Name             json.Text `json:"name"`
	LastIPAddress    json.Text `json:"lastIpAddress"`
	ReportedIP       json.Text `json:"lastReportedIp"` // v1 to v3
	ReportedIPv4     json.Text `json:"lastReportedIpV4"`
	ReportedIPv6     json.Text `json:"lastReportedIpV6"`
	Platform         json.Text `json:"platform"`
	Barcode1         json.Text `json:"barcode1"`
	Barcode2         json.Text `json:"barcode2"`
	AssetTag         json.Text `json:"assetTag"`
	RemoteManagement json.Object[struct {
		Managed json.Bool `json:"managed"`
	}] `json:"remoteManagement"`
	Supervised        json.Bool                     `json:"supervised"`
	ReportDate        Time                          `json:"reportDate"`
	LastContactTime   Time                          `json:"lastContactTime"` // v1 to v3
	LastCheckIn       Time                          `json:"lastCheckIn"`     // v4
	LastContact       Time                          `json:"lastContact"`     // v4
	LastEnrolled      Time                          `json:"lastEnrolledDate"`
	ProfileExpiration Time                          `json:"mdmProfileExpiration"`
	InitialEntry      Time                          `json:"initialEntryDate"`
	EnrollmentMethod  json.Object[EnrollmentMethod] `json:"enrollmentMethod"`
	Site              json.Object[Named]            `json:"site"`
	Automated         json.Bool                     `json:"enrolledViaAutomatedDeviceEnrollment"`
	ManagementID      json.Text                     `json:"managementId"`
	ExtensionValues   json.List[ExtensionAttribute] `json:"extensionAttributes"`
}

// EnrollmentMethod says how a computer was enrolled.
type EnrollmentMethod struct {
	Name json.Text `json:"objectName"`
	Type json.Text `json:"objectType"`
}

// Named is an object that is known by id and name.
type Named struct {
	ID   json.Text `json:"id"`
	Name json.Text `json:"name"`
}

// ComputerHardware is the section HARDWARE of a computer.
type ComputerHardware struct {
	Make            json.Text                     `json:"make"`
	Model           json.Text                     `json:"model"`
	ModelIdentifier json.Text                     `json:"modelIdentifier"`
	SerialNumber    json.Text                     `json:"serialNumber"`
	AdapterType     json.Text                     `json:"networkAdapterType"`
	MAC             json.Text                     `json:"macAddress"`
	AltAdapterType  json.Text                     `json:"altNetworkAdapterType"`
	AltMAC          json.Text                     `json:"altMacAddress"`
	RAMMegabytes    json.Int                      `json:"totalRamMegabytes"`
	BatteryPercent  json.Int                      `json:"batteryCapacityPercent"`
	BatteryHealth   json.Text                     `json:"batteryHealth"`
	AppleSilicon    json.Bool                     `json:"appleSilicon"`
	ExtensionValues json.List[ExtensionAttribute] `json:"extensionAttributes"`
}

// ComputerOS is the section OPERATING_SYSTEM.
type ComputerOS struct {
	Name            json.Text                     `json:"name"`
	Version         json.Text                     `json:"version"`
	Build           json.Text                     `json:"build"`
	RapidResponse   json.Text                     `json:"rapidSecurityResponse"`
	FileVault       json.Text                     `json:"fileVault2Status"`
	ExtensionValues json.List[ExtensionAttribute] `json:"extensionAttributes"`
}

// ComputerUser is the section USER_AND_LOCATION of a computer, whose keys are
// not those of a mobile device.
type ComputerUser struct {
	Username        json.Text                     `json:"username"`
	RealName        json.Text                     `json:"realname"`
	Email           json.Text                     `json:"email"`
	Position        json.Text                     `json:"position"`
	Phone           json.Text                     `json:"phone"`
	DepartmentID    json.Text                     `json:"departmentId"`
	BuildingID      json.Text                     `json:"buildingId"`
	Room            json.Text                     `json:"room"`
	ExtensionValues json.List[ExtensionAttribute] `json:"extensionAttributes"`
}

// Purchasing is the section PURCHASING. Computers and mobile devices call the
// ends of warranty and lease by different names.
type Purchasing struct {
	Purchased       json.Bool                     `json:"purchased"`
	Leased          json.Bool                     `json:"leased"`
	PONumber        json.Text                     `json:"poNumber"`
	PODate          Time                          `json:"poDate"`
	Vendor          json.Text                     `json:"vendor"`
	WarrantyDate    Time                          `json:"warrantyDate"`        // computers
	WarrantyExpires Time                          `json:"warrantyExpiresDate"` // mobile devices
	LeaseDate       Time                          `json:"leaseDate"`           // computers
	LeaseExpires    Time                          `json:"leaseExpiresDate"`    // mobile devices
	AppleCareID     json.Text                     `json:"appleCareId"`
	Price           json.Text                     `json:"purchasePrice"`
	ExtensionValues json.List[ExtensionAttribute] `json:"extensionAttributes"`
}

// Storage is the section STORAGE.
type Storage struct {
	BootFree json.Int `json:"bootDriveAvailableSpaceMegabytes"`
	Disks    json.List[struct {
		Megabytes  json.Int `json:"sizeMegabytes"`
		Partitions json.List[struct {
			Type      json.Text `json:"partitionType"`
			Megabytes json.Int  `json:"sizeMegabytes"`
			Available json.Int  `json:"availableMegabytes"`
		}] `json:"partitions"`
	}] `json:"disks"`
}

// Encryption is the section DISK_ENCRYPTION.
type Encryption struct {
	Boot json.Object[struct {
		State json.Text `json:"partitionFileVault2State"`
	}] `json:"bootPartitionEncryptionDetails"`
	Enabled json.Bool `json:"fileVault2Enabled"`
}

// ComputerSecurity is the section SECURITY of a computer.
type ComputerSecurity struct {
	ActivationLock json.Bool `json:"activationLockEnabled"`
}

// Group is a group that a device is a member of.
type Group struct {
	ID    json.Text `json:"groupId"`
	Name  json.Text `json:"groupName"`
	Smart json.Bool `json:"smart"`
	// SmartGroup is what computers call Smart.
	SmartGroup json.Bool `json:"smartGroup"`
}

// ComputerApp is an application of a computer.
type ComputerApp struct {
	Name         json.Text `json:"name"`
	Version      json.Text `json:"version"`
	ShortVersion json.Text `json:"cfBundleShortVersionString"` // v3 and later
	BundleID     json.Text `json:"bundleId"`
}

// ExtensionAttribute is a field of the customer's own, with the keys of
// computers (definitionId, dataType, values) and of mobile devices (id, type,
// value).
type ExtensionAttribute struct {
	DefinitionID json.Text            `json:"definitionId"`
	ID           json.Text            `json:"id"`
	Name         json.Text            `json:"name"`
	DataType     json.Text            `json:"dataType"`
	Type         json.Text            `json:"type"`
	InputType    json.Text            `json:"inputType"`
	Values       json.List[json.Text] `json:"values"`
	Value        json.List[json.Text] `json:"value"`
}
