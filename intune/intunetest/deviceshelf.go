package intunetest

import (
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// view is a device as one request sees it. List and item are two projections:
// what is empty is "" in lists and null in items, and some properties come only
// if an item is asked for by their name.
type view struct {
	*device
	c       *call
	item    bool
	chosen  func(name string) bool // named in $select
	already bool                   // unknown enum members may be sent
}

// only gives a value if an item was asked for by its name, else the default.
func (v view) only(name string, value, otherwise any) any {
	if v.item && v.chosen(name) {
		return value
	}
	return otherwise
}

// empty writes a text: "" in lists, null in items if there is none.
func (v view) empty(s string) any {
	if s == "" && v.item {
		return nil
	}
	return s
}

// enum writes a member of an enumeration that v1.0 does not know.
func (v view) enum(word string, known ...string) string {
	if v.c.beta() || v.already || slices.Contains(known, word) {
		return word
	}
	return "unknownFutureValue"
}

// constant is a property with one value for all devices.
func constant(value any) func(view) any { return func(view) any { return value } }

// hidden is one that only items have, and only if asked for.
func hidden(name string, get func(view) any, otherwise any) property[view] {
	return property[view]{name: name, value: func(v view) any { return v.only(name, get(v), otherwise) }}
}

func onBeta(p property[view]) property[view] {
	p.beta = true
	return p
}

// deviceShelf has all properties of managedDevice.
func deviceShelf() *shelf[view] {
	list := slices.Concat(identity(), posture(), hardwareProperties(), rareProperties(), betaProperties())
	return &shelf[view]{"managedDevice", list}
}

func identity() []property[view] {
	return []property[view]{
		{name: "id", value: func(v view) any { return v.id }},
		{name: "userId", value: view.userID},
		{name: "deviceName", ops: opEq | opContains, value: func(v view) any { return v.Name }},
		{name: "managedDeviceName", value: func(v view) any { return v.managed }},
		{name: "managedDeviceOwnerType", value: view.ownerType},
		{name: "enrolledDateTime", ops: opLt, value: func(v view) any { return v.moment(v.Enrolled) }, exact: func(v view) any { return fine(v.Enrolled) }},
		{name: "lastSyncDateTime", ops: opLt, value: func(v view) any { return v.moment(v.LastSeen) }, exact: func(v view) any { return fine(v.LastSeen) }},
		{name: "operatingSystem", ops: opEq, value: view.system},
		{name: "osVersion", ops: opContains, value: view.systemVersion},
		{name: "azureADRegistered", value: func(v view) any { return v.registered }},
		{name: "azureADDeviceId", ops: opEq, value: func(v view) any { return orZero(v.directoryID) }},
		{name: "emailAddress", ops: opContains, value: func(v view) any { return v.empty(v.mail()) }},
		{name: "userPrincipalName", ops: opEq | opNe, value: func(v view) any { return v.empty(v.principal()) }},
		{name: "userDisplayName", value: func(v view) any { return v.empty(v.userName()) }},
		{name: "deviceCategoryDisplayName", ops: opEq, value: view.categoryName},
		{name: "model", ops: opEq | opContains, value: func(v view) any { return v.Model }},
		{name: "manufacturer", ops: opEq, value: func(v view) any { return v.maker() }},
		{name: "serialNumber", ops: opEq, value: func(v view) any { return v.reportedSerialOf() }},
		{name: "imei", ops: opEq, value: func(v view) any { return v.empty(v.sim().IMEI) }},
		{name: "meid", value: func(v view) any { return v.empty(v.meid()) }},
		{name: "phoneNumber", ops: opContains, value: func(v view) any { return v.empty(v.phone()) }},
		{name: "wiFiMacAddress", value: func(v view) any { return v.bareMAC(v.WiFiMAC) }},
		hidden("ethernetMacAddress", view.ethernet, nil),
		hidden("iccid", func(v view) any { return v.sim().ICCID }, nil),
		hidden("udid", view.udid, nil),
		hidden("notes", func(v view) any { return text(v.notes) }, nil),
	}
}

func posture() []property[view] {
	return []property[view]{
		{name: "complianceState", ops: opEq, value: view.compliance},
		{name: "jailBroken", ops: opEq, value: view.jailBroken},
		{name: "managementAgent", ops: opEq, value: func(v view) any { return v.enum(v.agent, agents...) }},
		{name: "managementState", ops: opEq, value: func(v view) any { return v.state }},
		{name: "deviceEnrollmentType", value: func(v view) any { return v.enum(v.enrolment, enrolments...) }},
		{name: "deviceRegistrationState", value: view.registration},
		{name: "isSupervised", value: func(v view) any { return v.Supervised && v.Apple() }},
		{name: "isEncrypted", value: func(v view) any { return v.Encrypted && !v.android() }},
		{name: "complianceGracePeriodExpirationDateTime", ops: opLt, value: constant(forever)},
		{name: "managementCertificateExpirationDate", value: func(v view) any { return v.moment(v.certificateEnd()) }},
		{name: "enrollmentProfileName", value: func(v view) any { return text(v.Profile) }},
		{name: "partnerReportedThreatState", value: func(v view) any {
			if v.item {
				return "deactivated"
			}
			return "unknown"
		}},
		{name: "deviceActionResults", value: func(v view) any { return v.actionResults() }},
	}
}

func hardwareProperties() []property[view] {
	return []property[view]{
		{name: "totalStorageSpaceInBytes", value: func(v view) any { return v.Capacity }},
		{name: "freeStorageSpaceInBytes", value: func(v view) any { return v.Free }},
		hidden("physicalMemoryInBytes", view.memory, 0),
		{name: "androidSecurityPatchLevel", value: func(v view) any {
			if v.android() {
				return "2026-02-05"
			}
			return ""
		}},
		{name: "subscriberCarrier", value: func(v view) any { return v.sim().Carrier }},
	}
}

// rareProperties are those whose values no test needs to differ.
func rareProperties() []property[view] {
	return []property[view]{
		{name: "easActivated", value: constant(false)},
		{name: "easDeviceId", value: func(v view) any {
			if v.item || !v.Apple() {
				return nil
			}
			return "Appl" + v.Serial
		}},
		{name: "easActivationDateTime", value: constant(never)},
		{name: "exchangeLastSuccessfulSyncDateTime", value: constant(never)},
		{name: "exchangeAccessState", ops: opEq, value: constant("none")},
		{name: "exchangeAccessStateReason", value: constant("none")},
		{name: "configurationManagerClientEnabledFeatures", value: constant(nil)},
		{name: "deviceHealthAttestationState", value: constant(nil)},
		{name: "requireUserEnrollmentApproval", value: constant(nil)},
		hidden("activationLockBypassCode", func(v view) any {
			if v.Apple() && v.Supervised {
				return v.bypass
			}
			return nil
		}, nil),
		hidden("remoteAssistanceSessionUrl", constant(""), nil),
		hidden("remoteAssistanceSessionErrorDetails", constant(""), nil),
	}
}

func betaProperties() []property[view] {
	list := []property[view]{
		{name: "ownerType", value: view.ownerType},
		{name: "deviceType", value: view.deviceType},
		{name: "chassisType", value: view.chassis},
		{name: "lostModeState", value: func(v view) any {
			if v.lost {
				return "enabled"
			}
			return "disabled"
		}},
		{name: "joinType", value: view.join},
		{name: "processorArchitecture", value: view.processor},
		{name: "azureActiveDirectoryDeviceId", value: func(v view) any { return orZero(v.directoryID) }},
		{name: "aadRegistered", value: func(v view) any { return v.registered }},
		{name: "autopilotEnrolled", value: func(v view) any { return v.kind == Windows && v.index%2 == 0 }},
		{name: "usersLoggedOn", value: view.loggedOn},
		{name: "roleScopeTagIds", value: func(v view) any {
			if v.item {
				return []string{"0"}
			}
			return []string{}
		}},
		{name: "retireAfterDateTime", value: func(v view) any {
			if v.item {
				return forever
			}
			return never
		}},
		{name: "enrolledByUserPrincipalName", value: func(v view) any { return v.empty(v.upnOf()) }},
		{name: "skuFamily", ops: opIgnored, value: func(v view) any {
			if v.kind == Windows {
				return "Pro"
			}
			return ""
		}},
		{name: "skuNumber", value: constant(0)},
		{name: "securityPatchLevel", value: constant("")},
		{name: "preferMdmOverGroupPolicyAppliedDateTime", value: constant(never)},
		{name: "specificationVersion", value: constant("")},
		{name: "managementFeatures", value: constant("none")},
		{name: "configurationManagerClientHealthState", value: constant(nil)},
		{name: "configurationManagerClientInformation", value: constant(nil)},
		{name: "deviceFirmwareConfigurationInterfaceManaged", value: constant(false)},
		{name: "cloudPcRemoteActionResults", value: constant([]any{})},
		hidden("windowsActiveMalwareCount", constant(0), 0),
		hidden("windowsRemediatedMalwareCount", constant(0), 0),
		hidden("chromeOSDeviceInfo", constant([]any{}), []any{}),
		hidden("bootstrapTokenEscrowed", func(v view) any { return v.kind == Mac }, nil),
		{name: "hardwareInformation", value: view.hardware},
	}
	for i := range list {
		list[i] = onBeta(list[i])
	}
	return list
}

var (
	agents = strings.Fields(`eas mdm easMdm intuneClient easIntuneClient configurationManagerClient
		configurationManagerClientMdm configurationManagerClientMdmEas unknown jamf googleCloudDevicePolicyController
		microsoft365ManagedMdm msSense`)
	enrolments = strings.Fields(`unknown userEnrollment deviceEnrollmentManager appleBulkWithUser appleBulkWithoutUser
		windowsAzureADJoin windowsBulkUserless windowsAutoEnrollment windowsBulkAzureDomainJoin windowsCoManagement
		windowsAzureADJoinUsingDeviceAuth appleUserEnrollment appleUserEnrollmentWithServiceAccount`)
)

func orZero(id string) string {
	if id == "" {
		return zeroGUID
	}
	return id
}

// sim is the first slot; only that one is reported.
func (d *device) sim() fleet.SIM {
	if len(d.SIMs) == 0 {
		return fleet.SIM{}
	}
	return d.SIMs[0]
}

func (d *device) android() bool {
	return of(AndroidFully, AndroidDedicated, AndroidCorporate, AndroidPersonal, AndroidOpenSource).has(d.kind)
}
