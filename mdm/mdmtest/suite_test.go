package mdmtest_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

const secret = "hunter2 & co"

var info = mdm.Info{Origin: mdm.Origin{Kind: "toy", Address: "https://toy.example", Tenant: "7"}, Role: mdm.RoleManages}

// record returns a record that fills everything two copies could share.
func record(n int) mdm.Record {
	return mdm.Record{
		ID: fmt.Sprintf("id-%02d", n), Class: mdm.ClassTablet, Platform: mdm.PlatformIPadOS,
		Name: fmt.Sprintf("iPad %d", n), Serial: fmt.Sprintf("SERIAL%04d", n), Model: "iPad (9th generation)",
		Interfaces: []mdm.Interface{{Kind: mdm.InterfaceWiFi, MAC: fmt.Sprintf("00:00:5e:00:53:%02x", n), IPs: []string{"192.0.2.1"}}},
		IMEIs:      []string{"490154203237518"}, SIMs: []mdm.SIM{{ICCID: "8901", Carrier: "Example"}},
		OS: mdm.OS{Name: "iPadOS", Version: "18.1"}, LastSeen: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC),
		User: mdm.User{Name: "Ada", Email: "ada@example.com"}, Groups: []string{"Year 7"},
		Custom: map[string]string{"shelf": "3"}, Blank: mdm.Keys{mdm.KeyNotes},
	}
}

func memory() *mdmtest.Memory {
	m := mdmtest.NewMemory(info, record(1), record(2), record(3), record(4), record(5))
	m.SetPageSize(2)
	return m
}

// full is a source with every ability.
type full struct {
	*mdmtest.Memory
	*mdmtest.Commands
	mdmtest.Batches
	mdmtest.Checks
	mdmtest.Credentials
	mdmtest.Installs
	mdmtest.Places
}

func newFull() full {
	m := memory()
	return full{m, &mdmtest.Commands{Origin: info.Origin}, mdmtest.Batches{Of: m}, mdmtest.Passing(),
		mdmtest.Credentials{{Credential: "API key", State: mdm.HealthOK}},
		mdmtest.Installs{{Device: "id-01", Name: "Maps"}, {Device: "id-01", Name: "Notes"}, {Device: "id-02", Name: "Maps"}},
		mdmtest.Places{{ID: "0", Name: "North"}, {ID: "1", Name: "South"}}}
}

var options = mdmtest.Options{Secrets: []string{secret}, Devices: 5, MaxPage: 2, Sends: []mdm.Command{mdm.Refresh{}}}

func TestRun(t *testing.T) {
	for name, open := range map[string]func() mdm.Source{
		"memory":        func() mdm.Source { return memory() },
		"all abilities": func() mdm.Source { return newFull() },
		"wrapped":       func() mdm.Source { return mdm.Wrapper{Source: newFull()} },
		"paged":         func() mdm.Source { return paged{newFull()} },
	} {
		t.Run(name, func(t *testing.T) {
			mdmtest.Run(t, func(*testing.T) mdm.Source { return open() }, options)
		})
	}
}

func TestRunSkip(t *testing.T) {
	var opened int
	skip := map[string]string{}
	for _, name := range mdmtest.Clauses() {
		skip[name] = "not today"
	}
	mdmtest.Run(t, func(*testing.T) mdm.Source { opened++; return nil }, mdmtest.Options{Skip: skip})
	assert.Zero(t, opened, "a skipped clause opens no source")
}

func TestCheckSkip(t *testing.T) {
	open := func() mdm.Source { return memory() }
	assert.Empty(t, mdmtest.Check(t.Context(), open, options))

	small := options
	small.MaxPage = 1
	assert.Equal(t, []string{"page-size"}, broken(mdmtest.Check(t.Context(), open, small)))
	small.Skip = map[string]string{"page-size": "the toy has pages of two"}
	assert.Empty(t, mdmtest.Check(t.Context(), open, small))

	small.Skip = map[string]string{"page-size": "", "no-such-clause": "why not"}
	assert.Equal(t, []string{"options"}, broken(mdmtest.Check(t.Context(), open, small)))
}

func TestClauses(t *testing.T) {
	names := mdmtest.Clauses()
	slices.Sort(names)
	assert.Equal(t, slices.Compact(slices.Clone(names)), names, "names are unique")
	var shown []string
	for _, toy := range toys() {
		shown = append(shown, toy.clause)
	}
	for _, name := range names {
		assert.Contains(t, shown, name, "a clause that no toy breaks is not known to work")
	}
}

// TestCheckToys breaks one clause at a time.
func TestCheckToys(t *testing.T) {
	for _, toy := range toys() {
		t.Run(toy.clause+"/"+toy.name, func(t *testing.T) {
			t.Parallel()
			opts := options
			opts.Prompt = 200 * time.Millisecond
			if toy.opts != nil {
				toy.opts(&opts)
			}
			found := mdmtest.Check(t.Context(), toy.open, opts)
			require.NotEmpty(t, found)
			assert.Equal(t, []string{toy.clause}, broken(found), "%v", found)
		})
	}
}

// TestCheckPanic shows that a source that panics or hangs is reported.
func TestCheckPanic(t *testing.T) {
	opts := mdmtest.Options{Patience: 20 * time.Millisecond, Prompt: 20 * time.Millisecond, Skip: map[string]string{}}
	for _, name := range mdmtest.Clauses() {
		if name != "total" {
			opts.Skip[name] = "one is enough"
		}
	}
	src := changed{Memory: memory(), pages: func(iter.Seq2[mdm.Page, error]) iter.Seq2[mdm.Page, error] { panic("ouch") }}
	found := mdmtest.Check(t.Context(), func() mdm.Source { return src }, opts)
	require.Len(t, found, 1)
	assert.Equal(t, "total: it panics: ouch", found[0].Error())

	hung := make(chan struct{})
	defer close(hung)
	src.pages = func(iter.Seq2[mdm.Page, error]) iter.Seq2[mdm.Page, error] { <-hung; return nil }
	found = mdmtest.Check(t.Context(), func() mdm.Source { return src }, opts)
	require.Len(t, found, 1)
	assert.Contains(t, found[0].Detail, "takes longer")
}

// broken returns the names of the clauses that were violated.
func broken(found []mdmtest.Violation) []string {
	var names []string
	for _, v := range found {
		names = append(names, v.Clause)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// paged lists through mdm.Paged, with what full can do.
type paged struct{ full }

func (p paged) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return mdm.Paged(func(ctx context.Context, from mdm.Cursor, want mdm.Keys) (mdm.Page, error) {
		for page, err := range p.full.Pages(ctx, mdm.Query{From: from, Want: want}) {
			return page, err
		}
		return mdm.Page{}, errors.New("no page")
	})(ctx, q)
}
