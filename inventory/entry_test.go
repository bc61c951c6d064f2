package inventory

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// What is stored comes back as it was, and the same gives the same bytes.
func TestEntryDataComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("ab\"\\\n\x00ü")))
		var all lefts
		for _, field := range rapid.SliceOfDistinct(text, rapid.ID).Draw(t, "fields") {
			l := left{Field: field, Value: text.Draw(t, "value"), At: rapid.Int64Range(1, 3).Draw(t, "at"), Rank: rapid.IntRange(0, 1).Draw(t, "rank")}
			if before := text.Draw(t, "before"); rapid.Bool().Draw(t, "replaced") {
				l.Before = &before
			}
			all = all.with(l)
		}
		want := append(lefts(nil), all...)
		record := mdm.Record{ID: text.Draw(t, "id"), Name: text.Draw(t, "name")}
		d := entryData{Print: text.Draw(t, "print"), Reasons: carried[match.Reason]{fresh: []match.Reason{{Code: match.CodeNoCandidate, Value: text.Draw(t, "reason")}}}}
		data, err := d.encodeWith(new(bytes.Buffer), all, &record)
		require.NoError(t, err)

		var read entryData
		require.NoError(t, read.decode(Entry{Data: data}))
		got, err := read.left()
		require.NoError(t, err)
		assert.Equal(t, want, got)
		stored, err := read.stored()
		require.NoError(t, err)
		assert.Equal(t, record, stored)
		reasons, err := read.Reasons.list()
		require.NoError(t, err)
		assert.Equal(t, d.Reasons.fresh, reasons)
		again, err := read.encode()
		require.NoError(t, err)
		assert.Equal(t, string(data), string(again))
		same, err := read.same(&read)
		require.NoError(t, err)
		assert.True(t, same)
	})
}

// Only what was read once more is let go.
func TestEntryDataShed(t *testing.T) {
	record := mdm.Record{ID: "1"}
	for name, c := range map[string]struct {
		data  entryData
		print string
		kept  bool
	}{
		"the same":              {entryData{Print: "p"}, "p", false},
		"another":               {entryData{Print: "p"}, "q", true},
		"not listed":            {entryData{Print: "p"}, "", true},
		"never read":            {entryData{}, "", true},
		"more than was read":    {entryData{Print: "p", More: true}, "p", true},
		"forgotten, and listed": {entryData{Forgot: true}, "p", true},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := c.data.encodeWith(new(bytes.Buffer), lefts{{Field: "f", At: 1}}, &record)
			require.NoError(t, err)
			var d entryData
			require.NoError(t, d.decode(Entry{Data: data}))
			d.shed(c.print)
			clear(data)
			stored, err := d.stored()
			require.NoError(t, err)
			assert.Equal(t, c.kept, stored.ID == "1")
			all, err := d.left()
			require.NoError(t, err)
			assert.Len(t, all, 1)
		})
	}
}
