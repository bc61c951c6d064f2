package intunetest

import (
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// moment writes a time: with whole seconds in lists, with fractions in items.
func (v view) moment(t time.Time) any {
	if v.item {
		return fine(t)
	}
	return stamp(t)
}

// certificateEnd is a year after the enrolment.
func (d *device) certificateEnd() time.Time {
	if d.Enrolled.IsZero() {
		return time.Time{}
	}
	return d.Enrolled.AddDate(1, 0, 0)
}

func (v view) userID() any {
	switch {
	case v.user != nil:
		return v.user.id
	case v.item:
		return zeroGUID
	}
	return ""
}

func (d *device) mail() string {
	if d.user == nil {
		return ""
	}
	return d.user.mail
}

func (d *device) upnOf() string {
	if d.user == nil {
		return ""
	}
	return d.user.upn
}

// principal is the UPN, which Android Enterprise may put a GUID in front of.
func (d *device) principal() string {
	if d.user != nil && d.prefixed {
		return strings.ReplaceAll(d.user.id, "-", "") + d.user.upn
	}
	return d.upnOf()
}

func (d *device) userName() string {
	if d.user == nil {
		return ""
	}
	return d.user.person.Name()
}

func (v view) ownerType() any {
	if v.personal {
		return "personal"
	}
	return "company"
}

func (v view) categoryName() any {
	switch {
	case v.category != nil:
		return v.category.name
	case v.item:
		return ""
	}
	return "Unknown"
}

func (v view) system() any {
	switch v.kind {
	case IPad:
		if v.index%5 == 2 {
			return "iOS" // both are in use
		}
		return "iPadOS"
	case IOS:
		return "iOS"
	case Mac:
		return "macOS"
	case TV:
		return "tvOS"
	case Windows:
		return "Windows"
	case ChromeOS:
		return "ChromeOS"
	}
	return "Android"
}

// systemVersion has the build behind it on some devices of Apple.
func (v view) systemVersion() any {
	if v.Apple() && v.index%4 == 1 && v.OSVersion != "" {
		return v.OSVersion + " (24D70)"
	}
	return v.OSVersion
}

// maker writes some makers in capitals.
func (d *device) maker() string {
	if d.kind == Windows && d.index%2 == 0 {
		return strings.ToUpper(d.Manufacturer)
	}
	return d.Manufacturer
}

// reportedSerialOf is the serial, which personal Android devices hide.
func (d *device) reportedSerialOf() string {
	if d.kind == AndroidPersonal {
		return ""
	}
	return d.reportedSerial
}

// meid is that of an iPhone: its IMEI without the check digit.
func (d *device) meid() string {
	if imei := d.sim().IMEI; (d.kind == IOS || d.kind == IPad) && len(imei) == 15 {
		return imei[:14]
	}
	return ""
}

// phone is masked on personal devices.
func (d *device) phone() string {
	phone := d.sim().Phone
	if d.personal && len(phone) > 4 {
		return "******" + phone[len(phone)-4:]
	}
	return phone
}

// bareMAC writes an address without separators, in capitals on some devices.
func (d *device) bareMAC(mac string) string {
	mac = strings.ReplaceAll(mac, ":", "")
	if d.index%2 == 1 {
		return strings.ToUpper(mac)
	}
	return mac
}

// ethernet is the Wi-Fi address again on a Mac without a socket.
func (v view) ethernet() any {
	switch {
	case len(v.EthernetMACs) > 0:
		return v.bareMAC(v.EthernetMACs[0])
	case v.kind == Mac:
		return v.bareMAC(v.WiFiMAC)
	}
	return nil
}

func (v view) udid() any {
	if v.Apple() {
		return v.UDID
	}
	return ""
}

func (v view) compliance() any {
	return []string{"compliant", "compliant", "noncompliant", "compliant", "inGracePeriod", "compliant", "unknown"}[v.index%7]
}

func (v view) jailBroken() any {
	if of(IOS, IPad).has(v.kind) || v.android() {
		return "False"
	}
	return "Unknown"
}

func (v view) registration() any {
	if v.registered != nil && !*v.registered {
		return "notRegistered"
	}
	return "registered"
}

// memory is reported by Windows only.
func (v view) memory() any {
	if v.kind == Windows {
		return int64(8<<30) << (v.index % 2)
	}
	return 0
}

func (v view) deviceType() any {
	switch v.kind {
	case IOS:
		return "iPhone"
	case IPad:
		return "iPad"
	case Mac:
		return "macMDM"
	case TV:
		return "tvOS"
	case Windows:
		return "windowsRT"
	case ChromeOS:
		return "chromeOS"
	}
	return "androidEnterprise"
}

func (v view) chassis() any {
	if !v.item {
		return "unknown"
	}
	switch v.Class {
	case fleet.Tablet:
		return "tablet"
	case fleet.Phone:
		return "phone"
	case fleet.Laptop:
		return "laptop"
	case fleet.Desktop:
		return "desktop"
	}
	return "unknown"
}

func (v view) join() any {
	switch {
	case v.hybrid:
		return "hybridAzureADJoined"
	case v.kind == Windows:
		return "azureADJoined"
	case v.registered != nil && *v.registered:
		return "azureADRegistered"
	}
	return "unknown"
}

func (v view) processor() any {
	switch v.kind {
	case Windows:
		return "x64"
	case Mac:
		return "arM64"
	}
	return "unknown"
}

func (v view) loggedOn() any {
	if v.kind == Windows && v.user != nil {
		return []object{{{"userId", v.user.id}, {"lastLogOnDateTime", stamp(v.LastSeen)}}}
	}
	return []any{}
}
