package inventory_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

//mdm:feature 1.20 4.15 4.16
func TestMappingAsJSON(t *testing.T) {
	text := `[
		{"from":"last_seen","field":"seen","use":{"name":"time","args":["Europe/Berlin","02.01.2006 15:04"]}},
		{"from":"storage.total","field":"disk","use":{"name":"gigabytes"}},
		{"from":"managed","field":"mdm","use":{"name":"one_of","args":["yes","ja","no","nein"]}},
		{"from":"name","field":"label","mode":"fill_if_empty","use":{"name":"template","args":["{user.login}:{sim.phone}:{model}"]}},
		{"from":"imei","field":"imei","use":{"name":"first_line"}},
		{"from":"notes","field":"notes","clear":true,"use":{"name":"shout"}},
		{"from":"custom.shelf","field":"shelf","mode":"once"}]`
	one := ipad(1)
	one.Storage.Total, one.IMEIs, one.Notes = 64e9, []string{"490154203237518", "490154203237526"}, "fragile"
	one.User.Login, one.SIMs = "ada", []mdm.SIM{{Phone: "+49 170 1"}}
	one.Custom = map[string]string{"shelf": "3"}
	r := newRig(t, one).put(asset(1))
	require.NoError(t, json.Unmarshal([]byte(text), &r.connection.Mapping))
	require.ErrorContains(t, r.connection.Check(), `no mapper "shout"`)
	r.connection.Mappers = inventory.Mappers{"shout": func(...string) (inventory.Mapper, error) {
		return func(text string, _ mdm.Record) string { return text + "!" }, nil
	}}
	again, err := json.Marshal(r.connection.Mapping)
	require.NoError(t, err)
	assert.JSONEq(t, text, string(again))
	r.sync()
	assert.Equal(t, map[string]string{"seen": "20.11.2026 08:00", "disk": "64", "mdm": "ja", "notes": "fragile!", "shelf": "3",
		"label": "ada:+49 170 1:iPad (9th generation)", "imei": "490154203237518"}, r.assets()["a001"].Values)
	r.quiet()
}

func TestMappingCheck(t *testing.T) {
	for name, rule := range map[string]inventory.Rule{
		"there is no attribute":   {From: "colour of the sky", Field: "x"},
		"is missing":              {From: mdm.KeyName},
		"two rules write":         {From: mdm.KeyName, Field: "os"},
		"there is no mapper":      {From: mdm.KeyName, Field: "x", Use: inventory.MapperCall{Name: "nothing"}},
		"there is no time zone":   {From: mdm.KeyName, Field: "x", Use: inventory.MapperCall{Name: "time", Args: []string{"Europe/Atlantis"}}},
		"it needs the zone":       {From: mdm.KeyName, Field: "x", Use: inventory.MapperCall{Name: "time"}},
		"it needs pairs":          {From: mdm.KeyName, Field: "x", Use: inventory.MapperCall{Name: "one_of", Args: []string{"a"}}},
		"it takes no argument":    {From: mdm.KeyName, Field: "x", Use: inventory.MapperCall{Name: "first_line", Args: []string{"a"}}},
		"it needs one argument":   {From: mdm.KeyName, Field: "x", Use: inventory.MapperCall{Name: "template"}},
		"is not an attribute":     {From: mdm.KeyName, Field: "x", Use: inventory.MapperCall{Name: "template", Args: []string{"{sky}"}}},
		"braces is not an attrib": {From: mdm.KeyName, Field: "x", Use: inventory.MapperCall{Name: "template", Args: []string{"{name"}}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newRig(t).connection
			c.Mapping = append(c.Mapping, rule)
			require.ErrorContains(t, c.Check(), name)
		})
	}
	assert.Equal(t, []string{"first_line", "gibibytes", "gigabytes", "one_of", "template", "time"}, inventory.StandardMappers().Names())
	var mode inventory.Authority
	require.Error(t, mode.UnmarshalText([]byte("whoever")))
}

// What each mode does in each situation: the asset's value before, what a
// person makes of it after the first run, and what the MDM says then.
func TestMappingModes(t *testing.T) {
	for name, tc := range map[string]struct {
		mode                  inventory.Authority
		before, edit, then    string
		linked, edited, final string
	}{
		"mdm wins":                 {inventory.MDMWins, "old", "edit", "new", "18.1", "18.1", "new"},
		"fill an empty field":      {inventory.FillIfEmpty, "", "", "new", "18.1", "", ""},
		"do not fill a full field": {inventory.FillIfEmpty, "old", "old", "new", "old", "old", "old"},
		"inventory wins, no edit":  {inventory.InventoryWins, "", "18.1", "new", "18.1", "18.1", "new"},
		"inventory wins, an edit":  {inventory.InventoryWins, "", "edit", "new", "18.1", "edit", "edit"},
		"inventory wins, before":   {inventory.InventoryWins, "old", "old", "new", "old", "old", "old"},
		"inventory wins, agreed":   {inventory.InventoryWins, "18.1", "18.1", "new", "18.1", "18.1", "new"},
		"once":                     {inventory.Once, "", "18.1", "new", "18.1", "18.1", "18.1"},
		"never":                    {inventory.Never, "", "", "new", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := asset(1)
			a.Values = map[string]string{"os": tc.before}
			r := newRig(t, ipad(1)).put(a)
			r.connection.Mapping = inventory.Mapping{{From: mdm.KeyOSVersion, Field: "os", Mode: tc.mode}}
			value := func() string { return r.assets()["a001"].Values["os"] }
			r.sync()
			assert.Equal(t, tc.linked, value())
			r.quiet()
			r.edit("a001", "os", tc.edit)
			r.sync()
			assert.Equal(t, tc.edited, value())
			r.change(1, func(x *mdm.Record) { x.OS.Version = tc.then })
			r.sync()
			assert.Equal(t, tc.final, value())
			r.quiet()
		})
	}
}

// Equal meaning is no change, and what changes by itself is never the only
// reason to write.
func TestMappingWritesNothing(t *testing.T) {
	one := ipad(1)
	one.Groups = []string{"A", "B"}
	a := asset(1)
	a.Values = map[string]string{"mac": "3C-5A-B4-10-00-01", "mdm": "1", "at": "2026-11-19T09:00:00+02:00", "groups": "B, A", "name": "iPad&#32;001", "udid": "00008101001a2b3c0001"}
	one.Enrolment.At = at("2026-11-19T07:00:00Z")
	r := newRig(t, one).put(a)
	r.connection.Mapping = inventory.Mapping{{From: mdm.KeyMACWiFi, Field: "mac"}, {From: mdm.KeyManaged, Field: "mdm"},
		{From: mdm.KeyEnrolmentAt, Field: "at"}, {From: mdm.KeyGroups, Field: "groups"}, {From: mdm.KeyName, Field: "name"},
		{From: mdm.KeyLastSeen, Field: "seen"}, {From: mdm.KeyBattery, Field: "battery"}}
	r.sync()
	values := r.assets()["a001"].Values
	for field, value := range a.Values {
		assert.Equal(t, value, values[field], field)
	}
	one.LastSeen, one.Battery = now, 55
	r.source.Put(one)
	r.quiet()
	one.Name = "iPad 1000"
	r.source.Put(one)
	r.sync()
	assert.Equal(t, "55", r.assets()["a001"].Values["battery"], "they come along with another change")
	assert.Equal(t, now.Format(time.RFC3339), r.assets()["a001"].Values["seen"])
}

// Two sources describe one asset, and the lower one never takes back what the
// higher one wrote, nor an equal one what the other wrote.
func TestMappingRank(t *testing.T) {
	for name, tc := range map[string]struct {
		rank  int
		final string
	}{"equal": {0, "iPad 001"}, "higher": {1, "Bought 1"}, "lower": {-1, "iPad 001"}} {
		t.Run(name, func(t *testing.T) {
			a := newRig(t, ipad(1)).put(asset(1))
			b := *a
			bought := ipad(1)
			bought.Name, bought.ID = "Bought 1", "x1"
			b.source = mdmtest.NewMemory(mdm.Info{Origin: mdm.Origin{Kind: "shop"}}, bought)
			b.connection.ID, b.connection.Name, b.connection.Rank = "c2", "Shop", tc.rank
			a.sync()
			b.sync()
			assert.Equal(t, tc.final, a.assets()["a001"].Values["name"])
			for range 2 {
				a.quiet()
				b.quiet()
			}
			if name == "equal" {
				assert.Equal(t, 1, b.quiet().Attributes.OtherSource)
				a.source.Remove("d001")
				a.source.Put(ipad(2))
				a.sync()
				b.sync()
				assert.Equal(t, "Bought 1", a.assets()["a001"].Values["name"], "a source that lost the device owns nothing")
			}
			a.edit("a001", "room", "Cellar")
			bought.Room = "R9"
			b.source.Put(bought)
			b.sync()
			assert.Equal(t, "Cellar", a.assets()["a001"].Values["room"], "an edit is one for all sources")
		})
	}
}

// rawDevice is a device that keeps the vendor's answer.
type rawDevice struct{ mdm.Device }

func (rawDevice) Raw() []byte { return []byte(`{"warranty":{"level":"gold"}}`) }

//mdm:feature 1.20
func TestMappingRaw(t *testing.T) {
	r := newRig(t, ipad(1)).put(asset(1))
	r.connection.Mapping = inventory.Mapping{{From: "raw:/warranty/level", Field: "level"}}
	src := pages{r.source, func(p *mdm.Page) {
		for i, d := range p.Devices {
			p.Devices[i] = rawDevice{d}
		}
	}}
	_, err := inventory.Sync(t.Context(), r.connection, src, r.store, nil)
	require.NoError(t, err)
	assert.Equal(t, "gold", r.assets()["a001"].Values["level"])
}

//mdm:feature 4.15 4.16
func TestSyncDisplayName(t *testing.T) {
	one := ipad(1)
	one.User.Login, one.SIMs = "ada", []mdm.SIM{{Phone: "+49 170 1"}}
	r := newRig(t, one, ipad(2))
	r.connection.OnNew, r.connection.DisplayName = inventory.NewCreate, "{user.login}:{sim.phone}:{model.id}"
	r.sync()
	names := map[string]bool{}
	for _, a := range r.assets() {
		names[a.Identifiers.Name] = true
	}
	assert.Equal(t, map[string]bool{"ada:+49 170 1:iPad12,1": true, "::iPad12,1": true}, names)
	r.quiet()
}

// Keep limits what is read and what is stored.
//
//mdm:feature 2.2
func TestSyncKeep(t *testing.T) {
	one := ipad(1)
	one.Notes, one.User.Email = "secret", "ada@example.com"
	r := newRig(t, one).put(asset(1))
	r.connection.Keep = mdm.Keys{mdm.KeyModel, mdm.KeyLink}
	r.connection.Mapping = inventory.Mapping{{From: mdm.KeyOSVersion, Field: "os"}}
	r.sync()
	assert.Equal(t, "18.1", r.assets()["a001"].Values["os"], "what is mapped is read")
	row := r.row("d001")
	assert.Equal(t, "iPad (9th generation)", row.Record.Model)
	for e := range r.memory.Entries(t.Context(), inventory.EntryQuery{Scope: scope}) {
		assert.Empty(t, e.Name+e.Serial)
		for _, personal := range []string{"secret", "ada", "Ada", one.Serial, one.Name, one.UDID} {
			assert.NotContains(t, string(e.Data), personal)
		}
	}
	r.quiet()
}
