package inventory

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/mdm"
)

// Every field of a record changes its fingerprint, except what is volatile. A
// field that is added later fails here until print.go knows it.
func TestFingerprintSeesEveryField(t *testing.T) {
	volatile := []string{"Record.Battery", "Record.LastSeen", "Record.Memory.Free", "Record.Storage.Free", "Record.ExternalStorage.Free",
		"Record.Interfaces.IPs", "Record.SIMs.Carrier"}
	record := func() mdm.Record {
		return mdm.Record{Interfaces: []mdm.Interface{{}}, SIMs: []mdm.SIM{{}}}
	}
	base := record()
	print := new(printer).fingerprint(&base)
	count := 0
	fill(reflect.TypeFor[mdm.Record](), "Record", nil, func(path string, index [][]int) {
		changed := record()
		set1(reflect.ValueOf(&changed).Elem(), index)
		count++
		assert.Equal(t, slices.Contains(volatile, path), new(printer).fingerprint(&changed) == print, path)
	})
	assert.Greater(t, count, 70)
}

// fill calls f for every field below a struct. Each element of index leads to
// a struct or, through the first element of a slice, into its elements.
func fill(t reflect.Type, path string, index [][]int, f func(string, [][]int)) {
	for i := range t.NumField() {
		field := t.Field(i)
		name, at := path+"."+field.Name, append(slices.Clone(index), []int{i})
		switch {
		case field.Type == reflect.TypeFor[time.Time]():
			f(name, at)
		case field.Type.Kind() == reflect.Struct:
			fill(field.Type, name, at, f)
		case field.Type.Kind() == reflect.Slice && field.Type.Elem().Kind() == reflect.Struct:
			fill(field.Type.Elem(), name, at, f)
		default:
			f(name, at)
		}
	}
}

func set1(v reflect.Value, index [][]int) {
	for _, at := range index {
		if v.Kind() == reflect.Slice {
			v = v.Index(0)
		}
		v = v.FieldByIndex(at)
	}
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1, 0)))
	case v.Kind() == reflect.String:
		v.SetString("x")
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		v.Index(0).SetString("x")
	case v.Kind() == reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"x": "y"}))
	case v.CanInt():
		v.SetInt(1)
	default:
		v.SetUint(1)
	}
}
