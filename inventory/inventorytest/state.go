package inventorytest

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/mdmlink/mdmlink/inventory"
)

func stateClauses() []clause {
	return []clause{
		{"state", "a state is returned as it was stored, with a new revision each time", state},
		{"state with changes", "a batch stores its state and carries out its changes", stateWithChanges},
		{"stale state", "a batch with a stale state is ErrRunning and writes nothing", staleState},
		{"state exists", "a state without a revision does not replace one that is there", stateExists},
		{"states apart", "each connection has a state of its own", statesApart},
	}
}

func (p *probe) store1(s inventory.State, changes ...inventory.Change) error {
	_, err := p.store.Apply(p.ctx, inventory.Batch{Scope: scope, Connection: connection, State: &s, Changes: changes})
	return err
}

func (p *probe) state() (inventory.State, error) {
	s, err := p.store.State(p.ctx, connection)
	if err != nil {
		return s, fmt.Errorf("State fails: %w", err)
	}
	return s, nil
}

func state(p *probe) error {
	last := ""
	for _, data := range [][]byte{{'a', 0, 0xff}, []byte("second"), []byte("second")} {
		if err := p.store1(inventory.State{Revision: last, Data: data}); err != nil {
			return fmt.Errorf("Apply fails: %w", err)
		}
		s, err := p.state()
		if err != nil {
			return err
		}
		if !bytes.Equal(s.Data, data) || s.Revision == last {
			return fmt.Errorf("%q with a revision after %q comes back as %q with %q", data, last, s.Data, s.Revision)
		}
		last = s.Revision
	}
	return nil
}

func stateWithChanges(p *probe) error {
	if err := p.store1(inventory.State{Data: []byte("x")}, staging(1), staging(2)); err != nil {
		return fmt.Errorf("Apply fails: %w", err)
	}
	found, err := p.entries(inventory.EntryQuery{Scope: scope})
	if err != nil {
		return err
	}
	s, err := p.state()
	if err == nil && (len(found) != 2 || string(s.Data) != "x") {
		err = fmt.Errorf("%d of 2 entries are listed, and the state is %q", len(found), s.Data)
	}
	return err
}

// fenced tests that a batch with the state is refused whole.
func (p *probe) fenced(s inventory.State) error {
	before, err := p.state()
	if err != nil {
		return err
	}
	err = p.unchanged(func() error {
		if err := p.store1(s, p.creation(1)); !errors.Is(err, inventory.ErrRunning) {
			return fmt.Errorf("the error is %v, not ErrRunning", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	after, err := p.state()
	if err == nil && (after.Revision != before.Revision || !bytes.Equal(after.Data, before.Data)) {
		err = fmt.Errorf("the state was written all the same")
	}
	return err
}

func staleState(p *probe) error {
	if err := p.store1(inventory.State{Data: []byte("1")}); err != nil {
		return fmt.Errorf("Apply fails: %w", err)
	}
	old, err := p.state()
	if err != nil {
		return err
	}
	if err := p.store1(old); err != nil {
		return fmt.Errorf("Apply fails: %w", err)
	}
	return p.fenced(inventory.State{Revision: old.Revision, Data: []byte("2")})
}

func stateExists(p *probe) error {
	if err := p.store1(inventory.State{Data: []byte("1")}); err != nil {
		return fmt.Errorf("Apply fails: %w", err)
	}
	return p.fenced(inventory.State{Data: []byte("2")})
}

func statesApart(p *probe) error {
	if err := p.store1(inventory.State{Data: []byte("1")}); err != nil {
		return fmt.Errorf("Apply fails: %w", err)
	}
	s, err := p.store.State(p.ctx, other)
	if err == nil && (s.Revision != "" || len(s.Data) > 0) {
		err = fmt.Errorf("another connection has a state that was never stored for it")
	}
	return err
}
