package inventory_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/inventory/inventorytest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

const scope = "school-1"

var (
	now  = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	info = mdm.Info{Origin: mdm.Origin{Kind: "toy", Address: "https://toy.example", Tenant: "7"}, Role: mdm.RoleManages}
)

// rig is a connection between a source and a store.
type rig struct {
	t          testing.TB
	source     *mdmtest.Memory
	store      inventory.Store
	memory     *inventory.Memory
	connection inventory.Connection
	options    inventory.Options
}

func newRig(t testing.TB, records ...mdm.Record) *rig {
	t.Helper()
	memory := &inventory.Memory{}
	return &rig{t: t, source: mdmtest.NewMemory(info, records...), store: &inventorytest.Strict{Store: memory}, memory: memory,
		connection: inventory.Connection{
			ID: "c1", Kind: "toy", Scope: scope, Name: "Toy - School",
			Mapping: inventory.Mapping{
				{From: mdm.KeyName, Field: "name"},
				{From: mdm.KeyOSVersion, Field: "os"},
				{From: mdm.KeyUserName, Field: "user"},
				{From: mdm.KeyRoom, Field: "room", Mode: inventory.InventoryWins},
				{From: mdm.KeyLastSeen, Field: "seen"},
			},
		}}
}

// ipad returns the n-th iPad, whose Wi-Fi address, UDID and serial number are
// its own.
func ipad(n int) mdm.Record {
	return mdm.Record{
		ID: fmt.Sprintf("d%03d", n), Class: mdm.ClassTablet, Platform: mdm.PlatformIPadOS, Name: fmt.Sprintf("iPad %03d", n),
		Serial: fmt.Sprintf("DMPX%04dQ1GC", n), UDID: fmt.Sprintf("00008101-%016X", 0x1A2B3C0000+n), Manufacturer: "Apple",
		Model: "iPad (9th generation)", ModelID: "iPad12,1", OS: mdm.OS{Name: "iPadOS", Version: "18.1"},
		Interfaces: []mdm.Interface{{Kind: mdm.InterfaceWiFi, MAC: fmt.Sprintf("3c:5a:b4:10:%02x:%02x", n/256, n%256)}},
		Flags:      mdm.Flags{Managed: mdm.Yes}, Status: mdm.StatusEnrolled, LastSeen: now.Add(-time.Hour), Room: "R1",
		User: mdm.User{Name: "Ada"},
	}
}

func ipads(n int) []mdm.Record {
	var all []mdm.Record
	for i := range n {
		all = append(all, ipad(i+1))
	}
	return all
}

// asset returns the row of the n-th iPad.
func asset(n int) inventory.Asset {
	return inventory.Asset{ID: fmt.Sprintf("a%03d", n), Identifiers: inventory.Identifiers{
		Serial: ipad(n).Serial, Name: fmt.Sprintf("Tablet %03d", n), Model: "iPad (9th generation)", Class: "tablet"}}
}

func (r *rig) put(assets ...inventory.Asset) *rig {
	r.memory.Put(scope, assets...)
	return r
}

func (r *rig) sync() *inventory.Run {
	r.t.Helper()
	run, err := inventory.Sync(r.t.Context(), r.connection, r.source, r.store, &r.options)
	require.NoError(r.t, err)
	return run
}

// quiet syncs once more and requires that nothing is written.
func (r *rig) quiet() *inventory.Run {
	r.t.Helper()
	before := r.memory.Writes()
	run := r.sync()
	require.Equal(r.t, before, r.memory.Writes(), "an unchanged fleet was written")
	require.Zero(r.t, run.Writes)
	return run
}

func (r *rig) decide(d inventory.Decision) error {
	d.By, d.At = "tester", time.Now()
	_, err := inventory.Decide(r.t.Context(), r.connection, r.store, d)
	return err
}

func (r *rig) row(device string) inventory.Row {
	r.t.Helper()
	row, ok := r.find(device)
	require.True(r.t, ok, "no entry for %s", device)
	return row
}

func (r *rig) find(device string) (inventory.Row, bool) {
	r.t.Helper()
	for e, err := range r.memory.Entries(context.Background(), inventory.EntryQuery{Scope: r.connection.Scope, Connection: r.connection.ID, Devices: []string{device}}) {
		require.NoError(r.t, err)
		row, err := inventory.ReadRow(e)
		require.NoError(r.t, err)
		return row, true
	}
	return inventory.Row{}, false
}

func (r *rig) assets() map[string]inventory.Asset {
	r.t.Helper()
	all := map[string]inventory.Asset{}
	for a, err := range r.memory.Assets(context.Background(), inventory.AssetQuery{Scope: r.connection.Scope}) {
		require.NoError(r.t, err)
		all[a.ID] = a
	}
	return all
}

// edit changes a field as a person would.
func (r *rig) edit(id, field, value string) {
	a := r.assets()[id]
	if a.Values == nil {
		a.Values = map[string]string{}
	}
	a.Values[field] = value
	r.memory.Put(r.connection.Scope, a)
}

// change changes a record in the source.
func (r *rig) change(n int, f func(*mdm.Record)) {
	record := ipad(n)
	f(&record)
	r.source.Put(record)
}

// loseAssets removes all assets as a person would.
func (r *rig) loseAssets() {
	entries := r.memory.Entries(context.Background(), inventory.EntryQuery{Scope: r.connection.Scope})
	r.memory = &inventory.Memory{}
	r.store = r.memory
	for e := range entries {
		e.Revision = ""
		_, err := r.memory.Apply(context.Background(), inventory.Batch{Scope: r.connection.Scope, Connection: r.connection.ID,
			Changes: []inventory.Change{{Key: "x", Entry: e}}})
		require.NoError(r.t, err)
	}
}

// tamper changes what the store holds of a device.
func (r *rig) tamper(device, old, damaged string) {
	r.t.Helper()
	var e inventory.Entry
	for e = range r.memory.Entries(context.Background(), inventory.EntryQuery{Scope: r.connection.Scope, Devices: []string{device}}) {
		require.Contains(r.t, string(e.Data), old)
	}
	e.Data = []byte(strings.Replace(string(e.Data), old, damaged, 1))
	_, err := r.memory.Apply(context.Background(), inventory.Batch{Scope: r.connection.Scope, Connection: r.connection.ID, Changes: []inventory.Change{{Entry: e}}})
	require.NoError(r.t, err)
}
