package wire

import "github.com/mdmlink/mdmlink/internal/json"

// APIError is the body of an error answer, and tells other products apart.
type APIError struct {
	HTTPStatus json.Int `json:"httpStatus"`
	Errors     json.List[struct {
		Code  json.Text `json:"code"`
		Field json.Text `json:"field"`
	}] `json:"errors"`

	Code    json.Int  `json:"code"`    // of Jamf School
	Message json.Text `json:"message"` // of Jamf School
}

// Token is the answer of both kinds of token endpoints.
type Token struct {
	AccessToken json.Text `json:"access_token"` // OAuth
	TokenType   json.Text `json:"token_type"`   // OAuth
	ExpiresIn   json.Int  `json:"expires_in"`   // OAuth, seconds
	Token       json.Text `json:"token"`        // user and password
	Expires     Time      `json:"expires"`      // user and password
	Error       json.Text `json:"error"`
}

// Session is who a token stands for.
type Session struct {
	Account json.Object[struct {
		Username         json.Text                       `json:"username"`
		AccessLevel      json.Text                       `json:"accessLevel"`
		PrivilegesBySite map[string]json.List[json.Text] `json:"privilegesBySite"`
	}] `json:"account"`
	Sites json.List[Named] `json:"sites"`
}

// Building is a building.
type Building struct {
	ID      json.Text `json:"id"`
	Name    json.Text `json:"name"`
	Street1 json.Text `json:"streetAddress1"`
	Street2 json.Text `json:"streetAddress2"`
	City    json.Text `json:"city"`
	State   json.Text `json:"stateProvince"`
	Zip     json.Text `json:"zipPostalCode"`
	Country json.Text `json:"country"`
}

// DeviceGroup is a group of computers (smartGroup) or of mobile devices
// (isSmartGroup).
type DeviceGroup struct {
	ID           json.Text `json:"id"`
	Name         json.Text `json:"name"`
	Description  json.Text `json:"description"`
	SmartGroup   json.Bool `json:"smartGroup"`
	IsSmartGroup json.Bool `json:"isSmartGroup"`
}

// Enrollment is a device enrolment instance: one server token of Apple's.
type Enrollment struct {
	ID         json.Text `json:"id"`
	Name       json.Text `json:"name"`
	SiteID     json.Text `json:"siteId"`
	ServerName json.Text `json:"serverName"`
	ServerUUID json.Text `json:"serverUuid"`
	OrgName    json.Text `json:"orgName"`
	Expires    Time      `json:"tokenExpirationDate"`
}

// EnrollmentDevice is a device that is assigned to an instance.
type EnrollmentDevice struct {
	ID           json.Text `json:"id"`
	PrestageID   json.Text `json:"prestageId"`
	SerialNumber json.Text `json:"serialNumber"`
	Description  json.Text `json:"description"`
	Model        json.Text `json:"model"`
	Color        json.Text `json:"color"`
	AssetTag     json.Text `json:"assetTag"`
	Status       json.Text `json:"profileStatus"`
	Assigned     Time      `json:"deviceAssignedDate"`
	Profile      Time      `json:"profileAssignTime"`
	Pushed       Time      `json:"profilePushTime"`
}

// EnrollmentSync is the state of an instance's last exchange with Apple.
type EnrollmentSync struct {
	State      json.Text `json:"syncState"`
	InstanceID json.Text `json:"instanceId"`
	At         Time      `json:"timestamp"`
}

// Command is a command in the history. Some servers nest it under a member
// "command".
type Command struct {
	UUID      json.Text `json:"uuid"`
	Sent      Time      `json:"dateSent"`
	Completed Time      `json:"dateCompleted"`
	Client    json.Object[struct {
		ManagementID json.Text `json:"managementId"`
		Type         json.Text `json:"clientType"`
	}] `json:"client"`
	State json.Text `json:"commandState"`
	Type  json.Text `json:"commandType"`
	Error json.Object[struct {
		Code   json.Int  `json:"errorCode"`
		Domain json.Text `json:"errorDomain"`
	}] `json:"commandError"`
}

// NestedCommand is a Command in either form.
type NestedCommand struct {
	Command
	Nested json.Object[Command] `json:"command"`
}

// Sent is the answer to a command.
type Sent struct {
	ID          json.Text `json:"id"`          // of /v2/mdm/commands
	CommandUUID json.Text `json:"commandUuid"` // of the dedicated endpoints
}
