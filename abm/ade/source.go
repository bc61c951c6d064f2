package ade

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// Source is the server entry as a mdm.Source of the devices that are assigned
// to it. It can list changes, read devices in batches, check the connection
// and report the health of the token.
type Source struct{ client *Client }

// Source returns the client as a mdm.Source.
func (c *Client) Source() *Source { return &Source{client: c} }

// Client returns the typed client of the source.
func (s *Source) Client() *Client { return s.client }

// Info describes the server entry.
func (s *Source) Info() mdm.Info { return s.client.info }

// Pages lists the devices of the server entry. Its End.Since lists the changes
// from there on, if used within seven days: devices that were added or changed,
// and in Page.Removed those that left this server entry, which need not have
// left the organisation. Changes are read to their end before the first page is
// given, since only the last word on a device counts. A cursor that is too old
// is mdm.ErrCursorExpired: list from the start then.
func (s *Source) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		at, err := s.client.parsePosition(q.From)
		p := &pages{client: s.client, want: q.Want, raw: s.client.keepRaw || len(q.Want.Raw()) > 0, seen: map[string]struct{}{}}
		switch {
		case err != nil && ctx.Err() != nil:
			yield(mdm.Page{}, ctx.Err())
		case err != nil:
			yield(mdm.Page{}, err)
		case at.Changes:
			p.changes(ctx, q, yield)
		default:
			mdm.Paged(p.fetch)(ctx, q)(yield)
		}
	}
}

// pages is one listing.
type pages struct {
	client *Client
	want   mdm.Keys
	raw    bool
	seen   map[string]struct{}
}

// fetch reads one page of all devices.
func (p *pages) fetch(ctx context.Context, from mdm.Cursor, _ mdm.Keys) (mdm.Page, error) {
	at, err := p.client.parsePosition(from)
	if err != nil {
		return mdm.Page{}, err
	}
	read, err := p.client.fetch(ctx, at.Cursor, p.raw)
	if err != nil {
		return mdm.Page{}, err
	}
	page := mdm.Page{Lost: read.Lost, Devices: make([]mdm.Device, 0, len(read.Devices))}
	for _, d := range latest(read.Devices) {
		if _, again := p.seen[d.id()]; again || d.gone() {
			continue
		}
		p.seen[d.id()] = struct{}{}
		page.Devices = append(page.Devices, mdm.Limit(d, p.want))
	}
	return p.client.close(page, at, read), nil
}

// close says where the listing goes on, or how it ended.
func (c *Client) close(page mdm.Page, at position, read *DevicePage) mdm.Page {
	at.Lost += len(read.Lost)
	at.Cursor = read.Cursor
	if read.More {
		page.Next = at.cursor(c.info)
		return page
	}
	page.End = &mdm.End{Complete: at.Lost == 0, Changes: at.Changes}
	switch {
	case at.Lost > 0:
		page.End.Why = fmt.Sprintf("%d records could not be read", at.Lost) // and no Since, so that all are listed again
	case read.Cursor != "":
		page.End.Since = position{Changes: true, Cursor: read.Cursor}.cursor(c.info)
	}
	return page
}

// changes lists what changed since a cursor. A device may come in several
// answers, such as removed and then added again, so that all are read first.
func (p *pages) changes(ctx context.Context, q mdm.Query, yield func(mdm.Page, error) bool) {
	var all []*Device
	var lost []error
	var end *mdm.End
	for page, err := range mdm.Paged(p.sync)(ctx, q) {
		if err != nil {
			yield(mdm.Page{}, err)
			return
		}
		for _, d := range page.Devices {
			all = append(all, d.(*Device))
		}
		lost, end = append(lost, page.Lost...), page.End
	}
	batches := slices.Collect(slices.Chunk(latest(all), usualPage))
	for i, batch := range batches {
		page := p.changed(batch)
		if i == len(batches)-1 {
			page.Lost, page.End = lost, end
		}
		if !yield(page, nil) {
			return
		}
	}
	if len(batches) == 0 {
		yield(mdm.Page{Lost: lost, End: end}, nil)
	}
}

// sync reads one page of changes.
func (p *pages) sync(ctx context.Context, from mdm.Cursor, _ mdm.Keys) (mdm.Page, error) {
	at, err := p.client.parsePosition(from)
	if err != nil {
		return mdm.Page{}, err
	}
	read, err := p.client.page(ctx, syncPath, at.Cursor, p.raw)
	if err != nil {
		return mdm.Page{}, err
	}
	if read.Cursor == "" {
		read.Cursor = at.Cursor // the next listing repeats these changes, which does no harm
	}
	page := mdm.Page{Lost: read.Lost}
	for _, d := range read.Devices {
		page.Devices = append(page.Devices, d)
	}
	return p.client.close(page, at, read), nil
}

// changed makes a page of changes.
func (p *pages) changed(batch []*Device) mdm.Page {
	var page mdm.Page
	for _, d := range batch {
		if d.gone() {
			page.Removed = append(page.Removed, d.id())
		} else {
			page.Devices = append(page.Devices, mdm.Limit(d, p.want))
		}
	}
	return page
}

// Device reads one device by its id, which is its serial number in capitals,
// and of one that stands in for another which it is: one or two requests.
func (s *Source) Device(ctx context.Context, id string) (mdm.Device, error) {
	for d, err := range s.DeviceBatch(ctx, []string{id}) {
		return d, err
	}
	return nil, ctx.Err()
}

// DeviceBatch reads devices by their ids, with one request for each 1000, and
// one more for each device that stands in for another.
func (s *Source) DeviceBatch(ctx context.Context, ids []string) iter.Seq2[mdm.Device, error] {
	return func(yield func(mdm.Device, error) bool) {
		for batch := range slices.Chunk(ids, batchSize) {
			found, failed := s.client.batch(ctx, batch)
			for _, id := range batch {
				if ctx.Err() != nil {
					yield(nil, ctx.Err())
					return
				}
				d, err := s.client.replacing(ctx, found, id, failed)
				if err != nil {
					if !yield(nil, err) {
						return
					}
				} else if !yield(d, nil) {
					return
				}
			}
		}
	}
}

// batch reads up to 1000 devices, once it is known whose they are.
func (c *Client) batch(ctx context.Context, ids []string) (map[string]*Device, error) {
	if _, err := c.known(ctx); err != nil {
		return nil, err
	}
	return c.details(ctx, ids)
}

// replacing returns the device of an answer, with the one that it stands in
// for.
//
// Source: reference/apple.md 11
func (c *Client) replacing(ctx context.Context, found map[string]*Device, id string, failed error) (*Device, error) {
	if failed != nil {
		return nil, failed
	}
	d, err := c.detailed(found, id)
	if err != nil || d.Replacement != mdm.Yes {
		return d, err
	}
	r, err := c.Replacement(ctx, d.SerialNumber)
	switch {
	case err == nil:
		d.replaces = r.Original
	case errors.Is(err, mdm.ErrNotFound), errors.Is(err, mdm.ErrUnsupported): // Apple does not tell
	default:
		return nil, err
	}
	return d, nil
}
