package mdm_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/mdm"
)

// collected is a row of what products collect: the attributes that hold it, a
// record that reports it, and what the attributes say then.
type collected struct {
	row  string // number of the feature
	name string
	with mdm.Record
	says map[mdm.Key]string
}

// pc is a Windows computer as a system reports it that manages phones too.
var pc = mdm.Record{
	Class: mdm.ClassComputer, Platform: mdm.PlatformWindows, Serial: "5CG1234XYZ",
	Interfaces: []mdm.Interface{
		{Kind: mdm.InterfaceEthernet, Adapter: "Ethernet", MAC: "00:00:5e:00:53:0e"},
		{Kind: mdm.InterfaceWiFi, Adapter: "Wi-Fi", MAC: "00:00:5e:00:53:01"},
	},
}

func collectedRows() []collected {
	const gigabyte = 1 << 30
	sim := mdm.SIM{ICCID: "8949000000000000001", IMSI: "262010000000001", Phone: "+49 30 0000001", Carrier: "Example Mobile"}
	return []collected{
		{"4.7", "pc beside smart devices", pc, map[mdm.Key]string{mdm.KeyClass: "computer", mdm.KeySerial: "5CG1234XYZ", mdm.KeyAdapter: "Ethernet\nWi-Fi"}},
		{"4.14", "device type", mdm.Record{Class: mdm.ClassPhone}, map[mdm.Key]string{mdm.KeyClass: "phone"}},
		{"4.15", "computer name and its parts", mdm.Record{Name: "iPhone 7", User: mdm.User{Name: "Ada"}, SIMs: []mdm.SIM{sim}, Model: "iPhone SE"},
			map[mdm.Key]string{mdm.KeyName: "iPhone 7", mdm.KeyUserName: "Ada", mdm.KeySIMPhone: sim.Phone, mdm.KeyModel: "iPhone SE"}},
		{"4.16", "parts of a name with colons", mdm.Record{User: mdm.User{Login: "ada"}, SIMs: []mdm.SIM{sim}, ModelID: "iPhone14,6"},
			map[mdm.Key]string{mdm.KeyUserLogin: "ada", mdm.KeySIMPhone: sim.Phone, mdm.KeyModelID: "iPhone14,6"}},
		{"4.17", "host name", mdm.Record{HostName: "DESK-7"}, map[mdm.Key]string{mdm.KeyHostName: "DESK-7"}},
		{"4.18", "manufacturer and model", mdm.Record{Manufacturer: "Apple", Model: "iPad"}, map[mdm.Key]string{mdm.KeyManufacturer: "Apple", mdm.KeyModel: "iPad"}},
		{"4.19", "serial number", mdm.Record{Serial: "DMPX"}, map[mdm.Key]string{mdm.KeySerial: "DMPX"}},
		{"4.20", "memory", mdm.Record{Memory: mdm.Capacity{Total: 4 * gigabyte}}, map[mdm.Key]string{mdm.KeyMemoryTotal: "4294967296"}},
		{"4.21", "bios serial number", pc, map[mdm.Key]string{mdm.KeySerial: "5CG1234XYZ"}},
		{"4.22", "operating system", mdm.Record{OS: mdm.OS{Name: "iPadOS", Version: "18.1"}}, map[mdm.Key]string{mdm.KeyOSName: "iPadOS", mdm.KeyOSVersion: "18.1"}},
		{"4.23", "network adapter", mdm.Record{Interfaces: []mdm.Interface{{Kind: mdm.InterfaceWiFi}, {Kind: mdm.InterfaceEthernet}}}, map[mdm.Key]string{mdm.KeyAdapter: "Wi-Fi\nEthernet"}},
		{"4.24", "mac addresses, wi-fi first", pc, map[mdm.Key]string{mdm.KeyMAC: "00:00:5e:00:53:01\n00:00:5e:00:53:0e", mdm.KeyMACEthernet: "00:00:5e:00:53:0e", mdm.KeyMACWiFi: "00:00:5e:00:53:01"}},
		{"4.25", "imei", mdm.Record{IMEIs: []string{"490154203237518", "490154203237526"}}, map[mdm.Key]string{mdm.KeyIMEI: "490154203237518\n490154203237526"}},
		{"4.26", "udid", mdm.Record{UDID: "00008110-0001"}, map[mdm.Key]string{mdm.KeyUDID: "00008110-0001"}},
		{"4.27", "imsi", mdm.Record{SIMs: []mdm.SIM{sim}}, map[mdm.Key]string{mdm.KeySIMIMSI: sim.IMSI}},
		{"4.28", "iccid", mdm.Record{SIMs: []mdm.SIM{sim}}, map[mdm.Key]string{mdm.KeySIMICCID: sim.ICCID}},
		{"4.29", "phone number", mdm.Record{SIMs: []mdm.SIM{sim}}, map[mdm.Key]string{mdm.KeySIMPhone: sim.Phone}},
		{"4.30", "e-mail", mdm.Record{User: mdm.User{Email: "ada@example.com"}}, map[mdm.Key]string{mdm.KeyUserEmail: "ada@example.com"}},
		{"4.31", "carrier", mdm.Record{SIMs: []mdm.SIM{sim}}, map[mdm.Key]string{mdm.KeySIMCarrier: "Example Mobile"}},
		{"4.32", "passcode set", mdm.Record{Flags: mdm.Flags{Passcode: mdm.Yes}}, map[mdm.Key]string{mdm.KeyPasscode: "yes"}},
		{"4.32", "passcode not set", mdm.Record{Flags: mdm.Flags{Passcode: mdm.No}}, map[mdm.Key]string{mdm.KeyPasscode: "no"}},
		{"4.33", "memory, total without free", mdm.Record{Memory: mdm.Capacity{Total: gigabyte}}, map[mdm.Key]string{mdm.KeyMemoryTotal: "1073741824", mdm.KeyMemoryFree: ""}},
		{"4.33", "memory, free", mdm.Record{Memory: mdm.Capacity{Free: gigabyte}}, map[mdm.Key]string{mdm.KeyMemoryFree: "1073741824", mdm.KeyMemoryTotal: ""}},
		{"4.34", "storage", mdm.Record{Storage: mdm.Capacity{Total: 64e9, Free: 12e9}}, map[mdm.Key]string{mdm.KeyStorageTotal: "64000000000", mdm.KeyStorageFree: "12000000000"}},
		{"4.35", "external storage", mdm.Record{ExternalStorage: mdm.Capacity{Total: 32e9, Free: 1}}, map[mdm.Key]string{mdm.KeyExternalTotal: "32000000000", mdm.KeyExternalFree: "1"}},
		{"4.36", "memory and disk", mdm.Record{Memory: mdm.Capacity{Total: gigabyte}, Storage: mdm.Capacity{Total: 64e9}}, map[mdm.Key]string{mdm.KeyMemoryTotal: "1073741824", mdm.KeyStorageTotal: "64000000000"}},
		{"4.44", "management type", mdm.Record{Origin: mdm.Origin{Kind: "intune"}}, map[mdm.Key]string{mdm.KeySource: "intune"}},
		{"4.47", "last alive", mdm.Record{LastSeen: time.Date(2026, 11, 24, 9, 30, 0, 0, time.FixedZone("", 3600))}, map[mdm.Key]string{mdm.KeyLastSeen: "2026-11-24T08:30:00Z"}},
		{"4.53", "management profile", mdm.Record{Flags: mdm.Flags{ProfilePresent: mdm.No}}, map[mdm.Key]string{mdm.KeyProfilePresent: "no"}},
	}
}

// TestCollected reads what products collect through the catalogue, each with
// a value, as not reported, and as reported without a value. How a name is
// composed (4.15, 4.16) is not shown here, only that its parts are at hand.
//
//mdm:feature 4.7
//mdm:feature 4.1
//mdm:feature 4.14
//mdm:feature 4.17 4.18 4.19 4.20 4.21 4.22 4.23 4.24 4.25 4.26
//mdm:feature 4.27 4.28 4.29 4.30 4.31 4.32 4.33 4.34 4.35 4.36
//mdm:feature 4.44
//mdm:feature 4.47
//mdm:feature 4.53
func TestCollected(t *testing.T) {
	for _, c := range collectedRows() {
		t.Run(c.row+" "+c.name, func(t *testing.T) {
			for key, text := range c.says {
				want := mdm.AttributeValue{}
				if text != "" {
					want = reported(text)
				}
				assert.Equal(t, want, mdm.Value(c.with, key), key)
				assert.Equal(t, notReported, mdm.Value(mdm.Record{}, key), key)
				assert.Equal(t, blank, mdm.Value(mdm.Record{Blank: mdm.Keys{key}}, key), key)
			}
		})
	}
	assert.False(t, pc.Class.Smart(), "a PC is no smart device")
	assert.True(t, mdm.ClassPhone.Smart())
	assert.Equal(t, "00:00:5e:00:53:01", pc.MAC(), "the Wi-Fi address is the representative one")
}

// TestLink shows that a device carries its link into the console, which may
// be unknown or lead to a list only.
//
//mdm:feature 1.13
func TestLink(t *testing.T) {
	for _, target := range []mdm.LinkTarget{mdm.LinkDevice, mdm.LinkList} {
		r := mdm.Record{Link: "https://mdm.example/devices/1", LinkTarget: target}
		assert.Equal(t, reported("https://mdm.example/devices/1"), mdm.Value(r, mdm.KeyLink))
		assert.Equal(t, r, stored(t, r), "the link survives being stored")
	}
	assert.Equal(t, notReported, mdm.Value(mdm.Record{}, mdm.KeyLink))
	assert.Equal(t, mdm.LinkUnknown, mdm.Record{}.LinkTarget)
	link, ok := mdm.Lookup(mdm.KeyLink)
	assert.True(t, ok)
	assert.Equal(t, mdm.TypeURL, link.Type)
}
