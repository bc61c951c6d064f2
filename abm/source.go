package abm

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// Source is the organisation as a mdm.Source of what it owns. It can check the
// connection and report the health of the API account.
type Source struct{ client *Client }

// Source returns the client as a mdm.Source.
func (c *Client) Source() *Source { return &Source{client: c} }

// Client returns the typed client of the source.
func (s *Source) Client() *Client { return s.client }

// Info describes the organisation.
func (s *Source) Info() mdm.Info { return s.client.info }

// Pages lists the devices, without those that were released. Of each, only the
// attributes that q.Want needs are asked for. If it wants the server that a
// device is assigned to (CustomServer and CustomServerID), the devices of each
// server entry are listed before. Where a part of that cannot be read, or a
// server entry is deleted meanwhile, devices that were met at no server entry
// have neither a server nor a blank. The listing is complete if Apple's count
// does not speak against it; see End.Why if not.
func (s *Source) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		p := &pages{client: s.client, want: q.Want, seen: map[string]struct{}{},
			list: devicesRequest(fieldsFor(q.Want), s.client.keepRaw || len(q.Want.Raw()) > 0)}
		mdm.Paged(p.fetch)(ctx, q)(yield)
	}
}

// pages is one listing.
type pages struct {
	client *Client
	want   mdm.Keys
	list   listRequest

	seen    map[string]struct{}
	looked  bool              // for servers
	servers map[string]Server // by device id; nil = not wanted, or not allowed
	partial bool              // servers may lack devices that are assigned
}

func (p *pages) fetch(ctx context.Context, from mdm.Cursor, _ mdm.Keys) (mdm.Page, error) {
	at, err := p.client.parsePosition(from, p.list)
	if err != nil {
		return mdm.Page{}, err
	}
	if err := p.lookUp(ctx); err != nil {
		return mdm.Page{}, err
	}
	rows, end, err := converted(ctx, p.client, p.list, at.Place, func(r *row[wire.Device]) (*Device, string) {
		d := p.client.newDevice(r)
		return d, d.ID
	})
	if err != nil {
		return mdm.Page{}, err
	}
	return p.page(at, rows, end), nil
}

func (p *pages) page(at position, rows []item[*Device], end tail) mdm.Page {
	page := mdm.Page{Devices: make([]mdm.Device, 0, len(rows)), Total: end.total}
	for _, r := range rows {
		switch _, again := p.seen[r.id]; {
		case r.id == "":
			page.Lost = append(page.Lost, p.client.lost(opDevices))
			at.Lost++
		case again:
			at.Again++
		default:
			p.seen[r.id] = struct{}{}
			at.Distinct++
			if s, ok := p.servers[r.id]; ok || p.servers != nil && !p.partial {
				r.value.setServer(s)
			}
			page.Devices = append(page.Devices, mdm.Limit(r.value, p.want))
		}
	}
	if at.Place = end.next; at.Place != (place{}) {
		page.Next = at.cursor(p.client.info)
		return page
	}
	why := at.flaw(end)
	page.End = &mdm.End{Complete: why == "", Why: why}
	return page
}

// flaw says why a listing that came to its end is not complete; "" if it is.
func (p position) flaw(end tail) string {
	switch {
	case p.Lost > 0:
		return fmt.Sprintf("%d records could not be read", p.Lost)
	case end.counted && end.total != p.Distinct:
		return fmt.Sprintf("Apple counts %d devices and sent %d", end.total, p.Distinct)
	case !end.counted && p.Again > 0:
		return "devices moved in the list while it was read"
	}
	return ""
}

// lookUp reads which device is assigned to which server, if that is wanted.
func (p *pages) lookUp(ctx context.Context) error {
	if p.looked || !p.want.HasAny(mdm.KeyCustom, mdm.CustomKey(CustomServer), mdm.CustomKey(CustomServerID)) {
		return nil
	}
	servers, gap, err := p.client.assignments(ctx)
	if err != nil && !errors.Is(err, mdm.ErrPermissionMissing) {
		return err
	}
	if lack := cmp.Or(err, gap); lack != nil {
		p.client.http.Logger().Warn("assigned servers are missing in the listing", "source", Kind, "error", lack.Error())
	}
	p.looked, p.servers, p.partial = true, servers, gap != nil
	return nil
}

// assignments returns the server entries by the ids of their devices. What
// makes no sense or is gone meanwhile is left out; gap is the last error of
// that kind, and nil if nothing was left out.
//
// Source: reference/apple.md 8.3
func (c *Client) assignments(ctx context.Context) (byDevice map[string]Server, gap, err error) {
	byDevice = map[string]Server{}
	for s, err := range c.Servers(ctx) {
		switch {
		case skippable(err):
			gap = err
			continue
		case err != nil:
			return nil, nil, err
		case s.HasDevices && s.Devices == 0:
			continue
		}
		for id, err := range c.ServerDevices(ctx, s.ID) {
			switch {
			case err == nil:
				byDevice[id] = s
			case skippable(err):
				gap = err
			default:
				return nil, nil, err
			}
		}
	}
	return byDevice, gap, nil
}

// skippable reports whether a part of the assignments makes no sense or is
// gone, which the other parts do not suffer from.
func skippable(err error) bool { return errors.Is(err, mdm.ErrDecode) || missing(err) }

// Device reads one device by its id, with the server that it is assigned to
// and the end of its warranty: three requests. What the role of the API
// account does not allow is left out.
func (s *Source) Device(ctx context.Context, id string) (mdm.Device, error) {
	c := s.client
	if c.checkID(opDevice, id) != nil {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return nil, c.fail(opDevice, mdm.ErrNotFound, "not the id of a device")
	}
	d, err := c.Device(ctx, id)
	if err != nil {
		return nil, err
	}
	server, err := c.AssignedServer(ctx, d.ID)
	switch {
	case err == nil, errors.Is(err, mdm.ErrNotFound):
		d.setServer(server)
	case !errors.Is(err, mdm.ErrPermissionMissing):
		return nil, err
	}
	all, err := c.Coverage(ctx, d.ID)
	if err != nil && !errors.Is(err, mdm.ErrPermissionMissing) {
		return nil, err
	}
	d.coverage, _ = CurrentCoverage(all)
	return d, nil
}
