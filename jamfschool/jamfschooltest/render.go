package jamfschooltest

import (
	"strings"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

type wireModel struct {
	Name       string `json:"name"`
	Identifier string `json:"identifier"`
	Type       any    `json:"type"`
}

type wireOS struct {
	Prefix  string `json:"prefix"`
	Version string `json:"version"`
}

type wireRegion struct {
	String      string `json:"string"`
	Coordinates any    `json:"coordinates,omitempty"`
}

type wireApp struct {
	Name       string `json:"name"`
	Vendor     string `json:"vendor"`
	Identifier string `json:"identifier"`
	Version    string `json:"version"`
	Icon       string `json:"icon"`
}

type wireVPP struct {
	Status string `json:"status"`
}

// listedDevice is a device in GET /devices.
type listedDevice struct {
	UDID            string     `json:"UDID"`
	Location        int        `json:"locationId"`
	Serial          string     `json:"serialNumber"`
	AssetTag        string     `json:"assetTag"`
	Class           string     `json:"class"`
	Model           any        `json:"model"`
	OS              any        `json:"os"`
	Name            string     `json:"name"`
	Owner           any        `json:"owner"`
	Managed         bool       `json:"isManaged"`
	Supervised      bool       `json:"isSupervised"`
	BootstrapStored any        `json:"isBootstrapStored,omitempty"`
	EnrollType      string     `json:"enrollType"`
	Profile         string     `json:"depProfile"`
	Groups          []string   `json:"groups"`
	Battery         float64    `json:"batteryLevel"`
	Capacity        float64    `json:"totalCapacity"`
	Available       any        `json:"availableCapacity"`
	BackupOn        bool       `json:"iCloudBackupEnabled"`
	BackupLatest    any        `json:"iCloudBackupLatest"`
	StoreLoggedIn   bool       `json:"iTunesStoreLoggedIn"`
	Region          any        `json:"region"`
	Apps            *[]wireApp `json:"apps,omitempty"`
	Notes           string     `json:"notes"`
	LastCheckin     any        `json:"lastCheckin,omitempty"`
	Modified        string     `json:"modified"`
	Network         network    `json:"networkInformation"`
}

type network struct {
	IP            string         `json:"IPAddress"`
	Tethered      any            `json:"isNetworkTethered"`
	Bluetooth     any            `json:"BluetoothMAC"`
	WiFi          any            `json:"WiFiMAC"`
	Ethernet      string         `json:"EthernetMACs,omitempty"`
	VoiceRoaming  any            `json:"VoiceRoamingEnabled"`
	DataRoaming   any            `json:"DataRoamingEnabled"`
	Hotspot       any            `json:"PersonalHotspotEnabled"`
	Subscriptions []subscription `json:"ServiceSubscription,omitempty"`
}

// listedOwner is an owner in a listing; nobody has only the first fields.
type listedOwner struct {
	ID       int       `json:"id"`
	Location int       `json:"locationId"`
	Username *string   `json:"username,omitempty"`
	Email    *string   `json:"email,omitempty"`
	First    *string   `json:"firstName,omitempty"`
	Last     *string   `json:"lastName,omitempty"`
	Name     string    `json:"name"`
	VPP      []wireVPP `json:"vpp"`
	Notes    *string   `json:"notes,omitempty"`
	Modified *string   `json:"modified,omitempty"`
}

// detailedDevice is a device in GET /devices/{udid}.
type detailedDevice struct {
	UDID              string         `json:"UDID"`
	Location          int            `json:"locationId"`
	Serial            string         `json:"serialNumber"`
	AssetTag          any            `json:"assetTag"`
	InTrash           bool           `json:"inTrash"`
	Class             string         `json:"class"`
	Model             any            `json:"model"`
	OS                any            `json:"os"`
	Name              string         `json:"name"`
	Owner             any            `json:"owner"`
	Managed           bool           `json:"isManaged"`
	Supervised        bool           `json:"isSupervised"`
	BootstrapStored   any            `json:"isBootstrapStored,omitempty"`
	EnrollType        any            `json:"deviceEnrollType"`
	Profile           any            `json:"deviceDepProfile"`
	Battery           float64        `json:"batteryLevel"`
	Capacity          float64        `json:"totalCapacity"`
	Available         any            `json:"availableCapacity"`
	Passcode          bool           `json:"hasPasscode"`
	PasscodeCompliant int            `json:"passcodeCompliant"`
	Encryption        int            `json:"hardwareEncryptionEnabled"`
	StoreLoggedIn     int            `json:"iTunesStoreLoggedIn"`
	BackupOn          int            `json:"iCloudBackupEnabled"`
	BackupLatest      int            `json:"iCloudBackupLatest"`
	GroupIDs          []int          `json:"groupIds"`
	Groups            []string       `json:"groups"`
	WiFi              string         `json:"WiFiMAC"`
	Bluetooth         string         `json:"bluetoothMAC"`
	IP                string         `json:"IPAddress"`
	Region            any            `json:"region"`
	Apps              *[]wireApp     `json:"apps,omitempty"`
	Notes             any            `json:"notes"`
	LastCheckin       any            `json:"lastCheckin"`
	Modified          string         `json:"modified"`
	Subscriptions     []subscription `json:"serviceSubscription,omitempty"`
}

// renderListed writes a device for a listing. The caller holds the lock.
func (f *Fake) renderListed(s *state, withApps bool) listedDevice {
	w := f.wire
	d := listedDevice{
		UDID: s.UDID, Location: s.location, Serial: s.Serial, AssetTag: s.AssetTag, Class: class(s),
		Model: w.object(wireModel{s.Model, s.Identifier, s.Line}), OS: w.object(osOf(s)),
		Name: s.Name, Owner: w.object(f.listedOwner(s)), Managed: f.managed(s), Supervised: s.Supervised,
		BootstrapStored: bootstrapOf(s), EnrollType: enrolType(s), Profile: s.Profile, Groups: f.groupNames(s),
		Battery: battery(s), Capacity: gib(s.Capacity), Available: w.available(s),
		BackupLatest: w.lastBackup(s.LastSeen), StoreLoggedIn: storeLoggedIn(s),
		Region: w.object(f.listedRegion(s)), Notes: s.Notes,
		LastCheckin: w.listedCheckin(s), Modified: w.stamp(s.modified), Network: w.network(s),
	}
	if withApps {
		apps := renderApps(s.Apps)
		d.Apps = &apps
	}
	return d
}

// renderDetail writes a device for its own page. The caller holds the lock.
func (f *Fake) renderDetail(s *state, withApps bool) detailedDevice {
	w := f.wire
	d := detailedDevice{
		UDID: s.UDID, Location: s.location, Serial: s.Serial, AssetTag: w.scalar(s.AssetTag), InTrash: s.inTrash, Class: class(s),
		Model: w.object(wireModel{s.Model, s.Identifier, map[string]any{"value": s.Line}}), OS: w.object(osOf(s)),
		Name: s.Name, Owner: w.object(f.detailedOwner(s)), Managed: f.managed(s), Supervised: s.Supervised,
		BootstrapStored: bootstrapOf(s), EnrollType: w.scalar(enrolType(s)), Profile: s.Profile,
		Battery: battery(s), Capacity: gib(s.Capacity), Available: w.available(s),
		Passcode: s.Passcode, PasscodeCompliant: digit(s.Passcode), Encryption: digit(s.Encrypted && s.Platform != fleet.MacOS),
		StoreLoggedIn: digit(storeLoggedIn(s)), GroupIDs: append([]int{}, s.groups...), Groups: f.groupNames(s),
		WiFi: s.WiFiMAC, Bluetooth: s.BluetoothMAC, IP: s.IP, Region: w.object(f.detailedRegion(s)), Notes: w.scalar(s.Notes),
		LastCheckin: w.detailCheckin(s), Modified: w.stamp(s.modified), Subscriptions: subscriptions(s, true),
	}
	if s.Profile == "" {
		d.Profile = null
	}
	if withApps {
		apps := renderApps(s.Apps)
		d.Apps = &apps
	}
	return d
}

func osOf(s *state) wireOS {
	prefix := map[fleet.Platform]string{fleet.MacOS: "macOS", fleet.TVOS: "tvOS"}[s.Platform]
	if prefix == "" {
		prefix = "iOS" // for iPads too
	}
	return wireOS{prefix, s.OSVersion}
}

// class is the server's lower-case word.
func class(s *state) string {
	switch s.Platform {
	case fleet.MacOS:
		return "mac"
	case fleet.TVOS:
		return "appletv"
	case fleet.IOS:
		return "iphone"
	}
	return "ipad"
}

func bootstrapOf(s *state) any {
	if s.Platform != fleet.MacOS {
		return nil
	}
	return bootstrapStored(s)
}

func storeLoggedIn(s *state) bool { return s.Platform == fleet.IPadOS && s.index%3 == 0 }

func digit(b bool) int {
	if b {
		return 1
	}
	return 0
}

func renderApps(apps []fleet.App) []wireApp {
	list := []wireApp{}
	for _, a := range apps {
		icon := ""
		if a.Vendor == "Apple" {
			icon = "https://img.example/" + strings.ToLower(a.Name) + ".png"
		}
		list = append(list, wireApp{a.Name, a.Vendor, a.Identifier, a.Version, icon})
	}
	return list
}
