package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

// folder is an ade.Store of files, for one process at a time. A host keeps
// the values in its database instead.
type folder struct {
	dir string
	mu  sync.Mutex
}

// stored is one file.
type stored struct {
	Scope, Kind, ID string
	Revision        string
	Data            []byte
}

// path hides what the host calls its scopes: any text may be one.
func (f *folder) path(k ade.Key) string {
	return filepath.Join(f.dir, hex.EncodeToString([]byte(k.Scope))+"."+string(k.Kind)+"."+hex.EncodeToString([]byte(k.ID))+".json")
}

// Get reads one value.
func (f *folder) Get(ctx context.Context, k ade.Key) (ade.Value, error) {
	if err := ctx.Err(); err != nil {
		return ade.Value{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.read(f.path(k))
}

func (f *folder) read(path string) (ade.Value, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return ade.Value{}, &mdm.Error{Op: "folder", Kind: mdm.ErrNotFound}
	}
	if err != nil {
		return ade.Value{}, err
	}
	var s stored
	if err := json.Unmarshal(text, &s); err != nil {
		return ade.Value{}, err
	}
	return ade.Value{Key: ade.Key{Scope: s.Scope, Kind: ade.ValueKind(s.Kind), ID: s.ID}, Revision: s.Revision, Data: s.Data}, nil
}

// List reads the values of one kind.
func (f *folder) List(ctx context.Context, scope string, kind ade.ValueKind) iter.Seq2[ade.Value, error] {
	return func(yield func(ade.Value, error) bool) {
		entries, err := os.ReadDir(f.dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			yield(ade.Value{}, err)
			return
		}
		prefix := hex.EncodeToString([]byte(scope)) + "." + string(kind) + "."
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), prefix) || !strings.HasSuffix(e.Name(), ".json") {
				continue
			}
			if err := ctx.Err(); err != nil {
				yield(ade.Value{}, err)
				return
			}
			v, err := f.read(filepath.Join(f.dir, e.Name()))
			if errors.Is(err, mdm.ErrNotFound) {
				continue // removed in between
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(ade.Value{}, err)
		}
	}
}

// Put writes a value next to the old one and then moves it into its place, so
// that there is always a whole one.
func (f *folder) Put(ctx context.Context, v ade.Value) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	path := f.path(v.Key)
	old, err := f.read(path)
	if err != nil && !errors.Is(err, mdm.ErrNotFound) {
		return "", err
	}
	if old.Revision != v.Revision {
		return "", ade.ErrStale
	}
	if len(v.Data) == 0 {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		return "", nil
	}
	s := stored{v.Scope, string(v.Kind), v.ID, rand.Text(), v.Data}
	text, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	return s.Revision, write(path, text)
}

// write puts text into a file that only its owner can read.
func write(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // where it was not moved
	_, err = file.Write(text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// hostKey reads the key that encrypts the values, or makes one.
func hostKey(file string) (ade.HostKey, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		key := ade.NewHostKey("1")
		text, err := key.Key.Reveal(context.Background())
		if err != nil {
			return key, err
		}
		return key, write(file, []byte(text))
	}
	if err != nil {
		return ade.HostKey{}, err
	}
	return ade.HostKey{ID: "1", Key: mdm.NewSecret(strings.TrimSpace(string(text)))}, nil
}
