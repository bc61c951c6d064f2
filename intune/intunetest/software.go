package intunetest

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// software is one detected app: a name and a version on a platform.
type software struct {
	id, name, version, publisher, platform string
	size                                   int64
	count                                  int
}

// installed are the apps of a device. Of a personal device nothing is known.
func (d *device) installed() []software {
	if d.personal {
		return nil
	}
	var list []software
	for _, a := range d.Apps {
		list = append(list, d.software(a.Name, a.Version, a.Vendor))
	}
	if d.kind == Mac {
		list = append(list, d.software("helper-daemon", "", ""))
	}
	return list
}

func (d *device) software(name, version, publisher string) software {
	platform := map[Kind]string{Mac: "macOS", Windows: "windows", ChromeOS: "chromeOS", AndroidOpenSource: "androidOSP",
		AndroidPersonal: "androidWorkProfile", IOS: "ios", IPad: "ios", TV: "ios"}[d.kind]
	if platform == "" {
		platform = "androidDedicatedAndFullyManaged"
	}
	sum := sha256.Sum256([]byte(name + "\x00" + version + "\x00" + platform))
	s := software{id: fmt.Sprintf("%x", sum), name: name, version: version, publisher: publisher, platform: platform}
	if platform != "ios" {
		s.size = 1_000_000 + int64(sum[0])<<16
	}
	return s
}

// allSoftware is what is installed anywhere, by name.
func (w *world) allSoftware() []software {
	at := map[string]int{}
	var list []software
	for _, d := range w.devices {
		for _, s := range d.installed() {
			i, known := at[s.id]
			if !known {
				i = len(list)
				at[s.id] = i
				list = append(list, s)
			}
			list[i].count++
		}
	}
	return list
}

func softwareShelf() *shelf[software] {
	return &shelf[software]{"detectedApp", []property[software]{
		{name: "id", value: func(s software) any { return s.id }},
		{name: "displayName", value: func(s software) any { return s.name }},
		{name: "version", value: func(s software) any { return text(s.version) }},
		{name: "sizeInByte", value: func(s software) any { return s.size }},
		{name: "deviceCount", value: func(s software) any { return s.count }},
		{name: "publisher", value: func(s software) any { return s.publisher }},
		{name: "platform", value: func(s software) any { return s.platform }},
	}}
}

func renderApps(apps []software, c *call) []object {
	s := softwareShelf()
	list := []object{}
	for _, a := range apps {
		o := make(object, len(s.properties))
		for i, p := range s.properties {
			o[i] = member{p.name, p.value(a)}
		}
		list = append(list, o)
	}
	return list
}

// appsOfDevice answers with the apps of one device, whose deviceCount is 0.
func (c *call) appsOfDevice() reply {
	d, missing := c.device()
	if d == nil {
		return missing
	}
	return c.softwareList("deviceManagement/managedDevices('"+d.id+"')/detectedApps", d.installed())
}

func (c *call) detectedApps() reply {
	if c.option("orderby") != "" {
		c.violate("$orderby on detectedApps is throttled")
		return c.tooMany()
	}
	switch {
	case c.option("expand") != "" && !c.beta():
		return c.nestedRefusal("Expand is not allowed.")
	case c.option("expand") != "":
		c.violate("$expand is ignored")
	}
	return c.softwareList("deviceManagement/detectedApps", c.f.allSoftware())
}

func (c *call) softwareList(context string, apps []software) reply {
	s := softwareShelf()
	columns, refusal := s.selected(c)
	if refusal != nil {
		return *refusal
	}
	keep, refusal := s.filter(c)
	if refusal != nil {
		return *refusal
	}
	var rows []row
	for _, a := range apps {
		if s.keeps(keep, a) {
			rows = append(rows, row{a.name, a.id, func() any { return render(a, columns) }})
		}
	}
	slices.SortFunc(rows, less)
	return c.page(list{context: context, keys: [2]string{"LastDisplayName", "LastId"}, size: 50, most: 1000}, rows)
}

// oneApp answers with an empty shell although the list has data, as the
// service may do.
func (c *call) oneApp() reply {
	if !strings.Contains(c.option("expand"), "managedDevices") {
		return success(object{c.context("deviceManagement/detectedApps/$entity"), {"id", c.vars["id"]}, {"displayName", nil},
			{"version", nil}, {"sizeInByte", 0}, {"deviceCount", 0}})
	}
	if !c.beta() {
		return c.nestedRefusal("Expand is not allowed.")
	}
	for _, a := range c.f.allSoftware() {
		if a.id == c.vars["id"] {
			devices := []object{}
			for _, d := range c.f.with(a.id) {
				devices = append(devices, sparse(d))
			}
			return success(append(append(object{c.context("deviceManagement/detectedApps/$entity")}, renderApps([]software{a}, c)[0]...),
				member{"managedDevices", devices}))
		}
	}
	return c.notFound()
}

// with are the devices that have an app.
func (w *world) with(app string) []*device {
	var list []*device
	for _, d := range w.devices {
		if slices.ContainsFunc(d.installed(), func(s software) bool { return s.id == app }) {
			list = append(list, d)
		}
	}
	return list
}

func sparse(d *device) object {
	return object{{"id", d.id}, {"deviceName", d.Name}, {"emailAddress", d.mail()}, {"osVersion", d.OSVersion}}
}

// devicesOfApp answers with devices of which only a few fields are told.
func (c *call) devicesOfApp() reply {
	devices := c.f.with(c.vars["id"])
	if len(devices) == 0 {
		return c.notFound()
	}
	var rows []row
	for _, d := range devices {
		rows = append(rows, row{d.Name, d.id, func() any { return sparse(d) }})
	}
	slices.SortFunc(rows, less)
	l := list{context: "deviceManagement/managedDevices", keys: [2]string{"LastDeviceName", "LastDeviceId"}, size: 50, most: 1000}
	return c.page(l, rows)
}

func (c *call) deviceOfApp() reply {
	return c.nested(http.StatusBadRequest, "BadRequest", "")
}
