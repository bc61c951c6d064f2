package intune

import (
	"errors"
	"strings"
	"time"
)

// Property is a property of devices that lists can be filtered by.
type Property uint8

// The properties. The zero Property is none.
const (
	UnknownProperty Property = iota
	BySerial
	ByIMEI
	ByDirectoryID
	ByLogin
	ByName
)

// filterable are the properties that the service filters by equality.
//
// Source: reference/intune.md 2.1
var filterable = map[Property]struct {
	name string
	of   func(*Device) string
}{
	BySerial:      {"serialNumber", func(d *Device) string { return d.SerialNumber }},
	ByIMEI:        {"imei", func(d *Device) string { return d.IMEI }},
	ByDirectoryID: {"azureADDeviceId", func(d *Device) string { return d.DirectoryID }},
	ByLogin:       {"userPrincipalName", func(d *Device) string { return d.UserLogin }},
	ByName:        {"deviceName", func(d *Device) string { return d.Name }},
}

// Filter leaves devices out of a list. The zero Filter leaves out none.
type Filter struct {
	property string // as the service calls it
	text     string
	fit      func(*Device) bool
	err      error
}

// Equal keeps devices of which a property has the value, whatever its case.
func Equal(p Property, value string) Filter {
	known, ok := filterable[p]
	value = strings.TrimSpace(value)
	if !ok || value == "" {
		return Filter{err: errors.New("a filter needs a property and a value")}
	}
	return Filter{property: known.name, text: known.name + " eq " + quote(value),
		fit: func(d *Device) bool { return strings.EqualFold(known.of(d), value) }}
}

// SyncedSince keeps devices that checked in after t, and those that did so in
// the second of t: lists tell whole seconds only.
//
// Source: reference/intune.md 2.2
func SyncedSince(t time.Time) Filter {
	t = t.UTC().Truncate(time.Second)
	return Filter{property: "lastSyncDateTime", text: "lastSyncDateTime gt " + t.Format(time.RFC3339),
		fit: func(d *Device) bool { return !d.LastSync.Before(t) }}
}

// String returns the filter in the service's language.
func (f Filter) String() string { return f.text }

// fits reports whether the service should have sent a device.
func (f Filter) fits(d *Device) bool { return f.fit == nil || f.fit(d) }

// quote writes a text for a filter.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
