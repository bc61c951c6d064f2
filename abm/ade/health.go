package ade

import (
	"context"
	"errors"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Health asks Apple whether the token works, and says when it ends. Once its
// expiry is past, nothing is asked. A token that works is to be replaced within
// Config.Window before its end; the warnings before that are those of
// [Condition].
//
// Source: reference/apple.md 10.3
func (s *Source) Health(ctx context.Context) ([]mdm.Health, error) {
	_, err := s.client.Account(ctx)
	seen := Observation{Event: EventOf(err), At: time.Now()}
	if e, ok := errors.AsType[*mdm.Error](err); ok {
		seen.Code = e.Vendor
	}
	switch seen.Event {
	case EventNone, EventUnreachable:
		return nil, err
	}
	c, _ := Condition{}.After(seen, s.client.expiry())
	h := c.Health(s.client.expiry(), seen.At)
	if err != nil {
		h.Err = err
	}
	return []mdm.Health{h}, nil
}

func (c *Client) expiry() Expiry { return Expiry{At: c.token.Expiry, Window: c.window} }
