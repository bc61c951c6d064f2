package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

// probe is what a clause works with.
type probe struct {
	ctx   context.Context
	store ade.Store
}

// key is that of the n-th value of the suite.
func key(n int) ade.Key {
	return ade.Key{Scope: "customer-1", Kind: ade.ValueServer, ID: fmt.Sprintf("id-%d", n)}
}

// data is of any bytes, as ciphertext is, and of a length of its own.
func data(n int) []byte {
	all := make([]byte, 300+n)
	for i := range all {
		all[i] = byte(i*7 + n)
	}
	return all
}

func (p *probe) put(v ade.Value) (string, error) {
	revision, err := p.store.Put(p.ctx, v)
	if err != nil {
		return "", fmt.Errorf("the call of Put fails: %w", err)
	}
	if revision == "" && len(v.Data) > 0 {
		return "", errors.New("the call of Put gives no revision")
	}
	return revision, nil
}

// create stores the n-th value.
func (p *probe) create(n int) (ade.Value, error) {
	v := ade.Value{Key: key(n), Data: data(n)}
	var err error
	v.Revision, err = p.put(v)
	return v, err
}

// holds reports an error unless the store has exactly this value at its key.
func (p *probe) holds(want ade.Value) error {
	got, err := p.store.Get(p.ctx, want.Key)
	if err != nil {
		return fmt.Errorf("the call of Get fails: %w", err)
	}
	return same(want, got)
}

func same(want, got ade.Value) error {
	switch {
	case got.Key != want.Key:
		return fmt.Errorf("the key is %v, not %v", got.Key, want.Key)
	case !bytes.Equal(got.Data, want.Data):
		return errors.New("the data is not what was stored")
	case got.Revision != want.Revision:
		return errors.New("the revision is not the one that Put gave")
	}
	return nil
}

// lacks reports an error unless nothing is at a key.
func (p *probe) lacks(k ade.Key) error {
	_, err := p.store.Get(p.ctx, k)
	if !errors.Is(err, mdm.ErrNotFound) {
		return fmt.Errorf("the error of Get for what is not there is %v, not mdm.ErrNotFound", err)
	}
	return nil
}

// refused reports an error unless Put says that a value is stale.
func (p *probe) refused(v ade.Value) error {
	if _, err := p.store.Put(p.ctx, v); !errors.Is(err, ade.ErrStale) {
		return fmt.Errorf("the error of Put is %v, not ade.ErrStale", err)
	}
	return nil
}

func (p *probe) list(scope string, kind ade.ValueKind) ([]ade.Value, error) {
	var all []ade.Value
	for v, err := range p.store.List(p.ctx, scope, kind) {
		if err != nil {
			return nil, fmt.Errorf("the call of List fails: %w", err)
		}
		all = append(all, v)
	}
	return all, nil
}
