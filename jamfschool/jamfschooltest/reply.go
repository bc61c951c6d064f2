package jamfschooltest

import (
	"encoding/json"
	"io"
	"net/http"
)

// reply is an answer that is not sent yet: a JSON body, a line of plain text
// or a stream of JSON.
type reply struct {
	status     int
	body       any
	text       string
	stream     func(io.Writer)
	retryAfter string
}

// failure is the body of an error, and of many a success.
type failure struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Reason  string `json:"reason,omitempty"`
}

// write sends the answer. What cannot be written any more is not wanted.
func (rep reply) write(w http.ResponseWriter) {
	if rep.retryAfter != "" {
		w.Header().Set("Retry-After", rep.retryAfter)
	}
	if rep.text != "" {
		http.Error(w, rep.text, rep.status)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if rep.stream != nil {
		rep.stream(w)
		return
	}
	b, err := json.Marshal(rep.body)
	if err != nil {
		panic(err) // the fake's own mistake
	}
	w.WriteHeader(rep.status)
	w.Write(append(b, '\n'))
}

// success answers with a body.
func success(body any) reply { return reply{status: http.StatusOK, body: body} }

// done answers a write with a message.
func done(message string) reply { return success(failure{Code: http.StatusOK, Message: message}) }

// missing says that an object does not exist.
func missing(message string) reply {
	return reply{status: http.StatusNotFound, body: failure{Code: http.StatusNotFound, Message: message}}
}

// violate notes that the request broke a rule.
func (c *call) violate(format string, args ...any) { c.f.Violate(c.r, format, args...) }

// refuse notes a violation whose real answer nobody knows, and answers 400.
func (c *call) refuse(err error) reply {
	c.violate("%v", err)
	return reply{status: http.StatusBadRequest, body: failure{Code: http.StatusBadRequest, Message: err.Error()}}
}
