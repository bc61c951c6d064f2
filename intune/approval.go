package intune

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/mdmlink/mdmlink/intune/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// Headers of an approval by a second administrator.
//
// Source: reference/intune.md 5.4
const (
	justificationHeader = "x-msft-approval-justification"
	codeHeader          = "x-msft-approval-code"
)

const usualJustification = "requested through mdmlink"

// approvable is the header that every change carries: the code of an approval,
// or a justification, so that a tenant which demands one can ask for it.
func (c *Client) approvable(code string) http.Header {
	if code != "" {
		return http.Header{codeHeader: {code}}
	}
	text := first(c.cfg.Justification, usualJustification)
	return http.Header{justificationHeader: {base64.StdEncoding.EncodeToString([]byte(text))}}
}

// approval reports whether an error answer demands an approval.
func approval(r reason, h http.Header) bool {
	return r.has("ApprovalRequired") || h.Get(codeHeader) != "" || r.says(justificationHeader)
}

var codeInText = regexp.MustCompile(`(?i)x-msft-approval-code:\s*([0-9a-f-]{36})`)

// approvalCode returns the code of a request to the second administrator.
func approvalCode(h http.Header, r reason) string {
	if code := strings.TrimSpace(h.Get(codeHeader)); guidForm.MatchString(code) {
		return code
	}
	if found := codeInText.FindStringSubmatch(r.text); found != nil {
		return found[1]
	}
	return ""
}

// ApprovalCode returns the code of the request to the second administrator
// that err tells of, or "". Resume needs it, and each method that changes
// something takes it.
func ApprovalCode(err error) string {
	e, ok := errors.AsType[*mdm.Error](err)
	if !ok || mdm.Code(err) != mdm.Code(mdm.ErrApprovalRequired) || !guidForm.MatchString(e.Vendor) {
		return ""
	}
	return e.Vendor
}

// Approval reads how a request to the second administrator stands:
// "needsApproval", "approved", "rejected", "cancelled", "completed",
// "expired". A code that is not known is mdm.ErrNotFound.
//
// Source: reference/intune.md 5.4
//
// Unverified: the permission that this needs.
//
//mdm:endpoint GET /beta/deviceManagement/operationApprovalRequests
func (c *Client) Approval(ctx context.Context, code string) (string, error) {
	if !guidForm.MatchString(code) {
		return "", c.fail(opApproval, mdm.ErrNotFound, "a code is a GUID")
	}
	query := url.Values{"$filter": {"requestId eq " + quote(code)}}
	for a, err := range paged(ctx, c, opApproval, beta+"/deviceManagement/operationApprovalRequests", query, nil, func(w wire.Approval) wire.Approval { return w }) {
		if err != nil {
			return "", err
		}
		if strings.EqualFold(clean(a.ID), code) {
			return clean(a.Status), nil
		}
	}
	return "", c.fail(opApproval, mdm.ErrNotFound, "")
}

// act sends a request of an action on a device. code is that of an approval;
// "" = none yet.
func (c *Client) act(ctx context.Context, op, version, id, action string, body any, code string) error {
	if err := c.checkID(op, id); err != nil {
		return err
	}
	return c.write(ctx, op, http.MethodPost, version+devicesPath+"/"+lower(id)+"/"+action, body, code)
}
