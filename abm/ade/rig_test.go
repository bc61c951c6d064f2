package ade_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
)

// unsealed is a Sealer that does not, for tests of what is inside.
type unsealed struct{}

func (unsealed) Seal(_ context.Context, plain []byte, _ ade.Binding) ([]byte, error) {
	return plain, nil
}
func (unsealed) Open(_ context.Context, sealed []byte, _ ade.Binding) ([]byte, error) {
	return sealed, nil
}

func keyring(t testing.TB, keys ...ade.HostKey) *ade.Keyring {
	t.Helper()
	if len(keys) == 0 {
		keys = []ade.HostKey{ade.NewHostKey("host-1")}
	}
	ring, err := ade.NewKeyring(keys[0], keys[1:]...)
	require.NoError(t, err)
	return ring
}

func registry(t testing.TB) *ade.Registry {
	t.Helper()
	return registryOn(t, &ade.MemoryStore{}, keyring(t))
}

func registryOn(t testing.TB, store ade.Store, sealer ade.Sealer) *ade.Registry {
	t.Helper()
	r, err := ade.NewRegistry(store, sealer, "customer")
	require.NoError(t, err)
	return r
}

var school = ade.Identity{ServerUUID: "4F1C2B7A90DE43B8A6E5D4C3B2A19087", ServerName: "Inventory Sync", OrgID: "10203040",
	OrgIDHash: "9b2f0c6de1a4573880f9e7d6c5b4a39281706f5e4d3c2b1a0918273645546372", OrgName: "Example School District", AdminID: "it-admin@example-school.org"}

// fresh are credentials that end after a time.
func fresh(end time.Time) credentials {
	c := plain
	c.expiry = end.UTC().Format(time.RFC3339)
	return c
}

// confirms answers as Apple does for a token that works.
func confirms(i ade.Identity) func(context.Context, ade.Token) (ade.Identity, error) {
	return func(context.Context, ade.Token) (ade.Identity, error) { return i, nil }
}

func fails(err error) func(context.Context, ade.Token) (ade.Identity, error) {
	return func(context.Context, ade.Token) (ade.Identity, error) { return ade.Identity{}, err }
}

const year = 365 * 24 * time.Hour

// tokenFile is a token for one of the pairs that ends after a time.
func tokenFile(t testing.TB, p *ade.KeyPair, c credentials) []byte {
	t.Helper()
	return maker{}.file(t, certificate(t, p), c.text())
}

// linked is a server with a token for the first pair, good for a year.
func linked(t testing.TB, r *ade.Registry, name string) *ade.Server {
	t.Helper()
	s, err := r.AddServer(t.Context(), name, 0)
	require.NoError(t, err)
	_, err = r.StageKey(t.Context(), s.ID, pair(0))
	require.NoError(t, err)
	c := fresh(time.Now().Add(year))
	imported, err := r.ImportToken(t.Context(), s.ID, ade.Import{File: tokenFile(t, pair(0), c), Confirm: confirms(school)})
	require.NoError(t, err)
	return imported.Server
}

// failing is a Store that does not work.
type failing struct{ err error }

func (f failing) Get(context.Context, ade.Key) (ade.Value, error) { return ade.Value{}, f.err }
func (f failing) Put(context.Context, ade.Value) (string, error)  { return "", f.err }
func (f failing) List(context.Context, string, ade.ValueKind) iter.Seq2[ade.Value, error] {
	return func(yield func(ade.Value, error) bool) { yield(ade.Value{}, f.err) }
}
