package intunetest

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// action is one remote action.
type action struct {
	name     string
	beta     bool
	body     []string // what its body may have
	betaBody []string // what it may have in beta only
	needs    []string
	kinds    set
	fits     func(*device) bool // beyond the kind; nil = all of them
}

var (
	apple     = of(IOS, IPad)
	corporate = of(AndroidFully, AndroidDedicated, AndroidCorporate)
)

// supervised asks for supervision of Apple's mobile devices.
func supervised(d *device) bool { return !apple.has(d.kind) || d.Supervised }

// owned asks that Apple's mobile devices belong to the organisation.
func owned(d *device) bool { return !apple.has(d.kind) || !d.personal }

// nameable is who can be renamed.
func nameable(d *device) bool {
	switch d.kind {
	case IOS, IPad:
		return d.Supervised
	case Mac:
		return !d.personal
	case Windows:
		return !d.personal && !d.hybrid
	}
	return true
}

func actions() []action {
	return []action{
		{name: "remoteLock", needs: act, kinds: apple | corporate | of(Mac, AndroidOpenSource)},
		{name: "wipe", needs: wipeDevices, kinds: apple | corporate | of(Mac, Windows, AndroidOpenSource, ChromeOS), fits: owned,
			body:     []string{"keepEnrollmentData", "keepUserData", "macOsUnlockCode", "persistEsimDataPlan"},
			betaBody: []string{"useProtectedWipe", "obliterationBehavior"}},
		{name: "retire", needs: act, kinds: apple | of(Mac, Windows, AndroidPersonal)},
		{name: "resetPasscode", needs: act, kinds: apple | corporate | of(AndroidPersonal, AndroidOpenSource), fits: owned},
		{name: "rebootNow", needs: act, kinds: apple | of(Mac, Windows, AndroidFully, AndroidDedicated, AndroidOpenSource, ChromeOS), fits: supervised},
		{name: "shutDown", needs: act, kinds: apple | of(Mac), fits: supervised},
		{name: "syncDevice", needs: act, kinds: apple | corporate | of(Mac, TV, Windows, AndroidPersonal, AndroidOpenSource)},
		{name: "locateDevice", needs: act, kinds: apple | corporate | of(Windows), fits: supervised},
		{name: "enableLostMode", beta: true, needs: act, kinds: apple, fits: supervised, body: []string{"message", "phoneNumber", "footer"}},
		{name: "disableLostMode", needs: act, kinds: apple, fits: supervised},
		{name: "playLostModeSound", beta: true, needs: act, kinds: apple | corporate, fits: supervised, body: []string{"durationInMinutes"}},
		{name: "setDeviceName", beta: true, needs: act, kinds: apple | corporate | of(Mac, Windows), fits: nameable, body: []string{"deviceName"}},
		{name: "bypassActivationLock", needs: act, kinds: apple | of(Mac)},
		{name: "cleanWindowsDevice", needs: act, kinds: of(Windows), body: []string{"keepUserData"}},
	}
}

// result is one entry of deviceActionResults.
type result struct {
	action, state  string
	start, updated time.Time
	pin, passcode  string
	location       bool
	name           string // of setDeviceName
	keep           bool   // of wipe: the enrolment survives
}

// act queues an action.
func (a action) serve(c *call) reply {
	d, missing := c.device()
	if d == nil {
		return missing
	}
	res, refusal := a.read(c, d)
	if refusal != nil {
		return *refusal
	}
	if !a.kinds.has(d.kind) || a.fits != nil && !a.fits(d) {
		c.violate("%s is not for this device", a.name)
		return c.nested(http.StatusBadRequest, "BadRequest", "")
	}
	d.queue(res, c.now)
	return noContent()
}

// read checks the body.
func (a action) read(c *call, d *device) (*result, *reply) {
	keys := a.body
	if c.beta() {
		keys = append(slices.Clone(keys), a.betaBody...)
	}
	fm := c.form(keys...)
	res := &result{action: a.name}
	for _, key := range keys {
		switch key {
		case "keepEnrollmentData", "keepUserData", "persistEsimDataPlan", "useProtectedWipe":
			on := field[bool](fm, key)
			res.keep = res.keep || on && key == "keepEnrollmentData"
		default:
			a.words(fm, key, field[string](fm, key), d, res)
		}
	}
	if fm.err != nil {
		rep := c.nestedRefusal(fm.err.Error())
		return nil, &rep
	}
	return res, nil
}

var (
	sixDigits   = regexp.MustCompile(`^[0-9]{6}$`)
	windowsName = regexp.MustCompile(`^[A-Za-z0-9-]{1,63}$`)
	onlyDigits  = regexp.MustCompile(`^[0-9]+$`)
	appleName   = regexp.MustCompile(`^[A-Za-z0-9-]*[A-Za-z-][A-Za-z0-9-]*$`)
)

// words checks one text of a body.
func (a action) words(fm *form, key, value string, d *device, res *result) {
	switch {
	case key == "macOsUnlockCode" && value != "" && !sixDigits.MatchString(value):
		fm.fail("macOsUnlockCode is not six digits.")
	case key == "obliterationBehavior" && value != "" && !slices.Contains(strings.Fields("default doNotObliterate obliterateWithWarning always"), value):
		fm.fail("No obliterationBehavior is called that.")
	case key == "deviceName":
		if res.name = value; !validName(d, value) {
			fm.fail("The device name is not valid.")
		}
	}
}

func validName(d *device, name string) bool {
	switch d.kind {
	case Windows:
		return windowsName.MatchString(name) && !onlyDigits.MatchString(name)
	case IOS, IPad, Mac:
		return appleName.MatchString(name)
	}
	return name != ""
}

// queue adds an action to a device. Those that end the management take
// precedence: what waits is dropped.
func (d *device) queue(res *result, now time.Time) {
	res.state, res.start, res.updated = "pending", now, now
	if res.action == "wipe" || res.action == "retire" {
		for _, other := range d.results {
			if other.state == "pending" {
				other.state, other.updated = "canceled", now
			}
		}
		if !res.keep {
			d.state = map[string]string{"wipe": "wipePending", "retire": "retirePending"}[res.action]
		}
	}
	d.results = append(d.results, res)
}

// deleteDevice retires or wipes, as the service does.
func (c *call) deleteDevice() reply {
	c.violate("DELETE retires or wipes the device")
	d, _ := c.device()
	if d == nil { // unlike everywhere else
		return c.nested(http.StatusBadRequest, "BadRequest", "")
	}
	d.queue(&result{action: d.deletion()}, c.now)
	return noContent()
}

// deletion is the action that deleting a device means.
func (d *device) deletion() string {
	if (corporate | of(AndroidOpenSource)).has(d.kind) {
		return "wipe"
	}
	return "retire"
}

// bulkActions are the actions of executeAction that are no actions of single
// devices: it has a table of its own.
func bulkActions() []action {
	list := []action{
		{name: "delete", kinds: ^set(0)},
		{name: "fullScan", kinds: of(Windows)}, {name: "quickScan", kinds: of(Windows)}, {name: "signatureUpdate", kinds: of(Windows)},
		{name: "customTextNotification", kinds: apple | corporate | of(AndroidPersonal)},
		{name: "deprovision", kinds: of(ChromeOS)}, {name: "disable", kinds: of(ChromeOS)}, {name: "reenable", kinds: of(ChromeOS)},
	}
	for _, a := range actions() {
		if slices.Contains([]string{"retire", "wipe", "rebootNow", "setDeviceName", "syncDevice"}, a.name) {
			list = append(list, a)
		}
	}
	return list
}

// bulk is executeAction.
func (c *call) bulk() reply {
	fm := c.form("actionName", "deviceIds", "keepEnrollmentData", "keepUserData", "persistEsimDataPlan", "deviceName",
		"carrierUrl", "deprovisionReason", "organizationalUnitPath", "notificationTitle", "notificationBody")
	name, ids := field[string](fm, "actionName"), field[[]string](fm, "deviceIds")
	keep, newName := field[bool](fm, "keepEnrollmentData"), field[string](fm, "deviceName")
	if fm.err == nil && (name == "" || len(ids) == 0) {
		fm.fail("actionName and deviceIds are needed.")
	}
	known := bulkActions()
	i := slices.IndexFunc(known, func(a action) bool { return a.name == name })
	if i < 0 && fm.err == nil {
		fm.fail("No action of executeAction is called '%s'.", name)
	}
	if fm.err != nil {
		return c.nestedRefusal(fm.err.Error())
	}
	a := known[i]
	done, missing, unfit := []string{}, []string{}, []string{}
	for _, id := range ids {
		d := c.f.byID[strings.ToLower(id)]
		switch {
		case d == nil:
			missing = append(missing, id)
		case !a.kinds.has(d.kind) || a.fits != nil && !a.fits(d) || name == "setDeviceName" && !validName(d, newName):
			unfit = append(unfit, id)
		default:
			res := &result{action: name, keep: keep && name == "wipe", name: newName}
			if name == "delete" {
				res.action = d.deletion()
			}
			d.queue(res, c.now)
			done = append(done, id)
		}
	}
	return success(object{
		c.context("microsoft.graph.bulkManagedDeviceActionResult"), {"successfulDeviceIds", done}, {"failedDeviceIds", []string{}},
		{"notFoundDeviceIds", missing}, {"notSupportedDeviceIds", unfit},
	})
}
