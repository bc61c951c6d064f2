// Package wire holds the JSON shapes of Microsoft Graph, as far as this module
// reads them. The properties of a managed device are read by package intune
// itself, in one pass.
package wire

import "github.com/mdmlink/mdmlink/internal/json"

// Token is an answer of the token endpoint, and its error.
type Token struct {
	TokenType   json.Text           `json:"token_type"`
	ExpiresIn   json.Int            `json:"expires_in"`
	AccessToken json.Text           `json:"access_token"`
	Error       json.Text           `json:"error"`
	Codes       json.List[json.Int] `json:"error_codes"`
}

// Failure is an error answer of Graph.
type Failure struct {
	Error json.Object[Reason] `json:"error"`
}

// Reason is the error inside.
type Reason struct {
	Code    json.Text `json:"code"`
	Message json.Text `json:"message"`
}

// Nested is the document that stands as a text in the message of an error of
// Intune's own services.
type Nested struct {
	ErrorCode  json.Text `json:"ErrorCode"`
	Message    json.Text `json:"Message"`
	RetryAfter json.Text `json:"RetryAfter"`
}

// Page is a list, or a part of one.
type Page[T any] struct {
	Value    json.List[T] `json:"value"`
	NextLink json.Text    `json:"@odata.nextLink"`
}

// Account is Intune's account of a tenant.
type Account struct {
	ID json.Text `json:"intuneAccountId"`
}

// Subscription is the state of Intune's subscription.
type Subscription struct {
	State json.Text `json:"value"`
}

// Overview counts the devices of a tenant.
type Overview struct {
	Enrolled json.Int `json:"enrolledDeviceCount"`
}

// Organization is the tenant itself.
type Organization struct {
	ID   json.Text `json:"id"`
	Name json.Text `json:"displayName"`
}

// ActionResult is how an action on a device stands.
type ActionResult struct {
	Name      json.Text             `json:"actionName"`
	State     json.Text             `json:"actionState"`
	Started   json.Text             `json:"startDateTime"`
	Updated   json.Text             `json:"lastUpdatedDateTime"`
	UnlockPIN json.Text             `json:"unlockPin"`
	Passcode  json.Text             `json:"passcode"`
	ErrorCode json.Int              `json:"errorCode"`
	Location  json.Object[Location] `json:"deviceLocation"`
}

// Location is where a device was.
type Location struct {
	At        json.Text  `json:"lastCollectedDateTime"`
	Latitude  json.Float `json:"latitude"`
	Longitude json.Float `json:"longitude"`
	Accuracy  json.Float `json:"horizontalAccuracy"`
}

// Hardware is the part of a device that only reading a single one fills.
type Hardware struct {
	Serial       json.Text            `json:"serialNumber"`
	WiFiMAC      json.Text            `json:"wifiMac"`
	Battery      json.Float           `json:"batteryLevelPercentage"`
	HostName     json.Text            `json:"deviceFullQualifiedDomainName"`
	OSBuild      json.Text            `json:"osBuildNumber"`
	ProductName  json.Text            `json:"productName"`
	IPv4         json.Text            `json:"ipAddressV4"`
	WiredIPs     json.List[json.Text] `json:"wiredIPv4Addresses"`
	EID          json.Text            `json:"esimIdentifier"`
	TotalStorage json.Int             `json:"totalStorageSpace"`
	FreeStorage  json.Int             `json:"freeStorageSpace"`
}

// App is an application that was found on devices.
type App struct {
	ID        json.Text `json:"id"`
	Name      json.Text `json:"displayName"`
	Version   json.Text `json:"version"`
	Size      json.Int  `json:"sizeInByte"`
	Devices   json.Int  `json:"deviceCount"`
	Publisher json.Text `json:"publisher"`
	Platform  json.Text `json:"platform"`
}

// Category is a device category.
type Category struct {
	ID          json.Text `json:"id"`
	Name        json.Text `json:"displayName"`
	Description json.Text `json:"description"`
}

// User is a user of the directory.
type User struct {
	ID         json.Text `json:"id"`
	Name       json.Text `json:"displayName"`
	Login      json.Text `json:"userPrincipalName"`
	Mail       json.Text `json:"mail"`
	EmployeeID json.Text `json:"employeeId"`
}

// Member is what a device of the directory is a member of.
type Member struct {
	Type json.Text `json:"@odata.type"`
	ID   json.Text `json:"id"`
	Name json.Text `json:"displayName"`
}

// Autopilot is a Windows device that is registered by its hardware.
type Autopilot struct {
	ID           json.Text `json:"id"`
	GroupTag     json.Text `json:"groupTag"`
	Order        json.Text `json:"purchaseOrderIdentifier"`
	Serial       json.Text `json:"serialNumber"`
	Manufacturer json.Text `json:"manufacturer"`
	Model        json.Text `json:"model"`
	State        json.Text `json:"enrollmentState"`
	Contacted    json.Text `json:"lastContactedDateTime"`
	UserName     json.Text `json:"addressableUserName"`
	Login        json.Text `json:"userPrincipalName"`
	DirectoryID  json.Text `json:"azureActiveDirectoryDeviceId"`
	DeviceID     json.Text `json:"managedDeviceId"`
	Name         json.Text `json:"displayName"`
}

// AppleToken is a token of Apple's device enrolment.
type AppleToken struct {
	ID        json.Text `json:"id"`
	AppleID   json.Text `json:"appleIdentifier"`
	Name      json.Text `json:"tokenName"`
	Type      json.Text `json:"tokenType"`
	Expires   json.Text `json:"tokenExpirationDateTime"`
	Synced    json.Text `json:"lastSuccessfulSyncDateTime"`
	ErrorCode json.Int  `json:"lastSyncErrorCode"`
	Devices   json.Int  `json:"syncedDeviceCount"`
}

// AppleDevice is a device that Apple assigned to the tenant.
type AppleDevice struct {
	ID          json.Text `json:"id"`
	Serial      json.Text `json:"serialNumber"`
	ProfileID   json.Text `json:"requestedEnrollmentProfileId"`
	Supervised  json.Bool `json:"isSupervised"`
	Source      json.Text `json:"discoverySource"`
	Deleted     json.Bool `json:"isDeleted"`
	Created     json.Text `json:"createdDateTime"`
	Contacted   json.Text `json:"lastContactedDateTime"`
	Description json.Text `json:"description"`
	State       json.Text `json:"enrollmentState"`
	Platform    json.Text `json:"platform"`
}

// PushCertificate is the certificate for Apple's push service.
type PushCertificate struct {
	AppleID json.Text `json:"appleIdentifier"`
	Expires json.Text `json:"expirationDateTime"`
}

// ExportJob is a report in the making.
type ExportJob struct {
	ID     json.Text `json:"id"`
	Status json.Text `json:"status"`
	URL    json.Text `json:"url"`
}

// Answers is the answer to several requests at once.
type Answers struct {
	Responses json.List[Answer] `json:"responses"`
}

// Answer is one of them.
type Answer struct {
	ID      json.Text  `json:"id"`
	Status  json.Int   `json:"status"`
	Headers json.Value `json:"headers"`
	Body    json.Value `json:"body"`
}

// Approval is a request to the second administrator.
type Approval struct {
	ID     json.Text `json:"requestId"`
	Status json.Text `json:"status"`
}
