package jamfpro

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// Source is the server as a mdm.Source. Computers and mobile devices are one
// listing; ids carry the class, as in "computer:12" and "mobile:12". It can
// check the connection, send commands, list software and sites, read several
// devices with one request, and report the health of the credentials and of
// Apple's tokens inside Jamf Pro.
type Source struct{ client *Client }

// Source returns the client as a mdm.Source.
func (c *Client) Source() *Source { return &Source{client: c} }

// Client returns the typed client of the source.
func (s *Source) Client() *Client { return s.client }

// Info describes the server and the part of it that is listed.
func (s *Source) Info() mdm.Info { return s.client.info }

// Pages lists computers, then mobile devices, each by id. Of each record, only
// the sections that q.Want needs are asked for. Pages are read several at a
// time. The listing is complete if the server's count proves it; see End.Why
// if not.
func (s *Source) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		at, err := parsePosition(q.From, s.client.info)
		if err == nil {
			p := pages{client: s.client, want: q.Want, yield: yield}
			err = p.run(ctx, at)
		}
		if err != nil && !errors.Is(err, errStop) {
			yield(mdm.Page{}, err)
		}
	}
}

// kinds returns what is listed, in order.
func (c *Client) kinds() []DeviceKind {
	switch c.only {
	case OnlyComputers:
		return []DeviceKind{Computer}
	case OnlyMobileDevices:
		return []DeviceKind{MobileDevice}
	}
	return []DeviceKind{Computer, MobileDevice}
}

// pages lists the kinds of devices, one after the other.
type pages struct {
	client *Client
	want   mdm.Keys
	yield  func(mdm.Page, error) bool
	names  names
}

func (p *pages) run(ctx context.Context, at position) error {
	var err error
	if p.names, err = p.client.names(ctx, p.want); err != nil {
		return err
	}
	kinds := p.client.kinds()
	if at == (position{}) {
		if at, err = p.first(ctx, kinds); err != nil {
			return err
		}
	}
	if at.Page == 0 { // what was counted when the listing began may be old by now
		if at.Mark, err = p.client.mark(ctx, p.request(at.Kind)); err != nil {
			return err
		}
	}
	i := slices.Index(kinds, at.Kind)
	if i < 0 {
		return p.client.fail("devices", mdm.ErrCursorInvalid, "this source does not list such devices")
	}
	next := position{}
	if i+1 < len(kinds) {
		next = position{Kind: kinds[i+1], Size: at.Size, Other: at.Mark.Total, Mark: mark{Total: at.Other}}
	}
	return p.kind(ctx, at, next)
}

func (p *pages) request(kind DeviceKind) listRequest {
	return listRequest{kind: kind, sections: sectionsFor(kind, p.want)}
}

// first returns where a listing starts, with the number of all other devices.
func (p *pages) first(ctx context.Context, kinds []DeviceKind) (position, error) {
	at := position{Kind: kinds[0], Size: p.client.http.PageSize()}
	for _, kind := range kinds[1:] {
		m, err := p.client.mark(ctx, p.request(kind))
		if err != nil {
			return at, err
		}
		at.Other += m.Total
	}
	return at, nil
}

// kind lists one kind of devices, and then the next one, if there is one.
func (p *pages) kind(ctx context.Context, at, next position) error {
	var last *mdm.Page
	l := listing{client: p.client, list: p.request(at.Kind), size: at.Size, at: at}
	l.visit = func(b batch) error {
		page := p.page(b, at)
		if b.final {
			last = &page
			return nil
		}
		return p.hand(ctx, page)
	}
	found, err := l.run(ctx)
	if err != nil {
		return err
	}
	why := found.why
	if why == "" {
		why = at.Flaw
	}
	if next.Kind == UnknownKind {
		last.End = &mdm.End{Complete: why == "", Why: why}
		return p.hand(ctx, *last)
	}
	next.Flaw = why
	last.Next = next.cursor(p.client.info)
	if err := p.hand(ctx, *last); err != nil {
		return err
	}
	if next.Mark, err = p.client.mark(ctx, p.request(next.Kind)); err != nil {
		return err
	}
	return p.kind(ctx, next, position{})
}

func (p *pages) page(b batch, at position) mdm.Page {
	page := mdm.Page{Lost: b.lost}
	if at.Mark.Known {
		page.Total = at.Mark.Total + at.Other
	}
	for _, d := range b.devices {
		p.names.resolve(p.client, d)
		page.Devices = append(page.Devices, mdm.Limit(d, p.want))
	}
	if b.resumes && !b.final {
		page.Next = b.at.cursor(p.client.info)
	}
	return page
}

// hand gives a page to the receiver, unless nobody wants it any more.
func (p *pages) hand(ctx context.Context, page mdm.Page) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !p.yield(page, nil) {
		return errStop
	}
	return nil
}

// parseID reads the id of a device in mdm.
func parseID(id string) (DeviceKind, string, bool) {
	class, number, _ := strings.Cut(id, ":")
	number, ok := number, number != "" && len(number) <= 20 && !strings.ContainsFunc(number, func(r rune) bool { return r < '0' || r > '9' })
	switch class {
	case Computer.String():
		return Computer, number, ok
	case MobileDevice.String():
		return MobileDevice, number, ok
	}
	return UnknownKind, "", false
}

// Device reads one device by its id. The names of site, building and
// department are missing where the record names their ids only.
func (s *Source) Device(ctx context.Context, id string) (mdm.Device, error) {
	kind, _, ok := parseID(id)
	if !ok || !slices.Contains(s.client.kinds(), kind) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return nil, s.client.fail("device", mdm.ErrNotFound, "not the id of a listed device")
	}
	d, err := s.read(ctx, id, usualSections(kind))
	if err != nil {
		return nil, err
	}
	return d, nil
}

func (s *Source) read(ctx context.Context, id string, sections []Section) (*Device, error) {
	kind, number, _ := parseID(id)
	if kind == Computer {
		return s.client.Computer(ctx, number, sections...)
	}
	return s.client.MobileDevice(ctx, number, sections...)
}

// DeviceBatch reads devices by id, in the order of ids, up to 100 of a kind
// with one request. One that is missing is mdm.ErrNotFound only if all records
// of its request could be read, and else mdm.ErrDecode.
func (s *Source) DeviceBatch(ctx context.Context, ids []string) iter.Seq2[mdm.Device, error] {
	return func(yield func(mdm.Device, error) bool) {
		for batch := range slices.Chunk(ids, idBatch) {
			read, failure := s.batch(ctx, batch, usualSections)
			for _, id := range batch {
				d, err := read.device(s.client, id)
				more := false
				switch {
				case failure != nil:
					more = yield(nil, failure)
				case err != nil:
					more = yield(nil, err)
				default:
					more = yield(d, nil)
				}
				if !more {
					return
				}
			}
		}
	}
}

// batch reads devices of both kinds by their ids.
func (s *Source) batch(ctx context.Context, ids []string, sections func(DeviceKind) []Section) (found, error) {
	read := newFound()
	for _, kind := range s.client.kinds() {
		var numbers []string
		for _, id := range ids {
			if k, number, ok := parseID(id); ok && k == kind {
				numbers = append(numbers, number)
			}
		}
		if len(numbers) == 0 {
			continue
		}
		if err := s.client.byIDs(ctx, listRequest{kind: kind, sections: sections(kind)}, numbers, read); err != nil {
			return found{}, err
		}
	}
	return read, nil
}

// Sites lists the sites of the server. One that cannot be read is reported
// behind the others.
func (s *Source) Sites(ctx context.Context) iter.Seq2[mdm.Site, error] {
	return func(yield func(mdm.Site, error) bool) {
		var failure error
		for site, err := range s.client.Sites(ctx) {
			if err != nil {
				failure = err
			} else if !yield(mdm.Site{ID: site.ID, Name: site.Name}, nil) {
				return
			}
		}
		if failure != nil {
			yield(mdm.Site{}, failure)
		}
	}
}
