package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/examples/sqlstore"
	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// choice is what the flags say.
type choice struct{ fake, answers, jamfschool, jamfpro, db string }

// world is what the tour runs on: a system to read and an inventory.
type world struct {
	kind     string // of the system, as package vendors knows it
	live     bool   // a real tenant, which is only listed
	name     string
	settings mdm.Values
	limiter  transport.Limiter // nil = the vendor's own
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
	w := &world{kind: "jamfschool", store: new(inventory.Memory), assets: map[string]inventory.Asset{}, close: func() {}}
	if more := []string{c.answers, c.jamfschool, c.jamfpro}; len(slices.DeleteFunc(more, func(s string) bool { return s == "" })) > 1 {
		return nil, errors.New("give one of -answers, -jamfschool and -jamfpro, not several")
	}
	switch {
	case c.jamfschool != "":
		w.live, w.settings = true, jamfSchool(c.jamfschool, os.Getenv("JAMFSCHOOL_NETWORK_ID"), os.Getenv("JAMFSCHOOL_KEY"))
		return w, nil
	case c.jamfpro != "":
		w.kind, w.live, w.settings = "jamfpro", true, jamfPro(c.jamfpro, os.Getenv("JAMFPRO_CLIENT_ID"), os.Getenv("JAMFPRO_CLIENT_SECRET"))
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

func jamfSchool(domain, networkID, key string) mdm.Values {
	return mdm.Values{
		Text:    map[string]string{"domain": domain, "network_id": networkID},
		Secrets: map[string]mdm.Secret{"key": mdm.NewSecret(key)},
	}
}

func jamfPro(address, clientID, secret string) mdm.Values {
	return mdm.Values{
		Text:    map[string]string{"address": address, "client_id": clientID},
		Secrets: map[string]mdm.Secret{"client_secret": mdm.NewSecret(secret)},
	}
}

// recorded serves the recorded answers of a folder.
func (w *world) recorded(dir string) error {
	found, err := filepath.Glob(filepath.Join(dir, "GET_devices__200*.json"))
	if err != nil || len(found) == 0 {
		return fmt.Errorf("%s holds no recorded list of devices (GET_devices__200.json)", dir)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: jamfschooltest.Answers(os.DirFS(dir)), ReadHeaderTimeout: time.Minute}
	go server.Serve(listener) //nolint:errcheck // ends with Close
	w.name, w.limiter, w.close = filepath.Base(dir), unlimited{}, func() { server.Close() }
	w.settings = jamfSchool("http://"+listener.Addr().String(), "12345678", "any")
	return nil
}

// serve starts the fake server of the district.
func (w *world) serve(kind string) error {
	w.kind, w.limiter, w.name, w.schools = kind, unlimited{}, w.people.Name, map[string]string{}
	for _, school := range w.people.Schools {
		w.schools[school.Name] = school.ID
	}
	switch kind {
	case "jamfschool":
		server := jamfschooltest.NewServer(w.people)
		w.close, w.settings = server.Close, jamfSchool(server.URL, server.NetworkID, server.Key)
	case "jamfpro":
		server := jamfprotest.NewServer(w.people)
		w.close, w.settings = server.Close, jamfPro(server.URL, server.ClientID, server.ClientSecret)
	default:
		return fmt.Errorf("there is no fake %q; use jamfschool or jamfpro", kind)
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
