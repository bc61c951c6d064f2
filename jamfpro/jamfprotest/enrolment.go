package jamfprotest

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// depDevice is a device that Apple has announced to this server.
type depDevice struct {
	device fleet.Device
	pushed bool // it has been set up
}

func (w *world) addEnrolments(d *fleet.District) {
	for _, list := range [][]fleet.Device{d.Devices, d.Stock} {
		for _, dev := range list {
			if dev.Apple() && dev.Enrolment == fleet.Automated && dev.Serial != "" {
				w.dep = append(w.dep, depDevice{dev, !dev.Enrolled.IsZero()})
			}
		}
	}
}

// SetTokenExpiry sets the day on which the token for automated enrolment
// expires; nine months ahead at first.
func (f *Fake) SetTokenExpiry(day time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.expiry = day
}

// SetSyncState sets the state of the last enrolment sync, such as
// "CONNECTION_ERROR".
func (f *Fake) SetSyncState(word string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sync = word
}

type instance struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Supervision string `json:"supervisionIdentityId"`
	Site        string `json:"siteId"`
	Server      string `json:"serverName"`
	ServerUUID  string `json:"serverUuid"`
	Admin       string `json:"adminId"`
	Org         string `json:"orgName"`
	OrgEmail    string `json:"orgEmail"`
	OrgPhone    string `json:"orgPhone"`
	OrgAddress  string `json:"orgAddress"`
	Expires     string `json:"tokenExpirationDate"`
}

func (c *call) instance() instance {
	return instance{"1", "School ASM", "-1", "-1", "Jamf Pro", "0F5C2A7B9D1E4C3A8B6D", "asm.admin@school.example", "Example School",
		"it@school.example", "+49 30 5550100", "1 Sample Street", c.f.expiry.Format(time.DateOnly)}
}

func (c *call) listInstances() reply {
	return listRows(c, []instance{c.instance()}, properties[instance]{
		"id":   idProperty(func(i instance) string { return i.ID }),
		"name": nameProperty(func(i instance) string { return i.Name }),
	}, "id:asc")
}

// oneInstance answers for the only instance, with the id 1.
func (c *call) oneInstance(answer func() reply) reply {
	id, bad := c.id()
	switch {
	case bad != nil:
		return *bad
	case id != 1:
		return noSuchID()
	}
	return answer()
}

func (c *call) showInstance() reply {
	return c.oneInstance(func() reply { return success(c.instance()) })
}

type enrolDevice struct {
	ID          string     `json:"id"`
	Instance    string     `json:"deviceEnrollmentProgramInstanceId"`
	Prestage    string     `json:"prestageId"`
	Serial      string     `json:"serialNumber"`
	Description string     `json:"description"`
	Model       string     `json:"model"`
	Color       string     `json:"color"`
	AssetTag    string     `json:"assetTag"`
	Profile     string     `json:"profileStatus"`
	Sync        enrolState `json:"syncState"`
	Assigned    *string    `json:"profileAssignTime"`
	Pushed      *string    `json:"profilePushTime"`
	Given       *string    `json:"deviceAssignedDate"`
}

type enrolState struct {
	ID       int    `json:"id"`
	Serial   string `json:"serialNumber"`
	Profile  string `json:"profileUUID"`
	Status   string `json:"syncStatus"`
	Failures int    `json:"failureCount"`
	Stamp    int64  `json:"timestamp"`
}

// instanceDevices is the whole list at once: it has no pages.
func (c *call) instanceDevices() reply {
	return c.oneInstance(func() reply {
		list := []enrolDevice{}
		for i, d := range c.f.dep {
			list = append(list, enrolDeviceOf(i, d))
		}
		return success(envelope{len(list), list})
	})
}

func enrolDeviceOf(i int, d depDevice) enrolDevice {
	e := enrolDevice{ID: strconv.Itoa(7 + i), Instance: "1", Prestage: "2", Serial: d.device.Serial, Description: d.device.Model,
		Model: d.device.Model, Color: d.device.Color, Profile: "ASSIGNED", Given: minusZero(d.device.Added),
		Assigned: minusZero(d.device.Added.Add(25 * time.Hour)),
		Sync: enrolState{3 + i, d.device.Serial, fmt.Sprintf("A1B2C3D4E5F6071829%014X", i), "ASSIGN_SUCCESS", 0,
			d.device.Added.UnixMilli() + 123}}
	switch {
	case d.pushed:
		e.Profile, e.Pushed = "PUSHED", minusZero(d.device.Enrolled)
	case d.device.Profile == "":
		e.Profile, e.Prestage, e.Assigned = "EMPTY", "0", nil
	}
	return e
}

// minusZero writes a time with an offset that RFC 3339 knows and few expect.
func minusZero(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return text(t.UTC().Format("2006-01-02T15:04:05") + "-00:00")
}

type syncState struct {
	State    string `json:"syncState"`
	Instance string `json:"instanceId"`
	Stamp    string `json:"timestamp"`
}

// syncState has an offset without a colon.
func (c *call) syncState() syncState {
	return syncState{c.f.sync, "1", c.now.Add(-time.Hour).Format("2006-01-02T15:04:05.000") + "+0000"}
}

func (c *call) listSyncs() reply { return success([]syncState{c.syncState()}) }

func (c *call) instanceSyncs() reply { return c.oneInstance(c.listSyncs) }

func (c *call) latestSync() reply {
	return c.oneInstance(func() reply { return success(c.syncState()) })
}

// renewToken takes a new token, which is good for a year.
func (c *call) renewToken() reply {
	return c.oneInstance(func() reply {
		fm := c.form("tokenFileName", "encodedToken")
		fm.need("encodedToken")
		member[string](fm, "tokenFileName")
		if _, err := base64.StdEncoding.DecodeString(member[string](fm, "encodedToken")); err != nil {
			fm.fail("encodedToken is not base64")
		}
		if err := fm.failed(); err != nil {
			return c.refuse("encodedToken", err)
		}
		c.f.expiry = c.now.AddDate(1, 0, 0)
		return success(c.instance())
	})
}
