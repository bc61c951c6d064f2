package jamfprotest

// commandKind is one word for commandType.
type commandKind struct {
	since version
	until version // the first release without it; zero = none
	// fields has "name:type", with * behind it if it is required. Types: s a
	// text, b a bool, n a number, a an array, o an object.
	fields string
	// The privileges beside those of all commands. Nil means that the command
	// is not for this kind of device.
	computer, mobile []string
}

// free is for a command that needs no privilege of its own.
var free = []string{}

var lostModeRight = []string{"Send Mobile Device Lost Mode Command"}

// commandKinds are all that can be sent.
var commandKinds = map[string]commandKind{
	"DEVICE_LOCK": {r117, none, "message:s phoneNumber:s pin:s",
		[]string{"Send Computer Remote Lock Command"}, []string{"Send Mobile Device Remote Lock Command"}},
	"ERASE_DEVICE": {none, none, "preserveDataPlan:b disallowProximitySetup:b pin:s obliterationBehavior:s returnToService:o",
		[]string{"Send Computer Remote Wipe Command"}, []string{"Send Mobile Device Remote Wipe Command"}},
	"CLEAR_PASSCODE": {r1123, none, "unlockToken:s*", nil, []string{"Send Mobile Device Remove Passcode Command"}},
	"CLEAR_RESTRICTIONS_PASSWORD": {r117, none, "", nil,
		[]string{"Send Mobile Device Remove Restrictions Password Command"}},
	"RESTART_DEVICE": {none, none, "rebuildKernelCache:b kextPaths:a notifyUser:b",
		[]string{"Send Computer Restart Command"}, []string{"Send Mobile Device Restart Device Command"}},
	"SHUT_DOWN_DEVICE":     {none, none, "", []string{"Send Computer Shut Down Command"}, []string{"Send Mobile Device Shut Down Command"}},
	"ENABLE_LOST_MODE":     {none, none, "lostModeMessage:s lostModePhone:s lostModeFootnote:s", nil, lostModeRight},
	"DISABLE_LOST_MODE":    {r1123, none, "", nil, lostModeRight},
	"PLAY_LOST_MODE_SOUND": {r1123, none, "", nil, lostModeRight},
	"DEVICE_LOCATION":      {r1123, none, "", nil, lostModeRight},
	"DEVICE_INFORMATION": {r117, none, "queries:a*", []string{"Send Device Information Command"},
		[]string{"Send Device Information Command", "Send Inventory Requests to Mobile Devices"}},
	"SECURITY_INFO":              {r1123, none, "", free, free},
	"CERTIFICATE_LIST":           {r1123, none, "", free, free},
	"MANAGED_MEDIA_LIST":         {r1123, none, "", free, free},
	"VALIDATE_APPLICATIONS":      {r1123, none, "", free, free},
	"INSTALLED_APPLICATION_LIST": {r1123, none, "identifiers:a managedAppsOnly:b items:a", free, free},
	"MANAGED_APPLICATION_LIST":   {r1123, none, "identifiers:a", free, free},
	"PROFILE_LIST":               {r1123, none, "managedOnly:b", free, free},
	"PROVISIONING_PROFILE_LIST":  {r1123, none, "managedOnly:b", free, free},
	"SETTINGS": {none, none, "deviceName:s bluetooth:b timeZone:s appAnalytics:s diagnosticSubmission:s dataRoaming:s voiceRoaming:s " +
		"personalHotspot:s maximumResidentUsers:n passcodeLockGracePeriod:n sharedDeviceConfiguration:o applicationAttributes:o " +
		"applicationConfiguration:o softwareUpdateSettings:o defaultApplications:o activationLockAllowedWhileSupervised:b",
		free, free}, // see settingsRights
	"DELETE_USER": {none, none, "userName:s forceDeletion:b deleteAllUsers:b",
		[]string{"Send Computer Delete User Account Command"}, free},
	"LOG_OUT_USER":            {none, none, "", free, free},
	"UNLOCK_USER_ACCOUNT":     {r1123, none, "userName:s", []string{"Send Computer Unlock User Account Command"}, nil},
	"SET_RECOVERY_LOCK":       {none, none, "newPassword:s", []string{"Send Set Recovery Lock Command"}, nil},
	"VERIFY_RECOVERY_LOCK":    {r1128, none, "password:s", []string{"Send Verify Recovery Lock Command"}, nil},
	"VALIDATE_RECOVERY_LOCK":  {r1123, r1128, "password:s", []string{"Send Verify Recovery Lock Command"}, nil}, // its older name
	"SET_AUTO_ADMIN_PASSWORD": {none, none, "guid:s password:s", free, nil},
	"REFRESH_CELLULAR_PLANS":  {r1123, none, "esimServerUrl:s*", nil, []string{"Send Mobile Device Refresh Cellular Plans Command"}},
	"REQUEST_MIRRORING":       {r1123, none, "destinationDeviceId:s destinationName:s password:s scanTime:n", free, free},
	"STOP_MIRRORING":          {r1123, none, "", free, free},
	"ENABLE_REMOTE_DESKTOP":   {r1123, none, "", []string{"Send Computer Remote Desktop Command"}, nil},
	"DISABLE_REMOTE_DESKTOP":  {r1123, none, "", []string{"Send Computer Remote Desktop Command"}, nil},
	"DECLARATIVE_MANAGEMENT": {none, none, "data:s",
		[]string{"Send Declarative Management Command"}, []string{"Send Declarative Management Command"}},
	"APPLY_REDEMPTION_CODE":           {r1123, none, "identifier:s redemptionCode:s", free, free},
	"TRIGGER_ENHANCED_LOG_COLLECTION": {r1123, none, "appleCareToken:s*", free, free},
	"CANCEL_ENHANCED_LOG_COLLECTION":  {r1123, none, "", free, free},
}

// settingsRights has the privileges for members of SETTINGS on mobile devices; any
// other member needs the last one.
var settingsRights = map[string]string{
	"deviceName":      "Send Mobile Device Set Device Name Command",
	"bluetooth":       "Send Mobile Device Bluetooth Command",
	"personalHotspot": "Send Mobile Device Personal Hotspot Command",
	"":                "Send Mobile Device Managed Settings Command",
}

const computerBluetooth = "Send Computer Bluetooth Command"
