package inventorytest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/inventory/inventorytest"
)

func TestRun(t *testing.T) {
	for name, open := range map[string]func() inventory.Store{
		"memory":   func() inventory.Store { return &inventory.Memory{} },
		"generous": func() inventory.Store { return inventorytest.Generous{Store: &inventory.Memory{}} },
	} {
		t.Run(name, func(t *testing.T) {
			inventorytest.Run(t, func(*testing.T) inventory.Store { return open() }, inventorytest.Options{})
		})
	}
}

// A toy is a store that is right but for one thing, and violates exactly the
// clauses of it.
func TestCheckToys(t *testing.T) {
	seen := map[string]bool{}
	for _, toy := range toys() {
		t.Run(toy.breaks, func(t *testing.T) {
			found := inventorytest.Check(t.Context(), toy.open, inventorytest.Options{})
			require.Len(t, found, 1)
			assert.Equal(t, toy.breaks, found[0].Clause)
			assert.NotEmpty(t, found[0].Detail)
			assert.Equal(t, toy.breaks+": "+found[0].Detail, found[0].Error())
		})
		seen[toy.breaks] = true
	}
	for _, clause := range inventorytest.Clauses() {
		assert.True(t, seen[clause], "no toy breaks %q", clause)
	}
}

func TestCheckSkip(t *testing.T) {
	skip := map[string]string{"no such clause": "why not", "key": ""}
	for _, name := range inventorytest.Clauses() {
		if name != "key" {
			skip[name] = "not today"
		}
	}
	opened := 0
	open := func() inventory.Store { opened++; return &inventory.Memory{} }
	found := inventorytest.Check(t.Context(), open, inventorytest.Options{Skip: skip})
	assert.Len(t, found, 2)
	assert.Zero(t, opened)
}

func TestCheckPanics(t *testing.T) {
	found := inventorytest.Check(t.Context(), func() inventory.Store { return nil }, inventorytest.Options{})
	assert.Len(t, found, len(inventorytest.Clauses()))
}
