package mdm_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/mdm"
)

// always stay, whatever is wanted.
var always = mdm.Keys{mdm.KeySource, mdm.KeyClass, mdm.KeyPlatform}

// implied are attributes that another brings along: an address cannot be told
// without the kind of its interface.
var implied = map[mdm.Key]mdm.Keys{
	mdm.KeyMAC:          {mdm.KeyMACWiFi, mdm.KeyMACEthernet, mdm.KeyAdapter},
	mdm.KeyMACWiFi:      {mdm.KeyMAC, mdm.KeyAdapter},
	mdm.KeyMACEthernet:  {mdm.KeyMAC, mdm.KeyAdapter},
	mdm.KeyMACBluetooth: {mdm.KeyAdapter},
	mdm.KeyIP:           {mdm.KeyAdapter},
}

//mdm:feature 2.2
func TestRecordOnly(t *testing.T) {
	full := filled()
	for _, a := range mdm.Catalogue() {
		t.Run(string(a.Key), func(t *testing.T) {
			only := full.Only(mdm.Keys{a.Key})
			assert.Equal(t, mdm.Value(full, a.Key), mdm.Value(only, a.Key))
			assert.Equal(t, full.Origin, only.Origin)
			assert.Equal(t, full.ID, only.ID)
			assert.Empty(t, only.Custom)
			for _, other := range mdm.Catalogue() {
				if other.Key == a.Key || always.Has(other.Key) || implied[a.Key].Has(other.Key) {
					continue
				}
				assert.NotEqual(t, mdm.Reported, mdm.Value(only, other.Key).State, other.Key)
			}
			if a.Key != mdm.KeyAdapter {
				assert.NotContains(t, mdm.Value(only, mdm.KeyAdapter).Text, "Adapter", "the kind is implied, the name is not")
			}
			assert.Equal(t, only, only.Only(mdm.Keys{a.Key, a.Key}), "limiting again changes nothing")
		})
	}
}

func TestRecordOnlyAll(t *testing.T) {
	all := mdm.Keys{mdm.KeyCustom}
	for _, a := range mdm.Catalogue() {
		all = append(all, a.Key)
	}
	assert.Equal(t, filled(), filled().Only(all))
	slices.Reverse(all)
	assert.Equal(t, filled(), filled().Only(all), "in any order")
}

func TestRecordOnlyNone(t *testing.T) {
	full := filled()
	want := mdm.Record{Origin: full.Origin, ID: full.ID, Class: full.Class, Platform: full.Platform}
	assert.Equal(t, want, full.Only(nil))
	assert.Equal(t, want, full.Only(mdm.Keys{"raw:/a", "no such key", "custom.never"}))
}

func TestRecordOnlyCustom(t *testing.T) {
	r := mdm.Record{Custom: map[string]string{"a": "1", "b": "2"}, Blank: mdm.Keys{"custom.c", "custom.d", mdm.KeyNotes}}
	assert.Equal(t, mdm.Record{Custom: map[string]string{"a": "1"}, Blank: mdm.Keys{"custom.c"}},
		r.Only(mdm.Keys{"custom.a", "custom.c", "custom.e"}))
	assert.Equal(t, mdm.Record{Custom: map[string]string{"a": "1", "b": "2"}, Blank: mdm.Keys{"custom.c", "custom.d"}},
		r.Only(mdm.Keys{mdm.KeyCustom}))
}

func TestRecordOnlyLink(t *testing.T) {
	only := mdm.Record{Link: "https://mdm.example/1", LinkTarget: mdm.LinkDevice}.Only(mdm.Keys{mdm.KeyLink})
	assert.Equal(t, mdm.LinkDevice, only.LinkTarget)
}

// TestRecordOnlyCopies shows that the copy shares no memory.
func TestRecordOnlyCopies(t *testing.T) {
	full := filled()
	only := full.Only(mdm.Keys{mdm.KeyIMEI, mdm.KeyGroups, mdm.KeyIP, mdm.KeyCustom, mdm.KeyNotes})
	leaves(reflect.ValueOf(&only).Elem(), "", func(_ string, leaf reflect.Value) {
		switch {
		case leaf.Kind() == reflect.Slice && leaf.Len() > 0:
			leaf.Index(0).SetString("changed")
		case leaf.Kind() == reflect.Map:
			leaf.SetMapIndex(reflect.ValueOf("Custom"), reflect.ValueOf("changed"))
		}
	})
	assert.Equal(t, filled(), full)
}

//mdm:feature 2.2
func TestLimit(t *testing.T) {
	d := answered{filled(), `{"secret":"sauce"}`}
	assert.Equal(t, mdm.Device(d), mdm.Limit(d, nil), "an empty want changes nothing")

	limited := mdm.Limit(d, mdm.Keys{mdm.KeySerial})
	assert.Equal(t, "Serial", limited.Record().Serial)
	assert.Empty(t, limited.Record().Name)
	_, ok := mdm.As[mdm.Raw](limited)
	assert.False(t, ok, "the vendor's answer is out of reach")
	_, ok = mdm.As[answered](limited)
	assert.False(t, ok, "and so is its type")
}
