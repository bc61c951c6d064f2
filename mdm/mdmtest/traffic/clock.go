package traffic

import (
	"sync"
	"time"
)

// Clock is the present of a fake. It goes on as time does, from where it was
// set. A fake embeds it, and has its methods. They may be called at any time,
// with any lock held.
type Clock struct {
	mu    sync.Mutex
	start time.Time // the present when the clock was made
	made  time.Time // by the clock of this machine
	ahead time.Duration
}

// NewClock returns a clock that shows start now.
func NewClock(start time.Time) *Clock { return &Clock{start: start, made: time.Now()} }

// Now is the fake's present, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.start.Add(time.Since(c.made) + c.ahead).UTC()
}

// Advance moves the fake's present forward, and with it the age of whatever
// ages there, such as tokens and limits.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// WallClock is a Clock beside which a fake has a time of day, for what it
// compares with the clocks of its clients: that one is not advanced, and can be
// wrong.
type WallClock struct {
	*Clock

	mu   sync.Mutex
	skew time.Duration
}

// NewWallClock returns a clock that shows the time of this machine.
func NewWallClock() *WallClock { return &WallClock{Clock: NewClock(time.Now())} }

// SetSkew lets the fake's time of day be ahead of that of this machine by d,
// for what the two compare, such as the time of a signature and the Date
// header. Negative = behind.
func (c *WallClock) SetSkew(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.skew = d
}

// Wall is what the fake takes for the time of day, in UTC.
func (c *WallClock) Wall() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.skew).UTC()
}
