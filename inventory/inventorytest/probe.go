package inventorytest

import (
	"context"
	"fmt"
	"reflect"

	"github.com/mdmlink/mdmlink/inventory"
)

// The scope and the connections that the clauses use.
const (
	scope      = "school-1"
	elsewhere  = "school-2"
	connection = "mdm-1"
	other      = "mdm-2"
)

// probe is what a clause works with.
type probe struct {
	ctx     context.Context
	store   inventory.Store
	options Options
}

// asset returns the n-th asset of the suite, to be created.
func (p *probe) asset(n int) *inventory.Asset {
	text := func(format string) string { return fmt.Sprintf(format, n) }
	a := &inventory.Asset{
		Key: connection + "/" + device(n), Site: "site-1", Values: map[string]string{p.options.field(): text("ä \"%d\" <&>")},
		Identifiers: inventory.Identifiers{
			Serial: text("SUITE%05d"), Number: text("N-%d"), AssetTag: text("T-%d"), UDID: text("0000-%d"), DirectoryID: text("d-%d"),
			MACs: []string{text("00:00:5e:00:53:%02x"), text("00:00:5e:00:54:%02x")}, IMEIs: []string{"490154203237518"}, MEID: text("A%d"),
			Name: text("Tablet %d"), Manufacturer: "Maker", Model: "Model", ModelID: "M1,1",
			Login: text("user%d"), Email: text("user%d@example.com"), Class: "tablet",
		},
	}
	if p.options.Shape != nil {
		p.options.Shape(a)
	}
	return a
}

func device(n int) string { return fmt.Sprintf("device-%d", n) }

// entry returns the entry of the n-th device, new.
func entry(n int) inventory.Entry {
	return inventory.Entry{Connection: connection, Device: device(n), State: inventory.EntryStaged,
		Name: fmt.Sprintf("Tablet %d", n), Serial: fmt.Sprintf("SUITE%05d", n), Data: []byte{'{', 0, 0xff, '\n', byte(n)}}
}

// creation is the change that creates the n-th asset and links its device.
func (p *probe) creation(n int) inventory.Change {
	e := entry(n)
	e.State = inventory.EntryLinked
	a := p.asset(n)
	return inventory.Change{Key: a.Key, Asset: a, Entry: e}
}

// staging is the change that stores the entry of the n-th device alone.
func staging(n int) inventory.Change {
	return inventory.Change{Key: connection + "/" + device(n), Entry: entry(n)}
}

func (p *probe) apply(changes ...inventory.Change) ([]inventory.Result, error) {
	results, err := p.store.Apply(p.ctx, inventory.Batch{Scope: scope, Connection: connection, Changes: changes})
	if err != nil {
		return nil, fmt.Errorf("Apply fails: %w", err)
	}
	if len(results) != len(changes) {
		return nil, fmt.Errorf("Apply gives %d results for %d changes", len(results), len(changes))
	}
	return results, nil
}

// done applies changes that nothing speaks against.
func (p *probe) done(changes ...inventory.Change) error {
	results, err := p.apply(changes...)
	if err != nil {
		return err
	}
	for i, r := range results {
		if r.Outcome != inventory.OutcomeDone {
			return fmt.Errorf("change %d is not done, but its outcome is %d %q", i, r.Outcome, r.Reason)
		}
	}
	return nil
}

func (p *probe) assets(q inventory.AssetQuery) (map[string]inventory.Asset, error) {
	found := map[string]inventory.Asset{}
	for a, err := range p.store.Assets(p.ctx, q) {
		if err != nil {
			return nil, fmt.Errorf("Assets fails: %w", err)
		}
		if _, twice := found[a.ID]; twice {
			return nil, fmt.Errorf("an asset is listed twice")
		}
		found[a.ID] = a
	}
	return found, nil
}

func (p *probe) entries(q inventory.EntryQuery) (map[string]inventory.Entry, error) {
	found := map[string]inventory.Entry{}
	for e, err := range p.store.Entries(p.ctx, q) {
		if err != nil {
			return nil, fmt.Errorf("Entries fails: %w", err)
		}
		if _, twice := found[e.Connection+"/"+e.Device]; twice {
			return nil, fmt.Errorf("an entry is listed twice")
		}
		found[e.Connection+"/"+e.Device] = e
	}
	return found, nil
}

// pair reads the n-th device's entry and the asset that it is linked to.
func (p *probe) pair(n int) (inventory.Asset, inventory.Entry, error) {
	entries, err := p.entries(inventory.EntryQuery{Scope: scope})
	if err != nil {
		return inventory.Asset{}, inventory.Entry{}, err
	}
	e, ok := entries[connection+"/"+device(n)]
	if !ok {
		return inventory.Asset{}, e, fmt.Errorf("the entry that was stored is not listed")
	}
	assets, err := p.assets(inventory.AssetQuery{Scope: scope})
	return assets[e.Asset], e, err
}

// contents is everything that a scope holds, to see whether it changes.
func (p *probe) contents() (any, error) {
	assets, err := p.assets(inventory.AssetQuery{Scope: scope})
	if err != nil {
		return nil, err
	}
	entries, err := p.entries(inventory.EntryQuery{Scope: scope})
	return []any{assets, entries}, err
}

// unchanged reports an error if f changes what the scope holds.
func (p *probe) unchanged(f func() error) error {
	before, err := p.contents()
	if err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	after, err := p.contents()
	if err == nil && !reflect.DeepEqual(before, after) {
		return fmt.Errorf("something was written all the same")
	}
	return err
}

// want reports an error unless the only result has one of the outcomes.
func want(results []inventory.Result, allowed ...inventory.Outcome) error {
	for _, o := range allowed {
		if results[0].Outcome == o {
			return nil
		}
	}
	return fmt.Errorf("the outcome is %d, not %d", results[0].Outcome, allowed)
}
