package ident

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// verdict is what an entry says about its values.
type verdict struct {
	quality Quality
	reasons Reasons
	traits  Traits
}

// join combines the verdicts of two entries.
func (v verdict) join(other verdict) verdict {
	return verdict{min(v.quality, other.quality), v.reasons | other.reasons, v.traits | other.traits}
}

func (e Entry) verdict() (verdict, error) {
	v := verdict{e.Quality, e.Reasons, e.Traits}
	if e.empty() {
		return v, errors.New("names nothing; give it values, prefixes, contains or patterns")
	}
	switch {
	case v.quality == Strong && v.reasons != 0:
		return v, fmt.Errorf("quality strong has no reasons; remove %s", v.reasons)
	case v.quality == Strong && v.traits == 0:
		return v, errors.New("quality strong without traits says nothing; to protect values list them in allow")
	case v.quality == Absent:
		v.quality = Junk
	}
	if v.quality < Strong && v.reasons == 0 {
		v.reasons = ReasonListed
	}
	return v, nil
}

func (e Entry) allowed() (verdict, error) {
	switch {
	case e.empty():
		return verdict{}, errors.New("names nothing; give it values, prefixes, contains or patterns")
	case e.Quality != Absent, e.Reasons != 0, e.Traits != 0:
		return verdict{}, errors.New("an allowed value has no quality, reasons or traits; remove them")
	}
	return verdict{quality: Strong}, nil
}

func (e Entry) empty() bool {
	return len(e.Values)+len(e.Prefixes)+len(e.Contains)+len(e.Patterns) == 0
}

// list holds the entries of one kind. The zero list is empty.
type list struct {
	values   map[string]verdict // by key
	prefixes []affix
	contains []affix
	patterns []pattern
}

type affix struct {
	text string
	verdict
}

// pattern is a regular expression together with the text that each of its
// matches begins with; most values differ there already.
type pattern struct {
	prefix string
	whole  *regexp.Regexp
	verdict
}

func compilePattern(expr string, v verdict) (pattern, error) {
	free, err := regexp.Compile(expr)
	if err != nil {
		return pattern{}, fmt.Errorf("pattern %q: correct it: %w", expr, err)
	}
	whole, err := regexp.Compile(`^(?:` + expr + `)$`)
	if err != nil {
		return pattern{}, fmt.Errorf("pattern %q: simplify it: %w", expr, err)
	}
	prefix, _ := free.LiteralPrefix()
	return pattern{prefix, whole, v}, nil
}

func (p *pattern) matches(form string) bool {
	return strings.HasPrefix(form, p.prefix) && p.whole.MatchString(form)
}

// adder returns a function that compiles entries into l. The first function
// turns a value into its key, "" if it has none; the second brings a part of a
// value into the canonical form.
func adder(l *list, key, part func(string) string) func(Entry, verdict) error {
	return func(e Entry, v verdict) error {
		for _, value := range e.Values {
			k := key(value)
			if k == "" {
				return fmt.Errorf("value %q cannot be read as one; correct or remove it", value)
			}
			l.addValue(k, v)
		}
		for _, text := range e.Prefixes {
			l.prefixes = append(l.prefixes, affix{part(text), v})
		}
		for _, text := range e.Contains {
			l.contains = append(l.contains, affix{part(text), v})
		}
		if slicesHasEmpty(e.Prefixes) || slicesHasEmpty(e.Contains) {
			return errors.New("an empty text is part of every value; remove it")
		}
		return l.addPatterns(e.Patterns, v)
	}
}

func slicesHasEmpty(texts []string) bool {
	for _, text := range texts {
		if strings.TrimSpace(text) == "" {
			return true
		}
	}
	return false
}

func (l *list) addValue(key string, v verdict) {
	if l.values == nil {
		l.values = make(map[string]verdict)
	}
	if old, ok := l.values[key]; ok {
		v = v.join(old)
	}
	l.values[key] = v
}

func (l *list) addPatterns(exprs []string, v verdict) error {
	for _, expr := range exprs {
		p, err := compilePattern(expr, v)
		if err != nil {
			return err
		}
		l.patterns = append(l.patterns, p)
	}
	return nil
}

// find joins the verdicts of all entries that name a value.
func (l *list) find(key, form string) (verdict, bool) {
	v, found := l.values[key]
	if !found {
		v.quality = Strong
	}
	for i := range l.prefixes {
		if strings.HasPrefix(form, l.prefixes[i].text) {
			v, found = v.join(l.prefixes[i].verdict), true
		}
	}
	for i := range l.contains {
		if strings.Contains(form, l.contains[i].text) {
			v, found = v.join(l.contains[i].verdict), true
		}
	}
	for i := range l.patterns {
		if l.patterns[i].matches(form) {
			v, found = v.join(l.patterns[i].verdict), true
		}
	}
	return v, found
}
