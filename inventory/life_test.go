package inventory_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
)

const aDay = 24 * time.Hour

//mdm:feature 4.13 4.14
func TestLifeCycle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := ipad(1)
		one.LastSeen, one.Status = time.Time{}, mdm.StatusPending
		r := newRig(t, one, ipad(2)).put(asset(1))
		r.connection.Life = inventory.LifePolicy{Stale: 10 * aDay, Grace: 5 * aDay, Runs: 2, ForgetAfter: 20 * aDay}
		stage := func() inventory.Stage { return r.row("d001").Stage }
		assert.Equal(t, 1, r.sync().Life["pending_enrolment"])
		assert.Equal(t, inventory.StagePending, stage())
		assert.Equal(t, mdm.ClassTablet, r.row("d001").Record.Class)

		one.Status, one.LastSeen = mdm.StatusEnrolled, time.Now()
		r.source.Put(one)
		r.sync()
		assert.Equal(t, inventory.StageActive, stage())
		time.Sleep(10 * aDay)
		r.sync()
		assert.Equal(t, inventory.StageStale, stage())
		r.quiet()

		r.source.Remove("d001")
		missing := time.Now()
		assert.Equal(t, 1, r.sync().Life["missing"])
		assert.Equal(t, inventory.StageMissing, stage())
		r.quiet()
		time.Sleep(4 * aDay)
		r.quiet()
		time.Sleep(aDay)
		r.source.SetIncomplete("half of it")
		r.quiet()
		r.source.SetIncomplete("")
		assert.Equal(t, 1, r.sync().Life["gone"])
		assert.Equal(t, inventory.StageGone, stage())
		assert.True(t, missing.Equal(r.row("d001").Missing))
		assert.Equal(t, "a001", r.row("d001").Asset, "nothing is deleted")
		r.quiet()

		r.source.Put(one)
		run := r.sync()
		assert.Equal(t, 1, run.Life[inventory.LifeReturned])
		assert.True(t, r.row("d001").Missing.IsZero())
		r.quiet()
	})
}

func TestLifeForget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, ipads(4)...).put(asset(1))
		r.connection.Life = inventory.LifePolicy{Grace: aDay, Runs: 1, ForgetAfter: 10 * aDay}
		r.sync()
		require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideIgnore, Device: "d003"}))
		r.source.Remove("d001", "d002", "d003")
		r.sync()
		time.Sleep(2 * aDay)
		r.sync()
		assert.Equal(t, "iPad 001", r.row("d001").Record.Name)
		time.Sleep(10 * aDay)
		r.sync()
		assert.Equal(t, mdm.Record{Origin: info.Origin, ID: "d001", Class: mdm.ClassTablet, Platform: mdm.PlatformIPadOS}, r.row("d001").Record)
		assert.Equal(t, "a001", r.row("d001").Asset)
		_, there := r.find("d002")
		assert.False(t, there, "nobody decided about it")
		assert.Equal(t, inventory.EntryIgnored, r.row("d003").State, "decisions stay")
		for e := range r.memory.Entries(t.Context(), inventory.EntryQuery{Scope: scope, Devices: []string{"d001"}}) {
			assert.NotContains(t, string(e.Data)+e.Name+e.Serial, "iPad 001")
			assert.NotContains(t, string(e.Data)+e.Name+e.Serial, "Ada")
		}
		r.quiet()
		r.source.Put(ipad(1), ipad(2))
		r.sync()
		assert.Equal(t, "iPad 001", r.row("d001").Record.Name)
		assert.Equal(t, inventory.EntryLinked, r.row("d001").State)
		r.quiet()
	})
}

//mdm:feature 4.45 4.52
func TestNoteWipe(t *testing.T) {
	r := newRig(t, ipad(1), ipad(2)).put(asset(1))
	r.sync()
	wipe := inventory.Request{Receipt: mdm.Receipt{Origin: info.Origin, Device: "d001", Command: mdm.Wipe{}.Name(), Requested: now}}
	note := func(q inventory.Request) error { return inventory.Note(t.Context(), r.connection, r.store, q) }
	require.NoError(t, note(wipe))
	row := r.row("d001")
	assert.Equal(t, inventory.StageActive, row.Stage)
	require.Len(t, row.Requests, 1)
	assert.Equal(t, "wipe requested for device d001, not confirmed", row.Requests[0].String())
	r.quiet()

	wipe.Confirmed = now.Add(time.Hour)
	r.options.Requests = []inventory.Request{wipe}
	assert.Equal(t, 1, r.sync().Life["wiped"])
	row = r.row("d001")
	assert.Equal(t, inventory.StageWiped, row.Stage)
	assert.Equal(t, wipe.Confirmed, row.Wiped)
	require.Len(t, row.Requests, 1, "it is the same request")
	assert.Equal(t, "wipe confirmed for device d001", row.Requests[0].String())
	r.options.Requests = nil
	r.quiet()

	r.change(1, func(x *mdm.Record) { x.Enrolment.At = now.Add(2 * time.Hour) })
	r.sync()
	assert.Equal(t, inventory.StageActive, r.row("d001").Stage, "a new enrolment clears it")
	assert.True(t, r.row("d001").Wiped.IsZero())

	wipe.Failed, wipe.Confirmed = "unsupported", time.Time{}
	assert.Equal(t, "wipe requested for device d001, and failed: unsupported", wipe.String())
	wipe.Receipt.Device = "d999"
	require.ErrorIs(t, note(wipe), mdm.ErrNotFound)
	wipe.Receipt.Device, wipe.Receipt.Origin.Tenant = "d002", "8"
	require.ErrorIs(t, note(wipe), mdm.ErrWrongTenant)
}

// Two records of one device take its link from each other in turn.
func TestSyncAlternating(t *testing.T) {
	one, two := ipad(1), ipad(1)
	two.ID, two.UDID = "d900", "00008101-00000000000000AA"
	two.LastSeen = one.LastSeen.Add(-50 * aDay)
	r := newRig(t, one, two).put(asset(1))
	var codes []string
	for n := range 4 {
		older, newer := &one, &two
		if n%2 == 1 {
			older, newer = &two, &one
		}
		newer.LastSeen = older.LastSeen.Add(30 * aDay)
		r.source.Put(one, two)
		for _, w := range r.sync().Warnings {
			if w.Code == inventory.WarnAlternating {
				codes = append(codes, w.Device+" "+w.Others[0])
			}
		}
		assert.Equal(t, "a001", r.row(newer.ID).Asset)
		r.quiet()
	}
	assert.Equal(t, []string{"d900 d001", "d001 d900"}, codes[len(codes)-2:])
}

// The MDM gives a device another id: the link, the edits and the decisions go
// with it.
func TestSyncFollowsID(t *testing.T) {
	r := newRig(t, ipad(1), ipad(2)).put(asset(1))
	r.sync()
	r.edit("a001", "room", "Cellar")
	r.source.Remove("d001")
	again := ipad(1)
	again.ID, again.Room, again.OS.Version = "d500", "R9", "19"
	r.source.Put(again)
	r.sync()
	assert.Equal(t, "a001", r.row("d500").Asset)
	assert.Equal(t, inventory.EntryAlias, r.row("d001").State)
	assert.Equal(t, "Cellar", r.assets()["a001"].Values["room"])
	assert.Equal(t, "19", r.assets()["a001"].Values["os"])
	r.quiet()
}

// A device that the organisation gave away keeps its asset, and none is made
// for it.
func TestLifeReleased(t *testing.T) {
	one, two := ipad(1), ipad(2)
	one.Status, two.Status = mdm.StatusReleased, mdm.StatusReleased
	r := newRig(t, one, two).put(asset(1))
	r.connection.OnNew = inventory.NewCreate
	run := r.sync()
	assert.Zero(t, run.Created)
	assert.Equal(t, 2, run.Life["released"])
	assert.Equal(t, inventory.StageReleased, r.row("d001").Stage)
	assert.Equal(t, "a001", r.row("d001").Asset)
	assert.Equal(t, inventory.EntryStaged, r.row("d002").State)
	r.quiet()
}

// Another connection that lists the devices all along, such as the programme
// they were bought through, says nothing about where they went: an empty answer
// is held all the same.
func TestLifeListedElsewhereAllAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, ipads(40)...)
		bought := newRig(t, ipads(40)...)
		bought.store, bought.memory = r.store, r.memory
		bought.connection.ID, bought.connection.Name = "abm", "ABM - School"
		r.sync()
		bought.sync()
		time.Sleep(100 * aDay)
		for _, record := range ipads(40) {
			r.source.Remove(record.ID)
		}
		run := r.sync()
		require.Len(t, run.Holds, 1)
		assert.Equal(t, inventory.HoldEmpty, run.Holds[0].Code)
		r.options.Approve = run.Holds
		assert.Equal(t, 40, r.sync().Life["missing"])
	})
}

// A fleet that moves to another connection in one go is looked at first.
func TestLifeMovedTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, ipads(40)...)
		r.sync()
		next := newRig(t, ipads(40)...)
		next.store, next.memory = r.store, r.memory
		next.connection.ID, next.connection.Name = "new", "New - School"
		time.Sleep(100 * aDay)
		next.sync()
		for _, record := range ipads(20) {
			r.source.Remove(record.ID)
		}
		run := r.sync()
		require.Len(t, run.Holds, 1)
		assert.Equal(t, inventory.HoldMissing, run.Holds[0].Code)
		assert.True(t, r.row("d001").Missing.IsZero())
		r.options.Approve = run.Holds
		assert.Equal(t, 20, r.sync().Life["moved"])
		assert.Equal(t, "new", r.row("d001").Moved)

		// and back again
		r.options.Approve = nil
		r.source.Put(ipads(20)...)
		time.Sleep(100 * aDay)
		r.sync()
		next.source.Remove("d001")
		next.sync()
		row := next.row("d001")
		assert.Equal(t, "c1", row.Moved)
	})
}

// Forgetting keeps what persons decided, in whatever state the entry is.
func TestLifeForgetKeepsMerges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, ipads(2)...).put(asset(1))
		r.connection.Life = inventory.LifePolicy{Grace: aDay, Runs: 1, ForgetAfter: aDay}
		r.sync()
		require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideMerge, Device: "d002", Into: "d001"}))
		r.source.Remove("d002")
		for range 5 {
			r.sync()
			time.Sleep(2 * aDay)
		}
		assert.Len(t, r.row("d002").Decisions, 1)
		assert.Empty(t, r.row("d002").Record.Name)
		r.source.Put(ipad(2))
		r.sync()
		assert.Equal(t, inventory.EntryAlias, r.row("d002").State)
	})
}
