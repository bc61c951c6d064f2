package intunetest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// reply is an answer that is not sent yet.
type reply struct {
	status int
	header http.Header
	body   any    // JSON
	raw    []byte // anything else, of this kind
	kind   string
}

const graphType = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"

// write sends the answer. What cannot be written any more is not wanted.
func (rep reply) write(w http.ResponseWriter) {
	for name, values := range rep.header {
		w.Header()[name] = values
	}
	b := rep.raw
	if rep.body != nil {
		b = encode(rep.body)
	}
	if kind := rep.contentType(); kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	w.WriteHeader(rep.status)
	w.Write(b)
}

func (rep reply) contentType() string {
	switch {
	case rep.kind != "":
		return rep.kind
	case rep.body != nil:
		return graphType
	}
	return ""
}

// encode writes JSON as the service does, without escapes for HTML.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // the fake's own mistake
	}
	return bytes.TrimSpace(b.Bytes())
}

func success(body any) reply { return reply{status: http.StatusOK, body: body} }

// noContent answers an action: it is queued.
func noContent() reply { return reply{status: http.StatusNoContent} }

// set adds a header to an answer.
func (rep reply) set(name, value string) reply {
	h := rep.header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set(name, value)
	rep.header = h
	return rep
}

// fail answers with an error in Graph's own shape.
func (c *call) fail(status int, code, message string) reply {
	inner := object{
		{"date", c.now.Format("2006-01-02T15:04:05")}, // without a zone
		{"request-id", c.requestID}, {"client-request-id", c.clientRequestID},
	}
	return reply{status: status, body: object{{"error", object{{"code", code}, {"message", message}, {"innerError", inner}}}}}
}

// nested answers with an error of Intune's back end: its message is a JSON
// document, with line breaks.
func (c *call) nested(status int, code, message string) reply {
	return c.fail(status, code, strings.ReplaceAll(string(indent(c.backend(message, "{}"))), "\n", "\r\n"))
}

// doubly answers with a document inside a document.
func (c *call) doubly(status int, code, message, headers string) reply {
	inner := strings.ReplaceAll(string(indent(c.backend(message, headers))), "\n", "\r\n")
	return c.fail(status, "UnknownError", string(encode(object{
		{"ErrorCode", code}, {"Message", inner}, {"Target", nil}, {"Details", nil},
		{"InnerError", nil}, {"InstanceAnnotations", []any{}},
	})))
}

// backend is the innermost document. Its text ends with the address that the
// back end was asked at, query included.
func (c *call) backend(message, headers string) object {
	tail := " - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000 - Activity ID: " + c.requestID +
		" - Url: https://fef.amsua0102.manage.microsoft.com/DeviceFE/StatelessDeviceFEService" + strings.TrimPrefix(c.path, "/"+c.version) +
		"?api-version=2023-10-19&" + c.r.URL.RawQuery
	return object{
		{"_version", 3}, {"Message", message + tail}, {"CustomApiErrorPhrase", ""},
		{"RetryAfter", nil}, {"ErrorSourceService", ""}, {"HttpHeaders", headers},
	}
}

func indent(v any) []byte {
	var b bytes.Buffer
	if err := json.Indent(&b, encode(v), "", "  "); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// member is a name and a value of an object.
type member struct {
	name  string
	value any
}

// object is a JSON object that keeps the order of its members.
type object []member

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, m := range o {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, encode(m.name)...), ':')
		b = append(b, encode(m.value)...)
	}
	return append(b, '}'), nil
}

// violate notes that the request broke a rule.
func (c *call) violate(format string, args ...any) { c.f.Violate(c.r, format, args...) }

// refuse notes a violation and answers 400 in Graph's shape.
func (c *call) refuse(message string) reply {
	c.violate("%s", message)
	return c.fail(http.StatusBadRequest, "BadRequest", message)
}

// notFound is the answer to an id that does not exist.
func (c *call) notFound() reply {
	return c.nested(http.StatusNotFound, "ResourceNotFound", "Not Found")
}

// stamp writes a moment with whole seconds, fine one with seven digits behind
// the point. Never stands for the zero time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return never
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

func fine(t time.Time) string {
	if t.IsZero() {
		return never
	}
	return t.UTC().Format("2006-01-02T15:04:05.0000000Z")
}

const (
	never    = "0001-01-01T00:00:00Z"
	forever  = "9999-12-31T23:59:59.9999999Z"
	zeroGUID = "00000000-0000-0000-0000-000000000000"
)

// text is a JSON string, or null for "".
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}
