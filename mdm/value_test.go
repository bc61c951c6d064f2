package mdm_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
)

// answered is a device that keeps the vendor's answer.
type answered struct {
	mdm.Device
	raw string
}

func (a answered) Raw() []byte { return []byte(a.raw) }

// veiled wraps a device.
type veiled struct{ mdm.Device }

func (v veiled) Unwrap() mdm.Device { return v.Device }

func reported(text string) mdm.AttributeValue {
	return mdm.AttributeValue{State: mdm.Reported, Text: text}
}

var (
	blank       = mdm.AttributeValue{State: mdm.Blank}
	notReported = mdm.AttributeValue{}
)

//mdm:feature 1.20
func TestValueRaw(t *testing.T) {
	d := answered{mdm.Record{}, `{
		"name": "iPad <3", "empty": "", "nothing": null, "yes": true, "no": false, "zero": 0,
		"big": 12345678901234567890123, "exact": 1.10, "huge": 1e400,
		"list": ["a", {"b": "c"}, [1, 2]], "object": {"k": [1, null], "": "no name"},
		"a/b": "slash", "m~n": "tilde", "~1": "both", "ü": "umlaut", "0": "zero key"
	}`}
	for pointer, want := range map[string]mdm.AttributeValue{
		"/name":       reported("iPad <3"),
		"/empty":      blank,
		"/nothing":    blank,
		"/yes":        reported("yes"),
		"/no":         reported("no"),
		"/zero":       reported("0"),
		"/big":        reported("12345678901234567890123"),
		"/exact":      reported("1.10"),
		"/huge":       reported("1e400"),
		"/list/0":     reported("a"),
		"/list/1/b":   reported("c"),
		"/list/2":     reported("[1,2]"),
		"/list/2/1":   reported("2"),
		"/list/3":     notReported,
		"/list/-1":    notReported,
		"/list/-":     notReported,
		"/list/00":    notReported,
		"/list/+1":    notReported,
		"/list/b":     notReported,
		"/object":     reported(`{"":"no name","k":[1,null]}`),
		"/object/":    reported("no name"),
		"/object/k/1": blank,
		"/a~1b":       reported("slash"),
		"/m~0n":       reported("tilde"),
		"/~01":        reported("both"),
		"/ü":          reported("umlaut"),
		"/0":          reported("zero key"),
		"/missing":    notReported,
		"/name/x":     notReported,
		"name":        notReported,
	} {
		t.Run("raw:"+pointer, func(t *testing.T) {
			key := mdm.Key(mdm.RawPrefix + pointer)
			assert.Equal(t, want, mdm.Value(d, key))
			assert.Equal(t, want, mdm.Value(veiled{d}, key), "through a wrapper")
		})
	}
	assert.Equal(t, mdm.Reported, mdm.Value(d, "raw:").State, "the whole answer")
}

func TestValueRawNotKept(t *testing.T) {
	for name, d := range map[string]mdm.Device{
		"no ability": mdm.Record{},
		"nothing":    answered{mdm.Record{}, ""},
		"broken":     answered{mdm.Record{}, `{"name": `},
		"limited":    mdm.Limit(answered{mdm.Record{}, `{"name":"x"}`}, mdm.Keys{mdm.KeySerial, "raw:/other"}),
	} {
		assert.Equal(t, notReported, mdm.Value(d, "raw:/name"), name)
	}
}

// TestValueRawLimited shows that what was asked for survives a limit, and
// being stored as a record.
func TestValueRawLimited(t *testing.T) {
	d := mdm.Limit(answered{mdm.Record{}, `{"name":"x","none":null,"secret":"s"}`}, mdm.Keys{"raw:/name", "raw:/none"})
	text, err := json.Marshal(d.Record())
	require.NoError(t, err)
	assert.NotContains(t, string(text), "secret")
	var stored mdm.Record
	require.NoError(t, json.Unmarshal(text, &stored))
	for _, d := range []mdm.Device{d, d.Record(), stored, mdm.Limit(stored, mdm.Keys{"raw:/name", "raw:/none"})} {
		assert.Equal(t, mdm.AttributeValue{State: mdm.Reported, Text: "x"}, mdm.Value(d, "raw:/name"))
		assert.Equal(t, mdm.AttributeValue{State: mdm.Blank}, mdm.Value(d, "raw:/none"))
		assert.Equal(t, notReported, mdm.Value(d, "raw:/secret"))
	}
}

func TestValueCustom(t *testing.T) {
	r := mdm.Record{
		Custom: map[string]string{"shelf": "3", "key.with.dots": "x", "empty": ""},
		Blank:  mdm.Keys{"custom.gone"},
	}
	for key, want := range map[mdm.Key]mdm.AttributeValue{
		"custom.shelf":         reported("3"),
		"custom.key.with.dots": reported("x"),
		"custom.empty":         blank,
		"custom.gone":          blank,
		"custom.never":         notReported,
		"custom.":              notReported,
		"custom":               notReported,
		"shelf":                notReported,
	} {
		assert.Equal(t, want, mdm.Value(r, key), key)
	}
}

// TestValueBlank shows that having no value and not being told are different.
//
//mdm:feature 4.48
func TestValueBlank(t *testing.T) {
	r := mdm.Record{Blank: mdm.Keys{mdm.KeyUserName, mdm.KeySIMPhone, mdm.KeySerial}, Serial: "C02"}
	assert.Equal(t, blank, mdm.Value(r, mdm.KeyUserName))
	assert.Equal(t, blank, mdm.Value(r, mdm.KeySIMPhone))
	assert.Equal(t, notReported, mdm.Value(r, mdm.KeyUserEmail))
	assert.Equal(t, reported("C02"), mdm.Value(r, mdm.KeySerial), "a value outweighs Blank")
}

func TestAttributeValueLines(t *testing.T) {
	r := mdm.Record{IMEIs: []string{"1", "", "2"}}
	assert.Equal(t, []string{"1", "2"}, mdm.Value(r, mdm.KeyIMEI).Lines())
	assert.Nil(t, notReported.Lines())
}
