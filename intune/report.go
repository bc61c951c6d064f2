package intune

import (
	"context"
	"strconv"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// deviceReport is the report that has what lists leave empty, for all devices
// at once.
//
// Source: reference/intune.md 2.4
const deviceReport = "DevicesWithInventory"

// The columns of the report, in the order in which they are asked for.
var deviceColumns = []string{
	"DeviceId", "DeviceName", "ManagedDeviceName", "SerialNumber", "ReferenceId", "GraphDeviceIsManaged", "DeviceType", "OSVersion",
	"AndroidPatchLevel", "Model", "Manufacturer", "IMEI", "MEID", "EID", "ICCID", "PhoneNumber", "SubscriberCarrierNetwork",
	"WifiMacAddress", "EthernetMAC", "WiFiIPv4Address", "StorageTotal", "StorageFree", "UserId", "UserName", "UPN", "UserEmail",
	"CategoryName", "OwnerType", "ManagementState", "ManagementAgent", "EnrollmentType", "DeviceRegistrationState", "CompliantState",
	"JailBroken", "JoinType", "IsSupervised", "IsEncrypted", "CreatedDate", "LastContact",
}

var deviceColumn = placed(deviceColumns)

func placed(columns []string) map[string]int {
	at := make(map[string]int, len(columns))
	for i, name := range columns {
		at[name] = i
	}
	return at
}

// reported makes a device of a row of the report; nil without an id.
//
// Unverified: the values of Ownership, the form of dates, and the unit of
// storage. Both forms of the first two are read, and the unit is told by the
// size: no device has less than 100 million bytes, or more than 100 million
// megabytes.
func (c *Client) reported(values []string) *Device {
	get := func(name string) string { return values[deviceColumn[name]] }
	d := &Device{ID: lower(get("DeviceId")), Name: get("DeviceName"), ManagementName: get("ManagedDeviceName"), SerialNumber: get("SerialNumber"),
		OperatingSystem: get("DeviceType"), SecurityPatch: get("AndroidPatchLevel"), Model: get("Model"), Manufacturer: get("Manufacturer"),
		IMEI: get("IMEI"), MEID: get("MEID"), EID: get("EID"), ICCID: get("ICCID"), Carrier: get("SubscriberCarrierNetwork"),
		WiFiMAC: colons(get("WifiMacAddress")), EthernetMAC: colons(get("EthernetMAC")), IPv4: get("WiFiIPv4Address"),
		UserName: get("UserName"), UserEmail: get("UserEmail"), OwnerType: ownerType(get("OwnerType")),
		ManagementState: get("ManagementState"), ManagementAgent: get("ManagementAgent"), EnrollmentType: get("EnrollmentType"),
		RegistrationState: get("DeviceRegistrationState"), ComplianceState: get("CompliantState"), JailBroken: get("JailBroken"),
		JoinType:            get("JoinType"),
		DirectoryRegistered: yesNo(get("GraphDeviceIsManaged"), "true", "false"),
		Supervised:          yesNo(get("IsSupervised"), "true", "false"), Encrypted: yesNo(get("IsEncrypted"), "true", "false"),
		StorageTotal: storage(get("StorageTotal")), StorageFree: storage(get("StorageFree")),
		Enrolled: reportTime(get("CreatedDate")), LastSync: reportTime(get("LastContact")),
	}
	if d.ID == "" {
		return nil
	}
	d.OSVersion, d.OSBuild = splitVersion(get("OSVersion"), d.OperatingSystem)
	d.setIdentifiers(get("ReferenceId"), get("UserId"), get("UPN"), get("PhoneNumber"), get("CategoryName"))
	d.settle()
	d.client = c
	return d
}

func ownerType(text string) string {
	switch lower(text) {
	case "1", "corporate":
		return "company"
	case "2":
		return "personal"
	}
	return text
}

func storage(text string) int64 {
	const largest = 100_000_000
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || n < 0:
		return 0
	case n < largest:
		return n << 20
	}
	return n
}

func reportTime(text string) time.Time {
	if t := moment(text); !t.IsZero() || text == "" {
		return t
	}
	t, err := time.Parse("2006-01-02 15:04:05.9999999", text)
	if err != nil {
		return time.Time{}
	}
	return moment(t.Format(time.RFC3339Nano))
}

// runReport reads the report in place of the list.
func (l *listing) runReport(ctx context.Context, visit func(batch) error) error {
	l.seen = map[guid]struct{}{}
	var b batch
	flush := func() error {
		done := b
		b = batch{}
		if err := ctx.Err(); err != nil {
			return err
		}
		return visit(done)
	}
	err := l.client.Report(ctx, deviceReport, deviceColumns, func(values []string) error {
		d := l.client.reported(values)
		switch {
		case d == nil:
			b.lost = append(b.lost, l.client.fail(opExport, mdm.ErrDecode, "a row of the report has no id"))
		case l.wanted(d):
			b.devices = append(b.devices, d)
		}
		if len(b.devices) < l.client.http.PageSize() {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	b.final = true
	return flush()
}
