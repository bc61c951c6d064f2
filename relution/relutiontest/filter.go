package relutiontest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// filter reports whether an object is wanted.
type filter func(object) bool

// filterForm is what a type of filter consists of.
type filterForm struct {
	keys  []string // the members it must have, beside type; a ? makes one optional
	kinds []kind   // the kinds of fields it fits; nil = it has no field
	build func(*filterParts) (filter, error)
}

// filterParts is a filter that was taken apart.
type filterParts struct {
	f       *Fake
	schema  schema
	field   string
	members map[string]json.RawMessage
}

// filterForms are the types of filters.
func filterForms() map[string]filterForm {
	texts, numbers := []kind{text, enum}, []kind{number, date}
	bounds := []string{"fieldName", "min?", "max?", "equality?"}
	return map[string]filterForm{
		"string":         {[]string{"fieldName", "value"}, texts, buildString},
		"containsString": {[]string{"fieldName", "contains"}, texts, buildContains},
		"like":           {[]string{"fieldName", "like"}, texts, buildLike},
		"stringEnum":     {[]string{"fieldName", "values"}, texts, buildStringEnum},
		"stringRange":    {bounds, texts, buildRange[string]},
		"longRange":      {bounds, numbers, buildRange[int64]},
		"doubleRange":    {bounds, numbers, buildRange[float64]},
		"dateRange":      {bounds, []kind{date}, buildRange[int64]},
		"boolean":        {[]string{"fieldName", "value"}, []kind{flag}, buildBoolean},
		"long":           {[]string{"fieldName", "value"}, numbers, buildLong},
		"longEnum":       {[]string{"fieldName", "values"}, numbers, buildLongEnum},
		"stringMap":      {[]string{"fieldName", "key", "value"}, []kind{nested}, buildStringMap},
		"null":           {[]string{"fieldName", "isNull"}, []kind{text, enum, number, date, flag, nested, many}, buildNull},
		"logOp":          {[]string{"operation", "filters"}, nil, buildLogOp},
		"quantifier":     {[]string{"fieldName", "quantifier", "filter"}, []kind{many}, buildQuantifier},
		"noOp":           {nil, nil, func(*filterParts) (filter, error) { return func(object) bool { return true }, nil }},
		"alwaysFalse":    {nil, nil, func(*filterParts) (filter, error) { return func(object) bool { return false }, nil }},
	}
}

// parseFilter reads a filter and everything inside it.
func (f *Fake) parseFilter(raw []byte, of schema) (filter, error) {
	p := &filterParts{f: f, schema: of}
	if err := json.Unmarshal(raw, &p.members); err != nil || p.members == nil {
		return nil, fmt.Errorf("filter is no JSON object")
	}
	name, err := member[string](p, "type")
	if err != nil {
		return nil, err
	}
	form, known := filterForms()[name]
	if !known || name == "quantifier" && !f.version.from(26, 0) {
		return nil, fmt.Errorf("unknown type of filter %q", name)
	}
	if err := p.check(name, form); err != nil {
		return nil, err
	}
	return form.build(p)
}

// check compares the members with those that the type has.
func (p *filterParts) check(name string, form filterForm) error {
	allowed := []string{"type"}
	for _, key := range form.keys {
		plain, optional := strings.CutSuffix(key, "?")
		allowed = append(allowed, plain)
		if p.members[plain] == nil && !optional {
			return fmt.Errorf("filter %s without %q", name, plain)
		}
	}
	for key := range p.members {
		if !slices.Contains(allowed, key) {
			return fmt.Errorf("filter %s has no member %q", name, key)
		}
	}
	if form.kinds == nil {
		return nil
	}
	var err error
	if p.field, err = member[string](p, "fieldName"); err != nil {
		return err
	}
	switch k := p.schema.kind(p.field); {
	case k == unknown:
		return fmt.Errorf("filter by unknown field %q", p.field)
	case k != anything && !slices.Contains(form.kinds, k):
		return fmt.Errorf("filter %s does not fit the field %q", name, p.field)
	}
	return nil
}

// member reads one member.
func member[T any](p *filterParts, key string) (T, error) {
	var v *T
	if err := json.Unmarshal(p.members[key], &v); err != nil || v == nil {
		var zero T
		return zero, fmt.Errorf("filter with a wrong or missing %q", key)
	}
	return *v, nil
}

// anyOf makes a filter of a test on the values of the field.
func anyOf[T any](p *filterParts, test func(T) bool) filter {
	path := p.field
	return func(o object) bool {
		return slices.ContainsFunc(at(o, path), func(v any) bool {
			typed, ok := convert[T](v)
			return ok && test(typed)
		})
	}
}

func buildString(p *filterParts) (filter, error) {
	value, err := member[string](p, "value")
	return anyOf(p, func(s string) bool { return s == value }), err
}

func buildContains(p *filterParts) (filter, error) {
	part, err := member[string](p, "contains")
	part = strings.ToLower(part)
	return anyOf(p, func(s string) bool { return strings.Contains(strings.ToLower(s), part) }), err
}

func buildLike(p *filterParts) (filter, error) {
	pattern, err := member[string](p, "like")
	if err != nil {
		return nil, err
	}
	expression := strings.NewReplacer("%", ".*", "_", ".").Replace(regexp.QuoteMeta(pattern))
	compiled, err := regexp.Compile("(?is)^" + expression + "$")
	if err != nil {
		return nil, fmt.Errorf("filter like cannot be read")
	}
	return anyOf(p, compiled.MatchString), nil
}

func buildStringEnum(p *filterParts) (filter, error) {
	values, err := member[[]string](p, "values")
	return anyOf(p, func(s string) bool { return slices.Contains(values, s) }), err
}

func buildBoolean(p *filterParts) (filter, error) {
	value, err := member[bool](p, "value")
	return anyOf(p, func(b bool) bool { return b == value }), err
}

func buildLong(p *filterParts) (filter, error) {
	value, err := member[int64](p, "value")
	return anyOf(p, func(n float64) bool { return n == float64(value) }), err
}

func buildLongEnum(p *filterParts) (filter, error) {
	values, err := member[[]int64](p, "values")
	return anyOf(p, func(n int64) bool { return slices.Contains(values, n) }), err
}

// buildRange takes equality for what makes the bounds part of the range.
func buildRange[T string | int64 | float64](p *filterParts) (filter, error) {
	equality := false
	if p.members["equality"] != nil {
		var err error
		if equality, err = member[bool](p, "equality"); err != nil {
			return nil, err
		}
	}
	bound := func(key string) (*T, error) {
		if raw := p.members[key]; raw == nil || string(raw) == "null" {
			return nil, nil
		}
		v, err := member[T](p, key)
		return &v, err
	}
	low, err := bound("min")
	if err != nil {
		return nil, err
	}
	high, err := bound("max")
	if err != nil {
		return nil, err
	}
	return anyOf(p, func(v T) bool {
		return (low == nil || v > *low || equality && v == *low) && (high == nil || v < *high || equality && v == *high)
	}), nil
}

func buildStringMap(p *filterParts) (filter, error) {
	key, err := member[string](p, "key")
	if err != nil {
		return nil, err
	}
	value, err := member[string](p, "value")
	return anyOf(p, func(o object) bool { return o[key] == value }), err
}

func buildNull(p *filterParts) (filter, error) {
	want, err := member[bool](p, "isNull")
	return func(o object) bool { return (len(at(o, p.field)) == 0) == want }, err
}

// buildLogOp takes NOT for the opposite of AND.
func buildLogOp(p *filterParts) (filter, error) {
	operation, err := member[string](p, "operation")
	if err != nil {
		return nil, err
	}
	raws, err := member[[]json.RawMessage](p, "filters")
	if err != nil {
		return nil, err
	}
	var parts []filter
	for _, raw := range raws {
		part, err := p.f.parseFilter(raw, p.schema)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	all := func(o object) bool { return !slices.ContainsFunc(parts, func(f filter) bool { return !f(o) }) }
	some := func(o object) bool { return slices.ContainsFunc(parts, func(f filter) bool { return f(o) }) }
	switch operation {
	case "AND":
		return all, nil
	case "OR":
		return some, nil
	case "NAND", "NOT":
		return func(o object) bool { return !all(o) }, nil
	case "NOR":
		return func(o object) bool { return !some(o) }, nil
	}
	return nil, fmt.Errorf("filter logOp has no operation %q", operation)
}

// buildQuantifier applies a filter to the elements of a list. Their fields
// are named from the element on.
func buildQuantifier(p *filterParts) (filter, error) {
	quantifier, err := member[string](p, "quantifier")
	if err != nil {
		return nil, err
	}
	inner, err := p.f.parseFilter(p.members["filter"], p.schema.below(p.field))
	if err != nil {
		return nil, err
	}
	count := func(o object) (fit, all int) {
		for _, v := range at(o, p.field) {
			if element, ok := v.(object); ok {
				if all++; inner(element) {
					fit++
				}
			}
		}
		return fit, all
	}
	switch quantifier {
	case "ALL":
		return func(o object) bool { fit, all := count(o); return fit == all }, nil
	case "ANY":
		return func(o object) bool { fit, _ := count(o); return fit > 0 }, nil
	case "NONE":
		return func(o object) bool { fit, _ := count(o); return fit == 0 }, nil
	}
	return nil, fmt.Errorf("filter quantifier has no quantifier %q", quantifier)
}
