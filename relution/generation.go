package relution

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
)

// The values of Config.Prefix, newest first.
const (
	PrefixManagement = "/api/management" // 5.34 to 26.x
	PrefixAPI        = "/api"            // 5.x
	PrefixLegacy     = "/relution/api"   // 3.x to 5.0
)

// The values of Config.Listing: the light list by POST, the light list by GET,
// and the full list, which is slow.
const (
	ListQuery    = "post-query"
	ListBaseInfo = "get-baseinfo"
	ListFull     = "get-devices"
)

// generation is which API a server speaks.
type generation struct{ prefix, listing string }

// generations are what servers speak, in the order in which they are tried.
//
// Source: reference/relution.md 10
var generations = []generation{
	{PrefixManagement, ListQuery},
	{PrefixAPI, ListQuery},
	{PrefixManagement, ListBaseInfo},
	{PrefixAPI, ListBaseInfo},
	{PrefixAPI, ListFull},
	{PrefixLegacy, ListBaseInfo},
	{PrefixLegacy, ListFull},
}

// candidates are the generations that the configuration leaves open.
func (c *Client) candidates() []generation {
	if c.fixed.prefix != "" && c.fixed.listing != "" {
		return []generation{c.fixed}
	}
	var open []generation
	for _, g := range generations {
		if (c.fixed.prefix == "" || c.fixed.prefix == g.prefix) && (c.fixed.listing == "" || c.fixed.listing == g.listing) {
			open = append(open, g)
		}
	}
	if c.fixed == (generation{"", ListFull}) {
		open = append([]generation{{PrefixManagement, ListFull}}, open...)
	}
	return open
}

// api is what is known of the server's API, once it was asked.
type api struct {
	turn chan struct{} // held by whoever asks the server

	plainApps atomic.Bool // installed apps are listed in the older way only

	mu     sync.Mutex
	known  generation // zero = not known
	proven time.Time
	wide   map[Endpoint]int // the most rows that came in one page
}

func newAPI() *api { return &api{turn: make(chan struct{}, 1), wide: map[Endpoint]int{}} }

// widest returns the most rows that came in one page of an endpoint before one
// of so many.
func (a *api) widest(e Endpoint, rows int) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	most := a.wide[e]
	a.wide[e] = max(most, rows)
	return most
}

func (a *api) get() (generation, time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.known, a.proven
}

func (a *api) set(g generation) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.known, a.proven = g, time.Now()
}

// generation returns which API the server speaks, which is found out once.
func (c *Client) generation(ctx context.Context) (generation, error) {
	if g, _ := c.api.get(); g != (generation{}) {
		return g, nil
	}
	return c.probe(ctx, generation{})
}

// probe asks the server which API it speaks, one request after the other.
// Callers who need to know at the same time wait for one; doubted is the
// generation that is not believed any more.
func (c *Client) probe(ctx context.Context, doubted generation) (generation, error) {
	select {
	case c.api.turn <- struct{}{}:
		defer func() { <-c.api.turn }()
	case <-ctx.Done():
		return generation{}, ctx.Err()
	}
	if g, _ := c.api.get(); g != doubted {
		return g, nil // somebody else found it out
	}
	candidates := c.candidates()
	if doubted != (generation{}) {
		candidates = slices.DeleteFunc(candidates, func(g generation) bool { return g == doubted })
		candidates = slices.Insert(candidates, 0, doubted)
	}
	pages := 0
	for _, g := range candidates {
		err := c.try(ctx, g, false)
		if err == nil {
			c.api.set(g)
			return g, nil
		}
		if !absent(err) && !errors.Is(err, mdm.ErrNotFound) { // an old server takes "baseInfo" for a device that it does not know
			return generation{}, err
		}
		if webPage(err) {
			pages++
		}
	}
	return generation{}, c.nothing(ctx, candidates, pages == len(candidates))
}

// try asks for one device in a generation. homeless leaves out the tenant.
func (c *Client) try(ctx context.Context, g generation, homeless bool) error {
	r := (&listRequest{size: 1, deleted: true}).call(g, 0)
	r.homeless = homeless
	answer, err := c.exchange(ctx, g, r)
	if err != nil {
		return err
	}
	if _, err := rowsOf(answer); err != nil {
		return &mdm.Error{Op: r.op, Origin: c.info.Origin, Kind: mdm.ErrWrongAddress, Status: http.StatusNotFound, Detail: "the answer is not one of Relution"}
	}
	return nil
}

// nothing explains why no generation answered: a wrong tenant looks like a
// wrong address.
//
// Source: reference/relution.md 6.2, 10
func (c *Client) nothing(ctx context.Context, candidates []generation, pages bool) error {
	if pages {
		c.token.suspect()
		return c.onlyPages(opDevices)
	}
	if c.tenant != "" {
		for _, g := range candidates {
			err := c.try(ctx, g, true)
			if err == nil {
				return &mdm.Error{Op: opDevices, Origin: c.info.Origin, Kind: mdm.ErrWrongTenant, Status: http.StatusNotFound,
					Detail: "the server does not know the tenant, or does not let this access token into it", Advice: adviceTenant}
			}
			if !absent(err) && !errors.Is(err, mdm.ErrNotFound) {
				return err
			}
		}
	}
	return &mdm.Error{Op: opDevices, Origin: c.info.Origin, Kind: mdm.ErrWrongAddress, Status: http.StatusNotFound, Detail: "there is no API of Relution",
		Advice: "Check the address: it does not lead to a Relution server of version 3 or later. If a proxy adds a path, configure it."}
}

// believed is how long a generation is not doubted because of the 404 of a
// single object.
const believed = time.Minute

// request sends a request in the generation that the server speaks. A 404 that
// does not say what is missing may mean that the server was upgraded; then it
// is asked again.
func (c *Client) request(ctx context.Context, build func(generation) call) (json.Value, error) {
	g, err := c.generation(ctx)
	if err != nil {
		return nil, err
	}
	r := build(g)
	answer, err := c.exchange(ctx, g, r)
	if !c.suspicious(r, err) {
		return answer, err
	}
	now, probeErr := c.probe(ctx, g)
	switch {
	case probeErr != nil:
		return nil, probeErr
	case now == g:
		return nil, err
	}
	return c.exchange(ctx, now, build(now))
}

// suspicious reports whether an error smells of an upgrade.
func (c *Client) suspicious(r call, err error) bool {
	if !absent(err) || statusOf(err) == http.StatusNotImplemented || !r.reads() {
		return false
	}
	if e, ok := errors.AsType[*mdm.Error](err); ok && e.Vendor != "" && e.Vendor != "RESOURCE_NOT_FOUND" {
		return false // it says what is missing
	}
	if r.endpoint == EndpointDevicesQuery || r.endpoint == EndpointDevicesBaseInfo || r.endpoint == EndpointDevices {
		return true
	}
	_, proven := c.api.get()
	return time.Since(proven) > believed
}

// get reads an endpoint.
func (c *Client) get(ctx context.Context, r call) (json.Value, error) {
	return c.request(ctx, func(generation) call { return r })
}
