// Package wire holds the JSON shapes of the Jamf School API and nothing else.
// List and detail describe the same device with different keys; the shapes
// here know the keys of both.
package wire

import "github.com/mdmlink/mdmlink/internal/json"

// Device is a device in a list or on its own.
type Device struct {
	UDID             json.Text               `json:"UDID"`
	LocationID       json.Int                `json:"locationId"`
	SerialNumber     json.Text               `json:"serialNumber"`
	AssetTag         json.Text               `json:"assetTag"`
	InTrash          json.Bool               `json:"inTrash"`
	Class            json.Text               `json:"class"`
	Model            json.Object[Model]      `json:"model"`
	OS               json.Object[OS]         `json:"os"`
	Name             json.Text               `json:"name"`
	Owner            json.Object[Owner]      `json:"owner"`
	IsManaged        json.Bool               `json:"isManaged"`
	IsSupervised     json.Bool               `json:"isSupervised"`
	IsBootstrap      json.Bool               `json:"isBootstrapStored"`
	EnrollType       json.Text               `json:"enrollType"`       // list
	DeviceEnrollType json.Text               `json:"deviceEnrollType"` // detail
	DEPProfile       json.Text               `json:"depProfile"`       // list
	DeviceDEPProfile json.Text               `json:"deviceDepProfile"` // detail
	Groups           json.List[json.Text]    `json:"groups"`
	GroupIDs         json.List[json.Int]     `json:"groupIds"` // detail
	BatteryLevel     json.Float              `json:"batteryLevel"`
	TotalCapacity    json.Float              `json:"totalCapacity"`
	Available        json.Float              `json:"availableCapacity"`
	HasPasscode      json.Bool               `json:"hasPasscode"`               // detail
	PasscodeOK       json.Bool               `json:"passcodeCompliant"`         // detail
	Encryption       json.Bool               `json:"hardwareEncryptionEnabled"` // detail
	Region           json.Object[Region]     `json:"region"`
	Apps             json.List[App]          `json:"apps"`
	Notes            json.Text               `json:"notes"`
	LastCheckin      Time                    `json:"lastCheckin"`
	Modified         Time                    `json:"modified"`
	Network          json.Object[Network]    `json:"networkInformation"`  // list
	WiFiMAC          json.Text               `json:"WiFiMAC"`             // detail
	BluetoothMAC     json.Text               `json:"bluetoothMAC"`        // detail
	IPAddress        json.Text               `json:"IPAddress"`           // detail
	Subscriptions    json.List[Subscription] `json:"serviceSubscription"` // detail
}

// Model is the model of a device.
type Model struct {
	Name       json.Text `json:"name"`
	Identifier json.Text `json:"identifier"`
	Type       json.Text `json:"type"` // a text, or an object with value or name
}

// OS is the operating system.
type OS struct {
	Prefix  json.Text `json:"prefix"`
	Version json.Text `json:"version"`
}

// Owner is the user of a device; id 0 or none means that nobody is.
type Owner struct {
	ID         json.Int  `json:"id"`
	LocationID json.Int  `json:"locationId"`
	Username   json.Text `json:"username"`
	Email      json.Text `json:"email"`
	FirstName  json.Text `json:"firstName"`
	LastName   json.Text `json:"lastName"`
	Name       json.Text `json:"name"`
	Notes      json.Text `json:"notes"`
	Modified   Time      `json:"modified"`
	InTrash    json.Bool `json:"inTrash"` // detail
}

// Region is an area that an administrator defined by public address.
type Region struct {
	Name        json.Text `json:"string"`
	Coordinates json.Text `json:"coordinates"`
}

// App is an installed app.
type App struct {
	Name       json.Text `json:"name"`
	Vendor     json.Text `json:"vendor"`
	Identifier json.Text `json:"identifier"`
	Version    json.Text `json:"version"`
}

// Network is the network part of a device in a list.
type Network struct {
	IPAddress        json.Text               `json:"IPAddress"`
	WiFiMAC          json.Text               `json:"WiFiMAC"`
	BluetoothMAC     json.Text               `json:"BluetoothMAC"`
	EthernetMACs     json.Text               `json:"EthernetMACs"`
	Tethered         json.Bool               `json:"isNetworkTethered"`
	VoiceRoaming     json.Bool               `json:"VoiceRoamingEnabled"`
	DataRoaming      json.Bool               `json:"DataRoamingEnabled"`
	PersonalHotspot  json.Bool               `json:"PersonalHotspotEnabled"`
	Subscriptions    json.List[Subscription] `json:"ServiceSubscription"`
	LowSubscriptions json.List[Subscription] `json:"serviceSubscription"`
}

// Subscription is one SIM slot.
type Subscription struct {
	IMEI    json.Text `json:"IMEI"`
	MEID    json.Text `json:"MEID"`
	ICCID   json.Text `json:"ICCID"`
	EID     json.Text `json:"EID"`
	Phone   json.Text `json:"PhoneNumber"`
	Carrier json.Text `json:"CurrentCarrierNetwork"`
	Slot    json.Text `json:"Slot"`
}

// Location is a school.
type Location struct {
	ID            json.Int  `json:"id"`
	Name          json.Text `json:"name"`
	IsDistrict    json.Bool `json:"isDistrict"`
	Street        json.Text `json:"street"`
	StreetNumber  json.Text `json:"streetNumber"`
	PostalCode    json.Text `json:"postalCode"`
	City          json.Text `json:"city"`
	Source        json.Text `json:"source"`
	ASMIdentifier json.Text `json:"asmIdentifier"`
	SchoolNumber  json.Text `json:"schoolNumber"`
}

// DeviceGroup is a group of devices.
type DeviceGroup struct {
	ID          json.Int  `json:"id"`
	LocationID  json.Int  `json:"locationId"`
	Name        json.Text `json:"name"`
	Description json.Text `json:"description"`
	Members     json.Int  `json:"members"`
	Type        json.Text `json:"type"`
	Shared      json.Bool `json:"shared"`
	Smart       json.Bool `json:"isSmartGroup"`
}

// User is a user.
type User struct {
	ID          json.Int             `json:"id"`
	LocationID  json.Int             `json:"locationId"`
	Status      json.Text            `json:"status"`
	DeviceCount json.Int             `json:"deviceCount"`
	Email       json.Text            `json:"email"`
	Username    json.Text            `json:"username"`
	Domain      json.Text            `json:"domain"`
	FirstName   json.Text            `json:"firstName"`
	LastName    json.Text            `json:"lastName"`
	Name        json.Text            `json:"name"`
	GroupIDs    json.List[json.Int]  `json:"groupIds"`
	Groups      json.List[json.Text] `json:"groups"`
	Notes       json.Text            `json:"notes"`
	Exclude     json.Bool            `json:"exclude"`
	Modified    Time                 `json:"modified"`
}

// UserGroup is a group of users.
type UserGroup struct {
	ID          json.Int  `json:"id"`
	LocationID  json.Int  `json:"locationId"`
	Name        json.Text `json:"name"`
	Description json.Text `json:"description"`
}

// Placeholder is a device that automated enrolment knows.
type Placeholder struct {
	ID              json.Int  `json:"id"`
	UserID          json.Int  `json:"userId"`
	LocationID      json.Int  `json:"locationId"`
	Model           json.Text `json:"model"`
	Color           json.Text `json:"color"`
	SerialNumber    json.Text `json:"serialNumber"`
	Status          json.Text `json:"status"`
	DeviceName      json.Text `json:"deviceName"`
	DateAdded       json.Int  `json:"dateAdded"`
	DatePushed      json.Int  `json:"datePushed"`
	DateAssigned    json.Int  `json:"dateAssigned"`
	ProfileName     json.Text `json:"profileName"`
	PlaceholderName json.Text `json:"placeholderName"`
}

// Profile is a configuration profile.
type Profile struct {
	ID          json.Int  `json:"id"`
	LocationID  json.Int  `json:"locationId"`
	Type        json.Text `json:"type"`
	Status      json.Text `json:"status"`
	Identifier  json.Text `json:"identifier"`
	Name        json.Text `json:"name"`
	Description json.Text `json:"description"`
	Platform    json.Text `json:"platform"`
}

// Managed is an app of the organisation's library.
type Managed struct {
	ID         json.Int  `json:"id"`
	LocationID json.Int  `json:"locationId"`
	BundleID   json.Text `json:"bundleId"`
	Name       json.Text `json:"name"`
	Vendor     json.Text `json:"vendor"`
	Version    json.Text `json:"version"`
	Platform   json.Text `json:"platform"`
	AdamID     json.Int  `json:"adamId"`
	Total      json.Int  `json:"totalLicenses"`
	Used       json.Int  `json:"usedLicenses"`
}

// Answer is what comes back from a write, and the shape of a failure, on the
// top level or inside error.
type Answer struct {
	Code    json.Int  `json:"code"`
	Message json.Text `json:"message"`
	Reason  json.Text `json:"reason"`
	UUID    json.Text `json:"UUID"`
	Error   json.Object[struct {
		Code    json.Int  `json:"code"`
		Message json.Text `json:"message"`
	}] `json:"error"`

	HTTPStatus json.Int `json:"httpStatus"` // a Jamf Pro server says this

	DevicesAdded        json.Int             `json:"devicesAdded"`
	DevicesRemoved      json.Int             `json:"devicesRemoved"`
	DevicesMoved        json.List[json.Text] `json:"devicesMoved"`
	DevicesNotFound     json.List[json.Text] `json:"devicesNotFound"`
	DevicesLocationSame json.List[json.Text] `json:"devicesLocationSame"`
	DevicesMoveFailed   json.List[json.Text] `json:"devicesMoveFailed"`
}
