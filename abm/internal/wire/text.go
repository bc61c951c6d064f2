package wire

import (
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
)

// Texts are the values of an attribute that holds one text in some versions of
// the API and an array of them in others.
type Texts struct {
	Of      []string // without empty ones
	Present bool     // the attribute was there, even if null or empty
}

// UnmarshalJSONFrom reads any JSON value.
//
// Source: reference/apple.md 8.2
func (t *Texts) UnmarshalJSONFrom(dec *json.Decoder) error {
	*t = Texts{Present: true}
	if dec.PeekKind() == '[' {
		var list json.List[json.Text]
		if err := list.UnmarshalJSONFrom(dec); err != nil {
			return err
		}
		for _, text := range list.Of {
			t.add(text)
		}
		return nil
	}
	var text json.Text
	if err := text.UnmarshalJSONFrom(dec); err != nil {
		return err
	}
	t.Present = text.Present
	t.add(text)
	return nil
}

func (t *Texts) add(text json.Text) {
	if value := strings.TrimSpace(text.Text); value != "" {
		t.Of = append(t.Of, value)
	}
}

// Time is a moment, with or without a fraction of a second.
type Time struct{ json.Text }

// At returns the moment in UTC. Zero is returned for null, "" and what is no
// time.
//
// Source: reference/apple.md 8.2
func (t Time) At() time.Time {
	text := strings.TrimSpace(t.Text.Text)
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil || at.UTC().Year() <= 1970 || at.UTC().Year() > 9999 {
		return time.Time{}
	}
	return at.UTC()
}
