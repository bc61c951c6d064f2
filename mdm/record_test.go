package mdm_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mdmlink/mdmlink/mdm"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// leaves calls f for each field of a record that holds a value, with its path
// such as "User.Email". A slice has one element then, or as many as f makes.
func leaves(v reflect.Value, path string, f func(path string, leaf reflect.Value)) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time](), v.Kind() == reflect.Map:
		f(path, v)
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			leaves(v.Field(i), strings.TrimPrefix(path+"."+name, "."), f)
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		for i := range v.Len() {
			leaves(v.Index(i), path, f)
		}
	default:
		f(path, v)
	}
}

// fill sets a field to something that is not zero. Texts say where they are.
func fill(path string, leaf reflect.Value) {
	switch v := leaf.Addr().Interface().(type) {
	case *time.Time:
		*v = noon
	case *map[string]string:
		*v = map[string]string{path: path}
	case *[]string:
		*v = []string{path + " 1", path + " 2"}
	case *mdm.Keys:
		*v = mdm.Keys{mdm.KeyNotes, mdm.CustomKey("gone")}
	case encoding.TextUnmarshaler:
		leaf.SetUint(1)
	default:
		switch leaf.Kind() {
		case reflect.String:
			leaf.SetString(path)
		case reflect.Int, reflect.Int64:
			leaf.SetInt(42)
		}
	}
}

// filled returns a record in which no field is zero.
func filled() mdm.Record {
	r := mdm.Record{Interfaces: make([]mdm.Interface, 5), SIMs: make([]mdm.SIM, 2)}
	leaves(reflect.ValueOf(&r).Elem(), "", fill)
	for i := range r.Interfaces {
		r.Interfaces[i].Kind = mdm.InterfaceKind(4 - i)
		r.Interfaces[i].MAC = fmt.Sprintf("00:00:5e:00:53:0%d", 4-i)
	}
	return r
}

func TestRecordFilled(t *testing.T) {
	r := filled()
	leaves(reflect.ValueOf(&r).Elem(), "", func(path string, leaf reflect.Value) {
		if path != "Interfaces.Kind" {
			assert.False(t, leaf.IsZero(), "the tests do not know how to fill %s", path)
		}
	})
}

func TestRecordJSON(t *testing.T) {
	t.Run("filled", func(t *testing.T) {
		text, err := json.Marshal(filled())
		require.NoError(t, err)
		var read mdm.Record
		require.NoError(t, json.Unmarshal(text, &read))
		assert.Equal(t, filled(), read)
	})
	t.Run("empty", func(t *testing.T) {
		text, err := json.Marshal(mdm.Record{})
		require.NoError(t, err)
		assert.Equal(t, "{}", string(text))
	})
	t.Run("any", rapid.MakeCheck(func(t *rapid.T) {
		var r, read mdm.Record
		leaves(reflect.ValueOf(&r).Elem(), "", func(path string, leaf reflect.Value) { draw(t, path, leaf) })
		text, err := json.Marshal(r)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &read))
		require.Equal(t, r, read)
	}))
}

// draw sets a field to anything that it may hold.
func draw(t *rapid.T, path string, leaf reflect.Value) {
	texts := rapid.SliceOfN(rapid.String(), 1, 3)
	switch v := leaf.Addr().Interface().(type) {
	case *time.Time:
		*v = time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, path), rapid.Int64Range(0, 999_999_999).Draw(t, path)).UTC()
	case *map[string]string:
		*v = rapid.MapOfN(rapid.String(), rapid.String(), 1, 3).Draw(t, path)
	case *[]string:
		*v = texts.Draw(t, path)
	case *mdm.Keys:
		*v = mdm.Keys{mdm.Key(rapid.String().Draw(t, path))}
	case encoding.TextUnmarshaler:
		leaf.SetUint(rapid.Uint64Range(0, 2).Draw(t, path))
	default:
		switch leaf.Kind() {
		case reflect.String:
			leaf.SetString(rapid.String().Draw(t, path))
		case reflect.Int:
			leaf.SetInt(rapid.Int64Range(0, 100).Draw(t, path))
		case reflect.Int64:
			leaf.SetInt(rapid.Int64Min(0).Draw(t, path))
		}
	}
}

func TestRecordFormat(t *testing.T) {
	r := filled()
	const want = "Origin.Kind Origin.Address Origin.Tenant device ID (ModelID)"
	assert.Equal(t, want, r.String())
	for name, v := range map[string]any{
		"value":   r,
		"pointer": &r,
		"device":  mdm.Device(r),
		"slice":   []mdm.Device{r, r},
		"page":    mdm.Page{Devices: []mdm.Device{r}},
		"field":   struct{ Device mdm.Record }{r},
	} {
		t.Run(name, func(t *testing.T) {
			for how, text := range printed(v) {
				if !strings.ContainsAny(how, "pw") { // fmt asks no method for these; go vet refuses them
					assert.Empty(t, personal(text), how)
				}
			}
		})
	}
	for _, v := range []any{r, &r} {
		for how, text := range logged(v) {
			assert.Empty(t, personal(text), how)
			assert.Contains(t, text, "ModelID", how)
		}
	}
}

// personal returns what of a filled record a text holds beyond origin, id and
// model.
func personal(text string) []string {
	var found []string
	r := filled()
	leaves(reflect.ValueOf(&r).Elem(), "", func(path string, leaf reflect.Value) {
		if !strings.HasPrefix(path, "Origin.") && path != "ID" && path != "ModelID" && path != "Model" &&
			leaf.Kind() != reflect.Uint8 && strings.Contains(text, path) {
			found = append(found, path)
		}
	})
	if strings.Contains(text, "00:00:5e") || strings.Contains(text, "2026") && !strings.Contains(text, "time") {
		found = append(found, "an address or a time")
	}
	return found
}

func TestRecordString(t *testing.T) {
	for want, r := range map[string]mdm.Record{
		"abm https://abm.example device 7 (iPad)": {Origin: mdm.Origin{Kind: "abm", Address: "https://abm.example"}, ID: "7", Model: "iPad"},
		"abm device 7": {Origin: mdm.Origin{Kind: "abm"}, ID: "7", Serial: "not shown"},
		"device 7":     {ID: "7"},
		"device":       {},
	} {
		assert.Equal(t, want, r.String())
	}
}

// TestRecordRecord shows that a Record keeps the promise of a Device: the
// receiver may change what it gets.
func TestRecordRecord(t *testing.T) {
	var d mdm.Device = filled()
	r := d.Record()
	leaves(reflect.ValueOf(&r).Elem(), "", func(_ string, leaf reflect.Value) {
		switch leaf.Kind() {
		case reflect.Map:
			leaf.SetMapIndex(reflect.ValueOf("new"), reflect.ValueOf("new"))
		case reflect.Slice:
			leaf.Index(0).SetString("changed")
		default:
			leaf.SetZero()
		}
	})
	assert.Equal(t, filled(), d.Record())
	assert.Equal(t, mdm.Record{}, mdm.Record{}.Record(), "what is nil stays nil")
}

//mdm:feature 4.24
func TestRecordMAC(t *testing.T) {
	wifi := mdm.Interface{Kind: mdm.InterfaceWiFi, MAC: "wifi"}
	ethernet := mdm.Interface{Kind: mdm.InterfaceEthernet, MAC: "ethernet"}
	bluetooth := mdm.Interface{Kind: mdm.InterfaceBluetooth, MAC: "bluetooth"}
	other := mdm.Interface{MAC: "other"}
	for name, row := range map[string]struct {
		interfaces []mdm.Interface
		want, all  string
	}{
		"wi-fi first":        {[]mdm.Interface{wifi, ethernet}, "wifi", "wifi\nethernet"},
		"wi-fi comes last":   {[]mdm.Interface{bluetooth, other, ethernet, wifi}, "wifi", "wifi\nethernet\nother"},
		"only ethernet":      {[]mdm.Interface{ethernet}, "ethernet", "ethernet"},
		"wi-fi has none":     {[]mdm.Interface{{Kind: mdm.InterfaceWiFi}, ethernet}, "ethernet", "ethernet"},
		"unknown kind":       {[]mdm.Interface{other}, "other", "other"},
		"bluetooth is other": {[]mdm.Interface{bluetooth}, "", ""},
		"none":               {nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := mdm.Record{Interfaces: row.interfaces}
			assert.Equal(t, row.want, r.MAC())
			assert.Equal(t, row.all, mdm.Value(r, mdm.KeyMAC).Text)
		})
	}
}

func TestOriginString(t *testing.T) {
	assert.Equal(t, "intune https://graph.example 42", mdm.Origin{Kind: "intune", Address: "https://graph.example", Tenant: "42"}.String())
	assert.Empty(t, mdm.Origin{}.String())
	assert.True(t, mdm.Origin{}.IsZero())
	assert.False(t, mdm.Origin{Tenant: "0"}.IsZero())
}
