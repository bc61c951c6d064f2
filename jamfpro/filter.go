package jamfpro

import (
	"errors"
	"strings"
	"time"
)

// Filter is a condition on a list, in the server's language RSQL. It is made
// by the functions of this file, which quote each value, so that no value can
// change the condition. The zero Filter lets everything through.
type Filter struct {
	text string
	or   bool // has to stand in brackets behind a semicolon
	err  error
}

// String returns the filter in RSQL. It may hold personal data.
func (f Filter) String() string { return f.text }

// Err returns why the filter is not valid, or nil.
func (f Filter) Err() error { return f.err }

// Equal is true where a field has a value, whatever the case. Fields of
// computers have names such as "hardware.serialNumber", those of mobile devices
// such as "serialNumber".
//
// Source: reference/jamfpro.md 2.7
func Equal(field, value string) Filter { return compare(field, "==", value) }

// In is true where a field has one of the values. The server is known to take
// 200 of them.
func In(field string, values ...string) Filter {
	if len(values) == 0 {
		return Filter{err: errors.New("there are no values to compare with")}
	}
	quoted := make([]string, len(values))
	for i, v := range values {
		q, err := quote(v)
		if err != nil {
			return Filter{err: err}
		}
		quoted[i] = q
	}
	return on(field, "=in=("+strings.Join(quoted, ",")+")")
}

// Since is true where a time is not before at.
func Since(field string, at time.Time) Filter {
	return compare(field, "=ge=", at.UTC().Format("2006-01-02T15:04:05Z"))
}

// And is true where all filters are. The zero Filter is left out.
func And(filters ...Filter) Filter { return join(";", filters) }

// Or is true where one of the filters is. The zero Filter is left out.
func Or(filters ...Filter) Filter { return join(",", filters) }

// join uses the signs and not the words "and" and "or", which were seen to
// fail.
func join(sign string, filters []Filter) Filter {
	var texts []string
	all := Filter{}
	for _, f := range filters {
		if f.err != nil {
			return Filter{err: f.err}
		}
		if f.text == "" {
			continue
		}
		text := f.text
		if f.or && sign == ";" {
			text = "(" + text + ")"
		}
		texts = append(texts, text)
		all.or = all.or || f.or && sign == ","
	}
	all.text = strings.Join(texts, sign)
	all.or = all.or || sign == "," && len(texts) > 1
	return all
}

func compare(field, operator, value string) Filter {
	quoted, err := quote(value)
	if err != nil {
		return Filter{err: err}
	}
	return on(field, operator+quoted)
}

// on puts a field before a comparison.
func on(field, comparison string) Filter {
	odd := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '.'
	}
	if field == "" || strings.ContainsFunc(field, odd) {
		return Filter{err: errors.New("the name of a field is made of letters, digits and dots")}
	}
	return Filter{text: field + comparison}
}

var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `*`, `\*`)

// quote makes a value out of any text. An asterisk stands for itself.
func quote(value string) (string, error) {
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", errors.New("a value holds a control character")
	}
	return `"` + escapes.Replace(value) + `"`, nil
}
