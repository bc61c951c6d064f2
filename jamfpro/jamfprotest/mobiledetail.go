package jamfprotest

import (
	"encoding/base64"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// flatMobile is the detail of one mobile device, in a shape of its own.
type flatMobile struct {
	ID              string            `json:"id"`
	Name            *string           `json:"name"`
	EnforceName     bool              `json:"enforceName"`
	AssetTag        *string           `json:"assetTag"`
	Inventory       *string           `json:"lastInventoryUpdateTimestamp"`
	*flatContact                      // since 11.30
	OSVersion       string            `json:"osVersion"`
	Build           string            `json:"osBuild"`
	Supplemental    string            `json:"osSupplementalBuildVersion"`
	RapidResponse   string            `json:"osRapidSecurityResponse"`
	UpdateDeviceID  string            `json:"softwareUpdateDeviceId"`
	Serial          string            `json:"serialNumber"`
	UDID            string            `json:"udid"`
	IP              string            `json:"ipAddress"`
	WiFi            string            `json:"wifiMacAddress"`
	Bluetooth       string            `json:"bluetoothMacAddress"`
	Managed         bool              `json:"managed"`
	SessionToken    bool              `json:"enrollmentSessionTokenValid"`
	Declarative     bool              `json:"declarativeDeviceManagementEnabled"`
	TimeZone        string            `json:"timeZone"`
	InitialEntry    *string           `json:"initialEntryTimestamp"`
	LastEnrolled    *string           `json:"lastEnrollmentTimestamp"`
	ProfileExpires  *string           `json:"mdmProfileExpirationTimestamp"`
	Ownership       string            `json:"deviceOwnershipLevel"`
	EnrolmentMethod *string           `json:"enrollmentMethod"`
	Site            lookupSite        `json:"site"`
	Location        flatLocation      `json:"location"`
	Attributes      []mobileAttribute `json:"extensionAttributes"`
	Type            string            `json:"type"`
	IOS             *flatIOS          `json:"ios"`
	TV              *flatTV           `json:"tvos"`
	Watch           *struct{}         `json:"watchos"`
	Vision          *struct{}         `json:"visionos"`
	ManagementID    string            `json:"managementId"`
	Groups          []mobileGroupRef  `json:"groups"`
}

type flatContact struct {
	Stamp *string `json:"lastContactTimestamp"`
}

type flatLocation struct {
	Username   string  `json:"username"`
	RealName   string  `json:"realName"`
	Email      string  `json:"emailAddress"`
	Position   string  `json:"position"`
	Phone      string  `json:"phoneNumber"`
	Department *string `json:"departmentId"`
	Building   *string `json:"buildingId"`
	Room       string  `json:"room"`
}

type flatBody struct {
	Model      string          `json:"model"`
	Identifier string          `json:"modelIdentifier"`
	Number     string          `json:"modelNumber"`
	Supervised bool            `json:"supervised"`
	Battery    int             `json:"batteryLevel"`
	Health     string          `json:"batteryHealth"`
	Capacity   *int64          `json:"capacityMb"`
	Free       *int64          `json:"availableMb"`
	Used       *int64          `json:"percentageUsed"`
	Purchasing *mobilePurchase `json:"purchasing"`
}

type flatIOS struct {
	flatBody
	Shared        bool           `json:"shared"`
	UnlockToken   string         `json:"unlockToken"`
	Security      flatSecurity   `json:"security"`
	Network       *mobileNetwork `json:"network"`
	Subscriptions []subscription `json:"serviceSubscriptions"`
	Applications  []flatApp      `json:"applications"`
	Certificates  []struct{}     `json:"certificates"`
	Profiles      []struct{}     `json:"configurationProfiles"`
	Provisioning  []struct{}     `json:"provisioningProfiles"`
	EBooks        []struct{}     `json:"ebooks"`
	Attachments   []struct{}     `json:"attachments"`
}

type flatTV struct {
	flatBody
	AirPlayPassword string `json:"airplayPassword"`
}

type flatSecurity struct {
	Passcode       bool    `json:"passcodePresent"`
	BootstrapToken *string `json:"bootstrapToken"`
}

type flatApp struct {
	Identifier string `json:"identifier"`
	Name       string `json:"name"`
	Version    string `json:"version"`
	Short      string `json:"shortVersion"`
}

// flat writes the detail of a mobile device, secrets included.
func (p painter) flat(s *state) flatMobile {
	h := p.mobileHardware(s)
	site := p.siteRef(s)
	m := flatMobile{
		ID: s.idText(), Name: text(s.Name), AssetTag: text(s.AssetTag), Inventory: stamp(s.inventoried), OSVersion: s.OSVersion,
		Build: build(s), Supplemental: build(s), UpdateDeviceID: "J181AP", Serial: s.Serial, UDID: s.UDID, IP: s.IP, WiFi: h.WiFi,
		Bluetooth: h.Bluetooth, Managed: s.Managed, Declarative: s.Managed, TimeZone: s.timeZone, InitialEntry: stamp(s.Enrolled),
		LastEnrolled: stamp(s.Enrolled), ProfileExpires: profileExpiry(s), Ownership: "institutional",
		Site: lookupSite{site.ID, nil, site.Name},
		Location: flatLocation{s.username, s.realName, s.email, s.position, s.phone, orNone(s.department, s.index),
			orNone(s.building, s.index), s.room},
		Attributes: mobileAttributes(s), Type: typeOf(s), ManagementID: s.managementID, Groups: p.mobileGroups(s),
	}
	if s.Profile != "" {
		m.EnrolmentMethod = text("PreStage enrollment: " + s.Profile)
	}
	if p.v1130 {
		m.flatContact = &flatContact{stamp(s.LastSeen)}
	}
	body := flatBody{h.Model, h.Identifier, h.Number, s.Supervised, h.Battery, "UNKNOWN", h.Capacity, h.Free, h.Used, mobilePurchaseOf(s.purchase)}
	if s.Platform == fleet.TVOS {
		m.TV = &flatTV{body, airPlaySecret}
		return m
	}
	m.IOS = flatIOSOf(s, body)
	return m
}

func flatIOSOf(s *state, body flatBody) *flatIOS {
	i := &flatIOS{flatBody: body, UnlockToken: s.unlockToken(), Security: flatSecurity{Passcode: s.Passcode}, Network: networkOf(s),
		Subscriptions: subscriptionsOf(s), Applications: []flatApp{}, Certificates: []struct{}{}, Profiles: []struct{}{},
		Provisioning: []struct{}{}, EBooks: []struct{}{}, Attachments: []struct{}{}}
	for n, a := range s.Apps {
		i.Applications = append(i.Applications, flatApp{a.Identifier, a.Name, string(rune('1' + n%9)), a.Version})
	}
	return i
}

// unlockToken is the secret that clears a device's passcode.
func (s *state) unlockToken() string {
	return base64.StdEncoding.EncodeToString([]byte("unlock:" + s.managementID))
}
