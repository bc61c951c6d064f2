package jamfpro

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// mostDamaged is how many single records of a listing may make the server fail
// before it counts as the server's failure.
const mostDamaged = 20

// divided reads the pages of a listing. A page that the server cannot make is
// read in smaller parts: because it takes too long, or because of a damaged
// record, which is then lost alone.
//
// Source: reference/jamfpro.md 6.2, 7
type divided struct {
	client *Client
	list   listRequest

	mu      sync.Mutex
	part    int // rows that one request may ask for; 0 = as many as a page has
	damaged int
}

// page reads the rows of a page of the given size.
func (d *divided) page(ctx context.Context, page, size int) (rows, error) {
	d.mu.Lock()
	part := d.part
	d.mu.Unlock()
	if part > 0 && part < size && size%part == 0 {
		return d.parts(ctx, page, size, part)
	}
	got, err := d.patiently(ctx, page, size)
	switch {
	case err == nil || ctx.Err() != nil:
		return got, err
	case tooSlow(err) && size > 1:
		part = size / divisor(size)
		d.mu.Lock()
		d.part = part // of the following pages too
		d.mu.Unlock()
		return d.parts(ctx, page, size, part)
	case broken(err) && size > 1:
		return d.parts(ctx, page, size, size/divisor(size))
	case broken(err):
		return d.isolated(err)
	}
	return got, err
}

// parts reads a page in parts, one after the other. The rows of all parts are
// those of the page.
func (d *divided) parts(ctx context.Context, page, size, part int) (rows, error) {
	var all rows
	n := size / part
	for i := range n {
		got, err := d.page(ctx, page*n+i, part)
		if err != nil {
			return rows{}, err
		}
		all.devices = append(all.devices, got.devices...)
		all.lost = append(all.lost, got.lost...)
		if got.total > 0 {
			all.total = got.total
		}
		if got.count() == 0 {
			break
		}
		all.last = got.last
	}
	return all, nil
}

// patiently reads a page again that broke off, up to twice, and once one that
// the server failed to make: of mobile devices in the way that leaves out what
// is damaged.
func (d *divided) patiently(ctx context.Context, page, size int) (rows, error) {
	lenient := false
	for try := 1; ; try++ {
		got, err := d.client.pageOf(ctx, d.list, page, size, lenient)
		switch {
		case err == nil || ctx.Err() != nil:
			return got, err
		case broken(err) && try == 1:
			lenient = true
		case brokenOff(err) && try < 3:
		default:
			return rows{}, err
		}
		select {
		case <-time.After(time.Duration(try) * time.Second):
		case <-ctx.Done():
			return rows{}, ctx.Err()
		}
	}
}

// isolated counts a record that makes the server fail.
func (d *divided) isolated(err error) (rows, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.damaged++; d.damaged > mostDamaged {
		return rows{}, err
	}
	return rows{lost: []error{d.client.lost(d.list.op(), "the server cannot read it")}}, nil
}

// divisor returns the smallest number by which a page can be divided, so that
// its parts are pages again.
func divisor(size int) int {
	for n := 2; n*n <= size; n++ {
		if size%n == 0 {
			return n
		}
	}
	return size
}

// broken reports whether the server failed to make an answer.
func broken(err error) bool { return statusOf(err) == http.StatusInternalServerError }

// tooSlow reports whether the answer took longer than somebody was willing to
// wait.
func tooSlow(err error) bool {
	status := statusOf(err)
	return status == http.StatusGatewayTimeout || status == http.StatusBadGateway ||
		transport.Diagnose(err).Reason == transport.ReachTimeout
}

// brokenOff reports whether no whole answer came.
func brokenOff(err error) bool {
	return errors.Is(err, mdm.ErrUnavailable) && statusOf(err) == 0 && !tooSlow(err)
}

func statusOf(err error) int {
	if e, ok := errors.AsType[*mdm.Error](err); ok {
		return e.Status
	}
	return 0
}
