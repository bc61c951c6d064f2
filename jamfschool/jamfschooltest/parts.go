package jamfschooltest

import (
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// subscription is a cellular slot; texts in it are grouped with blanks.
type subscription struct {
	CarrierSettings string `json:"CarrierSettingsVersion"`
	Carrier         string `json:"CurrentCarrierNetwork"`
	MCC             string `json:"CurrentMCC"`
	MNC             string `json:"CurrentMNC"`
	EID             string `json:"EID,omitempty"`
	ICCID           string `json:"ICCID"`
	IMEI            string `json:"IMEI"`
	MEID            string `json:"MEID,omitempty"`
	DataPreferred   bool   `json:"IsDataPreferred"`
	Roaming         bool   `json:"IsRoaming"`
	VoicePreferred  bool   `json:"IsVoicePreferred"`
	Label           string `json:"Label"`
	LabelID         string `json:"LabelID"`
	Phone           string `json:"PhoneNumber"`
	Slot            string `json:"Slot"`
}

// subscriptions writes the slots of a device. The MEID is often left out of
// lists.
func subscriptions(s *state, detail bool) []subscription {
	var list []subscription
	for i, sim := range s.SIMs {
		sub := subscription{
			CarrierSettings: "60.0", Carrier: sim.Carrier, MCC: "65535", MNC: "65535",
			EID: sim.EID, ICCID: grouped(sim.ICCID, 4, 4, 4, 4, 4), IMEI: grouped(sim.IMEI, 2, 6, 6, 1),
			DataPreferred: i == 0, Label: "USER_LABEL_PRIMARY", Phone: sim.Phone, Slot: "CTSubscriptionSlotOne",
		}
		if sim.Carrier != "" {
			sub.MCC, sub.MNC = "001", "01" // the network kept for tests
		}
		if len(sim.IMEI) == 15 {
			sub.LabelID = "7B1E5C1A-0000-4000-8000-" + sim.IMEI[3:]
			if detail || s.index%2 == 1 {
				sub.MEID = sim.IMEI[:14]
			}
		}
		if i > 0 {
			sub.Label, sub.Slot = "USER_LABEL_SECONDARY", "CTSubscriptionSlotTwo"
		}
		list = append(list, sub)
	}
	return list
}

// grouped puts blanks between groups of these lengths.
func grouped(text string, lengths ...int) string {
	var parts []string
	for _, n := range lengths {
		n = min(n, len(text))
		if n > 0 {
			parts = append(parts, text[:n])
		}
		text = text[n:]
	}
	return strings.Join(parts, " ")
}

func (w Wire) network(s *state) network {
	n := network{
		IP: s.IP, Tethered: w.flag(s.Platform, false), Bluetooth: orNull(s.BluetoothMAC), WiFi: orNull(s.WiFiMAC),
		Ethernet:     strings.Join(s.EthernetMACs, ","),
		VoiceRoaming: w.flag(s.Platform, false), DataRoaming: w.flag(s.Platform, s.index%11 == 3), Hotspot: w.flag(s.Platform, false),
		Subscriptions: subscriptions(s, false),
	}
	return n
}

func orNull(text string) any {
	if text == "" {
		return null
	}
	return text
}

// coordinates are those of the region a device is in; "" = in none.
func (f *Fake) coordinates(s *state) string {
	for _, l := range f.locations {
		if s.Region != "" && l.school.Region == s.Region {
			return l.school.Coordinates
		}
	}
	return ""
}

// listedRegion leaves the coordinates out where there are none, except on
// Apple TVs these days.
func (f *Fake) listedRegion(s *state) wireRegion {
	r := wireRegion{String: s.Region}
	switch c := f.coordinates(s); {
	case c != "":
		r.Coordinates = c
	case s.Platform == fleet.TVOS && !f.wire.old():
		r.Coordinates = null
	}
	return r
}

func (f *Fake) detailedRegion(s *state) wireRegion {
	return wireRegion{String: s.Region, Coordinates: orNull(f.coordinates(s))}
}

func (f *Fake) groupNames(s *state) []string {
	names := []string{}
	for _, id := range s.groups {
		if g := f.group(id); g != nil {
			names = append(names, g.name)
		}
	}
	return names
}

// listedOwner is never empty: nobody has the id 0.
func (f *Fake) listedOwner(s *state) listedOwner {
	u := f.user(s.owner)
	if u == nil {
		return listedOwner{Location: s.location, VPP: []wireVPP{}}
	}
	p, notes, modified := &u.person, "", f.wire.stamp(born)
	return listedOwner{
		ID: u.id, Location: u.location, Username: &p.Username, Email: &p.Email, First: &p.First, Last: &p.Last,
		Name: fullName(u), VPP: []wireVPP{{"Associated"}}, Notes: &notes, Modified: &modified,
	}
}

type detailedOwner struct {
	ID            int       `json:"id"`
	Location      int       `json:"locationId"`
	InTrash       bool      `json:"inTrash"`
	DeviceCount   int       `json:"deviceCount"`
	Username      string    `json:"username"`
	Email         string    `json:"email"`
	First         string    `json:"firstName"`
	Last          string    `json:"lastName"`
	Name          string    `json:"name"`
	GroupIDs      []int     `json:"groupIds"`
	Groups        []string  `json:"groups"`
	TeacherGroups []string  `json:"teacherGroups"` // ids in lists of users
	Children      []int     `json:"children"`
	VPP           []wireVPP `json:"vpp"`
	Notes         string    `json:"notes"`
	Modified      string    `json:"modified"`
}

// detailedOwner is an empty object for nobody.
func (f *Fake) detailedOwner(s *state) any {
	u := f.user(s.owner)
	if u == nil {
		return struct{}{}
	}
	teaches := []string{}
	for _, id := range f.teaches(u) {
		teaches = append(teaches, f.userGroups[id-firstUserGroup])
	}
	return detailedOwner{
		ID: u.id, Location: u.location, InTrash: u.inTrash, DeviceCount: f.deviceCount(u.id),
		Username: u.person.Username, Email: u.person.Email, First: u.person.First, Last: u.person.Last, Name: fullName(u),
		GroupIDs: f.groupsOf(u), Groups: append([]string{}, u.person.Groups...),
		TeacherGroups: teaches, Children: f.childrenOf(u), VPP: []wireVPP{}, Modified: f.wire.stamp(born),
	}
}

func fullName(u *user) string { return strings.TrimSpace(u.person.Name()) }

func (f *Fake) deviceCount(user int) int {
	n := 0
	for _, d := range f.devices {
		if d.state.owner == user && !d.state.inTrash {
			n++
		}
	}
	return n
}

// groupsOf is the ids of a user's groups.
func (f *Fake) groupsOf(u *user) []int {
	ids := []int{}
	for _, name := range u.person.Groups {
		ids = append(ids, firstUserGroup+slices.Index(f.userGroups, name))
	}
	return ids
}

// born is when all people were last changed: long ago.
var born = time.Date(2025, time.August, 1, 7, 15, 9, 0, time.UTC)
