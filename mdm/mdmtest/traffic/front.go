package traffic

import (
	"net/http"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/internal/faulty"
)

// Front stands before the API of a fake: it records requests, runs a hook, and
// lets requests fail that never reach the API. A fake embeds it, and has its
// methods.
type Front struct {
	*Log

	faults *faulty.Handler
	date   func() time.Time

	mu     sync.Mutex
	before func(*http.Request)
}

// NewFront returns what stands before an API. date is the time that answers
// carry in the header Date; nil = none.
func NewFront(rules Rules, api http.HandlerFunc, date func() time.Time) *Front {
	return &Front{Log: New(rules), faults: faulty.New(api), date: date}
}

// ServeHTTP implements http.Handler.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.Serve(w, r, http.HandlerFunc(f.receive))
}

// receive runs the hook before faults and answers.
func (f *Front) receive(w http.ResponseWriter, r *http.Request) {
	if f.date != nil {
		w.Header().Set("Date", f.date().UTC().Format(http.TimeFormat))
	}
	f.mu.Lock()
	hook := f.before
	f.mu.Unlock()
	if hook != nil {
		hook(r)
	}
	f.faults.ServeHTTP(w, r)
}

// Faults makes requests fail before they reach the fake: FailNext, Slow,
// Hang, Reset, Lose, CutBody, HTMLPage, WrongTypes, Oversize and GzipBomb,
// for some requests (On) and a number of times (Times).
func (f *Front) Faults() *faulty.Handler { return f.faults }

// Before sets a function that runs before each request is served, without any
// lock: it may change the fake, for example remove a device between two pages.
// Nil ends it.
func (f *Front) Before(hook func(*http.Request)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.before = hook
}

// Transport answers requests to any host without a socket, each from a
// goroutine that ends with the answer's body.
func (f *Front) Transport() http.RoundTripper { return faulty.Transport(f) }

// Client is an http.Client on Transport.
func (f *Front) Client() *http.Client { return &http.Client{Transport: f.Transport()} }
