package intune

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/mdmlink/mdmlink/mdm"
)

// Source is the tenant as a mdm.Source. It can check the connection, send
// commands, list software, read several devices with one request, and report
// the health of the credentials and of Apple's tokens inside Intune.
type Source struct{ client *Client }

// Source returns the client as a mdm.Source.
func (c *Client) Source() *Source { return &Source{client: c} }

// Client returns the typed client of the source.
func (s *Source) Client() *Client { return s.client }

// Info describes the tenant and the part of it that is listed.
func (s *Source) Info() mdm.Info { return s.client.info }

// Pages lists the devices of the tenant, or reads a report of them, which
// cannot be gone on with; see Config.Report. The beta version is asked unless
// q.Want names attributes and v1.0 tells all of them: only beta tells lost mode
// and how Android is enrolled. The listing is complete if as many devices came
// as the service counts. One that went on from q.From never is: a device that
// was renamed may have come before and come again, which would hide one that
// did not come at all.
func (s *Source) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		at, err := parsePosition(q.From, s.client.info)
		if err == nil {
			p := pages{client: s.client, want: q.Want, yield: yield, resumed: at.Link != ""}
			err = p.run(ctx, at)
		}
		if err != nil && !errors.Is(err, errStop) {
			yield(mdm.Page{}, err)
		}
	}
}

// pages makes pages of batches.
type pages struct {
	client  *Client
	want    mdm.Keys
	yield   func(mdm.Page, error) bool
	resumed bool // it did not begin at the start
	total   int  // as the service counts; 0 = not known
	rows    int  // devices that came, also those that are not delivered
	lost    int
}

func (p *pages) run(ctx context.Context, at position) error {
	if p.resumed && p.client.cfg.Report {
		return p.client.fail(opDevices, mdm.ErrCursorInvalid, "a report cannot be gone on with")
	}
	var err error
	if p.total, err = p.client.Enrolled(ctx); err != nil && (mdm.Code(err) == "" || ctx.Err() != nil) {
		return err
	}
	l := listing{client: p.client, from: at.Link, beta: needsBeta(p.want)}
	if p.client.cfg.Report {
		return l.runReport(ctx, p.unresumed(ctx))
	}
	return l.run(ctx, func(b batch) error {
		next := mdm.Cursor("")
		p.count(b)
		if b.next != "" {
			next = position{Link: b.next}.cursor(p.client.info)
		}
		return p.hand(ctx, b, next, b.next == "")
	})
}

// needsBeta reports whether only the beta version tells all that is wanted. It
// alone has lost mode, and words for how Android and newer Apple devices are
// enrolled, and its raw answers have more.
//
// Source: reference/intune.md 2.6, 3.1, 3.2
func needsBeta(want mdm.Keys) bool {
	if len(want) == 0 || len(want.Raw()) > 0 {
		return true
	}
	return want.Has(mdm.KeyLostMode) || want.Has(mdm.KeyEnrolmentMethod) || want.Has(mdm.KeyEnrolmentSource)
}

// unresumed delivers batches of a report, which cannot be gone on with.
func (p *pages) unresumed(ctx context.Context) func(batch) error {
	return func(b batch) error {
		p.count(b)
		return p.hand(ctx, b, "", b.final)
	}
}

func (p *pages) count(b batch) {
	p.rows += len(b.devices)
	p.lost += len(b.lost)
}

// hand gives a batch to the receiver.
func (p *pages) hand(ctx context.Context, b batch, next mdm.Cursor, last bool) error {
	page := mdm.Page{Lost: b.lost, Next: next, Total: p.total}
	for _, d := range b.devices {
		if p.client.delivers(d) {
			page.Devices = append(page.Devices, mdm.Limit(d, p.want))
		}
	}
	if last {
		why, err := p.flaw(ctx)
		if err != nil {
			return err
		}
		page.End = &mdm.End{Complete: why == "", Why: why}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if !p.yield(page, nil) {
		return errStop
	}
	return nil
}

// delivers reports whether a device belongs to the fleet of the source.
func (c *Client) delivers(d *Device) bool {
	return c.cfg.AllAgents || !foreignAgent(d.ManagementAgent)
}

// flaw says why the listing proves nothing; "" if it does. Devices that were
// renamed meanwhile may have been passed over, and then fewer came than the
// service counts.
//
// Source: reference/intune.md 2.1
func (p *pages) flaw(ctx context.Context) (string, error) {
	if p.resumed {
		return "the listing was resumed: a device that came twice would hide one that did not come", nil
	}
	if p.lost > 0 {
		return fmt.Sprintf("%d records could not be read", p.lost), nil
	}
	total, err := p.client.Enrolled(ctx)
	switch {
	case err != nil && (mdm.Code(err) == "" || ctx.Err() != nil):
		return "", err
	case err != nil:
		return "the service did not tell how many devices there are", nil
	case total > p.rows:
		return fmt.Sprintf("the service counts %d devices and sent %d", total, p.rows), nil
	}
	return "", nil
}

// Device reads one device by its id.
func (s *Source) Device(ctx context.Context, id string) (mdm.Device, error) {
	d, err := s.client.Device(ctx, id)
	if err != nil {
		return nil, err
	}
	return d, nil
}

// DeviceBatch reads devices by id, in the order of ids, up to 20 with one
// request.
func (s *Source) DeviceBatch(ctx context.Context, ids []string) iter.Seq2[mdm.Device, error] {
	return func(yield func(mdm.Device, error) bool) {
		for d, err := range s.client.DevicesByID(ctx, ids) {
			if err != nil {
				if !yield(nil, err) {
					return
				}
				continue
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}
