package jamfschool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfschool/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
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

// errStop ends a list that nobody wants any more.
var errStop = errors.New("stop")

// listing is one list of devices, over as many answers as it takes.
type listing struct {
	client    *Client
	options   *DevicesOptions
	delivered map[identity]int // how often each device was delivered
	count     int64            // devices that the server says it has
	received  int64            // elements of the answer that was read to its end
	lost      int              // records that could not be read
	raw       bool             // keep the server's JSON with each device
}

// identity recognises a device in a second answer.
type identity struct{ udid, serial string }

const listTries = 3

func (l *listing) read(ctx context.Context, visit func(*Device, error) error) error {
	for try := 1; ; try++ {
		err := l.once(ctx, visit)
		if try == listTries || !errors.Is(err, mdm.ErrUnavailable) || ctx.Err() != nil {
			return err
		}
		select {
		case <-time.After(time.Duration(try) * time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (l *listing) once(ctx context.Context, visit func(*Device, error) error) error {
	request := transport.Request{Op: "devices", Method: http.MethodGet, Path: "/devices", Query: l.options.query(),
		AttemptTimeout: listTimeout, BodyLimit: listLimit}
	response, err := l.client.http.Do(ctx, request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	skip := make(map[identity]int, len(l.delivered))
	for id, n := range l.delivered {
		skip[id] = n
	}
	var answer wire.Answer
	l.received = 0
	stream := json.Stream{
		Array:   func(name string) bool { return name == "devices" },
		Element: func(v json.Value) error { return l.element(v, skip, visit) },
		Member:  func(name string, v json.Value) error { l.member(&answer, name, v); return nil },
	}
	found, err := stream.Read(response.Body)
	switch {
	case err == nil:
	case ctx.Err() != nil && err != errStop:
		return ctx.Err()
	default:
		return l.client.brokenOff(request, response, err)
	}
	if !found {
		return l.client.notAList(request, response, answer)
	}
	return nil
}

func (l *listing) element(v json.Value, skip map[identity]int, visit func(*Device, error) error) error {
	l.received++
	var w wire.Device
	if v.Kind() != '{' || json.Unmarshal(v, &w) != nil {
		l.lost++
		return visit(nil, l.client.lost("it is not an object"))
	}
	d := l.client.newDevice(&w, false)
	if d.id == "" {
		l.lost++
		return visit(nil, l.client.lost("it has neither UDID nor serial number"))
	}
	id := identity{d.UDID, d.SerialNumber}
	if skip[id] > 0 {
		skip[id]--
		return nil
	}
	l.delivered[id]++
	if l.client.keepRaw || l.raw {
		d.raw = json.Redact(v)
	}
	return visit(d, nil)
}

func (l *listing) member(answer *wire.Answer, name string, v json.Value) {
	var n json.Int
	switch name {
	case "count":
		if json.Unmarshal(v, &n) == nil {
			l.count = n.N
		}
	case "code":
		_ = json.Unmarshal(v, &answer.Code) // never fails: it takes any value
	case "message":
		_ = json.Unmarshal(v, &answer.Message)
	case "reason":
		_ = json.Unmarshal(v, &answer.Reason)
	case "error":
		_ = json.Unmarshal(v, &answer.Error)
	}
}

// complete says whether the listing proves that a device it lacks does not
// exist.
func (l *listing) complete() (bool, string) {
	switch {
	case l.lost > 0:
		return false, fmt.Sprintf("%d records could not be read", l.lost)
	case l.count > 0 && l.count != l.received:
		return false, fmt.Sprintf("the server counts %d devices and sent %d", l.count, l.received)
	}
	return true, ""
}

// Device reads one device by its UDID, with the facts that a list lacks. apps
// adds the installed apps. An unknown UDID is mdm.ErrNotFound, one that is no
// UDID mdm.ErrInvalid.
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

// brokenOff explains why a list ended early. Damaged JSON is what a broken
// connection looks like through a proxy, so an end in the middle counts as
// one.
func (c *Client) brokenOff(r transport.Request, response *transport.Response, err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return c.fail(r.Op, mdm.ErrUnavailable, "the answer broke off")
	}
	return c.unreadable(r, response, err)
}

// notAList explains an answer without devices.
func (c *Client) notAList(r transport.Request, response *transport.Response, answer wire.Answer) error {
	if code, message := failureOf(answer); code >= http.StatusBadRequest {
		return &mdm.Error{Op: r.Op, Origin: c.info.Origin, Kind: kindOf(int(code), message), Status: response.Status,
			Vendor: message, RequestID: response.RequestID}
	}
	return c.undecodable(r.Op, "the answer holds no list of devices")
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
