package relution

import (
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// fill takes what the detail of a device does not tell from its entry in the
// list, and completes it again.
func (c *Client) fill(d, list *Device) *Device {
	d.fillTexts(list)
	d.fillFlags(list)
	d.fillTimes(list)
	if d.Battery == 0 {
		d.Battery = list.Battery
	}
	if d.Groups == nil {
		d.Groups = list.Groups
	}
	if d.SIMs == nil {
		d.SIMs = list.SIMs
	}
	if d.EthernetMACs == nil {
		d.EthernetMACs = list.EthernetMACs
	}
	d.blank = append(d.blank, list.blank...)
	d = c.finish(d)
	d.blank = slices.DeleteFunc(d.blank, func(key mdm.Key) bool { return mdm.Value(d, key).State == mdm.Reported })
	return d
}

func (d *Device) fillTexts(list *Device) {
	for _, pair := range [][2]*string{{&d.OrganizationUUID, &list.OrganizationUUID}, {&d.Name, &list.Name}, {&d.Description, &list.Description},
		{&d.Status, &list.Status}, {&d.Platform, &list.Platform}, {&d.Enrollment, &list.Enrollment}, {&d.Ownership, &list.Ownership},
		{&d.AutoEnrolment, &list.AutoEnrolment}, {&d.SerialNumber, &list.SerialNumber}, {&d.OSVersion, &list.OSVersion},
		{&d.OSPatch, &list.OSPatch}, {&d.WiFiMAC, &list.WiFiMAC}, {&d.PublicIP, &list.PublicIP}, {&d.UserUUID, &list.UserUUID},
		{&d.UserLogin, &list.UserLogin}, {&d.UserName, &list.UserName}, {&d.UserEmail, &list.UserEmail}, {&d.LoanTo, &list.LoanTo},
		{&d.DeviceID, &list.DeviceID}, {&d.ModelID, &list.ModelID}, {&d.Model, &list.Model}, {&d.Manufacturer, &list.Manufacturer},
		{&d.MEID, &list.MEID}, {&d.Phone, &list.Phone}} {
		or(pair[0], *pair[1])
	}
	for i := range d.Custom {
		or(&d.Custom[i], list.Custom[i])
	}
}

func (d *Device) fillFlags(list *Device) {
	for _, pair := range [][2]*mdm.Flag{{&d.Automated, &list.Automated}, {&d.Supervised, &list.Supervised}, {&d.MultiUser, &list.MultiUser},
		{&d.Encrypted, &list.Encrypted}, {&d.LostMode, &list.LostMode}, {&d.Jailbroken, &list.Jailbroken}, {&d.obeys, &list.obeys}} {
		if *pair[0] == mdm.Unknown {
			*pair[0] = *pair[1]
		}
	}
}

func (d *Device) fillTimes(list *Device) {
	if d.LoanUntil.IsZero() && d.LoanTo == list.LoanTo {
		d.LoanUntil = list.LoanUntil
	}
	if d.LastContact.IsZero() {
		d.LastContact = list.LastContact
	}
	if d.LastAgent.IsZero() {
		d.LastAgent = list.LastAgent
	}
	if d.Enrolled.IsZero() {
		d.Enrolled = list.Enrolled
	}
	if d.Created.IsZero() {
		d.Created = list.Created
	}
	if d.Deleted.IsZero() {
		d.Deleted = list.Deleted
	}
}
