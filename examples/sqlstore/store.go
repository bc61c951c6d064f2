// Package sqlstore is an [inventory.Store] over database/sql with SQLite. It
// is small enough to copy: docs/implementing-a-store.md walks through it, and
// says what to change for another database.
package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"

	_ "modernc.org/sqlite" // the driver, in pure Go

	"github.com/mdmlink/mdmlink/inventory"
)

const schema = `
CREATE TABLE IF NOT EXISTS asset (
	id INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL, revision INTEGER NOT NULL, key TEXT,
	site TEXT NOT NULL, archived BOOLEAN NOT NULL, identifiers TEXT NOT NULL, field_values TEXT NOT NULL,
	UNIQUE (scope, key)
);
CREATE TABLE IF NOT EXISTS entry (
	connection TEXT NOT NULL, device TEXT NOT NULL, scope TEXT NOT NULL, revision INTEGER NOT NULL,
	state TEXT NOT NULL, asset TEXT NOT NULL, name TEXT NOT NULL, serial TEXT NOT NULL, data BLOB NOT NULL,
	PRIMARY KEY (scope, connection, device)
);
CREATE INDEX IF NOT EXISTS entry_by_asset ON entry (scope, asset);
CREATE TABLE IF NOT EXISTS state (connection TEXT PRIMARY KEY, revision INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS counter (n INTEGER NOT NULL);
INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter);
`

// Store is an inventory in a SQLite database. It is safe for concurrent use.
type Store struct{ db *sql.DB }

// Open opens the database in a file, and makes its tables if there are none.
// The caller closes the Store.
func Open(ctx context.Context, file string) (*Store, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("sqlstore: open: %w", err)
	}
	db.SetMaxOpenConns(1) // SQLite writes one at a time anyway; the library never overlaps its calls
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return nil, errors.Join(fmt.Errorf("sqlstore: tables: %w", err), db.Close())
	}
	return &Store{db}, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Assets lists the assets of a scope. It gives more than was asked for, which
// the contract allows: a filter on q.IDs would only save time.
func (s *Store) Assets(ctx context.Context, q inventory.AssetQuery) iter.Seq2[inventory.Asset, error] {
	const query = `SELECT id, revision, coalesce(key, ''), site, archived, identifiers, field_values FROM asset
		WHERE scope = ? AND (? = '' OR id = ?) ORDER BY id`
	one := only(q.IDs)
	return rows(ctx, s.db, scanAsset, query, q.Scope, one, one)
}

// Entries lists the entries of a scope. Of the lists in the query it uses
// those with one element, which is how people's decisions ask.
func (s *Store) Entries(ctx context.Context, q inventory.EntryQuery) iter.Seq2[inventory.Entry, error] {
	const query = `SELECT connection, device, revision, state, asset, name, serial, data FROM entry
		WHERE scope = ? AND (? = '' OR connection = ?) AND (? = '' OR device = ?) AND (? = '' OR asset = ?) ORDER BY connection, device`
	device, asset := only(q.Devices), only(q.Assets)
	return rows(ctx, s.db, scanEntry, query, q.Scope, q.Connection, q.Connection, device, device, asset, asset)
}

// only returns the element of a list that has one; "" otherwise.
func only(ids []string) string {
	if len(ids) == 1 {
		return ids[0]
	}
	return ""
}

// rows runs a query while the caller ranges over its rows, and closes it
// however the range ends.
func rows[T any](ctx context.Context, db *sql.DB, scan func(*sql.Rows) (T, error), query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		found, err := db.QueryContext(ctx, query, args...)
		if err != nil {
			yield(none, fmt.Errorf("sqlstore: query: %w", err))
			return
		}
		defer found.Close()
		for found.Next() {
			v, err := scan(found)
			if !yield(v, err) || err != nil {
				return
			}
		}
		if err := found.Err(); err != nil {
			yield(none, fmt.Errorf("sqlstore: query: %w", err))
		}
	}
}

func scanAsset(r *sql.Rows) (inventory.Asset, error) {
	var (
		a                   inventory.Asset
		identifiers, values string
	)
	err := r.Scan(&a.ID, &a.Revision, &a.Key, &a.Site, &a.Archived, &identifiers, &values)
	if err == nil {
		err = errors.Join(json.Unmarshal([]byte(identifiers), &a.Identifiers), json.Unmarshal([]byte(values), &a.Values))
	}
	return a, err
}

func scanEntry(r *sql.Rows) (inventory.Entry, error) {
	var e inventory.Entry
	err := r.Scan(&e.Connection, &e.Device, &e.Revision, &e.State, &e.Asset, &e.Name, &e.Serial, &e.Data)
	return e, err
}

// State returns what a connection remembers.
func (s *Store) State(ctx context.Context, connection string) (inventory.State, error) {
	var state inventory.State
	err := s.db.QueryRowContext(ctx, `SELECT revision, data FROM state WHERE connection = ?`, connection).Scan(&state.Revision, &state.Data)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return inventory.State{}, fmt.Errorf("sqlstore: state: %w", err)
	}
	return state, nil
}

// Put stores an asset as a person does who keeps the inventory by hand, and
// returns its id. Without an ID it is a new one.
func (s *Store) Put(ctx context.Context, scope string, a inventory.Asset) (string, error) {
	w, err := s.begin(ctx, scope)
	if err != nil {
		return "", err
	}
	defer w.tx.Rollback() //nolint:errcheck // after Commit it does nothing
	id := a.ID
	if id == "" {
		id, err = w.create(ctx, a)
	} else {
		err = w.update(ctx, a)
	}
	if err != nil {
		return "", fmt.Errorf("sqlstore: put: %w", err)
	}
	return id, w.tx.Commit()
}

// number reads a revision or an id; 0 if it is none of ours.
func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
