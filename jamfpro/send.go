package jamfpro

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/internal/command"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Send asks for a command to be carried out. The record is read again first,
// and the command refused with mdm.ErrConflict if the device with this id now
// has another serial number. When it is not known whether the request arrived,
// the history of commands is asked; the one command that is found there was
// requested. What could be another one stays mdm.ErrOutcomeUnknown.
func (s *Source) Send(ctx context.Context, rec mdm.Record, c mdm.Command) (mdm.Receipt, error) {
	if rec.Origin != s.client.info.Origin {
		return mdm.Receipt{}, s.client.fail(c.Name(), mdm.ErrWrongTenant, "the device belongs to another system or tenant")
	}
	if err := s.Vet(rec, c); err != nil {
		return mdm.Receipt{}, err
	}
	kind, id, _ := parseID(rec.ID)
	if err := command.Check(ctx, c); err != nil {
		return mdm.Receipt{}, s.client.fail(c.Name(), mdm.ErrInvalid, err.Error())
	}
	d, err := s.verified(ctx, rec, c)
	if err != nil {
		return mdm.Receipt{}, err
	}
	begin := time.Now()
	send := sending{client: s.client, kind: kind, id: id, managementID: d.ManagementID, op: c.Name() + onMobile}
	if kind == Computer {
		send.op = c.Name() + onComputer
	}
	uuid, err := send.send(ctx, c)
	if errors.Is(err, mdm.ErrOutcomeUnknown) && ctx.Err() == nil {
		if found := send.lookUp(ctx, c, begin); found != "" {
			uuid, err = found, nil
		}
	}
	if err != nil {
		return mdm.Receipt{}, err
	}
	return mdm.Receipt{Origin: s.client.info.Origin, Device: rec.ID, Command: c.Name(), ID: uuid, Requested: time.Now().UTC()}, nil
}

// verified reads the device again and compares it with what is meant.
func (s *Source) verified(ctx context.Context, rec mdm.Record, c mdm.Command) (*Device, error) {
	d, err := s.read(ctx, rec.ID, []Section{SectionGeneral, SectionHardware})
	switch {
	case err != nil:
		return nil, err
	case rec.Serial != "" && !strings.EqualFold(d.SerialNumber, rec.Serial),
		rec.ManagementID != "" && d.ManagementID != "" && !strings.EqualFold(d.ManagementID, rec.ManagementID):
		return nil, s.client.fail(c.Name(), mdm.ErrConflict, "the device with this id is another one by now")
	}
	return d, nil
}

// sending is one command on its way to one device.
type sending struct {
	client       *Client
	kind         DeviceKind
	id           string
	managementID string
	op           string
}

// send makes the request of a command and returns the command's UUID, where
// the server tells one.
func (s sending) send(ctx context.Context, c mdm.Command) (string, error) {
	client := s.client
	switch c := c.(type) {
	case mdm.Wipe:
		if s.kind == Computer {
			return client.EraseComputer(ctx, s.id, c.PIN)
		}
		uuid, err := client.EraseMobileDevice(ctx, s.id, &EraseOptions{ClearActivationLock: c.ClearActivationLock})
		if missing(err) && !c.ClearActivationLock && s.managementID != "" { // the device was there just now: the server is too old for this way
			return client.queue(ctx, s.op, s.managementID, "ERASE_DEVICE", nil)
		}
		return uuid, err
	case mdm.Retire:
		if s.kind == Computer {
			return client.RemoveProfile(ctx, s.id)
		}
		return client.UnmanageMobileDevice(ctx, s.id)
	case mdm.Refresh:
		if s.kind == MobileDevice {
			return "", client.UpdateInventory(ctx, s.id)
		}
	case mdm.Rename:
		return "", client.RenameMobileDevice(ctx, s.id, c.To)
	}
	commandType, data, err := s.queued(ctx, c)
	if err != nil {
		return "", err
	}
	if s.managementID == "" {
		return "", client.fail(s.op, mdm.ErrUnsupported, "the server has no management id of this device")
	}
	return client.queue(ctx, s.op, s.managementID, commandType, data)
}

// queued returns the protocol's name of a command and its fields.
//
// Unverified: which facts a Mac reports anew when it is asked for its
// information.
func (s sending) queued(ctx context.Context, c mdm.Command) (commandType string, data map[string]any, err error) {
	data = map[string]any{}
	put := func(name, value string) {
		if value != "" {
			data[name] = value
		}
	}
	switch c := c.(type) {
	case mdm.Lock:
		put("message", c.Message)
		put("phoneNumber", c.Phone)
		pin, err := command.PIN(ctx, c.PIN)
		put("pin", pin)
		return "DEVICE_LOCK", data, err
	case mdm.ClearPasscode:
		token, err := s.client.unlockToken(ctx, s.op, s.id)
		if err != nil {
			return "", nil, err
		}
		text, err := token.Reveal(ctx)
		put("unlockToken", text)
		return "CLEAR_PASSCODE", data, err
	case mdm.Restart:
		return "RESTART_DEVICE", data, nil
	case mdm.ShutDown:
		return "SHUT_DOWN_DEVICE", data, nil
	case mdm.Refresh:
		data["queries"] = []string{"DeviceName", "OSVersion", "BuildVersion", "DeviceCapacity", "AvailableDeviceCapacity"}
		return "DEVICE_INFORMATION", data, nil
	case mdm.EnableLostMode:
		put("lostModeMessage", c.Message)
		put("lostModePhone", c.Phone)
		put("lostModeFootnote", c.Footnote)
		return "ENABLE_LOST_MODE", data, nil
	case mdm.DisableLostMode:
		return "DISABLE_LOST_MODE", data, nil
	}
	return "", nil, s.client.fail(s.op, mdm.ErrUnsupported, "Jamf Pro has no such command")
}

// historyTypes are the names of commands in the history.
var historyTypes = map[string]string{
	mdm.Lock{}.Name(): "DEVICE_LOCK", mdm.Wipe{}.Name(): "ERASE_DEVICE", mdm.ClearPasscode{}.Name(): "CLEAR_PASSCODE",
	mdm.Restart{}.Name(): "RESTART_DEVICE", mdm.ShutDown{}.Name(): "SHUT_DOWN_DEVICE", mdm.Refresh{}.Name(): "DEVICE_INFORMATION",
	mdm.EnableLostMode{}.Name(): "ENABLE_LOST_MODE", mdm.DisableLostMode{}.Name(): "DISABLE_LOST_MODE",
}

// lookUp searches the history for a command whose outcome is not known, and
// returns its UUID, once. If it does not find it, an equal command soon after
// is not looked for either: what is found then may be the first one.
func (s sending) lookUp(ctx context.Context, c mdm.Command, begin time.Time) string {
	name, ok := historyTypes[c.Name()]
	if !ok || s.managementID == "" {
		return ""
	}
	sent, lost := &s.client.sent, name+" "+s.managementID
	if sent.has(lost) {
		return ""
	}
	if uuid := s.search(ctx, name, begin); uuid != "" && sent.add(uuid) {
		return uuid
	}
	sent.add(lost)
	return ""
}

// search returns the one command of a type that was sent since begin, or "".
// It leaves a minute for clocks that differ, in which earlier commands may lie:
// those that this client sent are left out, and of several others none counts.
func (s sending) search(ctx context.Context, name string, begin time.Time) string {
	since := begin.Add(-time.Minute)
	all, err := s.client.Commands(ctx, And(Equal("clientManagementId", s.managementID), Since("dateSent", since)))
	if err != nil {
		return ""
	}
	all = slices.DeleteFunc(all, func(found CommandStatus) bool {
		return found.Type != name || found.Sent.Before(since) || !strings.EqualFold(found.ManagementID, s.managementID) || s.client.sent.has(found.UUID)
	})
	if len(all) != 1 {
		return ""
	}
	return all[0].UUID
}

// recent remembers texts for a few minutes, whatever their case. It is safe for
// concurrent use.
type recent struct {
	mu sync.Mutex
	at map[string]time.Time
}

// recently is how long commands are remembered: longer than the look-up of one
// goes back, by a clock that differs.
const recently = 5 * time.Minute

// add remembers a text and reports whether it was not remembered before.
func (r *recent) add(text string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	text, now := strings.ToLower(text), time.Now()
	maps.DeleteFunc(r.at, func(_ string, at time.Time) bool { return now.Sub(at) > recently })
	_, there := r.at[text]
	if r.at == nil {
		r.at = map[string]time.Time{}
	}
	r.at[text] = now
	return !there
}

// has reports whether a text is remembered.
func (r *recent) has(text string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, there := r.at[strings.ToLower(text)]
	return there && time.Since(at) <= recently
}

// classic sends a POST to the older API, whose answer is not JSON.
func (c *Client) classic(ctx context.Context, op, path string) error {
	r := transport.Request{Op: op, Method: http.MethodPost, Path: path,
		Header: http.Header{"Accept": {"application/xml"}}}
	return c.exchange(ctx, r, nil)
}
