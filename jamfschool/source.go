package jamfschool

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// Source is the organisation as a mdm.Source. It can check the connection,
// send commands, list software and sites, and report the key's health.
type Source struct{ client *Client }

// Source returns the client as a mdm.Source.
func (c *Client) Source() *Source { return &Source{client: c} }

// Client returns the typed client of the source.
func (s *Source) Client() *Client { return s.client }

// Info describes the tenant and the part of it that is listed.
func (s *Source) Info() mdm.Info { return s.client.info }

// Pages lists the devices. The server sends one answer, which is read as a
// stream and handed on in pages; a listing cannot be resumed, so every Next is
// "" and a Query.From is mdm.ErrCursorInvalid. A UDID that occurs again in a
// listing, as copied Macs have it, gets "#" and the serial number behind it in
// the id. Where Config.Locations limits the connection, a device whose location
// cannot be read is lost.
func (s *Source) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		if q.From != "" {
			yield(mdm.Page{}, s.client.fail("devices", mdm.ErrCursorInvalid, "Jamf School sends one answer, which cannot be resumed"))
			return
		}
		p := pages{source: s, want: q.Want, size: s.client.http.PageSize(), seen: map[string]int{}, yield: yield}
		if err := p.run(ctx); err != nil && err != errStop {
			yield(mdm.Page{}, err)
		}
	}
}

// pages cuts one answer into pages.
type pages struct {
	source *Source
	want   mdm.Keys
	size   int
	sites  map[int64]string
	seen   map[string]int
	page   mdm.Page
	yield  func(mdm.Page, error) bool
}

func (p *pages) run(ctx context.Context) error {
	c := p.source.client
	if p.want.Has(mdm.KeySiteName) {
		var err error
		if p.sites, err = c.siteNames(ctx); err != nil {
			return err
		}
	}
	options := &DevicesOptions{}
	if len(c.locations) == 1 {
		options.Location = &c.locations[0]
	}
	l := listing{client: c, options: options, delivered: map[identity]int{}, raw: len(p.want.Raw()) > 0}
	if err := l.read(ctx, func(d *Device, lost error) error { return p.add(&l, d, lost) }); err != nil {
		return err
	}
	complete, why := l.complete()
	p.page.End = &mdm.End{Complete: complete, Why: why}
	return p.flush(&l)
}

func (p *pages) add(l *listing, d *Device, lost error) error {
	listed, lost := l.picks(d, lost)
	switch {
	case lost != nil:
		p.page.Lost = append(p.page.Lost, lost)
	case !listed:
		return nil
	default:
		p.number(d)
		d.siteName = p.sites[d.LocationID]
		p.page.Devices = append(p.page.Devices, mdm.Limit(d, p.want))
	}
	if len(p.page.Devices)+len(p.page.Lost) < p.size {
		return nil
	}
	return p.flush(l)
}

// number makes the ids of a listing unique.
func (p *pages) number(d *Device) {
	if p.seen[d.id]++; p.seen[d.id] == 1 {
		return
	}
	if d.SerialNumber != "" {
		d.id += "#" + strings.ToUpper(d.SerialNumber)
		if p.seen[d.id]++; p.seen[d.id] == 1 {
			return
		}
	}
	d.id = fmt.Sprintf("%s#%d", d.id, p.seen[d.id])
}

func (p *pages) flush(l *listing) error {
	if len(p.source.client.locations) == 0 && l.count >= l.received {
		p.page.Total = int(l.count)
	}
	page := p.page
	p.page = mdm.Page{}
	if !p.yield(page, nil) {
		return errStop
	}
	return nil
}

// lists reports whether a device is in the part of the tenant that is listed.
func (c *Client) lists(d *Device) bool {
	return c.locations == nil || d.HasLocation && slices.Contains(c.locations, d.LocationID)
}

// placed reports whether a device tells enough for lists to decide.
func (c *Client) placed(d *Device) bool { return len(c.locations) == 0 || d.HasLocation }

// Device reads one device by its id, with its detail. What only a list tells,
// such as Ethernet addresses, is missing; so is the name of the site. Where
// Config.Locations limits the connection, a device at another location is
// mdm.ErrNotFound, and one whose location cannot be read is mdm.ErrDecode.
func (s *Source) Device(ctx context.Context, id string) (mdm.Device, error) {
	d, err := s.device(ctx, id, false)
	if err != nil {
		return nil, err
	}
	if !s.client.placed(d) {
		return nil, s.client.undecodable("device", "the location of the device cannot be read")
	}
	if !s.client.lists(d) {
		return nil, s.client.fail("device", mdm.ErrNotFound, "the device is at a location outside of this connection")
	}
	return d, nil
}

// device reads a device by its id: by its UDID or, where that is not its own,
// by its serial number.
func (s *Source) device(ctx context.Context, id string, apps bool) (*Device, error) {
	if serial, ok := strings.CutPrefix(id, serialPrefix); ok {
		return s.client.bySerial(ctx, serial, apps)
	}
	udid, serial, shared := strings.Cut(id, "#")
	if !isUDID(udid) {
		return nil, s.client.fail("device", mdm.ErrNotFound, "not a UDID")
	}
	if !shared {
		return s.client.Device(ctx, udid, apps)
	}
	d, err := s.client.bySerial(ctx, serial, apps)
	if err != nil {
		return nil, err
	}
	if d.id != udid {
		return nil, s.client.fail("device", mdm.ErrNotFound, "the device has another UDID now")
	}
	d.id = id
	return d, nil
}

func (c *Client) siteNames(ctx context.Context) (map[int64]string, error) {
	names := map[int64]string{}
	for l, err := range c.Locations(ctx) {
		if err != nil {
			return nil, err
		}
		names[l.ID] = l.Name
	}
	return names, nil
}

// Sites lists the locations of the organisation.
func (s *Source) Sites(ctx context.Context) iter.Seq2[mdm.Site, error] {
	return func(yield func(mdm.Site, error) bool) {
		for l, err := range s.client.Locations(ctx) {
			if err != nil {
				yield(mdm.Site{}, err)
				return
			}
			if !yield(mdm.Site{ID: formatID(l.ID), Name: l.Name}, nil) {
				return
			}
		}
	}
}

// Software lists the apps of the devices with these ids, one request each, or
// with one large request those of the whole fleet. If records of the fleet
// could not be read, or the server sent fewer devices than it counts, the last
// element is mdm.ErrDecode or mdm.ErrUnavailable.
func (s *Source) Software(ctx context.Context, ids []string) iter.Seq2[mdm.Install, error] {
	return func(yield func(mdm.Install, error) bool) {
		if ids == nil {
			s.fleetSoftware(ctx, yield)
			return
		}
		for _, id := range ids {
			d, err := s.device(ctx, id, true)
			if err != nil {
				yield(mdm.Install{}, err)
				return
			}
			if !installs(id, d.Apps, yield) {
				return
			}
		}
	}
}

func (s *Source) fleetSoftware(ctx context.Context, yield func(mdm.Install, error) bool) {
	p := pages{source: s, seen: map[string]int{}}
	l := listing{client: s.client, options: &DevicesOptions{Apps: true}, delivered: map[identity]int{}}
	err := l.read(ctx, func(d *Device, lost error) error {
		if listed, _ := l.picks(d, lost); !listed {
			return nil // what is lost is told at the end
		}
		p.number(d)
		if !installs(d.id, d.Apps, yield) {
			return errStop
		}
		return nil
	})
	if err == nil {
		err = l.gap("software")
	}
	if err != nil && err != errStop {
		yield(mdm.Install{}, err)
	}
}

func installs(device string, apps []App, yield func(mdm.Install, error) bool) bool {
	for _, a := range apps {
		if !yield(mdm.Install{Device: device, Name: a.Name, Version: a.Version, Vendor: a.Vendor, ID: a.Identifier}, nil) {
			return false
		}
	}
	return true
}

// Health reports whether the API key works. Keys of Jamf School do not expire.
func (s *Source) Health(ctx context.Context) ([]mdm.Health, error) {
	h := mdm.Health{Credential: "API key", State: mdm.HealthOK}
	_, err := s.client.siteNames(ctx)
	switch mdm.Code(err) {
	case "":
		if err != nil {
			return nil, err
		}
	case "unauthorized", "permission_missing", "address_not_allowed":
		h.State, h.Next, h.Err = mdm.HealthBroken, mdm.Advice(err), err
	default:
		return nil, err
	}
	return []mdm.Health{h}, nil
}
