package intune

import (
	"context"
	"iter"

	"github.com/mdmlink/mdmlink/intune/internal/wire"
)

// Category is a device category.
type Category struct {
	ID          string
	Name        string
	Description string
}

// Categories lists the device categories of the tenant.
//
// Source: reference/intune.md 2
//
//mdm:endpoint GET /v1.0/deviceManagement/deviceCategories
func (c *Client) Categories(ctx context.Context) iter.Seq2[Category, error] {
	return paged(ctx, c, opCategories, v1+"/deviceManagement/deviceCategories", nil, c.limits.enrolment,
		func(w wire.Category) Category {
			return Category{ID: reference(w.ID), Name: clean(w.Name), Description: clean(w.Description)}
		})
}
