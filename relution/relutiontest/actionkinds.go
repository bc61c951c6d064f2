package relutiontest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// actionKind is a type of action.
type actionKind struct {
	details    string   // the members of its details beside type, such as "message pin!"; ! = must be there
	modern     bool     // older servers do not have it
	platforms  []string // nil = all
	supervised bool     // Apple devices have to be supervised
}

// The platforms that some actions are for.
var (
	apple   = []string{"IOS", "MACOS", "TVOS", "VISIONOS", "WATCHOS"}
	mobile  = []string{"IOS", "ANDROID", "ANDROID_ENTERPRISE"}
	iosOnly = []string{"IOS"}
)

// actionKinds are those that something is known of. The server has more.
var actionKinds = map[string]actionKind{
	"REFRESH_DEVICE_INFO":         {},
	"PING":                        {},
	"LOCK":                        {details: "message phoneNumber pin"},
	"UNLOCK":                      {modern: true},
	"LOST_MODE_ENABLE":            {details: "message phoneNumber footnote email address organizationName", platforms: mobile, supervised: true},
	"LOST_MODE_DISABLE":           {platforms: mobile},
	"LOCATE_DEVICE":               {},
	"WIPE":                        {details: "pin preserveDataPlan disallowProximitySetup wipeReasonMessage subType wipeDataFlags"},
	"RETURN_TO_SERVICE":           {details: "wifiConfigurationId platform preserveDataPlan", modern: true, platforms: apple, supervised: true},
	"WITHDRAW":                    {details: "keepApp"},
	"REBOOT":                      {details: "notifyUser reason powerOff", supervised: true},
	"SHUTDOWN":                    {supervised: true},
	"RESET_PASSCODE":              {details: "notifyAdmin notifyUser newPassword resetPasswordFlags"},
	"CLEAR_RESTRICTIONS_PASSWORD": {platforms: iosOnly, supervised: true},
	"DEVICE_NAME":                 {details: "deviceName!", supervised: true},
	"MESSAGE":                     {details: "title content"},
	"UPDATE_OS":                   {details: "productKey productVersion mode maxUserDeferrals priority"},
	"LOG_OUT_USER":                {modern: true, platforms: apple},
	"DELETE_USER":                 {details: "userName deleteAllUsers forceDeletion", modern: true, platforms: apple},
	"ENABLE_REMOTE_DESKTOP":       {platforms: []string{"MACOS"}},
	"DISABLE_REMOTE_DESKTOP":      {platforms: []string{"MACOS"}},
	"PERSONAL_HOTSPOT":            {details: "enabled!", platforms: iosOnly},
	"BLUETOOTH":                   {details: "enabled!"},
	"ALERT":                       {details: "duration"},
}

// check compares details with what the type has. Their own type is the
// discriminator and equals the action's.
func (k actionKind) check(kind, platform string, details json.RawMessage) error {
	var members map[string]json.RawMessage
	if json.Unmarshal(details, &members) != nil || members == nil {
		return fmt.Errorf("action without details")
	}
	var discriminator string
	if json.Unmarshal(members["type"], &discriminator) != nil || discriminator != kind {
		return fmt.Errorf("details of the type %q for an action %s", discriminator, kind)
	}
	allowed := []string{"type"}
	for name := range strings.FieldsSeq(k.details) {
		plain, needed := strings.CutSuffix(name, "!")
		allowed = append(allowed, plain)
		if needed && members[plain] == nil {
			return fmt.Errorf("action %s without %q", kind, plain)
		}
	}
	for name := range members {
		if !slices.Contains(allowed, name) {
			return fmt.Errorf("action %s has no detail %q", kind, name)
		}
	}
	if err := checkDetails(kind, members); err != nil {
		return err
	}
	return checkPlatform(kind, platform, members)
}

// checkPlatform knows what is asked of one platform alone.
func checkPlatform(kind, platform string, members map[string]json.RawMessage) error {
	says := func(name string) bool {
		var text string
		return json.Unmarshal(members[name], &text) == nil && text != ""
	}
	enterprise := platform == "ANDROID_ENTERPRISE"
	switch {
	case kind == "LOST_MODE_ENABLE" && enterprise && !says("message") && !says("phoneNumber") && !says("email") && !says("address"):
		return fmt.Errorf("action %s for %s without message, phoneNumber, email or address", kind, platform)
	case kind == "RESET_PASSCODE" && !enterprise && (members["newPassword"] != nil || members["resetPasswordFlags"] != nil):
		return fmt.Errorf("action %s for %s has no new password", kind, platform)
	}
	return nil
}

// checkDetails knows what is said of single details.
func checkDetails(kind string, members map[string]json.RawMessage) error {
	for name, raw := range members {
		var ok bool
		switch name {
		case "preserveDataPlan", "disallowProximitySetup", "keepApp", "notifyUser", "notifyAdmin", "powerOff", "enabled",
			"deleteAllUsers", "forceDeletion":
			ok = fits[bool](raw)
		case "wipeDataFlags", "resetPasswordFlags":
			ok = fits[[]string](raw)
		case "duration", "maxUserDeferrals":
			ok = fits[int](raw)
		default:
			ok = fits[string](raw)
		}
		if !ok {
			return fmt.Errorf("detail %q of a wrong type", name)
		}
	}
	var pin string
	json.Unmarshal(members["pin"], &pin) // is text
	if kind == "WIPE" && pin != "" && (len(pin) != 6 || strings.Trim(pin, "0123456789") != "") {
		return fmt.Errorf("a PIN has six digits")
	}
	return oneOf(members)
}

// oneOf checks the words of enumerations.
func oneOf(members map[string]json.RawMessage) error {
	var words []string
	json.Unmarshal(members["wipeDataFlags"], &words) // is a list of texts
	var subType string
	json.Unmarshal(members["subType"], &subType) // is text
	if subType != "" && subType != "PERSIST_PROVISIONED_DATA" && subType != "PERSIST_USER_DATA" {
		return fmt.Errorf("unknown subType %q", subType)
	}
	for _, word := range words {
		if word != "PRESERVE_RESET_PROTECTION_DATA" && word != "WIPE_EXTERNAL_STORAGE" {
			return fmt.Errorf("unknown flag %q", word)
		}
	}
	return nil
}

// fits reports whether JSON is null or of a type.
func fits[T any](raw json.RawMessage) bool {
	var v *T
	return json.Unmarshal(raw, &v) == nil
}
