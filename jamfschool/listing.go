package jamfschool

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	if !json.Read(v, &w) {
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
