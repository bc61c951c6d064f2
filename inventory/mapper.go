package inventory

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Mapper turns an attribute's text into a field's. It is pure: the same text
// and record give the same result. "" means that there is no value.
type Mapper func(text string, record mdm.Record) string

// TimeIn returns a mapper that shows a time in a zone, in a layout of package
// time; a layout of "" is "2006-01-02 15:04".
func TimeIn(zone *time.Location, layout string) Mapper {
	if layout == "" {
		layout = "2006-01-02 15:04"
	}
	return func(text string, _ mdm.Record) string {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return ""
		}
		return at.In(zone).Format(layout)
	}
}

// Gigabytes returns a mapper that shows an amount in bytes as gigabytes of
// 1000³ or gibibytes of 1024³ bytes, rounded to whole ones.
func Gigabytes(binary bool) Mapper {
	unit := 1e9
	if binary {
		unit = 1 << 30
	}
	return func(text string, _ mdm.Record) string {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return ""
		}
		return strconv.FormatFloat(float64(n)/unit, 'f', 0, 64)
	}
}

// OneOf returns a mapper that replaces texts. A text that is not in the table
// stays as it is.
func OneOf(table map[string]string) Mapper {
	return func(text string, _ mdm.Record) string {
		if replaced, ok := table[text]; ok {
			return replaced
		}
		return text
	}
}

// FirstLine is a mapper that keeps the first value of a list.
func FirstLine(text string, _ mdm.Record) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// Template returns a mapper that joins attributes, whose keys stand in braces:
// "{user.login}:{sim.phone}:{model}". Of a list the first value is taken. An
// attribute without a value leaves its place empty; if all do, there is no
// value. A key that is not in the catalogue is an error.
func Template(text string) (Mapper, error) {
	keys := templateKeys(text)
	if unknown := keys.Unknown(); len(unknown) > 0 || strings.Count(text, "{") != len(keys) {
		return nil, fmt.Errorf("inventory: template: what stands in braces is not an attribute")
	}
	return func(_ string, record mdm.Record) string {
		var b strings.Builder
		found := false
		rest := text
		for _, key := range keys {
			before, after, _ := strings.Cut(rest, "{")
			value := FirstLine(mdm.Value(record, key).Text, record)
			found = found || value != ""
			b.WriteString(before + value)
			_, rest, _ = strings.Cut(after, "}")
		}
		if !found && len(keys) > 0 {
			return ""
		}
		return b.String() + rest
	}, nil
}

// templateKeys are the attributes that a template names.
func templateKeys(text string) mdm.Keys {
	var keys mdm.Keys
	for {
		_, after, found := strings.Cut(text, "{")
		name, rest, closed := strings.Cut(after, "}")
		if !found || !closed {
			return keys
		}
		keys = append(keys, mdm.Key(name))
		text = rest
	}
}
