package jamfpro

import (
	"context"
	"time"

	"github.com/mdmlink/mdmlink/internal/command"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfpro/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// SendCommand queues a command of the protocol for one device, named by its
// management id, and returns the command's UUID. data are the further fields of
// the command. One request is for one device, so that an error belongs to it.
// It is never repeated once it may have arrived: mdm.ErrOutcomeUnknown, which is
// also what an unknown management id looks like.
//
// Source: reference/jamfpro.md 5.1
//
//mdm:endpoint POST /api/v2/mdm/commands
func (c *Client) SendCommand(ctx context.Context, managementID, commandType string, data map[string]any) (string, error) {
	return c.queue(ctx, opCommand+commandType, managementID, commandType, data)
}

// queue is SendCommand for an operation that has a name of its own.
func (c *Client) queue(ctx context.Context, op, managementID, commandType string, data map[string]any) (string, error) {
	if !uuidForm.MatchString(managementID) {
		return "", c.fail(op, mdm.ErrInvalid, "a management id is a UUID")
	}
	if err := c.knows(ctx, op, commandType); err != nil {
		return "", err
	}
	command := map[string]any{"commandType": commandType}
	for name, value := range data {
		command[name] = value
	}
	body := map[string]any{"clientData": []any{map[string]string{"managementId": managementID}}, "commandData": command}
	var answer json.Value
	if err := c.post(ctx, op, "/api/v2/mdm/commands", body, &answer); err != nil {
		return "", err
	}
	return c.sentID(answer), nil
}

// newer are the commands that came late, with the minor version of Jamf Pro 11
// below which a server does not know them.
//
// Unverified: the versions between 11.7 and 11.23.
var newer = map[string]int{"DEVICE_LOCK": 7, "CLEAR_RESTRICTIONS_PASSWORD": 7, "DEVICE_INFORMATION": 7,
	"CLEAR_PASSCODE": 8, "DISABLE_LOST_MODE": 8, "DEVICE_LOCATION": 8, "PLAY_LOST_MODE_SOUND": 8}

// knows refuses a command that the server is too old for.
//
// Source: reference/jamfpro.md 5.1
func (c *Client) knows(ctx context.Context, op, commandType string) error {
	minor, late := newer[commandType]
	if !late {
		return nil
	}
	v, err := c.version(ctx)
	if err != nil || v.Major == 0 || v.AtLeast(11, minor) {
		return err
	}
	return c.fail(op, mdm.ErrUnsupported, "the server is too old for this command")
}

// sentID reads the UUID of a command from an array or an object, and remembers
// it.
func (c *Client) sentID(answer json.Value) string {
	var list json.List[wire.Sent]
	var one wire.Sent
	if answer.Kind() == '[' && json.Unmarshal(answer, &list) == nil && len(list.Of) > 0 {
		one = list.Of[0]
	} else if answer.Kind() == '{' {
		_ = json.Unmarshal(answer, &one) // lenient: takes any object
	}
	uuid := first(one.ID, one.CommandUUID)
	if uuid != "" {
		c.sent.add(uuid)
	}
	return uuid
}

// EraseComputer erases a computer. The PIN of six digits unlocks an older Mac
// afterwards; the zero Secret is none. It returns the command's UUID.
//
// Source: reference/jamfpro.md 5.2
//
//mdm:endpoint POST /api/v4/computers-inventory/{id}/erase
//mdm:endpoint POST /api/v1/computer-inventory/{id}/erase
func (c *Client) EraseComputer(ctx context.Context, id string, pin mdm.Secret) (string, error) {
	op := mdm.Wipe{}.Name() + onComputer
	body := map[string]any{}
	switch digits, err := command.PIN(ctx, pin); {
	case err != nil:
		return "", c.fail(op, mdm.ErrInvalid, err.Error())
	case digits != "":
		body["pin"] = digits
	}
	return c.computerAction(ctx, op, id, "erase", body)
}

// RemoveProfile removes the management profile from a computer, which ends its
// management. It returns the command's UUID.
//
// Source: reference/jamfpro.md 5.2
//
//mdm:endpoint POST /api/v4/computers-inventory/{id}/remove-mdm-profile
//mdm:endpoint POST /api/v1/computer-inventory/{id}/remove-mdm-profile
func (c *Client) RemoveProfile(ctx context.Context, id string) (string, error) {
	return c.computerAction(ctx, mdm.Retire{}.Name()+onComputer, id, "remove-mdm-profile", nil)
}

// computerAction uses the address of the newest generation, or the singular
// one of all others.
func (c *Client) computerAction(ctx context.Context, op, id, action string, body any) (string, error) {
	if err := c.checkID(op, id); err != nil {
		return "", err
	}
	if err := c.settled(ctx); err != nil {
		return "", err
	}
	generation, _, err := c.generation(ctx)
	if err != nil {
		return "", err
	}
	path := "/api/v1/computer-inventory/"
	if generation >= 4 {
		path = computersPath(generation) + "/"
	}
	var answer json.Value
	err = c.post(ctx, op, path+id+"/"+action, body, &answer)
	return c.sentID(answer), err
}

// EraseOptions says how a mobile device is erased. The zero value erases it
// and keeps nothing.
type EraseOptions struct {
	PreserveDataPlan       bool // keep the eSIM's plan
	DisallowProximitySetup bool
	ClearActivationLock    bool
	ReturnToService        bool // set itself up again
}

// EraseMobileDevice erases a mobile device and returns the command's UUID. A
// server that is too old for it is mdm.ErrNotFound.
//
// Source: reference/jamfpro.md 5.2
//
//mdm:endpoint POST /api/v2/mobile-devices/{id}/erase
func (c *Client) EraseMobileDevice(ctx context.Context, id string, o *EraseOptions) (string, error) {
	op := mdm.Wipe{}.Name() + onMobile
	if o == nil {
		o = &EraseOptions{}
	}
	body := map[string]bool{"preserveDataPlan": o.PreserveDataPlan, "disallowProximitySetup": o.DisallowProximitySetup,
		"clearActivationLock": o.ClearActivationLock, "returnToService": o.ReturnToService}
	return c.mobileAction(ctx, op, id, "erase", body)
}

// UnmanageMobileDevice ends the management of a mobile device and returns the
// command's UUID.
//
// Source: reference/jamfpro.md 5.2
//
//mdm:endpoint POST /api/v2/mobile-devices/{id}/unmanage
func (c *Client) UnmanageMobileDevice(ctx context.Context, id string) (string, error) {
	return c.mobileAction(ctx, mdm.Retire{}.Name()+onMobile, id, "unmanage", nil)
}

func (c *Client) mobileAction(ctx context.Context, op, id, action string, body any) (string, error) {
	if err := c.checkID(op, id); err != nil {
		return "", err
	}
	var answer json.Value
	err := c.post(ctx, op, "/api/v2/mobile-devices/"+id+"/"+action, body, &answer)
	return c.sentID(answer), err
}

// UpdateInventory asks a mobile device to report its inventory, through the
// Classic API, since the newer one has no command for it that works.
//
// Source: reference/jamfpro.md 2.9
//
//mdm:endpoint POST /JSSResource/mobiledevicecommands/command/UpdateInventory/id/{id}
func (c *Client) UpdateInventory(ctx context.Context, id string) error {
	op := mdm.Refresh{}.Name() + onMobile
	if err := c.checkID(op, id); err != nil {
		return err
	}
	return c.classic(ctx, op, "/JSSResource/mobiledevicecommands/command/UpdateInventory/id/"+id)
}

// BlankPush wakes devices, named by their management ids, so that they fetch
// what waits for them. It returns the ids of those that could not be reached.
//
// Source: reference/jamfpro.md 5.2
//
//mdm:endpoint POST /api/v2/mdm/blank-push
func (c *Client) BlankPush(ctx context.Context, managementIDs []string) ([]string, error) {
	for _, id := range managementIDs {
		if !uuidForm.MatchString(id) {
			return nil, c.fail(opBlankPush, mdm.ErrInvalid, "a management id is a UUID")
		}
	}
	var answer struct {
		Errors json.List[json.Text] `json:"errorUuids"`
	}
	err := c.post(ctx, opBlankPush, "/api/v2/mdm/blank-push", map[string]any{"clientManagementIds": managementIDs}, &answer)
	return json.Texts(answer.Errors), err
}

// CommandStatus is how a command stands.
//
// Source: reference/jamfpro.md 5.4
type CommandStatus struct {
	UUID         string
	ManagementID string
	Type         string // such as "ERASE_DEVICE"; others than can be sent occur
	State        string // "PENDING", "ACKNOWLEDGED", "NOT_NOW", "ERROR", "COMMAND_FORMAT_ERROR", as reported
	Sent         time.Time
	Completed    time.Time // zero = not yet
	ErrorCode    int64     // of the device; 0 = none
	ErrorDomain  string
}

// Done reports whether the device has carried the command out or refused it. A
// device that answered "not now" will try again.
func (s CommandStatus) Done() bool {
	return s.State == "ACKNOWLEDGED" || s.State == "ERROR" || s.State == "COMMAND_FORMAT_ERROR"
}

// Command reads how a command stands, by its UUID. Ask no more often than
// every few minutes: a device that is switched off leaves it pending for weeks.
//
//mdm:endpoint GET /api/v2/mdm/commands
func (c *Client) Command(ctx context.Context, uuid string) (CommandStatus, error) {
	all, err := c.Commands(ctx, Equal("uuid", uuid))
	if err != nil {
		return CommandStatus{}, err
	}
	for _, s := range all {
		if s.UUID == uuid {
			return s, nil
		}
	}
	return CommandStatus{}, c.fail(opCommands, mdm.ErrNotFound, "")
}

// Commands lists commands that fit a filter by uuid, clientManagementId,
// command, status, clientType, dateSent or others, at most 100. The server
// wants a filter: the zero Filter is mdm.ErrInvalid.
//
//mdm:endpoint GET /api/v2/mdm/commands
func (c *Client) Commands(ctx context.Context, filter Filter) ([]CommandStatus, error) {
	if filter.err != nil || filter.text == "" {
		return nil, c.fail(opCommands, mdm.ErrInvalid, "commands are listed with a valid filter only")
	}
	var answer json.Value
	q := map[string][]string{"filter": {filter.text}, "page": {"0"}, "page-size": {"100"}}
	if err := c.get(ctx, opCommands, "/api/v2/mdm/commands", q, &answer); err != nil {
		return nil, err
	}
	rows, ok := rowsOf[wire.NestedCommand](answer)
	if !ok {
		return nil, c.undecodable(opCommands, "the answer holds no list")
	}
	var all []CommandStatus
	for _, w := range rows {
		all = append(all, newCommandStatus(w))
	}
	return all, nil
}

func newCommandStatus(n wire.NestedCommand) CommandStatus {
	w := n.Command
	if n.Nested.Present {
		w = n.Nested.Of
	}
	return CommandStatus{UUID: first(w.UUID, n.UUID), ManagementID: first(w.Client.Of.ManagementID, n.Client.Of.ManagementID),
		Type: first(w.Type, n.Type), State: first(w.State, n.State), Sent: firstTime(w.Sent, n.Sent),
		Completed: firstTime(w.Completed, n.Completed), ErrorCode: w.Error.Of.Code.N, ErrorDomain: clean(w.Error.Of.Domain)}
}
