package traffic

import "time"

// Limit counts requests in windows of time, each of which begins with its
// first request. The zero Limit allows any number. A fake that uses one from
// several goroutines locks it.
type Limit struct {
	N   int           // requests in a window; 0 = any number
	Per time.Duration // length of a window

	begun time.Time
	used  int
}

// Wait counts a request, and returns 0. A request too many is not counted: the
// time to wait is returned.
func (l *Limit) Wait(now time.Time) time.Duration {
	if l.N <= 0 {
		return 0
	}
	if now.Sub(l.begun) >= l.Per {
		l.begun, l.used = now, 0
	}
	if l.used >= l.N {
		return l.begun.Add(l.Per).Sub(now)
	}
	l.used++
	return 0
}
