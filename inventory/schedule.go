package inventory

import (
	"fmt"
	"hash/fnv"
	"time"
)

// Schedule says when automatic runs take place: after each Every, or on days
// of the calendar. The zero Schedule is off; runs by hand are always possible.
// It is data and its methods are pure; whoever runs the schedules asks
// [Connection.Status] when the next run is due.
type Schedule struct {
	Every time.Duration `json:"every,omitzero"` // between the starts of two runs; 0 = off, unless Repeat is set; negative is refused

	// Repeat makes it a calendar: from Start on, every Count days, weeks or
	// months, at Start's time of the day in Zone. Every is not used then. In a
	// month that is too short the run takes place on its last day. A time that
	// daylight saving skips moves to the end of the gap, and one that occurs
	// twice counts once.
	Repeat Repeat    `json:"repeat,omitzero"`
	Start  time.Time `json:"start,omitzero"`
	Count  int       `json:"count,omitzero"` // 0 = 1
	Zone   string    `json:"zone,omitzero"`  // such as "Europe/Berlin"; "" = UTC
}

// Repeat is the unit of a calendar. The zero Repeat is none.
type Repeat string

const (
	Daily   Repeat = "daily"
	Weekly  Repeat = "weekly"
	Monthly Repeat = "monthly"
)

// FirstRun is the longest that the first run waits after set-up.
const FirstRun = 5 * time.Minute

// DefaultSchedule returns the schedule of a connection of which nobody said
// otherwise: every 24 hours.
func DefaultSchedule() Schedule { return Schedule{Every: day} }

// Off reports whether the schedule has no automatic runs.
func (s Schedule) Off() bool { return s.Every <= 0 && s.Repeat == "" }

func (s Schedule) check() error {
	switch s.Repeat {
	case "":
		if s.Every < 0 {
			return fmt.Errorf("Schedule: Every is negative; 0 switches automatic runs off")
		}
		return nil
	case Daily, Weekly, Monthly:
	default:
		return fmt.Errorf("Schedule: there is no repetition %q; use daily, weekly or monthly", s.Repeat)
	}
	if s.Start.IsZero() || s.Count < 0 {
		return fmt.Errorf("Schedule: a calendar needs a Start, and a Count that is not negative")
	}
	if _, err := time.LoadLocation(s.Zone); err != nil {
		return fmt.Errorf("Schedule: there is no time zone %q", s.Zone)
	}
	return nil
}

// Next returns when the run after last is due. A connection that has never run
// (zero last) is due within FirstRun after it was created, at a moment that
// follows from its id, so that many connections do not start at once; on a
// calendar it is due on the first day of the calendar after that. The zero
// time means never.
func (s Schedule) Next(id string, created, last time.Time) time.Time {
	switch {
	case s.Off() || s.check() != nil:
		return time.Time{}
	case s.Repeat != "" && last.IsZero():
		return s.after(created)
	case s.Repeat != "":
		return s.after(last)
	case last.IsZero():
		return created.Add(spread(id))
	}
	return last.Add(s.Every)
}

// spread is a duration below FirstRun that follows from an id.
func spread(id string) time.Duration {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id))
	return time.Duration(h.Sum64() % uint64(FirstRun))
}

// after returns the first time of the calendar that is later than t.
func (s Schedule) after(t time.Time) time.Time {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return time.Time{}
	}
	start := s.Start.In(zone)
	for n := max(0, s.elapsed(start, t.In(zone))-1); ; n++ {
		if at := s.occurrence(start, n); at.After(t) {
			return at.UTC()
		}
	}
}

// elapsed is about how many occurrences lie between two times, and never more
// than one too many.
func (s Schedule) elapsed(start, t time.Time) int {
	count := or(s.Count, 1)
	switch s.Repeat {
	case Monthly:
		return ((t.Year()-start.Year())*12 + int(t.Month()) - int(start.Month())) / count
	case Weekly:
		count *= 7
	}
	return int(t.Sub(start)/day) / count
}

// occurrence is the n-th time of the calendar, counted from zero.
func (s Schedule) occurrence(start time.Time, n int) time.Time {
	n *= or(s.Count, 1)
	year, month, date := start.Date()
	switch s.Repeat {
	case Weekly:
		date += 7 * n
	case Monthly:
		month += time.Month(n)
		last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
		date = min(date, last)
	default:
		date += n
	}
	return wallClock(year, month, date, start)
}

// wallClock is a day at the time of the day of start, in its zone. A time that
// does not exist is moved to the first moment after the gap, and of two the
// first is taken.
func wallClock(year int, month time.Month, date int, start time.Time) time.Time {
	hour, minute, second := start.Clock()
	at := time.Date(year, month, date, hour, minute, second, 0, start.Location())
	if h, m, _ := at.Clock(); h != hour || m != minute { // in the gap
		begins, ends := at.ZoneBounds()
		if offset(at) > offset(at.Add(-day)) {
			return begins
		}
		return ends
	}
	if begins, _ := at.ZoneBounds(); !begins.IsZero() { // the same clock may have shown it before
		back := time.Duration(offset(begins.Add(-time.Second))-offset(at)) * time.Second
		if earlier := at.Add(-back); back > 0 && earlier.Before(begins) {
			return earlier
		}
	}
	return at
}

func offset(t time.Time) int {
	_, seconds := t.Zone()
	return seconds
}
