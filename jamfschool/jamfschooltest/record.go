package jamfschooltest

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Request is one request that reached the fake, faulty answers included.
type Request struct {
	Method  string
	Path    string // without /api in front, still escaped
	Query   url.Values
	Headers []string // names as they arrived, sorted; a socket makes them canonical
	Body    string
	Status  int // of the answer; 0 = none yet, or the connection broke before
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
// "/devices". An empty text stands for all.
func (f *Fake) Count(method, path string) int {
	n := 0
	for _, r := range f.Requests() {
		if (method == "" || method == r.Method) && (path == "" || path == r.Path) {
			n++
		}
	}
	return n
}

// Violations returns what requests did that the API does not allow, one
// sentence each, in order. It is nil for a clean client.
func (f *Fake) Violations() []string {
	f.logMu.Lock()
	defer f.logMu.Unlock()
	return slices.Clone(f.violations)
}

// Forget empties the requests and violations that were recorded.
func (f *Fake) Forget() {
	f.logMu.Lock()
	defer f.logMu.Unlock()
	f.log, f.violations = nil, nil
}

// maxBody is more than any request of this API needs.
const maxBody = 1 << 20

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
	}()
	f.faults.ServeHTTP(sw, r)
}

func (f *Fake) note(r *http.Request, body []byte) *Request {
	entry := &Request{
		Method: r.Method, Path: barePath(r), Query: r.URL.Query(),
		Headers: slices.Sorted(maps.Keys(r.Header)), Body: string(body),
	}
	f.logMu.Lock()
	defer f.logMu.Unlock()
	f.log = append(f.log, entry)
	return entry
}

// barePath is the escaped path without /api.
func barePath(r *http.Request) string {
	path := r.URL.EscapedPath()
	if rest, ok := strings.CutPrefix(path, "/api"); ok && (rest == "" || rest[0] == '/') {
		return rest
	}
	return path
}

// violate notes that a request broke a rule.
func (f *Fake) violate(r *http.Request, format string, args ...any) {
	f.logMu.Lock()
	defer f.logMu.Unlock()
	f.violations = append(f.violations, fmt.Sprintf("%s %s: %s", r.Method, barePath(r), fmt.Sprintf(format, args...)))
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
