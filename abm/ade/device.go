package ade

import (
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade/internal/wire"
	org "github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
)

// Device is a device that is assigned to the server entry. That says nothing
// about its enrolment: see ProfileStatus. Texts are as reported, without blanks
// around them; "" and zero times were not reported or have no value.
//
// Source: reference/apple.md 4.3
type Device struct {
	SerialNumber string
	Model        string // marketing name, such as "iPad (9th generation)"
	Description  string // text of the order
	Colour       string // upper case
	AssetTag     string // set by the reseller
	Family       string // "iPad", "iPhone", "iPod", "Mac", "AppleTV", "Vision", "Watch", or another
	OS           string // "iOS", "iPadOS", "OSX", "tvOS", "visionOS", or another

	ProfileStatus   ProfileStatus
	ProfileText     string    // Apple's word for ProfileStatus
	ProfileUUID     string    // of the enrolment profile that is assigned
	ProfileAssigned time.Time // when it was assigned
	ProfilePushed   time.Time // when the device got it

	Assigned   time.Time // when the device was assigned to this server entry
	AssignedBy string    // account of the person or program that did it: personal data

	Operation     string    // in a listing of changes: OpAdded, OpModified, OpDeleted, or another
	OperationDate time.Time // when that was

	ResponseStatus    string    // of a single device: "SUCCESS", or why there is nothing else
	MigrationDeadline time.Time // until when it is to move to another device management

	IMEIs         []string // as reported, with blanks between groups of digits
	MEIDs         []string
	EID           string
	WiFiMACs      []string
	BluetoothMACs []string
	EthernetMACs  []string

	Replacement           mdm.Flag // stands in for another device, after service; see Client.Replacement
	ReleasedByReplacement mdm.Flag // another device took its place

	replaces string // serial number of that other device, where it was looked up
	origin   mdm.Origin
	server   string
	link     string
	target   mdm.LinkTarget
	blank    mdm.Keys
	raw      []byte
}

// What happened to a device, in Device.Operation.
const (
	OpAdded    = "added"    // was assigned to the server entry
	OpModified = "modified" // changed; also a device that came from another server entry
	OpDeleted  = "deleted"  // is not assigned to the server entry any more
)

// Raw returns Apple's JSON of the device; nil unless Config.KeepRaw.
func (d *Device) Raw() []byte { return d.raw }

// id is the serial number in the form that names a device.
func (d *Device) id() string { return canonical(d.SerialNumber) }

// gone reports whether the device is not assigned to the server entry any more.
func (d *Device) gone() bool { return strings.EqualFold(d.Operation, OpDeleted) }

// ProfileStatus is how far a device's enrolment profile has come. A device
// that has one assigned is not enrolled yet. The zero ProfileStatus is not
// known.
//
// Source: reference/apple.md 4.3
type ProfileStatus uint8

// The statuses.
const (
	ProfileUnknown  ProfileStatus = iota
	ProfileEmpty                  // none is assigned
	ProfileAssigned               // is assigned, and waits for the next set-up of the device
	ProfilePushed                 // the device got it
	ProfileRemoved                // was assigned, and the device is to get none
)

var profileStatuses = [...]string{"", "empty", "assigned", "pushed", "removed"}

// String returns Apple's word, or "" for not known.
func (s ProfileStatus) String() string { return profileStatuses[min(int(s), len(profileStatuses)-1)] }

func parseProfileStatus(text string) ProfileStatus {
	for i, name := range profileStatuses {
		if i > 0 && strings.EqualFold(text, name) {
			return ProfileStatus(i)
		}
	}
	return ProfileUnknown
}

func (c *Client) newDevice(w *wire.Device, value json.Value, raw bool) *Device {
	d := &Device{
		SerialNumber: clean(w.SerialNumber), Model: clean(w.Model), Description: clean(w.Description), Colour: clean(w.Colour),
		AssetTag: clean(w.AssetTag), Family: clean(w.Family), OS: clean(w.OS),
		ProfileText: clean(w.ProfileStatus), ProfileStatus: parseProfileStatus(clean(w.ProfileStatus)), ProfileUUID: NormaliseUUID(clean(w.ProfileUUID)),
		ProfileAssigned: w.ProfileAssigned.At(), ProfilePushed: w.ProfilePushed.At(),
		Assigned: w.Assigned.At(), AssignedBy: clean(w.AssignedBy),
		Operation: strings.ToLower(clean(w.Operation)), OperationDate: w.OperationDate.At(),
		ResponseStatus: clean(w.ResponseStatus), MigrationDeadline: w.MigrationDeadline.At(),
		IMEIs: w.IMEI.Of, MEIDs: w.MEID.Of, EID: clean(w.EID),
		WiFiMACs: w.WiFiMAC.Of, BluetoothMACs: w.BluetoothMAC.Of, EthernetMACs: w.EthernetMAC.Of,
		Replacement: flag(w.Replacement), ReleasedByReplacement: flag(w.ReleasedByReplacement),
		origin: c.info.Origin, server: c.serverName(), blank: blank(w),
	}
	d.link, d.target = c.link(d)
	if raw {
		d.raw = json.Redact(value)
	}
	return d
}

// serverName is the name of the server entry, once the account told it.
func (c *Client) serverName() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.account == nil {
		return ""
	}
	return c.account.ServerName
}

// blank are the attributes that were reported as having no value.
func blank(w *wire.Device) mdm.Keys {
	var keys mdm.Keys
	text := func(key mdm.Key, t json.Text) {
		if t.Present && strings.TrimSpace(t.Text) == "" {
			keys = append(keys, key)
		}
	}
	texts := func(key mdm.Key, t org.Texts) {
		if t.Present && len(t.Of) == 0 {
			keys = append(keys, key)
		}
	}
	text(mdm.KeyColour, w.Colour)
	text(mdm.KeyAssetTag, w.AssetTag)
	text(mdm.KeyEID, w.EID)
	texts(mdm.KeyIMEI, w.IMEI)
	texts(mdm.KeyMEID, w.MEID)
	texts(mdm.KeyMACWiFi, w.WiFiMAC)
	texts(mdm.KeyMACBluetooth, w.BluetoothMAC)
	texts(mdm.KeyMACEthernet, w.EthernetMAC)
	return keys.With()
}
