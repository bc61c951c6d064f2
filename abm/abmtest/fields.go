package abmtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// fields are the attributes and relationships that a caller selected; nil =
// what comes by itself.
type fields map[string]bool

// catalogue lists what can be selected, by the type of the resource.
var catalogue = map[string][]string{
	"orgDevices": {
		"serialNumber", "addedToOrgDateTime", "releasedFromOrgDateTime", "updatedDateTime", "deviceModel", "productFamily",
		"productType", "deviceCapacity", "partNumber", "orderNumber", "color", "status", "orderDateTime", "imei", "meid", "eid",
		"wifiMacAddress", "bluetoothMacAddress", "ethernetMacAddress", "purchaseSourceId", "purchaseSourceType",
		"releaserEntityType", "releaserId", "isMdmMigrationCapable", "mdmMigrationStatus", "mdmMigrationDeadlineDateTime",
		"assignedServer", "appleCareCoverage",
	},
	"mdmServers": {
		"serverName", "serverType", "status", "deviceCount", "enableMdmDisownFlag", "defaultProductFamilies",
		"lastConnectedDateTime", "lastConnectedIp", "createdDateTime", "updatedDateTime", "devices",
	},
	"appleCareCoverage": {
		"status", "paymentType", "description", "startDateTime", "endDateTime", "isRenewable", "isCanceled",
		"contractCancelDateTime", "agreementNumber",
	},
	"orgDeviceActivities": {"status", "subStatus", "createdDateTime", "completedDateTime", "downloadUrl"},
	"mdmDevices":          {"deviceName", "enrolledUserId", "productFamily", "serialNumber"},
	"mdmDeviceDetails": {
		"deviceName", "serialNumber", "deviceModel", "platform", "osVersion", "lastCheckInDateTime", "storageTotalCapacity",
		"storageFreeCapacity", "imei", "meid", "wifiMacAddress", "bluetoothMacAddress", "ethernetMacAddress",
		"isFileVaultEnabled", "isFirewallEnabled", "deviceLockStatus", "deviceEraseStatus", "lostModeStatus",
	},
	"users": {
		"firstName", "middleName", "lastName", "status", "managedAppleAccount", "isExternalUser", "roleOuList", "email",
		"employeeNumber", "costCenter", "division", "department", "jobTitle", "startDateTime", "createdDateTime",
		"updatedDateTime", "phoneNumbers",
	},
	"userGroups":          {"ouId", "name", "type", "totalMemberCount", "status", "createdDateTime", "updatedDateTime"},
	"organizationalUnits": {"name", "createdDateTime", "updatedDateTime"},
	"auditEvents": append([]string{
		"eventDateTime", "type", "category", "actorType", "actorId", "actorName", "subjectType", "subjectId", "subjectName",
		"outcome", "groupId", "eventDataPropertyKey",
	}, eventDataKeys()...),
}

// choose reads the names of one fields parameter.
func (c *call) choose(kind, list string) *reply {
	c.fields = fields{}
	for name := range strings.SplitSeq(list, ",") {
		known := c.f.selectable(kind, name)
		refused := slices.Contains(c.f.wire.RefuseFields, name)
		if !known || refused {
			parameter := "fields[" + kind + "]"
			detail := fmt.Sprintf("'%s' is not a valid field name", name)
			if refused { // nobody can know it beforehand
				rep := c.fail(http.StatusBadRequest, "PARAMETER_ERROR.INVALID", "A parameter has an invalid value", detail, source{Parameter: parameter})
				return &rep
			}
			return c.badParameter(parameter, detail)
		}
		c.fields[name] = true
	}
	return nil
}

// selectable reports whether the version knows an attribute or relationship of
// a type. Types that nothing is known of have any.
func (f *Fake) selectable(kind, name string) bool {
	switch names := catalogue[kind]; {
	case names == nil:
		return true
	case !slices.Contains(names, name):
		return false
	case kind == "orgDevices":
		return f.knows(name)
	case kind == "mdmServers":
		return f.serverHas(name)
	}
	return true
}

// item is one resource.
type item struct {
	Type          string         `json:"type"`
	ID            string         `json:"id"`
	Attributes    map[string]any `json:"attributes,omitempty"`
	Relationships map[string]any `json:"relationships,omitempty"`
	Links         map[string]any `json:"links,omitempty"`
}

// trim leaves only what was selected.
func (c *call) trim(it item) item {
	if c.fields == nil {
		return it
	}
	for _, part := range []map[string]any{it.Attributes, it.Relationships} {
		for name := range part {
			if !c.fields[name] {
				delete(part, name)
			}
		}
	}
	return it
}

// document is the answer that holds one resource.
type document struct {
	Data  any            `json:"data"`
	Links map[string]any `json:"links"`
}

// one answers with a resource.
func (c *call) one(status int, it item) reply {
	self := c.address(it.Type + "/" + it.ID)
	return reply{status: status, body: document{c.trim(it), map[string]any{"self": self}}}
}
