package abmtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// reply is an answer that is not sent yet: JSON, a text of another kind, or
// nothing but a status.
type reply struct {
	status     int
	body       any
	kind, text string // media type and text, if it is not JSON
	retryAfter string
	broken     bool // the connection breaks instead
}

// envelope is the body of a refused request to the API.
type envelope struct {
	Errors []problem `json:"errors"`
}

type problem struct {
	ID     string  `json:"id"`
	Status string  `json:"status"`
	Code   string  `json:"code"`
	Title  string  `json:"title"`
	Detail string  `json:"detail"`
	Source *source `json:"source,omitempty"`
}

// source is the part of the request that is wrong. The zero source is none.
type source struct {
	Parameter string `json:"parameter,omitempty"`
	Pointer   string `json:"pointer,omitempty"`
}

// write sends the answer. What cannot be written any more is not wanted.
func (rep reply) write(w http.ResponseWriter) {
	if rep.broken {
		panic(http.ErrAbortHandler)
	}
	if rep.retryAfter != "" {
		w.Header().Set("Retry-After", rep.retryAfter)
	}
	switch {
	case rep.kind != "":
		w.Header().Set("Content-Type", rep.kind)
		w.WriteHeader(rep.status)
		io.WriteString(w, rep.text)
	case rep.body != nil:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(rep.status)
		w.Write(encode(rep.body))
	default:
		w.WriteHeader(rep.status)
	}
}

// encode writes JSON, and planted records verbatim.
func encode(v any) []byte {
	if l, ok := v.(list); ok {
		return l.encode()
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // the fake's own mistake
	}
	return b
}

// success answers with a body.
func success(body any) reply { return reply{status: http.StatusOK, body: body} }

// fail answers with an error, in the form of the Wire.
func (c *call) fail(status int, code, title, detail string, from source) reply {
	wire := c.f.wire
	switch {
	case wire.HTMLErrors:
		return reply{status: status, kind: "text/html;charset=utf-8", text: fmt.Sprintf(
			"<!doctype html><html lang=\"en\"><head><title>%d</title></head><body><h1>%s</h1></body></html>\n", status, title)}
	case wire.NullErrors:
		return reply{status: status, body: envelope{}}
	case wire.EmptyErrors && status == http.StatusUnauthorized:
		return reply{status: status}
	}
	p := problem{ID: uuid("error", c.f.next()), Status: strconv.Itoa(status), Code: code, Title: title, Detail: detail}
	if from != (source{}) {
		p.Source = &from
	}
	errors := []problem{p}
	if wire.TwoErrors {
		p.ID, p.Detail = uuid("error", c.f.next()), "There was more than one problem with the request"
		errors = append(errors, p)
	}
	return reply{status: status, body: envelope{errors}}
}

// notFound is the answer to an id that does not exist.
func (c *call) notFound() reply {
	return c.fail(http.StatusNotFound, "NOT_FOUND", "The specified resource does not exist",
		"There is no resource of this type with this id", source{})
}

// forbidden is the answer to a caller who may not do this. It does not say
// which right is missing.
func (c *call) forbidden(detail string) reply {
	return c.fail(http.StatusForbidden, "FORBIDDEN_ERROR", "The given operation is not allowed", detail, source{})
}

// badParameter notes a violation and answers that a parameter is wrong.
func (c *call) badParameter(name, detail string) *reply {
	c.violate("%s", detail)
	rep := c.fail(http.StatusBadRequest, "PARAMETER_ERROR.INVALID", "A parameter has an invalid value", detail, source{Parameter: name})
	return &rep
}

// violate notes that the request broke a rule.
func (c *call) violate(format string, args ...any) { c.f.Violate(c.r, format, args...) }
