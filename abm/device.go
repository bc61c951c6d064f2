package abm

import (
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
)

// Device is a device of the organisation as Apple knows it: bought, and
// perhaps assigned to a server, which says nothing about its enrolment. Texts
// are as reported, without blanks around them; "" and zero times were not
// reported or have no value.
//
// Source: reference/apple.md 8.2
type Device struct {
	ID           string // addresses the device in requests; equals SerialNumber in practice
	SerialNumber string

	Added    time.Time // when the organisation got it
	Released time.Time // when it was released; single devices only
	Updated  time.Time // when the entry was changed; not a sign of life

	Model         string // marketing name, such as "iPad (9th generation)"
	ProductFamily string // "iPhone", "iPad", "Mac", "AppleTV", "Watch", "Vision", or another
	ProductType   string // model identifier, such as "iPad12,2"
	Capacity      string // such as "64GB"; see CapacityBytes
	PartNumber    string // with the region, such as "MK473FD/A"
	Colour        string // upper case

	OrderNumber        string    // a made-up one for devices that were added by hand; see Bought
	OrderDate          time.Time // that of the enrolment for devices that were added by hand
	PurchaseSourceType string    // "APPLE", "RESELLER", "MANUALLY_ADDED", or another
	PurchaseSourceID   string    // Apple customer number, or that of the reseller

	Status string // "ASSIGNED" or "UNASSIGNED"; there is none for released devices

	IMEIs         []string
	MEIDs         []string
	EID           string
	WiFiMACs      []string // 12 hexadecimal digits without separators
	BluetoothMACs []string
	EthernetMACs  []string // built-in ones

	ReleaserType string // who released it, such as "USER" or "REPLACEMENT"
	ReleaserID   string

	MigrationCapable  mdm.Flag // can move to another device management without being erased
	MigrationStatus   string   // "REQUESTED", "STARTED", "SUCCESS", "FAILED", or another
	MigrationDeadline time.Time

	server   Server   // the assigned one, where it was looked up
	coverage Coverage // the one that counts, where it was looked up
	origin   mdm.Origin
	link     string
	target   mdm.LinkTarget
	blank    mdm.Keys
	raw      []byte
}

// Raw returns Apple's JSON of the device; nil unless Config.KeepRaw.
func (d *Device) Raw() []byte { return d.raw }

// Bought reports whether the device was bought from Apple or a reseller. The
// order of one that was added by hand is none.
func (d *Device) Bought() bool {
	return !strings.EqualFold(d.PurchaseSourceType, "MANUALLY_ADDED")
}

// CapacityBytes returns the storage as it is advertised, in decimal bytes; 0 =
// not reported, or not understood.
func (d *Device) CapacityBytes() int64 {
	text := strings.ToUpper(strings.ReplaceAll(d.Capacity, " ", ""))
	unit := 0.0
	switch {
	case strings.HasSuffix(text, "MB"):
		unit = 1e6
	case strings.HasSuffix(text, "GB"):
		unit = 1e9
	case strings.HasSuffix(text, "TB"):
		unit = 1e12
	default:
		return 0
	}
	n, err := strconv.ParseFloat(text[:len(text)-2], 64)
	if err != nil || !(n > 0 && n < 1e5) {
		return 0
	}
	return int64(n * unit)
}

// newDevice reads one object of a list. Its ID is "" if there is nothing to
// recognise it by.
func (c *Client) newDevice(r *row[wire.Device]) *Device {
	w := &r.attributes
	d := &Device{
		ID: r.id, SerialNumber: clean(w.SerialNumber),
		Added: w.Added.At(), Released: w.Released.At(), Updated: w.Updated.At(),
		Model: clean(w.Model), ProductFamily: clean(w.ProductFamily), ProductType: clean(w.ProductType),
		Capacity: clean(w.Capacity), PartNumber: clean(w.PartNumber), Colour: clean(w.Colour),
		OrderNumber: clean(w.OrderNumber), OrderDate: w.OrderDate.At(),
		PurchaseSourceType: clean(w.PurchaseSourceType), PurchaseSourceID: clean(w.PurchaseSourceID),
		Status: clean(w.Status), IMEIs: w.IMEI.Of, MEIDs: w.MEID.Of, EID: clean(w.EID),
		WiFiMACs: w.WiFiMAC.Of, BluetoothMACs: w.BluetoothMAC.Of, EthernetMACs: w.EthernetMAC.Of,
		ReleaserType: clean(w.ReleaserType), ReleaserID: clean(w.ReleaserID),
		MigrationCapable: flag(w.MigrationCapable), MigrationStatus: clean(w.MigrationStatus), MigrationDeadline: w.MigrationDeadline.At(),
		origin: c.info.Origin, blank: blank(w),
	}
	if d.ID == "" {
		d.ID = d.SerialNumber
	}
	d.link, d.target = c.link(d)
	if r.raw != nil {
		d.raw = json.Redact(r.raw)
	}
	return d
}

// setServer notes the server entry that the device is assigned to; the zero
// Server = none.
func (d *Device) setServer(s Server) {
	d.server = s
	if s.ID == "" {
		d.blank = d.blank.With(mdm.CustomKey(CustomServer), mdm.CustomKey(CustomServerID))
	}
}

// blank are the attributes that were reported as having no value.
func blank(w *wire.Device) mdm.Keys {
	var keys mdm.Keys
	text := func(key mdm.Key, t json.Text) {
		if t.Present && strings.TrimSpace(t.Text) == "" {
			keys = append(keys, key)
		}
	}
	texts := func(key mdm.Key, t wire.Texts) {
		if t.Present && len(t.Of) == 0 {
			keys = append(keys, key)
		}
	}
	text(mdm.KeyColour, w.Colour)
	text(mdm.KeyPartNumber, w.PartNumber)
	text(mdm.KeyReleased, w.Released.Text)
	text(mdm.KeyEID, w.EID)
	texts(mdm.KeyIMEI, w.IMEI)
	texts(mdm.KeyMEID, w.MEID)
	texts(mdm.KeyMACWiFi, w.WiFiMAC)
	texts(mdm.KeyMACBluetooth, w.BluetoothMAC)
	texts(mdm.KeyMACEthernet, w.EthernetMAC)
	return keys.With()
}

func clean(t json.Text) string { return strings.TrimSpace(t.Text) }

func flag(b json.Bool) mdm.Flag {
	if !b.Present {
		return mdm.Unknown
	}
	return mdm.FlagOf(b.Yes)
}
