package json_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestText(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]json.Text{
		`"a b"`:                 {"a b", true},
		`12.50`:                 {"12.50", true},
		`true`:                  {"true", true},
		`null`:                  {"", true},
		`""`:                    {"", true},
		`{"value":"iPad"}`:      {"iPad", true},
		`{"name":"iPad","x":1}`: {"iPad", true},
		`{"value":{"a":1}}`:     {},
		`{}`:                    {},
		`[]`:                    {},
		`["one"]`:               {"one", true},
		`["one","two"]`:         {},
		`[["one"]]`:             {},
		`"\ud800"`:              {"\uFFFD", true},
		`{"date":"2026-01-02","timezone_type":3}`: {"2026-01-02", true},
	} {
		var got json.Text
		require.NoError(t, json.Unmarshal([]byte(input), &got), input)
		assert.Equal(t, want, got, input)
	}
	var absent struct {
		Text json.Text `json:"text"`
	}
	require.NoError(t, json.Unmarshal([]byte(`{"other":1}`), &absent))
	assert.False(t, absent.Text.Present)
}

func TestInt(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]json.Int{
		`7`: {7, true}, `"7"`: {7, true}, `7.0`: {7, true}, `"7.0"`: {7, true}, `7.5`: {}, `true`: {1, true}, `false`: {0, true},
		`null`: {}, `""`: {}, `"x"`: {}, `[]`: {}, `{}`: {}, `6444049874`: {6444049874, true}, `1e3`: {1000, true},
		`9223372036854775807`: {9223372036854775807, true}, `1e300`: {}, `-3`: {-3, true}, `{"value":4}`: {4, true},
	} {
		got := json.Int{N: 99, Present: true}
		require.NoError(t, json.Unmarshal([]byte(input), &got), input)
		assert.Equal(t, want, got, input)
	}
}

func TestFloat(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]json.Float{
		`0.988`: {0.988, true}, `"25.6946"`: {25.6946, true}, `1`: {1, true}, `null`: {}, `""`: {}, `"NaN"`: {}, `"Inf"`: {}, `true`: {}, `[1]`: {1, true},
	} {
		got := json.Float{N: 99, Present: true}
		require.NoError(t, json.Unmarshal([]byte(input), &got), input)
		assert.Equal(t, want, got, input)
	}
}

func TestBool(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]json.Bool{
		`true`: {true, true}, `false`: {false, true}, `1`: {true, true}, `0`: {false, true}, `"1"`: {true, true}, `"0"`: {false, true},
		`"true"`: {true, true}, `"false"`: {false, true}, `""`: {}, `null`: {}, `"[redacted]"`: {}, `3`: {true, true}, `{}`: {},
	} {
		got := json.Bool{Yes: true, Present: true}
		require.NoError(t, json.Unmarshal([]byte(input), &got), input)
		assert.Equal(t, want, got, input)
	}
}

func TestObjectAndList(t *testing.T) {
	t.Parallel()
	type thing struct {
		Name json.Text `json:"name"`
	}
	for input, want := range map[string]bool{
		`{"name":"x"}`: true, `[{"name":"x"}]`: true, `[]`: false, `null`: false, `"x"`: false, `[{"name":"x"},{"name":"y"}]`: false, `[1]`: false,
	} {
		var got json.Object[thing]
		require.NoError(t, json.Unmarshal([]byte(input), &got), input)
		assert.Equal(t, want, got.Present, input)
		if want {
			assert.Equal(t, "x", got.Of.Name.Text, input)
		}
	}
	for input, want := range map[string][]string{
		`["a","b"]`: {"a", "b"}, `{"0":"a","7":"b"}`: {"a", "b"}, `[]`: nil, `{}`: nil, `null`: nil, `7`: nil, `["a",{"x":1},"b"]`: {"a", "b"},
	} {
		var got json.List[json.Text]
		require.NoError(t, json.Unmarshal([]byte(input), &got), input)
		assert.Equal(t, want, json.Texts(got), input)
		assert.Equal(t, input != `null` && input != `7`, got.Present, input)
	}
	var objects json.List[thing]
	require.NoError(t, json.Unmarshal([]byte(`[{"name":"a"},"junk",{"name":"b"}]`), &objects))
	assert.Len(t, objects.Of, 2, "an element that makes no sense is left out")
}

func TestStream(t *testing.T) {
	t.Parallel()
	read := func(input string) (elements, members []string, found bool, err error) {
		s := json.Stream{
			Array:   func(name string) bool { return name == "list" },
			Element: func(v json.Value) error { elements = append(elements, string(v)); return nil },
			Member:  func(name string, v json.Value) error { members = append(members, name+"="+string(v)); return nil },
		}
		found, err = s.Read(strings.NewReader(input))
		return elements, members, found, err
	}
	t.Run("array between members", func(t *testing.T) {
		elements, members, found, err := read(`{"code":200,"list":[{"a":1},2,"x"],"count":3}`)
		require.NoError(t, err)
		assert.True(t, found)
		assert.Equal(t, []string{`{"a":1}`, "2", `"x"`}, elements)
		assert.Equal(t, []string{"code=200", "count=3"}, members)
	})
	t.Run("array with gaps", func(t *testing.T) {
		elements, _, found, err := read(`{"list":{"0":1,"5":2}}`)
		require.NoError(t, err)
		assert.True(t, found)
		assert.Equal(t, []string{"1", "2"}, elements)
	})
	t.Run("null and nothing", func(t *testing.T) {
		_, _, found, err := read(`{"list":null}`)
		require.NoError(t, err)
		assert.True(t, found)
		_, _, found, err = read(`{"code":1}`)
		require.NoError(t, err)
		assert.False(t, found)
	})
	for name, input := range map[string]string{
		"broken off": `{"list":[{"a":1},{"a`, "broken off between": `{"list":[1,`, "empty": ``, "not an object": `[1]`, "not an array": `{"list":7}`, "not json": `<html>`,
	} {
		t.Run(name, func(t *testing.T) {
			_, _, _, err := read(input)
			require.Error(t, err)
			if strings.HasPrefix(name, "broken off") || name == "empty" {
				assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
			}
		})
	}
	t.Run("own error", func(t *testing.T) {
		own := errors.New("enough")
		s := json.Stream{Array: func(string) bool { return true }, Element: func(json.Value) error { return own }}
		_, err := s.Read(strings.NewReader(`{"list":[1,2]}`))
		assert.Equal(t, own, err)
	})
	t.Run("error of the reader", func(t *testing.T) {
		own := errors.New("cut")
		s := json.Stream{Array: func(string) bool { return true }, Element: func(json.Value) error { return nil }}
		_, err := s.Read(io.MultiReader(strings.NewReader(`{"list":[1,`), errReader{own}))
		assert.ErrorIs(t, err, own)
		assert.False(t, json.IsSyntax(err))
	})
	t.Run("element too large", func(t *testing.T) {
		s := json.Stream{Array: func(string) bool { return true }, Element: func(json.Value) error { return nil }, MaxElement: 1 << 16}
		_, err := s.Read(io.MultiReader(strings.NewReader(`{"list":["`), endless{}))
		assert.ErrorIs(t, err, json.ErrTooLarge)
		_, err = s.Read(strings.NewReader(`{"list":[` + strings.Repeat(`"`+strings.Repeat("x", 1000)+`",`, 1000) + `1]}`))
		assert.NoError(t, err, "many small elements are fine")
	})
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestRedact(t *testing.T) {
	t.Parallel()
	got := json.Redact([]byte(`{"name":"x","unlockToken":"s1","deep":[{"activationLockBypassCode":"s2","hasPasscode":true,"passcode":"s3"}],"Recovery_Key":{"a":"s4"},"passcodeCompliant":1}`))
	assert.JSONEq(t, `{"name":"x","deep":[{"hasPasscode":true}],"passcodeCompliant":1}`, string(got))
	assert.Nil(t, json.Redact([]byte(`{"name":`)))
	assert.Equal(t, `"text"`, string(json.Redact([]byte(`"text"`))))
}

func FuzzStream(f *testing.F) {
	f.Add(`{"code":200,"list":[{"a":1},2],"count":3}`)
	f.Add(`{"list":{"0":[[["x"]]]}}`)
	f.Fuzz(func(t *testing.T, input string) {
		s := json.Stream{
			Array:   func(name string) bool { return name == "list" },
			Element: func(v json.Value) error { return lenient(v) },
			Member:  func(_ string, v json.Value) error { return lenient(v) },
		}
		_, _ = s.Read(strings.NewReader(input))
		json.Redact([]byte(input))
	})
}

// lenient reads a value as everything it may be; none of it may fail.
func lenient(v json.Value) error {
	return errors.Join(json.Unmarshal(v, &json.Text{}), json.Unmarshal(v, &json.Int{}), json.Unmarshal(v, &json.Float{}),
		json.Unmarshal(v, &json.Bool{}), json.Unmarshal(v, &json.List[json.Text]{}), json.Unmarshal(v, &json.Object[struct{ Name json.Text }]{}))
}
