package abm

import (
	"context"
	"net/url"
	"time"

	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// Coverage is a warranty or an AppleCare plan of a device.
//
// Source: reference/apple.md 8.4
type Coverage struct {
	ID              string // serial number, agreement number, or "abe-" and the serial number
	Status          string // "ACTIVE", "INACTIVE", or another
	PaymentType     string // "ABE_SUBSCRIPTION", "PAID_UP_FRONT", "SUBSCRIPTION", "NONE", or another
	Description     string // such as "Limited Warranty"
	Start           time.Time
	End             time.Time // zero = goes on until it is cancelled, or not reported
	Renewable       mdm.Flag
	Canceled        mdm.Flag
	ContractCancel  time.Time
	AgreementNumber string
}

func newCoverage(r *row[wire.Coverage]) Coverage {
	w := &r.attributes
	return Coverage{ID: r.id, Status: clean(w.Status), PaymentType: clean(w.PaymentType), Description: clean(w.Description),
		Start: w.Start.At(), End: w.End.At(), Renewable: flag(w.Renewable), Canceled: flag(w.Canceled),
		ContractCancel: w.ContractCancel.At(), AgreementNumber: clean(w.AgreementNumber)}
}

// Coverage reads the warranty and the AppleCare plans of a device; none is an
// empty result. There is no request for several devices: 5000 of them take
// more than four hours within the usual limit.
//
// Source: reference/apple.md 7.2, 8.4
//
//mdm:endpoint GET /v1/orgDevices/{id}/appleCareCoverage
func (c *Client) Coverage(ctx context.Context, device string) ([]Coverage, error) {
	if err := c.checkID(opCoverage, device); err != nil {
		return nil, err
	}
	l := listRequest{op: opCoverage, path: devicesPath + "/" + url.PathEscape(device) + "/appleCareCoverage", resource: "appleCareCoverage"}
	all, err := collect(listed(ctx, c, l, func(r *row[wire.Coverage]) (Coverage, string) { return newCoverage(r), r.id }))
	if missing(err) {
		return nil, nil
	}
	return all, err
}

// CurrentCoverage returns the coverage that counts: an active one before
// others, and of these the one that ends last; one without an end ends after
// all others. ok is false if there is none.
//
// Source: reference/apple.md 11
func CurrentCoverage(all []Coverage) (best Coverage, ok bool) {
	for _, c := range all {
		if !ok || c.counts(best) {
			best, ok = c, true
		}
	}
	return best, ok
}

// counts reports whether c counts before other.
func (c Coverage) counts(other Coverage) bool {
	if active := c.Status == "ACTIVE"; active != (other.Status == "ACTIVE") {
		return active
	}
	return !other.End.IsZero() && (c.End.IsZero() || c.End.After(other.End))
}
