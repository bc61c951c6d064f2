package match_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/match"
)

func TestDefaultPolicy(t *testing.T) {
	p := match.Default()
	require.NoError(t, p.Validate())
	require.NoError(t, match.Policy{}.Validate())
	data, err := json.Marshal(p)
	require.NoError(t, err)
	again, err := match.ParsePolicy(data)
	require.NoError(t, err)
	assert.Equal(t, p, again)
	assert.Equal(t, match.Default(), match.New(match.Input{}).Policy())

	p.Ladder[0].Apple = match.Off
	p.Weights[match.FieldName] = match.Weight{}
	assert.NotEqual(t, p, match.Default(), "every Default is another one")
}

func TestParsePolicy(t *testing.T) {
	p, err := match.ParsePolicy([]byte(`{"version":"school/2","serials":"all","ladder":[{"rung":"serial","apple":"auto"}],"weights":{"user":{"m":0.4,"u":0.001}}}`))
	require.NoError(t, err)
	assert.Equal(t, match.TrustAll, p.Serials)
	assert.Equal(t, []match.RungPolicy{{Rung: match.RungSerial, Apple: match.Auto}}, p.Ladder)
	assert.Equal(t, match.Weight{M: 0.4, U: 0.001}, p.Weights[match.FieldUser])
	assert.Equal(t, match.Default().Weights[match.FieldSerial], p.Weights[match.FieldSerial])
	assert.Equal(t, 24, p.CollapseHours)

	for text, want := range map[string]string{
		`{"version":"x","serial":"all"}`:                                `"serial"`,
		`{"version":"x","ladder":[{"rung":"serial","windows":"auto"}]}`: `"windows"`,
		`{"version":"x","ladder":[{"rung":"magic"}]}`:                   `"magic"`,
		`{"version":"x","ladder":[{"rung":"name","apple":"always"}]}`:   `"always"`,
		`{"version":"x","serials":"some"}`:                              `"some"`,
		`{"version":"x","weights":{"shoe":{"m":0.5,"u":0.1}}}`:          `"shoe"`,
		`{"version":"x","weights":{"name":{"m":0.1,"u":0.5}}}`:          "name",
		`{"version":"x","ladder":[{"rung":"name"},{"rung":"name"}]}`:    "twice",
		`{"version":"x","ladder":[{}]}`:                                 "unknown rung",
		`{"version":"x","collapse_hours":-1}`:                           "collapse_hours",
		`{"version":"x","candidates":0}`:                                "candidates",
		`{}`:                                                            "version",
		`{"version":"x"} {}`:                                            "follows",
		`[]`:                                                            "policy",
		``:                                                              "policy",
	} {
		_, err := match.ParsePolicy([]byte(text))
		assert.ErrorContains(t, err, want, text)
	}
}

// A policy that cannot be used links nothing by rules.
func TestRunInvalidPolicy(t *testing.T) {
	in := match.Input{Devices: []match.Device{ipad("d", "DMPX7K2LQ1GC")}, Assets: []match.Asset{asset("a", "DMPX7K2LQ1GC")},
		Policy: match.Policy{Version: "x", Candidates: 10, Ladder: []match.RungPolicy{{Rung: 200, Apple: match.Auto}}}}
	assert.Error(t, in.Policy.Validate())
	assert.Equal(t, match.Unmatched, only(t, in).Kind)
}

func FuzzParsePolicy(f *testing.F) {
	data, _ := json.Marshal(match.Default())
	f.Add(data)
	f.Add([]byte(`{"version":"x","ladder":[{"rung":"serial","apple":"auto"}]}`))
	f.Add([]byte(`{"version":"x","weights":{"user":{"m":0.4,"u":1e-9}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := match.ParsePolicy(data)
		if err != nil {
			return
		}
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		written, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := match.ParsePolicy(written)
		if err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		if a, _ := json.Marshal(again); string(a) != string(written) {
			t.Fatalf("%s became %s", written, a)
		}
		in := match.Input{Devices: []match.Device{{ID: "d", Serial: "DMPX7K2LQ1GC", Apple: true}}, Assets: []match.Asset{{ID: "a", Serial: "DMPX7K2LQ1GC"}}, Policy: p}
		for range match.Run(in) {
		}
	})
}

// Every word of an enumeration reads back as itself, and nothing else does.
func TestEnumTexts(t *testing.T) {
	check(t, match.Kinds())
	check(t, match.Rungs())
	check(t, match.Fields())
	check(t, match.States())
	check(t, match.Codes())
	check(t, match.DecisionKinds())
	check(t, []match.Mode{match.Off, match.Suggest, match.Auto})
	check(t, []match.Trust{match.TrustNone, match.TrustApple, match.TrustAll})
	var c match.Class
	for _, want := range match.Classes() {
		require.NoError(t, c.UnmarshalText([]byte(want.String())))
		assert.Equal(t, want, c)
	}
	require.NoError(t, c.UnmarshalText([]byte("toaster")))
	assert.Equal(t, match.ClassUnknown, c, "a class of a later version is unknown")
}

func check[T comparable, P interface {
	*T
	MarshalText() ([]byte, error)
	UnmarshalText([]byte) error
	String() string
}](t *testing.T, all []T) {
	t.Helper()
	seen := map[string]bool{}
	for _, v := range all {
		text, err := P(&v).MarshalText()
		require.NoError(t, err)
		assert.NotEmpty(t, text)
		assert.Equal(t, string(text), P(&v).String())
		assert.False(t, seen[string(text)], "%s occurs twice", text)
		seen[string(text)] = true
		var again T
		require.NoError(t, P(&again).UnmarshalText(text))
		assert.Equal(t, v, again)
		assert.Error(t, P(&again).UnmarshalText([]byte("no such word")))
	}
}
