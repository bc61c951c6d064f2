package intunetest

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// test is a condition that a row meets or does not meet.
type test func(row func(name string) any) bool

var filterWord = regexp.MustCompile(`^\s*('(?:[^']|'')*'|[A-Za-z0-9_.:/+-]+|[(),])`)

// filterParser reads a $filter. Its first failure sticks.
type filterParser struct {
	words   []string
	allowed func(name string) (ops, bool)
	ignored bool // the service ignores the whole filter
	status  int
	err     error
}

// filter reads $filter; nil = there is none, or the service ignores it.
func (s *shelf[T]) filter(c *call) (test, *reply) {
	raw := c.option("filter")
	if raw == "" {
		return nil, nil
	}
	p := &filterParser{allowed: func(name string) (ops, bool) {
		if prop := s.find(name, c.beta()); prop != nil {
			return prop.ops, true
		}
		return 0, false
	}}
	t := p.parse(raw)
	if p.err != nil {
		c.violate("$filter: %v", p.err)
		if p.status == http.StatusInternalServerError {
			rep := c.nested(p.status, "InternalServerError", "An internal server error has occurred")
			return nil, &rep
		}
		rep := c.nested(http.StatusBadRequest, "BadRequest", "Invalid filter clause: "+p.err.Error())
		return nil, &rep
	}
	if p.ignored {
		c.violate("$filter on a property that does not support it is ignored")
		return nil, nil
	}
	return t, nil
}

// keeps reports whether an entity meets a test; a nil test is always met.
func (s *shelf[T]) keeps(t test, v T) bool {
	return t == nil || t(func(name string) any { return s.find(name, true).compared(v) })
}

func (p *filterParser) fail(status int, format string, args ...any) test {
	if p.err == nil {
		p.status, p.err = status, fmt.Errorf(format, args...)
	}
	return func(func(string) any) bool { return false }
}

func (p *filterParser) parse(raw string) test {
	for rest := raw; strings.TrimSpace(rest) != ""; {
		m := filterWord.FindStringSubmatch(rest)
		if m == nil {
			return p.fail(400, "syntax error")
		}
		p.words = append(p.words, m[1])
		rest = rest[len(m[0]):]
	}
	t := p.or()
	if len(p.words) > 0 {
		return p.fail(400, "syntax error")
	}
	return t
}

func (p *filterParser) next() string {
	if len(p.words) == 0 {
		p.fail(400, "the expression ends too early")
		return ""
	}
	w := p.words[0]
	p.words = p.words[1:]
	return w
}

func (p *filterParser) skip(word string) bool {
	if len(p.words) > 0 && p.words[0] == word {
		p.words = p.words[1:]
		return true
	}
	return false
}

func (p *filterParser) or() test {
	t := p.and()
	for p.err == nil && p.skip("or") {
		left, right := t, p.and()
		t = func(row func(string) any) bool { return left(row) || right(row) }
	}
	return t
}

func (p *filterParser) and() test {
	t := p.term()
	for p.err == nil && p.skip("and") {
		left, right := t, p.term()
		t = func(row func(string) any) bool { return left(row) && right(row) }
	}
	return t
}

func (p *filterParser) term() test {
	if p.skip("(") {
		t := p.or()
		if !p.skip(")") {
			return p.fail(400, "a parenthesis is not closed")
		}
		return t
	}
	name := p.next()
	if name == "contains" && p.skip("(") {
		return p.contains()
	}
	op := p.next()
	switch op {
	case "in":
		return p.fail(http.StatusInternalServerError, "the operator in does not work")
	case "eq", "ne", "lt", "gt", "le", "ge":
	default:
		return p.fail(400, "no operator where one has to be")
	}
	return p.compare(name, op, p.next())
}

func (p *filterParser) contains() test {
	name := p.next()
	comma := p.skip(",")
	literal, quoted := unquote(p.next())
	if !comma || !quoted || !p.skip(")") {
		return p.fail(400, "contains takes a property and a text")
	}
	if !p.may(name, opContains) {
		return p.fail(400, "contains is not supported on %s", name)
	}
	return func(row func(string) any) bool {
		s, _ := row(name).(string)
		return strings.Contains(strings.ToLower(s), strings.ToLower(literal))
	}
}

// may checks a property and an operator. A property of which no operator is
// known leaves the list unfiltered.
func (p *filterParser) may(name string, op ops) bool {
	has, known := p.allowed(name)
	switch {
	case !known:
		p.fail(400, "there is no property %q", name)
		return false
	case has == 0:
		p.fail(400, "%s cannot be filtered", name)
		return false
	case has&opIgnored != 0:
		p.ignored = true
		return true
	}
	return has&op != 0
}

func (p *filterParser) compare(name, op, word string) test {
	need := map[string]ops{"eq": opEq, "ne": opNe, "lt": opLt, "gt": opLt}[op]
	if need == 0 || !p.may(name, need) {
		return p.fail(400, "%s is not supported on %s", op, name)
	}
	literal, quoted := unquote(word)
	if need == opLt {
		limit, err := time.Parse(time.RFC3339, word)
		if err != nil {
			return p.fail(400, "a moment is written like 2026-01-01T00:00:00Z, without quotes")
		}
		return func(row func(string) any) bool {
			s, _ := row(name).(string)
			at, err := time.Parse(time.RFC3339, s)
			return err == nil && at.Compare(limit) == map[string]int{"lt": -1, "gt": 1}[op]
		}
	}
	if !quoted && !slices.Contains([]string{"true", "false", "null"}, word) {
		return p.fail(400, "a text is written in single quotes")
	}
	return func(row func(string) any) bool {
		v := row(name)
		same := strings.EqualFold(fmt.Sprint(v), literal) || v == nil && word == "null"
		return same == (op == "eq")
	}
}

// unquote reads a literal in single quotes; a quote inside is doubled.
func unquote(word string) (string, bool) {
	if len(word) >= 2 && word[0] == '\'' {
		return strings.ReplaceAll(word[1:len(word)-1], "''", "'"), true
	}
	return word, false
}
