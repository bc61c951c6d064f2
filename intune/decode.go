package intune

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/intune/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// row is one device while it is read. Its texts stand in one piece of memory,
// and are one string in the end, of which the device's fields are parts.
type row struct {
	texts  []byte
	spans  [fieldsCount]span
	values [fieldsCount]bool  // of properties that are yes or no
	given  properties         // the property has a value that fits
	there  properties         // the property was there, even as null
	number [fieldsCount]int64 // of properties that are numbers
	nested [fieldsCount][]byte
	object bool
}

type span struct{ from, to int32 }

// scan reads the element at the begin of b and returns its length.
func (r *row) scan(b []byte) (int, error) {
	r.texts, r.given, r.there = r.texts[:0], 0, 0
	if r.object = b[0] == '{'; !r.object {
		return scanValue(b, 0)
	}
	return scanObject(b, 0, r.set)
}

// set keeps the value of a property. One of a wrong type is as if it were not
// there.
func (r *row) set(name, value []byte) {
	f, ok := fieldOf(name)
	if !ok {
		return
	}
	r.there |= 1 << f
	r.given &^= 1 << f
	switch f {
	case fRegistered, fSupervised, fEncrypted:
		var v json.Bool
		switch value[0] {
		case 't', 'f':
			v = json.Bool{Yes: value[0] == 't', Present: true}
		default:
			_ = json.Unmarshal(value, &v) // lenient: what makes no sense is not there
		}
		r.values[f] = v.Yes
		r.keep(f, v.Present)
	case fStorageTotal, fStorageFree, fMemory:
		n, err := strconv.ParseInt(string(value), 10, 64) // does not allocate
		if err != nil {
			var v json.Int
			_ = json.Unmarshal(value, &v)
			n = v.N
		}
		r.number[f] = n
		r.keep(f, n > 0)
	case fActions, fHardware:
		r.nested[f] = value
		r.keep(f, len(value) > 2 && value[0] != 'n')
	default:
		r.text(f, value)
	}
}

func (r *row) keep(f field, given bool) {
	if given {
		r.given |= 1 << f
	}
}

func (r *row) text(f field, value []byte) {
	from := len(r.texts)
	if value[0] == 'n' {
		return
	}
	if value[0] == '"' && plain(value) {
		r.texts = append(r.texts, trim(value[1:len(value)-1])...)
	} else {
		var v json.Text
		if json.Unmarshal(value, &v) != nil {
			return
		}
		r.texts = append(r.texts, strings.TrimSpace(v.Text)...)
	}
	r.spans[f] = span{int32(from), int32(len(r.texts))}
	r.keep(f, len(r.texts) > from)
}

// plain reports whether a string needs no second look: it is ASCII without
// escapes.
func plain(value []byte) bool {
	for _, c := range value {
		if c == '\\' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func trim(text []byte) []byte {
	for len(text) > 0 && text[0] <= ' ' {
		text = text[1:]
	}
	for len(text) > 0 && text[len(text)-1] <= ' ' {
		text = text[:len(text)-1]
	}
	return text
}

// device makes a device of what was read. It is nil without an id.
func (r *row) device() *Device {
	all := string(r.texts)
	text := func(f field) string {
		if !r.given.has(f) {
			return ""
		}
		return all[r.spans[f].from:r.spans[f].to]
	}
	if !r.object || text(fID) == "" {
		return nil
	}
	d := &Device{
		ID: text(fID), Name: text(fName), ManagementName: text(fManagementName), SerialNumber: text(fSerial), UDID: text(fUDID),
		OperatingSystem: text(fOperatingSystem), SecurityPatch: text(fSecurityPatch), Type: text(fType), Model: text(fModel),
		Manufacturer: text(fManufacturer), IMEI: text(fIMEI), MEID: text(fMEID), ICCID: text(fICCID), Carrier: text(fCarrier),
		UserName: text(fUserName), UserEmail: text(fUserEmail), Notes: text(fNotes),
		OwnerType: text(fOwnerType), ManagementState: text(fManagementState), ManagementAgent: text(fManagementAgent),
		EnrollmentType: text(fEnrollmentType), EnrollmentProfile: text(fEnrollmentProfile), RegistrationState: text(fRegistrationState),
		ComplianceState: text(fCompliance), JailBroken: text(fJailBroken), LostModeState: text(fLostMode), JoinType: text(fJoinType),
		DirectoryRegistered: r.flag(fRegistered), Supervised: r.flag(fSupervised), Encrypted: r.flag(fEncrypted),
		Enrolled: moment(text(fEnrolled)), LastSync: moment(text(fLastSync)), CertificateExpires: moment(text(fCertificateExpires)),
		reported: r.there,
	}
	d.ID = lower(d.ID)
	d.StorageTotal, d.StorageFree, d.Memory = r.amount(fStorageTotal), r.amount(fStorageFree), r.amount(fMemory)
	d.OSVersion, d.OSBuild = splitVersion(text(fOSVersion), d.OperatingSystem)
	d.setIdentifiers(text(fDirectoryID), text(fUserID), text(fUserLogin), text(fPhone), text(fCategory))
	d.WiFiMAC, d.EthernetMAC = colons(text(fWiFiMAC)), colons(text(fEthernetMAC))
	if r.given.has(fActions) {
		d.Actions = newActions(r.nested[fActions])
	}
	if r.given.has(fHardware) {
		d.addHardware(r.nested[fHardware])
	}
	d.settle()
	return d
}

// settle drops what repeats something else.
//
// Source: reference/intune.md 9
func (d *Device) settle() {
	if d.EthernetMAC == d.WiFiMAC {
		d.EthernetMAC = ""
	}
	if len(d.IMEI) == 15 && strings.HasPrefix(d.IMEI, d.MEID) && len(d.MEID) == 14 {
		d.MEID = ""
	}
	if d.IMEI == "0" {
		d.IMEI = ""
	}
	d.ICCID = strings.TrimRight(strings.ReplaceAll(d.ICCID, " ", ""), "Ff")
	if d.StorageFree > d.StorageTotal {
		d.StorageFree = 0
	}
}

func (r *row) flag(f field) mdm.Flag {
	switch {
	case !r.given.has(f):
		return mdm.Unknown
	case r.values[f]:
		return mdm.Yes
	}
	return mdm.No
}

func (r *row) amount(f field) int64 {
	if !r.given.has(f) {
		return 0
	}
	return r.number[f]
}

const zeroGUID = "00000000-0000-0000-0000-000000000000"

// setIdentifiers keeps what identifies something, and drops the service's
// words for nothing.
//
// Source: reference/intune.md 2.2, 3.1, 9
func (d *Device) setIdentifiers(directory, user, login, phone, category string) {
	if directory = lower(directory); directory != zeroGUID && (directory != d.ID || d.DirectoryRegistered == mdm.Yes) {
		d.DirectoryID = directory
	}
	if user = lower(user); user != zeroGUID {
		d.UserID = user
	}
	d.UserLogin = withoutPrefix(login)
	if !strings.Contains(phone, "*") {
		d.PhoneNumber = phone
	}
	if !strings.EqualFold(category, "unknown") {
		d.Category = category
	}
}

// addHardware adds what only reading a single device tells. Its defaults say
// nothing: they never replace what is known.
//
// Source: reference/intune.md 3.3
func (d *Device) addHardware(value []byte) {
	var w wire.Hardware
	if json.Unmarshal(value, &w) != nil {
		return
	}
	d.ModelID, d.EID, d.HostName = clean(w.ProductName), clean(w.EID), clean(w.HostName)
	d.IPv4 = clean(w.IPv4)
	d.WiredIPs = json.Texts(w.WiredIPs)
	if d.SerialNumber == "" {
		d.SerialNumber = clean(w.Serial)
	}
	if d.WiFiMAC == "" {
		d.WiFiMAC = colons(clean(w.WiFiMAC))
	}
	if d.OSBuild == "" {
		d.OSBuild = clean(w.OSBuild)
	}
	if d.StorageTotal == 0 && w.TotalStorage.N > 0 {
		d.StorageTotal, d.StorageFree = w.TotalStorage.N, max(0, w.FreeStorage.N)
	}
	if b := w.Battery.N; b >= 1 && b <= 100 {
		d.Battery = int(b)
	}
}
