package jamfschooltest

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// placeholder is a device that was announced for automated enrolment.
type placeholder struct {
	id, user, location   int
	model, color, serial string
	deviceName, profile  string
	enrolled             bool
	added, pushed        time.Time
	groups               []int
}

// addPlaceholders makes the stock wait for its first start. Some devices
// that are enrolled already are listed as well, as on the real server.
func (w *world) addPlaceholders(d *fleet.District, at, owners map[string]int) {
	add := func(dev fleet.Device) *placeholder {
		p := &placeholder{
			id: 5468 + len(w.placeholders), location: at[dev.School], serial: dev.Serial,
			model: strings.SplitN(dev.Model, " (WiFi)", 2)[0], color: dev.Color, profile: dev.Profile, added: dev.Added,
		}
		w.placeholders = append(w.placeholders, p)
		return p
	}
	for i, dev := range d.Stock {
		p := add(dev)
		if i%3 == 0 { // nobody has given it a profile yet
			p.profile = ""
		} else {
			p.pushed = dev.Added.Add(48 * time.Hour)
		}
	}
	for i, dev := range d.Devices {
		if dev.Apple() && dev.Enrolment == fleet.Automated && i%10 == 0 && !dev.Has(fleet.JunkSerial) && w.placeholder(dev.Serial) == nil {
			p := add(dev)
			p.enrolled, p.user, p.pushed = true, owners[dev.Owner], dev.Added.Add(48*time.Hour)
		}
	}
}

func (w *world) placeholder(serial string) *placeholder {
	i := slices.IndexFunc(w.placeholders, func(p *placeholder) bool { return p.serial == serial })
	if i < 0 {
		return nil
	}
	return w.placeholders[i]
}

type wirePlaceholder struct {
	ID         int    `json:"id"`
	User       int    `json:"userId"`
	Location   int    `json:"locationId"`
	Model      string `json:"model"`
	Color      string `json:"color"`
	Serial     string `json:"serialNumber"`
	Status     string `json:"status"`
	DeviceName any    `json:"deviceName"`
	Added      any    `json:"dateAdded"`
	Pushed     any    `json:"datePushed"`
	Profile    any    `json:"profileName"`
	Name       string `json:"placeholderName"`
}

// renderPlaceholder writes dates as numbers, and some of them as texts these
// days.
func (f *Fake) renderPlaceholder(p *placeholder) wirePlaceholder {
	w := wirePlaceholder{
		ID: p.id, User: p.user, Location: p.location, Model: p.model, Color: p.color, Serial: p.serial,
		Status: "empty", DeviceName: orNull(p.deviceName), Added: p.added.Unix(), Pushed: 0, Profile: orNull(p.profile),
		Name: p.deviceName,
	}
	if p.profile != "" {
		w.Status = "assigned"
	}
	if p.profile != "" && !p.pushed.IsZero() {
		w.Status, w.Pushed = "pushed", p.pushed.Unix()
		if !f.wire.old() {
			w.Added = strconv.FormatInt(p.added.Unix(), 10)
		}
	}
	return w
}

func (c *call) listPlaceholders() reply {
	list := []wirePlaceholder{}
	for _, p := range c.f.placeholders {
		list = append(list, c.f.renderPlaceholder(p))
	}
	return success(map[string]any{"code": 200, "placeholders": list})
}

func (c *call) showPlaceholder() reply {
	p := c.f.placeholder(c.vars["serial"])
	if p == nil {
		return missing("PlaceholderNotFound")
	}
	return success(map[string]any{"code": 200, "placeholder": c.f.renderPlaceholder(p)})
}

func (c *call) updatePlaceholder() reply {
	fm := c.form("deviceName", "userId", "groupIds", "profileId")
	name, owner := member[string](fm, "deviceName"), member[int](fm, "userId")
	groups, profile := member[[]int](fm, "groupIds"), member[int](fm, "profileId")
	if fm.err != nil {
		return c.refuse(fm.err)
	}
	p := c.f.placeholder(c.vars["serial"])
	profileName, known := c.f.profileName(profile)
	switch {
	case p == nil:
		return missing("PlaceholderNotFound")
	case fm.has("userId") && owner != 0 && c.f.user(owner) == nil:
		return missing("UserNotFound")
	case !known:
		return missing("ProfileNotFound")
	}
	if fm.has("deviceName") {
		p.deviceName = name
	}
	if fm.has("userId") {
		p.user = owner
	}
	if fm.has("groupIds") {
		p.groups = groups
	}
	if fm.has("profileId") {
		p.profile, p.pushed = profileName, time.Time{}
	}
	return done("PlaceholderUpdated")
}

func (c *call) assignProfile() reply {
	fm := c.form("placeholderSerialNumbers", "profileId")
	fm.need("placeholderSerialNumbers", "profileId")
	serials, profile := member[[]string](fm, "placeholderSerialNumbers"), member[int](fm, "profileId")
	if fm.err != nil {
		return c.refuse(fm.err)
	}
	name, known := c.f.profileName(profile)
	if !known {
		return missing("ProfileNotFound")
	}
	for _, serial := range serials {
		if p := c.f.placeholder(serial); p != nil {
			p.profile, p.pushed = name, time.Time{}
		}
	}
	return done("PlaceholdersUpdated")
}

// profileName finds an enrolment profile; 0 is none, and known.
func (w *world) profileName(id int) (name string, known bool) {
	if id == 0 {
		return "", true
	}
	names := w.profiles()
	if i := id - firstProfile; i >= 0 && i < len(names) {
		return names[i], true
	}
	return "", false
}
