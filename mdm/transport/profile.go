package transport

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Profile is what a vendor's client brings: which system it talks to, how it
// signs in, and the vendor's defaults and maxima.
type Profile struct {
	// Origin names the system in errors and logs.
	Origin mdm.Origin

	// Address is the root of the API, such as https://school.jamfcloud.com/api.
	// Required; https, or http to this machine.
	Address *url.URL

	// Auth signs each request. nil: requests are not signed.
	Auth Auth

	// Limiter keeps the vendor's documented limit; see Rate. nil: no limit,
	// but a 429 still pauses all requests of the client.
	Limiter Limiter

	// Concurrency, BodyLimit, PageSize, AttemptTimeout and Retry are the
	// vendor's defaults for the options of the same names.
	Concurrency    int
	BodyLimit      int64
	PageSize       int
	AttemptTimeout time.Duration
	Retry          Retry

	// MaxPageSize is the most that the vendor accepts. 0: no maximum known.
	MaxPageSize int

	// Header is sent with every request; Request.Header overrides it. Without
	// an Accept in either, JSON is asked for.
	Header http.Header

	// Classify reads the vendor's error answers. It also sees those of the
	// token endpoint, with Failure.Op "token". An *mdm.Error is completed with
	// what it leaves empty (Op, Origin, Status, RequestID, RetryAfter); a bare
	// kind such as mdm.ErrNotFound is enough. nil, as a function or as a
	// result: the status decides. mdm.ErrUnavailable for a write that was
	// answered with a 5xx becomes mdm.ErrOutcomeUnknown.
	Classify func(Failure) error
}

// check reports every bad field of o and p at once.
func check(o Options, p Profile) error {
	var bad []error
	report := func(field, problem string) {
		bad = append(bad, fmt.Errorf("transport: %s: %s: %w", field, problem, mdm.ErrInvalid))
	}
	checkAddress(p.Address, report)
	checkSizes(o, p, report)
	checkRetry("Options.Retry", o.Retry, report)
	checkRetry("Profile.Retry", p.Retry, report)
	if strings.ContainsFunc(o.UserAgent, func(r rune) bool { return r < ' ' || r > '~' }) {
		report("Options.UserAgent", "must be printable ASCII, such as inventory/3.1")
	}
	if a, ok := p.Auth.(interface{ valid() error }); ok {
		if err := a.valid(); err != nil {
			report("Profile.Auth", err.Error())
		}
	}
	return errors.Join(bad...)
}

func checkAddress(u *url.URL, report func(field, problem string)) {
	const field = "Profile.Address"
	switch {
	case u == nil || u.Hostname() == "":
		report(field, "is missing; give the root of the API, such as https://mdm.example.com/api")
	case u.User != nil:
		report(field, "holds a user name or password; give credentials in their own fields")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		report(field, "holds a query or fragment; give the root of the API only")
	case !secure(u):
		report(field, "must start with https://; plain http is only for this machine")
	}
}

func checkSizes(o Options, p Profile, report func(field, problem string)) {
	for _, size := range []struct {
		field string
		n     int64
	}{
		{"Options.Concurrency", int64(o.Concurrency)},
		{"Options.BodyLimit", o.BodyLimit},
		{"Options.PageSize", int64(o.PageSize)},
		{"Options.AttemptTimeout", int64(o.AttemptTimeout)},
		{"Profile.Concurrency", int64(p.Concurrency)},
		{"Profile.BodyLimit", p.BodyLimit},
		{"Profile.PageSize", int64(p.PageSize)},
		{"Profile.MaxPageSize", int64(p.MaxPageSize)},
		{"Profile.AttemptTimeout", int64(p.AttemptTimeout)},
	} {
		if size.n < 0 {
			report(size.field, "must not be negative; 0 means the default")
		}
		if size.n == math.MaxInt64 {
			report(size.field, "is too large")
		}
	}
	if p.MaxPageSize > 0 && o.PageSize > p.MaxPageSize {
		report("Options.PageSize", fmt.Sprintf("%d is above the maximum of %d", o.PageSize, p.MaxPageSize))
	}
}

func checkRetry(field string, r Retry, report func(field, problem string)) {
	if r.Attempts < 0 || r.BaseWait < 0 || r.MaxWait < 0 || r.MaxRetryAfter < 0 {
		report(field, "nothing in it may be negative; 0 means the default")
	}
}

// secure reports whether credentials may travel to u: over https, or over
// plain http without leaving this machine.
func secure(u *url.URL) bool {
	if strings.EqualFold(u.Scheme, "https") {
		return true
	}
	if !strings.EqualFold(u.Scheme, "http") {
		return false
	}
	host := u.Hostname()
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// sameServer reports whether a and b name the same scheme, host and port.
func sameServer(a, b *url.URL) bool {
	return strings.EqualFold(a.Scheme, b.Scheme) &&
		strings.EqualFold(a.Hostname(), b.Hostname()) &&
		port(a) == port(b)
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case strings.EqualFold(u.Scheme, "http"):
		return "80"
	default:
		return "443"
	}
}
