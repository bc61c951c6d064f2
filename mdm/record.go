package mdm

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"
)

// Device is a device as a vendor knows it. Vendors return their own types;
// this interface is what all of them have in common, and it never grows: the
// [Record] does.
type Device interface {
	// Record returns the neutral form. It is deterministic and makes no
	// request. The receiver may change what it gets.
	Record() Record
}

// Record is the neutral device: what any system may say about it. A zero
// field was not reported; see Blank for what was reported as having no value.
// A Record holds personal data, so printing or logging one shows only its
// origin, id and model.
type Record struct {
	Origin Origin `json:"origin,omitzero"` // the system it comes from
	ID     string `json:"id,omitzero"`     // the system's key, in one canonical case; unique within Origin

	Class        Class    `json:"class,omitzero"`
	Platform     Platform `json:"platform,omitzero"`
	PlatformText string   `json:"platform_text,omitzero"` // the vendor's own word for it

	Name     string `json:"name,omitzero"`      // display name; not unique
	HostName string `json:"host_name,omitzero"` // network name where the system has one of its own

	Serial       string `json:"serial,omitzero"`        // as reported; a PC's is its BIOS serial
	UDID         string `json:"udid,omitzero"`          // Apple's UDID or the hardware UUID
	ManagementID string `json:"management_id,omitzero"` // id of the management relation
	DirectoryID  string `json:"directory_id,omitzero"`  // id in the directory, such as Entra's device id

	Interfaces []Interface `json:"interfaces,omitempty"` // Wi-Fi first: the first MAC is the representative one
	IMEIs      []string    `json:"imeis,omitempty"`      // one per slot, in slot order
	MEID       string      `json:"meid,omitzero"`
	EID        string      `json:"eid,omitzero"`
	SIMs       []SIM       `json:"sims,omitempty"` // in slot order

	Manufacturer string `json:"manufacturer,omitzero"`
	Model        string `json:"model,omitzero"`       // marketing name
	ModelID      string `json:"model_id,omitzero"`    // maker's identifier, such as "iPad12,2"
	PartNumber   string `json:"part_number,omitzero"` // order number of the variant
	Replaces     string `json:"replaces,omitzero"`    // serial number of the device that this one stands in for, after service
	Colour       string `json:"colour,omitzero"`

	OS              OS       `json:"os,omitzero"`
	Memory          Capacity `json:"memory,omitzero"`
	Storage         Capacity `json:"storage,omitzero"`
	ExternalStorage Capacity `json:"external_storage,omitzero"`
	Battery         int      `json:"battery,omitzero"` // per cent, 1 to 100

	Flags     Flags     `json:"flags,omitzero"`
	Ownership Ownership `json:"ownership,omitzero"`
	Enrolment Enrolment `json:"enrolment,omitzero"`
	Added     time.Time `json:"added,omitzero"`    // when the organisation got it
	Released  time.Time `json:"released,omitzero"` // when the organisation gave it away
	Status    Status    `json:"status,omitzero"`
	LastSeen  time.Time `json:"last_seen,omitzero"` // last check-in with the MDM; zero also for never

	User       User     `json:"user,omitzero"`
	Groups     []string `json:"groups,omitempty"` // names
	Site       Site     `json:"site,omitzero"`
	Department string   `json:"department,omitzero"`
	Building   string   `json:"building,omitzero"`
	Room       string   `json:"room,omitzero"`
	Purchase   Purchase `json:"purchase,omitzero"`

	AssetTag string            `json:"asset_tag,omitzero"`
	Notes    string            `json:"notes,omitzero"`
	Custom   map[string]string `json:"custom,omitempty"` // the customer's own fields; also parts of the vendor's answer that were asked for, by their key

	Link       string     `json:"link,omitzero"`        // deep link into the system's console; "" = not known
	LinkTarget LinkTarget `json:"link_target,omitzero"` // what the link opens

	Blank Keys `json:"blank,omitempty"` // attributes that were reported as having no value
}

// Interface is one network interface.
type Interface struct {
	Kind    InterfaceKind `json:"kind,omitzero"`
	Adapter string        `json:"adapter,omitzero"` // name of the adapter; "" = not reported
	MAC     string        `json:"mac,omitzero"`     // as reported
	IPs     []string      `json:"ips,omitempty"`
}

// SIM is one SIM or eSIM. Its values belong to the contract, not to the
// device: they are never used to recognise a device.
type SIM struct {
	ICCID   string `json:"iccid,omitzero"` // digits
	IMSI    string `json:"imsi,omitzero"`  // digits
	Phone   string `json:"phone,omitzero"` // as reported
	Carrier string `json:"carrier,omitzero"`
}

// OS is the operating system.
type OS struct {
	Name    string `json:"name,omitzero"`    // as reported
	Version string `json:"version,omitzero"` // as reported, such as "17.6.1"
	Build   string `json:"build,omitzero"`   // such as "21G93"
	Patch   string `json:"patch,omitzero"`   // security patch level, such as "2026-10-05"
}

// Capacity is an amount of storage or memory in bytes; 0 = not reported.
type Capacity struct {
	Total int64 `json:"total,omitzero"`
	Free  int64 `json:"free,omitzero"`
}

// Flags are facts that are so, not so, or not reported.
type Flags struct {
	Managed           Flag `json:"managed,omitzero"`
	Supervised        Flag `json:"supervised,omitzero"`
	ProfilePresent    Flag `json:"profile_present,omitzero"`    // the management profile is on the device
	Passcode          Flag `json:"passcode,omitzero"`           // a passcode is set
	PasscodeCompliant Flag `json:"passcode_compliant,omitzero"` // it meets the rules
	Encrypted         Flag `json:"encrypted,omitzero"`
	Compliant         Flag `json:"compliant,omitzero"` // it meets the organisation's rules
	Jailbroken        Flag `json:"jailbroken,omitzero"`
	LostMode          Flag `json:"lost_mode,omitzero"`
	ActivationLock    Flag `json:"activation_lock,omitzero"`
}

// Enrolment says how a device came under management.
type Enrolment struct {
	Method  EnrolmentMethod `json:"method,omitzero"`
	At      time.Time       `json:"at,omitzero"`
	Profile string          `json:"profile,omitzero"` // name of the enrolment profile
	Source  string          `json:"source,omitzero"`  // how the device came to the organisation, such as "reseller"
}

// User is the person a device is assigned to.
type User struct {
	ID    string `json:"id,omitzero"` // the system's key
	Name  string `json:"name,omitzero"`
	Login string `json:"login,omitzero"`
	Email string `json:"email,omitzero"`
}

// Site is the part of a tenant that a device belongs to: a location, a
// school, a site.
type Site struct {
	ID   string `json:"id,omitzero"` // the system's key; "0" is a site like any other
	Name string `json:"name,omitzero"`
}

// Purchase says how the device was bought.
type Purchase struct {
	Date        time.Time `json:"date,omitzero"`
	WarrantyEnd time.Time `json:"warranty_end,omitzero"`
	Vendor      string    `json:"vendor,omitzero"`
	Order       string    `json:"order,omitzero"`
	Price       string    `json:"price,omitzero"` // as reported, with its currency
}

// Record returns a copy of r that shares no memory with it, so that a Record
// is a Device too.
func (r Record) Record() Record {
	r.Interfaces = slices.Clone(r.Interfaces)
	for i := range r.Interfaces {
		r.Interfaces[i].IPs = slices.Clone(r.Interfaces[i].IPs)
	}
	r.IMEIs = slices.Clone(r.IMEIs)
	r.SIMs = slices.Clone(r.SIMs)
	r.Groups = slices.Clone(r.Groups)
	r.Custom = maps.Clone(r.Custom)
	r.Blank = slices.Clone(r.Blank)
	return r
}

// MAC returns the representative MAC address: the first value of [KeyMAC], so
// Wi-Fi before others and never Bluetooth. It is "" if none was reported.
func (r Record) MAC() string {
	if all := nonEmpty(generalMACs(&r)...); len(all) > 0 {
		return all[0]
	}
	return ""
}

// String returns origin, id and model, and nothing personal.
func (r Record) String() string {
	text := strings.TrimSpace(fmt.Sprintf("%s device %s", r.Origin, r.ID))
	if model := r.model(); model != "" {
		text += " (" + model + ")"
	}
	return text
}

// Format writes what String returns, whatever the verb.
func (r Record) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, r.String()) }

// LogValue returns origin, id and model.
func (r Record) LogValue() slog.Value {
	return slog.GroupValue(slog.String("origin", r.Origin.String()),
		slog.String("id", r.ID), slog.String("model", r.model()))
}

func (r Record) model() string {
	if r.ModelID != "" {
		return r.ModelID
	}
	return r.Model
}
