package relution

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// ActionState is how far a command has come. The zero ActionState is unknown:
// ask again later.
type ActionState uint8

// The states.
const (
	ActionUnknown   ActionState = iota
	ActionQueued                // on the server
	ActionSent                  // on its way to the device, or there
	ActionPostponed             // the device said "not now" and will try again
	ActionExecuted              // carried out; the inventory may lag
	ActionFailed
	ActionCancelled
)

// String returns "queued", "sent", "postponed", "executed", "failed",
// "cancelled" or "".
func (s ActionState) String() string {
	return [...]string{"", "queued", "sent", "postponed", "executed", "failed", "cancelled"}[min(s, ActionCancelled)]
}

// actionStates maps the server's words.
//
// Source: reference/relution.md 5
var actionStates = map[string]ActionState{
	"NEW": ActionQueued, "PENDING": ActionQueued, "PUSH_SENT": ActionQueued,
	"DELIVERED_CANCELABLE": ActionSent, "DELIVERED": ActionSent, "DELIVERY_CONFIRMED": ActionSent,
	"NOT_NOW": ActionPostponed, "EXECUTED": ActionExecuted, "ERROR": ActionFailed, "CANCELLED": ActionCancelled,
}

// Action is a command that was sent to a device.
//
// Source: reference/relution.md 5
type Action struct {
	UUID      string
	Type      string // such as "LOCK"; others than can be sent occur
	State     ActionState
	StateText string // as reported
	ErrorCode int64  // below 1000 an HTTP status, else Relution's own; 0 = none
	Created   time.Time
	Delivered time.Time // zero = not yet
	Modified  time.Time

	details contents
}

// Done reports whether nothing more will happen to the command.
func (a Action) Done() bool { return a.State >= ActionExecuted }

// ErrorStatus returns the HTTP status that made the command fail; 0 if it was
// something else.
func (a Action) ErrorStatus() int {
	if a.ErrorCode > 0 && a.ErrorCode < 1000 {
		return int(a.ErrorCode)
	}
	return 0
}

// SendAction sends a command to a device, by the server's name of it, such as
// "LOCATE_DEVICE". details are its further fields. It is never repeated once it
// may have arrived: mdm.ErrOutcomeUnknown. That it was accepted does not mean
// that the device carries it out. Of the cloud's quota, 50 commands a device
// and day, it uses one.
//
// Unverified: the path under /api/management, and that the type of the details
// is the type of the command.
//
// Source: reference/relution.md 5
//
//mdm:endpoint POST /api/management/v1/devices/{uuid}/actions
//mdm:endpoint POST /api/v1/devices/{uuid}/actions
//mdm:endpoint POST /relution/api/v1/devices/{uuid}/actions
func (c *Client) SendAction(ctx context.Context, uuid, actionType string, details map[string]any) (Action, error) {
	return c.act(ctx, "action", uuid, actionType, details)
}

// act is SendAction for an operation that has a name of its own.
func (c *Client) act(ctx context.Context, op, uuid, actionType string, details map[string]any) (Action, error) {
	if !uuidForm.MatchString(uuid) {
		return Action{}, c.fail(op, mdm.ErrInvalid, "not a UUID")
	}
	if !codeForm(actionType) {
		return Action{}, c.fail(op, mdm.ErrInvalid, "not the name of a command, such as LOCK")
	}
	fields := map[string]any{}
	for name, value := range details {
		fields[name] = value
	}
	fields["type"] = actionType
	r := call{op: op, method: http.MethodPost, endpoint: EndpointActions, id: ids{uuid: strings.ToUpper(uuid)},
		body: map[string]any{"type": actionType, "details": fields}}
	answer, err := c.get(ctx, r)
	if err != nil || len(answer) == 0 {
		return Action{Type: actionType}, err
	}
	var w wire.Action
	if got, err := rowsOf(answer); err == nil && len(got.of) > 0 && object(got.of[0], &w) {
		a, _ := newAction(&w)
		c.sent.add(a.UUID)
		return a, nil
	}
	return Action{Type: actionType}, nil // accepted, as its status says
}

// Actions lists the commands of a device, those of today and earlier, the oldest
// first.
//
// Source: reference/relution.md 2.3
//
//mdm:endpoint GET /api/management/v1/devices/{uuid}/actions
//mdm:endpoint GET /api/v1/devices/{uuid}/actions
//mdm:endpoint GET /relution/api/v1/devices/{uuid}/actions
func (c *Client) Actions(ctx context.Context, uuid string) ([]Action, error) {
	all, err := c.actions(ctx, uuid)
	c.sent.saw(all...)
	return all, err
}

// actions is Actions, for what must not be remembered yet.
func (c *Client) actions(ctx context.Context, uuid string) ([]Action, error) {
	r := call{op: opActions, endpoint: EndpointActions, id: ids{uuid: strings.ToUpper(uuid)}}
	if !uuidForm.MatchString(uuid) {
		return nil, c.fail(r.op, mdm.ErrInvalid, "not a UUID")
	}
	all, err := collect(list(ctx, c, r, Filter{}, newAction))
	slices.SortStableFunc(all, func(a, b Action) int { return a.Created.Compare(b.Created) })
	return all, err
}

// Action reads how a command stands.
//
// Source: reference/relution.md 2.3
//
//mdm:endpoint GET /api/management/v1/devices/{uuid}/actions/{action}
//mdm:endpoint GET /api/v1/devices/{uuid}/actions/{action}
//mdm:endpoint GET /relution/api/v1/devices/{uuid}/actions/{action}
func (c *Client) Action(ctx context.Context, uuid, action string) (Action, error) {
	r := call{op: opActions, endpoint: EndpointAction, id: ids{strings.ToUpper(uuid), strings.ToUpper(action)}}
	if !uuidForm.MatchString(action) {
		return Action{}, c.fail(r.op, mdm.ErrInvalid, "not a UUID")
	}
	a, err := one(ctx, c, r, newAction)
	if err == nil {
		c.sent.saw(a)
	}
	return a, err
}

// Await asks how a command stands until it is done or ctx ends, with a pause of
// every between two requests, of at least a second. A device that is switched
// off leaves it queued for weeks: give ctx a deadline. On an error the last
// known state comes with it.
//
//mdm:endpoint GET /api/management/v1/devices/{uuid}/actions/{action}
func (c *Client) Await(ctx context.Context, uuid, action string, every time.Duration) (Action, error) {
	var last Action
	for {
		a, err := c.Action(ctx, uuid, action)
		if err != nil {
			return last, err
		}
		if last = a; a.Done() {
			return a, nil
		}
		select {
		case <-time.After(max(every, time.Second)):
		case <-ctx.Done():
			return last, ctx.Err()
		}
	}
}

// CancelAction takes back a command that the device has not carried out yet.
//
// Unverified: the path under /api/management.
//
// Source: reference/relution.md 2.3
//
//mdm:endpoint DELETE /api/management/v1/devices/{uuid}/actions/{action}
//mdm:endpoint DELETE /api/v1/devices/{uuid}/actions/{action}
//mdm:endpoint DELETE /relution/api/v1/devices/{uuid}/actions/{action}
func (c *Client) CancelAction(ctx context.Context, uuid, action string) error {
	if !uuidForm.MatchString(uuid) || !uuidForm.MatchString(action) {
		return c.fail(opCancel, mdm.ErrInvalid, "not a UUID")
	}
	_, err := c.get(ctx, call{op: opCancel, method: http.MethodDelete, endpoint: EndpointAction, id: ids{strings.ToUpper(uuid), strings.ToUpper(action)}})
	return err
}

func newAction(w *wire.Action) (Action, string) {
	return Action{UUID: clean(w.UUID), Type: clean(w.Type), State: actionStates[clean(w.State)], StateText: clean(w.State),
		ErrorCode: w.ErrorCode.N, Created: w.Created.At(), Delivered: w.Delivered.At(), Modified: w.Modified.At(),
		details: newContents(&w.Details)}, clean(w.UUID)
}
