// Package wire holds the JSON shapes of Apple's organisation API and nothing
// else.
package wire

import "github.com/mdmlink/mdmlink/internal/json"

// Resource is one object of a list or of a single answer.
type Resource[A any] struct {
	Type       json.Text      `json:"type"`
	ID         json.Text      `json:"id"`
	Attributes json.Object[A] `json:"attributes"`
}

// One is an answer that holds one object.
type One[A any] struct {
	Data json.Object[Resource[A]] `json:"data"`
}

// Nothing are the attributes of an object that is named by its id only.
type Nothing struct{}

// Links are the addresses beside a list.
type Links struct {
	Next json.Text `json:"next"`
}

// Meta is what is told about a list.
type Meta struct {
	Paging json.Object[Paging] `json:"paging"`
}

// Paging is where a list goes on.
type Paging struct {
	Total      json.Int  `json:"total"`
	NextCursor json.Text `json:"nextCursor"`
}

// Device are the attributes of an organisation's device.
type Device struct {
	SerialNumber       json.Text `json:"serialNumber"`
	Added              Time      `json:"addedToOrgDateTime"`
	Released           Time      `json:"releasedFromOrgDateTime"`
	Updated            Time      `json:"updatedDateTime"`
	Model              json.Text `json:"deviceModel"`
	ProductFamily      json.Text `json:"productFamily"`
	ProductType        json.Text `json:"productType"`
	Capacity           json.Text `json:"deviceCapacity"`
	PartNumber         json.Text `json:"partNumber"`
	OrderNumber        json.Text `json:"orderNumber"`
	OrderDate          Time      `json:"orderDateTime"`
	Colour             json.Text `json:"color"`
	Status             json.Text `json:"status"`
	IMEI               Texts     `json:"imei"`
	MEID               Texts     `json:"meid"`
	EID                json.Text `json:"eid"`
	WiFiMAC            Texts     `json:"wifiMacAddress"`
	BluetoothMAC       Texts     `json:"bluetoothMacAddress"`
	EthernetMAC        Texts     `json:"ethernetMacAddress"`
	PurchaseSourceID   json.Text `json:"purchaseSourceId"`
	PurchaseSourceType json.Text `json:"purchaseSourceType"`
	ReleaserType       json.Text `json:"releaserEntityType"`
	ReleaserID         json.Text `json:"releaserId"`
	MigrationCapable   json.Bool `json:"isMdmMigrationCapable"`
	MigrationStatus    json.Text `json:"mdmMigrationStatus"`
	MigrationDeadline  Time      `json:"mdmMigrationDeadlineDateTime"`
}

// Server are the attributes of a server entry.
type Server struct {
	Name            json.Text `json:"serverName"`
	Type            json.Text `json:"serverType"`
	Status          json.Text `json:"status"`
	DeviceCount     json.Int  `json:"deviceCount"`
	Disown          json.Bool `json:"enableMdmDisownFlag"`
	DefaultFamilies Texts     `json:"defaultProductFamilies"`
	LastConnected   Time      `json:"lastConnectedDateTime"`
	LastConnectedIP json.Text `json:"lastConnectedIp"`
	Created         Time      `json:"createdDateTime"`
	Updated         Time      `json:"updatedDateTime"`
}

// Coverage are the attributes of a warranty or of an AppleCare plan.
type Coverage struct {
	Status          json.Text `json:"status"`
	PaymentType     json.Text `json:"paymentType"`
	Description     json.Text `json:"description"`
	Start           Time      `json:"startDateTime"`
	End             Time      `json:"endDateTime"`
	Renewable       json.Bool `json:"isRenewable"`
	Canceled        json.Bool `json:"isCanceled"`
	ContractCancel  Time      `json:"contractCancelDateTime"`
	AgreementNumber json.Text `json:"agreementNumber"`
}

// Activity are the attributes of an asynchronous request.
type Activity struct {
	Status      json.Text `json:"status"`
	SubStatus   json.Text `json:"subStatus"`
	Created     Time      `json:"createdDateTime"`
	Completed   Time      `json:"completedDateTime"`
	DownloadURL json.Text `json:"downloadUrl"`
}

// Failure is an error answer.
type Failure struct {
	Errors json.List[FailureItem] `json:"errors"`

	OAuthCode        json.Text `json:"error"`
	OAuthDescription json.Text `json:"error_description"`
}

// FailureItem is one error of an answer.
type FailureItem struct {
	ID     json.Text `json:"id"`
	Status json.Text `json:"status"`
	Code   json.Text `json:"code"`
	Detail json.Text `json:"detail"`
	Source json.Object[struct {
		Parameter json.Text `json:"parameter"`
	}] `json:"source"`
}

// Token is the answer of the token endpoint.
type Token struct {
	AccessToken json.Text `json:"access_token"`
	TokenType   json.Text `json:"token_type"`
	ExpiresIn   json.Int  `json:"expires_in"`
	Error       json.Text `json:"error"`
	Description json.Text `json:"error_description"`
}
