package relution

import (
	"context"
	"errors"
	"net/http"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
)

// account reads an endpoint of the account, which no tenant has. Its prefix
// may be another one than that of the devices. A web page may be the answer to
// a bad token, each of which counts as a failed login: when one comes, nothing
// else is asked until the token is known to work.
//
// Source: reference/relution.md 6.2, 11 row 34
func (c *Client) account(ctx context.Context, r call) (json.Value, error) {
	var last error
	for _, prefix := range c.accountPrefixes() {
		answer, err := c.exchange(ctx, generation{prefix: prefix}, r)
		if !absent(err) {
			return answer, err
		}
		if webPage(err) && !webPage(last) {
			if err := c.accepted(ctx); err != nil {
				return nil, err
			}
		}
		last = err
	}
	if webPage(last) { // the token works, and so these are pages of the portal
		return nil, &mdm.Error{Op: r.op, Origin: c.info.Origin, Kind: mdm.ErrUnsupported, Status: http.StatusNotFound, Detail: "the server does not have this"}
	}
	return nil, last
}

// accountPrefixes are where an endpoint of the account may be, the likeliest
// one first.
func (c *Client) accountPrefixes() []string {
	if c.fixed.prefix != "" {
		return []string{c.fixed.prefix}
	}
	known, _ := c.api.get()
	var prefixes []string
	if known.prefix != "" {
		prefixes = append(prefixes, known.prefix)
	}
	for _, prefix := range []string{PrefixManagement, PrefixAPI, PrefixLegacy} {
		if prefix != known.prefix {
			prefixes = append(prefixes, prefix)
		}
	}
	return prefixes
}

// accepted makes sure that the server takes the token, by asking for a device.
// A refusal for want of a permission shows it as well. If a web page comes here
// too, the token is left alone for a while.
func (c *Client) accepted(ctx context.Context) error {
	g, _ := c.api.get()
	var err error
	if g == (generation{}) {
		_, err = c.generation(ctx)
	} else if err = c.try(ctx, g, false); webPage(err) {
		c.token.suspect()
		err = c.onlyPages(opDevices)
	}
	switch {
	case absent(err) && !webPage(err), errors.Is(err, mdm.ErrPermissionMissing), errors.Is(err, mdm.ErrWrongTenant), errors.Is(err, mdm.ErrNotFound):
		return nil
	}
	return err
}

// onlyPages is the error of web pages instead of answers.
func (c *Client) onlyPages(op string) error {
	return &mdm.Error{Op: op, Origin: c.info.Origin, Kind: mdm.ErrWrongAddress, Status: http.StatusOK, Detail: "a web page instead of an answer",
		Advice: advicePages}
}
