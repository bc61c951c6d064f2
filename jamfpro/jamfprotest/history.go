package jamfprotest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// followed is a command in the list of commands.
type followed struct {
	UUID      string         `json:"uuid"`
	Sent      *string        `json:"dateSent"`
	Completed *string        `json:"dateCompleted"`
	Client    followedClient `json:"client"`
	State     string         `json:"commandState"`
	Type      string         `json:"commandType"`
	Error     *followedError `json:"commandError"`
	Profile   *int           `json:"profileId"`
}

type followedClient struct {
	ManagementID string `json:"managementId"`
	Type         string `json:"clientType"`
}

type followedError struct {
	Code      int    `json:"errorCode"`
	Domain    string `json:"errorDomain"`
	Localized string `json:"errorLocalizedDescription"`
	English   string `json:"errorEnglishDescription"`
}

var commandDates = []string{"dateSent", "dateCompleted", "validAfter"}

func (c *call) errandProperties() properties[*errand] {
	texts := func(u use, get func(*errand) string) property[*errand] {
		return property[*errand]{u, "", func(e *errand) any { return get(e) }}
	}
	sent := property[*errand]{both, c.now, func(e *errand) any { return e.sent }}
	return properties[*errand]{
		"uuid":               texts(both, func(e *errand) string { return e.UUID }),
		"clientManagementId": texts(both, func(e *errand) string { return e.ManagementID }),
		"command":            texts(both, func(e *errand) string { return e.Type }),
		"status":             texts(both, func(e *errand) string { return strings.ReplaceAll(e.State, "_", "") }), // Pending, NotNow, …
		"clientType":         texts(both, func(e *errand) string { return clientType(e.device.state) }),
		"dateSent":           sent,
		"validAfter":         sent,
		"dateCompleted": {both, c.now, func(e *errand) any {
			if e.completed.IsZero() {
				return nil
			}
			return e.completed
		}},
		"profileId":         {both, 0, func(*errand) any { return nil }},
		"profileIdentifier": {both, "", func(*errand) any { return nil }},
		"active":            {both, false, func(e *errand) any { return e.completed.IsZero() }},
	}
}

// listCommands follows commands. The filter is mandatory.
func (c *call) listCommands() reply {
	if c.query.Get("filter") == "" {
		return c.refuse("filter", errors.New("filter is mandatory"))
	}
	if err := datesByOrder(c.query.Get("filter")); err != nil {
		return c.refuse("filter", err)
	}
	var list []*errand
	for _, e := range c.f.commands {
		if c.sees(e.at) {
			list = append(list, e)
		}
	}
	rep := listRows(c, list, c.errandProperties(), "dateSent:asc")
	env, ok := rep.body.(envelope)
	if !ok {
		return rep
	}
	rows := []any{}
	for _, e := range env.Results.([]*errand) {
		if f := follow(e); c.f.wire.Nested {
			rows = append(rows, map[string]any{"command": f})
		} else {
			rows = append(rows, f)
		}
	}
	if c.f.wire.BareArray {
		return success(rows)
	}
	return success(envelope{env.Total, rows})
}

// datesByOrder refuses dates that are compared for equality.
func datesByOrder(filter string) error {
	q, err := parseQuery(filter, func(string) bool { return true })
	if err != nil {
		return err
	}
	return q.each(func(cl clause) error {
		if slices.Contains(commandDates, cl.name) && slices.Contains([]string{"==", "!=", "in", "out"}, cl.op) {
			return fmt.Errorf("filter compares %s with %s", cl.name, cl.op)
		}
		return nil
	})
}

func follow(e *errand) followed {
	f := followed{UUID: e.UUID, Sent: stamp(e.sent), Completed: stamp(e.completed), State: e.State, Type: e.Type,
		Client: followedClient{e.ManagementID, clientType(e.device.state)}}
	if e.failure != "" {
		f.Error = &followedError{12021, "MCMDMErrorDomain", e.failure, e.failure}
	}
	return f
}

// blankPush wakes devices up. It is in no history.
func (c *call) blankPush() reply {
	fm := c.form("clientManagementIds")
	fm.need("clientManagementIds")
	ids := member[[]string](fm, "clientManagementIds")
	if err := fm.failed(); err != nil {
		return c.refuse("clientManagementIds", err)
	}
	wrong := []string{}
	for _, id := range ids {
		if c.f.client(id) == nil {
			wrong = append(wrong, id)
		}
	}
	return success(map[string][]string{"errorUuids": wrong})
}

// renewProfile renews the management profiles of some devices.
func (c *call) renewProfile() reply {
	fm := c.form("udids")
	fm.need("udids")
	ids := member[[]string](fm, "udids")
	if err := fm.failed(); err != nil {
		return c.refuse("udids", err)
	}
	wrong := []string{}
	for _, id := range ids {
		if !c.hasUDID(id) {
			wrong = append(wrong, id)
		}
	}
	return reply{status: http.StatusAccepted, body: map[string]any{"udidsNotProcessed": map[string]any{"udids": wrong}}}
}

func (c *call) hasUDID(udid string) bool {
	for _, d := range c.f.clients {
		if strings.EqualFold(d.state.UDID, udid) {
			return true
		}
	}
	return false
}

// syncDeclarations asks a device to fetch its declarations.
func (c *call) syncDeclarations() reply {
	d := c.f.client(c.vars["managementId"])
	if d == nil {
		return noSuchID()
	}
	c.emptyBody()
	c.enqueue(d, "DECLARATIVE_MANAGEMENT", nil)
	return noContent()
}

// redeploy installs the agent of a Mac anew.
func (c *call) redeploy() reply {
	d, bad := c.device(Computer)
	if bad != nil {
		return *bad
	}
	c.emptyBody()
	e := c.enqueue(d, "INSTALL_ENTERPRISE_APPLICATION", nil)
	return reply{status: http.StatusAccepted, body: map[string]string{"deviceId": e.ID, "commandUuid": e.UUID}}
}
