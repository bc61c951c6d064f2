package jamfpro

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
)

// ComputersOptions narrows a list of computers. The zero value lists all, with
// what an inventory needs.
type ComputersOptions struct {
	Filter   Filter    // by fields such as "hardware.serialNumber" or "general.reportDate"
	Sections []Section // what to read of each; nil = all but the applications
}

// Computers lists computers, by id. A record that cannot be read comes as an
// error between the devices and does not end the list; a failure of the list
// itself is the last element. Pages are read several at a time. A list that
// changes meanwhile is read again, and what was skipped comes then; one that
// does not hold still, or that is not as long as the server counts, ends with
// mdm.ErrConflict, whether or not records could be read.
//
// Source: reference/jamfpro.md 2.2
//
//mdm:endpoint GET /api/v4/computers-inventory
//mdm:endpoint GET /api/v3/computers-inventory
//mdm:endpoint GET /api/v2/computers-inventory
//mdm:endpoint GET /api/v1/computers-inventory
func (c *Client) Computers(ctx context.Context, o *ComputersOptions) iter.Seq2[*Device, error] {
	l := listRequest{kind: Computer, sections: computerSections}
	if o != nil {
		l.filter = o.Filter
		if o.Sections != nil {
			l.sections = o.Sections
		}
	}
	return c.devices(ctx, l)
}

// Computer reads one computer by its id. Sections are what to read of it; none
// = all but the applications.
//
// Source: reference/jamfpro.md 2.2
//
//mdm:endpoint GET /api/v4/computers-inventory/{id}
//mdm:endpoint GET /api/v3/computers-inventory/{id}
//mdm:endpoint GET /api/v2/computers-inventory/{id}
//mdm:endpoint GET /api/v1/computers-inventory/{id}
func (c *Client) Computer(ctx context.Context, id string, sections ...Section) (*Device, error) {
	if err := c.checkID("computers", id); err != nil {
		return nil, err
	}
	if len(sections) == 0 {
		sections = computerSections
	}
	if err := c.settled(ctx); err != nil { // or else a 404 could mean either
		return nil, err
	}
	q := url.Values{}
	addSections(q, sections)
	var answer json.Value
	err := c.byGeneration(ctx, func(generation int) error {
		return c.get(ctx, opComputers, computersPath(generation)+"/"+id, q, &answer)
	})
	if err != nil {
		return nil, err
	}
	d := c.row(Computer, answer)
	if d == nil {
		return nil, c.undecodable(opComputers, "the answer holds no computer")
	}
	return d, nil
}

// ComputerBySerial reads the one computer with this serial number. None is
// mdm.ErrNotFound, several are mdm.ErrConflict, and one whose record cannot be
// read is mdm.ErrDecode.
//
//mdm:endpoint GET /api/v4/computers-inventory
func (c *Client) ComputerBySerial(ctx context.Context, serial string) (*Device, error) {
	return c.bySerial(ctx, listRequest{kind: Computer, sections: computerSections}, "hardware.serialNumber", serial)
}

// settled makes sure that the generation of the computer endpoints is known.
func (c *Client) settled(ctx context.Context) error {
	if _, proven, err := c.generation(ctx); err != nil || proven {
		return err
	}
	_, err := c.mark(ctx, listRequest{kind: Computer})
	return err
}

// devices lists devices of one kind.
func (c *Client) devices(ctx context.Context, l listRequest) iter.Seq2[*Device, error] {
	return func(yield func(*Device, error) bool) {
		err := c.walk(ctx, l, c.sizeFor(l.sections), func(b batch) error {
			for _, lost := range b.lost {
				if !yield(nil, lost) {
					return errStop
				}
			}
			for _, d := range b.devices {
				if !yield(d, nil) {
					return errStop
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
}

// errStop ends a list that nobody wants any more.
var errStop = errors.New("stop")

// walk lists devices of one kind from the start.
func (c *Client) walk(ctx context.Context, l listRequest, size int, visit func(batch) error) error {
	if !known(l.kind, l.sections) {
		return c.fail(l.op(), mdm.ErrInvalid, "there is no such section of these devices")
	}
	m, err := c.mark(ctx, l)
	if err != nil {
		return err
	}
	run := listing{client: c, list: l, size: size, at: position{Kind: l.kind, Size: size, Mark: m}, visit: visit}
	found, err := run.run(ctx)
	if err == nil && found.moved { // what is lost was told
		err = c.fail(l.op(), mdm.ErrConflict, found.why)
	}
	return err
}

// sizeFor returns the number of devices in a page: fewer with applications.
func (c *Client) sizeFor(sections []Section) int {
	size := c.http.PageSize()
	for _, s := range sections {
		if s == SectionApplications {
			return min(size, softwarePage)
		}
	}
	return size
}

// bySerial finds a device by a filter, and believes no device whose serial
// number is another one: a filter may be ignored.
func (c *Client) bySerial(ctx context.Context, l listRequest, field, serial string) (*Device, error) {
	serial = strings.TrimSpace(serial)
	if serial == "" {
		return nil, c.fail(l.op(), mdm.ErrInvalid, "the serial number is empty")
	}
	l.filter, l.pinned = Equal(field, serial), true
	r, err := c.page(ctx, l, 0, 10)
	if err != nil {
		return nil, err
	}
	var found *Device
	for _, d := range r.devices {
		switch {
		case !strings.EqualFold(d.SerialNumber, serial):
		case found != nil:
			return nil, c.fail(l.op(), mdm.ErrConflict, "several devices have this serial number")
		default:
			found = d
		}
	}
	if found == nil {
		return nil, c.absent(l.op(), r)
	}
	return found, nil
}

// absent is the error of a device that is not among rows. It is missing from
// the server only if all rows could be read.
func (c *Client) absent(op string, r rows) error {
	switch {
	case len(r.lost) > 0:
		return r.lost[0]
	case r.total > r.count():
		return c.undecodable(op, "the server sent fewer devices than it counts")
	}
	return c.fail(op, mdm.ErrNotFound, "")
}

// checkID refuses what is no number: it would turn the path into another one.
func (c *Client) checkID(op, id string) error {
	if id == "" || len(id) > 20 || strings.ContainsFunc(id, func(r rune) bool { return r < '0' || r > '9' }) {
		return c.fail(op, mdm.ErrInvalid, "an id is a number")
	}
	return nil
}

// idBatch is how many ids one request may name.
const idBatch = 100

// found are devices that were read by their ids, under Device.SourceID.
type found struct {
	devices map[string]*Device
	absent  map[DeviceKind]error // the error of one that is not among them
}

func newFound() found {
	return found{devices: map[string]*Device{}, absent: map[DeviceKind]error{}}
}

// device returns the device with this id, or why there is none.
func (f found) device(c *Client, id string) (*Device, error) {
	if d := f.devices[id]; d != nil {
		return d, nil
	}
	if kind, _, ok := parseID(id); ok && f.absent[kind] != nil {
		return nil, f.absent[kind]
	}
	return nil, c.fail("device", mdm.ErrNotFound, "")
}

// byIDs reads devices of one kind by their numbers, at most idBatch, into f.
func (c *Client) byIDs(ctx context.Context, l listRequest, ids []string, f found) error {
	for _, id := range ids {
		if err := c.checkID(l.op(), id); err != nil {
			return err
		}
	}
	if len(ids) > idBatch {
		return c.fail(l.op(), mdm.ErrInvalid, fmt.Sprintf("more than %d ids at once", idBatch))
	}
	l.filter, l.pinned = In(l.idField(), ids...), true
	reader := divided{client: c, list: l}
	r, err := reader.page(ctx, 0, idBatch)
	if err != nil {
		return err
	}
	for _, d := range r.devices {
		f.devices[d.SourceID()] = d
	}
	f.absent[l.kind] = c.absent(l.op(), r)
	return nil
}
