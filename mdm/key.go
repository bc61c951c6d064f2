package mdm

import (
	"slices"
	"strings"
)

// Key names one attribute of a [Record], such as "os.version". The catalogue
// ([Catalogue]) lists them; "custom.<name>" names a field of the customer's
// own, and "raw:/json/pointer" a part of the vendor's answer.
type Key string

// Keys is a set of attributes. The zero Keys is empty; what an empty set
// means is said where it is used.
type Keys []Key

// CustomPrefix starts the key of a customer's own field, and RawPrefix that
// of a part of the vendor's answer, named by a JSON pointer (RFC 6901).
const (
	CustomPrefix = "custom."
	RawPrefix    = "raw:"
)

// The attributes of the catalogue.
const (
	KeySource            Key = "source"
	KeyClass             Key = "class"
	KeyPlatform          Key = "platform"
	KeyPlatformText      Key = "platform.text"
	KeyName              Key = "name"
	KeyHostName          Key = "host_name"
	KeySerial            Key = "serial"
	KeyUDID              Key = "udid"
	KeyManagementID      Key = "management_id"
	KeyDirectoryID       Key = "directory_id"
	KeyMAC               Key = "mac"
	KeyMACWiFi           Key = "mac.wifi"
	KeyMACEthernet       Key = "mac.ethernet"
	KeyMACBluetooth      Key = "mac.bluetooth"
	KeyAdapter           Key = "adapter"
	KeyIP                Key = "ip"
	KeyIMEI              Key = "imei"
	KeyMEID              Key = "meid"
	KeyEID               Key = "eid"
	KeySIMICCID          Key = "sim.iccid"
	KeySIMIMSI           Key = "sim.imsi"
	KeySIMPhone          Key = "sim.phone"
	KeySIMCarrier        Key = "sim.carrier"
	KeyManufacturer      Key = "manufacturer"
	KeyModel             Key = "model"
	KeyModelID           Key = "model.id"
	KeyPartNumber        Key = "part_number"
	KeyReplaces          Key = "replaces"
	KeyColour            Key = "colour"
	KeyOSName            Key = "os.name"
	KeyOSVersion         Key = "os.version"
	KeyOSBuild           Key = "os.build"
	KeyOSPatch           Key = "os.patch"
	KeyMemoryTotal       Key = "memory.total"
	KeyMemoryFree        Key = "memory.free"
	KeyStorageTotal      Key = "storage.total"
	KeyStorageFree       Key = "storage.free"
	KeyExternalTotal     Key = "external_storage.total"
	KeyExternalFree      Key = "external_storage.free"
	KeyBattery           Key = "battery"
	KeyManaged           Key = "managed"
	KeySupervised        Key = "supervised"
	KeyProfilePresent    Key = "profile_present"
	KeyPasscode          Key = "passcode"
	KeyPasscodeCompliant Key = "passcode.compliant"
	KeyEncrypted         Key = "encrypted"
	KeyCompliant         Key = "compliant"
	KeyJailbroken        Key = "jailbroken"
	KeyLostMode          Key = "lost_mode"
	KeyActivationLock    Key = "activation_lock"
	KeyOwnership         Key = "ownership"
	KeyEnrolmentMethod   Key = "enrolment.method"
	KeyEnrolmentAt       Key = "enrolment.at"
	KeyEnrolmentProfile  Key = "enrolment.profile"
	KeyEnrolmentSource   Key = "enrolment.source"
	KeyAdded             Key = "added"
	KeyReleased          Key = "released"
	KeyStatus            Key = "status"
	KeyLastSeen          Key = "last_seen"
	KeyUserID            Key = "user.id"
	KeyUserName          Key = "user.name"
	KeyUserLogin         Key = "user.login"
	KeyUserEmail         Key = "user.email"
	KeyGroups            Key = "groups"
	KeySiteID            Key = "site.id"
	KeySiteName          Key = "site.name"
	KeyDepartment        Key = "department"
	KeyBuilding          Key = "building"
	KeyRoom              Key = "room"
	KeyPurchaseDate      Key = "purchase.date"
	KeyWarrantyEnd       Key = "purchase.warranty_end"
	KeyPurchaseVendor    Key = "purchase.vendor"
	KeyPurchaseOrder     Key = "purchase.order"
	KeyPurchasePrice     Key = "purchase.price"
	KeyAssetTag          Key = "asset_tag"
	KeyNotes             Key = "notes"
	KeyLink              Key = "link"

	// KeyCustom stands for all of the customer's own fields in a set of keys.
	// It has no value of its own.
	KeyCustom Key = "custom"
)

// Has reports whether key is in the set.
func (k Keys) Has(key Key) bool { return slices.Contains(k, key) }

// HasAny reports whether one of keys is in the set.
func (k Keys) HasAny(keys ...Key) bool { return slices.ContainsFunc(keys, k.Has) }

// With returns the set with keys added, sorted and without repetition. The
// receiver is not changed.
func (k Keys) With(keys ...Key) Keys {
	all := append(slices.Clone(k), keys...)
	slices.Sort(all)
	return slices.Compact(all)
}

// Unknown returns those keys that no attribute, custom field or pointer into
// the vendor's answer can have, in the order given. A host checks a person's
// choice with it before saving.
func (k Keys) Unknown() Keys {
	var unknown Keys
	for _, key := range k {
		if _, ok := key.custom(); ok {
			continue
		}
		if _, ok := key.pointer(); ok {
			continue
		}
		if _, ok := Lookup(key); !ok && key != KeyCustom {
			unknown = append(unknown, key)
		}
	}
	return unknown
}

// Raw returns the keys that name parts of the vendor's answer. A source keeps
// that answer only if it is asked for some.
func (k Keys) Raw() Keys {
	var raw Keys
	for _, key := range k {
		if _, ok := key.pointer(); ok {
			raw = append(raw, key)
		}
	}
	return raw
}

// CustomKey returns the key of the customer's own field called name.
func CustomKey(name string) Key { return Key(CustomPrefix + name) }

func (k Key) custom() (name string, ok bool) {
	name, ok = strings.CutPrefix(string(k), CustomPrefix)
	return name, ok && name != ""
}

func (k Key) pointer() (pointer string, ok bool) {
	pointer, ok = strings.CutPrefix(string(k), RawPrefix)
	return pointer, ok && (pointer == "" || pointer[0] == '/')
}
