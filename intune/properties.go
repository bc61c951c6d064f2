package intune

import "strings"

// field is a property of a device in the service's JSON.
type field uint8

// The properties that are read.
const (
	fID field = iota
	fUserID
	fName
	fManagementName
	fOwnerType
	fManagementState
	fManagementAgent
	fEnrolled
	fLastSync
	fOperatingSystem
	fOSVersion
	fCompliance
	fJailBroken
	fEnrollmentType
	fRegistered
	fDirectoryID
	fRegistrationState
	fCategory
	fSupervised
	fEncrypted
	fUserLogin
	fUserName
	fUserEmail
	fModel
	fManufacturer
	fSerial
	fIMEI
	fMEID
	fPhone
	fWiFiMAC
	fCarrier
	fStorageTotal
	fStorageFree
	fEnrollmentProfile
	fSecurityPatch
	fCertificateExpires
	fActions
	fType // beta, from here on
	fLostMode
	fJoinType
	fUDID // single devices, from here on
	fICCID
	fEthernetMAC
	fMemory
	fNotes
	fHardware // beta
	fieldsCount
)

// properties is a set of properties.
type properties uint64

// inLists are the properties that lists fill.
const inLists properties = 1<<fUDID - 1

// neverInLists are the properties that lists answer with defaults, whatever
// the device has. They come with a single device if they are asked for.
//
// Source: reference/intune.md 2.2
var neverInLists = map[string]bool{
	names[fUDID]: true, names[fICCID]: true, names[fEthernetMAC]: true, names[fMemory]: true, names[fNotes]: true, names[fHardware]: true,
	"activationLockBypassCode": true, "remoteAssistanceSessionUrl": true, "remoteAssistanceSessionErrorDetails": true,
	"chromeOSDeviceInfo": true, "windowsActiveMalwareCount": true, "windowsRemediatedMalwareCount": true, "bootstrapTokenEscrowed": true,
	"chassisType": true, "roleScopeTagIds": true,
}

func (s properties) has(f field) bool { return s&(1<<f) != 0 }

// names are the properties as the service calls them. Lists and single
// devices ask for these and no others.
//
// Source: reference/intune.md 2.2, 2.6, 3
var names = [fieldsCount]string{
	fID: "id", fUserID: "userId", fName: "deviceName", fManagementName: "managedDeviceName", fOwnerType: "managedDeviceOwnerType",
	fManagementState: "managementState", fManagementAgent: "managementAgent", fEnrolled: "enrolledDateTime", fLastSync: "lastSyncDateTime",
	fOperatingSystem: "operatingSystem", fOSVersion: "osVersion", fCompliance: "complianceState", fJailBroken: "jailBroken",
	fEnrollmentType: "deviceEnrollmentType", fRegistered: "azureADRegistered", fDirectoryID: "azureADDeviceId",
	fRegistrationState: "deviceRegistrationState", fCategory: "deviceCategoryDisplayName", fSupervised: "isSupervised",
	fEncrypted: "isEncrypted", fUserLogin: "userPrincipalName", fUserName: "userDisplayName", fUserEmail: "emailAddress",
	fModel: "model", fManufacturer: "manufacturer", fSerial: "serialNumber", fIMEI: "imei", fMEID: "meid", fPhone: "phoneNumber",
	fWiFiMAC: "wiFiMacAddress", fCarrier: "subscriberCarrier", fStorageTotal: "totalStorageSpaceInBytes",
	fStorageFree: "freeStorageSpaceInBytes", fEnrollmentProfile: "enrollmentProfileName", fSecurityPatch: "androidSecurityPatchLevel",
	fCertificateExpires: "managementCertificateExpirationDate", fActions: "deviceActionResults",
	fType: "deviceType", fLostMode: "lostModeState", fJoinType: "joinType",
	fUDID: "udid", fICCID: "iccid", fEthernetMAC: "ethernetMacAddress", fMemory: "physicalMemoryInBytes", fNotes: "notes",
	fHardware: "hardwareInformation",
}

// fieldOf finds a property by its name. Most names of a full answer are not
// among them, and are told from the others by three of their letters.
func fieldOf(name []byte) (field, bool) {
	if len(name) < 2 {
		return 0, false
	}
	for _, f := range byLetters[letters(name[0], name[len(name)/2], name[len(name)-1], len(name))] {
		if string(name) == names[f] {
			return f, true
		}
	}
	return 0, false
}

func letters(first, middle, last byte, length int) uint8 {
	return first*7 + middle*13 + last*29 + uint8(length)*3
}

var byLetters = sorted()

func sorted() (table [256][]field) {
	for f := range fieldsCount {
		n := names[f]
		at := letters(n[0], n[len(n)/2], n[len(n)-1], len(n))
		table[at] = append(table[at], f)
	}
	return table
}

// selection is the $select of the properties from fID up to and without end.
func selection(end field) string { return strings.Join(names[:end], ",") }
