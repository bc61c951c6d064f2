package intunetest

import (
	"net/http"
	"strings"
)

// property is one property of an entity type.
type property[T any] struct {
	name  string
	beta  bool // v1.0 lacks it
	ops   ops  // what $filter may do with it
	value func(T) any
	exact func(T) any // what $filter looks at, where the answer has less; nil = value
}

// compared is what $filter looks at.
func (p *property[T]) compared(v T) any {
	if p.exact != nil {
		return p.exact(v)
	}
	return p.value(v)
}

// ops are the operators that $filter has for a property.
type ops uint8

const (
	opEq ops = 1 << iota
	opNe
	opLt // and gt
	opContains
	opIgnored // any filter with it is ignored: all rows come
)

// shelf is an entity type: its properties in the order of the answers.
type shelf[T any] struct {
	kind       string // such as "managedDevice"
	properties []property[T]
}

func (s *shelf[T]) find(name string, beta bool) *property[T] {
	for i := range s.properties {
		if p := &s.properties[i]; p.name == name && (beta || !p.beta) {
			return p
		}
	}
	return nil
}

// selected reads $select. All = there is none.
func (s *shelf[T]) selected(c *call) (list []*property[T], refusal *reply) {
	wanted := c.option("select")
	if wanted == "" {
		for i := range s.properties {
			if p := &s.properties[i]; c.beta() || !p.beta {
				list = append(list, p)
			}
		}
		return list, nil
	}
	seen := map[string]bool{}
	for name := range strings.SplitSeq(wanted, ",") {
		name = strings.TrimSpace(name)
		p := s.find(name, c.beta())
		if p == nil {
			rep := c.nestedRefusal("Parsing OData Select and Expand failed: Could not find a property named '" + name + "' on type 'microsoft.management.services.api." + s.kind + "'.")
			return nil, &rep
		}
		if !seen[name] {
			list = append(list, p)
		}
		seen[name] = true
	}
	return list, nil
}

// answer is one entity, or the selected members of it. Unlike a shelf it has no
// version of its own.
func (c *call) answer(context, kind string, o object) reply {
	o, refusal := c.selected(kind, o)
	if refusal != nil {
		return *refusal
	}
	return success(append(object{c.context(context)}, o...))
}

// selected are the members of an entity that $select names. All = there is
// none.
func (c *call) selected(kind string, o object) (object, *reply) {
	s := shelf[object]{kind: kind}
	for _, m := range o {
		s.properties = append(s.properties, property[object]{name: m.name, value: func(object) any { return m.value }})
	}
	columns, refusal := s.selected(c)
	return render(o, columns), refusal
}

// nestedRefusal notes a violation and answers 400 as Intune's back end does.
func (c *call) nestedRefusal(message string) reply {
	c.violate("%s", message)
	return c.nested(http.StatusBadRequest, "BadRequest", message)
}

// render writes one entity.
func render[T any](v T, list []*property[T]) object {
	o := make(object, len(list), len(list)+2)
	for i, p := range list {
		o[i] = member{p.name, p.value(v)}
	}
	return o
}

// context is the @odata.context of an answer.
func (c *call) context(what string) member {
	if sel := c.option("select"); sel != "" {
		if head, ok := strings.CutSuffix(what, "/$entity"); ok {
			what = head + "(" + sel + ")/$entity"
		} else {
			what += "(" + sel + ")"
		}
	}
	return member{"@odata.context", c.root + "/" + c.version + "/$metadata#" + what}
}
