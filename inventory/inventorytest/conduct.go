package inventorytest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"

	"github.com/mdmlink/mdmlink/inventory"
)

func conductClauses() []clause {
	return []clause{
		{"broken off", "a sequence can be left early, and the store goes on", brokenOff},
		{"copies", "what is handed over is not shared with what is stored", copies},
		{"one winner", "of changes of one entry at the same time one is Done, the others are Stale", oneWinner},
		{"one run", "of batches that fence with one state at the same time one is carried out", oneRun},
		{"one creation", "changes with one key at the same time create one asset", oneCreation},
		{"context", "a context that is over ends every call, and nothing is written", contextOver},
	}
}

func brokenOff(p *probe) error {
	if err := p.done(p.creation(1), p.creation(2), p.creation(3)); err != nil {
		return err
	}
	for range 20 { // more often than a pool has connections
		for _, err := range p.store.Assets(p.ctx, inventory.AssetQuery{Scope: scope}) {
			if err != nil {
				return err
			}
			break
		}
		for _, err := range p.store.Entries(p.ctx, inventory.EntryQuery{Scope: scope}) {
			if err != nil {
				return err
			}
			break
		}
	}
	return p.done(staging(4))
}

func copies(p *probe) error {
	c := p.creation(1)
	if err := p.done(c); err != nil {
		return err
	}
	before, err := p.contents()
	if err != nil {
		return err
	}
	c.Entry.Data[0] = '!'
	spoil(*c.Asset)
	a, e, err := p.pair(1)
	if err != nil {
		return err
	}
	want, err := p.contents()
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(before, want) {
		return fmt.Errorf("changing what was handed to Apply changes what is stored")
	}
	spoil(a)
	e.Data[0] = '!'
	after, err := p.contents()
	if err == nil && !reflect.DeepEqual(want, after) {
		err = fmt.Errorf("changing what was listed changes what is stored")
	}
	return err
}

func spoil(a inventory.Asset) {
	for field := range a.Values {
		a.Values[field] = "spoilt"
	}
	for i := range a.Identifiers.MACs {
		a.Identifiers.MACs[i] = "spoilt"
	}
	for i := range a.Identifiers.IMEIs {
		a.Identifiers.IMEIs[i] = "spoilt"
	}
}

// contest calls f eight times at once and counts how often it succeeds.
func contest(f func(n int) (bool, error)) (int, error) {
	var (
		mu     sync.Mutex
		won    int
		failed []error
		wait   sync.WaitGroup
	)
	for n := range 8 {
		wait.Go(func() {
			ok, err := unbroken(f, n)
			mu.Lock()
			defer mu.Unlock()
			failed = append(failed, err)
			if ok {
				won++
			}
		})
	}
	wait.Wait()
	return won, errors.Join(failed...)
}

// unbroken turns a panic into an error: it would end the program, since it
// happens in a goroutine of the suite.
func unbroken(f func(n int) (bool, error), n int) (ok bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it panics: %v", r)
		}
	}()
	return f(n)
}

func oneWinner(p *probe) error {
	if err := p.done(staging(1)); err != nil {
		return err
	}
	_, e, err := p.pair(1)
	if err != nil {
		return err
	}
	won, err := contest(func(n int) (bool, error) {
		mine := e
		mine.Name = device(n)
		results, err := p.apply(inventory.Change{Key: device(n), Entry: mine})
		if err != nil {
			return false, err
		}
		return results[0].Outcome == inventory.OutcomeDone, want(results, inventory.OutcomeDone, inventory.OutcomeStale)
	})
	if err == nil && won != 1 {
		err = fmt.Errorf("%d changes of one revision were done", won)
	}
	return err
}

func oneRun(p *probe) error {
	if err := p.store1(inventory.State{Data: []byte("1")}); err != nil {
		return err
	}
	s, err := p.state()
	if err != nil {
		return err
	}
	won, err := contest(func(n int) (bool, error) {
		err := p.store1(inventory.State{Revision: s.Revision, Data: []byte{byte(n)}})
		if errors.Is(err, inventory.ErrRunning) {
			return false, nil
		}
		return err == nil, err
	})
	if err == nil && won != 1 {
		err = fmt.Errorf("%d batches passed the fence", won)
	}
	return err
}

func oneCreation(p *probe) error {
	_, err := contest(func(n int) (bool, error) {
		c := p.creation(n)
		c.Asset.Key = "one"
		_, err := p.apply(c)
		return true, err
	})
	if err != nil {
		return err
	}
	assets, err := p.assets(inventory.AssetQuery{Scope: scope})
	if err == nil && len(assets) != 1 {
		err = fmt.Errorf("one key made %d assets", len(assets))
	}
	return err
}

func contextOver(p *probe) error {
	if err := p.done(p.creation(1)); err != nil {
		return err
	}
	over, cancel := context.WithCancel(p.ctx)
	cancel()
	return p.unchanged(func() error {
		late := &probe{ctx: over, store: p.store, options: p.options}
		_, errAssets := late.assets(inventory.AssetQuery{Scope: scope})
		_, errEntries := late.entries(inventory.EntryQuery{Scope: scope})
		_, errState := late.state()
		_, errApply := late.apply(staging(2))
		for name, err := range map[string]error{"Assets": errAssets, "Entries": errEntries, "State": errState, "Apply": errApply} {
			if err == nil {
				return fmt.Errorf("%s works although its context is over", name)
			}
		}
		return nil
	})
}
