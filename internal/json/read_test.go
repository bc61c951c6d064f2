package json_test

import (
	"strconv"
	"strings"
	"testing"

	v2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type inner struct {
	City json.Text `json:"city"`
	Name json.Text `json:"name"`
}

type outer struct {
	inner
	Name   json.Text            `json:"name"`
	Plain  string               `json:"plain,omitempty"`
	Maps   map[string]json.Text `json:"maps"`
	Raw    json.Value           `json:"raw"`
	Hidden json.Text            `json:"-"`
	Bare   json.Int
	part   json.Text
}

func TestRead(t *testing.T) {
	t.Parallel()
	read := func(input string) outer {
		var got outer
		require.NoError(t, json.Unmarshal([]byte(input), &got), input)
		return got
	}
	got := read(" { \"name\" :\t\"a\\\"}b\" ,\r\n\"city\":\"Ulm\",\"plain\":\"p\",\"maps\":{\"k\":7},\"raw\": [1, {\"]\":2}] ,\"Bare\":3,\"-\":\"x\",\"part\":\"y\"} ")
	assert.Equal(t, `a"}b`, got.Name.Text, "the outer struct's own field")
	assert.Empty(t, got.inner.Name.Text)
	assert.Equal(t, "Ulm", got.City.Text, "of the embedded struct")
	assert.Equal(t, "p", got.Plain)
	assert.Equal(t, "7", got.Maps["k"].Text)
	assert.Equal(t, `[1, {"]":2}]`, string(got.Raw))
	assert.EqualValues(t, 3, got.Bare.N)
	assert.False(t, got.Hidden.Present || got.part.Present)

	assert.Equal(t, "b", read(`{"name":"a","na\u006de":"b"}`).Name.Text, "a name in escapes, and the last one counts")
	assert.Empty(t, read(`{"Name":"a"}`).Name.Text, "names are compared exactly")
	got = read(`{"plain":7,"maps":[],"name":"a"}`)
	assert.Equal(t, "a", got.Name.Text, "what does not fit loses its field only")
	assert.Empty(t, got.Plain)

	for _, input := range []string{`[]`, `null`, `7`, `"x"`, `{"name":"a"`, `{"name":"a"}}`, `{} {}`, ``, `{"name":}`} {
		err := json.Unmarshal([]byte(input), &got)
		require.Error(t, err, input)
		assert.True(t, json.IsSyntax(err), input)
	}
}

// FuzzRead compares the way this package walks through values with the JSON
// library's own.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{`{"a":"b\\","c":{"d":[1,"]",{}]}}`, ` [ "\"" , [ ] ] `, `{"":"","":null}`, `[-0.5e7,true]`, `"x"`, "{\"\xff\":1}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		lax := []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}
		var want []jsontext.Value
		if !jsontext.Value(input).IsValid(lax...) {
			return
		}
		if strings.HasPrefix(strings.TrimSpace(input), "[") {
			require.NoError(t, v2.Unmarshal([]byte(input), &want, lax[0], lax[1]))
		} else {
			dec := jsontext.NewDecoder(strings.NewReader(input), lax...)
			if token, _ := dec.ReadToken(); token.Kind() != '{' {
				return
			}
			for dec.PeekKind() != '}' {
				_, err := dec.ReadToken()
				require.NoError(t, err)
				value, err := dec.ReadValue()
				require.NoError(t, err)
				want = append(want, value.Clone())
			}
		}
		var got json.List[json.Value]
		require.NoError(t, json.Unmarshal([]byte(input), &got))
		require.Len(t, got.Of, len(want))
		for i := range want {
			assert.Equal(t, string(want[i]), string(got.Of[i]))
		}
	})
}

// BenchmarkRead reads records of many members, of which a third are wanted.
func BenchmarkRead(b *testing.B) {
	for _, n := range []int{10, 100} {
		var text strings.Builder
		for i := range n {
			text.WriteString(`,"member` + strconv.Itoa(i) + `":"value of it","size` + strconv.Itoa(i) + `":{"n":` + strconv.Itoa(i) + `,"ok":true}`)
		}
		input := []byte("{" + text.String()[1:] + "}")
		b.Run(strconv.Itoa(2*n), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(input)))
			for b.Loop() {
				var got struct {
					A json.Text `json:"member1"`
					B json.Text `json:"member5"`
					C json.Object[struct {
						N  json.Int  `json:"n"`
						OK json.Bool `json:"ok"`
					}] `json:"size7"`
				}
				if json.Unmarshal(input, &got) != nil || got.C.Of.N.N != 7 {
					b.Fatal(got)
				}
			}
		})
	}
}

func TestRestore(t *testing.T) {
	t.Parallel()
	type kept struct {
		Name  string `json:"name,omitzero"`
		Count int    `json:"count,omitzero"`
	}
	text, err := json.Marshal(kept{"a", 2})
	require.NoError(t, err)
	var got kept
	require.NoError(t, json.Restore(text, &got))
	assert.Equal(t, kept{"a", 2}, got)
	for _, damaged := range []string{`{"name":7}`, `{"count":"2"}`, `{`, `[]`} {
		require.Error(t, json.Restore([]byte(damaged), &got), damaged)
	}
}
