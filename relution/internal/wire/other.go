package wire

import "github.com/mdmlink/mdmlink/internal/json"

// AutoEnrollment is a device that is known from a maker's programme.
//
// Source: reference/relution.md 2.4
type AutoEnrollment struct {
	UUID         json.Text `json:"uuid"`
	Organization json.Text `json:"organizationUuid"`
	Name         json.Text `json:"name"`
	Serial       json.Text `json:"serialNumber"`
	Type         json.Text `json:"type"`
	Ownership    json.Text `json:"ownership"`
	UserUUID     json.Text `json:"userUuid"`
	UserName     json.Text `json:"userName"`
	Assigned     Time      `json:"deviceAssignedDate"`
	Details      Tree      `json:"details"`
	Enrolled     json.Object[struct {
		DeviceUUID json.Text `json:"deviceUuid"`
	}] `json:"enrolledDevice"`
}

// DEPAccount is a server of Apple's programme.
type DEPAccount struct {
	UUID         json.Text `json:"uuid"`
	ServerName   json.Text `json:"serverName"`
	Organization json.Text `json:"orgName"`
	Token        json.Object[struct {
		Expiry Time `json:"accessTokenExpiry"`
	}] `json:"depServerToken"`
}

// User is a user, light or full.
//
// Source: reference/relution.md 2.5
type User struct {
	UUID         json.Text `json:"uuid"`
	Name         json.Text `json:"name"`
	Organization json.Text `json:"organizationUuid"`
	Given        json.Text `json:"givenName"`
	Surname      json.Text `json:"surname"`
	Email        json.Text `json:"email"`
	AppleID      json.Text `json:"managedAppleId"`
	Activated    json.Bool `json:"activated"`
	Created      Time      `json:"createdDate"`
	Modified     Time      `json:"modifiedDate"`
	LastLogin    Time      `json:"lastLoggedTime"`
}

// Tenant is an organisation that a token reaches.
//
// Source: reference/relution.md 1.3
type Tenant struct {
	UUID       json.Text `json:"uuid"`
	Name       json.Text `json:"name"`
	UniqueName json.Text `json:"uniqueName"`
	System     json.Bool `json:"isSystem"`
	Meta       json.Bool `json:"meta"`
	Duplicate  json.Bool `json:"duplicateName"`
}

// AccessToken is a token of a user, without its value.
type AccessToken struct {
	UUID    json.Text `json:"uuid"`
	Name    json.Text `json:"name"`
	Scope   json.Text `json:"scope"`
	Expires Time      `json:"expirationDate"`
}

// Action is a command to a device.
//
// Source: reference/relution.md 5
type Action struct {
	UUID      json.Text `json:"uuid"`
	Type      json.Text `json:"type"`
	State     json.Text `json:"state"`
	ErrorCode json.Int  `json:"errorCode"`
	Created   Time      `json:"creationDate"`
	Modified  Time      `json:"modificationDate"`
	Delivered Time      `json:"deliveredDate"`
	Details   Tree      `json:"details"`
}
