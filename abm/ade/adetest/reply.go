package adetest

import (
	"encoding/json"
	"net/http"
)

// reply is an answer that is not sent yet: JSON, an error code, or nothing but
// a status.
type reply struct {
	status     int
	body       any
	code       string
	retryAfter string
	session    string // a session token that replaces the one in use; "" = none
}

const mediaType = "application/json;charset=UTF8"

// write sends the answer. What cannot be written any more is not wanted.
func (rep reply) write(w http.ResponseWriter, form ErrorForm) {
	if rep.retryAfter != "" {
		w.Header().Set("Retry-After", rep.retryAfter)
	}
	if rep.session != "" {
		w.Header().Set(sessionHeader, rep.session)
	}
	kind, body := mediaType, []byte(nil)
	switch {
	case rep.body != nil:
		body = encode(rep.body)
	case rep.code != "" && form == JSONErrors:
		body = encode(map[string]string{"code": rep.code})
	case rep.code != "":
		kind, body = "text/plain;charset=UTF8", []byte(rep.code)
		if form == QuotedErrors {
			body = encode(rep.code)
		}
	}
	if body != nil {
		w.Header().Set("Content-Type", kind)
	}
	w.WriteHeader(rep.status)
	w.Write(body)
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // the fake's own mistake
	}
	return b
}

// success answers with a body.
func success(body any) reply { return reply{status: http.StatusOK, body: body} }

// fail answers with an error code; "" = without any body.
func fail(status int, code string) reply { return reply{status: status, code: code} }

// bad answers 400.
func bad(code string) reply { return fail(http.StatusBadRequest, code) }

// violate notes that the request broke a rule.
func (c *call) violate(format string, args ...any) { c.f.Violate(c.r, format, args...) }

// refuse notes a violation and answers 400 with a code.
func (c *call) refuse(code, format string, args ...any) reply {
	c.violate(format, args...)
	return bad(code)
}

// malformed notes what is wrong with a body and answers 400.
func (c *call) malformed(format string, args ...any) reply {
	return c.refuse("MALFORMED_REQUEST_BODY", format, args...)
}
