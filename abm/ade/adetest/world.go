package adetest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// Device is what Apple knows of a device. Zero times and "" = no value.
type Device struct {
	Serial      string
	Model       string // marketing name
	Description string // text of the order
	Color       string
	AssetTag    string
	Family      string // "iPad", "iPhone", "iPod", "Mac", "AppleTV", "Vision"
	OS          string // "iOS", "iPadOS", "OSX", "tvOS", "visionOS", as of protocol version 10

	Status        string // "empty", "assigned", "pushed" or "removed"; "" = empty
	Profile       string // profile_uuid
	ProfileSet    time.Time
	ProfilePushed time.Time

	Assigned   time.Time // to the entry that it is assigned to
	AssignedBy string

	Migrate      time.Time // mdm_migration_deadline
	IMEIs        []string  // digits
	MEIDs        []string
	EID          string
	WiFiMAC      string // upper case, with colons
	BluetoothMAC string
	EthernetMAC  string

	Replaces           string // serial of the device that it replaces
	ReplacedOn         time.Time
	ReleasedByExchange bool // released_by_replacement
}

// world is what the fake knows about devices and server entries.
type world struct {
	entries   int
	devices   map[string]*device // by serial; released ones are not here
	grants    map[string]*grant  // by access token
	tokenLife time.Duration
	termsOpen map[string]bool   // by organisation
	throttle  traffic.Limit     // of the assignments of one device; n and per only
	forced    map[string]string // per-device status, by serial
}

// device has the present state of one device. States are never changed in
// place, so that the log keeps what was.
type device struct {
	state   *Device
	entry   *Entry // nil = assigned to none
	latest  int    // its newest event in the log of the entry
	dated   time.Time
	lock    *Lock
	assigns traffic.Limit
}

// event is one line of the log of an entry.
type event struct {
	kind  string // "added", "modified" or "deleted"
	at    time.Time
	state *Device
	raw   json.RawMessage // a planted record instead
	live  bool            // the newest one of a device that is on the entry
}

func newWorld() world {
	return world{devices: map[string]*device{}, grants: map[string]*grant{}, termsOpen: map[string]bool{}, forced: map[string]string{}}
}

// populate assigns the devices of a district that Apple knows to the main
// entry, in the order in which they were bought. Every fifth device in stock
// has no profile.
func (f *Fake) populate(d *fleet.District) {
	shift := min(0, f.Now().Truncate(time.Second).Sub(d.Now))
	var owned []fleet.Device
	for _, dev := range d.Devices {
		if dev.Apple() && dev.Enrolment == fleet.Automated && !dev.Has(fleet.JunkSerial) {
			owned = append(owned, dev)
		}
	}
	for i, dev := range d.Stock {
		if i%5 == 4 {
			dev.Profile = "" // forgotten
		}
		if dev.Apple() || dev.Platform == fleet.PlatformUnknown {
			owned = append(owned, dev)
		}
	}
	slices.SortStableFunc(owned, func(a, b fleet.Device) int { return a.Added.Compare(b.Added) })
	for i, dev := range owned {
		serial := strings.ToUpper(dev.Serial)
		if f.devices[serial] != nil {
			continue // enrolled twice
		}
		s := appleRecord(dev, i, shift)
		if dev.Profile != "" {
			s.Profile = f.Main.profileNamed(dev.Profile).uuid
		}
		f.devices[serial] = &device{state: &s}
		f.arrive(f.devices[serial], f.Main, "added", cmp.Or(s.Assigned, f.Now()))
	}
}

// appleRecord is what Apple knows of a device of the fleet.
func appleRecord(dev fleet.Device, index int, shift time.Duration) Device {
	moved := func(t time.Time) time.Time {
		if t.IsZero() {
			return t
		}
		return t.Add(shift).UTC().Truncate(time.Second)
	}
	s := Device{
		Serial: strings.ToUpper(dev.Serial), Model: dev.Model, Color: strings.ToUpper(dev.Color),
		Description: strings.TrimSpace(strings.ToUpper(dev.Model + " " + dev.Color)),
		Assigned:    moved(dev.Added), AssignedBy: "it-admin@example-school.org",
		WiFiMAC: strings.ToUpper(dev.WiFiMAC), BluetoothMAC: strings.ToUpper(dev.BluetoothMAC), Status: "empty",
	}
	if index%3 == 2 {
		s.AssignedBy = "api-user@example.appleid.com"
	}
	s.Family, s.OS = kindOf(&dev)
	if len(dev.EthernetMACs) > 0 && !dev.Has(fleet.SharedDock) {
		s.EthernetMAC = strings.ToUpper(dev.EthernetMACs[0])
	}
	for _, sim := range dev.SIMs {
		if s.IMEIs = append(s.IMEIs, sim.IMEI); len(s.MEIDs) == 0 && len(sim.IMEI) == 15 {
			s.MEIDs, s.EID = []string{sim.IMEI[:14]}, sim.EID
		}
	}
	if dev.Profile == "" {
		return s
	}
	s.Status, s.ProfileSet = "assigned", s.Assigned.Add(time.Hour)
	if !dev.LastSeen.IsZero() {
		s.Status, s.ProfilePushed = "pushed", moved(dev.Enrolled)
		if s.ProfilePushed.Before(s.ProfileSet) {
			s.ProfilePushed = s.ProfileSet.Add(time.Hour)
		}
	}
	return s
}

// kindOf gives family and operating system. The model tells what a device in
// stock does not say itself.
func kindOf(dev *fleet.Device) (family, os string) {
	is := func(word string) bool { return strings.Contains(dev.Model, word) }
	switch {
	case dev.Platform == fleet.IPadOS, is("iPad"):
		return "iPad", "iPadOS"
	case dev.Platform == fleet.IOS, is("iPhone"):
		return "iPhone", "iOS"
	case dev.Platform == fleet.TVOS, is("Apple TV"):
		return "AppleTV", "tvOS"
	case dev.Platform == fleet.MacOS, is("Mac"):
		return "Mac", "OSX"
	}
	return "", ""
}

// profileNamed is the profile of a name, made when it is not there.
func (e *Entry) profileNamed(name string) *profile {
	for _, p := range e.profiles {
		if p.name() == name {
			return p
		}
	}
	return e.newProfile(map[string]json.RawMessage{
		"profile_name": encode(name), "url": encode("https://mdm.example.org/enrol"),
		"is_supervised": encode(true), "is_mdm_removable": encode(false),
		"department": encode("IT"), "support_phone_number": encode("+1 555 0100"),
	})
}

func (e *Entry) newProfile(fields map[string]json.RawMessage) *profile {
	e.made++
	sum := digest("profile", e.uuid, fmt.Sprint(e.made))
	p := &profile{uuid: fmt.Sprintf("%X", sum[:16]), fields: fields}
	e.profiles[p.uuid] = p
	return p
}
