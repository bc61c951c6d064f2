package traffic

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Request is one request that reached a fake, those with a faulty answer
// included.
type Request struct {
	Method  string
	Path    string // still escaped, without the prefix of the Rules
	Query   url.Values
	Headers []string // names as they arrived, sorted; a socket makes them canonical
	Body    string   // secrets included
	Status  int      // of the answer; 0 = none yet, or the connection broke before
}

// Rules is what a Log watches by itself. The zero Rules watches nothing.
type Rules struct {
	// Prefix is left out of the paths that are recorded, such as "/api". The
	// same path without it counts as the same. "" = paths stay as they came.
	Prefix string

	// Parallel is the most requests that may be served at one time; one more is
	// a violation. 0 = any number.
	Parallel int

	// Body is the size of the largest body in bytes; a larger one is answered
	// with 400 and not recorded. 0 = 4 MiB.
	Body int64
}

const defaultBody = 4 << 20

// Log records requests and violations. Its methods may be called at any time,
// with any lock held.
type Log struct {
	rules Rules

	mu         sync.Mutex
	requests   []*Request
	violations []string
	inFlight   int
	parallel   int // the most requests at a time
}

// New returns an empty log.
func New(rules Rules) *Log {
	if rules.Body == 0 {
		rules.Body = defaultBody
	}
	return &Log{rules: rules}
}

// Serve records a request and lets next answer it. The body that next reads is
// held in memory already, so that reading it cannot fail.
func (l *Log) Serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	body, err := io.ReadAll(io.LimitReader(r.Body, l.rules.Body+1))
	if err != nil || int64(len(body)) > l.rules.Body {
		http.Error(w, "Bad Request", http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	entry := l.begin(r, body)
	sw := &statusWriter{ResponseWriter: w}
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		entry.Status = sw.status
		l.inFlight--
	}()
	next.ServeHTTP(sw, r)
}

func (l *Log) begin(r *http.Request, body []byte) *Request {
	entry := &Request{
		Method: r.Method, Path: l.Path(r), Query: r.URL.Query(),
		Headers: slices.Sorted(maps.Keys(r.Header)), Body: string(body),
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests = append(l.requests, entry)
	l.inFlight++
	l.parallel = max(l.parallel, l.inFlight)
	if l.rules.Parallel > 0 && l.inFlight > l.rules.Parallel {
		l.violations = append(l.violations, fmt.Sprintf("%s %s: request number %d at the same time", r.Method, entry.Path, l.inFlight))
	}
	return entry
}

// Path is the path of a request as the log writes it: escaped, without the
// prefix of the Rules.
func (l *Log) Path(r *http.Request) string {
	path := r.URL.EscapedPath()
	if rest, ok := strings.CutPrefix(path, l.rules.Prefix); ok && (rest == "" || rest[0] == '/') {
		return rest
	}
	return path
}

// Scheme is the scheme of the address that a request came to.
func Scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// Requests returns what was asked so far, in order.
func (l *Log) Requests() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]Request, len(l.requests))
	for i, r := range l.requests {
		list[i] = *r
	}
	return list
}

// Count says how many requests had this method and this path, as Request.Path
// has it. An empty text stands for all.
func (l *Log) Count(method, path string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, r := range l.requests {
		if (method == "" || method == r.Method) && (path == "" || path == r.Path) {
			n++
		}
	}
	return n
}

// Parallel is the most requests that were being served at one time.
func (l *Log) Parallel() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.parallel
}

// Violate notes that a request broke a rule of the API.
func (l *Log) Violate(r *http.Request, format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.violations = append(l.violations, fmt.Sprintf("%s %s: %s", r.Method, l.Path(r), fmt.Sprintf(format, args...)))
}

// Violations returns what requests did that the API does not allow, one
// sentence each, in order. It is nil for a clean client.
func (l *Log) Violations() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.violations)
}

// Forget empties the requests and violations that were recorded, and begins
// anew to look for the most requests at a time.
func (l *Log) Forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests, l.violations, l.parallel = nil, nil, l.inFlight
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
