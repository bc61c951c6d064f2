// Package wire holds the JSON shapes of the Relution API and nothing else.
// Every member accepts any value.
package wire

import "github.com/mdmlink/mdmlink/internal/json"

// Envelope is an answer: the members of all its five forms.
//
// Source: reference/relution.md 2.2, 6.1
type Envelope struct {
	Status    json.Text              `json:"status"`
	ErrorCode json.Text              `json:"errorCode"`
	Reason    json.Text              `json:"reason"`
	Exception json.Object[Exception] `json:"exception"`

	Total    json.Int `json:"total"`
	Nonpaged json.Int `json:"nonpagedCount"`

	Results      json.List[json.Value] `json:"results"`
	Items        json.List[json.Value] `json:"items"`
	AccessTokens json.List[json.Value] `json:"accessTokens"`
	Groups       json.List[json.Value] `json:"groups"`
}

// Exception is an error inside an answer.
type Exception struct {
	ErrorCode  json.Text `json:"errorCode"`
	Reason     json.Text `json:"reason"`
	HTTPStatus json.Int  `json:"httpStatus"`
}

// Device is a device of the light list, and of the full list and the detail.
//
// Source: reference/relution.md 3
type Device struct {
	UUID         json.Text `json:"uuid"`
	Organization json.Text `json:"organizationUuid"`
	Name         json.Text `json:"name"`
	Description  json.Text `json:"description"`
	Comment      json.Text `json:"comment"`
	Status       json.Text `json:"status"`
	Platform     json.Text `json:"platform"`
	Enrollment   json.Text `json:"enrollmentType"`
	Automated    json.Text `json:"autoEnrollmentType"`
	IsDEP        json.Bool `json:"isDep"`
	Manufacturer json.Text `json:"manufacturer"`
	Model        json.Text `json:"model"`
	OS           json.Text `json:"os"`
	OSVersion    json.Text `json:"osVersion"`
	Patch        json.Text `json:"securityPatchLevel"`

	Serial       json.Text          `json:"serialNumber"`
	IMEI         json.Text          `json:"imei"`
	MEID         json.Text          `json:"meid"`
	MSISDN       json.Text          `json:"msisdn"`
	SIMSlots     json.List[SIMSlot] `json:"simSlots"`
	DeviceID     json.Text          `json:"deviceId"`
	ExternalID   json.Text          `json:"externalId"`
	PushUDID     json.Text          `json:"pushUdid"`
	EnrollmentID json.Text          `json:"enrollmentIdentifier"`

	Ownership   json.Text `json:"ownership"`
	User        json.Text `json:"user"`
	UserUUID    json.Text `json:"userUuid"`
	UserName    json.Text `json:"userName"`
	UserGiven   json.Text `json:"userGivenName"`
	UserSurname json.Text `json:"userSurname"`
	UserEmail   json.Text `json:"userEmail"`

	LastConnection Time `json:"lastConnectionDate"`
	LastCompanion  Time `json:"lastCompanionConnectionDate"`
	LastClientApp  Time `json:"lastClientAppConnectionDate"`
	LastRefresh    Time `json:"lastDeviceDetailsRefreshDate"`
	Enrolled       Time `json:"enrollmentDate"`
	Created        Time `json:"creationDate"`
	Deletion       Time `json:"deletionDate"`
	Deleted        Time `json:"deletedDate"`

	LastIP      json.Text  `json:"lastIpAddress"`
	WiFiMAC     json.Text  `json:"wifiMac"`
	WiFiOld     json.Text  `json:"wifiMAC"`
	EthernetMAC json.Text  `json:"ethernetMac"`
	EthernetOld json.Text  `json:"ethernetMAC"`
	Battery     json.Float `json:"batteryLevel"`
	Supervised  json.Bool  `json:"supervised"`
	MultiUser   json.Bool  `json:"multiUser"`
	MultiOld    json.Bool  `json:"isMultiUser"`
	FileVault   json.Bool  `json:"fdeEnabled"`
	LostMode    json.Text  `json:"lostModeStatus"`
	LostModeOld json.Bool  `json:"isMDMLostModeEnabled"`
	Jailbroken  json.Bool  `json:"jailbroken"`

	Custom1 json.Text `json:"custom1"`
	Custom2 json.Text `json:"custom2"`
	Custom3 json.Text `json:"custom3"`
	Custom4 json.Text `json:"custom4"`
	Custom5 json.Text `json:"custom5"`

	Groups     json.List[Named] `json:"deviceGroups"`
	Violations json.Int         `json:"complianceViolatedCount"`
	LoanTo     json.Text        `json:"loanToName"`
	LoanUntil  Time             `json:"loanUntil"`
	Lending    json.Object[struct {
		To    json.Text `json:"loanToName"`
		Until Time      `json:"loanUntil"`
	}] `json:"activeLending"`

	Apps    json.List[Installed] `json:"installedApps"`
	Details Tree                 `json:"details"`
}

// SIMSlot is a SIM of a device.
type SIMSlot struct {
	IMEI    json.Text `json:"imei"`
	MEID    json.Text `json:"meid"`
	ICCID   json.Text `json:"iccId"`
	Phone   json.Text `json:"phoneNumber"`
	Carrier json.Text `json:"carrierName"`
	EID     json.Text `json:"eid"`
}

// Named is anything with a UUID and a name.
type Named struct {
	UUID        json.Text `json:"uuid"`
	Name        json.Text `json:"name"`
	Type        json.Text `json:"type"`
	Scope       json.Text `json:"scope"`
	GroupType   json.Text `json:"groupType"`
	Subtype     json.Text `json:"groupSubtype"`
	Description json.Text `json:"description"`
	DeviceCount json.Int  `json:"deviceCount"`
}

// Installed is an installed app, in the newer form, the older one, or that
// inside a device.
//
// Source: reference/relution.md 3.2
type Installed struct {
	UUID       json.Text `json:"uuid"`
	AppUUID    json.Text `json:"appUuid"`
	Identifier json.Text `json:"identifier"`
	Internal   json.Text `json:"internalName"`
	Name       json.Text `json:"name"`
	Show       json.Text `json:"versionToShow"`
	Short      json.Text `json:"shortVersion"`
	Version    json.Text `json:"versionName"`
	Plain      json.Text `json:"version"` // inside a device
	Code       json.Text `json:"versionCode"`
	Managed    json.Bool `json:"managed"`
	System     json.Bool `json:"system"`
	Size       json.Int  `json:"bundleSize"`
	Status     json.Text `json:"installationStatus"`
}
