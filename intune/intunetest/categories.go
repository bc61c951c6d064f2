package intunetest

import (
	"net/http"
	"slices"
)

func categoryShelf() *shelf[*category] {
	return &shelf[*category]{"deviceCategory", []property[*category]{
		{name: "id", value: func(cat *category) any { return cat.id }},
		{name: "displayName", value: func(cat *category) any { return cat.name }},
		{name: "description", value: func(cat *category) any { return cat.description }},
		{name: "roleScopeTagIds", beta: true, value: func(*category) any { return []string{"0"} }},
	}}
}

func (c *call) listCategories() reply {
	s := categoryShelf()
	columns, refusal := s.selected(c)
	if refusal != nil {
		return *refusal
	}
	keep, refusal := s.filter(c)
	if refusal != nil {
		return *refusal
	}
	var rows []row
	for i := range c.f.categories {
		if cat := &c.f.categories[i]; s.keeps(keep, cat) {
			rows = append(rows, row{cat.name, cat.id, func() any { return render(cat, columns) }})
		}
	}
	slices.SortFunc(rows, less)
	return c.page(list{context: "deviceManagement/deviceCategories", keys: [2]string{"LastDisplayName", "LastId"}, size: 1000, most: 1000}, rows)
}

func (c *call) oneCategory() reply { return c.renderCategory(c.f.category(c.vars["id"])) }

func (c *call) categoryOfDevice() reply {
	d, missing := c.device()
	if d == nil {
		return missing
	}
	return c.renderCategory(d.category)
}

func (c *call) renderCategory(cat *category) reply {
	columns, refusal := categoryShelf().selected(c)
	switch {
	case refusal != nil:
		return *refusal
	case cat == nil:
		return c.notFound()
	}
	return success(append(object{c.context("deviceManagement/deviceCategories/$entity")}, render(cat, columns)...))
}

// listJobs fails: jobs are asked for one by one.
func (c *call) listJobs() reply {
	c.violate("export jobs cannot be listed")
	return c.nested(http.StatusBadRequest, "BadRequest", "No method match route template")
}
