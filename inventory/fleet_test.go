package inventory_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func itoa(n int) string { return strconv.Itoa(n) }

func mac(n int) string {
	return fmt.Sprintf("3c:5a:%02x:%02x:%02x:%02x", n>>24&255, n>>16&255, n>>8&255, n&255)
}

// district is a rig over the synthetic school district.
func district(t testing.TB) *rig {
	d := fleet.New(fleet.Options{Windows: 20, Android: 20})
	var records []mdm.Record
	for i := range d.Devices {
		records = append(records, neutral(i, &d.Devices[i]))
	}
	r := newRig(t, records...)
	for _, a := range d.Assets {
		id := inventory.Identifiers{Serial: a.Serial, Number: a.Number, Name: a.Name, Manufacturer: a.Manufacturer, Model: a.Model, MACs: a.MACs}
		if a.IMEI != "" {
			id.IMEIs = []string{a.IMEI}
		}
		r.put(inventory.Asset{ID: a.ID, Site: a.School, Archived: a.Archived, Identifiers: id, Values: map[string]string{"room": a.Room}})
	}
	r.connection.Sites = map[string]string{}
	for _, s := range d.Schools {
		r.connection.Sites[s.ID] = s.ID
	}
	return r
}

var platforms = map[fleet.Platform]mdm.Platform{fleet.IPadOS: mdm.PlatformIPadOS, fleet.IOS: mdm.PlatformIOS, fleet.MacOS: mdm.PlatformMacOS,
	fleet.TVOS: mdm.PlatformTVOS, fleet.Windows: mdm.PlatformWindows, fleet.Android: mdm.PlatformAndroid}

var classes = map[fleet.Class]mdm.Class{fleet.Tablet: mdm.ClassTablet, fleet.Phone: mdm.ClassPhone, fleet.Laptop: mdm.ClassComputer,
	fleet.Desktop: mdm.ClassComputer, fleet.TVBox: mdm.ClassTV}

func neutral(i int, d *fleet.Device) mdm.Record {
	r := mdm.Record{ID: itoa(i), Class: classes[d.Class], Platform: platforms[d.Platform], Name: d.Name, Serial: d.Serial, UDID: d.UDID,
		Manufacturer: d.Manufacturer, Model: d.Model, ModelID: d.Identifier, AssetTag: d.AssetTag, OS: mdm.OS{Version: d.OSVersion},
		LastSeen: d.LastSeen, Enrolment: mdm.Enrolment{At: d.Enrolled}, Flags: mdm.Flags{Managed: mdm.FlagOf(d.Managed)}, Site: mdm.Site{ID: d.School}}
	if d.WiFiMAC != "" {
		r.Interfaces = append(r.Interfaces, mdm.Interface{Kind: mdm.InterfaceWiFi, MAC: d.WiFiMAC})
	}
	for _, m := range d.EthernetMACs {
		r.Interfaces = append(r.Interfaces, mdm.Interface{Kind: mdm.InterfaceEthernet, MAC: m})
	}
	for _, s := range d.SIMs {
		r.IMEIs = append(r.IMEIs, s.IMEI)
		r.SIMs = append(r.SIMs, mdm.SIM{Phone: s.Phone, ICCID: s.ICCID})
	}
	return r
}
