package adetest

import "time"

// record is a device as JSON. What is nil or "" is left out.
type record struct {
	Response    string  `json:"response_status,omitempty"`
	Serial      string  `json:"serial_number,omitempty"`
	Model       *string `json:"model,omitempty"`
	Description *string `json:"description,omitempty"`
	Color       *string `json:"color,omitempty"`
	AssetTag    *string `json:"asset_tag,omitempty"`

	Status        *string `json:"profile_status,omitempty"`
	Profile       *string `json:"profile_uuid,omitempty"`
	ProfileSet    *string `json:"profile_assign_time,omitempty"`
	ProfilePushed *string `json:"profile_push_time,omitempty"`
	Assigned      *string `json:"device_assigned_date,omitempty"`
	AssignedBy    *string `json:"device_assigned_by,omitempty"`

	Family *string `json:"device_family,omitempty"`
	OS     *string `json:"os,omitempty"`

	OpType string `json:"op_type,omitempty"`
	OpDate string `json:"op_date,omitempty"`

	Migrate *string `json:"mdm_migration_deadline,omitempty"`

	IMEIs        []string `json:"imei,omitempty"`
	MEIDs        []string `json:"meid,omitempty"`
	EID          string   `json:"eid,omitempty"`
	WiFiMAC      string   `json:"wifi_mac_address,omitempty"`
	BluetoothMAC string   `json:"bluetooth_mac_address,omitempty"`
	EthernetMAC  string   `json:"ethernet_mac_address,omitempty"`
	Replacement  *bool    `json:"is_replacement_device,omitempty"`
	Exchanged    *bool    `json:"released_by_replacement,omitempty"`
}

// render makes the JSON of a device for the caller's protocol version.
func (c *call) render(s *Device) record {
	text := c.text
	r := record{
		Serial: s.Serial, Model: text(s.Model), Description: text(s.Description), Color: text(s.Color), AssetTag: text(s.AssetTag),
		Status: text(s.Status), Profile: text(s.Profile),
		ProfileSet: text(c.time(s.ProfileSet)), ProfilePushed: text(c.time(s.ProfilePushed)),
		Assigned: text(c.time(s.Assigned)), AssignedBy: text(s.AssignedBy),
	}
	if (s.Status == "" || s.Status == "empty") && !c.f.wire.EmptyTexts {
		r.Status = new("empty")
	} else if s.Status == "empty" {
		r.Status = new("")
	}
	if c.version >= 2 {
		os := s.OS
		if os == "iPadOS" && c.version < 7 {
			os = "iOS"
		}
		r.Family, r.OS = text(s.Family), text(os)
	}
	if c.version >= 8 && !s.Migrate.IsZero() {
		r.Migrate = text(c.time(s.Migrate))
	}
	if c.version >= 10 {
		c.renderHardware(&r, s)
	}
	return r
}

// renderHardware adds what version 10 brought.
func (c *call) renderHardware(r *record, s *Device) {
	for _, imei := range s.IMEIs {
		if len(imei) == 15 && !c.f.wire.PlainIMEI {
			imei = imei[:2] + " " + imei[2:8] + " " + imei[8:14] + " " + imei[14:]
		}
		r.IMEIs = append(r.IMEIs, imei)
	}
	r.MEIDs, r.EID = s.MEIDs, s.EID
	r.WiFiMAC, r.BluetoothMAC, r.EthernetMAC = s.WiFiMAC, s.BluetoothMAC, s.EthernetMAC
	r.Replacement, r.Exchanged = new(s.Replaces != ""), new(s.ReleasedByExchange)
}

// text is a text of an answer; nil = it is left out.
func (c *call) text(s string) *string {
	if s == "" && !c.f.wire.EmptyTexts {
		return nil
	}
	return &s
}

// time is a time of an answer, in whole seconds.
func (c *call) time(t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case c.f.wire.Fractions:
		return t.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return t.UTC().Format(time.RFC3339)
}
