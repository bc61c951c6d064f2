package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/mdmlink/mdmlink/inventory"
)

// Apply carries out a batch in one transaction. A change looks at its
// revisions before it writes anything, so one that is stale leaves nothing
// behind and does not touch the others. On an error everything is rolled back;
// the library reads back what is there in any case.
func (s *Store) Apply(ctx context.Context, b inventory.Batch) ([]inventory.Result, error) {
	w, err := s.begin(ctx, b.Scope)
	if err != nil {
		return nil, err
	}
	defer w.tx.Rollback() //nolint:errcheck // after Commit it does nothing
	if b.State != nil {
		if err := w.fence(ctx, b.Connection, *b.State); err != nil {
			return nil, err
		}
	}
	results := make([]inventory.Result, len(b.Changes))
	for i, c := range b.Changes {
		if results[i], err = w.change(ctx, c); err != nil {
			return nil, fmt.Errorf("sqlstore: apply: %w", err)
		}
	}
	if err := w.tx.Commit(); err != nil {
		return nil, fmt.Errorf("sqlstore: commit: %w", err)
	}
	return results, nil
}

// writer is one transaction.
type writer struct {
	tx    *sql.Tx
	scope string
}

func (s *Store) begin(ctx context.Context, scope string) (*writer, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("sqlstore: begin: %w", err)
	}
	return &writer{tx, scope}, nil
}

// next is a revision that was never used before, so that a row which was
// removed and made again is not taken for the old one.
func (w *writer) next(ctx context.Context) (n int64, err error) {
	err = w.tx.QueryRowContext(ctx, `UPDATE counter SET n = n + 1 RETURNING n`).Scan(&n)
	return n, err
}

// current is the revision that a query finds; 0 if there is no row.
func (w *writer) current(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = w.tx.QueryRowContext(ctx, query, args...).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// fence stores the state, if nobody else did in the meantime.
func (w *writer) fence(ctx context.Context, connection string, s inventory.State) error {
	now, err := w.current(ctx, `SELECT revision FROM state WHERE connection = ?`, connection)
	if err != nil {
		return fmt.Errorf("sqlstore: state: %w", err)
	}
	if now != number(s.Revision) {
		return fmt.Errorf("sqlstore: state: %w", inventory.ErrRunning)
	}
	next, err := w.next(ctx)
	if err == nil {
		_, err = w.tx.ExecContext(ctx, `INSERT OR REPLACE INTO state VALUES (?, ?, ?)`, connection, next, blob(s.Data))
	}
	if err != nil {
		return fmt.Errorf("sqlstore: state: %w", err)
	}
	return nil
}

func (w *writer) change(ctx context.Context, c inventory.Change) (inventory.Result, error) {
	e := c.Entry
	stale, err := w.stale(ctx, c)
	if err != nil || stale {
		return inventory.Result{Key: c.Key, Outcome: inventory.OutcomeStale}, err
	}
	result := inventory.Result{Key: c.Key, Outcome: inventory.OutcomeDone}
	switch {
	case c.Asset == nil:
	case c.Asset.ID == "":
		e.Asset, err = w.create(ctx, *c.Asset)
		result.Asset = e.Asset
	default:
		err = w.update(ctx, *c.Asset)
	}
	if err == nil {
		err = w.entry(ctx, e, c.Remove)
	}
	return result, err
}

// stale reports whether the entry or the asset is not what it was when the
// change was planned.
func (w *writer) stale(ctx context.Context, c inventory.Change) (bool, error) {
	now, err := w.current(ctx, `SELECT revision FROM entry WHERE scope = ? AND connection = ? AND device = ?`, w.scope, c.Entry.Connection, c.Entry.Device)
	if err != nil || now != number(c.Entry.Revision) || now == 0 && c.Entry.Revision != "" {
		return true, err
	}
	if c.Asset == nil || c.Asset.ID == "" {
		return false, nil
	}
	now, err = w.current(ctx, `SELECT revision FROM asset WHERE scope = ? AND id = ?`, w.scope, number(c.Asset.ID))
	return now == 0 || now != number(c.Asset.Revision), err
}

// create makes an asset, unless there is one with its key. The UNIQUE
// constraint keeps two writers from making one each.
func (w *writer) create(ctx context.Context, a inventory.Asset) (string, error) {
	if a.Key != "" {
		id, err := w.current(ctx, `SELECT id FROM asset WHERE scope = ? AND key = ?`, w.scope, a.Key)
		if err != nil || id != 0 {
			return strconv.FormatInt(id, 10), err
		}
	}
	next, identifiers, values, err := w.columns(ctx, a)
	if err != nil {
		return "", err
	}
	var id int64
	err = w.tx.QueryRowContext(ctx, `INSERT INTO asset (scope, revision, key, site, archived, identifiers, field_values)
		VALUES (?, ?, nullif(?, ''), ?, ?, ?, ?) RETURNING id`, w.scope, next, a.Key, a.Site, a.Archived, identifiers, values).Scan(&id)
	return strconv.FormatInt(id, 10), err
}

func (w *writer) update(ctx context.Context, a inventory.Asset) error {
	next, identifiers, values, err := w.columns(ctx, a)
	if err != nil {
		return err
	}
	result, err := w.tx.ExecContext(ctx, `UPDATE asset SET revision = ?, site = ?, archived = ?, identifiers = ?, field_values = ?
		WHERE scope = ? AND id = ?`, next, a.Site, a.Archived, identifiers, values, w.scope, number(a.ID))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errors.New("there is no such asset"), err)
	}
	return nil
}

func (w *writer) columns(ctx context.Context, a inventory.Asset) (next int64, identifiers, values string, err error) {
	i, err1 := json.Marshal(a.Identifiers)
	v, err2 := json.Marshal(a.Values)
	next, err3 := w.next(ctx)
	return next, string(i), string(v), errors.Join(err1, err2, err3)
}

func (w *writer) entry(ctx context.Context, e inventory.Entry, remove bool) error {
	if remove {
		_, err := w.tx.ExecContext(ctx, `DELETE FROM entry WHERE scope = ? AND connection = ? AND device = ?`, w.scope, e.Connection, e.Device)
		return err
	}
	next, err := w.next(ctx)
	if err != nil {
		return err
	}
	_, err = w.tx.ExecContext(ctx, `INSERT OR REPLACE INTO entry (connection, device, scope, revision, state, asset, name, serial, data)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, e.Connection, e.Device, w.scope, next, string(e.State), e.Asset, e.Name, e.Serial, blob(e.Data))
	return err
}

// blob keeps nil from becoming NULL.
func blob(data []byte) []byte {
	if data == nil {
		return []byte{}
	}
	return data
}
