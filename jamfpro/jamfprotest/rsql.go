package jamfprotest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// rsql is a parsed filter: alternatives of conditions that must all hold. A
// condition is a comparison or a filter in brackets.
type rsql struct{ any [][]clause }

type clause struct {
	inner *rsql // nil = a comparison
	name  string
	op    string
	args  []argument
}

// argument is a value of a comparison. A '*' that was not escaped is a
// wildcard and stands between two parts.
type argument struct{ parts []string }

// text is the argument as it was meant, wildcards as asterisks.
func (a argument) text() string { return strings.Join(a.parts, "*") }

// parseQuery reads a filter. Names must be known.
func parseQuery(text string, known func(string) bool) (*rsql, error) {
	p := &parser{rest: text, known: known}
	q, err := p.query()
	if err == nil && p.rest != "" {
		err = fmt.Errorf("filter has garbage at %q", p.rest)
	}
	return q, err
}

type parser struct {
	rest  string
	known func(string) bool
	depth int
}

// take removes a prefix if it is there.
func (p *parser) take(prefix string) bool {
	rest, ok := strings.CutPrefix(p.rest, prefix)
	p.rest = rest
	return ok
}

func (p *parser) query() (*rsql, error) {
	if p.depth++; p.depth > 20 {
		return nil, errors.New("filter is nested too deep")
	}
	defer func() { p.depth-- }()
	q := &rsql{}
	for {
		all, err := p.conjunction()
		if err != nil {
			return nil, err
		}
		if q.any = append(q.any, all); !p.take(",") {
			return q, nil
		}
	}
}

func (p *parser) conjunction() ([]clause, error) {
	var all []clause
	for {
		c, err := p.clause()
		if err != nil {
			return nil, err
		}
		if all = append(all, c); !p.take(";") && !p.take(" and ") {
			return all, nil
		}
	}
}

func (p *parser) clause() (clause, error) {
	if !p.take("(") {
		return p.comparison()
	}
	q, err := p.query()
	if err == nil && !p.take(")") {
		err = errors.New("filter lacks a bracket")
	}
	return clause{inner: q}, err
}

// operators has the long ones in front of those that they begin with.
var operators = []struct{ written, op string }{
	{"==", "=="}, {"!=", "!="}, {"=lt=", "<"}, {"=le=", "<="}, {"=gt=", ">"}, {"=ge=", ">="},
	{"=in=", "in"}, {"=out=", "out"}, {"<=", "<="}, {">=", ">="}, {"<", "<"}, {">", ">"},
}

func (p *parser) comparison() (clause, error) {
	n := strings.IndexAny(p.rest, `=!<>;,() "'`)
	if n < 0 {
		n = len(p.rest)
	}
	c := clause{name: p.rest[:n]}
	if !p.known(c.name) {
		return c, fmt.Errorf("cannot filter by %q", c.name)
	}
	p.rest = p.rest[n:]
	for _, o := range operators {
		if p.take(o.written) {
			c.op = o.op
			break
		}
	}
	switch c.op {
	case "":
		return c, fmt.Errorf("filter has no operator at %q", p.rest)
	case "in", "out":
		return p.list(c)
	}
	a, err := p.argument()
	c.args = []argument{a}
	return c, err
}

// list reads the values of =in= and =out=.
func (p *parser) list(c clause) (clause, error) {
	if !p.take("(") {
		return c, errors.New("filter lacks the bracket of a list")
	}
	for {
		a, err := p.argument()
		if err != nil {
			return c, err
		}
		if c.args = append(c.args, a); p.take(")") {
			return c, nil
		}
		if !p.take(",") {
			return c, errors.New("filter has a list that does not end")
		}
	}
}

// argument reads one value, in quotes or of plain characters.
func (p *parser) argument() (argument, error) {
	if p.rest == "" || p.rest[0] != '"' && p.rest[0] != '\'' {
		n := strings.IndexAny(p.rest, `"'();,=<>!~ \`)
		if n < 0 {
			n = len(p.rest)
		}
		value := p.rest[:n]
		if p.rest = p.rest[n:]; value == "" {
			return argument{}, errors.New("filter lacks a value")
		}
		return argument{strings.Split(value, "*")}, nil
	}
	quote, a, part := p.rest[0], argument{}, strings.Builder{}
	for i := 1; i < len(p.rest); i++ {
		switch ch := p.rest[i]; {
		case ch == quote:
			p.rest = p.rest[i+1:]
			a.parts = append(a.parts, part.String())
			return a, nil
		case ch == '\\' && i+1 < len(p.rest):
			i++
			part.WriteByte(p.rest[i])
		case ch == '*':
			a.parts = append(a.parts, part.String())
			part.Reset()
		default:
			part.WriteByte(ch)
		}
	}
	return a, errors.New("filter has a value whose quotes do not end")
}

// each runs a check on all comparisons until one fails.
func (q *rsql) each(check func(clause) error) error {
	for _, all := range q.any {
		for _, c := range all {
			var err error
			if c.inner != nil {
				err = c.inner.each(check)
			} else {
				err = check(c)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// check reports values that do not fit the type of their field, by comparing
// with an example of it.
func (q *rsql) check(example func(string) any) error {
	return q.each(func(c clause) error {
		for _, a := range c.args {
			if !a.fits(example(c.name)) {
				return fmt.Errorf("filter cannot compare %s with %q", c.name, a.text())
			}
		}
		return nil
	})
}

// fits reports whether an argument can be compared with that type of value.
func (a argument) fits(v any) bool {
	var err error
	switch v.(type) {
	case int:
		_, err = strconv.Atoi(a.text())
	case bool:
		_, err = strconv.ParseBool(a.text())
	case time.Time:
		_, err = time.Parse(time.RFC3339Nano, a.text())
	}
	return err == nil
}

// eval reports whether a row with these values passes.
func (q *rsql) eval(get func(string) any) bool {
	return slices.ContainsFunc(q.any, func(all []clause) bool {
		return !slices.ContainsFunc(all, func(c clause) bool { return !c.eval(get) })
	})
}

func (c clause) eval(get func(string) any) bool {
	if c.inner != nil {
		return c.inner.eval(get)
	}
	v := get(c.name)
	equal := func(a argument) bool { return a.equals(v) }
	switch c.op {
	case "==", "in":
		return slices.ContainsFunc(c.args, equal)
	case "!=", "out":
		return !slices.ContainsFunc(c.args, equal)
	}
	n, ok := c.args[0].compared(v)
	switch c.op {
	case "<":
		return ok && n < 0
	case "<=":
		return ok && n <= 0
	case ">":
		return ok && n > 0
	}
	return ok && n >= 0
}

// compared compares a value with the argument.
func (a argument) compared(v any) (n int, ok bool) {
	switch v.(type) {
	case nil, []string:
		return 0, false
	case string:
		return compare(v, a.text()), true
	case int:
		i, err := strconv.Atoi(a.text())
		return compare(v, i), err == nil
	case bool:
		b, err := strconv.ParseBool(a.text())
		return compare(v, b), err == nil
	}
	t, err := time.Parse(time.RFC3339Nano, a.text())
	return compare(v, t), err == nil
}

// equals compares texts with wildcards, anything else by value.
func (a argument) equals(v any) bool {
	if list, ok := v.([]string); ok { // one of them
		return slices.ContainsFunc(list, func(s string) bool { return a.equals(s) })
	}
	s, ok := v.(string)
	if !ok || len(a.parts) == 1 {
		n, ok := a.compared(v)
		return ok && n == 0
	}
	s = strings.ToLower(s)
	first, last := strings.ToLower(a.parts[0]), strings.ToLower(a.parts[len(a.parts)-1])
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, part := range a.parts[1 : len(a.parts)-1] {
		_, rest, found := strings.Cut(s, strings.ToLower(part))
		if !found {
			return false
		}
		s = rest
	}
	return true
}
