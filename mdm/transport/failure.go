package transport

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// failureLimit is how many bytes of an error answer are read.
const failureLimit = 64 << 10

// Failure is an error answer as a vendor's Classify sees it.
type Failure struct {
	Op     string      // the operation, or "token" for the token endpoint
	Method string      // such as GET
	Status int         // HTTP status, not 2xx
	Header http.Header // of the answer
	Body   []byte      // the first 64 KiB; never to be shown or logged
}

// RetryAfter returns how long the answer asks to wait; 0 means that it does
// not say.
func (f Failure) RetryAfter() time.Duration { return retryAfter(f.Header) }

// WebPage reports whether the answer is HTML: of a login page, a firewall or
// another product, rather than of an API.
func (f Failure) WebPage() bool { return webPage(f.Header, f.Body) }

// requestIDs are the headers that carry a vendor's id of a request.
var requestIDs = [...]string{"X-Request-Id", "Request-Id", "X-Ms-Request-Id", "Client-Request-Id", "X-Correlation-Id"}

// requestID returns the id that an answer carries, unless it is too odd to be
// one.
func requestID(h http.Header) string {
	odd := func(r rune) bool { return r <= ' ' || r > '~' }
	for _, name := range requestIDs {
		if id := h.Get(name); id != "" && len(id) <= 128 && !strings.ContainsFunc(id, odd) {
			return id
		}
	}
	return ""
}

// judge turns error answers into errors.
type judge struct {
	origin   mdm.Origin
	server   *url.URL
	classify func(Failure) error // nil: the status decides
}

// rule asks the vendor, then generic, and completes the result from f.
func (j judge) rule(f Failure, generic func(Failure) *mdm.Error) *mdm.Error {
	result := generic(f)
	if j.classify != nil {
		if err := j.classify(f); err != nil {
			result = adopt(err, result)
		}
	}
	result.Op = first(result.Op, f.Op)
	result.Origin = first(result.Origin, j.origin)
	result.Status = first(result.Status, f.Status)
	result.RequestID = first(result.RequestID, requestID(f.Header))
	result.RetryAfter = first(result.RetryAfter, f.RetryAfter())
	return result
}

// adopt makes an *mdm.Error of what a vendor's Classify returned. The advice
// of the generic reading stays where the kind does.
func adopt(err error, generic *mdm.Error) *mdm.Error {
	if e, ok := errors.AsType[*mdm.Error](err); ok {
		own := *e
		own.Kind = first(own.Kind, generic.Kind)
		return &own
	}
	if mdm.Code(err) == "" {
		generic.Cause = err
		return generic
	}
	if mdm.Code(err) == mdm.Code(generic) {
		return generic
	}
	return &mdm.Error{Kind: err}
}

// answered reads resp, which is not 2xx, into an error.
func (j judge) answered(c *call, resp *http.Response) *mdm.Error {
	defer resp.Body.Close()
	// The time-out layer bounds each silence, and until bounds a trickle.
	until := &untilReader{Reader: resp.Body, end: time.Now().Add(c.timeout)}
	body, _ := io.ReadAll(io.LimitReader(until, failureLimit))
	f := Failure{Op: c.op, Method: c.method, Status: resp.StatusCode, Header: resp.Header, Body: body}
	err := j.rule(f, func(f Failure) *mdm.Error {
		if f.Status >= 300 && f.Status < 400 {
			return j.redirected(f)
		}
		return byStatus(f)
	})
	if !c.read && f.Status >= http.StatusInternalServerError && mdm.Code(err) == mdm.Code(mdm.ErrUnavailable) {
		return inDoubt(err)
	}
	return err
}

// untilReader ends at a time.
type untilReader struct {
	io.Reader
	end time.Time
}

func (r *untilReader) Read(p []byte) (int, error) {
	if time.Now().After(r.end) {
		return 0, io.EOF
	}
	return r.Reader.Read(p)
}

// inDoubt turns the failure of a write into one whose outcome is unknown.
func inDoubt(err *mdm.Error) *mdm.Error {
	doubt := *err
	doubt.Kind = mdm.ErrOutcomeUnknown
	doubt.Advice = "Read the state back before trying again: the request may have been carried out."
	return &doubt
}

// webPage tells HTML by its header or by how it begins.
func webPage(h http.Header, start []byte) bool {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	if kind == "text/html" || kind == "application/xhtml+xml" {
		return true
	}
	start = bytes.ToLower(bytes.TrimLeft(start[:min(len(start), 512)], "\ufeff \t\r\n"))
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}

// redirected explains a redirect that was not followed.
func (j judge) redirected(f Failure) *mdm.Error {
	err := &mdm.Error{Kind: mdm.ErrWrongAddress, Detail: "a redirect was not followed"}
	target, parseErr := url.Parse(f.Header.Get("Location"))
	if parseErr != nil || f.Header.Get("Location") == "" {
		err.Advice = "Check the address; the system sent a redirect without a target."
		return err
	}
	target = j.server.ResolveReference(target)
	switch {
	case sameServer(target, j.server):
		err.Advice = "Check the path of the address; the system redirects within itself, perhaps to its login page."
	case strings.EqualFold(target.Hostname(), j.server.Hostname()) && strings.EqualFold(target.Scheme, "https"):
		err.Advice = "Give the address as " + serverName(target) + "."
	case strings.EqualFold(target.Hostname(), j.server.Hostname()):
		err.Advice = "The system redirects to an address without encryption, which is refused. Check its settings or the proxy before it."
	default:
		err.Advice = "The system redirects to " + serverName(target) +
			". If that is its real address, configure it; if it is a login page, the address is not that of the API."
	}
	return err
}

// serverName returns scheme, host and port of u as far as they are made of
// what addresses are made of: u came from a remote system.
func serverName(u *url.URL) string {
	host := strings.ToLower(u.Host)
	odd := func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.-:[]", r) }
	scheme := strings.ToLower(u.Scheme)
	if host == "" || len(host) > 253 || strings.ContainsFunc(host, odd) || scheme != "http" && scheme != "https" {
		return "another server"
	}
	return scheme + "://" + host
}
