package inventorytest

import (
	"fmt"

	"github.com/mdmlink/mdmlink/inventory"
)

func revisionClauses() []clause {
	return []clause{
		{"stale entry", "a change whose entry is stale is Stale, and neither entry nor asset is written", staleEntry},
		{"stale asset", "a change whose asset is stale is Stale, and neither asset nor entry is written", staleAsset},
		{"entry exists", "an entry without a revision does not replace one that is there", entryExists},
		{"asset gone", "an update of an asset that is not there writes nothing", assetGone},
		{"stale removal", "an entry that changed is not removed", staleRemoval},
	}
}

// outdated makes a pair, and returns a change of it that was overtaken by
// another change of the asset, the entry, or both.
func (p *probe) outdated(asset, entry bool) (inventory.Change, error) {
	if err := p.done(p.creation(1)); err != nil {
		return inventory.Change{}, err
	}
	late, err := p.edit(1, "late")
	if err != nil {
		return late, err
	}
	first, err := p.edit(1, "first")
	if err != nil {
		return late, err
	}
	if err := p.done(first); err != nil {
		return late, err
	}
	a, e, err := p.pair(1)
	if !asset {
		late.Asset.Revision = a.Revision
	}
	if !entry {
		late.Entry.Revision = e.Revision
	}
	return late, err
}

// futile tests that a change has one of the outcomes and writes nothing.
func (p *probe) futile(c inventory.Change, allowed ...inventory.Outcome) error {
	return p.unchanged(func() error {
		results, err := p.apply(c)
		if err != nil {
			return err
		}
		return want(results, allowed...)
	})
}

func staleEntry(p *probe) error {
	c, err := p.outdated(false, true)
	if err != nil {
		return err
	}
	return p.futile(c, inventory.OutcomeStale)
}

func staleAsset(p *probe) error {
	c, err := p.outdated(true, false)
	if err != nil {
		return err
	}
	return p.futile(c, inventory.OutcomeStale)
}

func entryExists(p *probe) error {
	if err := p.done(staging(1)); err != nil {
		return err
	}
	return p.futile(staging(1), inventory.OutcomeStale)
}

func assetGone(p *probe) error {
	if err := p.done(p.creation(1)); err != nil {
		return err
	}
	c, err := p.edit(1, "late")
	if err != nil {
		return err
	}
	c.Asset.ID = "999999999"
	return p.futile(c, inventory.OutcomeStale, inventory.OutcomeRefused)
}

func staleRemoval(p *probe) error {
	c, err := p.outdated(false, true)
	if err != nil {
		return err
	}
	if err := p.futile(inventory.Change{Key: c.Key, Entry: c.Entry, Remove: true}, inventory.OutcomeStale); err != nil {
		return fmt.Errorf("removing: %w", err)
	}
	return nil
}
