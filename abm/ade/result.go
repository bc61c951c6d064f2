package ade

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Result says what became of one device in a request about several.
type Result struct {
	Serial     string        // in capitals
	Status     string        // Apple's word: "SUCCESS", "NOT_ACCESSIBLE", "FAILED", "THROTTLED", or another; "" = none came
	Err        error         // why it was not done; nil = it was
	Retry      bool          // the same may succeed later
	RetryAfter time.Duration // how long to wait before; 0 = not known
}

// Apple's words for what became of a device.
//
// Source: reference/apple.md 4.5
const (
	statusSuccess       = "SUCCESS"
	statusNotAccessible = "NOT_ACCESSIBLE"
	statusFailed        = "FAILED"
	statusThrottled     = "THROTTLED"
)

// throttledFor is how long to leave a device alone where Apple does not say.
//
// Source: reference/apple.md 4.5
const throttledFor = 10 * time.Minute

// statuses is an answer about several devices.
type statuses struct {
	UUID       json.Text            `json:"profile_uuid"`
	Devices    map[string]json.Text `json:"devices"`
	RetryAfter json.Int             `json:"retry_after_seconds"`
}

// result reads what the answer says about one device.
//
// Source: reference/apple.md 4.5
func (c *Client) result(op, serial string, answer map[string]string, wait time.Duration) Result {
	r := Result{Serial: serial, Status: answer[serial]}
	e := &mdm.Error{Op: op, Origin: c.info.Origin, Vendor: r.Status}
	switch r.Status {
	case statusSuccess:
		return r
	case statusNotAccessible:
		e.Kind, e.Detail = mdm.ErrNotFound, "there is no such device, or it is assigned to another server"
	case statusThrottled:
		r.Retry, r.RetryAfter = true, wait
		if wait == 0 {
			r.RetryAfter = throttledFor
		}
		e.Kind, e.Detail, e.RetryAfter = mdm.ErrRateLimited, "too much was asked about this device", r.RetryAfter
	case statusFailed:
		e.Kind, r.Retry = mdm.ErrUnavailable, true
	case "":
		e.Kind, e.Detail, r.Retry = mdm.ErrUnavailable, "the answer leaves out the device", true
	default:
		e.Kind = mdm.ErrUnavailable
	}
	r.Err = e
	return r
}

// results reads an answer about several devices.
func (c *Client) results(op string, serials []string, answer *statuses) []Result {
	told := make(map[string]string, len(answer.Devices))
	for serial, status := range answer.Devices {
		told[canonical(serial)] = clean(status)
	}
	var wait time.Duration
	if n := answer.RetryAfter.N; n > 0 {
		wait = time.Duration(min(n, 24*60*60)) * time.Second
	}
	all := make([]Result, len(serials))
	for i, serial := range serials {
		all[i] = c.result(op, serial, told, wait)
	}
	return all
}

// inBatches makes one request for each 1000 devices. Each device gets a
// result, in the order in which it was named first; the error is that of the
// request that failed, after which none follows.
//
// Source: reference/apple.md 3
func (c *Client) inBatches(ctx context.Context, r transport.Request, members map[string]any, serials []string) ([]Result, error) {
	if err := c.checkSerials(r.Op, serials...); err != nil {
		return nil, err
	}
	var all []Result
	var failed error
	for batch := range slices.Chunk(distinct(serials), batchSize) {
		if failed != nil {
			for _, serial := range batch {
				all = append(all, Result{Serial: serial, Retry: true, Err: c.fail(r.Op, mdm.ErrUnavailable, "nothing was sent for this device: an earlier request failed")})
			}
			continue
		}
		body := map[string]any{"devices": batch}
		for name, value := range members {
			body[name] = value
		}
		r.Body = body
		var answer statuses
		if failed = c.exchange(ctx, r, &answer); failed != nil {
			for _, serial := range batch {
				all = append(all, Result{Serial: serial, Err: failed})
			}
			continue
		}
		all = append(all, c.results(r.Op, batch, &answer)...)
	}
	return all, failed
}

// distinct returns serial numbers in capitals, as Apple writes them, without
// repetition.
func distinct(serials []string) []string {
	seen := make(map[string]bool, len(serials))
	var all []string
	for _, serial := range serials {
		if serial = canonical(serial); !seen[serial] {
			seen[serial] = true
			all = append(all, serial)
		}
	}
	return all
}

// permitted refuses what cannot be undone unless the host permits it.
func (c *Client) permitted(op string) error {
	if c.destructive {
		return nil
	}
	return &mdm.Error{Op: op, Origin: c.info.Origin, Kind: mdm.ErrUnsupported,
		Detail: "this cannot be undone and is not permitted here; nothing was sent",
		Advice: "Set Config.AllowDestructive if it is wanted."}
}

// Disown releases devices from the organisation for ever: a device that is
// disowned can be added again only by hand, and for most not at all. It needs
// Config.AllowDestructive. A device whose server entry may not release devices
// is reported as not done.
//
// Unverified: what Apple answers where the server entry may not release
// devices.
//
// Source: reference/apple.md 3, 4.5
//
//mdm:endpoint POST /devices/disown
func (c *Client) Disown(ctx context.Context, serials ...string) ([]Result, error) {
	if err := c.permitted(opDisown); err != nil {
		return nil, err
	}
	return c.inBatches(ctx, transport.Request{Op: opDisown, Method: http.MethodPost, Path: "/devices/disown"}, nil, serials)
}
