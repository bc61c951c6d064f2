package wire

import "github.com/mdmlink/mdmlink/internal/json"

// Mobile is a mobile device in the paged list of details.
type Mobile struct {
	ID              json.Text                     `json:"mobileDeviceId"`
	DeviceType      json.Text                     `json:"deviceType"` // iOS, tvOS, watchOS, visionOS, Unknown
	General         json.Object[MobileGeneral]    `json:"general"`
	Hardware        json.Object[MobileHardware]   `json:"hardware"`
	User            json.Object[MobileUser]       `json:"userAndLocation"`
	Purchasing      json.Object[Purchasing]       `json:"purchasing"`
	Security        json.Object[MobileSecurity]   `json:"security"`
	Network         json.Object[Network]          `json:"network"`
	Subscriptions   json.List[Network]            `json:"serviceSubscriptions"`
	Groups          json.List[Group]              `json:"groups"`
	Applications    json.List[MobileApp]          `json:"applications"`
	ExtensionValues json.List[ExtensionAttribute] `json:"extensionAttributes"`
}

// MobileGeneral is the section GENERAL of a mobile device.
type MobileGeneral struct {
	UDID              json.Text                     `json:"udid"`
	DisplayName       json.Text                     `json:"displayName"`
	AssetTag          json.Text                     `json:"assetTag"`
	SiteID            json.Text                     `json:"siteId"`
	LastInventory     Time                          `json:"lastInventoryUpdateDate"`
	LastContact       Time                          `json:"lastContactDate"` // 11.30 and later
	OSVersion         json.Text                     `json:"osVersion"`
	OSBuild           json.Text                     `json:"osBuild"`
	IPAddress         json.Text                     `json:"ipAddress"`
	Managed           json.Bool                     `json:"managed"`
	Supervised        json.Bool                     `json:"supervised"`
	Ownership         json.Text                     `json:"deviceOwnershipType"`
	Prestage          json.Object[Prestage]         `json:"enrollmentMethodPrestage"`
	LastEnrolled      Time                          `json:"lastEnrolledDate"`
	ProfileExpiration Time                          `json:"mdmProfileExpirationDate"`
	ManagementID      json.Text                     `json:"managementId"`
	SharedIPad        json.Bool                     `json:"sharedIpad"`
	ExtensionValues   json.List[ExtensionAttribute] `json:"extensionAttributes"`
}

// Prestage is the enrolment profile of automated enrolment.
type Prestage struct {
	Name json.Text `json:"profileName"`
}

// MobileHardware is the section HARDWARE of a mobile device.
type MobileHardware struct {
	CapacityMB      json.Int                      `json:"capacityMb"`
	AvailableMB     json.Int                      `json:"availableSpaceMb"`
	BatteryLevel    json.Int                      `json:"batteryLevel"`
	BatteryHealth   json.Text                     `json:"batteryHealth"`
	SerialNumber    json.Text                     `json:"serialNumber"`
	WiFiMAC         json.Text                     `json:"wifiMacAddress"`
	BluetoothMAC    json.Text                     `json:"bluetoothMacAddress"`
	Model           json.Text                     `json:"model"`
	ModelIdentifier json.Text                     `json:"modelIdentifier"`
	ModelNumber     json.Text                     `json:"modelNumber"`
	ExtensionValues json.List[ExtensionAttribute] `json:"extensionAttributes"`
}

// MobileUser is the section USER_AND_LOCATION of a mobile device, and the
// location of a single detail, which has no names of building and department.
type MobileUser struct {
	Username        json.Text                     `json:"username"`
	RealName        json.Text                     `json:"realName"`
	Email           json.Text                     `json:"emailAddress"`
	Position        json.Text                     `json:"position"`
	Phone           json.Text                     `json:"phoneNumber"`
	DepartmentID    json.Text                     `json:"departmentId"`
	BuildingID      json.Text                     `json:"buildingId"`
	Room            json.Text                     `json:"room"`
	Building        json.Text                     `json:"building"`
	Department      json.Text                     `json:"department"`
	ExtensionValues json.List[ExtensionAttribute] `json:"extensionAttributes"`
}

// MobileSecurity is the section SECURITY of a mobile device. Where the device
// was when it was lost is personal, and left out.
type MobileSecurity struct {
	DataProtected      json.Bool `json:"dataProtected"`
	HardwareEncryption json.Int  `json:"hardwareEncryption"`
	Passcode           json.Bool `json:"passcodePresent"`
	PasscodeCompliant  json.Bool `json:"passcodeCompliant"`
	ActivationLock     json.Bool `json:"activationLockEnabled"`
	Jailbreak          json.Bool `json:"jailBreakDetected"`
	LostMode           json.Bool `json:"lostModeEnabled"`
}

// Network is the section NETWORK, and one SIM slot.
type Network struct {
	Slot              json.Text `json:"slot"`
	IMEI              json.Text `json:"imei"`
	MEID              json.Text `json:"meid"`
	ICCID             json.Text `json:"iccid"`
	EID               json.Text `json:"eid"`
	Phone             json.Text `json:"phoneNumber"`
	HomeCarrier       json.Text `json:"homeCarrierNetwork"`
	SubscriberCarrier json.Text `json:"subscriberCarrierNetwork"`
	CurrentCarrier    json.Text `json:"currentCarrierNetwork"`
}

// MobileApp is an app of a mobile device.
type MobileApp struct {
	Identifier   json.Text `json:"identifier"`
	Name         json.Text `json:"name"`
	Version      json.Text `json:"version"`
	ShortVersion json.Text `json:"shortVersion"`
}

// Short is a mobile device in the short list.
type Short struct {
	ID              json.Text `json:"id"`
	Name            json.Text `json:"name"`
	SerialNumber    json.Text `json:"serialNumber"`
	WiFiMAC         json.Text `json:"wifiMacAddress"`
	UDID            json.Text `json:"udid"`
	Phone           json.Text `json:"phoneNumber"`
	Model           json.Text `json:"model"`
	ModelIdentifier json.Text `json:"modelIdentifier"`
	Username        json.Text `json:"username"`
	Type            json.Text `json:"type"`
	ManagementID    json.Text `json:"managementId"`
}

// Member is a mobile device as a member of a group.
type Member struct {
	ID           json.Text `json:"mobileDeviceId"`
	UDID         json.Text `json:"udid"`
	Name         json.Text `json:"displayName"`
	AssetTag     json.Text `json:"assetTag"`
	OSVersion    json.Text `json:"osVersion"`
	LastContact  Time      `json:"lastContactDate"`
	Phone        json.Text `json:"devicePhoneNumber"`
	Ownership    json.Text `json:"deviceOwnershipType"`
	SerialNumber json.Text `json:"serialNumber"`
}

// Single is a mobile device read on its own. Its unlock token is read by
// Unlock alone.
type Single struct {
	ID              json.Text                     `json:"id"`
	Name            json.Text                     `json:"name"`
	AssetTag        json.Text                     `json:"assetTag"`
	LastInventory   Time                          `json:"lastInventoryUpdateTimestamp"`
	LastContact     Time                          `json:"lastContactTimestamp"`
	InitialEntry    Time                          `json:"initialEntryTimestamp"`
	LastEnrolled    Time                          `json:"lastEnrollmentTimestamp"`
	OSVersion       json.Text                     `json:"osVersion"`
	OSBuild         json.Text                     `json:"osBuild"`
	SerialNumber    json.Text                     `json:"serialNumber"`
	UDID            json.Text                     `json:"udid"`
	IPAddress       json.Text                     `json:"ipAddress"`
	WiFiMAC         json.Text                     `json:"wifiMacAddress"`
	BluetoothMAC    json.Text                     `json:"bluetoothMacAddress"`
	Managed         json.Bool                     `json:"managed"`
	Ownership       json.Text                     `json:"deviceOwnershipLevel"`
	Enrollment      json.Text                     `json:"enrollmentMethod"`
	Site            json.Object[Named]            `json:"site"`
	Location        json.Object[MobileUser]       `json:"location"`
	Type            json.Text                     `json:"type"`
	ManagementID    json.Text                     `json:"managementId"`
	Groups          json.List[Group]              `json:"groups"`
	ExtensionValues json.List[ExtensionAttribute] `json:"extensionAttributes"`
	IOS             json.Object[SinglePart]       `json:"ios"`
	TVOS            json.Object[SinglePart]       `json:"tvos"`
	WatchOS         json.Object[SinglePart]       `json:"watchos"`
	VisionOS        json.Object[SinglePart]       `json:"visionos"`
}

// SinglePart is the part of a Single that depends on the kind of device.
type SinglePart struct {
	Model           json.Text                   `json:"model"`
	ModelIdentifier json.Text                   `json:"modelIdentifier"`
	ModelNumber     json.Text                   `json:"modelNumber"`
	Supervised      json.Bool                   `json:"supervised"`
	BatteryLevel    json.Int                    `json:"batteryLevel"`
	BatteryHealth   json.Text                   `json:"batteryHealth"`
	CapacityMB      json.Int                    `json:"capacityMb"`
	AvailableMB     json.Int                    `json:"availableMb"`
	Shared          json.Bool                   `json:"shared"`
	Purchasing      json.Object[Purchasing]     `json:"purchasing"`
	Security        json.Object[MobileSecurity] `json:"security"`
	Network         json.Object[Network]        `json:"network"`
	Subscriptions   json.List[Network]          `json:"serviceSubscriptions"`
	Applications    json.List[MobileApp]        `json:"applications"`
}

// Unlock is what is needed to clear a passcode, and nothing else.
type Unlock struct {
	IOS      json.Object[UnlockToken] `json:"ios"`
	WatchOS  json.Object[UnlockToken] `json:"watchos"`
	VisionOS json.Object[UnlockToken] `json:"visionos"`
}

// UnlockToken is a secret.
type UnlockToken struct {
	Token json.Text `json:"unlockToken"`
}

// Part returns the one part that is filled.
func (s *Single) Part() SinglePart {
	for _, part := range []json.Object[SinglePart]{s.IOS, s.TVOS, s.WatchOS, s.VisionOS} {
		if part.Present {
			return part.Of
		}
	}
	return SinglePart{}
}

// Token returns the unlock token, or "".
func (u *Unlock) Token() string {
	for _, part := range []json.Object[UnlockToken]{u.IOS, u.WatchOS, u.VisionOS} {
		if token := part.Of.Token.Text; token != "" {
			return token
		}
	}
	return ""
}
