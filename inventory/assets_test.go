package inventory

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An asset comes out as it went in, whatever fields it gets.
func TestAssetsKeepEveryField(t *testing.T) {
	var full Asset
	fields := 0
	var set func(v reflect.Value)
	set = func(v reflect.Value) {
		for i := range v.NumField() {
			fields++
			switch f := v.Field(i); f.Kind() {
			case reflect.String:
				f.SetString(v.Type().Field(i).Name)
			case reflect.Bool:
				f.SetBool(true)
			case reflect.Slice:
				f.Set(reflect.ValueOf([]string{v.Type().Field(i).Name}))
			case reflect.Map:
				f.Set(reflect.ValueOf(map[string]string{"a": "b"}))
			default:
				set(f)
			}
		}
	}
	set(reflect.ValueOf(&full).Elem())
	require.Greater(t, fields, 20)
	for _, class := range []string{"tablet", "Tablet", "trolley", ""} {
		full.Identifiers.Class = class
		all := newAssets(1)
		all.add(&full)
		i, ok := all.find("ID")
		require.True(t, ok)
		assert.Equal(t, full, all.asset(i))
	}
}
