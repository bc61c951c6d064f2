package ade

import (
	"context"
	"net/http"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

const discoveryPath = "/account-driven-enrollment/profile"

// Discovery says where the enrolment of a person with a managed account
// begins.
type Discovery struct {
	URL     string
	Updated time.Time // zero = not told
}

// Discovery reads where account-driven enrolment begins. None is
// mdm.ErrNotFound.
//
// Source: reference/apple.md 3, 4.7
//
//mdm:endpoint GET /account-driven-enrollment/profile
func (c *Client) Discovery(ctx context.Context) (Discovery, error) {
	var answer wire.Discovery
	if err := c.exchange(ctx, transport.Request{Op: opDiscovery, Path: discoveryPath}, &answer); err != nil {
		return Discovery{}, err
	}
	d := Discovery{URL: clean(answer.URL), Updated: answer.Updated.At()}
	if d.URL == "" {
		return Discovery{}, c.fail(opDiscovery, mdm.ErrNotFound, "none is set")
	}
	return d, nil
}

// SetDiscovery sets where account-driven enrolment begins: an https address.
//
// Source: reference/apple.md 3
//
//mdm:endpoint POST /account-driven-enrollment/profile
func (c *Client) SetDiscovery(ctx context.Context, address string) error {
	if !isHTTPS(address) {
		return c.fail(opDiscovery, mdm.ErrInvalid, "the address is no https address; nothing was sent")
	}
	return c.exchange(ctx, transport.Request{Op: opDiscovery, Method: http.MethodPost, Path: discoveryPath,
		Body: map[string]string{"mdm_service_discovery_url": address}}, nil)
}

// RemoveDiscovery takes away where account-driven enrolment begins.
//
// Source: reference/apple.md 3
//
//mdm:endpoint DELETE /account-driven-enrollment/profile
func (c *Client) RemoveDiscovery(ctx context.Context) error {
	return c.exchange(ctx, transport.Request{Op: opDiscovery, Method: http.MethodDelete, Path: discoveryPath}, nil)
}
