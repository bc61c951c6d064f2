package relutiontest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

// object is a JSON object.
type object = map[string]any

// reply is an answer that is not sent yet: JSON, a page of HTML, or nothing
// but a status.
type reply struct {
	status     int
	body       any
	html       string
	retryAfter string
	location   string
}

// write sends the answer. What cannot be written any more is not wanted.
func (rep reply) write(w http.ResponseWriter) {
	if rep.retryAfter != "" {
		w.Header().Set("Retry-After", rep.retryAfter)
	}
	if rep.location != "" {
		w.Header().Set("Location", rep.location)
	}
	switch {
	case rep.html != "":
		w.Header().Set("Content-Type", "text/html;charset=utf-8")
		w.WriteHeader(rep.status)
		io.WriteString(w, rep.html)
	case rep.body != nil:
		b, ok := rep.body.(json.RawMessage)
		if !ok {
			b = encode(rep.body)
		}
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		w.WriteHeader(rep.status)
		w.Write(b)
	default:
		w.WriteHeader(rep.status)
	}
}

// encode writes JSON.
func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // the fake's own mistake
	}
	return b
}

// bare answers with an object that nothing is wrapped around.
func bare(body any) reply { return reply{status: http.StatusOK, body: body} }

// noContent answers a write that has nothing to say.
func noContent() reply { return reply{status: http.StatusNoContent} }

// wrapped answers with the wrapper around results.
func (c *call) wrapped(results []json.RawMessage, total int) reply {
	var b bytes.Buffer
	b.WriteByte('{')
	wire := c.f.wire
	if !wire.NoStatus {
		b.WriteString(`"status":` + or(wire.Status, `"0"`) + `,`)
	}
	b.WriteString(`"message":null,"errors":` + or(wire.Errors, `{}`) + `,"exception":null,"total":` + strconv.Itoa(total) + `,"results":[`)
	for i, one := range results {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(one)
	}
	b.WriteByte(']')
	if c.f.version.from(5, 0) {
		b.WriteString(`,"extras":{}`)
	}
	b.WriteByte('}')
	return reply{status: http.StatusOK, body: json.RawMessage(b.Bytes())}
}

// one answers with the wrapper around a single result.
func (c *call) one(result any) reply {
	raw, ok := result.(json.RawMessage)
	if !ok {
		raw = encode(result)
	}
	return c.wrapped([]json.RawMessage{raw}, 1)
}

// or is the first text that is not empty.
func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// portal is the page of the portal's application, which asks for a login.
func portal() reply {
	return reply{status: http.StatusOK, html: `<!DOCTYPE html>
<html lang="en"><head><title>Relution</title></head><body><div id="app">Please log in</div></body></html>
`}
}

// errorPage is HTML as proxies write it.
func errorPage(title string) string {
	return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title + "</h1></center>\r\n</body>\r\n</html>\r\n"
}

// violate notes that the request broke a rule.
func (c *call) violate(format string, args ...any) { c.f.Violate(c.r, format, args...) }
