package ade

import (
	"context"
	"net/url"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Replacement says which device another one stands in for, after service.
type Replacement struct {
	SerialNumber string    // of the new device
	Original     string    // serial number of the device that it stands in for
	Date         time.Time // the day; zero = not told
}

// Replacement reads which device another one stands in for. One that is no
// replacement, or is not known, is mdm.ErrNotFound.
//
// Unverified: what Apple answers for a device that is no replacement.
//
// Source: reference/apple.md 3, 4.7
//
//mdm:endpoint GET /device/replacementDetails
func (c *Client) Replacement(ctx context.Context, serial string) (Replacement, error) {
	if err := c.checkSerials(opReplacement, serial); err != nil {
		return Replacement{}, err
	}
	var answer wire.Replacement
	r := transport.Request{Op: opReplacement, Path: "/device/replacementDetails", Query: url.Values{"device": {canonical(serial)}}}
	if err := c.exchange(ctx, r, &answer); err != nil {
		return Replacement{}, err
	}
	found := Replacement{SerialNumber: clean(answer.SerialNumber), Original: clean(answer.Original)}
	if found.Original == "" {
		return Replacement{}, c.fail(opReplacement, mdm.ErrNotFound, "the device is no replacement")
	}
	found.Date, _ = time.Parse(time.DateOnly, clean(answer.Date)) // zero = no date
	return found, nil
}
