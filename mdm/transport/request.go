package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Request is what Client.Do is asked for.
type Request struct {
	Op     string // names the request in errors and logs, such as "devices"
	Method string // "": GET

	// Path is appended to the client's address; each part that comes from data
	// is escaped with url.PathEscape. A link to the next page may be given as
	// the system sent it, as an absolute address with a query, and is refused
	// if it leads to another server.
	Path string

	Query  url.Values  // added to the query of a link
	Header http.Header // overrides Profile.Header

	// Body is sent as it is if it is a []byte, as a form if it is a
	// url.Values, and as JSON otherwise. nil: no body. A GET has none.
	Body any

	// Read marks a POST that only reads, so that it may be repeated. GET and
	// HEAD always are reads.
	Read bool

	// AttemptTimeout and BodyLimit are the vendor's wish for this request,
	// such as more time for a list without pages. What the host set in Options
	// wins. 0: the vendor's default.
	AttemptTimeout time.Duration
	BodyLimit      int64

	// Limiter is waited for before the client's own, for requests with a
	// lower limit than others. If it is a Pauser, an answer 429 pauses it and
	// not the client's. nil: none.
	Limiter Limiter
}

// prepare makes the call and the HTTP request of r.
func (c *Client) prepare(ctx context.Context, r Request) (*call, *http.Request, error) {
	method := first(r.Method, http.MethodGet)
	call := &call{
		origin:  c.origin,
		op:      r.Op,
		method:  method,
		read:    r.Read || method == http.MethodGet || method == http.MethodHead,
		timeout: c.timeout.of(r.AttemptTimeout),
		limit:   c.limit.of(r.BodyLimit),
		limiter: r.Limiter,
	}
	target, err := c.target(call, r)
	if err != nil {
		return nil, nil, err
	}
	content, contentType, err := encode(r.Body)
	if err != nil || content != nil && (method == http.MethodGet || method == http.MethodHead) {
		return nil, nil, call.invalid("the body of the request cannot be sent", err)
	}
	req, err := http.NewRequestWithContext(call.with(ctx), method, target.String(), bytes.NewReader(content))
	if err != nil {
		return nil, nil, call.invalid("the method or the context is not valid", nil)
	}
	c.setHeaders(req, r.Header, contentType)
	accept := req.Header.Get("Accept")
	call.json = method != http.MethodHead && strings.Contains(accept, "json")
	call.page = method == http.MethodHead || strings.Contains(accept, "html")
	return call, req, nil
}

func (c *call) invalid(detail string, cause error) error {
	err := c.fail(mdm.ErrInvalid)
	err.Detail, err.Cause = detail+"; nothing was sent", cause
	return err
}

func (c *Client) setHeaders(req *http.Request, own http.Header, contentType string) {
	req.Header.Set("Accept", "application/json")
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	for _, h := range []http.Header{c.header, own} {
		for name, values := range h {
			req.Header[http.CanonicalHeaderKey(name)] = values
		}
	}
}

// target returns the address of r, which is always on the client's server.
func (c *Client) target(call *call, r Request) (*url.URL, error) {
	link := strings.Contains(r.Path, "://")
	text := r.Path
	if !link {
		if strings.ContainsAny(text, "?#") || climbs(text) {
			return nil, call.invalid("the path holds a query or a dot segment; escape what comes from data", nil)
		}
		text = c.absolute(text)
	}
	target, err := url.Parse(text)
	if err != nil {
		return nil, call.invalid("the path is not valid; escape what comes from data", nil)
	}
	if !sameServer(target, c.address) || target.User != nil {
		return nil, foreign(call)
	}
	target.Fragment, target.RawFragment = "", ""
	if query := r.Query.Encode(); query != "" {
		target.RawQuery = strings.TrimPrefix(target.RawQuery+"&"+query, "&")
	}
	return target, nil
}

// absolute puts a path behind the client's address.
func (c *Client) absolute(path string) string {
	root := strings.TrimRight(c.address.String(), "/")
	if path = strings.TrimLeft(path, "/"); path == "" {
		return root
	}
	return root + "/" + path
}

// climbs reports whether a segment of path, also an escaped one, is a dot or
// two, with which a crafted id would lead to another endpoint.
func climbs(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if plain, err := url.PathUnescape(segment); err != nil || plain == "." || plain == ".." {
			return true
		}
	}
	return false
}

// encode returns the bytes of a body and their type.
func encode(body any) (content []byte, contentType string, err error) {
	switch body := body.(type) {
	case nil:
		return nil, "", nil
	case []byte:
		return body, "application/json", nil
	case url.Values:
		return []byte(body.Encode()), "application/x-www-form-urlencoded", nil
	}
	content, err = json.Marshal(body)
	return content, "application/json", err
}
