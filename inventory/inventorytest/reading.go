package inventorytest

import (
	"fmt"
	"reflect"

	"github.com/mdmlink/mdmlink/inventory"
)

func readingClauses() []clause {
	return []clause{
		{"empty", "an unknown scope has no assets and no entries, an unknown connection the zero State", empty},
		{"round trip", "assets and entries are listed as they were stored", roundTrip},
		{"scopes apart", "what belongs to one scope is never listed for another", scopesApart},
		{"never less", "a query that narrows gives all that was asked for", neverLess},
		{"archived", "archived assets are listed", archived},
		{"all connections", "without a connection, the entries of all of them are listed", allConnections},
	}
}

func empty(p *probe) error {
	assets, err := p.assets(inventory.AssetQuery{Scope: scope})
	if err != nil {
		return err
	}
	entries, err := p.entries(inventory.EntryQuery{Scope: scope})
	if err != nil {
		return err
	}
	state, err := p.store.State(p.ctx, connection)
	if err != nil {
		return fmt.Errorf("State fails: %w", err)
	}
	if len(assets)+len(entries) > 0 || state.Revision != "" || len(state.Data) > 0 {
		return fmt.Errorf("a new store holds something")
	}
	return nil
}

func roundTrip(p *probe) error {
	if err := p.done(p.creation(1)); err != nil {
		return err
	}
	a, e, err := p.pair(1)
	if err != nil {
		return err
	}
	if a.ID == "" || a.Revision == "" || e.Revision == "" {
		return fmt.Errorf("the new asset is not linked to its entry, or a revision is missing")
	}
	made, stored := *p.asset(1), entry(1)
	made.ID, made.Revision = a.ID, a.Revision
	stored.Revision, stored.State, stored.Asset = e.Revision, inventory.EntryLinked, a.ID
	if p.options.Shape == nil && !reflect.DeepEqual(made, a) {
		return fmt.Errorf("the asset was stored as %+v and is listed as %+v", made, a)
	}
	if a.Key != made.Key {
		return fmt.Errorf("the key of the asset does not come back")
	}
	if !reflect.DeepEqual(stored, e) {
		return fmt.Errorf("the entry was stored as %+v and is listed as %+v", stored, e)
	}
	return nil
}

func scopesApart(p *probe) error {
	if err := p.done(p.creation(1)); err != nil {
		return err
	}
	assets, err := p.assets(inventory.AssetQuery{Scope: elsewhere})
	if err != nil {
		return err
	}
	entries, err := p.entries(inventory.EntryQuery{Scope: elsewhere})
	if err == nil && len(assets)+len(entries) > 0 {
		err = fmt.Errorf("%d assets and %d entries of another scope are listed", len(assets), len(entries))
	}
	return err
}

func neverLess(p *probe) error {
	if err := p.done(p.creation(1), p.creation(2), p.creation(3)); err != nil {
		return err
	}
	a, _, err := p.pair(1)
	if err != nil {
		return err
	}
	b, _, err := p.pair(3)
	if err != nil {
		return err
	}
	found, err := p.assets(inventory.AssetQuery{Scope: scope, IDs: []string{b.ID, "no-such-asset", a.ID}})
	if err != nil {
		return err
	}
	if found[a.ID].ID == "" || found[b.ID].ID == "" {
		return fmt.Errorf("an asset that was asked for by id is missing")
	}
	return p.narrowed(
		inventory.EntryQuery{Scope: scope, Connection: connection},
		inventory.EntryQuery{Scope: scope, Connection: connection, Devices: []string{device(3), "no-such-device", device(1)}},
		inventory.EntryQuery{Scope: scope, Assets: []string{"no-such-asset", a.ID, b.ID}},
		inventory.EntryQuery{Scope: scope, Devices: []string{device(1), device(3)}, Assets: []string{a.ID, b.ID}},
	)
}

// narrowed tests that each query gives the first and the third device.
func (p *probe) narrowed(queries ...inventory.EntryQuery) error {
	for _, q := range queries {
		found, err := p.entries(q)
		if err != nil {
			return err
		}
		for _, n := range []int{1, 3} {
			if e := found[connection+"/"+device(n)]; e.Device != device(n) {
				return fmt.Errorf("an entry that was asked for is missing; the query is %+v", q)
			}
		}
	}
	return nil
}

func archived(p *probe) error {
	c := p.creation(1)
	c.Asset.Archived = true
	if err := p.done(c); err != nil {
		return err
	}
	a, _, err := p.pair(1)
	if err == nil && !a.Archived {
		err = fmt.Errorf("an archived asset is not listed, or not as archived")
	}
	return err
}

func allConnections(p *probe) error {
	theirs := staging(2)
	theirs.Entry.Connection = other
	if err := p.done(staging(1)); err != nil {
		return err
	}
	batch := inventory.Batch{Scope: scope, Connection: other, Changes: []inventory.Change{theirs}}
	if _, err := p.store.Apply(p.ctx, batch); err != nil {
		return fmt.Errorf("Apply fails: %w", err)
	}
	found, err := p.entries(inventory.EntryQuery{Scope: scope})
	if err == nil && len(found) != 2 {
		err = fmt.Errorf("%d entries of two connections are listed, not 2", len(found))
	}
	return err
}
