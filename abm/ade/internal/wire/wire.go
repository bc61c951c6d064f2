// Package wire holds the JSON shapes of Apple's enrolment web service and
// nothing else.
package wire

import (
	org "github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/internal/json"
)

// Session is the answer that opens a session.
type Session struct {
	Token json.Text `json:"auth_session_token"`
}

// Account is whose the token is, and what may be asked.
type Account struct {
	ServerName  json.Text      `json:"server_name"`
	ServerUUID  json.Text      `json:"server_uuid"`
	AdminID     json.Text      `json:"admin_id"`
	Facilitator json.Text      `json:"facilitator_id"`
	OrgName     json.Text      `json:"org_name"`
	OrgEmail    json.Text      `json:"org_email"`
	OrgPhone    json.Text      `json:"org_phone"`
	OrgAddress  json.Text      `json:"org_address"`
	OrgType     json.Text      `json:"org_type"`
	OrgVersion  json.Text      `json:"org_version"`
	OrgID       json.Text      `json:"org_id"`
	OrgIDHash   json.Text      `json:"org_id_hash"`
	URLs        json.List[URL] `json:"urls"`
}

// URL is one request that the server entry may make.
type URL struct {
	URI     json.Text          `json:"uri"`
	Methods org.Texts          `json:"http_method"`
	Limit   json.Object[Limit] `json:"limit"`
}

// Limit is how many records an answer may hold.
type Limit struct {
	Default json.Int `json:"default"`
	Maximum json.Int `json:"maximum"`
}

// Device is a device of the server entry.
type Device struct {
	SerialNumber          json.Text `json:"serial_number"`
	Model                 json.Text `json:"model"`
	Description           json.Text `json:"description"`
	Colour                json.Text `json:"color"`
	AssetTag              json.Text `json:"asset_tag"`
	ProfileStatus         json.Text `json:"profile_status"`
	ProfileUUID           json.Text `json:"profile_uuid"`
	ProfileAssigned       org.Time  `json:"profile_assign_time"`
	ProfilePushed         org.Time  `json:"profile_push_time"`
	Assigned              org.Time  `json:"device_assigned_date"`
	AssignedBy            json.Text `json:"device_assigned_by"`
	Family                json.Text `json:"device_family"`
	OS                    json.Text `json:"os"`
	Operation             json.Text `json:"op_type"`
	OperationDate         org.Time  `json:"op_date"`
	ResponseStatus        json.Text `json:"response_status"`
	MigrationDeadline     org.Time  `json:"mdm_migration_deadline"`
	IMEI                  org.Texts `json:"imei"`
	MEID                  org.Texts `json:"meid"`
	EID                   json.Text `json:"eid"`
	WiFiMAC               org.Texts `json:"wifi_mac_address"`
	BluetoothMAC          org.Texts `json:"bluetooth_mac_address"`
	EthernetMAC           org.Texts `json:"ethernet_mac_address"`
	Replacement           json.Bool `json:"is_replacement_device"`
	ReleasedByReplacement json.Bool `json:"released_by_replacement"`
}

// Replacement says which device another stands in for.
type Replacement struct {
	SerialNumber json.Text `json:"serial_number"`
	Original     json.Text `json:"original_device_serial_number"`
	Date         json.Text `json:"replacement_date"`
}

// Lock is the answer to a request to lock the activation of a device.
type Lock struct {
	SerialNumber   json.Text `json:"serial_number"`
	ResponseStatus json.Text `json:"response_status"`
}

// Discovery is where account-driven enrolment begins.
type Discovery struct {
	URL     json.Text `json:"mdm_service_discovery_url"`
	Updated org.Time  `json:"last_updated_timestamp"`
}

// Beta are the tokens of beta programmes.
type Beta struct {
	Enrolment json.List[BetaToken] `json:"betaEnrollmentTokens"`
	Seed      json.List[BetaToken] `json:"seedBuildTokens"`
}

// BetaToken is one token of a beta programme.
type BetaToken struct {
	Token json.Text `json:"token"`
	Title json.Text `json:"title"`
	OS    json.Text `json:"os"`
}
