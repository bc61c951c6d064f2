package ade

import (
	"context"
	"strings"

	"github.com/mdmlink/mdmlink/abm/ade/internal/wire"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Account says whose the token is and what may be asked with it. "" and nil
// were not told.
//
// Source: reference/apple.md 4.1
type Account struct {
	Identity

	OrgEmail   string
	OrgPhone   string
	OrgAddress string
	OrgType    string // "edu", "org", "tvprovider", or another
	OrgVersion string // "v1" for the programmes before the portals of today, "v2", or another

	Requests []AllowedRequest
}

// AllowedRequest is one request that the server entry may make.
type AllowedRequest struct {
	Path    string // such as "/devices/sync"
	Methods []string
	Default int // records in an answer if no number is asked for; 0 = not told
	Maximum int // records in an answer at most; 0 = not told
}

// Account asks Apple whose the token is. The answer is the definite success
// that shows that the token works.
//
// Source: reference/apple.md 3, 4.1
//
//mdm:endpoint GET /account
func (c *Client) Account(ctx context.Context) (*Account, error) {
	var answer wire.Account
	if err := c.exchange(ctx, transport.Request{Op: opAccount, Path: "/account"}, &answer); err != nil {
		return nil, err
	}
	a := newAccount(&answer)
	if a.ServerUUID == "" {
		return nil, c.fail(opAccount, mdm.ErrDecode, "the answer names no server entry")
	}
	if c.server != "" && a.ServerUUID != c.server {
		return nil, c.located(opAccount, fail(opAccount, ErrOtherServer, ""))
	}
	if c.monitor != nil {
		if err := c.monitor.Confirmed(ctx, a.Identity); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.account, c.stale = a, false
	return a, nil
}

func newAccount(w *wire.Account) *Account {
	a := &Account{
		Identity: Identity{ServerUUID: NormaliseUUID(clean(w.ServerUUID)), ServerName: clean(w.ServerName), OrgID: clean(w.OrgID),
			OrgIDHash: clean(w.OrgIDHash), OrgName: clean(w.OrgName), AdminID: clean(w.AdminID)},
		OrgEmail: clean(w.OrgEmail), OrgPhone: clean(w.OrgPhone), OrgAddress: clean(w.OrgAddress),
		OrgType: clean(w.OrgType), OrgVersion: clean(w.OrgVersion),
	}
	if a.AdminID == "" {
		a.AdminID = clean(w.Facilitator) // its name in earlier versions
	}
	for _, u := range w.URLs.Of {
		a.Requests = append(a.Requests, AllowedRequest{clean(u.URI), u.Methods.Of, int(u.Limit.Of.Default.N), int(u.Limit.Of.Maximum.N)})
	}
	return a
}

// known returns what the account said last, or asks for it. After the token
// failed it asks, so that the monitor is told when the token works again.
func (c *Client) known(ctx context.Context) (*Account, error) {
	c.mu.Lock()
	a, stale := c.account, c.stale
	c.mu.Unlock()
	if a != nil && !stale {
		return a, nil
	}
	return c.Account(ctx)
}

// How many records or serial numbers go into one request.
//
// Source: reference/apple.md 3
const (
	usualPage    = 1000 // where the account tells nothing
	greatestPage = 5000 // whatever the account tells
	batchSize    = 1000
)

// pageSize returns how many records to ask for: what the host wants, or the
// most that Apple allows.
//
// Source: reference/apple.md 3, 4.1
func (c *Client) pageSize(ctx context.Context, path string) (int, error) {
	a, err := c.known(ctx)
	if err != nil {
		return 0, err
	}
	most := usualPage
	for _, r := range a.Requests {
		if strings.TrimSuffix(r.Path, "/") != path {
			continue
		}
		switch {
		case r.Maximum > 0:
			most = min(r.Maximum, greatestPage)
		case r.Default > 0:
			most = min(r.Default, greatestPage)
		}
	}
	if wanted := c.http.PageSize(); wanted > 0 {
		most = min(most, wanted)
	}
	return most, nil
}

func clean(t json.Text) string { return strings.TrimSpace(t.Text) }

func flag(b json.Bool) mdm.Flag {
	if !b.Present {
		return mdm.Unknown
	}
	return mdm.FlagOf(b.Yes)
}
