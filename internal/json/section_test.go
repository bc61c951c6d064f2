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

type record struct {
	Name json.Text `json:"name"`
	Part json.Section[struct {
		Size json.Int `json:"size"`
	}] `json:"part"`
	Rows json.Rows[struct {
		ID json.Text `json:"id"`
	}] `json:"rows"`
}

func TestSection(t *testing.T) {
	t.Parallel()
	for input, want := range map[string]int64{`{"size":7,"other":[1]}`: 7, `{"size":"7"}`: 7, `{"size":{}}`: 0, `{}`: 0} {
		var r record
		require.NoError(t, json.Unmarshal([]byte(`{"part":`+input+`,"name":"a"}`), &r), input)
		assert.True(t, r.Part.Present, input)
		assert.Equal(t, want, r.Part.Of.Size.N, input)
		assert.Equal(t, "a", r.Name.Text, "what follows is read")
	}
	for _, input := range []string{`null`, `7`, `"x"`, `[]`, `[{"size":7},{}]`} {
		var r record
		require.NoError(t, json.Unmarshal([]byte(`{"part":`+input+`,"name":"a"}`), &r), input)
		assert.False(t, r.Part.Present, input)
		assert.Equal(t, "a", r.Name.Text)
	}
	var r record
	require.NoError(t, json.Unmarshal([]byte(`{"part":{"size":7,"size":8}}`), &r), "names may repeat")
	require.Error(t, json.Unmarshal([]byte(`{"part":{"size":7`), &r))
}

func TestRows(t *testing.T) {
	t.Parallel()
	var r record
	require.NoError(t, json.Unmarshal([]byte(`{"rows":[{"id":1},null,7,{"id":"2"},[]],"name":"a"}`), &r))
	require.Len(t, r.Rows.Of, 2)
	assert.Equal(t, "2", r.Rows.Of[1].ID.Text)
	assert.Equal(t, "a", r.Name.Text)
	for input, present := range map[string]bool{`[]`: true, `null`: false, `"x"`: false} {
		require.NoError(t, json.Unmarshal([]byte(`{"rows":`+input+`}`), &r))
		assert.Equal(t, present, r.Rows.Present, input)
		assert.Empty(t, r.Rows.Of)
	}
}

func TestFeed(t *testing.T) {
	t.Parallel()
	read := func(input string) (names []string, members int, found bool, err error) {
		f := json.Feed[record]{
			Array: func(name string) bool { return name == "list" },
			Row: func(r *record) error {
				if r == nil {
					names = append(names, "-")
				} else {
					names = append(names, r.Name.Text)
				}
				return nil
			},
			Member: func(string, json.Value) error { members++; return nil },
		}
		found, err = f.Read(strings.NewReader(input))
		return names, members, found, err
	}
	names, members, found, err := read(`{"count":3,"list":[{"name":"a","part":{"size":[]}},7,{"part":null},{"name":"b"}],"more":{}}`)
	require.NoError(t, err)
	assert.True(t, found)
	assert.Equal(t, []string{"a", "-", "", "b"}, names)
	assert.Equal(t, 2, members)
	_, _, found, err = read(`{"list":null}`)
	require.NoError(t, err)
	assert.True(t, found)
	_, _, found, err = read(`{}`)
	require.NoError(t, err)
	assert.False(t, found)
	for name, input := range map[string]string{"broken off": `{"list":[{"name":"a"},{"na`, "broken off between": `{"list":[{},`, "broken off inside": `{"list":[{"part":{"size":`,
		"empty": ``, "not an object": `[1]`, "not an array": `{"list":7}`, "not json": `<html>`} {
		_, _, _, err := read(input)
		require.Error(t, err, name)
		if strings.HasPrefix(name, "broken off") || name == "empty" {
			assert.ErrorIs(t, err, io.ErrUnexpectedEOF, name)
		}
		assert.True(t, json.IsSyntax(err) || strings.HasPrefix(name, "not an"), name)
	}
	own := errors.New("enough")
	f := json.Feed[record]{Array: func(string) bool { return true }, Row: func(*record) error { return own }}
	_, err = f.Read(strings.NewReader(`{"list":[{},{}]}`))
	assert.Equal(t, own, err)
	f.Row = func(*record) error { return nil }
	_, err = f.Read(io.MultiReader(strings.NewReader(`{"list":[{},`), errReader{own}))
	require.ErrorIs(t, err, own)
	assert.False(t, json.IsSyntax(err))
	_, err = f.Read(io.MultiReader(strings.NewReader(`{"list":[{"name":"`), endless{}))
	require.ErrorIs(t, err, json.ErrTooLarge)
}

func FuzzFeed(f *testing.F) {
	f.Add(`{"totalCount":2,"results":[{"id":"1","name":"a","part":{"size":1},"rows":[{"id":1}]},null]}`)
	f.Fuzz(func(t *testing.T, input string) {
		feed := json.Feed[record]{Array: func(name string) bool { return name == "results" }, Row: func(*record) error { return nil },
			Member: func(_ string, v json.Value) error { return lenient(v) }}
		_, err := feed.Read(strings.NewReader(input))
		stream := json.Stream{Array: feed.Array, Element: func(json.Value) error { return nil }}
		if _, other := stream.Read(strings.NewReader(input)); err == nil && other != nil {
			t.Errorf("%q is read as a feed, and not as a stream: %v", input, other)
		}
	})
}
