package jamfschool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfschool/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// errStop ends a list that nobody wants any more.
var errStop = errors.New("stop")

// listing is one list of devices, over as many answers as it takes.
type listing struct {
	client    *Client
	options   *DevicesOptions
	delivered map[identity]int // how often each device was delivered, or a lost record told
	count     int64            // devices that the server says it has
	received  int64            // elements of the answer that was read to its end
	lost      int              // records that could not be read, each counted once
	raw       bool             // keep the server's JSON with each device
}

// identity recognises a device in a second answer.
type identity struct{ udid, serial string }

const listTries = 3

// read lists the devices. An answer that broke off is asked for again; what
// the transport gave up on is not, since it has tried often enough.
func (l *listing) read(ctx context.Context, visit func(*Device, error) error) error {
	for try := 1; ; try++ {
		brokeOff, err := l.once(ctx, visit)
		if try == listTries || !brokeOff || ctx.Err() != nil {
			return err
		}
		select {
		case <-time.After(time.Duration(try) * time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// once asks for the list one time. It returns whether an answer had begun and
// broke off, so that asking again may help.
func (l *listing) once(ctx context.Context, visit func(*Device, error) error) (brokeOff bool, err error) {
	request := transport.Request{Op: "devices", Method: http.MethodGet, Path: "/devices", Query: l.options.query(),
		AttemptTimeout: listTimeout, BodyLimit: listLimit}
	response, err := l.client.http.Do(ctx, request)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	var answer wire.Answer
	found, err := l.stream(response.Body, &answer, visit)
	switch {
	case err == nil:
		return false, l.client.checkList(request, response, answer, found)
	case err == errStop:
		return false, err
	case ctx.Err() != nil:
		return false, ctx.Err()
	}
	err = l.client.brokenOff(request, response, err)
	return errors.Is(err, mdm.ErrUnavailable), err
}

// stream reads one answer and leaves out what an earlier one delivered. It
// returns whether the answer holds a list. A wish to stop goes before a failure
// of the connection, which may have been noticed first.
func (l *listing) stream(body io.Reader, answer *wire.Answer, visit func(*Device, error) error) (found bool, err error) {
	l.received = 0
	skip := maps.Clone(l.delivered)
	var stop error
	stream := json.Stream{
		Array: func(name string) bool { return name == "devices" },
		Element: func(v json.Value) error {
			stop = l.element(v, skip, visit)
			return stop
		},
		Member: func(name string, v json.Value) error { l.member(answer, name, v); return nil },
	}
	found, err = stream.Read(body)
	if stop != nil {
		return found, stop
	}
	return found, err
}

// element delivers one record, unless an earlier answer did. Records that
// cannot be read have no identity; they are told apart by their number alone.
func (l *listing) element(v json.Value, skip map[identity]int, visit func(*Device, error) error) error {
	l.received++
	var id identity
	d, err := l.device(v)
	if err == nil {
		id = identity{d.UDID, d.SerialNumber}
	}
	if skip[id] > 0 {
		skip[id]--
		return nil
	}
	l.delivered[id]++
	if err != nil {
		l.lost++
		return visit(nil, err)
	}
	if l.client.keepRaw || l.raw {
		d.raw = json.Redact(v)
	}
	return visit(d, nil)
}

// device reads one record.
func (l *listing) device(v json.Value) (*Device, error) {
	var w wire.Device
	if !json.Read(v, &w) {
		return nil, l.client.lost("it is not an object")
	}
	d := l.client.newDevice(&w, false)
	if d.id == "" {
		return nil, l.client.lost("it has neither UDID nor serial number")
	}
	return d, nil
}

// picks says whether a device belongs to what the options and the client list.
// A record that does not tell is lost, which the error says; so does the error
// of a record that could not be read at all.
func (l *listing) picks(d *Device, lost error) (bool, error) {
	if lost != nil || !l.options.keeps(d) {
		return false, lost
	}
	if !l.client.placed(d) {
		l.lost++
		return false, l.client.lost("its location cannot be read")
	}
	return l.client.lists(d), nil
}

func (l *listing) member(answer *wire.Answer, name string, v json.Value) {
	var n json.Int
	switch name {
	case "count":
		if json.Read(v, &n) {
			l.count = n.N
		}
	case "code":
		json.Read(v, &answer.Code)
	case "message":
		json.Read(v, &answer.Message)
	case "reason":
		json.Read(v, &answer.Reason)
	case "error":
		json.Read(v, &answer.Error)
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

// gap is the error of a listing that is not complete; nil if it is.
func (l *listing) gap(op string) error {
	complete, why := l.complete()
	switch {
	case complete:
		return nil
	case l.lost > 0:
		return l.client.fail(op, mdm.ErrDecode, why)
	}
	return l.client.fail(op, mdm.ErrUnavailable, why)
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

// checkList returns what is wrong with an answer that was read to its end. A
// failure counts even beside a list: that list is no fleet.
func (c *Client) checkList(r transport.Request, response *transport.Response, answer wire.Answer, found bool) error {
	if err := c.failed(r, response, answer); err != nil {
		return err
	}
	if !found {
		return c.undecodable(r.Op, "the answer holds no list of devices")
	}
	return nil
}
