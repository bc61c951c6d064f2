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

// Sites lists the sites. One that cannot be read comes as an error between the
// others; a failure of the list is the last element.
//
//mdm:endpoint GET /api/v1/sites
func (c *Client) Sites(ctx context.Context) iter.Seq2[Site, error] {
	return table[wire.Named, Site]{op: opSites, path: "/api/v1/sites", convert: newSite, id: func(s Site) string { return s.ID }}.whole(ctx, c)
}

func newSite(w wire.Named) Site { return Site{ID: clean(w.ID), Name: clean(w.Name)} }
