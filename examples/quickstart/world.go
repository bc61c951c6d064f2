package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/examples/internal/district"
	"github.com/mdmlink/mdmlink/examples/sqlstore"
	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// choice is what the flags say.
type choice struct{ fake, live, answers, db string }

// world is what the tour runs on: a system to read and an inventory.
type world struct {
	kind     string // of the system, as package vendors knows it
	live     bool   // a real tenant, which is only listed
	name     string
	settings mdm.Values
	options  transport.Options
	schools  map[string]string // ids in the inventory, by name
	people   *fleet.District
	store    inventory.Store
	assets   map[string]inventory.Asset
	close    func()
}

// unlimited lets the tour ask a fake server as fast as it can.
type unlimited struct{}

func (unlimited) Wait(ctx context.Context) error { return ctx.Err() }

func newWorld(ctx context.Context, c choice) (*world, error) {
	w := &world{store: new(inventory.Memory), assets: map[string]inventory.Asset{}, close: func() {}}
	switch {
	case c.live != "" && c.answers != "":
		return nil, errors.New("give one of -live and -answers, not both")
	case c.live != "":
		w.kind, w.live, w.settings = c.live, true, district.FromEnvironment(c.live)
		return w, nil
	case c.answers != "":
		return w, w.recorded(c.answers)
	}
	w.people = fleet.New(fleet.Options{Now: time.Now().Truncate(time.Second)})
	if err := w.serve(c.fake); err != nil {
		return w, err
	}
	return w, w.keep(ctx, c.db)
}

// keep fills the inventory with what the people of the district keep by hand,
// in memory or in a file that is kept.
func (w *world) keep(ctx context.Context, file string) error {
	memory := new(inventory.Memory)
	put := func(a inventory.Asset) (string, error) { memory.Put("district", a); return a.ID, nil }
	w.store = memory
	if file != "" {
		db, err := sqlstore.Open(ctx, file)
		if err != nil {
			return err
		}
		serverClose := w.close
		w.store, w.close = db, func() { serverClose(); db.Close() }
		put = func(a inventory.Asset) (string, error) {
			a.ID = "" // the database gives its own
			return db.Put(ctx, "district", a)
		}
	}
	for a, err := range w.store.Assets(ctx, inventory.AssetQuery{Scope: "district"}) {
		if err != nil {
			return err
		}
		w.assets[a.ID] = a
	}
	if len(w.assets) > 0 { // the file is from an earlier run
		return nil
	}
	for _, a := range assetsOf(w.people) {
		id, err := put(a)
		if err != nil {
			return err
		}
		w.assets[id] = a
	}
	return nil
}

// recorded serves the recorded answers of a folder.
func (w *world) recorded(dir string) error {
	found, err := filepath.Glob(filepath.Join(dir, "GET_devices__200*.json"))
	if err != nil || len(found) == 0 {
		return fmt.Errorf("%s holds no recorded list of devices (GET_devices__200.json)", dir)
	}
	port := traffic.Listen(jamfschooltest.Answers(os.DirFS(dir)))
	w.kind, w.name, w.close = "jamfschool", filepath.Base(dir), port.Close
	w.options.Limiter = unlimited{}
	w.settings = district.Values(w.kind, map[string]string{"domain": port.URL, "network_id": "12345678", "key": "any"})
	return nil
}

// serve starts the fake server of the district.
func (w *world) serve(kind string) error {
	fake, ok := district.New(kind, w.people)
	if !ok {
		return fmt.Errorf("there is no fake %q; there are: %s", kind, strings.Join(district.Kinds(), ", "))
	}
	port := traffic.Listen(fake.Handler)
	w.kind, w.name, w.close = kind, w.people.Name, port.Close
	w.options = transport.Options{Limiter: unlimited{}, Base: fake.Base}
	w.settings = district.Values(kind, fake.Form(port.URL))
	w.schools = map[string]string{}
	for _, school := range w.people.Schools {
		w.schools[school.Name] = school.ID
	}
	return nil
}

// assetsOf is the inventory as the people of the district keep it by hand.
func assetsOf(d *fleet.District) []inventory.Asset {
	var all []inventory.Asset
	for _, row := range d.Assets {
		asset := inventory.Asset{
			ID: row.ID, Site: row.School, Archived: row.Archived,
			Identifiers: inventory.Identifiers{
				Serial: row.Serial, Number: row.Number, Name: row.Name, Manufacturer: row.Manufacturer, Model: row.Model, MACs: row.MACs,
			},
			Values: map[string]string{"device name": row.Name, "user": row.User, "room": row.Room},
		}
		if row.IMEI != "" {
			asset.Identifiers.IMEIs = []string{row.IMEI}
		}
		all = append(all, asset)
	}
	return all
}

// staged reads the staging table.
func staged(ctx context.Context, store inventory.Store, c inventory.Connection) ([]inventory.Row, error) {
	var rows []inventory.Row
	for entry, err := range store.Entries(ctx, inventory.EntryQuery{Scope: c.Scope, Connection: c.ID}) {
		if err != nil {
			return nil, err
		}
		if entry.State != inventory.EntryStaged {
			continue
		}
		row, err := inventory.ReadRow(entry)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func firstSuggestion(rows []inventory.Row) (inventory.Row, bool) {
	for _, row := range rows {
		if len(row.Candidates) > 0 && len(row.Candidates[0].Vetoes) == 0 {
			return row, true
		}
	}
	return inventory.Row{}, false
}
