package jamfschool

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Keys of the fields of the settings form.
const (
	FieldDomain    = "domain"
	FieldNetworkID = "network_id"
	FieldKey       = "key"
	FieldLocations = "locations"
	FieldZone      = "zone"
	FieldLink      = "link"
)

// Settings describes the form, the key to make in the console, and what the
// connection can then do.
func Settings() mdm.Settings {
	return mdm.Settings{
		Kind:  Kind,
		Title: "Jamf School",
		Fields: []mdm.Setting{
			{Key: FieldDomain, By: mdm.FillerCustomer, Required: true, Check: canonicalDomain,
				Label: mdm.Text{EN: "Jamf School domain", DE: "Jamf-School-Domain"},
				Hint: mdm.Text{EN: "the address of your Jamf School console, such as school.jamfcloud.com",
					DE: "die Adresse der Jamf-School-Konsole, etwa schule.jamfcloud.com"}},
			{Key: FieldNetworkID, By: mdm.FillerCustomer, Required: true, Check: parseNetworkID,
				Label: mdm.Text{EN: "Network ID", DE: "Netzwerk-ID"},
				Hint: mdm.Text{EN: "the number behind network= in the MDM server URL under Devices > Enroll Device(s); the whole URL is fine too",
					DE: "die Zahl hinter network= in der MDM-Server-URL unter Geräte > Geräte registrieren; auch die ganze URL geht"}},
			{Key: FieldKey, By: mdm.FillerCustomer, Required: true, Secret: true,
				Label: mdm.Text{EN: "API key", DE: "API-Schlüssel"},
				Hint: mdm.Text{EN: "made under Organization > Settings > API, with the right Read",
					DE: "angelegt unter Organisation > Einstellungen > API, mit dem Recht Lesen"}},
			{Key: FieldLocations, By: mdm.FillerCustomer, Check: canonicalLocations,
				Label: mdm.Text{EN: "Locations", DE: "Standorte"},
				Hint: mdm.Text{EN: "ids of the locations to read, separated by commas; empty for all",
					DE: "IDs der zu lesenden Standorte, durch Kommas getrennt; leer für alle"}},
			{Key: FieldZone, By: mdm.FillerHost, Check: canonicalZone,
				Label: mdm.Text{EN: "Time zone of lists", DE: "Zeitzone der Listen"},
				Hint: mdm.Text{EN: "IANA name such as Europe/Berlin; empty for UTC",
					DE: "IANA-Name wie Europe/Berlin; leer für UTC"}},
			{Key: FieldLink, By: mdm.FillerHost, Check: func(t string) (string, error) { return t, places.Check(t) },
				Label: mdm.Text{EN: "Deep-link template", DE: "Vorlage für Links"},
				Hint: mdm.Text{EN: "address with the placeholders " + places.String() + "; empty for the device list",
					DE: "Adresse mit den Platzhaltern " + places.String() + "; leer für die Geräteliste"}},
		},
		Docs: []mdm.Link{
			{Title: "Jamf School API: getting started", URL: "https://developer.jamf.com/developer-guide/docs/jamf-school"},
			{Title: "Jamf School API: reference", URL: "https://school.jamfcloud.com/api/docs"},
		},
		Role: mdm.Text{
			EN: "Make an API key under Organization > Settings > API and tick the rights that the abilities you want need; Read alone is enough for a sync. If you limit the key to addresses, add that of this server.",
			DE: "Unter Organisation > Einstellungen > API einen API-Schlüssel anlegen und die Rechte ankreuzen, die die gewünschten Fähigkeiten brauchen; für einen Abgleich genügt Lesen. Wird der Schlüssel auf Adressen beschränkt, die dieses Servers eintragen.",
		},
		Permissions: rights.Abilities(),
		Lists:       listAttributes(),
		Details:     mdm.Keys{mdm.KeyPasscode, mdm.KeyPasscodeCompliant, mdm.KeyEncrypted},
		Writes:      mdm.Keys{mdm.KeyAssetTag, mdm.KeyNotes, mdm.KeyUserID, mdm.KeySiteID},
		Commands:    commands.Names(),
		Abilities:   mdm.Abilities(&Source{}),
	}
}

func listAttributes() mdm.Keys {
	return mdm.Keys{
		mdm.KeySource, mdm.KeyClass, mdm.KeyPlatform, mdm.KeyPlatformText, mdm.KeyName, mdm.KeySerial, mdm.KeyUDID,
		mdm.KeyMAC, mdm.KeyMACWiFi, mdm.KeyMACEthernet, mdm.KeyMACBluetooth, mdm.KeyAdapter, mdm.KeyIP, mdm.KeyIMEI, mdm.KeyMEID, mdm.KeyEID,
		mdm.KeySIMICCID, mdm.KeySIMPhone, mdm.KeySIMCarrier, mdm.KeyManufacturer, mdm.KeyModel, mdm.KeyModelID,
		mdm.KeyOSName, mdm.KeyOSVersion, mdm.KeyStorageTotal, mdm.KeyStorageFree, mdm.KeyBattery,
		mdm.KeyManaged, mdm.KeySupervised, mdm.KeyStatus, mdm.KeyEnrolmentMethod, mdm.KeyEnrolmentProfile, mdm.KeyLastSeen,
		mdm.KeyUserID, mdm.KeyUserName, mdm.KeyUserLogin, mdm.KeyUserEmail, mdm.KeyGroups, mdm.KeySiteID, mdm.KeySiteName,
		mdm.KeyAssetTag, mdm.KeyNotes, mdm.KeyLink,
	}
}

// Open opens a source from the values of the settings form.
func Open(values mdm.Values, options transport.Options) (mdm.Source, error) {
	clean, err := Settings().Normalise(values)
	if err != nil {
		return nil, err
	}
	cfg := Config{Domain: clean.Text[FieldDomain], NetworkID: clean.Text[FieldNetworkID],
		Key: clean.Secrets[FieldKey], Link: clean.Text[FieldLink], Transport: options}
	if cfg.Locations, err = parseLocations(clean.Text[FieldLocations]); err != nil {
		return nil, err
	}
	if name := clean.Text[FieldZone]; name != "" {
		if cfg.Zone, err = time.LoadLocation(name); err != nil {
			return nil, err
		}
	}
	c, err := New(cfg)
	if err != nil {
		return nil, err
	}
	return c.Source(), nil
}

func canonicalDomain(text string) (string, error) {
	address, err := parseAddress(text)
	if err != nil {
		return "", err
	}
	if address.Scheme == "https" {
		return address.Host, nil
	}
	return address.String(), nil // a server on this machine
}

func canonicalLocations(text string) (string, error) {
	ids, err := parseLocations(text)
	if err != nil {
		return "", err
	}
	return joinIDs(ids), nil
}

// parseLocations reads ids separated by commas; no text gives nil, which
// means all.
func parseLocations(text string) ([]int64, error) {
	var ids []int64
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		id, err := strconv.ParseInt(part, 10, 64)
		if err != nil || id < 0 {
			return nil, fmt.Errorf("must be ids of locations, such as 0,2,17")
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func canonicalZone(text string) (string, error) {
	zone, err := time.LoadLocation(text)
	if err != nil || text == "Local" {
		return "", fmt.Errorf("is not a time zone; use an IANA name such as Europe/Berlin")
	}
	return zone.String(), nil
}
