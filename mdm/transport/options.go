package transport

import (
	"log/slog"
	"net/http"
	"time"
)

// Defaults for what neither Options nor Profile set.
const (
	defaultConcurrency    = 4
	defaultBodyLimit      = 256 << 20
	defaultAttemptTimeout = 30 * time.Second
	defaultAttempts       = 4
	defaultBaseWait       = time.Second
	defaultMaxWait        = 30 * time.Second
	defaultMaxRetryAfter  = 2 * time.Minute
)

// Options is what a host may set, the same for every vendor. The zero Options
// is good: each field's zero value means the vendor's default.
type Options struct {
	// Base carries the requests; this is where a host puts its proxy, its own
	// certificates or its metrics. nil: http.DefaultTransport, which obeys
	// HTTPS_PROXY. It must not follow redirects.
	Base http.RoundTripper

	// Logger receives a debug line per attempt and a warning per retry, never
	// a body, a query or a credential. nil: silence.
	Logger *slog.Logger

	// Limiter is waited for before each attempt, in addition to the vendor's
	// own limit; use it for a budget that several clients share. If it has the
	// method PauseUntil(time.Time), it is told of each 429. nil: the vendor's
	// limit only.
	Limiter Limiter

	// Concurrency is the number of requests in flight at most. An answer
	// counts until it is read or closed; one that nobody reads for a second
	// gives its place back, so that a caller may ask for details while it
	// walks a list. 0: the vendor's default, else 4.
	Concurrency int

	// UserAgent names the host's product, such as "inventory/3.1", and is put
	// before "mdmlink". "": only that.
	UserAgent string

	// BodyLimit is the size of the largest answer in bytes, after
	// decompression. If set, it holds for every request. 0: what the vendor
	// sets for the request, else 256 MiB.
	BodyLimit int64

	// PageSize is the number of records asked for per page. Above the vendor's
	// maximum is an error. 0: the vendor's default.
	PageSize int

	// AttemptTimeout bounds how long an attempt waits for the head of its
	// answer, and each time the body of the answer falls silent; it does not
	// bound a long answer that keeps coming. If set, it holds for every
	// request: set it below the time-out of a proxy in between. 0: what the
	// vendor sets for the request, else 30 s.
	AttemptTimeout time.Duration

	// Retry says how often and how patiently to try again.
	Retry Retry
}

// Retry says how often and how patiently to try again. The zero Retry means
// the vendor's defaults, field by field.
type Retry struct {
	// Disabled turns repetition off. The one replay after a 401 stays, since
	// an expired token is no failure of the system.
	Disabled bool

	// Attempts is the number of attempts in all, the first included.
	// 0: the vendor's default, else 4.
	Attempts int

	// BaseWait is the upper bound of the first pause; it doubles with each
	// attempt, and the real pause is drawn evenly from zero to the bound.
	// It is also how long a 429 without Retry-After pauses everybody.
	// 0: the vendor's default, else 1 s.
	BaseWait time.Duration

	// MaxWait is the largest bound of a pause. 0: the vendor's default,
	// else 30 s.
	MaxWait time.Duration

	// MaxRetryAfter is the longest Retry-After that is waited for. A longer
	// one is returned at once as an error that carries it, and pauses others
	// who share a limiter for no longer than this. 0: the vendor's default,
	// else 2 min.
	MaxRetryAfter time.Duration
}

// or returns r with its zero fields taken from vendor, then from the defaults.
func (r Retry) or(vendor Retry) Retry {
	return Retry{
		Disabled:      r.Disabled || vendor.Disabled,
		Attempts:      first(r.Attempts, vendor.Attempts, defaultAttempts),
		BaseWait:      first(r.BaseWait, vendor.BaseWait, defaultBaseWait),
		MaxWait:       first(r.MaxWait, vendor.MaxWait, defaultMaxWait),
		MaxRetryAfter: first(r.MaxRetryAfter, vendor.MaxRetryAfter, defaultMaxRetryAfter),
	}
}

// first returns the first value that is not zero, or zero.
func first[T comparable](values ...T) T {
	var zero T
	for _, v := range values {
		if v != zero {
			return v
		}
	}
	return zero
}
