package mdm_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
)

//mdm:feature 1.20
func TestCatalogue(t *testing.T) {
	all := mdm.Catalogue()
	shape := regexp.MustCompile(`^[a-z]+([._][a-z]+)*$`)
	keys := map[mdm.Key]bool{}
	labels := map[mdm.Text]bool{}
	for _, a := range all {
		t.Run(string(a.Key), func(t *testing.T) {
			assert.Regexp(t, shape, string(a.Key))
			assert.False(t, keys[a.Key], "the key repeats")
			assert.False(t, labels[a.Label], "the label repeats")
			keys[a.Key], labels[a.Label] = true, true
			assert.NotEmpty(t, a.Label.EN)
			assert.NotEmpty(t, a.Label.DE)
			assert.NotEmpty(t, a.About)
			assert.NotEmpty(t, a.Type.String())
			assert.Empty(t, mdm.Keys{a.Key}.Unknown())

			found, ok := mdm.Lookup(a.Key)
			require.True(t, ok)
			assert.Equal(t, a.Label, found.Label)
			assert.Equal(t, mdm.NotReported, a.Value(&mdm.Record{}).State)
			assert.Equal(t, mdm.Blank, a.Value(&mdm.Record{Blank: mdm.Keys{a.Key}}).State)
			full := filled()
			assert.Equal(t, mdm.Reported, a.Value(&full).State)
			assert.Equal(t, mdm.Value(full, a.Key), a.Value(&full))
			if !a.List {
				assert.Len(t, a.Value(&full).Lines(), 1)
			}
		})
	}
	all[0].Key = "changed"
	assert.NotEqual(t, all[0].Key, mdm.Catalogue()[0].Key, "the caller owns the slice")
}

func TestCatalogueTypes(t *testing.T) {
	full := filled()
	for _, a := range mdm.Catalogue() {
		shape := map[mdm.Type]string{
			mdm.TypeFlag: `^(yes|no)$`, mdm.TypeTime: `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`,
			mdm.TypeBytes: `^\d+$`, mdm.TypePercent: `^\d{1,3}$`, mdm.TypeText: `.`, mdm.TypeURL: `.`,
		}[a.Type]
		assert.Regexp(t, shape, a.Value(&full).Text, a.Key)
	}
}

func TestCatalogueVolatile(t *testing.T) {
	var volatile, writable mdm.Keys
	for _, a := range mdm.Catalogue() {
		if a.Volatile {
			volatile = append(volatile, a.Key)
		}
		if a.Writable {
			writable = append(writable, a.Key)
		}
	}
	assert.ElementsMatch(t, mdm.Keys{mdm.KeyIP, mdm.KeySIMCarrier, mdm.KeyMemoryFree, mdm.KeyStorageFree,
		mdm.KeyExternalFree, mdm.KeyBattery, mdm.KeyLastSeen}, volatile)
	assert.ElementsMatch(t, mdm.Keys{mdm.KeyAssetTag, mdm.KeyNotes}, writable)
}

// TestCatalogueReach shows that no field of a Record is out of a host's
// reach: each alone gives some attribute a value.
func TestCatalogueReach(t *testing.T) {
	unreachable := map[string]string{
		"Origin.Address": "identity, always kept",
		"Origin.Tenant":  "identity, always kept",
		"ID":             "identity, always kept",
		"LinkTarget":     "says how to read the link, kept with it",
		"Blank":          "says how to read the others",
	}
	probe := filled()
	leaves(reflect.ValueOf(&probe).Elem(), "", func(path string, _ reflect.Value) {
		if unreachable[path] != "" {
			return
		}
		var r mdm.Record
		leaves(reflect.ValueOf(&r).Elem(), "", func(at string, leaf reflect.Value) {
			if at == path {
				fill(at, leaf)
			}
		})
		keys := mdm.Keys{mdm.CustomKey("Custom")}
		for _, a := range mdm.Catalogue() {
			keys = append(keys, a.Key)
		}
		assert.True(t, slices.ContainsFunc(keys, func(key mdm.Key) bool {
			return mdm.Value(r, key).State == mdm.Reported
		}), "no attribute reads %s", path)
	})
}

func TestTextIn(t *testing.T) {
	both := mdm.Text{EN: "Room", DE: "Raum"}
	for tag, want := range map[string]string{"de": "Raum", "de-CH": "Raum", "DE": "Raum", "en": "Room", "fr": "Room", "": "Room", "den": "Room"} {
		assert.Equal(t, want, both.In(tag), tag)
	}
	assert.Equal(t, "Room", mdm.Text{EN: "Room"}.In("de"))
}

func TestLookupUnknown(t *testing.T) {
	for _, key := range []mdm.Key{"", "colour.code", mdm.KeyCustom, "custom.shelf", "raw:/a"} {
		_, ok := mdm.Lookup(key)
		assert.False(t, ok, key)
	}
}

func TestKeys(t *testing.T) {
	keys := mdm.Keys{mdm.KeyName, mdm.KeySerial}
	assert.True(t, keys.Has(mdm.KeySerial))
	assert.False(t, keys.Has(mdm.KeyMAC))
	assert.True(t, keys.HasAny(mdm.KeyMAC, mdm.KeyName))
	assert.False(t, keys.HasAny())

	spare := make(mdm.Keys, 2, 10)
	copy(spare, keys)
	assert.Equal(t, mdm.Keys{mdm.KeyMAC, mdm.KeyName, mdm.KeySerial}, spare.With(mdm.KeySerial, mdm.KeyMAC))
	assert.Equal(t, keys, spare, "the receiver is as it was")
	assert.Empty(t, spare[:3][2], "and so is what lies behind it")
}

func TestKeysUnknown(t *testing.T) {
	good := mdm.Keys{mdm.KeySerial, mdm.KeyCustom, mdm.CustomKey("shelf"), "custom.a.b c", "raw:", "raw:/a/0"}
	bad := mdm.Keys{"serial_number", "custom.", "raw:a", "", "Serial"}
	assert.Empty(t, good.Unknown())
	assert.Equal(t, bad, slices.Concat(good, bad).Unknown())
	assert.True(t, strings.HasPrefix(string(mdm.CustomKey("x")), mdm.CustomPrefix))
}
