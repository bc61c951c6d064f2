package inventory_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mdmlink/mdmlink/inventory"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t
}

//mdm:feature 2.14 2.15 5.11 5.12 5.13
func TestScheduleEvery(t *testing.T) {
	created := at("2026-03-01T10:00:00Z")
	daily := inventory.DefaultSchedule()
	first := daily.Next("c1", created, time.Time{})
	assert.False(t, first.Before(created))
	assert.LessOrEqual(t, first.Sub(created), inventory.FirstRun)
	assert.Equal(t, first, daily.Next("c1", created, time.Time{}), "it does not depend on chance")
	assert.NotEqual(t, first, daily.Next("c2", created, time.Time{}), "connections do not start at once")
	assert.Equal(t, created.Add(24*time.Hour), daily.Next("c1", created, created))
	assert.Equal(t, created.Add(3600*time.Second), inventory.Schedule{Every: 3600 * time.Second}.Next("c1", created, created))

	assert.Zero(t, inventory.Schedule{}.Next("c1", created, created), "zero is off")
	assert.True(t, inventory.Schedule{}.Off())
	c := newRig(t).connection
	c.Schedule.Every = -time.Second
	require.ErrorContains(t, c.Check(), "negative")
	assert.Zero(t, c.Schedule.Next("c1", created, created))
}

//mdm:feature 4.11
func TestScheduleCalendar(t *testing.T) {
	for name, tc := range map[string]struct {
		s          inventory.Schedule
		last, next string
	}{
		"daily":               {inventory.Schedule{Repeat: inventory.Daily, Start: at("2026-01-01T01:30:00Z")}, "2026-05-05T01:30:00Z", "2026-05-06T01:30:00Z"},
		"not before start":    {inventory.Schedule{Repeat: inventory.Daily, Start: at("2026-01-01T01:30:00Z")}, "2025-05-05T01:30:00Z", "2026-01-01T01:30:00Z"},
		"every third day":     {inventory.Schedule{Repeat: inventory.Daily, Count: 3, Start: at("2026-01-01T01:30:00Z")}, "2026-01-02T00:00:00Z", "2026-01-04T01:30:00Z"},
		"weekly":              {inventory.Schedule{Repeat: inventory.Weekly, Start: at("2026-01-05T20:00:00Z")}, "2026-01-06T00:00:00Z", "2026-01-12T20:00:00Z"},
		"every second week":   {inventory.Schedule{Repeat: inventory.Weekly, Count: 2, Start: at("2026-01-05T20:00:00Z")}, "2026-01-06T00:00:00Z", "2026-01-19T20:00:00Z"},
		"monthly on the last": {inventory.Schedule{Repeat: inventory.Monthly, Start: at("2026-01-31T20:00:00Z")}, "2026-02-01T00:00:00Z", "2026-02-28T20:00:00Z"},
		"and back again":      {inventory.Schedule{Repeat: inventory.Monthly, Start: at("2026-01-31T20:00:00Z")}, "2026-02-28T20:00:00Z", "2026-03-31T20:00:00Z"},
		"every quarter":       {inventory.Schedule{Repeat: inventory.Monthly, Count: 3, Start: at("2026-01-15T20:00:00Z")}, "2027-02-01T00:00:00Z", "2027-04-15T20:00:00Z"},
		"winter": {inventory.Schedule{Repeat: inventory.Daily, Zone: "Europe/Berlin", Start: at("2026-01-01T02:30:00+01:00")},
			"2026-03-27T01:30:00Z", "2026-03-28T01:30:00Z"},
		"the hour that is skipped": {inventory.Schedule{Repeat: inventory.Daily, Zone: "Europe/Berlin", Start: at("2026-01-01T02:30:00+01:00")},
			"2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z"},
		"summer": {inventory.Schedule{Repeat: inventory.Daily, Zone: "Europe/Berlin", Start: at("2026-01-01T02:30:00+01:00")},
			"2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"},
		"the hour that occurs twice": {inventory.Schedule{Repeat: inventory.Daily, Zone: "Europe/Berlin", Start: at("2026-01-01T02:30:00+01:00")},
			"2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z"},
		"counts once": {inventory.Schedule{Repeat: inventory.Daily, Zone: "Europe/Berlin", Start: at("2026-01-01T02:30:00+01:00")},
			"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"},
		"other side of the world": {inventory.Schedule{Repeat: inventory.Daily, Zone: "America/New_York", Start: at("2026-01-01T02:30:00-05:00")},
			"2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, at(tc.next), tc.s.Next("c1", at("2025-01-01T00:00:00Z"), at(tc.last)))
		})
	}
}

func TestScheduleCheck(t *testing.T) {
	for name, s := range map[string]inventory.Schedule{
		"no start": {Repeat: inventory.Daily},
		"unit":     {Repeat: "yearly", Start: now},
		"count":    {Repeat: inventory.Daily, Start: now, Count: -1},
		"zone":     {Repeat: inventory.Daily, Start: now, Zone: "Europe/Atlantis"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newRig(t).connection
			c.Schedule = s
			require.ErrorContains(t, c.Check(), "Schedule")
			assert.Zero(t, s.Next("c1", now, now))
		})
	}
}

// Whatever the calendar, the next run is later than the last one, and not
// later than the unit allows; and it is at the wall clock's time but for gaps.
func TestScheduleNextProperty(t *testing.T) {
	zones := []string{"", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"}
	rapid.Check(t, func(t *rapid.T) {
		moment := func(label string) time.Time {
			return time.Unix(rapid.Int64Range(1_600_000_000, 1_900_000_000).Draw(t, label), 0).UTC()
		}
		s := inventory.Schedule{Repeat: rapid.SampledFrom([]inventory.Repeat{inventory.Daily, inventory.Weekly, inventory.Monthly}).Draw(t, "repeat"),
			Start: moment("start"), Count: rapid.IntRange(0, 5).Draw(t, "count"), Zone: rapid.SampledFrom(zones).Draw(t, "zone")}
		last := moment("last")
		next := s.Next("c", last, last)
		if !next.After(last) {
			t.Fatalf("%v is not after %v", next, last)
		}
		days := map[inventory.Repeat]int{inventory.Daily: 1, inventory.Weekly: 7, inventory.Monthly: 31}[s.Repeat] * max(1, s.Count)
		if from := maxTime(last, s.Start); next.Sub(from) > time.Duration(days+1)*24*time.Hour {
			t.Fatalf("%v is more than %d days after %v", next, days, from)
		}
	})
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
