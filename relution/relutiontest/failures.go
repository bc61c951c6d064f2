package relutiontest

import "net/http"

// refusal is an error that waits for the next requests.
type refusal struct {
	left          int
	status        int
	code, message string
}

// FailNext answers the next n requests that have good credentials with an
// error of the server: an HTTP status and one of the server's own error
// codes, such as 422 and "ILLEGAL_DEVICE_STATE". Status 200 makes it an error
// inside an answer that looks like success. [Fake.Faults] is for what is not
// the server's own doing.
func (f *Fake) FailNext(n, status int, code, message string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refusals = append(f.refusals, refusal{n, status, code, message})
}

// due is the answer to a request that FailNext meant; nil = it was not meant.
func (c *call) due() *reply {
	f := c.f
	for len(f.refusals) > 0 && f.refusals[0].left <= 0 {
		f.refusals = f.refusals[1:]
	}
	if len(f.refusals) == 0 {
		return nil
	}
	f.refusals[0].left--
	rep := c.fail(f.refusals[0].status, f.refusals[0].code, f.refusals[0].message)
	return &rep
}

// fail answers with an error, in the form of the release.
func (c *call) fail(status int, code, message string) reply {
	wire := c.f.wire
	if wire.EmptyErrors {
		return reply{status: status}
	}
	body := c.wrappedError(status, code, message)
	if status != http.StatusOK && c.flat() {
		body = c.exception("io.relution.common.exception.RelutionException", code, message)
	}
	return reply{status: c.errorStatus(status), body: body}
}

// flat reports whether errors are an exception alone.
func (c *call) flat() bool {
	wire := c.f.wire
	return c.f.version.modern() && !wire.WrappedErrors || wire.FlatErrors
}

// errorStatus is what an error that has a JSON body comes with.
func (c *call) errorStatus(status int) int {
	if c.f.wire.ErrorsAsOK {
		return http.StatusOK
	}
	return status
}

// wrappedError is the wrapper that all releases know.
func (c *call) wrappedError(status int, code, message string) object {
	thrown := object{
		"className": "com.mwaysolutions.relution.common.domain.RelutionException", "cause": nil, "errorCode": code,
		"httpStatus": status, "message": message, "localizedMessage": message, "suppressed": []any{},
	}
	if c.f.wire.StackTraces {
		thrown["stackTrace"] = stackTrace
	}
	return object{
		"status": "-1", "message": message, "errors": object{"2047": message}, "exception": thrown, "total": 0, "results": []any{},
	}
}

// exception is the flat form. Its status is text, like the wrapper's.
func (c *call) exception(class, code, message string) object {
	body := object{"className": class, "errorCode": code, "message": message, "status": "-1", "errors": object{}}
	if c.f.wire.StackTraces {
		body["stackTrace"] = stackTrace
	}
	return body
}

// stackTrace is what a server lets slip about itself.
var stackTrace = []object{{
	"className": "io.relution.devices.DeviceResource", "methodName": "query", "fileName": "DeviceResource.java", "lineNumber": 204,
}}

// denied answers a caller who may not do this.
func (c *call) denied(status int, code, reason string) reply {
	if c.f.wire.EmptyErrors {
		return reply{status: status}
	}
	const message = "Access denied"
	body := c.exception("io.relution.common.exception.AccessDeniedException", code, message)
	thrown := body
	if !c.flat() {
		body = c.wrappedError(status, code, message)
		thrown = body["exception"].(object)
		thrown["className"] = "com.mwaysolutions.relution.common.domain.AccessDeniedException"
	}
	thrown["reason"], thrown["anonymous"] = reason, status == http.StatusUnauthorized
	thrown["correspondingUserUuid"] = nil
	if c.account != nil {
		thrown["correspondingUserUuid"] = c.account.user.uuid
	}
	return reply{status: c.errorStatus(status), body: body}
}

// refuse notes a violation and answers 400.
func (c *call) refuse(err error) reply {
	c.violate("%v", err)
	return c.fail(http.StatusBadRequest, "ARGUMENTS_MISSING_OR_INVALID", err.Error())
}

// missing answers that an object does not exist.
func (c *call) missing(code string) reply { return c.fail(http.StatusNotFound, code, "Not found") }
