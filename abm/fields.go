package abm

import (
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/mdmlink/mdmlink/mdm"
)

// deviceFields are the attributes of a device, and the keys of mdm that need
// them. Those without keys are asked for only with all others.
//
// Source: reference/apple.md 8.2
var deviceFields = []struct {
	name string
	keys mdm.Keys
}{
	{"serialNumber", mdm.Keys{mdm.KeySerial, mdm.KeyLink}},
	{"productFamily", mdm.Keys{mdm.KeyClass, mdm.KeyPlatform, mdm.KeyPlatformText}},
	{"addedToOrgDateTime", mdm.Keys{mdm.KeyAdded}},
	{"releasedFromOrgDateTime", mdm.Keys{mdm.KeyReleased, mdm.KeyStatus}},
	{"deviceModel", mdm.Keys{mdm.KeyModel}},
	{"productType", mdm.Keys{mdm.KeyModelID}},
	{"deviceCapacity", mdm.Keys{mdm.KeyStorageTotal}},
	{"partNumber", mdm.Keys{mdm.KeyPartNumber}},
	{"orderNumber", mdm.Keys{mdm.KeyPurchaseOrder}},
	{"color", mdm.Keys{mdm.KeyColour}},
	{"status", mdm.Keys{mdm.KeyCustom, mdm.CustomKey(CustomAssignment)}},
	{"orderDateTime", mdm.Keys{mdm.KeyPurchaseDate}},
	{"imei", mdm.Keys{mdm.KeyIMEI}},
	{"meid", mdm.Keys{mdm.KeyMEID}},
	{"eid", mdm.Keys{mdm.KeyEID}},
	{"wifiMacAddress", mdm.Keys{mdm.KeyMAC, mdm.KeyMACWiFi, mdm.KeyAdapter}},
	{"bluetoothMacAddress", mdm.Keys{mdm.KeyMACBluetooth, mdm.KeyAdapter}},
	{"ethernetMacAddress", mdm.Keys{mdm.KeyMAC, mdm.KeyMACEthernet, mdm.KeyAdapter}},
	{"purchaseSourceId", mdm.Keys{mdm.KeyPurchaseVendor}},
	{"purchaseSourceType", mdm.Keys{mdm.KeyPurchaseVendor, mdm.KeyPurchaseOrder, mdm.KeyPurchaseDate, mdm.KeyEnrolmentSource}},
	{"mdmMigrationStatus", mdm.Keys{mdm.KeyCustom, mdm.CustomKey(CustomMigration)}},
	{"mdmMigrationDeadlineDateTime", mdm.Keys{mdm.KeyCustom, mdm.CustomKey(CustomDeadline)}},
}

// fieldsFor returns the attributes that a listing needs; none = all. Serial
// number and product line are always asked for.
func fieldsFor(want mdm.Keys) []string {
	if len(want) == 0 || len(want.Raw()) > 0 {
		return nil
	}
	var fields []string
	for i, f := range deviceFields {
		if i < 2 || want.HasAny(f.keys...) {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// refusedFields are attributes that Apple refused to give, by the type of the
// object. The zero value is empty.
type refusedFields struct {
	mu    sync.Mutex
	names map[string][]string
}

func (r *refusedFields) add(resource, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.names == nil {
		r.names = map[string][]string{}
	}
	r.names[resource] = append(r.names[resource], name)
}

func (r *refusedFields) without(resource string, fields []string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	refused := r.names[resource]
	return slices.DeleteFunc(slices.Clone(fields), func(name string) bool { return slices.Contains(refused, name) })
}

// refusedField returns which of the attributes asked for Apple does not know,
// or "".
//
// Source: reference/apple.md 7.2
func refusedField(err error, fields []string) string {
	why, ok := errors.AsType[*complaint](err)
	if !ok {
		return ""
	}
	words := strings.FieldsFunc(why.detail, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
	if !strings.HasPrefix(why.parameter, "fields") && !strings.Contains(why.detail, "field name") {
		return ""
	}
	for _, name := range fields {
		if slices.Contains(words, name) {
			return name
		}
	}
	return ""
}
