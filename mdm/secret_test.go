package mdm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
)

const hidden = "correct horse battery"

// verbs are all verbs of package fmt and some that it does not know.
const verbs = "vTtbcdoOqxXUeEfFgGspwzZ"

// printed returns v in every form that fmt has for it.
func printed(v any) map[string]string {
	all := map[string]string{}
	for _, flags := range []string{"", "+", "#", "-30", "030", " "} {
		for _, verb := range verbs {
			format := "%" + flags + string(verb)
			all[format] = fmt.Sprintf(format, v)
		}
	}
	return all
}

// logged returns v as both handlers of slog write it.
func logged(v any) map[string]string {
	var text, structured bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("message", "v", v)
	slog.New(slog.NewJSONHandler(&structured, nil)).Info("message", "v", v)
	return map[string]string{"text": text.String(), "json": structured.String()}
}

// holders are the ways in which a secret ends up inside another value.
func holders(s mdm.Secret) map[string]any {
	type exported struct{ Key mdm.Secret }
	type unexported struct {
		name string
		key  mdm.Secret
		ptr  *mdm.Secret
	}
	type nested struct{ inner unexported }
	return map[string]any{
		"value":            s,
		"pointer":          &s,
		"exported field":   exported{s},
		"unexported field": unexported{"x", s, &s},
		"behind a pointer": &unexported{"x", s, &s},
		"nested":           nested{unexported{"x", s, &s}},
		"map":              map[string]mdm.Secret{"key": s},
		"map of holders":   map[string]unexported{"key": {"x", s, &s}},
		"slice":            []mdm.Secret{s},
		"slice of any":     []any{s, &s, exported{s}},
		"values":           mdm.Values{Secrets: map[string]mdm.Secret{"key": s}},
		"command":          mdm.Lock{PIN: s},
	}
}

func TestSecretFormat(t *testing.T) {
	rotating := mdm.SecretFunc(func(context.Context) (string, error) { return hidden, nil })
	for _, s := range []mdm.Secret{mdm.NewSecret(hidden), rotating} {
		for name, holder := range holders(s) {
			t.Run(name, func(t *testing.T) {
				for how, text := range printed(holder) {
					assert.NotContains(t, text, hidden, how)
					assert.NotContains(t, text, fmt.Sprintf("%x", hidden), how)
				}
				for how, text := range logged(holder) {
					assert.NotContains(t, text, hidden, how)
				}
				if text, err := json.Marshal(holder); err == nil {
					assert.NotContains(t, string(text), hidden)
				}
			})
		}
	}
}

func TestSecretString(t *testing.T) {
	s := mdm.NewSecret(hidden)
	assert.Equal(t, "[redacted]", s.String())
	assert.Equal(t, "[redacted]", fmt.Sprintf("%s|", s)[:10])
	assert.Equal(t, "[redacted]", fmt.Sprintf("%#v", s))
	assert.Equal(t, "{Key:[redacted]}", fmt.Sprintf("%+v", struct{ Key mdm.Secret }{s}))
	assert.Contains(t, logged(s)["json"], `"v":"[redacted]"`)
	assert.Empty(t, mdm.Secret{}.String())
}

func TestSecretJSON(t *testing.T) {
	type config struct {
		Key mdm.Secret `json:"key,omitzero"`
	}
	text, err := json.Marshal(config{mdm.NewSecret(hidden)})
	require.NoError(t, err)
	assert.JSONEq(t, `{"key":"[redacted]"}`, string(text))

	text, err = json.Marshal(config{})
	require.NoError(t, err)
	assert.JSONEq(t, `{}`, string(text))

	var read config
	require.Error(t, json.Unmarshal([]byte(`{"key":"[redacted]"}`), &read))
	assert.True(t, read.Key.IsZero())

	require.NoError(t, json.Unmarshal([]byte(`{"key":"abc"}`), &read))
	value, err := read.Key.Reveal(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "abc", value)
}

func TestSecretReveal(t *testing.T) {
	t.Run("not set", func(t *testing.T) {
		for _, s := range []mdm.Secret{{}, mdm.NewSecret(""), mdm.SecretFunc(nil)} {
			assert.True(t, s.IsZero())
			_, err := s.Reveal(t.Context())
			assert.Error(t, err)
		}
	})
	t.Run("fixed", func(t *testing.T) {
		value, err := mdm.NewSecret(hidden).Reveal(t.Context())
		require.NoError(t, err)
		assert.Equal(t, hidden, value)
	})
	t.Run("rotates", func(t *testing.T) {
		values := []string{"first", "second", ""}
		s := mdm.SecretFunc(func(context.Context) (string, error) {
			value := values[0]
			values = values[1:]
			return value, nil
		})
		for _, want := range []string{"first", "second"} {
			value, err := s.Reveal(t.Context())
			require.NoError(t, err)
			assert.Equal(t, want, value)
		}
		_, err := s.Reveal(t.Context())
		assert.Error(t, err, "an empty value is none")
	})
	t.Run("gets the context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := mdm.SecretFunc(func(ctx context.Context) (string, error) { return "half", ctx.Err() })
		value, err := s.Reveal(ctx)
		assert.ErrorIs(t, err, context.Canceled)
		assert.Empty(t, value)
	})
	t.Run("fails", func(t *testing.T) {
		vault := errors.New("vault is sealed")
		_, err := mdm.SecretFunc(func(context.Context) (string, error) { return "", vault }).Reveal(t.Context())
		assert.ErrorIs(t, err, vault)
	})
}
