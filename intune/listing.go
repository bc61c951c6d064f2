package intune

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// batch is a page of a listing, with devices that were not delivered before.
type batch struct {
	devices []*Device
	lost    []error
	next    string // link to the next page; "" = none
	final   bool   // the last one
}

// listing reads all pages of the list of devices.
//
// The service gives each page a link to the next one, which is followed as it
// is. It goes by name and id: a device that is renamed meanwhile may come twice
// or not at all. A device that comes twice is delivered once; one that does not
// come shows in the service's count.
//
// Source: reference/intune.md 2.1
type listing struct {
	client *Client
	beta   bool
	filter Filter
	from   string // link to begin at; "" = the start
	only   string // properties to ask for; "" = all that lists have

	seen  map[guid]struct{}
	links map[string]struct{}
	row   row
}

func (l *listing) run(ctx context.Context, visit func(batch) error) error {
	l.seen, l.links = map[guid]struct{}{}, map[string]struct{}{}
	b, err := l.begin(ctx)
	for ; err == nil; b, err = l.page(ctx, transport.Request{Op: opDevices, Path: b.next}) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := visit(b); err != nil || b.next == "" {
			return err
		}
	}
	return err
}

// first is the request for the first page.
func (l *listing) first(filtered bool) (transport.Request, error) {
	r := transport.Request{Op: opDevices, Path: l.from}
	if l.from != "" {
		l.links[l.from] = struct{}{}
		return r, nil
	}
	if l.filter.err != nil {
		return r, l.client.fail(opDevices, mdm.ErrInvalid, l.filter.err.Error())
	}
	r.Path, r.Query = v1+devicesPath, url.Values{"$top": {strconv.Itoa(l.client.http.PageSize())}}
	end := fType
	if l.beta {
		r.Path, end = beta+devicesPath, fUDID
	}
	switch {
	case l.only != "":
		r.Query.Set("$select", l.only)
	case !l.client.cfg.KeepRaw:
		r.Query.Set("$select", selection(end))
	}
	if filtered {
		r.Query.Set("$filter", l.filter.text)
	}
	return r, nil
}

// pagePause is the pause before a page is asked for again that the service
// answered with 500, which is not repeated below. It doubles.
//
// Source: reference/intune.md 6.2
const pagePause = 2 * time.Second

// page reads one page. What came of one that broke off is not delivered twice.
func (l *listing) page(ctx context.Context, r transport.Request) (batch, error) {
	var b batch
	for again := 0; ; again++ {
		answered, err := l.read(ctx, r, &b)
		switch {
		case err == nil || again == bodyRepeats || ctx.Err() != nil:
			return b, err
		case l.client.brokeOff(ctx, answered, err):
			b.lost = nil
		case statusOf(err) == http.StatusInternalServerError && !l.client.cfg.Transport.Retry.Disabled:
			if err := sleep(ctx, pagePause<<again); err != nil {
				return b, err
			}
		default:
			return b, err
		}
	}
}

// statusOf is the status that an error tells of; 0 = none.
func statusOf(err error) int {
	if e, ok := errors.AsType[*mdm.Error](err); ok {
		return e.Status
	}
	return 0
}

// read reads one page into b, and reports whether it began to come.
func (l *listing) read(ctx context.Context, r transport.Request, b *batch) (answered bool, err error) {
	c := l.client
	response, err := c.http.Do(ctx, r)
	if err != nil {
		return false, err
	}
	defer response.Body.Close()
	p := page{}
	p.element = func(text []byte) (int, error) {
		n, err := l.row.scan(text)
		if err != nil {
			return 0, err
		}
		d := l.row.device()
		if d == nil {
			b.lost = append(b.lost, c.fail(opDevices, mdm.ErrDecode, "a record of the list has no id"))
			return n, nil
		}
		if !l.wanted(d) {
			return n, nil
		}
		c.complete(d, text[:n])
		d.listed()
		b.devices = append(b.devices, d)
		return n, nil
	}
	if err := p.read(response.Body); err != nil {
		if ctx.Err() != nil {
			return true, ctx.Err()
		}
		return true, c.unreadable(r.Op, response, err)
	}
	if !p.found {
		return true, c.unreadable(r.Op, response, errSyntax)
	}
	b.next, err = l.follow(p.next)
	return true, err
}

// wanted reports whether a device is to be delivered, and remembers it.
func (l *listing) wanted(d *Device) bool {
	key := guidOf(d.ID)
	if _, twice := l.seen[key]; twice {
		return false
	}
	l.seen[key] = struct{}{}
	return l.filter.fits(d)
}

// follow returns the link to the next page as it is to be asked for. One that
// was followed before would never end.
func (l *listing) follow(text []byte) (string, error) {
	if text == nil {
		return "", nil
	}
	var link json.Text
	if json.Unmarshal(text, &link) != nil || link.Text == "" {
		return "", nil
	}
	if _, again := l.links[link.Text]; again {
		return "", l.client.fail(opDevices, mdm.ErrCursorInvalid, "the service's link to the next page repeats")
	}
	if !strings.Contains(link.Text, "://") {
		return "", l.client.fail(opDevices, mdm.ErrWrongAddress, "the service's link to the next page is no address")
	}
	l.links[link.Text] = struct{}{}
	return link.Text, nil
}

// guid is an id, small enough to remember many.
type guid [16]byte

// guidOf packs an id. Of what is no GUID it is a digest.
func guidOf(id string) guid {
	var g guid
	n := 0
	for i := range len(id) {
		c := id[i]
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c == '-':
			continue
		default:
			n = -len(id)
		}
		if n >= 0 && n < 32 {
			g[n/2] = g[n/2]<<4 | c
		}
		n++
	}
	if n != 32 || len(id) != 36 {
		digest := sha256.Sum256([]byte(id))
		copy(g[:], digest[:])
	}
	return g
}
