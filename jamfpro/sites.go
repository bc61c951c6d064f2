package jamfpro

import (
	"context"
	"iter"

	"github.com/mdmlink/mdmlink/jamfpro/internal/wire"
)

// Site is a part of the server that an administrator may be limited to, such
// as a school.
//
// Source: reference/jamfpro.md 2.4
type Site struct {
	ID   string
	Name string
}

// Sites lists the sites. An error is the last element.
//
//mdm:endpoint GET /api/v1/sites
func (c *Client) Sites(ctx context.Context) iter.Seq2[Site, error] {
	return whole(ctx, c, opSites, "/api/v1/sites", newSite)
}

func newSite(w wire.Named) Site { return Site{ID: clean(w.ID), Name: clean(w.Name)} }
