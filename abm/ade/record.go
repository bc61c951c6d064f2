package ade

import (
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/apple"
	"github.com/mdmlink/mdmlink/mdm"
)

// Names of what Apple tells and the catalogue of mdm does not have; they stand
// in Record.Custom. Those of package abm have the same meaning.
const (
	CustomServer        = "assigned_server"    // name of the server entry
	CustomServerID      = "assigned_server_id" // UUID of the server entry
	CustomAssignment    = "assignment"         // always "ASSIGNED"
	CustomReleasedBy    = "released_by"        // "REPLACEMENT": another device took its place
	CustomDescription   = "order_text"         // text of the order
	CustomProfileStatus = "profile_status"     // such as "assigned"; says nothing about enrolment
	CustomProfileUUID   = "profile_uuid"       // of the enrolment profile that is assigned
	CustomDeadline      = "migration_deadline" // until when it is to move to another device management, in RFC 3339
)

// Record returns the neutral form of the device. The name is empty: the
// service knows none. Nor does it know orders and their dates; the text of the
// order stands in Custom.
//
// Source: reference/apple.md 11
func (d *Device) Record() mdm.Record {
	class, platform := classify(d.Family, d.OS)
	r := mdm.Record{
		Origin: d.origin, ID: d.id(), Class: class, Platform: platform, PlatformText: d.Family,
		Serial: d.SerialNumber, Interfaces: d.interfaces(), IMEIs: withoutBlanks(d.IMEIs), EID: d.EID, Replaces: d.replaces,
		Manufacturer: "Apple", Model: d.Model, Colour: d.Colour, OS: mdm.OS{Name: d.OS},
		Ownership: mdm.OwnershipOrganisation, Added: d.Assigned, AssetTag: d.AssetTag,
		Custom: d.custom(), Link: d.link, LinkTarget: d.target, Blank: slices.Clone(d.blank),
	}
	if meids := withoutBlanks(d.MEIDs); len(meids) > 0 {
		r.MEID = meids[0]
	}
	return r
}

// withoutBlanks takes out the blanks that Apple puts between digits.
//
// Source: reference/apple.md 4.3
func withoutBlanks(all []string) []string {
	var plain []string
	for _, text := range all {
		if text = strings.Join(strings.Fields(text), ""); text != "" {
			plain = append(plain, text)
		}
	}
	return plain
}

// interfaces lists Wi-Fi first, since its address is the representative one.
func (d *Device) interfaces() []mdm.Interface {
	var all []mdm.Interface
	for _, group := range []struct {
		kind mdm.InterfaceKind
		macs []string
	}{{mdm.InterfaceWiFi, d.WiFiMACs}, {mdm.InterfaceEthernet, d.EthernetMACs}, {mdm.InterfaceBluetooth, d.BluetoothMACs}} {
		for _, mac := range group.macs {
			all = append(all, mdm.Interface{Kind: group.kind, MAC: mac})
		}
	}
	return all
}

func (d *Device) custom() map[string]string {
	custom := map[string]string{}
	add := func(name, value string) {
		if value != "" {
			custom[name] = value
		}
	}
	add(CustomServer, d.server)
	if isUUID(d.origin.Tenant) {
		add(CustomServerID, d.origin.Tenant)
	}
	if d.gone() {
		return custom
	}
	add(CustomAssignment, "ASSIGNED")
	if d.ReleasedByReplacement == mdm.Yes {
		add(CustomReleasedBy, "REPLACEMENT")
	}
	add(CustomDescription, d.Description)
	add(CustomProfileStatus, d.ProfileText)
	add(CustomProfileUUID, d.ProfileUUID)
	if !d.MigrationDeadline.IsZero() {
		add(CustomDeadline, d.MigrationDeadline.Format(time.RFC3339))
	}
	return custom
}

var systems = map[string]mdm.Platform{"ios": mdm.PlatformIOS, "ipados": mdm.PlatformIPadOS, "osx": mdm.PlatformMacOS,
	"tvos": mdm.PlatformTVOS, "visionos": mdm.PlatformVisionOS, "watchos": mdm.PlatformWatchOS}

// classify goes by the product line, and by the system where that is unknown:
// before version 7 of the protocol, an iPad had the system of an iPhone.
//
// Source: reference/apple.md 4.3, 11
func classify(family, system string) (mdm.Class, mdm.Platform) {
	if class, platform := apple.Family(family); platform != mdm.PlatformUnknown {
		return class, platform
	}
	return mdm.ClassUnknown, systems[strings.ToLower(system)]
}
