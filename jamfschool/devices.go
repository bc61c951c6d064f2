package jamfschool

import (
	"context"
	"iter"
	"net/url"
	"strconv"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfschool/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// DevicesOptions narrows a list of devices. The zero value lists all. There is
// no filter by device name: the server's filter "name" means the owner's.
type DevicesOptions struct {
	SerialNumber string   // exact, whatever the case
	AssetTag     string   // exact
	OwnerID      int64    // devices of this user; 0 = any
	HasOwner     mdm.Flag // Yes: with an owner; No: without
	Groups       []int64  // devices in any of these device groups
	OwnerGroups  []int64  // devices whose owner is in any of these user groups
	Model        string   // model identifier, exact
	Location     *int64   // devices of this location; nil = any, 0 is a location
	Supervised   mdm.Flag
	EnrollType   string   // "manual", "dep", "depPending", "ac2", "ac2Pending"
	Bootstrap    mdm.Flag // with, or without, a bootstrap token

	// Responsive keeps the devices that checked in lately (Yes), or those that
	// did not (No). It is applied here: the server's filter is broken.
	Responsive mdm.Flag

	// Trashed lists what is in the trash instead. It is applied here too.
	//
	// Unverified: whether the server lists trashed devices at all.
	Trashed bool

	// Apps adds the installed apps to each device, which makes the answer
	// many times as large.
	Apps bool
}

func (o *DevicesOptions) query() url.Values {
	q := url.Values{}
	if o == nil {
		return q
	}
	set := func(key, value string) {
		if value != "" {
			q.Set(key, value)
		}
	}
	set("serialnumber", o.SerialNumber)
	set("assettag", o.AssetTag)
	if o.OwnerID != 0 {
		set("owner", formatID(o.OwnerID))
	}
	set("hasOwner", binary(o.HasOwner))
	set("groups", joinIDs(o.Groups))
	set("ownergroups", joinIDs(o.OwnerGroups))
	set("model", o.Model)
	if o.Location != nil {
		set("location", formatID(*o.Location))
	}
	set("supervised", binary(o.Supervised))
	set("enrollType", o.EnrollType)
	set("bootstrapTokenStored", binary(o.Bootstrap))
	if o.Trashed {
		set("inTrash", "1")
	}
	if o.Apps { // any value counts as yes here, so it is left out otherwise
		set("includeApps", "1")
	}
	return q
}

// keeps applies what the server cannot be trusted with.
func (o *DevicesOptions) keeps(d *Device) bool {
	trashed := o != nil && o.Trashed
	switch {
	case (d.Trashed == mdm.Yes) != trashed:
		return false
	case o == nil:
		return true
	case o.Location != nil && d.HasLocation && d.LocationID != *o.Location:
		return false
	}
	return o.Responsive == mdm.Unknown || o.Responsive == d.Responsive
}

// Devices lists devices. The server sends all of them in one answer, which is
// read as a stream. A record that cannot be read comes as an error between
// the devices and does not end the list; a failure of the list itself is the
// last element. An answer that breaks off is asked for again, up to twice, and
// goes on behind what was already delivered.
//
// Source: reference/jamfschool.md 2.2
//
//mdm:endpoint GET /devices
func (c *Client) Devices(ctx context.Context, o *DevicesOptions) iter.Seq2[*Device, error] {
	return func(yield func(*Device, error) bool) {
		l := listing{client: c, options: o, delivered: map[identity]int{}}
		err := l.read(ctx, func(d *Device, lost error) error {
			if lost == nil && !o.keeps(d) {
				return nil
			}
			if !yield(d, lost) {
				return errStop
			}
			return nil
		})
		if err != nil && err != errStop {
			yield(nil, err)
		}
	}
}

// Device reads one device by its UDID, with the facts that a list lacks. apps
// adds the installed apps. An unknown UDID is mdm.ErrNotFound, one that is no
// UDID mdm.ErrInvalid. An answer about no device, or another one, is
// mdm.ErrDecode.
//
// Source: reference/jamfschool.md 2.1
//
//mdm:endpoint GET /devices/{udid}
func (c *Client) Device(ctx context.Context, udid string, apps bool) (*Device, error) {
	path, err := c.devicePath("device", udid)
	if err != nil {
		return nil, err
	}
	query := url.Values{}
	if apps {
		query.Set("includeApps", "true") // the detail wants the word, the list any value
	}
	var answer struct {
		Device json.Value `json:"device"`
	}
	if err := c.get(ctx, "device", path, query, &answer); err != nil {
		return nil, err
	}
	var w wire.Device
	if len(answer.Device) == 0 || answer.Device.Kind() != '{' || json.Unmarshal(answer.Device, &w) != nil {
		return nil, c.undecodable("device", "the answer holds no device")
	}
	d := c.newDevice(&w, true)
	if !strings.EqualFold(d.UDID, udid) {
		return nil, c.undecodable("device", "the answer is not about the device that was asked for")
	}
	if c.keepRaw {
		d.raw = json.Redact(answer.Device)
	}
	return d, nil
}

// DeviceBySerial reads the list entry of the one device with this serial
// number. None is mdm.ErrNotFound, several are mdm.ErrConflict.
func (c *Client) DeviceBySerial(ctx context.Context, serial string) (*Device, error) {
	return c.bySerial(ctx, serial, false)
}

func (c *Client) bySerial(ctx context.Context, serial string, apps bool) (*Device, error) {
	serial = strings.TrimSpace(serial)
	if serial == "" {
		return nil, c.fail("device", mdm.ErrInvalid, "the serial number is empty")
	}
	var found *Device
	for d, err := range c.Devices(ctx, &DevicesOptions{SerialNumber: serial, Apps: apps}) {
		switch {
		case err != nil:
			return nil, err
		case !strings.EqualFold(d.SerialNumber, serial):
			continue // the filter was not applied
		case found != nil:
			return nil, c.fail("device", mdm.ErrConflict, "several devices have this serial number")
		}
		found = d
	}
	if found == nil {
		return nil, c.fail("device", mdm.ErrNotFound, "")
	}
	return found, nil
}

// Apps lists the apps of one device.
//
// Unverified: the shape of this answer was not recorded; the apps of
// Device(ctx, udid, true) are the surer way, and what Source uses.
//
// Source: reference/jamfschool.md 2.1
//
//mdm:endpoint GET /devices/{udid}/apps
func (c *Client) Apps(ctx context.Context, udid string) ([]App, error) {
	path, err := c.devicePath("apps", udid)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Apps   json.List[wire.App] `json:"apps"`
		Device json.Object[struct {
			Apps json.List[wire.App] `json:"apps"`
		}] `json:"device"`
	}
	if err := c.get(ctx, "apps", path+"/apps", nil, &answer); err != nil {
		return nil, err
	}
	if !answer.Apps.Present && !answer.Device.Of.Apps.Present {
		return nil, c.undecodable("apps", "the answer holds no apps")
	}
	var apps []App
	for _, a := range concat(answer.Apps.Of, answer.Device.Of.Apps.Of) {
		apps = append(apps, App{a.Name.Text, a.Vendor.Text, a.Identifier.Text, a.Version.Text})
	}
	return apps, nil
}

// devicePath builds the path of a device. What is not a UDID is refused: an
// empty one would turn the path into that of the whole list, and "groups" or
// "migrate" into those of other things.
func (c *Client) devicePath(op, udid string) (string, error) {
	if !isUDID(udid) {
		return "", c.fail(op, mdm.ErrInvalid, "not a UDID")
	}
	return "/devices/" + udid, nil
}

func isUDID(text string) bool {
	if len(text) < 8 || len(text) > 64 {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'f') && (r < 'A' || r > 'F') && r != '-'
	})
}

func (c *Client) fail(op string, kind error, detail string) error {
	return &mdm.Error{Op: op, Origin: c.info.Origin, Kind: kind, Detail: detail}
}

func (c *Client) undecodable(op, detail string) error { return c.fail(op, mdm.ErrDecode, detail) }

func (c *Client) lost(detail string) error {
	return c.fail("devices", mdm.ErrDecode, "a record was left out: "+detail)
}

func binary(f mdm.Flag) string {
	switch f {
	case mdm.Yes:
		return "1"
	case mdm.No:
		return "0"
	}
	return ""
}

func joinIDs(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}
