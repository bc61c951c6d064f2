package jamfprotest

// listedMobile is a mobile device in the short list.
type listedMobile struct {
	ID             string  `json:"id"`
	Name           *string `json:"name"`
	Serial         string  `json:"serialNumber"`
	WiFi           *string `json:"wifiMacAddress"`
	UDID           string  `json:"udid"`
	Phone          *string `json:"phoneNumber"`
	Model          string  `json:"model"`
	Identifier     *string `json:"modelIdentifier"`
	Username       *string `json:"username"`
	Type           string  `json:"type"`
	ManagementID   string  `json:"managementId"`
	UpdateDeviceID *string `json:"softwareUpdateDeviceId"`
}

// mobileBase is what every record in the list of details has.
type mobileBase struct {
	ID           string            `json:"mobileDeviceId"`
	Type         string            `json:"deviceType"`
	Hardware     *mobileHardware   `json:"hardware"`
	User         *mobileUser       `json:"userAndLocation"`
	Applications []mobileApp       `json:"applications"`
	Certificates []struct{}        `json:"certificates"`
	Profiles     []struct{}        `json:"profiles"`
	Groups       []mobileGroupRef  `json:"groups"`
	Attributes   []mobileAttribute `json:"extensionAttributes"`
}

// mobileIOS is an iPad or an iPhone.
type mobileIOS struct {
	mobileBase
	General       *generalIOS     `json:"general"`
	Purchasing    *mobilePurchase `json:"purchasing"`
	Security      *mobileSecurity `json:"security"`
	Network       *mobileNetwork  `json:"network"`
	Subscriptions []subscription  `json:"serviceSubscriptions"`
	EBooks        []struct{}      `json:"ebooks"`
	Provisioning  []struct{}      `json:"provisioningProfiles"`
	SharedUsers   []struct{}      `json:"sharedUsers"`
	UserProfiles  []struct{}      `json:"userProfiles"`
}

// mobileTV is an Apple TV.
type mobileTV struct {
	mobileBase
	General      *generalTV      `json:"general"`
	Purchasing   *mobilePurchase `json:"purchasing"`
	UserProfiles []struct{}      `json:"userProfiles"`
}

type mobileGeneral struct {
	UDID           string            `json:"udid"`
	Name           *string           `json:"displayName"`
	AssetTag       string            `json:"assetTag"`
	Site           *string           `json:"siteId"`
	Inventory      *string           `json:"lastInventoryUpdateDate"`
	*lastContact                     // since 11.30
	OSVersion      string            `json:"osVersion"`
	RapidResponse  string            `json:"osRapidSecurityResponse"`
	Build          string            `json:"osBuild"`
	Supplemental   string            `json:"osSupplementalBuildVersion"`
	UpdateDeviceID string            `json:"softwareUpdateDeviceId"`
	IP             string            `json:"ipAddress"`
	Managed        bool              `json:"managed"`
	Supervised     bool              `json:"supervised"`
	Ownership      string            `json:"deviceOwnershipType"`
	Prestage       *prestage         `json:"enrollmentMethodPrestage"`
	SessionToken   bool              `json:"enrollmentSessionTokenValid"`
	LastEnrolled   *string           `json:"lastEnrolledDate"`
	ProfileExpires *string           `json:"mdmProfileExpirationDate"`
	TimeZone       string            `json:"timeZone"`
	Declarative    bool              `json:"declarativeDeviceManagementEnabled"`
	*managementRef                   // not on old servers
	Attributes     []mobileAttribute `json:"extensionAttributes"`
}

type generalIOS struct {
	mobileGeneral
	SharedIPad       bool    `json:"sharedIpad"`
	ResidentUsers    *int    `json:"residentUsers"`
	Quota            *int    `json:"quotaSize"`
	SyncedToComputer int     `json:"syncedToComputer"`
	MaximumUsers     int     `json:"maximumSharediPadUsersStored"`
	CloudBackup      bool    `json:"cloudBackupEnabled"`
	LastBackup       *string `json:"lastBackupDate"`
	ExchangeID       string  `json:"exchangeDeviceId"`
	Tethered         *bool   `json:"tethered"`
}

type generalTV struct {
	mobileGeneral
	AirPlayPassword string `json:"airPlayPassword"`
	Languages       string `json:"languages"`
	Locales         string `json:"locales"`
}

type lastContact struct {
	Date *string `json:"lastContactDate"`
}

type managementRef struct {
	ID string `json:"managementId"`
}

type prestage struct {
	ID   string `json:"mobileDevicePrestageId"`
	Name string `json:"profileName"`
}

type mobileHardware struct {
	Capacity       *int64            `json:"capacityMb"`
	Free           *int64            `json:"availableSpaceMb"`
	Used           *int64            `json:"usedSpacePercentage"`
	Battery        int               `json:"batteryLevel"`
	*batteryHealth                   // not on old servers
	Serial         string            `json:"serialNumber"`
	WiFi           string            `json:"wifiMacAddress"`
	Bluetooth      string            `json:"bluetoothMacAddress"`
	Modem          string            `json:"modemFirmwareVersion"`
	Model          string            `json:"model"`
	Identifier     string            `json:"modelIdentifier"`
	Number         string            `json:"modelNumber"`
	BLE            bool              `json:"bluetoothLowEnergyCapable"`
	DeviceID       string            `json:"deviceId"`
	Attributes     []mobileAttribute `json:"extensionAttributes"`
}

type mobileUser struct {
	Username     string            `json:"username"`
	RealName     string            `json:"realName"`
	Email        string            `json:"emailAddress"`
	Position     string            `json:"position"`
	Phone        string            `json:"phoneNumber"`
	DepartmentID *string           `json:"departmentId"`
	BuildingID   *string           `json:"buildingId"`
	Room         string            `json:"room"`
	Building     string            `json:"building"`
	Department   string            `json:"department"`
	Attributes   []mobileAttribute `json:"extensionAttributes"`
}

type mobileNetwork struct {
	Technology      string `json:"cellularTechnology"`
	VoiceRoaming    bool   `json:"voiceRoamingEnabled"`
	IMEI            string `json:"imei"`
	ICCID           string `json:"iccid"`
	MEID            string `json:"meid"`
	EID             string `json:"eid"`
	CarrierSettings string `json:"carrierSettingsVersion"`
	CurrentCarrier  string `json:"currentCarrierNetwork"`
	CurrentCountry  string `json:"currentMobileCountryCode"`
	CurrentNetwork  string `json:"currentMobileNetworkCode"`
	HomeCarrier     string `json:"homeCarrierNetwork"`
	HomeCountry     string `json:"homeMobileCountryCode"`
	HomeNetwork     string `json:"homeMobileNetworkCode"`
	DataRoaming     bool   `json:"dataRoamingEnabled"`
	Roaming         bool   `json:"roaming"`
	Hotspot         bool   `json:"personalHotspotEnabled"`
	Phone           string `json:"phoneNumber"`
	VoiceNumber     string `json:"preferredVoiceNumber"`
}

type subscription struct {
	Slot    string `json:"slot"`
	Label   string `json:"label"`
	IMEI    string `json:"imei"`
	ICCID   string `json:"iccid"`
	MEID    string `json:"meid"`
	EID     string `json:"eid"`
	Phone   string `json:"phoneNumber"`
	Data    bool   `json:"dataPreferred"`
	Voice   bool   `json:"voicePreferred"`
	Roaming bool   `json:"roaming"`
}

type mobileSecurity struct {
	DataProtected  bool   `json:"dataProtected"`
	Block          bool   `json:"blockLevelEncryptionCapable"`
	File           bool   `json:"fileLevelEncryptionCapable"`
	Passcode       bool   `json:"passcodePresent"`
	Compliant      bool   `json:"passcodeCompliant"`
	WithProfile    bool   `json:"passcodeCompliantWithProfile"`
	Encryption     int    `json:"hardwareEncryption"`
	ActivationLock bool   `json:"activationLockEnabled"`
	JailBreak      bool   `json:"jailBreakDetected"`
	GracePeriod    int    `json:"passcodeLockGracePeriodEnforcedSeconds"`
	LostMode       bool   `json:"lostModeEnabled"`
	LostPersistent bool   `json:"lostModePersistent"`
	LostMessage    string `json:"lostModeMessage"`
	LostPhone      string `json:"lostModePhoneNumber"`
	LostFootnote   string `json:"lostModeFootnote"`
	Location       *place `json:"lostModeLocation"`
	*bootstrap            // not on old servers
}

type bootstrap struct {
	Escrowed string `json:"bootstrapTokenEscrowed"`
}

// decimal is a number that is always written with a fraction.
type decimal float64

type place struct {
	Updated    string  `json:"lastLocationUpdate"`
	Horizontal decimal `json:"lostModeLocationHorizontalAccuracyMeters"`
	Vertical   decimal `json:"lostModeLocationVerticalAccuracyMeters"`
	Altitude   decimal `json:"lostModeLocationAltitudeMeters"`
	Speed      decimal `json:"lostModeLocationSpeedMetersPerSecond"`
	Course     decimal `json:"lostModeLocationCourseDegrees"`
	Stamp      string  `json:"lostModeLocationTimestamp"`
}

type mobilePurchase struct {
	Purchased  bool              `json:"purchased"`
	Leased     bool              `json:"leased"`
	Order      string            `json:"poNumber"`
	Vendor     string            `json:"vendor"`
	AppleCare  string            `json:"appleCareId"`
	Price      string            `json:"purchasePrice"`
	Account    string            `json:"purchasingAccount"`
	Ordered    *string           `json:"poDate"`
	Warranty   *string           `json:"warrantyExpiresDate"`
	Lease      *string           `json:"leaseExpiresDate"`
	Life       int               `json:"lifeExpectancy"`
	Contact    string            `json:"purchasingContact"`
	Attributes []mobileAttribute `json:"extensionAttributes"`
}

type mobileApp struct {
	Identifier string `json:"identifier"`
	Name       string `json:"name"`
	Version    string `json:"version"`
	Short      string `json:"shortVersion"`
	Management string `json:"managementStatus"`
	Valid      bool   `json:"validationStatus"`
	Bundle     string `json:"bundleSize"`
	Dynamic    string `json:"dynamicSize"`
	*appClip          // since 11.29
}

type appClip struct {
	Clip bool `json:"appClip"`
}

type mobileGroupRef struct {
	ID    any    `json:"groupId"`
	Name  string `json:"groupName"`
	Notes string `json:"groupDescription"`
	Smart bool   `json:"smart"`
}

// mobileAttribute is an extension attribute of a mobile device.
type mobileAttribute struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Value   []string `json:"value"`
	Collect bool     `json:"extensionAttributeCollectionAllowed"`
	Display string   `json:"inventoryDisplay"`
}
