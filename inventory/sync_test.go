package inventory_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

//mdm:feature 1.6 1.7 1.11 2.1
func TestSyncLinksAndStages(t *testing.T) {
	r := newRig(t, ipad(1), ipad(2)).put(asset(1))
	run := r.sync()
	assert.Equal(t, inventory.EntryLinked, r.row("d001").State)
	assert.Equal(t, "a001", r.row("d001").Asset)
	assert.Equal(t, inventory.EntryStaged, r.row("d002").State)
	assert.Equal(t, ipad(2).Serial, r.row("d002").Record.Serial)
	assert.Equal(t, "iPad 001", r.assets()["a001"].Values["name"])
	assert.Equal(t, map[string]int{"auto_linked": 1, "unmatched": 1}, run.Outcomes)
	assert.Equal(t, 2, run.Writes)
	r.quiet()

	r.change(1, func(x *mdm.Record) { x.OS.Version = "18.2" })
	run = r.sync()
	assert.Equal(t, 1, run.Attributes.Changed)
	assert.Equal(t, "18.2", r.assets()["a001"].Values["os"])
	r.quiet()
}

//mdm:feature 1.13 1.14 1.15
func TestSyncKeepsLinkIntoTheMDM(t *testing.T) {
	one := ipad(1)
	one.Link, one.LinkTarget = "https://toy.example/devices/d001", mdm.LinkDevice
	r := newRig(t, one).put(asset(1))
	r.sync()
	row := r.row("d001")
	assert.Equal(t, "c1", row.Connection)
	assert.Equal(t, one.Link, row.Record.Link)
	assert.Equal(t, mdm.LinkDevice, row.Record.LinkTarget)
	assert.Equal(t, one.LastSeen, row.Record.LastSeen)
}

// Scenario: a re-enrolled iPad has two records in the MDM.
func TestSyncReEnrolled(t *testing.T) {
	old, fresh := ipad(1), ipad(1)
	fresh.ID, fresh.UDID = "d900", "00008101-00000000000000AA"
	old.LastSeen, old.Flags.Managed = now.Add(-90*24*time.Hour), mdm.No
	r := newRig(t, old, fresh).put(asset(1))
	r.sync()
	assert.Equal(t, inventory.EntryLinked, r.row("d900").State)
	assert.Equal(t, inventory.EntryAlias, r.row("d001").State)
	assert.Equal(t, "d900", r.row("d001").Primary)
	r.quiet()
}

// Scenario: the board was swapped.
func TestSyncIdentityChanged(t *testing.T) {
	r := newRig(t, ipad(1)).put(asset(1))
	r.sync()
	r.change(1, func(x *mdm.Record) { x.Serial, x.OS.Version = "DMPX9999Q1GC", "19.0" })
	run := r.sync()
	require.NotEmpty(t, run.Warnings)
	assert.Equal(t, inventory.WarnIdentityChanged, run.Warnings[0].Code)
	assert.Equal(t, inventory.EntryLinked, r.row("d001").State, "the link stays")
	assert.Equal(t, match.Blocked, r.row("d001").Outcome)
	assert.Equal(t, "18.1", r.assets()["a001"].Values["os"], "nothing is written silently")
	r.quiet()
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideReplace, Device: "d001"}))
	r.sync()
	assert.Equal(t, match.Linked, r.row("d001").Outcome)
	assert.Equal(t, "19.0", r.assets()["a001"].Values["os"])
	r.quiet()
}

// Scenario: the inventory has a device twice.
func TestSyncInventoryTwin(t *testing.T) {
	twin := asset(1)
	twin.ID = "a901"
	r := newRig(t, ipad(1)).put(asset(1), twin)
	r.connection.OnNew = inventory.NewCreate
	run := r.sync()
	assert.Len(t, r.row("d001").Candidates, 2)
	assert.Equal(t, match.Ambiguous, r.row("d001").Outcome)
	assert.Zero(t, run.Created)
}

// Scenarios: the listing is truncated, breaks off, loses a record, or is
// empty.
//
//mdm:feature 4.13
func TestSyncHonestEndings(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil   func(*mdmtest.Memory)
		endedBy string
	}{
		"said so":     {func(m *mdmtest.Memory) { m.Remove("d001"); m.SetIncomplete("a limit") }, "a limit"},
		"broke off":   {func(m *mdmtest.Memory) { m.Remove("d001"); m.SetPageSize(3); m.FailAfter(1, mdm.ErrDecode) }, "error"},
		"one remains": {func(m *mdmtest.Memory) { m.Remove("d001"); m.SetIncomplete("scope") }, "scope"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, ipads(9)...).put(asset(1))
			r.sync()
			tc.spoil(r.source)
			run := r.sync()
			assert.False(t, run.Listing.Complete)
			assert.Equal(t, tc.endedBy, run.Listing.EndedBy)
			assert.True(t, r.row("d001").Missing.IsZero())
			assert.Equal(t, inventory.EntryLinked, r.row("d001").State)
			assert.Empty(t, run.Holds)
		})
	}
}

// A listing that ends with fewer devices than it announced proves nothing,
// whatever it says of itself.
func TestSyncFewerThanAnnounced(t *testing.T) {
	r := newRig(t, ipads(4)...)
	r.sync()
	r.source.Remove("d001")
	run, err := inventory.Sync(t.Context(), r.connection, pages{r.source, func(p *mdm.Page) { p.Total = 4 }}, r.store, nil)
	require.NoError(t, err)
	assert.Equal(t, "fewer_than_announced", run.Listing.EndedBy)
	assert.True(t, r.row("d001").Missing.IsZero())
}

// A record that could not be read may be the one that is absent. The others
// are still linked.
func TestSyncLostRecord(t *testing.T) {
	r := newRig(t, ipads(3)...).put(asset(1), asset(3))
	r.source.Remove("d003")
	r.sync()
	r.source.Put(ipad(3))
	r.source.Remove("d001")
	lose := func(p *mdm.Page) { p.Lost = append(p.Lost, mdm.ErrDecode) }
	run, err := inventory.Sync(t.Context(), r.connection, pages{r.source, lose}, r.store, nil)
	require.NoError(t, err)
	assert.Equal(t, 1, run.Listing.Lost)
	assert.Equal(t, "lost_records", run.Listing.EndedBy)
	assert.True(t, r.row("d001").Missing.IsZero())
	assert.Equal(t, inventory.EntryLinked, r.row("d003").State)
}

func TestSyncEmptyListing(t *testing.T) {
	r := newRig(t, ipads(3)...).put(asset(1))
	r.sync()
	r.source.Remove("d001", "d002", "d003")
	run := r.sync()
	require.Len(t, run.Holds, 1)
	assert.Equal(t, inventory.HoldEmpty, run.Holds[0].Code)
	assert.Equal(t, []string{"d001", "d002", "d003"}, run.Holds[0].Devices)
	assert.True(t, r.row("d001").Missing.IsZero())

	require.NoError(t, inventory.Approve(t.Context(), r.connection, r.store, run.Holds...))
	run = r.sync()
	assert.Empty(t, run.Holds)
	assert.False(t, r.row("d001").Missing.IsZero())
	assert.Equal(t, "a001", r.row("d001").Asset, "nothing is deleted")
	assert.Len(t, r.assets(), 1)
	r.quiet()
}

func TestSyncBreakerNeedsOtherApprovalForMore(t *testing.T) {
	r := newRig(t, ipads(100)...)
	r.sync()
	for n := range 20 {
		r.source.Remove(ipad(n + 1).ID)
	}
	held := r.sync().Holds
	require.Len(t, held, 1)
	assert.Equal(t, inventory.Hold{Code: inventory.HoldMissing, Count: 20, Limit: 10, Devices: held[0].Devices}, held[0])
	r.source.Remove(ipad(21).ID)
	r.options.Approve = held
	assert.Len(t, r.sync().Holds, 1, "one more device is not what was approved")
	r.source.Put(ipad(20), ipad(21))
	assert.Empty(t, r.sync().Holds, "fewer devices are")
	assert.Equal(t, inventory.StageMissing, r.row("d001").Stage)
}

// Scenario: the MDM has one id in two classes.
func TestSyncSameIDInTwoClasses(t *testing.T) {
	mac := ipad(2)
	mac.ID, mac.Class, mac.Platform = "computer/12", mdm.ClassComputer, mdm.PlatformMacOS
	tablet := ipad(1)
	tablet.ID = "mobile/12"
	r := newRig(t, mac, tablet).put(asset(1))
	r.sync()
	assert.Equal(t, "a001", r.row("mobile/12").Asset)
	assert.Equal(t, inventory.EntryStaged, r.row("computer/12").State)
	r.quiet()
}

// Scenario: the user is blank in this run.
//
//mdm:feature 4.48
func TestSyncBlankUser(t *testing.T) {
	r := newRig(t, ipad(1)).put(asset(1))
	r.sync()
	require.Equal(t, "Ada", r.assets()["a001"].Values["user"])
	t.Run("not reported", func(t *testing.T) {
		r.change(1, func(x *mdm.Record) { x.User = mdm.User{} })
		r.sync()
		assert.Equal(t, "Ada", r.assets()["a001"].Values["user"])
		assert.Equal(t, "Ada", r.row("d001").Record.User.Name)
		r.quiet()
	})
	t.Run("blank", func(t *testing.T) {
		r.change(1, func(x *mdm.Record) { x.User, x.Blank = mdm.User{}, mdm.Keys{mdm.KeyUserName} })
		run := r.sync()
		assert.Equal(t, 1, run.Attributes.Blank)
		assert.Equal(t, "Ada", r.assets()["a001"].Values["user"])
		assert.Empty(t, r.row("d001").Record.User.Name)
		r.quiet()
	})
	t.Run("cleared if the rule says so", func(t *testing.T) {
		r.connection.Mapping[2].Clear = true
		r.sync()
		assert.Empty(t, r.assets()["a001"].Values["user"])
		r.quiet()
	})
}

// Scenario: a person edited the room.
func TestSyncLocalEdit(t *testing.T) {
	r := newRig(t, ipad(1)).put(asset(1))
	r.sync()
	require.Equal(t, "R1", r.assets()["a001"].Values["room"])
	r.edit("a001", "room", "Cellar")
	r.change(1, func(x *mdm.Record) { x.Room = "R2" })
	run := r.sync()
	assert.Equal(t, 1, run.Attributes.LocalEdit)
	assert.Equal(t, "Cellar", r.assets()["a001"].Values["room"])
	r.quiet()
	r.edit("a001", "room", "R1")
	r.sync()
	assert.Equal(t, "R2", r.assets()["a001"].Values["room"], "the edit was taken back")
}

// Scenario: a rejected pair is not suggested again until the evidence changes.
//
//mdm:feature 1.10
func TestSyncRejected(t *testing.T) {
	plain := inventory.Asset{ID: "a1", Identifiers: inventory.Identifiers{Name: "iPad 001", Model: "iPad (9th generation)"}}
	r := newRig(t, ipad(1)).put(plain)
	r.sync()
	require.Len(t, r.row("d001").Candidates, 1, "name and model agree")
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideReject, Device: "d001", Asset: "a1"}))
	assert.Empty(t, r.row("d001").Candidates)
	r.sync()
	for _, c := range r.row("d001").Candidates {
		assert.NotEmpty(t, c.Vetoes)
	}
	assert.NotEqual(t, match.Suggested, r.row("d001").Outcome)
	r.quiet()
	plain.Identifiers.Serial = ipad(1).Serial
	r.put(plain)
	r.sync()
	assert.Len(t, r.row("d001").Candidates, 1, "other evidence asks the person again")
	assert.Equal(t, inventory.EntryStaged, r.row("d001").State)
}

// Scenario: a device moves from one school's connection to another's.
func TestSyncMoved(t *testing.T) {
	for _, name := range []string{"leaves first", "arrives first"} {
		t.Run(name, func(t *testing.T) {
			a := newRig(t, ipads(3)...).put(asset(1))
			b := *a
			b.source = mdmtest.NewMemory(mdm.Info{Origin: mdm.Origin{Kind: "toy", Address: "https://other.example"}}, ipad(8))
			b.connection.ID, b.connection.Name = "c2", "Toy - Other"
			a.sync()
			b.sync()
			there := ipad(1)
			there.ID = "x77"
			if name == "leaves first" {
				a.source.Remove("d001")
				assert.Equal(t, 1, a.sync().Life["missing"])
			}
			b.source.Put(there)
			run := b.sync()
			if name == "leaves first" {
				assert.Equal(t, 1, run.Life[inventory.LifeArrived])
				assert.Equal(t, "c1", b.row("x77").Moved)
			}
			a.source.Remove("d001")
			assert.Equal(t, 1, a.sync().Life["moved"])
			assert.Equal(t, inventory.StageMoved, a.row("d001").Stage)
			assert.Equal(t, "c2", a.row("d001").Moved)
			assert.Equal(t, "a001", b.row("x77").Asset)
			a.quiet()
			b.quiet()
		})
	}
}

// Scenario: a person archived the asset, and the device checks in.
func TestSyncRetired(t *testing.T) {
	retired := asset(1)
	retired.Archived = true
	r := newRig(t, ipad(1)).put(retired)
	r.connection.OnNew = inventory.NewCreate
	r.sync()
	row := r.row("d001")
	assert.Equal(t, match.Blocked, row.Outcome)
	require.Len(t, row.Candidates, 1)
	assert.Equal(t, match.CodeRetired, row.Candidates[0].Vetoes[0].Code)
	assert.Len(t, r.assets(), 1)
	r.quiet()
}

// Scenario: the store is throttled in the middle of applying.
func TestSyncThrottledStore(t *testing.T) {
	r := newRig(t, ipads(10)...)
	r.connection.OnNew = inventory.NewCreate
	r.connection.Limits.Create, r.connection.Limits.Least = 1, 100
	r.options.Batch = 3
	flaky := &throttled{Store: r.memory, from: 3}
	run, err := inventory.Sync(t.Context(), r.connection, r.source, flaky, &r.options)
	require.ErrorIs(t, err, mdm.ErrRateLimited)
	assert.Equal(t, "rate_limited", run.Error)
	assert.Equal(t, 3, run.Writes)
	flaky.from = 1000
	run, err = inventory.Sync(t.Context(), r.connection, r.source, flaky, &r.options)
	require.NoError(t, err)
	assert.Equal(t, 7, run.Writes)
	assert.Len(t, r.assets(), 10)
}

func TestSyncChangedFilter(t *testing.T) {
	r := newRig(t, ipads(3)...)
	r.sync()
	part := info
	part.Filter = "site=1"
	r.source = mdmtest.NewMemory(part, ipad(1))
	r.sync()
	assert.True(t, r.row("d002").Missing.IsZero())
	r.sync()
	assert.True(t, r.row("d002").Missing.IsZero(), "it was never in this part")
	r.source.Remove("d001")
	r.source.Put(ipad(5))
	r.sync()
	assert.False(t, r.row("d001").Missing.IsZero())
}

//mdm:feature 2.16
func TestSyncFencesASecondRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, ipad(1))
		var inner error
		peek := pages{r.source, func(*mdm.Page) {
			_, inner = inventory.Sync(t.Context(), r.connection, r.source, r.memory, nil)
		}}
		run, err := inventory.Sync(t.Context(), r.connection, peek, r.memory, nil)
		require.NoError(t, err)
		require.ErrorIs(t, inner, inventory.ErrRunning)
		assert.Equal(t, 1, run.Writes)

		slow := pages{r.source, func(*mdm.Page) {
			time.Sleep(2 * time.Hour)
			_, err := inventory.Sync(t.Context(), r.connection, r.source, r.memory, nil)
			assert.NoError(t, err, "a run without signs of life counts as dead")
		}}
		_, err = inventory.Sync(t.Context(), r.connection, slow, r.memory, nil)
		require.ErrorIs(t, err, inventory.ErrRunning, "and the dead run writes nothing when it wakes")
	})
}

//mdm:feature 4.51
func TestSyncResumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, ipads(9)...)
		r.source.SetPageSize(2)
		r.source.FailAfter(2, mdm.ErrUnavailable)
		r.options.Resume = 5
		run := r.sync()
		assert.True(t, run.Listing.Complete, "each try goes on behind the last page")
		assert.Equal(t, 9, run.Listing.Received)
		assert.Equal(t, 2, run.Listing.Resumed)
		assert.Empty(t, run.Error)
	})
}

// A device that Apple gave for another one is suggested for the other one's
// asset, and linked by nobody but a person.
//
//mdm:feature 3.19
func TestSyncReplaces(t *testing.T) {
	fresh := ipad(2)
	fresh.Replaces = ipad(1).Serial
	r := newRig(t, fresh).put(asset(1))
	r.sync()
	row := r.row("d002")
	assert.Equal(t, inventory.EntryStaged, row.State)
	require.Len(t, row.Candidates, 1)
	assert.Equal(t, "a001", row.Candidates[0].Asset)
	assert.Equal(t, match.RungReplacement, row.Candidates[0].Rung)
	require.NoError(t, r.decide(inventory.Decision{Kind: inventory.DecideLink, Device: "d002", Asset: "a001"}))
	r.quiet()
}

// An entry that is written although its device did not change keeps the
// record, with what was read last.
func TestSyncKeepsRecord(t *testing.T) {
	r := newRig(t, ipad(1)).put(asset(1))
	r.sync()
	r.change(1, func(x *mdm.Record) { x.LastSeen = now })
	r.quiet() // volatile
	r.edit("a001", "name", "somebody's own")
	assert.Equal(t, 1, r.sync().Writes)
	row := r.row("d001")
	assert.Equal(t, ipad(1).Serial, row.Record.Serial)
	assert.Equal(t, ipad(1).Interfaces, row.Record.Interfaces)
	assert.True(t, row.Record.LastSeen.Equal(now))
	r.quiet()
}

// One text that is not UTF-8, or a time that no calendar has, does not keep
// the rest from being written.
func TestSyncOddValues(t *testing.T) {
	r := newRig(t, ipads(3)...)
	r.change(1, func(d *mdm.Record) { d.Name = "M\xfcller" })
	r.change(2, func(d *mdm.Record) {
		d.LastSeen, d.Purchase.Date = time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(-3, 1, 1, 0, 0, 0, 0, time.UTC)
	})
	a := asset(3)
	a.Values = map[string]string{"user": "M\xfcller"}
	r.put(a)
	assert.Equal(t, 3, r.sync().Writes)
	assert.Equal(t, "M\uFFFDller", r.row("d001").Record.Name)
	assert.Zero(t, r.row("d002").Record.LastSeen)
	r.quiet()
}

// Of what may not be stored nothing is, not even in what speaks against a
// suggestion.
func TestSyncKeepsNoValues(t *testing.T) {
	r := newRig(t, ipad(1))
	a := asset(1)
	a.Identifiers.Class, a.Identifiers.UDID, a.Identifiers.Serial = "computer", ipad(1).UDID, ipad(2).Serial
	r.put(a)
	r.connection.Keep = mdm.Keys{mdm.KeyName}
	r.sync()
	row := r.row("d001")
	require.NotEmpty(t, row.Candidates)
	require.NotEmpty(t, row.Candidates[0].Vetoes)
	for e := range r.memory.Entries(t.Context(), inventory.EntryQuery{Scope: scope}) {
		for _, secret := range []string{ipad(1).Serial, ipad(2).Serial, ipad(1).UDID} {
			assert.NotContains(t, string(e.Data)+e.Serial, secret)
		}
	}
}

// A doubt that a person let pass is not held again because the record changed.
func TestSyncDoubtOnce(t *testing.T) {
	r := newRig(t, ipads(12)...)
	for n := range 12 {
		r.put(asset(n + 1))
	}
	r.sync()
	doubt := func(version string) {
		for n := range 12 {
			r.change(n+1, func(d *mdm.Record) { d.Serial, d.OS.Version = ipad(100+n).Serial, version })
		}
	}
	doubt("18.1")
	holds := r.sync().Holds
	require.Len(t, holds, 1)
	assert.Equal(t, inventory.HoldUnlink, holds[0].Code)
	r.options.Approve = holds
	assert.Empty(t, r.sync().Holds)
	r.options.Approve = nil
	doubt("19")
	assert.Empty(t, r.sync().Holds)
	assert.Equal(t, "19", r.row("d001").Record.OS.Version)
}

func TestSyncBatchSize(t *testing.T) {
	r := newRig(t, ipads(3)...)
	r.options.Batch = -1
	assert.Equal(t, 3, r.sync().Writes)
}
