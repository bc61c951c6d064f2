package jamfschool

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/apple"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfschool/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// Device is a device as Jamf School knows it. A list and a detail tell
// different things about the same device; Detail says which of them it is.
// Texts are as reported, without blanks around them.
//
// Source: reference/jamfschool.md 3.2
type Device struct {
	UDID         string // as reported: 40 hex digits, 8-16 hex digits, or a UUID; "" = not reported
	SerialNumber string // "" = not reported
	LocationID   int64  // the school; 0 is a location like any other, usually the district
	HasLocation  bool   // whether LocationID was reported
	AssetTag     string
	Notes        string
	Name         string // not unique
	Class        string // "ipad", "mac" and others, as reported
	Detail       bool   // read on its own, not from a list

	ModelName       string // marketing name
	ModelIdentifier string // such as "iPad12,2"
	ModelType       string // product line, such as "iPad" or "MacBook Air"
	OSPrefix        string // such as "iOS"
	OSVersion       string // such as "17.6.1"

	Owner *Owner // nil = nobody

	Trashed         mdm.Flag
	Responsive      mdm.Flag // isManaged: checked in within the last days; No does not mean unenrolled
	Supervised      mdm.Flag
	BootstrapStored mdm.Flag // Macs only
	EnrollType      string   // "manual", "dep", "depPending", "ac2", "ac2Pending", as reported
	DEPProfile      string   // profile of automated enrolment; "" = none

	Groups   []string // names; not unique between locations
	GroupIDs []int64  // detail only

	Battery          int   // per cent, 1 to 100; 0 = not reported
	StorageTotal     int64 // bytes, taking the reported gigabytes as 1024³; 0 = not reported
	StorageAvailable int64 // bytes; 0 = not reported

	Passcode          mdm.Flag // detail only
	PasscodeCompliant mdm.Flag // detail only
	Encrypted         mdm.Flag // hardware encryption of iPads and iPhones; detail only

	WiFiMAC       string
	BluetoothMAC  string
	EthernetMACs  []string // list only
	IPAddress     string   // may be a router's; never identifies a device
	Tethered      mdm.Flag // list only
	Subscriptions []Subscription

	Region      string // area that an administrator defined by public address
	Coordinates string // latitude and longitude as text; "" = none

	Apps []App // only if asked for

	LastCheckin time.Time // zero = never, or not readable
	Modified    time.Time // when the record changed; zero = not reported
	ZoneAssumed bool      // LastCheckin had no zone: Config.Zone was assumed

	id       string
	origin   mdm.Origin
	siteName string
	link     string
	target   mdm.LinkTarget
	blank    mdm.Keys
	raw      []byte
}

// Owner is the user that a device is assigned to.
type Owner struct {
	ID         int64
	LocationID int64
	Username   string
	Email      string
	FirstName  string
	LastName   string
	Name       string
	Trashed    mdm.Flag // detail only
}

// Subscription is one SIM slot of a cellular device. Numbers are without the
// blanks that the server puts into them.
type Subscription struct {
	Slot    string // "CTSubscriptionSlotOne", "CTSubscriptionSlotTwo"
	IMEI    string
	MEID    string
	ICCID   string
	EID     string
	Phone   string
	Carrier string
}

// App is an app that is installed on a device.
type App struct {
	Name       string
	Vendor     string
	Identifier string // bundle identifier
	Version    string
}

// Raw returns the server's JSON of the device, if Config.KeepRaw asked for
// it, without the members that would unlock a device; nil otherwise.
func (d *Device) Raw() []byte { return d.raw }

// newDevice reads a device of the wire.
func (c *Client) newDevice(w *wire.Device, detail bool) *Device {
	d := &Device{
		UDID: clean(w.UDID), SerialNumber: clean(w.SerialNumber),
		LocationID: w.LocationID.N, HasLocation: w.LocationID.Present,
		AssetTag: clean(w.AssetTag), Notes: w.Notes.Text, Name: clean(w.Name), Class: clean(w.Class), Detail: detail,
		ModelName: clean(w.Model.Of.Name), ModelIdentifier: clean(w.Model.Of.Identifier), ModelType: clean(w.Model.Of.Type),
		OSPrefix: clean(w.OS.Of.Prefix), OSVersion: clean(w.OS.Of.Version),
		Owner:   newOwner(w.Owner),
		Trashed: flag(w.InTrash), Responsive: flag(w.IsManaged), Supervised: flag(w.IsSupervised), BootstrapStored: flag(w.IsBootstrap),
		EnrollType: first(w.EnrollType, w.DeviceEnrollType), DEPProfile: first(w.DEPProfile, w.DeviceDEPProfile),
		Groups: json.Texts(w.Groups), GroupIDs: numbers(w.GroupIDs),
		StorageTotal: gibibytes(w.TotalCapacity), StorageAvailable: gibibytes(w.Available),
		Passcode: flag(w.HasPasscode), PasscodeCompliant: flag(w.PasscodeOK), Encrypted: flag(w.Encryption),
		WiFiMAC: first(w.WiFiMAC, w.Network.Of.WiFiMAC), BluetoothMAC: first(w.BluetoothMAC, w.Network.Of.BluetoothMAC),
		EthernetMACs: split(w.Network.Of.EthernetMACs), IPAddress: first(w.IPAddress, w.Network.Of.IPAddress),
		Tethered: flag(w.Network.Of.Tethered),
		Region:   clean(w.Region.Of.Name), Coordinates: clean(w.Region.Of.Coordinates),
		Modified: w.Modified.In(c.zone), LastCheckin: w.LastCheckin.In(c.zone),
		origin: c.info.Origin,
	}
	d.ZoneAssumed = !d.LastCheckin.IsZero() && !w.LastCheckin.HasZone()
	d.Battery = battery(w.BatteryLevel, d.Class, d.ModelType)
	for _, s := range concat(w.Network.Of.Subscriptions.Of, w.Network.Of.LowSubscriptions.Of, w.Subscriptions.Of) {
		d.Subscriptions = append(d.Subscriptions, newSubscription(s))
	}
	for _, a := range w.Apps.Of {
		d.Apps = append(d.Apps, App{a.Name.Text, a.Vendor.Text, a.Identifier.Text, a.Version.Text})
	}
	d.id = deviceID(d.UDID, d.SerialNumber)
	d.blank = blanks(w)
	d.link, d.target = c.link(d)
	return d
}

func newOwner(o json.Object[wire.Owner]) *Owner {
	if o.Of.ID.N == 0 {
		return nil
	}
	w := o.Of
	return &Owner{ID: w.ID.N, LocationID: w.LocationID.N, Username: clean(w.Username), Email: clean(w.Email),
		FirstName: clean(w.FirstName), LastName: clean(w.LastName), Name: clean(w.Name), Trashed: flag(w.InTrash)}
}

func newSubscription(w wire.Subscription) Subscription {
	return Subscription{Slot: clean(w.Slot), IMEI: unspaced(w.IMEI), MEID: unspaced(w.MEID), ICCID: unspaced(w.ICCID),
		EID: unspaced(w.EID), Phone: clean(w.Phone), Carrier: clean(w.Carrier)}
}

// blanks names what the server reported as having no value, as opposed to
// what it did not report.
func blanks(w *wire.Device) mdm.Keys {
	var keys mdm.Keys
	empty := func(key mdm.Key, t json.Text) {
		if t.Present && strings.TrimSpace(t.Text) == "" {
			keys = append(keys, key)
		}
	}
	empty(mdm.KeyAssetTag, w.AssetTag)
	empty(mdm.KeyNotes, w.Notes)
	empty(mdm.KeyName, w.Name)
	empty(mdm.KeyEnrolmentProfile, w.DEPProfile)
	empty(mdm.KeyEnrolmentProfile, w.DeviceDEPProfile)
	if w.Owner.Present && w.Owner.Of.ID.N == 0 {
		keys = append(keys, mdm.KeyUserID, mdm.KeyUserName, mdm.KeyUserLogin, mdm.KeyUserEmail)
	} else if w.Owner.Present {
		empty(mdm.KeyUserEmail, w.Owner.Of.Email)
	}
	if w.Groups.Present && len(w.Groups.Of) == 0 {
		keys = append(keys, mdm.KeyGroups)
	}
	return keys
}

func clean(t json.Text) string { return strings.TrimSpace(t.Text) }

// first returns the first text that holds something.
func first(texts ...json.Text) string {
	for _, t := range texts {
		if s := clean(t); s != "" {
			return s
		}
	}
	return ""
}

// unspaced strips what the server puts between the digits of a number.
func unspaced(t json.Text) string {
	return strings.Join(strings.Fields(t.Text), "")
}

// split reads a text that may hold several addresses.
func split(t json.Text) []string {
	return strings.FieldsFunc(t.Text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\t' || r == '\n' })
}

func numbers(l json.List[json.Int]) []int64 {
	var all []int64
	for _, n := range l.Of {
		if n.Present {
			all = append(all, n.N)
		}
	}
	return all
}

func concat[T any](lists ...[]T) []T {
	var all []T
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func flag(b json.Bool) mdm.Flag {
	if !b.Present {
		return mdm.Unknown
	}
	return mdm.FlagOf(b.Yes)
}

func gibibytes(f json.Float) int64 {
	const most = 1 << 30 // a billion gigabytes is no storage
	if f.N <= 0 || f.N > most {
		return 0
	}
	return int64(math.Round(f.N * (1 << 30)))
}

// battery reads a fraction, or per cent where it is above 1. Devices without a
// battery report 0, which is not known.
func battery(f json.Float, class, modelType string) int {
	level := f.N
	if level <= 1 {
		level *= 100
	}
	if level <= 0 || level > 100 || wired(class, modelType) {
		return 0
	}
	return max(1, int(math.Round(level)))
}

func wired(class, modelType string) bool {
	switch c, _ := apple.Family(modelType, class); c {
	case mdm.ClassTV:
		return true
	case mdm.ClassComputer:
		return !strings.Contains(strings.ToLower(modelType), "book") && modelType != ""
	}
	return false
}

// deviceID returns the id of a device: its UDID in the case in which Apple
// writes it, or its serial number where it has no UDID.
func deviceID(udid, serial string) string {
	switch {
	case len(udid) == 40:
		return strings.ToLower(udid)
	case udid != "":
		return strings.ToUpper(udid)
	case serial != "":
		return serialPrefix + strings.ToUpper(serial)
	}
	return ""
}

// serialPrefix starts the id of a device that has no UDID.
const serialPrefix = "serial:"

func formatID(id int64) string { return strconv.FormatInt(id, 10) }
