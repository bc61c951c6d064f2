package ade

import (
	"encoding/json"

	"github.com/mdmlink/mdmlink/mdm"
)

// Profile is an enrolment profile in Apple's members: how a device enrols at
// its first start, and what is shown while it does. Marshalled, it is what a
// SavedProfile holds as its draft and what DefineProfile sends; CheckProfile
// says what is wrong with it. "", nil and mdm.Unknown leave a member out, so
// that Apple's default holds.
//
// There is no member for the organisation: a device shows that of the portal.
// URL and the two lists of certificates come from a ServerConfig where a draft
// is published through a Registry.
//
// Source: reference/apple.md 4.6
type Profile struct {
	Name       string `json:"profile_name,omitzero"`          // required; at most 125 characters
	URL        string `json:"url,omitzero"`                   // required; https address where devices enrol, at most 2000 characters
	WebURL     string `json:"configuration_web_url,omitzero"` // https address of a sign-in page before the enrolment
	Magic      string `json:"org_magic,omitzero"`             // at most 256 characters
	Department string `json:"department,omitzero"`            // at most 125 characters
	Phone      string `json:"support_phone_number,omitzero"`  // at most 50 characters
	Email      string `json:"support_email_address,omitzero"` // at most 250 characters

	// Removable says whether the user may remove the enrolment; Apple's
	// default is yes. No needs Supervised Yes.
	Removable  mdm.Flag `json:"-"`
	Supervised mdm.Flag `json:"-"` // default no; ignored since iOS 13, where it always is yes
	Mandatory  mdm.Flag `json:"-"` // default no; ignored since iOS 13, where it always is yes
	Pairing    mdm.Flag `json:"-"` // default yes; the device may pair with computers; deprecated since iOS 13

	AwaitConfigured   mdm.Flag `json:"-"` // default no; set-up waits for the device management
	AutoAdvance       mdm.Flag `json:"-"` // default no; set-up goes on by itself
	MultiUser         mdm.Flag `json:"-"` // default no; shared iPad
	ReturnToService   mdm.Flag `json:"-"` // default no; system version 26 and later
	WithoutBackupCopy mdm.Flag `json:"-"` // default no; the profile of a backup is not used; system version 26 and later

	AnchorCerts          [][]byte `json:"anchor_certs,omitempty"`           // to trust when reaching URL, in DER
	SupervisingHostCerts [][]byte `json:"supervising_host_certs,omitempty"` // of computers that may pair, in DER
	SkipItems            []string `json:"skip_setup_items,omitempty"`       // screens of the set-up that are left out; see SkipItems
	Language             string   `json:"language,omitzero"`                // two or three letters
	Region               string   `json:"region,omitzero"`                  // two letters

	UUID string `json:"-"` // that Apple gave it; only in what was read
}

// flags pairs members with the fields that hold them.
func (p *Profile) flags() map[string]*mdm.Flag {
	return map[string]*mdm.Flag{
		"is_mdm_removable": &p.Removable, "is_supervised": &p.Supervised, "is_mandatory": &p.Mandatory, "allow_pairing": &p.Pairing,
		"await_device_configured": &p.AwaitConfigured, "auto_advance_setup": &p.AutoAdvance, "is_multi_user": &p.MultiUser,
		"is_return_to_service": &p.ReturnToService, "do_not_use_profile_from_backup": &p.WithoutBackupCopy,
	}
}

type profileMembers Profile

// MarshalJSON writes the profile with Apple's members.
func (p Profile) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(profileMembers(p))
	if err != nil {
		return nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, err
	}
	for name, flag := range p.flags() {
		switch *flag {
		case mdm.Yes:
			members[name] = json.RawMessage("true")
		case mdm.No:
			members[name] = json.RawMessage("false") // left out, it would often mean yes
		}
	}
	return json.Marshal(members)
}

// UnmarshalJSON reads a profile with Apple's members. Members that are not
// known here are left out.
func (p *Profile) UnmarshalJSON(text []byte) error {
	var read profileMembers
	if err := json.Unmarshal(text, &read); err != nil {
		return err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return err
	}
	*p = Profile(read)
	for name, flag := range p.flags() {
		var yes *bool
		if raw, ok := members[name]; ok && json.Unmarshal(raw, &yes) == nil && yes != nil {
			*flag = mdm.FlagOf(*yes)
		}
	}
	if raw, ok := members["profile_uuid"]; ok {
		var uuid string
		if json.Unmarshal(raw, &uuid) == nil {
			p.UUID = NormaliseUUID(uuid)
		}
	}
	return nil
}

// SkipItems are the screens of the set-up that Apple has named so far. The
// list grows each year, and other names are sent as they are.
//
// Source: reference/apple.md 4.6
func SkipItems() []string {
	return []string{"Accessibility", "AccessibilityAppearance", "ActionButton", "AdditionalPrivacySettings", "Android", "Appearance",
		"AppleID", "AppStore", "Biometric", "CameraButton", "DeviceToDeviceMigration", "Diagnostics", "DisplayTone", "EnableLockdownMode",
		"FileVault", "HomeButtonSensitivity", "iCloudDiagnostics", "iCloudStorage", "iMessageAndFaceTime", "Intelligence", "Keyboard",
		"LiquidGlass", "Location", "MessagingActivationUsingPhoneNumber", "Multitasking", "OnBoarding", "OSShowcase", "Passcode", "Payment",
		"Privacy", "Registration", "Restore", "RestoreCompleted", "Safety", "SafetyAndHandling", "ScreenSaver", "ScreenTime", "SIMSetup",
		"Siri", "SoftwareUpdate", "SpokenLanguage", "TapToSetup", "TermsOfAddress", "Tips", "TOS", "TVHomeScreenSync", "TVProviderSignIn",
		"TVRoom", "UnlockWithWatch", "UpdateCompleted", "Wallpaper", "WatchMigration", "WebContentFiltering", "Welcome", "Zoom"}
}
