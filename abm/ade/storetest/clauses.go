package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/mdmlink/mdmlink/abm/ade"
)

func missing(p *probe) error {
	if err := p.lacks(key(1)); err != nil {
		return err
	}
	all, err := p.list(key(1).Scope, key(1).Kind)
	if err == nil && len(all) > 0 {
		err = errors.New("an empty store lists something")
	}
	return err
}

func stored(p *probe) error {
	for n := range 3 {
		v, err := p.create(n)
		if err != nil {
			return err
		}
		if err := p.holds(v); err != nil {
			return err
		}
	}
	large := ade.Value{Key: ade.Key{Scope: key(0).Scope, Kind: ade.ValueDevices, ID: "large"}, Data: bytes.Repeat([]byte{0, 0xff, '\'', '\n'}, 1<<18)}
	var err error
	if large.Revision, err = p.put(large); err != nil {
		return fmt.Errorf("of a megabyte: %w", err)
	}
	return p.holds(large)
}

func listed(p *probe) error {
	want := map[ade.Key]ade.Value{}
	for n := range 25 {
		v, err := p.create(n)
		if err != nil {
			return err
		}
		want[v.Key] = v
	}
	all, err := p.list(key(0).Scope, key(0).Kind)
	if err != nil {
		return err
	}
	for _, v := range all {
		expected, ok := want[v.Key]
		if !ok {
			return fmt.Errorf("%v is listed twice, or was never stored", v.Key)
		}
		if err := same(expected, v); err != nil {
			return err
		}
		delete(want, v.Key)
	}
	if len(want) > 0 {
		return fmt.Errorf("%d values are not listed", len(want))
	}
	return nil
}

func apart(p *probe) error {
	base := key(1)
	keys := []ade.Key{base, {Scope: "customer-2", Kind: base.Kind, ID: base.ID}, {Scope: "", Kind: base.Kind, ID: base.ID},
		{Scope: base.Scope, Kind: ade.ValueProfile, ID: base.ID}, {Scope: base.Scope, Kind: base.Kind, ID: "id-10"}}
	var values []ade.Value
	for n, k := range keys {
		v := ade.Value{Key: k, Data: data(n)}
		var err error
		if v.Revision, err = p.put(v); err != nil {
			return fmt.Errorf("%v: %w", k, err)
		}
		values = append(values, v)
	}
	for _, v := range values {
		if err := p.holds(v); err != nil {
			return err
		}
		all, err := p.list(v.Scope, v.Kind)
		if err != nil {
			return err
		}
		for _, other := range all {
			if other.Scope != v.Scope || other.Kind != v.Kind {
				return fmt.Errorf("the list of %q %q has %v", v.Scope, v.Kind, other.Key)
			}
		}
		if !slices.ContainsFunc(all, func(o ade.Value) bool { return o.Key == v.Key }) {
			return fmt.Errorf("the list of %q %q lacks %v", v.Scope, v.Kind, v.Key)
		}
	}
	return nil
}

func replaced(p *probe) error {
	v, err := p.create(1)
	if err != nil {
		return err
	}
	seen := []string{v.Revision}
	for n := range 3 {
		v.Data = data(n + 1) // the first time nothing but the revision changes
		if v.Revision, err = p.put(v); err != nil {
			return err
		}
		if slices.Contains(seen, v.Revision) {
			return errors.New("a revision is used twice")
		}
		seen = append(seen, v.Revision)
		if err := p.holds(v); err != nil {
			return err
		}
	}
	return nil
}

func exists(p *probe) error {
	v, err := p.create(1)
	if err != nil {
		return err
	}
	if err := p.refused(ade.Value{Key: v.Key, Data: data(2)}); err != nil {
		return err
	}
	if err := p.refused(ade.Value{Key: v.Key}); err != nil {
		return fmt.Errorf("removing: %w", err)
	}
	return p.holds(v)
}

func absent(p *probe) error {
	v, err := p.create(1)
	if err != nil {
		return err
	}
	if err := p.refused(ade.Value{Key: key(2), Revision: v.Revision, Data: data(2)}); err != nil {
		return err
	}
	return p.lacks(key(2))
}

// outdated makes a value and changes it, and returns it as it was and as it
// is.
func (p *probe) outdated() (before, after ade.Value, err error) {
	if before, err = p.create(1); err != nil {
		return before, after, err
	}
	after = ade.Value{Key: before.Key, Revision: before.Revision, Data: data(2)}
	after.Revision, err = p.put(after)
	return before, after, err
}

func stale(p *probe) error {
	before, after, err := p.outdated()
	if err != nil {
		return err
	}
	before.Data = data(3)
	if err := p.refused(before); err != nil {
		return err
	}
	return p.holds(after)
}

func removed(p *probe) error {
	v, err := p.create(1)
	if err != nil {
		return err
	}
	other, err := p.create(2)
	if err != nil {
		return err
	}
	if _, err := p.put(ade.Value{Key: v.Key, Revision: v.Revision}); err != nil {
		return fmt.Errorf("removing: %w", err)
	}
	if err := p.lacks(v.Key); err != nil {
		return err
	}
	all, err := p.list(v.Scope, v.Kind)
	if err == nil && len(all) != 1 {
		err = fmt.Errorf("%d values are listed after one of two was removed", len(all))
	}
	if err != nil {
		return err
	}
	if _, err := p.create(1); err != nil {
		return fmt.Errorf("creating it again: %w", err)
	}
	return p.holds(other)
}

func staleRemoval(p *probe) error {
	before, after, err := p.outdated()
	if err != nil {
		return err
	}
	if err := p.refused(ade.Value{Key: before.Key, Revision: before.Revision}); err != nil {
		return err
	}
	return p.holds(after)
}

func remade(p *probe) error {
	first, err := p.create(1)
	if err != nil {
		return err
	}
	if _, err := p.put(ade.Value{Key: first.Key, Revision: first.Revision}); err != nil {
		return err
	}
	second, err := p.create(1)
	if err != nil {
		return err
	}
	if err := p.refused(ade.Value{Key: first.Key, Revision: first.Revision, Data: data(3)}); err != nil {
		return err
	}
	return p.holds(second)
}
