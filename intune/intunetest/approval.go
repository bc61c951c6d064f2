package intunetest

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"
)

// approvals is what administrators have to approve.
type approvals struct {
	guarded  bool
	requests []*approval
}

// approval is one request that waits for an administrator, or did.
type approval struct {
	code, status string
	asked        time.Time
	what         string // method, address and body: the repeated request has to be the same
}

// SetApproval makes another administrator's approval necessary for all device
// actions, or unnecessary again.
func (f *Fake) SetApproval(on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.guarded = on
}

// Approve is an administrator's decision on a code that is needsApproval: yes
// or no. It returns whether there is such a code.
func (f *Fake) Approve(code string, yes bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, a := range f.requests {
		if a.code == code && a.status == "needsApproval" {
			if a.status = "rejected"; yes {
				a.status = "approved"
			}
			return true
		}
	}
	return false
}

// PendingApprovals lists the codes that wait for an administrator.
func (f *Fake) PendingApprovals() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var codes []string
	for _, a := range f.requests {
		if a.status == "needsApproval" {
			codes = append(codes, a.code)
		}
	}
	return codes
}

const (
	justification = "X-Msft-Approval-Justification"
	approvalCode  = "X-Msft-Approval-Code"
)

// approve holds a write up until an administrator approves it; nil = it may
// go on.
func (c *call) approve() *reply {
	if !c.f.guarded {
		return nil
	}
	var rep reply
	why, code := c.r.Header.Get(justification), c.r.Header.Get(approvalCode)
	what := c.r.Method + " " + c.r.URL.RequestURI() + " " + string(c.body)
	switch decoded, err := base64.StdEncoding.DecodeString(why); {
	case code != "":
		return c.resume(code, what)
	case why == "":
		status, name := http.StatusForbidden, "Forbidden"
		if c.f.wire.ApprovalAs400 {
			status, name = http.StatusBadRequest, "BadRequest"
		}
		rep = c.fail(status, name, "The request header x-msft-approval-justification is required.")
	case err != nil || len(decoded) == 0:
		rep = c.refuse("The request header x-msft-approval-justification is not base64.")
	default:
		c.f.serial++
		a := &approval{code: uuid("approval", c.requestID), status: "needsApproval", asked: c.now, what: what}
		c.f.requests = append(c.f.requests, a)
		rep = c.required(a.code)
	}
	return &rep
}

func (c *call) required(code string) reply {
	return c.fail(http.StatusForbidden, "ApprovalRequired",
		"The request needs the approval of another administrator. x-msft-approval-code: "+code).set(approvalCode, code)
}

// resume carries an approved request out.
func (c *call) resume(code, what string) *reply {
	var rep reply
	i := slices.IndexFunc(c.f.requests, func(a *approval) bool { return strings.EqualFold(a.code, code) })
	if i < 0 {
		rep = c.refuse("The request header x-msft-approval-code is not known.")
		return &rep
	}
	switch a := c.f.requests[i]; {
	case a.what != what:
		rep = c.refuse("The request is not the one that was approved.")
	case a.status == "approved":
		a.status = "completed"
		return nil
	case a.status == "needsApproval":
		rep = c.required(code)
	default:
		rep = c.fail(http.StatusForbidden, "Forbidden", "The request was "+a.status+".")
	}
	return &rep
}

// listApprovals answers with what became of requests.
func (c *call) listApprovals() reply {
	s := shelf[*approval]{"operationApprovalRequest", []property[*approval]{
		{name: "id", value: func(a *approval) any { return a.code }},
		{name: "requestId", ops: opEq, value: func(a *approval) any { return a.code }},
		{name: "requestDateTime", value: func(a *approval) any { return fine(a.asked) }},
		{name: "status", value: func(a *approval) any { return a.status }},
	}}
	columns, refusal := s.selected(c)
	if refusal != nil {
		return *refusal
	}
	keep, refusal := s.filter(c)
	if refusal != nil {
		return *refusal
	}
	var rows []row
	for _, a := range c.f.requests {
		if s.keeps(keep, a) {
			rows = append(rows, row{fine(a.asked), a.code, func() any { return render(a, columns) }})
		}
	}
	slices.SortFunc(rows, less)
	return c.page(list{context: "deviceManagement/operationApprovalRequests", keys: [2]string{"LastRequestDateTime", "LastId"}, size: 1000, most: 1000}, rows)
}
