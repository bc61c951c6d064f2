package relution

import (
	"context"
	"errors"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// warning is how long before its expiry a token needs attention.
const warning = 30 * 24 * time.Hour

// Health reports whether the access token works and when it expires, as
// Config.Expires tells, and, if they may be read, how long Apple's tokens
// inside Relution live. Both warn 30 days ahead.
func (s *Source) Health(ctx context.Context) ([]mdm.Health, error) {
	h := s.client.tokenHealth(time.Now())
	switch err := s.client.signedIn(ctx); {
	case err == nil:
	case errors.Is(err, mdm.ErrUnauthorized), errors.Is(err, mdm.ErrCredentialExpired), errors.Is(err, mdm.ErrTermsNotAccepted):
		h.State, h.Next, h.Err = mdm.HealthBroken, mdm.Advice(err), err
		return []mdm.Health{h}, nil
	default:
		return nil, err
	}
	all := []mdm.Health{h}
	for account, err := range s.client.DEPAccounts(ctx) {
		switch {
		case errors.Is(err, mdm.ErrPermissionMissing), errors.Is(err, mdm.ErrUnsupported), absent(err):
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, account.health(time.Now()))
	}
	return all, nil
}

// signedIn asks the server something that needs no permission, or else for a
// device.
func (c *Client) signedIn(ctx context.Context) error {
	_, err := c.CurrentUser(ctx)
	if absent(err) && !webPage(err) {
		l := listing{client: c, list: listRequest{size: 1, deleted: true}}
		_, err = l.fetch(ctx, 0)
	}
	if errors.Is(err, mdm.ErrPermissionMissing) {
		return nil
	}
	return err
}

// tokenHealth judges the access token by its expiry alone. That the date is
// past proves nothing as long as the server takes the token.
func (c *Client) tokenHealth(now time.Time) mdm.Health {
	h := mdm.Health{Credential: "access token", State: mdm.HealthOK, Expires: c.expires}
	if c.expires.IsZero() {
		return h
	}
	h.Warn = warning
	switch {
	case !now.Before(c.expires):
		h.State, h.Next = mdm.HealthWarn, "The date of expiry that was entered is past, and the token still works. Correct the date, or enter the new token."
	case c.expires.Sub(now) < warning:
		h.State = mdm.HealthWarn
		h.Next = "Make a new access token in the Relution portal (user name > Profile > Access Token) and enter it with its date of expiry."
	}
	return h
}

func (a DEPAccount) health(now time.Time) mdm.Health {
	h := mdm.Health{Credential: "Apple server token " + a.ServerName, Expires: a.Expires, Warn: warning}
	const renew = "Renew the server token in Apple Business Manager or Apple School Manager and upload it in Relution."
	switch {
	case a.Expires.IsZero():
	case !now.Before(a.Expires):
		h.State, h.Next = mdm.HealthBroken, renew
		h.Err = &mdm.Error{Op: opDEPAccounts, Kind: mdm.ErrCredentialExpired}
	case a.Expires.Sub(now) < warning:
		h.State, h.Next = mdm.HealthWarn, renew
	default:
		h.State = mdm.HealthOK
	}
	return h
}
