package relution

import (
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
)

// Filter narrows a list on the server. The zero Filter narrows nothing. A
// field is the path of a member, such as "serialNumber".
//
// Unverified: which fields can be filtered by, beyond platform, status,
// ownership, userUuid, name, deviceId and uuid; and that a text is compared
// with its case.
//
// Source: reference/relution.md 2.1
type Filter struct{ of map[string]any }

// Equal keeps what has exactly this text in a field.
func Equal(field, value string) Filter {
	return Filter{map[string]any{"type": "string", "fieldName": field, "value": value}}
}

// Contains keeps what has this text somewhere in a field.
func Contains(field, text string) Filter {
	return Filter{map[string]any{"type": "containsString", "fieldName": field, "contains": text}}
}

// OneOf keeps what has one of these values in a field. None of them keeps
// nothing.
func OneOf(field string, values ...string) Filter {
	if len(values) == 0 {
		return Filter{map[string]any{"type": "alwaysFalse"}}
	}
	return Filter{map[string]any{"type": "stringEnum", "fieldName": field, "values": values}}
}

// Is keeps what has this flag in a field.
func Is(field string, value bool) Filter {
	return Filter{map[string]any{"type": "boolean", "fieldName": field, "value": value}}
}

// Number keeps what has this number in a field.
func Number(field string, value int64) Filter {
	return Filter{map[string]any{"type": "long", "fieldName": field, "value": value}}
}

// Between keeps what has a moment from min to max in a field, both included. A
// zero time leaves that end open.
func Between(field string, min, max time.Time) Filter {
	f := map[string]any{"type": "dateRange", "fieldName": field, "equality": true}
	if !min.IsZero() {
		f["min"] = min.UnixMilli()
	}
	if !max.IsZero() {
		f["max"] = max.UnixMilli()
	}
	return Filter{f}
}

// Null keeps what has no value in a field, or with isNull false what has one.
func Null(field string, isNull bool) Filter {
	return Filter{map[string]any{"type": "null", "fieldName": field, "isNull": isNull}}
}

// And keeps what all filters keep; zero ones do not count.
func And(filters ...Filter) Filter { return join("AND", filters) }

// Or keeps what one of the filters keeps; zero ones do not count.
func Or(filters ...Filter) Filter { return join("OR", filters) }

// Not keeps what a filter does not keep. Not of the zero Filter is the zero
// Filter.
func Not(filter Filter) Filter {
	if filter.of == nil {
		return Filter{}
	}
	return Filter{map[string]any{"type": "logOp", "operation": "NOT", "filters": []any{filter.of}}}
}

func join(operation string, filters []Filter) Filter {
	var parts []any
	for _, f := range filters {
		if f.of != nil {
			parts = append(parts, f.of)
		}
	}
	switch len(parts) {
	case 0:
		return Filter{}
	case 1:
		return Filter{parts[0].(map[string]any)}
	}
	return Filter{map[string]any{"type": "logOp", "operation": operation, "filters": parts}}
}

// text returns the JSON of a filter, for a parameter; "" for the zero Filter.
func (f Filter) text() string {
	if f.of == nil {
		return ""
	}
	text, err := json.Marshal(f.of)
	if err != nil { // cannot happen: it holds texts, numbers and flags
		return ""
	}
	return string(text)
}
