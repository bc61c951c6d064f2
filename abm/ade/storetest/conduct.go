package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/mdmlink/mdmlink/abm/ade"
)

func oneWinner(p *probe) error {
	v, err := p.create(1)
	if err != nil {
		return err
	}
	for range 5 {
		won, err := p.contest(v)
		if err != nil {
			return err
		}
		if won != 1 {
			return fmt.Errorf("%d of 8 changes of one revision succeed", won)
		}
		if v, err = p.store.Get(p.ctx, v.Key); err != nil {
			return err
		}
	}
	return nil
}

// contest changes a value eight times at once and counts the successes.
func (p *probe) contest(v ade.Value) (int, error) {
	var (
		mu     sync.Mutex
		won    int
		failed []error
		wait   sync.WaitGroup
	)
	for n := range 8 {
		wait.Go(func() {
			err := unbroken(func() error {
				_, err := p.store.Put(p.ctx, ade.Value{Key: v.Key, Revision: v.Revision, Data: data(n + 10)})
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case !errors.Is(err, ade.ErrStale):
				failed = append(failed, err)
			}
		})
	}
	wait.Wait()
	return won, errors.Join(failed...)
}

func copies(p *probe) error {
	v := ade.Value{Key: key(1), Data: data(1)}
	want := ade.Value{Key: key(1), Data: data(1)}
	var err error
	if want.Revision, err = p.put(v); err != nil {
		return err
	}
	v.Data[0] ^= 0xff
	if err := p.holds(want); err != nil {
		return fmt.Errorf("changing what was handed to Put: %w", err)
	}
	got, err := p.store.Get(p.ctx, want.Key)
	if err != nil {
		return err
	}
	got.Data[0] ^= 0xff
	if err := p.holds(want); err != nil {
		return fmt.Errorf("changing what Get returned: %w", err)
	}
	all, err := p.list(want.Scope, want.Kind)
	if err != nil {
		return err
	}
	for _, listed := range all {
		listed.Data[0] ^= 0xff
	}
	if err := p.holds(want); err != nil {
		return fmt.Errorf("changing what was listed: %w", err)
	}
	return nil
}

func brokenOff(p *probe) error {
	for n := range 3 {
		if _, err := p.create(n); err != nil {
			return err
		}
	}
	for range 20 { // more often than a pool has connections
		for _, err := range p.store.List(p.ctx, key(0).Scope, key(0).Kind) {
			if err != nil {
				return err
			}
			break
		}
	}
	_, err := p.create(4)
	return err
}

func contextOver(p *probe) error {
	v, err := p.create(1)
	if err != nil {
		return err
	}
	over, cancel := context.WithCancel(p.ctx)
	cancel()
	if _, err := p.store.Get(over, v.Key); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("the error of Get is %v, not context.Canceled", err)
	}
	if _, err := p.store.Put(over, ade.Value{Key: v.Key, Revision: v.Revision, Data: data(2)}); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("the error of Put is %v, not context.Canceled", err)
	}
	var last error
	for _, err := range p.store.List(over, v.Scope, v.Kind) {
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		return fmt.Errorf("the last error of List is %v, not context.Canceled", last)
	}
	return p.holds(v)
}

// unbroken turns a panic into an error: those of another goroutine would end
// the whole test.
func unbroken(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it panics: %v", r)
		}
	}()
	return f()
}
