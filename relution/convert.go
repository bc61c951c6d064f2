package relution

import (
	"cmp"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// newDevice reads a device of a list, or a detail.
func (c *Client) newDevice(w *wire.Device) *Device {
	d := &Device{UUID: clean(w.UUID), OrganizationUUID: clean(w.Organization), Name: clean(w.Name), Description: clean(w.Description),
		Comment: clean(w.Comment), Status: clean(w.Status), Platform: clean(w.Platform), Enrollment: clean(w.Enrollment),
		AutoEnrolment: clean(w.Automated), Automated: flag(w.IsDEP), Ownership: clean(w.Ownership),
		SerialNumber: clean(w.Serial), DeviceID: clean(w.DeviceID), ExternalID: clean(w.ExternalID), EnrollmentID: clean(w.EnrollmentID),
		Manufacturer: clean(w.Manufacturer), OSVersion: clean(w.OSVersion), OSPatch: clean(w.Patch),
		WiFiMAC: first(w.WiFiMAC, w.WiFiOld), PublicIP: clean(w.LastIP), MEID: unspaced(w.MEID), Phone: clean(w.MSISDN),
		Battery: percent(w.Battery), Supervised: flag(w.Supervised), MultiUser: flag(w.MultiUser, w.MultiOld),
		Encrypted: flag(w.FileVault), Jailbroken: flag(w.Jailbroken), LostMode: lostMode(clean(w.LostMode), w.LostModeOld),
		LastContact: w.LastConnection.At(), LastRefresh: w.LastRefresh.At(), Enrolled: w.Enrolled.At(), Created: w.Created.At(),
		origin: c.info.Origin}
	d.LastAgent, d.Deleted = w.LastCompanion.At(), w.Deletion.At()
	if d.LastAgent.IsZero() {
		d.LastAgent = w.LastClientApp.At()
	}
	if d.Deleted.IsZero() {
		d.Deleted = w.Deleted.At()
	}
	if d.AutoEnrolment != "" {
		d.Automated = mdm.Yes
	}
	if mac := first(w.EthernetMAC, w.EthernetOld); mac != "" {
		d.EthernetMACs = []string{mac}
	}
	d.model(clean(w.Model))
	d.sims(w)
	d.owner(w)
	d.lending(w)
	if w.Violations.Present {
		d.obeys = mdm.FlagOf(w.Violations.N == 0)
	}
	for i, text := range []json.Text{w.Custom1, w.Custom2, w.Custom3, w.Custom4, w.Custom5} {
		d.Custom[i] = clean(text)
		d.empty(mdm.CustomKey(customName(i)), text)
	}
	for _, g := range w.Groups.Of {
		if group, _ := newDeviceGroup(&g); group.Name != "" {
			d.Groups = append(d.Groups, group)
		}
	}
	if w.Groups.Present && len(w.Groups.Of) == 0 {
		d.blank = append(d.blank, mdm.KeyGroups)
	}
	d.empty(mdm.KeyName, w.Name)
	d.empty(mdm.KeyNotes, w.Description)
	d.installed(w)
	if w.Details.Present() {
		d.details(&w.Details)
	}
	if d.UDID = clean(w.PushUDID); strings.HasSuffix(d.Enrollment, "_USER_ENROLLMENT") {
		d.UDID = "" // a random one
	} else if d.UDID == "" {
		d.UDID = w.Details.Text("system.udid")
	}
	if d.OSVersion == "" {
		d.OSVersion = osVersion(clean(w.OS))
	}
	return c.finish(d)
}

// finish completes a device, once everything is known that others depend on.
func (c *Client) finish(d *Device) *Device {
	text, key := d.assetTag(c.assetTag)
	d.asset = cmp.Or(text, d.annotated)
	if d.asset == "" && slices.Contains(d.blank, key) {
		d.blank = append(d.blank, mdm.KeyAssetTag)
	}
	d.link, d.target = c.link(d)
	slices.Sort(d.blank)
	d.blank = slices.Compact(d.blank)
	return d
}

// assetTag returns the content of the field that the host has named, and its
// key.
func (d *Device) assetTag(field string) (text string, key mdm.Key) {
	switch i := slices.Index(assetTagFields, field); {
	case i < 0:
		return "", ""
	case i < len(d.Custom):
		return d.Custom[i], mdm.CustomKey(field)
	}
	return d.Description, mdm.KeyNotes
}

// customName is the name of a custom field, from 0 on.
func customName(i int) string { return assetTagFields[i] }

// model sorts what the server calls the model: Apple's identifier, or the name
// that other makers give it.
//
// Source: reference/relution.md 3, 11 row 19
func (d *Device) model(text string) {
	if d.apple() {
		d.ModelID = text
		if d.Manufacturer == "" {
			d.Manufacturer = "Apple"
		}
		return
	}
	d.Model = text
}

func (d *Device) apple() bool {
	switch d.Platform {
	case "IOS", "MACOS", "TVOS", "VISIONOS", "WATCHOS":
		return true
	}
	return false
}

// owner reads whom the device is assigned to. Until 5.x, one that is assigned
// to nobody has a pseudo user, called after the organisation; its "user" may
// be a group, and so names an owner only together with a login.
//
// Source: reference/relution.md 9, 11 row 26
func (d *Device) owner(w *wire.Device) {
	login := clean(w.UserName)
	pseudo := strings.HasSuffix(login, " Device User") || login == "Device User"
	if pseudo {
		d.blank = append(d.blank, mdm.KeyUserLogin)
		return
	}
	d.UserUUID, d.UserLogin, d.UserEmail = clean(w.UserUUID), login, clean(w.UserEmail)
	if role := clean(w.User); d.UserUUID == "" && login != "" && uuidForm.MatchString(role) {
		d.UserUUID = role
	}
	d.UserName = strings.TrimSpace(clean(w.UserGiven) + " " + clean(w.UserSurname))
	d.empty(mdm.KeyUserLogin, w.UserName)
	d.empty(mdm.KeyUserID, w.UserUUID, w.User)
	d.empty(mdm.KeyUserEmail, w.UserEmail)
	if d.UserName == "" {
		d.empty(mdm.KeyUserName, w.UserGiven, w.UserSurname)
	}
}

func (d *Device) lending(w *wire.Device) {
	d.LoanTo, d.LoanUntil = clean(w.LoanTo), w.LoanUntil.At()
	if d.LoanTo == "" {
		d.LoanTo, d.LoanUntil = clean(w.Lending.Of.To), w.Lending.Of.Until.At()
	}
}

// installed reads the apps that stand inside a full device.
func (d *Device) installed(w *wire.Device) {
	for _, a := range w.Apps.Of {
		if app := newApp(&a); app.Name != "" {
			d.Apps = append(d.Apps, app)
		}
	}
}

// empty notes what was reported as having no value, as opposed to what was
// not reported.
func (d *Device) empty(key mdm.Key, texts ...json.Text) {
	present := false
	for _, t := range texts {
		if clean(t) != "" {
			return
		}
		present = present || t.Present
	}
	if present && !slices.Contains(d.blank, key) {
		d.blank = append(d.blank, key)
	}
}

// first returns the first text that holds something.
func first(texts ...json.Text) string {
	for _, t := range texts {
		if s := clean(t); s != "" {
			return s
		}
	}
	return ""
}

// unspaced strips what stands between the digits of a number.
func unspaced(t json.Text) string {
	return strings.Join(strings.FieldsFunc(t.Text, func(r rune) bool { return r == ' ' || r == '-' || r == '\u00a0' }), "")
}

// flag reads the first flag that is told.
func flag(flags ...json.Bool) mdm.Flag {
	for _, b := range flags {
		if b.Present {
			return mdm.FlagOf(b.Yes)
		}
	}
	return mdm.Unknown
}

// percent reads a battery level: a fraction up to 1, or per cent.
//
// Source: reference/relution.md 11, row 18
func percent(f json.Float) int {
	n := f.N
	if n <= 1 {
		n *= 100
	}
	if !(n > 0 && n <= 100) {
		return 0
	}
	return int(n + 0.5)
}

// lostMode reads the state of newer servers, or the flag of older ones. A mode
// that is only on its way is as it was.
func lostMode(state string, old json.Bool) mdm.Flag {
	switch state {
	case "ENABLED", "DISABLE_PENDING":
		return mdm.Yes
	case "DISABLED", "ENABLE_PENDING":
		return mdm.No
	}
	return flag(old)
}

// osVersion strips the name of the system from a version such as "iOS 18.1".
func osVersion(text string) string {
	if i := strings.IndexFunc(text, func(r rune) bool { return r >= '0' && r <= '9' }); i > 0 {
		return text[i:]
	}
	return text
}
