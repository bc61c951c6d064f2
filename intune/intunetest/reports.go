package intunetest

import "strings"

// report is a kind of export.
type report struct {
	name    string
	needs   string // a column that the filter has to name
	columns []column
	rows    func(*Fake) []map[string]any // by column name
}

// column is one column of a report.
type column struct {
	name, alias string
	heading     string // "" = the name
	old         string // heading of earlier times; "" = the same
	filters     bool
	asked       bool // comes only if it is selected
}

func (r *report) column(name string) *column {
	for i := range r.columns {
		if c := &r.columns[i]; strings.EqualFold(c.name, name) || c.alias != "" && strings.EqualFold(c.alias, name) {
			return c
		}
	}
	return nil
}

// heading is what a column is called in the file.
func (r *report) heading(name string, old bool) string {
	switch c := r.column(name); {
	case old && c.old != "":
		return c.old
	case c.heading != "":
		return c.heading
	default:
		return c.name
	}
}

// test reads a filter, which does not accept aliases; nil = there is none.
func (r *report) test(filter string) (test, error) {
	if filter == "" {
		return nil, nil
	}
	p := &filterParser{allowed: func(name string) (ops, bool) {
		for _, c := range r.columns {
			if c.name == name && c.filters {
				return opEq | opNe | opLt | opContains, true
			}
		}
		return 0, false
	}}
	t := p.parse(filter)
	return t, p.err
}

// plain makes columns whose headings are their names.
func plain(names string) []column {
	var list []column
	for name := range strings.FieldsSeq(names) {
		list = append(list, column{name: name})
	}
	return list
}

func reportNamed(name string) *report {
	switch name {
	case "DevicesWithInventory":
		return &report{name: name, columns: inventoryColumns(), rows: (*Fake).inventoryRows}
	case "Devices":
		return &report{name: name, columns: deviceColumns(), rows: (*Fake).inventoryRows}
	case "AppInvRawData":
		return &report{name: name, columns: rawColumns(), rows: (*Fake).installRows}
	case "AppInvAggregate":
		return &report{name: name, columns: plain("ApplicationKey ApplicationName ApplicationPublisher ApplicationVersion DeviceCount Platform"), rows: (*Fake).appRows}
	case "AppInvByDevice":
		return &report{name: name, needs: "DeviceId", columns: rawColumns(), rows: (*Fake).installRows}
	case "DevicesByAppInv":
		return &report{name: name, needs: "ApplicationKey", columns: rawColumns(), rows: (*Fake).installRows}
	}
	return nil
}

func rawColumns() []column {
	list := plain(`ApplicationKey ApplicationName ApplicationPublisher ApplicationShortVersion ApplicationVersion DeviceId DeviceName
		OSDescription OSVersion Platform UserId EmailAddress UserName`)
	for i := range list {
		list[i].filters = list[i].name == "ApplicationKey" || list[i].name == "DeviceId" || list[i].name == "Platform"
	}
	return list
}

func inventoryColumns() []column {
	return []column{
		{name: "DeviceId", heading: "Device ID"}, {name: "DeviceName", heading: "Device name"},
		{name: "CreatedDate", heading: "Enrollment date", filters: true}, {name: "LastContact", heading: "Last check-in", filters: true},
		{name: "ReferenceId", heading: "Microsoft Entra Device ID", old: "Azure AD Device ID"}, {name: "OSVersion", heading: "OS version"},
		{name: "GraphDeviceIsManaged", heading: "Microsoft Entra registered", old: "Azure AD registered"}, {name: "EasID", heading: "EAS activation ID"},
		{name: "SerialNumber", heading: "Serial number"}, {name: "Manufacturer"}, {name: "Model"},
		{name: "EasActivationStatus", heading: "EAS activated"}, {name: "IMEI"}, {name: "EasLastSyncSuccessUtc", heading: "Last EAS sync time"},
		{name: "EasStateReason", heading: "EAS reason"}, {name: "EasAccessState", heading: "EAS status"},
		{name: "InGracePeriodUntil", heading: "Compliance grace period expiration"}, {name: "AndroidPatchLevel", heading: "Security patch level"},
		{name: "WifiMacAddress", heading: "Wi-Fi MAC"}, {name: "MEID"}, {name: "SubscriberCarrierNetwork", heading: "Subscriber carrier"},
		{name: "StorageTotal", heading: "Total storage"}, {name: "StorageFree", heading: "Free storage"},
		{name: "ManagedDeviceName", heading: "Management name"}, {name: "CategoryName", heading: "Category", filters: true}, {name: "UserId"},
		{name: "UPN", heading: "Primary user UPN"}, {name: "UserEmail", heading: "Primary user email address"},
		{name: "UserName", heading: "Primary user display name"}, {name: "WiFiIPv4Address"}, {name: "WiFiSubnetID"},
		{name: "CompliantState", alias: "ComplianceState", heading: "Compliance", filters: true}, {name: "ManagementAgent", heading: "Managed by"},
		{name: "OwnerType", heading: "Ownership", filters: true}, {name: "ManagementState", heading: "Device state", filters: true},
		{name: "DeviceRegistrationState", heading: "Intune registered"}, {name: "IsSupervised", heading: "Supervised"},
		{name: "IsEncrypted", heading: "Encrypted"}, {name: "DeviceType", alias: "OS", heading: "OS", filters: true}, {name: "SkuFamily"},
		{name: "JoinType"}, {name: "PhoneNumber", heading: "Phone number"}, {name: "JailBroken", heading: "Jailbroken", filters: true},
		{name: "ICCID"}, {name: "EthernetMAC"}, {name: "CellularTechnology"}, {name: "ProcessorArchitecture"}, {name: "EID"},
		{name: "EnrollmentType", asked: true, filters: true}, {name: "PartnerFeaturesBitmask", asked: true, filters: true},
		{name: "ManagementAgents", asked: true, filters: true}, {name: "CertExpirationDate", asked: true}, {name: "IsManaged", asked: true},
		{name: "SystemManagementBIOSVersion"}, {name: "TPMManufacturerId"}, {name: "TPMManufacturerVersion"},
	}
}

func deviceColumns() []column {
	list := plain(`AndroidPatchLevel CategoryId CategoryName CertExpirationDate ClientRegistrationStatus CompliantState CreatedDate
		DeviceEnrollmentType DeviceId DeviceName DeviceRegistrationState DeviceState DeviceType EasAccessState EasActivationStatus EasID
		EasLastSyncSuccessUtc EasStateReason EncryptionStatusString EnrolledByUser EnrollmentType GraphDeviceIsManaged HasUnlockToken IMEI
		InGracePeriodUntil IsManaged JailBroken JoinType LastContact LastLoggedOnUserUPN ManagedBy ManagedDeviceName ManagementAgents
		ManagementState Manufacturer MDMStatus MEID Model OS OSVersion Ownership OwnerType PhoneNumber PrimaryUser ReferenceId
		RetireAfterDatetime SerialNumber SkuFamily SkuNumber StorageFree StorageTotal SubscriberCarrierNetwork SupervisedStatusString UPN
		UserApprovedEnrollment UserEmail UserId UserName WifiMacAddress`)
	for i, c := range list {
		if known := (&report{columns: inventoryColumns()}).column(c.name); known != nil && known.name == c.name {
			list[i].filters = known.filters // the headings stay the names: what they are is not known
		}
	}
	return list
}
