package abm

import (
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/apple"
	"github.com/mdmlink/mdmlink/mdm"
)

// Names of what Apple tells and the catalogue of mdm does not have; they stand
// in Record.Custom.
const (
	CustomServer     = "assigned_server"    // name of the server entry that the device is assigned to
	CustomServerID   = "assigned_server_id" // id of that entry
	CustomAssignment = "assignment"         // "ASSIGNED" or "UNASSIGNED"
	CustomReleasedBy = "released_by"        // who released it, such as "USER"; "REPLACEMENT" = another device took its place
	CustomMigration  = "migration_status"   // of a move to another device management
	CustomDeadline   = "migration_deadline" // until when it is to move there, in RFC 3339
)

// Record returns the neutral form of the device. The name is empty: the
// organisation API knows none.
//
// Source: reference/apple.md 11
func (d *Device) Record() mdm.Record {
	class, platform := apple.Family(d.ProductFamily)
	r := mdm.Record{
		Origin: d.origin, ID: d.ID, Class: class, Platform: platform, PlatformText: d.ProductFamily,
		Serial: d.SerialNumber, Interfaces: d.interfaces(), IMEIs: slices.Clone(d.IMEIs), EID: d.EID,
		Manufacturer: "Apple", Model: d.Model, ModelID: d.ProductType, PartNumber: d.PartNumber, Colour: d.Colour,
		Storage: mdm.Capacity{Total: d.CapacityBytes()}, Ownership: mdm.OwnershipOrganisation,
		Enrolment: mdm.Enrolment{Source: d.source()},
		Added:     d.Added, Released: d.Released, Purchase: d.purchase(), Custom: d.custom(),
		Link: d.link, LinkTarget: d.target, Blank: slices.Clone(d.blank),
	}
	if len(d.MEIDs) > 0 {
		r.MEID = d.MEIDs[0]
	}
	if !d.Released.IsZero() {
		r.Status = mdm.StatusReleased
		r.Ownership = mdm.OwnershipUnknown
	}
	return r
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

// source says how the device came to the organisation.
func (d *Device) source() string {
	return strings.ReplaceAll(strings.ToLower(d.PurchaseSourceType), "_", " ")
}

// purchase leaves out what Apple makes up for devices that were added by hand.
func (d *Device) purchase() mdm.Purchase {
	p := mdm.Purchase{WarrantyEnd: d.coverage.End}
	if !d.Bought() {
		return p
	}
	p.Date, p.Order = d.OrderDate, d.OrderNumber
	switch name := d.source(); {
	case d.PurchaseSourceID == "" && name == "":
	case name == "":
		p.Vendor = d.PurchaseSourceID
	default:
		p.Vendor = strings.ToUpper(name[:1]) + name[1:]
		if d.PurchaseSourceID != "" {
			p.Vendor += " (" + d.PurchaseSourceID + ")" // as the portal's export writes it
		}
	}
	return p
}

func (d *Device) custom() map[string]string {
	var custom map[string]string
	add := func(name, value string) {
		if value == "" {
			return
		}
		if custom == nil {
			custom = map[string]string{}
		}
		custom[name] = value
	}
	add(CustomServer, d.server.Name)
	add(CustomServerID, d.server.ID)
	add(CustomAssignment, d.Status)
	add(CustomReleasedBy, d.ReleaserType)
	add(CustomMigration, d.MigrationStatus)
	if !d.MigrationDeadline.IsZero() {
		add(CustomDeadline, d.MigrationDeadline.Format(time.RFC3339))
	}
	return custom
}
