package intune

import (
	"context"
	"errors"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/intune/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// batchSize is how many requests fit into one.
//
// Source: reference/intune.md 2.5
const batchSize = 20

// batchAttempts is how often what was throttled inside a batch is asked again.
const batchAttempts = 5

// read is what came of reading one device in a batch.
type read struct {
	device *Device
	err    error
}

// weighted makes a request of n inner ones pay for each of them.
type weighted struct {
	n     int
	limit transport.Limiter
}

// Wait implements transport.Limiter.
func (w weighted) Wait(ctx context.Context) error {
	for range w.n {
		if err := w.limit.Wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// PauseUntil implements transport.Pauser.
func (w weighted) PauseUntil(t time.Time) { transport.All(w.limit).(transport.Pauser).PauseUntil(t) }

// DevicesByID reads devices as Device does, in the order of ids, up to 20 with
// one request. Each id gives one element: the device, or an error. The service
// counts the requests inside each for itself; those that it throttles are asked
// again, and no others. It reads ten devices in a second at most, as Device
// does: more than an hour for 40 000. Read those that are new or have changed,
// and the fleet through a report; see Config.Report.
//
// Source: reference/intune.md 2.5, 7
//
//mdm:endpoint POST /beta/$batch
func (c *Client) DevicesByID(ctx context.Context, ids []string) iter.Seq2[*Device, error] {
	return func(yield func(*Device, error) bool) {
		for part := range slices.Chunk(ids, batchSize) {
			found, err := map[string]read{}, error(nil)
			if known := readable(part); len(known) > 0 {
				found, err = c.deviceBatch(ctx, known)
			}
			for _, id := range part {
				r, there := found[lower(id)]
				switch {
				case err != nil:
					r = read{err: err}
				case !there:
					r = read{err: c.fail(opDevice, mdm.ErrNotFound, "an id is a GUID")}
				}
				if !yield(r.device, r.err) {
					return
				}
			}
			if ctx.Err() != nil {
				return
			}
		}
	}
}

// deviceBatch reads up to 20 devices, each once.
func (c *Client) deviceBatch(ctx context.Context, ids []string) (map[string]read, error) {
	found := make(map[string]read, len(ids))
	open := slices.Clone(ids)
	for attempt := 1; len(open) > 0; attempt++ {
		answers, err := c.askBatch(ctx, open)
		if err != nil {
			return nil, err
		}
		var again []string
		var wait time.Duration
		refused := false
		for i, id := range open {
			r := c.inner(id, answers[strconv.Itoa(i+1)])
			refused = refused || errors.Is(r.err, mdm.ErrRateLimited)
			if throttled(r.err) && attempt < batchAttempts {
				again, wait = append(again, id), max(wait, mdm.RetryAfter(r.err), time.Duration(1<<attempt)*time.Second)
				continue
			}
			found[id] = r
		}
		if len(again) > 0 {
			if err := c.pause(ctx, refused, min(wait, maxRetryAfter)); err != nil {
				return nil, err
			}
		}
		open = again
	}
	return found, nil
}

const maxRetryAfter = 5 * time.Minute

// throttled reports whether a request inside a batch is worth asking again.
func throttled(err error) bool {
	code := mdm.Code(err)
	return code == mdm.Code(mdm.ErrRateLimited) || code == mdm.Code(mdm.ErrUnavailable)
}

// pause waits. Meanwhile it lets no other request for hardware through if the
// service refused one, and none at all if the service is unavailable.
func (c *Client) pause(ctx context.Context, refused bool, d time.Duration) error {
	var shared transport.Pauser = c.limits.all
	if refused {
		shared = c.limits.hardware
	}
	shared.PauseUntil(time.Now().Add(d))
	return sleep(ctx, d)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Client) askBatch(ctx context.Context, ids []string) (map[string]wire.Answer, error) {
	type request struct {
		ID     string `json:"id"`
		Method string `json:"method"`
		URL    string `json:"url"`
	}
	var requests []request
	query := "?" + url.Values{"$select": {selection(fieldsCount)}}.Encode()
	for i, id := range ids {
		requests = append(requests, request{strconv.Itoa(i + 1), http.MethodGet, devicesPath + "/" + id + query})
	}
	body, err := json.Marshal(map[string]any{"requests": requests})
	if err != nil {
		return nil, err
	}
	var w wire.Answers
	limit := transport.All(weighted{len(ids), c.limits.hardware}, weighted{len(ids) - 1, transport.All(c.cfg.Transport.Limiter, c.limits.all)})
	err = c.exchange(ctx, transport.Request{Op: opDevice, Method: http.MethodPost, Path: beta + "/$batch", Body: body, Read: true, Limiter: limit}, &w)
	if err != nil {
		return nil, err
	}
	if !w.Responses.Present {
		return nil, c.fail(opDevice, mdm.ErrDecode, "the answer holds no answers")
	}
	answers := make(map[string]wire.Answer, len(ids))
	for _, a := range w.Responses.Of {
		answers[a.ID.Text] = a
	}
	return answers, nil
}

// inner reads the answer to one request of a batch.
func (c *Client) inner(id string, a wire.Answer) read {
	switch status := a.Status.N; {
	case status == 0:
		return read{err: &mdm.Error{Op: opDevice, Origin: c.info.Origin, Kind: mdm.ErrUnavailable, Detail: "the answer of a batch lacks this device"}}
	case status >= 200 && status < 300:
		if d := c.decode(a.Body); d != nil && d.ID == id {
			return read{device: d}
		}
		return read{err: c.fail(opDevice, mdm.ErrDecode, "the answer holds no device")}
	default:
		return read{err: c.innerFailure(a)}
	}
}

func (c *Client) innerFailure(a wire.Answer) error {
	f := transport.Failure{Op: opDevice, Method: http.MethodGet, Status: int(a.Status.N), Header: headers(a.Headers), Body: a.Body}
	e := &mdm.Error{Kind: mdm.ErrDecode}
	if err, ok := c.classifyFailure(f).(*mdm.Error); ok {
		e = err
	}
	e.Op, e.Origin, e.Status = opDevice, c.info.Origin, f.Status
	return e
}

// headers reads the headers inside a batch, whose case varies.
func headers(value json.Value) http.Header {
	h := http.Header{}
	var all map[string]json.Value
	if json.Unmarshal(value, &all) != nil {
		return h
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		var text json.Text
		if json.Unmarshal(all[name], &text) == nil {
			h.Set(name, text.Text)
		}
	}
	return h
}

// readable tells ids that can be asked for from others, without repetitions.
func readable(ids []string) []string {
	var kept []string
	for _, id := range ids {
		if id = strings.ToLower(id); guidForm.MatchString(id) && !slices.Contains(kept, id) {
			kept = append(kept, id)
		}
	}
	return kept
}
