package ade

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/abm/ade/internal/wire"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

const (
	fetchPath   = "/server/devices"
	syncPath    = "/devices/sync"
	detailsPath = "/devices"
)

// DevicePage is one answer of a listing.
type DevicePage struct {
	Devices []*Device // as Apple sent them, repetitions included
	Lost    []error   // records that could not be read
	Cursor  string    // where to go on, of 1000 characters and more; "" = not told
	More    bool      // more is to be had at once, with Cursor
}

// FetchDevices lists the devices of the server entry, page by page: the first
// with an empty cursor, and on with the cursor of the page before while there
// is more. Then SyncDevices lists what changes. The error of a cursor after
// which everything was fetched Is ErrCursorExhausted.
//
// Source: reference/apple.md 3, 4.2, 4.8
//
//mdm:endpoint POST /server/devices
func (c *Client) FetchDevices(ctx context.Context, cursor string) (*DevicePage, error) {
	return c.page(ctx, fetchPath, cursor, c.keepRaw)
}

// SyncDevices lists what changed since a cursor, in the order of time: see
// Device.Operation. A device may come several times. The error of a cursor that
// is older than seven days Is mdm.ErrCursorExpired; fetch everything then.
//
// Unverified: whether every device that leaves is told as deleted.
//
// Source: reference/apple.md 3, 4.2, 4.8
//
//mdm:endpoint POST /devices/sync
func (c *Client) SyncDevices(ctx context.Context, cursor string) (*DevicePage, error) {
	if cursor == "" {
		return nil, &mdm.Error{Op: opSync, Origin: c.info.Origin, Kind: mdm.ErrCursorInvalid, Detail: "none was given",
			Advice: "Fetch all devices first; its last cursor lists the changes."}
	}
	return c.page(ctx, syncPath, cursor, c.keepRaw)
}

// Devices lists all devices of the server entry, each once. A record that
// cannot be read comes as an error between the devices and does not end the
// list; a failure of the list itself is the last element.
//
// Source: reference/apple.md 3, 4.8
//
//mdm:endpoint POST /server/devices
func (c *Client) Devices(ctx context.Context) iter.Seq2[*Device, error] {
	return func(yield func(*Device, error) bool) {
		seen := map[string]struct{}{}
		cursor := ""
		for more := true; more; {
			page, err := c.fetch(ctx, cursor, c.keepRaw)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, lost := range page.Lost {
				if !yield(nil, lost) {
					return
				}
			}
			for _, d := range latest(page.Devices) {
				if _, again := seen[d.id()]; again || d.gone() {
					continue
				}
				seen[d.id()] = struct{}{}
				if !yield(d, nil) {
					return
				}
			}
			cursor, more = page.Cursor, page.More
		}
	}
}

// Details reads devices by their serial numbers, in the order of these. One
// that Apple does not know, or that is assigned elsewhere, is mdm.ErrNotFound
// in its place. They are asked for in requests of 1000; a failure of a request
// ends the sequence.
//
// Source: reference/apple.md 3, 4.4
//
//mdm:endpoint POST /devices
func (c *Client) Details(ctx context.Context, serials ...string) iter.Seq2[*Device, error] {
	return func(yield func(*Device, error) bool) {
		for batch := range slices.Chunk(serials, batchSize) {
			found, err := c.details(ctx, batch)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, serial := range batch {
				if d, err := c.detailed(found, serial); !yield(d, err) {
					return
				}
			}
		}
	}
}

// Device reads one device by its serial number. One that Apple does not know,
// or that is assigned elsewhere, is mdm.ErrNotFound.
//
// Source: reference/apple.md 3, 4.4
//
//mdm:endpoint POST /devices
func (c *Client) Device(ctx context.Context, serial string) (*Device, error) {
	if err := c.checkSerials(opDevice, serial); err != nil {
		return nil, err
	}
	found, err := c.details(ctx, []string{serial})
	if err != nil {
		return nil, err
	}
	return c.detailed(found, serial)
}

// details asks for up to 1000 devices. What cannot be a serial number is left
// out; Apple is asked if anything is left.
func (c *Client) details(ctx context.Context, serials []string) (map[string]*Device, error) {
	serials = slices.DeleteFunc(distinct(serials), func(s string) bool { return !isSerial(s) })
	found := make(map[string]*Device, len(serials))
	if len(serials) == 0 {
		return found, ctx.Err()
	}
	var answer struct {
		Devices map[string]json.Value `json:"devices"`
	}
	r := transport.Request{Op: opDevice, Method: http.MethodPost, Path: detailsPath, Read: true, Body: map[string]any{"devices": serials}}
	if err := c.exchange(ctx, r, &answer); err != nil {
		return nil, err
	}
	if answer.Devices == nil {
		return nil, c.fail(opDevice, mdm.ErrDecode, "the answer holds no devices")
	}
	for serial, value := range answer.Devices {
		var w wire.Device
		if !json.Read(value, &w) {
			continue
		}
		if clean(w.SerialNumber) == "" { // of a failure
			w.SerialNumber = json.Text{Text: serial, Present: true}
		}
		found[canonical(serial)] = c.newDevice(&w, value, c.keepRaw)
	}
	return found, nil
}

// detailed says what the answer for one device means.
//
// Source: reference/apple.md 4.4
func (c *Client) detailed(found map[string]*Device, serial string) (*Device, error) {
	d := found[canonical(serial)]
	if d == nil {
		if !isSerial(serial) {
			return nil, c.fail(opDevice, mdm.ErrNotFound, "not a serial number")
		}
		return nil, c.fail(opDevice, mdm.ErrUnavailable, "the answer leaves out a device")
	}
	switch d.ResponseStatus {
	case "", statusSuccess:
		return d, nil
	case statusNotAccessible, "NOT_FOUND":
		return nil, &mdm.Error{Op: opDevice, Origin: c.info.Origin, Kind: mdm.ErrNotFound, Vendor: d.ResponseStatus,
			Detail: "there is no such device, or it is assigned to another server"}
	}
	return nil, &mdm.Error{Op: opDevice, Origin: c.info.Origin, Kind: mdm.ErrUnavailable, Vendor: d.ResponseStatus}
}

// checkSerials refuses what cannot be a serial number.
func (c *Client) checkSerials(op string, serials ...string) error {
	if len(serials) == 0 {
		return c.fail(op, mdm.ErrInvalid, "no device is named; give the serial numbers of one or more")
	}
	if !slices.ContainsFunc(serials, func(s string) bool { return !isSerial(s) }) {
		return nil
	}
	return c.fail(op, mdm.ErrInvalid, "a serial number is empty or not one of Apple's")
}

func isSerial(text string) bool {
	return text != "" && len(text) <= 64 && !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
}

// canonical is the form of a serial number in which devices are compared.
func canonical(serial string) string { return strings.ToUpper(strings.TrimSpace(serial)) }

// fetch reads a page of all devices. Everything was fetched where Apple says
// that the cursor is exhausted.
//
// Source: reference/apple.md 4.8
func (c *Client) fetch(ctx context.Context, cursor string, raw bool) (*DevicePage, error) {
	page, err := c.page(ctx, fetchPath, cursor, raw)
	if errors.Is(err, ErrCursorExhausted) && cursor != "" {
		return &DevicePage{Cursor: cursor}, nil
	}
	return page, err
}
