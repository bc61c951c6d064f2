package relution

import (
	"context"
	"errors"
	"iter"

	"github.com/mdmlink/mdmlink/mdm"
)

// Source is a tenant as a mdm.Source. It can check the connection, send
// commands, list software, and report the health of the access token and of
// Apple's tokens inside Relution.
type Source struct{ client *Client }

// Source returns the client as a mdm.Source.
func (c *Client) Source() *Source { return &Source{client: c} }

// Client returns the typed client of the source.
func (s *Source) Client() *Client { return s.client }

// Info describes the tenant and the part of it that is listed.
func (s *Source) Info() mdm.Info { return s.client.info }

// Pages lists the devices of the tenant by UUID. The listing is complete if the
// server's count proves it; see End.Why if not. A device of another tenant ends
// it with mdm.ErrWrongTenant, unless Config.Children asks for them.
func (s *Source) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		at, err := parsePosition(q.From, s.client.info)
		if err == nil {
			err = s.pages(ctx, q, at, yield)
		}
		if err != nil && !errors.Is(err, errStop) {
			yield(mdm.Page{}, err)
		}
	}
}

func (s *Source) pages(ctx context.Context, q mdm.Query, at position, yield func(mdm.Page, error) bool) error {
	c := s.client
	if at.Size == 0 {
		at.Size = c.http.PageSize()
	}
	var last *mdm.Page
	l := listing{client: c, at: at, list: listRequest{size: at.Size, deleted: c.deleted, raw: c.keepRaw || len(q.Want.Raw()) > 0}}
	hand := func(page mdm.Page) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !yield(page, nil) {
			return errStop
		}
		return nil
	}
	l.visit = func(b batch) error {
		page := mdm.Page{Lost: b.lost, Total: b.total}
		for _, d := range b.devices {
			page.Devices = append(page.Devices, mdm.Limit(d, q.Want))
		}
		if b.final {
			last = &page
			return nil
		}
		if b.resumes {
			page.Next = b.at.cursor(c.info)
		}
		return hand(page)
	}
	found, err := l.run(ctx)
	if err != nil {
		return err
	}
	last.End = &mdm.End{Complete: found == (flaw{}), Why: found.why}
	return hand(*last)
}

// Device reads one device by its id, with what its detail tells.
func (s *Source) Device(ctx context.Context, id string) (mdm.Device, error) {
	if !uuidForm.MatchString(id) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return nil, s.client.fail(opDevice, mdm.ErrNotFound, "not the id of a device")
	}
	d, err := s.client.Device(ctx, id)
	if err != nil {
		return nil, err
	}
	return d, nil
}
