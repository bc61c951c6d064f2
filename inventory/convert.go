package inventory

import (
	"strconv"
	"strings"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/ident"
)

// matchDevice is a record as matching reads it.
func matchDevice(r *mdm.Record) match.Device {
	d := match.Device{
		ID: r.ID, Serial: r.Serial, UDID: r.UDID, DirectoryID: r.DirectoryID, EnrolmentID: r.ManagementID,
		IMEIs: r.IMEIs, MEID: r.MEID,
		Name: r.Name, Model: r.Model, ModelID: r.ModelID, Manufacturer: r.Manufacturer, OS: r.OS.Name, AssetTag: r.AssetTag, Replaces: r.Replaces,
		Login: r.User.Login, Email: r.User.Email, Site: r.Site.ID,
		Class: match.Class(r.Class), Apple: r.Platform.Apple(), Android: r.Platform == mdm.PlatformAndroid,
		Managed: r.Flags.Managed == mdm.Yes, LastSeen: r.LastSeen, Enrolled: r.Enrolment.At,
	}
	for _, i := range r.Interfaces {
		switch {
		case i.MAC == "" || i.Kind == mdm.InterfaceBluetooth:
		case i.Kind == mdm.InterfaceWiFi && d.WiFi == "":
			d.WiFi = i.MAC
		default:
			d.Ethernet = append(d.Ethernet, i.MAC)
		}
	}
	return d
}

// newAsset is the asset that a sync proposes to create for a device.
func (c Connection) newAsset(r *mdm.Record, name string, births int) Asset {
	a := Asset{Key: c.key(r.ID, births), Site: c.Sites[r.Site.ID], Values: map[string]string{}}
	a.Identifiers = Identifiers{
		Serial: goodSerial(r), AssetTag: r.AssetTag, UDID: r.UDID, DirectoryID: r.DirectoryID, IMEIs: r.IMEIs, MEID: r.MEID,
		Name: name, Manufacturer: r.Manufacturer, Model: r.Model, ModelID: r.ModelID,
		Login: r.User.Login, Email: r.User.Email, Class: r.Class.String(),
	}
	for _, i := range r.Interfaces {
		if i.MAC != "" && i.Kind != mdm.InterfaceBluetooth {
			a.Identifiers.MACs = append(a.Identifiers.MACs, i.MAC)
		}
	}
	return a
}

// key names a device of a connection for all time; it keeps an asset from
// being created twice. After a person undid the link to a created asset, the
// next one needs another key.
func (c Connection) key(device string, births int) string {
	device = strings.ReplaceAll(device, "#", "##")
	if births > 0 {
		return c.ID + "/" + device + "#" + strconv.Itoa(births)
	}
	return c.ID + "/" + device
}

// goodSerial is the serial number of a device, unless it is junk.
func goodSerial(r *mdm.Record) string {
	if id := judgeSerial(r); id.Quality >= ident.Weak {
		return id.Text
	}
	return ""
}

// strongSerial is the key that decisions follow; "" if the device has none.
func strongSerial(r *mdm.Record) string {
	if id := judgeSerial(r); id.Quality == ident.Strong {
		return id.Key
	}
	return ""
}

func judgeSerial(r *mdm.Record) ident.ID {
	return ident.Default().Serial(r.Serial, ident.Hints{Apple: r.Platform.Apple(), Android: r.Platform == mdm.PlatformAndroid,
		Name: r.Name, Model: r.Model, Manufacturer: r.Manufacturer, UDID: r.UDID, EnrolmentID: r.ManagementID})
}
