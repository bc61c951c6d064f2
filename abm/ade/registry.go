package ade

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// Registry remembers server entries, server configurations, enrolment profiles
// and which device gets which profile: it seals every value and keeps it in a
// [Store]. Changes by two people at a time do not mix: the later one gets an
// error that Is ErrStale. It holds no state of its own and is safe for
// concurrent use.
type Registry struct {
	store  Store
	sealer Sealer
	scope  string
}

// NewRegistry makes a Registry of one scope, such as a customer; "" is a scope
// like any other. store and sealer are required.
func NewRegistry(store Store, sealer Sealer, scope string) (*Registry, error) {
	if store == nil || sealer == nil {
		return nil, &mdm.Error{Op: "registry", Origin: mdm.Origin{Kind: Kind}, Kind: mdm.ErrInvalid, Detail: "a Store and a Sealer are required"}
	}
	return &Registry{store: store, sealer: sealer, scope: scope}, nil
}

func (r *Registry) key(kind ValueKind, id string) Key { return Key{Scope: r.scope, Kind: kind, ID: id} }

func (r *Registry) binding(k Key) Binding {
	return Binding{Scope: k.Scope, Kind: string(k.Kind), ID: k.ID}
}

// newID is the id of a new value.
func newID() string { return strings.ToLower(rand.Text()) }

// storedVersion is the version in which this package writes values.
const storedVersion = 1

// get reads a value into a struct. It returns the revision to change it with.
func (r *Registry) get(ctx context.Context, kind ValueKind, id string, into any) (revision string, err error) {
	v, err := r.store.Get(ctx, r.key(kind, id))
	if err != nil {
		return "", err
	}
	return v.Revision, r.open(ctx, v, into)
}

func (r *Registry) open(ctx context.Context, v Value, into any) error {
	plain, err := r.sealer.Open(ctx, v.Data, r.binding(v.Key))
	if err != nil {
		return err
	}
	return decodeStored(v.Kind, plain, into)
}

func decodeStored(kind ValueKind, plain []byte, into any) error {
	var head struct {
		Version int `json:"v"`
	}
	switch err := json.Unmarshal(plain, &head); {
	case err != nil || head.Version < 1:
		return fail(string(kind), ErrStored, "")
	case head.Version > storedVersion:
		return fail(string(kind), ErrNewerVersion, "")
	}
	if err := json.Unmarshal(plain, into); err != nil {
		return fail(string(kind), ErrStored, "")
	}
	return nil
}

// put writes a struct in place of the one with a revision.
func (r *Registry) put(ctx context.Context, kind ValueKind, id, revision string, from any) (string, error) {
	plain, err := json.Marshal(from)
	if err != nil {
		return "", fail(string(kind), ErrStored, "")
	}
	k := r.key(kind, id)
	sealed, err := r.sealer.Seal(ctx, plain, r.binding(k))
	if err != nil {
		return "", err
	}
	return r.store.Put(ctx, Value{Key: k, Revision: revision, Data: sealed})
}

// drop removes a value. One that is gone already is no error.
func (r *Registry) drop(ctx context.Context, kind ValueKind, id string) error {
	v, err := r.store.Get(ctx, r.key(kind, id))
	if errors.Is(err, mdm.ErrNotFound) {
		return nil
	}
	if err == nil {
		_, err = r.store.Put(ctx, Value{Key: v.Key, Revision: v.Revision})
	}
	return err
}

// list reads all values of a kind, the sequence of the Store first. One that
// cannot be read ends it: nothing is to be decided on half of what is known.
func (r *Registry) list(ctx context.Context, kind ValueKind) ([]Value, error) {
	var all []Value
	for v, err := range r.store.List(ctx, r.scope, kind) {
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// tries is how often a change that does not depend on what was read is tried
// again after another was quicker. Of those who try at a time one succeeds, so
// that this many may.
const tries = 32

// repeat carries out a change until it is not stale.
func repeat(change func() error) error {
	var err error
	for range tries {
		if err = change(); !errors.Is(err, ErrStale) {
			return err
		}
	}
	return err
}

// Reseal seals anew what was not sealed with the current key, and returns how
// many values that were. It takes the Sealer's word for what is current, if it
// has a method Current as [Keyring] does, and seals everything otherwise. A
// value that somebody changes at the same time is sealed by that change. After
// it returns without an error, an older key is not needed any more.
func (r *Registry) Reseal(ctx context.Context) (int, error) {
	judge, _ := r.sealer.(interface{ Current([]byte) bool })
	done := 0
	for _, kind := range ValueKinds() {
		all, err := r.list(ctx, kind)
		if err != nil {
			return done, err
		}
		for _, v := range all {
			if judge != nil && judge.Current(v.Data) {
				continue
			}
			if err := r.reseal(ctx, v); err != nil {
				return done, err
			}
			done++
		}
	}
	return done, nil
}

func (r *Registry) reseal(ctx context.Context, v Value) error {
	plain, err := r.sealer.Open(ctx, v.Data, r.binding(v.Key))
	if err != nil {
		return err
	}
	if v.Data, err = r.sealer.Seal(ctx, plain, r.binding(v.Key)); err != nil {
		return err
	}
	if _, err = r.store.Put(ctx, v); errors.Is(err, ErrStale) {
		return nil
	}
	return err
}
