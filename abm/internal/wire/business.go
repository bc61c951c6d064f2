package wire

import "github.com/mdmlink/mdmlink/internal/json"

// User are the attributes of a user of Apple Business.
type User struct {
	FirstName      json.Text             `json:"firstName"`
	MiddleName     json.Text             `json:"middleName"`
	LastName       json.Text             `json:"lastName"`
	Status         json.Text             `json:"status"`
	ManagedAccount json.Text             `json:"managedAppleAccount"`
	External       json.Bool             `json:"isExternalUser"`
	Roles          json.List[Role]       `json:"roleOuList"`
	Email          json.Text             `json:"email"`
	EmployeeNumber json.Text             `json:"employeeNumber"`
	CostCenter     json.Text             `json:"costCenter"`
	Division       json.Text             `json:"division"`
	Department     json.Text             `json:"department"`
	JobTitle       json.Text             `json:"jobTitle"`
	Start          Time                  `json:"startDateTime"`
	Created        Time                  `json:"createdDateTime"`
	Updated        Time                  `json:"updatedDateTime"`
	Phones         json.List[PhoneEntry] `json:"phoneNumbers"`
}

// Role is a role in an organisational unit.
type Role struct {
	Name json.Text `json:"roleName"`
	Unit json.Text `json:"ouId"`
}

// PhoneEntry is one phone number of a user.
type PhoneEntry struct {
	Number json.Text `json:"phoneNumber"`
	Type   json.Text `json:"type"`
}

// UserGroup are the attributes of a group of users.
type UserGroup struct {
	Unit    json.Text `json:"ouId"`
	Name    json.Text `json:"name"`
	Type    json.Text `json:"type"`
	Members json.Int  `json:"totalMemberCount"`
	Status  json.Text `json:"status"`
	Created Time      `json:"createdDateTime"`
	Updated Time      `json:"updatedDateTime"`
}

// ManagedDevice are the attributes of a device in Apple's own device
// management, of the list and of the detail.
type ManagedDevice struct {
	Name           json.Text `json:"deviceName"`
	UserID         json.Text `json:"enrolledUserId"`
	ProductFamily  json.Text `json:"productFamily"`
	SerialNumber   json.Text `json:"serialNumber"`
	Model          json.Text `json:"deviceModel"`
	Platform       json.Text `json:"platform"`
	OSVersion      json.Text `json:"osVersion"`
	LastCheckIn    Time      `json:"lastCheckInDateTime"`
	StorageTotal   json.Int  `json:"storageTotalCapacity"`
	StorageFree    json.Int  `json:"storageFreeCapacity"`
	IMEI           Texts     `json:"imei"`
	MEID           Texts     `json:"meid"`
	WiFiMAC        Texts     `json:"wifiMacAddress"`
	BluetoothMAC   Texts     `json:"bluetoothMacAddress"`
	EthernetMAC    Texts     `json:"ethernetMacAddress"`
	FileVault      json.Bool `json:"isFileVaultEnabled"`
	Firewall       json.Bool `json:"isFirewallEnabled"`
	LockStatus     json.Text `json:"deviceLockStatus"`
	EraseStatus    json.Text `json:"deviceEraseStatus"`
	LostModeStatus json.Text `json:"lostModeStatus"`
}

// AuditEvent are the attributes of an event. What belongs to a type of events
// stands in a member of its own, whose name is that of DataKey.
type AuditEvent struct {
	At          Time
	Type        json.Text
	Category    json.Text
	ActorType   json.Text
	ActorID     json.Text
	ActorName   json.Text
	SubjectType json.Text
	SubjectID   json.Text
	SubjectName json.Text
	Outcome     json.Text
	GroupID     json.Text
	Data        EventData
}

// EventData is what an event about a device tells.
type EventData struct {
	SerialNumber       json.Text `json:"serialNumber"`
	PurchaseSourceType json.Text `json:"purchaseSourceType"`
	PurchaseSourceID   json.Text `json:"purchaseSourceId"`
	ReleaseEntityType  json.Text `json:"releaseEntityType"`
	ReleaseEntityID    json.Text `json:"releaseEntityId"`
	TargetServerName   json.Text `json:"targetServerName"`
}

// UnmarshalJSONFrom reads any JSON value.
func (e *AuditEvent) UnmarshalJSONFrom(dec *json.Decoder) error {
	value, err := dec.ReadValue()
	if err != nil {
		return err
	}
	*e = AuditEvent{}
	var fixed struct {
		At          Time      `json:"eventDateTime"`
		Type        json.Text `json:"type"`
		Category    json.Text `json:"category"`
		ActorType   json.Text `json:"actorType"`
		ActorID     json.Text `json:"actorId"`
		ActorName   json.Text `json:"actorName"`
		SubjectType json.Text `json:"subjectType"`
		SubjectID   json.Text `json:"subjectId"`
		SubjectName json.Text `json:"subjectName"`
		Outcome     json.Text `json:"outcome"`
		GroupID     json.Text `json:"groupId"`
		DataKey     json.Text `json:"eventDataPropertyKey"`
	}
	if json.Unmarshal(value, &fixed) != nil {
		return nil
	}
	*e = AuditEvent{fixed.At, fixed.Type, fixed.Category, fixed.ActorType, fixed.ActorID, fixed.ActorName, fixed.SubjectType,
		fixed.SubjectID, fixed.SubjectName, fixed.Outcome, fixed.GroupID, EventData{}}
	var members map[string]json.Value
	if json.Unmarshal(value, &members) != nil {
		return nil
	}
	var data json.Object[EventData]
	if member := members[fixed.DataKey.Text]; len(member) > 0 && json.Unmarshal(member, &data) == nil {
		e.Data = data.Of
	}
	return nil
}
