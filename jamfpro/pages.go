package jamfpro

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfpro/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// listRequest is what a list of devices is asked for.
type listRequest struct {
	kind     DeviceKind
	sections []Section
	filter   Filter
	sort     string // "" = by id, ascending
	pinned   bool   // asks the server that took the last write
}

// rows is a part of a list.
type rows struct {
	devices []*Device
	lost    []error
	total   int    // of the whole list
	last    string // id of the last row; "" = it could not be read
}

// count is the number of rows that the server sent.
func (r rows) count() int { return len(r.devices) + len(r.lost) }

// op names the list in errors.
func (l listRequest) op() string {
	if l.kind == Computer {
		return opComputers
	}
	return opMobileDevices
}

// idField is the name of the id in filters and sorts.
func (l listRequest) idField() string {
	if l.kind == Computer {
		return "id"
	}
	return "mobileDeviceId"
}

func (l listRequest) query(page, size int) url.Values {
	q := url.Values{"page": {strconv.Itoa(page)}, "page-size": {strconv.Itoa(size)}, "sort": {l.sort}}
	if l.sort == "" {
		q.Set("sort", l.idField()+":asc")
	}
	if l.filter.text != "" {
		q.Set("filter", l.filter.text)
	}
	addSections(q, l.sections)
	return q
}

// page reads one page of a list. Pages count from 0.
//
// Source: reference/jamfpro.md 2.2, 2.3, 2.7
func (c *Client) page(ctx context.Context, l listRequest, page, size int) (rows, error) {
	return c.pageOf(ctx, l, page, size, false)
}

// pageOf reads one page; lenient asks the server to leave out what is damaged
// even where it is not known whether it is able to. One that is known not to be
// is never asked.
func (c *Client) pageOf(ctx context.Context, l listRequest, page, size int, lenient bool) (rows, error) {
	if l.filter.err != nil {
		return rows{}, &mdm.Error{Op: l.op(), Origin: c.info.Origin, Kind: mdm.ErrInvalid, Detail: "the filter: " + l.filter.err.Error()}
	}
	var got rows
	if l.kind == Computer {
		err := c.byGeneration(ctx, func(generation int) (err error) {
			got, err = c.stream(ctx, l, computersPath(generation), l.query(page, size))
			return err
		})
		return got, err
	}
	v, err := c.version(ctx)
	if err != nil {
		return rows{}, err
	}
	q := l.query(page, size)
	if v.AtLeast(11, 29) || lenient && v.Major == 0 {
		q.Set("exception-handling", "LENIENT")
	}
	return c.stream(ctx, l, "/api/v2/mobile-devices/detail", q)
}

// stream reads a page row by row, so that a row that makes no sense costs
// nothing but itself.
func (c *Client) stream(ctx context.Context, l listRequest, path string, q url.Values) (rows, error) {
	var got rows
	r := transport.Request{Op: l.op(), Method: http.MethodGet, Path: path, Query: q}
	if l.pinned {
		r.Header = c.sticky.header(nil)
	}
	response, err := c.http.Do(ctx, r)
	if err != nil {
		return got, err
	}
	defer response.Body.Close()
	c.server.deprecated(c.http.Logger(), l.op(), response.Header)
	counted := false
	take := func(d *Device) error {
		if d == nil {
			got.last, got.lost = "", append(got.lost, c.lost(l.op(), "it has no id"))
		} else {
			got.last, got.devices = d.ID, append(got.devices, d)
		}
		return nil
	}
	member := func(name string, v json.Value) error {
		var n json.Int
		if name == "totalCount" && json.Read(v, &n) && n.Present {
			got.total, counted = int(n.N), true
		}
		return nil
	}
	buffer := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buffer)
	answer, whole := ahead(buffer, response.Body)
	if whole {
		c.decoders <- struct{}{}
		defer func() { <-c.decoders }()
	}
	found, err := json.Stream{
		Array:   func(name string) bool { return name == "results" },
		Element: func(v json.Value) error { return take(c.row(l.kind, v)) },
		Member:  member,
	}.Read(answer)
	switch {
	case err != nil && ctx.Err() != nil:
		return rows{}, ctx.Err()
	case err != nil && errors.Is(err, io.ErrUnexpectedEOF):
		return rows{}, c.fail(l.op(), mdm.ErrUnavailable, "the answer broke off")
	case err != nil:
		return rows{}, c.unreadable(l.op(), response, err)
	case !found || !counted:
		return rows{}, c.undecodable(l.op(), "the answer holds no list of devices")
	}
	return got, nil
}

// readAhead is how much of an answer is read before it is looked at.
const readAhead = 8 << 20

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// ahead reads the usual answer as a whole, so that its connection can be used
// again while it is looked at. What is longer than that is read as it comes.
func ahead(buffer *bytes.Buffer, body io.Reader) (answer io.Reader, whole bool) {
	buffer.Reset()
	_, err := io.CopyN(buffer, body, readAhead)
	switch err {
	case nil:
		return io.MultiReader(buffer, body), false
	case io.EOF:
		return buffer, true
	}
	return io.MultiReader(buffer, failing{err}), true
}

// failing is a reader that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// row reads a device; nil if it has no id.
func (c *Client) row(kind DeviceKind, v json.Value) *Device {
	var d *Device
	if kind == Computer {
		var w wire.Computer
		if json.Read(v, &w) {
			d = c.newComputer(&w)
		}
	} else {
		var w wire.Mobile
		if json.Read(v, &w) {
			d = c.newMobile(&w)
		}
	}
	if d == nil || d.ID == "" {
		return nil
	}
	if c.keepRaw {
		d.raw = json.Redact(v)
	}
	return d
}

// errLost is under the error of one record, which does not end a list.
var errLost = errors.New("a record of a list is lost")

func (c *Client) lost(op, detail string) error {
	return &mdm.Error{Op: op, Origin: c.info.Origin, Kind: mdm.ErrDecode, Detail: "a record was left out: " + detail, Cause: errLost}
}
