package jamfprotest

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// Request is one request that reached the fake, faulty answers included.
type Request struct {
	Method  string
	Path    string // as it arrived, still escaped: with /api in front
	Query   url.Values
	Headers []string // names as they arrived, sorted; a socket makes them canonical
	Body    string   // secrets included
	Status  int      // of the answer; 0 = none yet, or the connection broke before
}

// Requests returns what was asked so far, in order.
func (f *Fake) Requests() []Request {
	f.logMu.Lock()
	defer f.logMu.Unlock()
	list := make([]Request, len(f.log))
	for i, r := range f.log {
		list[i] = *r
	}
	return list
}

// Count says how many requests had this method and this path, such as
// "/api/v1/buildings". An empty text stands for all.
func (f *Fake) Count(method, path string) int {
	n := 0
	for _, r := range f.Requests() {
		if (method == "" || method == r.Method) && (path == "" || path == r.Path) {
			n++
		}
	}
	return n
}

// Parallel is the most requests that were being served at one time.
func (f *Fake) Parallel() int {
	f.logMu.Lock()
	defer f.logMu.Unlock()
	return f.parallel
}

// Violations returns what requests did that the API does not allow, one
// sentence each, in order. It is nil for a clean client.
func (f *Fake) Violations() []string {
	f.logMu.Lock()
	defer f.logMu.Unlock()
	return slices.Clone(f.violations)
}

// Forget empties the requests and violations that were recorded, and begins
// anew to look for the most requests at a time.
func (f *Fake) Forget() {
	f.logMu.Lock()
	defer f.logMu.Unlock()
	f.log, f.violations, f.parallel = nil, nil, f.inFlight
}

const (
	maxBody     = 4 << 20 // more than any request of this API needs
	maxParallel = 5       // connections that the vendor's guidance allows
)

// ServeHTTP implements http.Handler.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		http.Error(w, "Bad Request", http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	entry := f.note(r, body)
	sw := &statusWriter{ResponseWriter: w}
	defer func() {
		f.logMu.Lock()
		defer f.logMu.Unlock()
		entry.Status = sw.status
		f.inFlight--
	}()
	f.mu.Lock()
	hook := f.before
	w.Header().Set("Date", f.now().Format(http.TimeFormat))
	f.mu.Unlock()
	if hook != nil {
		hook(r)
	}
	f.faults.ServeHTTP(sw, r)
}

// note records a request that begins.
func (f *Fake) note(r *http.Request, body []byte) *Request {
	entry := &Request{
		Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.Query(),
		Headers: slices.Sorted(maps.Keys(r.Header)), Body: string(body),
	}
	f.logMu.Lock()
	defer f.logMu.Unlock()
	f.log = append(f.log, entry)
	f.inFlight++
	f.parallel = max(f.parallel, f.inFlight)
	if f.inFlight > maxParallel {
		f.violations = append(f.violations, fmt.Sprintf("%s %s: request number %d at the same time", r.Method, entry.Path, f.inFlight))
	}
	return entry
}

// violate notes that a request broke a rule.
func (f *Fake) violate(r *http.Request, format string, args ...any) {
	f.logMu.Lock()
	defer f.logMu.Unlock()
	f.violations = append(f.violations, fmt.Sprintf("%s %s: %s", r.Method, r.URL.EscapedPath(), fmt.Sprintf(format, args...)))
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// Unwrap lets http.ResponseController reach the real writer.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *statusWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}
