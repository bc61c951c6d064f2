package jamfprotest

import (
	"encoding/json"
	"errors"
	"net/http"
)

// accepted is the answer to a command with an endpoint of its own.
func accepted(e *errand) reply {
	return success(struct {
		Device  string `json:"deviceId"`
		Command string `json:"commandUuid"`
	}{e.ID, e.UUID})
}

// eraseComputer wipes a Mac. An unknown id is 404 without a body.
func (c *call) eraseComputer() reply {
	pin, err := c.erasePin()
	if err != nil {
		return c.refuse("pin", err)
	}
	d, bad := c.device(Computer)
	if bad != nil {
		if bad.status == http.StatusNotFound {
			return reply{status: http.StatusNotFound}
		}
		return *bad
	}
	if pin != "" {
		c.change(d, func(s *state) { s.pin = pin })
	}
	return accepted(c.enqueue(d, "ERASE_DEVICE", c.data()))
}

// erasePin reads the body, in which the PIN may be null.
func (c *call) erasePin() (string, error) {
	if len(c.body) == 0 {
		return "", nil
	}
	raw, err := parse(c.body)
	if err != nil {
		return "", err
	}
	for key := range raw {
		if key != "pin" {
			return "", errors.New("unknown key " + key)
		}
	}
	var pin *string
	if raw["pin"] != nil && json.Unmarshal(raw["pin"], &pin) != nil {
		return "", errors.New("pin has the wrong type")
	}
	switch {
	case pin == nil:
		return "", nil
	case len([]rune(*pin)) != 6:
		return "", errors.New("pin does not have six characters")
	}
	return *pin, nil
}

// data is the body as the data of a command; nil = it is empty.
func (c *call) data() json.RawMessage {
	if len(c.body) == 0 {
		return nil
	}
	return json.RawMessage(c.body)
}

// removeProfile ends the management of a Mac.
func (c *call) removeProfile() reply {
	d, bad := c.device(Computer)
	if bad != nil {
		return *bad
	}
	c.emptyBody()
	return accepted(c.enqueue(d, "REMOVE_PROFILE", nil))
}

// eraseMobile wipes a mobile device. All members are bools.
func (c *call) eraseMobile() reply {
	d, bad := c.device(Mobile)
	if bad != nil {
		return *bad
	}
	keys := []string{"preserveDataPlan", "disallowProximitySetup", "clearActivationLock", "returnToService"}
	if len(c.body) > 0 {
		fm := c.form(keys...)
		for _, key := range keys {
			member[bool](fm, key)
		}
		if member[bool](fm, "returnToService") && !d.state.Supervised {
			fm.fail("return to service is not possible")
		}
		if err := fm.failed(); err != nil {
			return c.refuse("", err)
		}
	}
	return accepted(c.enqueue(d, "ERASE_DEVICE", c.data()))
}

// unmanageMobile ends the management of a mobile device. An unknown id is
// 500, as was seen.
func (c *call) unmanageMobile() reply {
	d, bad := c.device(Mobile)
	if bad != nil {
		if bad.status == http.StatusNotFound {
			return fail(http.StatusInternalServerError, "SERVER_ERROR", "", "Failed to unmanage")
		}
		return *bad
	}
	c.emptyBody()
	return accepted(c.enqueue(d, "REMOVE_PROFILE", nil))
}
