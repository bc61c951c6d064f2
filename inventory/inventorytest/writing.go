package inventorytest

import (
	"fmt"
	"reflect"

	"github.com/mdmlink/mdmlink/inventory"
)

func writingClauses() []clause {
	return []clause{
		{"key", "an asset with a key that is there already is not created again, and its id goes into the entry", key},
		{"key in one batch", "two changes with one key create one asset", keyInOneBatch},
		{"key of a scope", "one key creates an asset in each scope, and one device of a connection has an entry in each", keyOfAScope},
		{"new id", "a result names the asset that was created, and so does the entry", newID},
		{"update", "an update changes asset and entry, and both revisions", update},
		{"remove", "an entry that is removed is gone", remove},
		{"order", "there is one result for each change, in order", order},
		{"independent", "a change that is not carried out does not keep the others from it", independent},
		{"many", "a batch of 250 changes is carried out", many},
	}
}

func key(p *probe) error {
	if err := p.done(p.creation(1)); err != nil {
		return err
	}
	first, e, err := p.pair(1)
	if err != nil {
		return err
	}
	again := p.creation(1)
	again.Entry.Revision = e.Revision
	again.Asset.Identifiers.Name = "Another name"
	results, err := p.apply(again)
	if err != nil {
		return err
	}
	if err := p.single(first.ID, results[0]); err != nil {
		return err
	}
	return p.linked(1, first.ID)
}

// linked tests that the n-th device's entry names an asset.
func (p *probe) linked(n int, id string) error {
	_, e, err := p.pair(n)
	if err == nil && e.Asset != id {
		err = fmt.Errorf("the entry of %s names the asset %q, not the one that is there", e.Device, e.Asset)
	}
	return err
}

// single tests that the scope has one asset and a result names it, if it
// names one.
func (p *probe) single(id string, r inventory.Result) error {
	assets, err := p.assets(inventory.AssetQuery{Scope: scope})
	switch {
	case err != nil:
		return err
	case len(assets) != 1:
		return fmt.Errorf("one key made %d assets", len(assets))
	case r.Outcome == inventory.OutcomeDone && r.Asset != id:
		return fmt.Errorf("the result names another asset than the one that is there")
	case assets[id].Identifiers.Name == "Another name":
		return fmt.Errorf("the asset that is there was written over")
	}
	return nil
}

func keyInOneBatch(p *probe) error {
	twin := p.creation(2)
	twin.Key, twin.Asset.Key = p.creation(1).Key, p.creation(1).Key
	results, err := p.apply(p.creation(1), twin)
	if err != nil {
		return err
	}
	if err := p.single(results[0].Asset, results[1]); err != nil {
		return err
	}
	return p.linked(2, results[0].Asset)
}

func keyOfAScope(p *probe) error {
	for _, s := range []string{scope, elsewhere} {
		results, err := p.store.Apply(p.ctx, inventory.Batch{Scope: s, Connection: connection, Changes: []inventory.Change{p.creation(1)}})
		if err != nil {
			return fmt.Errorf("Apply fails: %w", err)
		}
		if len(results) != 1 || results[0].Outcome != inventory.OutcomeDone {
			return fmt.Errorf("the change is not done in %s", s)
		}
	}
	for _, s := range []string{scope, elsewhere} {
		assets, err := p.assets(inventory.AssetQuery{Scope: s})
		if err != nil {
			return err
		}
		entries, err := p.entries(inventory.EntryQuery{Scope: s})
		if err != nil {
			return err
		}
		e, there := entries[connection+"/"+device(1)]
		if _, linked := assets[e.Asset]; len(assets) != 1 || !there || !linked {
			return fmt.Errorf("%s has %d assets and %d entries, not an asset and the entry that is linked to it", s, len(assets), len(entries))
		}
	}
	return nil
}

func newID(p *probe) error {
	results, err := p.apply(p.creation(1))
	if err != nil {
		return err
	}
	_, e, err := p.pair(1)
	if err == nil && (results[0].Asset == "" || results[0].Asset != e.Asset) {
		err = fmt.Errorf("the result names %q, the entry %q", results[0].Asset, e.Asset)
	}
	return err
}

// edit is the change that gives the n-th pair another name.
func (p *probe) edit(n int, name string) (inventory.Change, error) {
	a, e, err := p.pair(n)
	if a.Values == nil {
		a.Values = map[string]string{}
	}
	a.Values[p.options.field()], e.Name = name, name
	return inventory.Change{Key: connection + "/" + device(n), Asset: &a, Entry: e}, err
}

func update(p *probe) error {
	if err := p.done(p.creation(1)); err != nil {
		return err
	}
	c, err := p.edit(1, "new")
	if err != nil {
		return err
	}
	if err := p.done(c); err != nil {
		return err
	}
	a, e, err := p.pair(1)
	want := *c.Asset
	want.Revision = a.Revision
	switch {
	case err != nil:
		return err
	case a.Key != want.Key:
		return fmt.Errorf("the key of the asset is lost")
	case p.options.Shape == nil && !reflect.DeepEqual(a, want):
		return fmt.Errorf("the asset is listed otherwise than it was stored")
	case a.Values[p.options.field()] != "new" || e.Name != "new":
		return fmt.Errorf("the update is not listed")
	case a.Revision == c.Asset.Revision || e.Revision == c.Entry.Revision:
		return fmt.Errorf("a revision stayed the same")
	}
	return nil
}

func remove(p *probe) error {
	if err := p.done(staging(1), staging(2)); err != nil {
		return err
	}
	_, e, err := p.pair(1)
	if err != nil {
		return err
	}
	if err := p.done(inventory.Change{Key: connection + "/" + device(1), Entry: e, Remove: true}); err != nil {
		return err
	}
	left, err := p.entries(inventory.EntryQuery{Scope: scope})
	if _, there := left[connection+"/"+device(1)]; err == nil && (there || len(left) != 1) {
		err = fmt.Errorf("%d entries are left, not the other one alone", len(left))
	}
	return err
}

func order(p *probe) error {
	results, err := p.apply(staging(3), staging(1), staging(2))
	if err != nil {
		return err
	}
	for i, n := range []int{3, 1, 2} {
		if want := connection + "/" + device(n); results[i].Key != want {
			return fmt.Errorf("result %d has the key %q, not %q", i, results[i].Key, want)
		}
	}
	return nil
}

func independent(p *probe) error {
	stale := staging(2)
	stale.Entry.Revision = "no-such-revision"
	results, err := p.apply(staging(1), stale, staging(3))
	if err != nil {
		return err
	}
	if results[0].Outcome != inventory.OutcomeDone || results[2].Outcome != inventory.OutcomeDone {
		return fmt.Errorf("the others were not carried out")
	}
	found, err := p.entries(inventory.EntryQuery{Scope: scope})
	if _, there := found[connection+"/"+device(2)]; err == nil && (there || len(found) != 2) {
		err = fmt.Errorf("%d entries are listed, not the first and the third", len(found))
	}
	return err
}

func many(p *probe) error {
	var changes []inventory.Change
	for n := range 250 {
		changes = append(changes, p.creation(n))
	}
	if err := p.done(changes...); err != nil {
		return err
	}
	assets, err := p.assets(inventory.AssetQuery{Scope: scope})
	if err == nil && len(assets) != len(changes) {
		err = fmt.Errorf("%d assets are listed, not %d", len(assets), len(changes))
	}
	return err
}
