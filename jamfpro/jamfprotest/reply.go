package jamfprotest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// reply is an answer that is not sent yet: JSON, a page of HTML, XML of the
// Classic API, a stream of JSON, or nothing but a status.
type reply struct {
	status     int
	body       any
	html       string
	xml        string
	stream     func(io.Writer) error
	retryAfter string
}

// apiError is the body of an error of the API.
type apiError struct {
	Status int     `json:"httpStatus"`
	Errors []cause `json:"errors"`
}

type cause struct {
	Code        string  `json:"code"`
	Field       *string `json:"field"`
	Description string  `json:"description"`
	ID          string  `json:"id"`
}

// write sends the answer. What cannot be written any more is not wanted.
func (rep reply) write(w http.ResponseWriter) {
	if rep.retryAfter != "" {
		w.Header().Set("Retry-After", rep.retryAfter)
	}
	switch {
	case rep.html != "":
		w.Header().Set("Content-Type", "text/html;charset=utf-8")
		w.WriteHeader(rep.status)
		io.WriteString(w, rep.html)
	case rep.xml != "":
		w.Header().Set("Content-Type", "application/xml;charset=utf-8")
		w.WriteHeader(rep.status)
		io.WriteString(w, rep.xml)
	case rep.stream != nil:
		w.Header().Set("Content-Type", "application/json")
		rep.stream(w)
	case rep.body != nil:
		w.Header().Set("Content-Type", "application/json")
		b, err := json.Marshal(rep.body)
		if err != nil {
			panic(err) // the fake's own mistake
		}
		w.WriteHeader(rep.status)
		w.Write(b)
	default:
		w.WriteHeader(rep.status)
	}
}

// success answers with a body.
func success(body any) reply { return reply{status: http.StatusOK, body: body} }

// noContent answers a write that has nothing to say.
func noContent() reply { return reply{status: http.StatusNoContent} }

// fail answers with an error of the API. Without a code the list of errors is
// empty.
func fail(status int, code, field, description string) reply {
	e := apiError{Status: status, Errors: []cause{}}
	if code != "" {
		e.Errors = append(e.Errors, cause{code, text(field), description, "0"})
	}
	return reply{status: status, body: e}
}

// noSuchID is the answer to an id that does not exist.
func noSuchID() reply {
	return fail(http.StatusNotFound, "INVALID_ID", "id", "No record with this id exists")
}

// page is HTML as servlet containers, balancers and firewalls write it.
func page(status int) reply {
	return reply{status: status, html: fmt.Sprintf(
		"<!doctype html><html lang=\"en\"><head><title>HTTP Status %d</title></head><body><h1>HTTP Status %d</h1></body></html>\n",
		status, status)}
}

// violate notes that the request broke a rule.
func (c *call) violate(format string, args ...any) { c.f.Violate(c.r, format, args...) }

// refuse notes a violation and answers 400. The field may be "".
func (c *call) refuse(field string, err error) reply {
	c.violate("%v", err)
	return fail(http.StatusBadRequest, "INVALID_FIELD", field, err.Error())
}

// text is a JSON string, or null for "".
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
