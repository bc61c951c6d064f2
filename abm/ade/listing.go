package ade

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/mdmlink/mdmlink/abm/ade/internal/wire"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// page reads one page of devices, or of changes.
//
// Source: reference/apple.md 4.2
func (c *Client) page(ctx context.Context, path, cursor string, raw bool) (*DevicePage, error) {
	op := opDevices
	if path == syncPath {
		op = opSync
	}
	size, err := c.pageSize(ctx, path)
	if err != nil {
		return nil, err
	}
	body := map[string]any{"limit": size}
	if cursor != "" {
		body["cursor"] = cursor
	}
	r := transport.Request{Op: op, Method: http.MethodPost, Path: path, Read: true, Body: body}
	response, err := c.send(ctx, r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	page, err := c.readPage(op, response.Body, raw)
	if err != nil {
		return nil, c.unreadable(ctx, r, response, err)
	}
	return page, c.checkPage(op, cursor, page)
}

// readPage reads the records as they come.
func (c *Client) readPage(op string, body io.Reader, raw bool) (*DevicePage, error) {
	page := &DevicePage{}
	told := false
	element := func(v json.Value) error {
		var w wire.Device
		if !json.Read(v, &w) || clean(w.SerialNumber) == "" {
			page.Lost = append(page.Lost, c.fail(op, mdm.ErrDecode, "a record was left out: it is not an object with a serial number"))
			return nil
		}
		page.Devices = append(page.Devices, c.newDevice(&w, v, raw))
		return nil
	}
	member := func(name string, v json.Value) error {
		switch name {
		case "cursor":
			var text json.Text
			if json.Read(v, &text) {
				page.Cursor, told = text.Text, true
			}
		case "more_to_follow":
			var more json.Bool
			if json.Read(v, &more) {
				page.More, told = more.Yes, told || more.Present
			}
		}
		return nil
	}
	found, err := json.Stream{Array: func(name string) bool { return name == "devices" }, Element: element, Member: member}.Read(body)
	if err == nil && !found && !told {
		err = errors.New("ade: neither devices nor a cursor")
	}
	return page, err
}

// checkPage refuses a page with which a listing would never end.
//
// Source: reference/apple.md 4.8
func (c *Client) checkPage(op, asked string, page *DevicePage) error {
	switch {
	case !page.More:
		return nil
	case page.Cursor == "":
		return c.fail(op, mdm.ErrDecode, "more is to follow, and the answer does not say where")
	case page.Cursor == asked:
		return c.fail(op, mdm.ErrCursorInvalid, "the list repeats itself")
	}
	return nil
}

// latest leaves of each device the last word. Where two were said at the same
// time, that it is gone counts.
//
// Source: reference/apple.md 4.8
func latest(all []*Device) []*Device {
	at := make(map[string]int, len(all))
	kept := make([]*Device, 0, len(all))
	for _, d := range all {
		i, again := at[d.id()]
		switch {
		case !again:
			at[d.id()] = len(kept)
			kept = append(kept, d)
		case d.supersedes(kept[i]):
			kept[i] = d
		}
	}
	return kept
}

// supersedes reports whether d, which came after other, is the last word. A
// record without a time counts by its place.
func (d *Device) supersedes(other *Device) bool {
	mine, its := d.OperationDate, other.OperationDate
	switch {
	case mine.IsZero() || its.IsZero():
		return true
	case mine.Equal(its):
		return d.gone() || !other.gone()
	}
	return mine.After(its)
}
