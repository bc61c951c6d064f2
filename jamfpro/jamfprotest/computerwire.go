package jamfprotest

// computer is a record of the inventory of Macs. A section that was not asked
// for is null.
type computer struct {
	ID                string               `json:"id"`
	UDID              *string              `json:"udid"`
	General           *computerGeneral     `json:"general"`
	Encryption        *diskEncryption      `json:"diskEncryption"`
	Purchasing        *computerPurchase    `json:"purchasing"`
	Applications      []computerApp        `json:"applications"`
	Storage           *storage             `json:"storage"`
	User              *computerUser        `json:"userAndLocation"`
	Profiles          []computerProfile    `json:"configurationProfiles"`
	Printers          []struct{}           `json:"printers"`
	Services          []struct{}           `json:"services"`
	Hardware          *computerHardware    `json:"hardware"`
	LocalUserAccounts []struct{}           `json:"localUserAccounts"`
	Certificates      []struct{}           `json:"certificates"`
	Attachments       []struct{}           `json:"attachments"`
	PackageReceipts   *packageReceipts     `json:"packageReceipts"`
	Security          *computerSecurity    `json:"security"`
	OS                *operatingSystem     `json:"operatingSystem"`
	LicensedSoftware  []struct{}           `json:"licensedSoftware"`
	Beacons           []struct{}           `json:"ibeacons"`
	SoftwareUpdates   []struct{}           `json:"softwareUpdates"`
	Attributes        []attribute          `json:"extensionAttributes"`
	ContentCaching    *struct{}            `json:"contentCaching"`
	Groups            []computerMembership `json:"groupMemberships"`

	*computerOld // until v1
}

// computerOld is the sections that were dropped after v1.
type computerOld struct {
	Plugins []struct{} `json:"plugins"`
	Fonts   []struct{} `json:"fonts"`
}

type computerGeneral struct {
	Name         string           `json:"name"`
	LastIP       *string          `json:"lastIpAddress"`
	*reportedIPs                  // not on old servers
	Binary       *string          `json:"jamfBinaryVersion"`
	Platform     string           `json:"platform"`
	Barcode1     *string          `json:"barcode1"`
	Barcode2     *string          `json:"barcode2"`
	AssetTag     *string          `json:"assetTag"`
	Remote       remoteManagement `json:"remoteManagement"`
	Supervised   bool             `json:"supervised"`
	MDMCapable   mdmCapable       `json:"mdmCapable"`
	ReportDate   *string          `json:"reportDate"`
	*checkInV4
	*checkInV3
	LastCloudBackup  *string          `json:"lastCloudBackupDate"`
	LastEnrolled     *string          `json:"lastEnrolledDate"`
	ProfileExpires   *string          `json:"mdmProfileExpiration"`
	InitialEntry     *string          `json:"initialEntryDate"`
	Distribution     *string          `json:"distributionPoint"`
	EnrolmentMethod  *enrolmentMethod `json:"enrollmentMethod"`
	Site             siteRef          `json:"site"`
	StoreActive      bool             `json:"itunesStoreAccountActive"`
	Automated        bool             `json:"enrolledViaAutomatedDeviceEnrollment"`
	UserApproved     bool             `json:"userApprovedMdm"`
	Declarative      bool             `json:"declarativeDeviceManagementEnabled"`
	ManagementID     string           `json:"managementId"`
	SelfServiceUser  *string          `json:"lastLoggedInUsernameSelfService"`
	SelfServiceStamp *string          `json:"lastLoggedInUsernameSelfServiceTimestamp"`
	Attributes       []attribute      `json:"extensionAttributes"`
}

type reportedIPs struct {
	V4 *string `json:"lastReportedIpV4"`
	V6 *string `json:"lastReportedIpV6"`
}

type checkInV4 struct {
	LastCheckIn *string `json:"lastCheckIn"`
	LastContact *string `json:"lastContact"`
}

type checkInV3 struct {
	LastContactTime *string `json:"lastContactTime"`
	LastReportedIP  *string `json:"lastReportedIp"`
}

type remoteManagement struct {
	Managed  bool    `json:"managed"`
	Username *string `json:"managementUsername"`
}

type mdmCapable struct {
	Capable bool             `json:"capable"`
	Users   []string         `json:"capableUsers"`
	Info    []userManagement `json:"userManagementInfo,omitempty"`
}

type userManagement struct {
	User         string `json:"capableUser"`
	ManagementID string `json:"managementId"`
}

type enrolmentMethod struct {
	ID   string `json:"id"`
	Name string `json:"objectName"`
	Type string `json:"objectType"`
}

type siteRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type computerHardware struct {
	Make           *string     `json:"make"`
	Model          *string     `json:"model"`
	Identifier     *string     `json:"modelIdentifier"`
	Serial         *string     `json:"serialNumber"`
	Speed          int         `json:"processorSpeedMhz"`
	Processors     int         `json:"processorCount"`
	Cores          int         `json:"coreCount"`
	ProcessorType  *string     `json:"processorType"`
	Architecture   string      `json:"processorArchitecture"`
	BusSpeed       int         `json:"busSpeedMhz"`
	Cache          int         `json:"cacheSizeKilobytes"`
	AdapterType    *string     `json:"networkAdapterType"`
	MAC            *string     `json:"macAddress"`
	AltAdapterType *string     `json:"altNetworkAdapterType"`
	AltMAC         *string     `json:"altMacAddress"`
	RAM            int64       `json:"totalRamMegabytes"`
	OpenSlots      int         `json:"openRamSlots"`
	Battery        int         `json:"batteryCapacityPercent"`
	*batteryHealth             // not on old servers
	SMC            *string     `json:"smcVersion"`
	NICSpeed       string      `json:"nicSpeed"`
	Optical        *string     `json:"opticalDrive"`
	BootROM        string      `json:"bootRom"`
	BLE            bool        `json:"bleCapable"`
	IOSApps        bool        `json:"supportsIosAppInstalls"`
	AppleSilicon   bool        `json:"appleSilicon"`
	*provisioning              // not on old servers
	Attributes     []attribute `json:"extensionAttributes"`
}

type batteryHealth struct {
	Health string `json:"batteryHealth"`
}

type provisioning struct {
	UDID *string `json:"provisioningUdid"`
}

type operatingSystem struct {
	Name            string      `json:"name"`
	Version         *string     `json:"version"`
	Build           *string     `json:"build"`
	Supplemental    *string     `json:"supplementalBuildVersion"`
	RapidResponse   *string     `json:"rapidSecurityResponse"`
	ActiveDirectory string      `json:"activeDirectoryStatus"`
	FileVault       *string     `json:"fileVault2Status"`
	UpdateDeviceID  *string     `json:"softwareUpdateDeviceId"`
	Attributes      []attribute `json:"extensionAttributes"`
}

type computerUser struct {
	Username   *string     `json:"username"`
	RealName   *string     `json:"realname"`
	Email      *string     `json:"email"`
	Position   *string     `json:"position"`
	Phone      *string     `json:"phone"`
	Department *string     `json:"departmentId"`
	Building   *string     `json:"buildingId"`
	Room       *string     `json:"room"`
	Attributes []attribute `json:"extensionAttributes"`
}

type computerPurchase struct {
	Leased     bool        `json:"leased"`
	Purchased  bool        `json:"purchased"`
	Order      *string     `json:"poNumber"`
	Ordered    *string     `json:"poDate"`
	Vendor     *string     `json:"vendor"`
	Warranty   *string     `json:"warrantyDate"`
	AppleCare  *string     `json:"appleCareId"`
	Lease      *string     `json:"leaseDate"`
	Price      *string     `json:"purchasePrice"`
	Life       int         `json:"lifeExpectancy"`
	Account    *string     `json:"purchasingAccount"`
	Contact    *string     `json:"purchasingContact"`
	Attributes []attribute `json:"extensionAttributes"`
}

type storage struct {
	Free  *int64 `json:"bootDriveAvailableSpaceMegabytes"`
	Disks []disk `json:"disks"`
}

type disk struct {
	ID         string      `json:"id"`
	Device     string      `json:"device"`
	Model      string      `json:"model"`
	Revision   string      `json:"revision"`
	Serial     string      `json:"serialNumber"`
	Size       int64       `json:"sizeMegabytes"`
	Smart      string      `json:"smartStatus"`
	Type       string      `json:"type"`
	Partitions []partition `json:"partitions"`
}

type partition struct {
	Name       string `json:"name"`
	Size       int64  `json:"sizeMegabytes"`
	Available  int64  `json:"availableMegabytes"`
	Type       string `json:"partitionType"`
	Used       int64  `json:"percentUsed"`
	State      string `json:"fileVault2State"`
	Progress   *int   `json:"fileVault2ProgressPercent"`
	LVMManaged bool   `json:"lvmManaged"`
}

type diskEncryption struct {
	Boot          bootEncryption `json:"bootPartitionEncryptionDetails"`
	RecoveryKey   string         `json:"individualRecoveryKeyValidityStatus"`
	Institutional bool           `json:"institutionalRecoveryKeyPresent"`
	Configuration *string        `json:"diskEncryptionConfigurationName"`
	*fileVault                   // not on old servers
	Users         []string       `json:"fileVault2EnabledUserNames"`
	Eligibility   string         `json:"fileVault2EligibilityMessage"`
}

type bootEncryption struct {
	Name    string `json:"partitionName"`
	State   string `json:"partitionFileVault2State"`
	Percent int    `json:"partitionFileVault2Percent"`
}

type fileVault struct {
	Enabled bool `json:"fileVault2Enabled"`
}

type computerSecurity struct {
	SIP            string `json:"sipStatus"`
	Gatekeeper     string `json:"gatekeeperStatus"`
	XProtect       string `json:"xprotectVersion"`
	AutoLoginOff   bool   `json:"autoLoginDisabled"`
	RemoteDesktop  bool   `json:"remoteDesktopEnabled"`
	ActivationLock bool   `json:"activationLockEnabled"`
	RecoveryLock   bool   `json:"recoveryLockEnabled"`
	Firewall       bool   `json:"firewallEnabled"`
	SecureBoot     string `json:"secureBootLevel"`
	ExternalBoot   string `json:"externalBootLevel"`
	Bootstrap      bool   `json:"bootstrapTokenAllowed"`
	Escrowed       string `json:"bootstrapTokenEscrowedStatus"`
	*attestation          // not on old servers
}

type attestation struct {
	Status string  `json:"attestationStatus"`
	Tried  *string `json:"lastAttestationAttempt"`
	Done   *string `json:"lastSuccessfulAttestation"`
}

type computerApp struct {
	Name            string  `json:"name"`
	Path            string  `json:"path"`
	Version         string  `json:"version"`
	*bundleVersions         // since v3
	AppStore        bool    `json:"macAppStore"`
	Size            int     `json:"sizeMegabytes"`
	Bundle          string  `json:"bundleId"`
	Update          bool    `json:"updateAvailable"`
	External        *string `json:"externalVersionId"`
}

type bundleVersions struct {
	Short  string `json:"cfBundleShortVersionString"`
	Bundle string `json:"cfBundleVersion"`
}

type computerProfile struct {
	ID         string  `json:"id"`
	Username   *string `json:"username"`
	Installed  *string `json:"lastInstalled"`
	Removable  bool    `json:"removable"`
	Name       string  `json:"displayName"`
	Identifier string  `json:"profileIdentifier"`
}

type packageReceipts struct {
	ByJamf      []string `json:"installedByJamfPro"`
	ByInstaller []string `json:"installedByInstallerSwu"`
	Cached      []string `json:"cached"`
}

type computerMembership struct {
	ID           any    `json:"groupId"`
	Name         string `json:"groupName"`
	*description        // not on old servers
	Smart        bool   `json:"smartGroup"`
}

type description struct {
	Text string `json:"groupDescription"`
}

// attribute is an extension attribute of a computer.
type attribute struct {
	Definition  string   `json:"definitionId"`
	Name        string   `json:"name"`
	Description *string  `json:"description"`
	Enabled     bool     `json:"enabled"`
	Multi       bool     `json:"multiValue"`
	Values      []string `json:"values"`
	Type        string   `json:"dataType"`
	Options     []string `json:"options"`
	Input       string   `json:"inputType"`
}
