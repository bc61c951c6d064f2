package inventory_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

// withSoftware is a source that can list software.
type withSoftware struct {
	*mdmtest.Memory
	mdmtest.Installs
}

// TestSyncSoftware shows that software is read only when the connection asks
// for it, of linked devices, filtered and capped.
//
//mdm:feature 4.37
func TestSyncSoftware(t *testing.T) {
	r := newRig(t, ipads(2)...).put(asset(1))
	source := withSoftware{r.source, mdmtest.Installs{
		{Device: "d001", Name: "Anton"}, {Device: "d001", Name: "Numbers"}, {Device: "d001", Name: "Pages"},
		{Device: "d002", Name: "Numbers"},
	}}
	var got []string
	options := &inventory.Options{Software: func(i mdm.Install) error {
		got = append(got, i.Device+" "+i.Name)
		return nil
	}}
	run, err := inventory.Sync(t.Context(), r.connection, source, r.store, options)
	require.NoError(t, err)
	assert.Empty(t, got, "nobody asked")
	assert.Zero(t, run.Software)

	r.connection.Software = &inventory.SoftwareOptions{Cap: 2}
	run, err = inventory.Sync(t.Context(), r.connection, source, r.store, options)
	require.NoError(t, err)
	assert.Equal(t, []string{"d001 Anton", "d001 Numbers"}, got, "of linked devices, two each")
	assert.Equal(t, 2, run.Software)

	got = nil
	r.connection.Software = &inventory.SoftwareOptions{Match: mdm.NameContains("pages")}
	_, err = inventory.Sync(t.Context(), r.connection, source, r.store, options)
	require.NoError(t, err)
	assert.Equal(t, []string{"d001 Pages"}, got)

	full := errors.New("the disk is full")
	options.Software = func(mdm.Install) error { return full }
	_, err = inventory.Sync(t.Context(), r.connection, source, r.store, options)
	require.ErrorIs(t, err, full)

	_, err = inventory.Sync(t.Context(), r.connection, r.source, r.store, options)
	require.ErrorIs(t, err, mdm.ErrUnsupported, "a source that cannot")
}

// TestSyncHoldsCreation shows that many new assets wait for approval, and that
// links are made all the same.
func TestSyncHoldsCreation(t *testing.T) {
	r := newRig(t, ipads(20)...).put(asset(1))
	r.connection.OnNew = inventory.NewCreate
	run := r.sync()
	require.Len(t, run.Holds, 1)
	assert.Equal(t, inventory.HoldCreate, run.Holds[0].Code)
	assert.Equal(t, 19, run.Holds[0].Count)
	assert.Zero(t, run.Created)
	assert.Equal(t, 1, run.Writes, "the device that is recognised")
	r.options.Approve = run.Holds
	run = r.sync()
	assert.Empty(t, run.Holds)
	assert.Equal(t, 19, run.Created)
}

// TestSyncNeighbours shows that a device that went to the connection of
// another scope moved, and is not merely missing.
func TestSyncNeighbours(t *testing.T) {
	r := newRig(t, ipads(3)...).put(asset(1), asset(2), asset(3))
	r.sync()
	there := r.connection
	there.ID, there.Scope, there.Name = "c2", "school-2", "Toy - Other"
	elsewhere := mdmtest.NewMemory(mdm.Info{Origin: mdm.Origin{Kind: "toy", Address: "https://other.example"}}, ipad(3))
	_, err := inventory.Sync(t.Context(), there, elsewhere, r.store, nil)
	require.NoError(t, err)
	r.source.Remove("d003")
	r.options.Neighbours = []string{"school-2"}
	run := r.sync()
	assert.Equal(t, 1, run.Life[inventory.StageMoved.String()])
	assert.Zero(t, run.Life[inventory.StageMissing.String()])
}
