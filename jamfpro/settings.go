package jamfpro

import (
	"errors"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Keys of the fields of the settings form.
const (
	FieldAddress      = "address"
	FieldClientID     = "client_id"
	FieldClientSecret = "client_secret"
	FieldUsername     = "username"
	FieldPassword     = "password"
	FieldOnly         = "only"
	FieldLink         = "link"
)

// Settings describes the form, the API role to make in the console, and what
// the connection can then do.
func Settings() mdm.Settings {
	return mdm.Settings{
		Kind:   Kind,
		Title:  "Jamf Pro",
		Fields: fields(),
		Docs: []mdm.Link{
			{Title: "Jamf Pro API: overview", URL: "https://developer.jamf.com/jamf-pro/docs/jamf-pro-api-overview"},
			{Title: "Jamf Pro API: client credentials", URL: "https://developer.jamf.com/jamf-pro/docs/client-credentials"},
			{Title: "Jamf Pro: API roles and clients", URL: "https://learn.jamf.com/en-US/bundle/jamf-pro-documentation-current/page/API_Roles_and_Clients.html"},
		},
		Role: mdm.Text{
			EN: "Under Settings > System > API roles and clients, make an API role with the privileges that the abilities you want need; Read Computers and Read Mobile Devices are enough for a sync. Then make an API client with this role, enable it and generate its secret, which is shown once. A token lifetime of 10 to 30 minutes spares the server.",
			DE: "Unter Einstellungen > System > API-Rollen und -Clients eine API-Rolle mit den Rechten anlegen, die die gewünschten Fähigkeiten brauchen; für einen Abgleich genügen Read Computers und Read Mobile Devices. Dann einen API-Client mit dieser Rolle anlegen, aktivieren und sein Geheimnis erzeugen, das nur einmal gezeigt wird. Eine Gültigkeit der Token von 10 bis 30 Minuten schont den Server.",
		},
		Permissions: rights.Abilities(),
		Lists:       listAttributes(),
		Writes: mdm.Keys{mdm.KeyAssetTag, mdm.KeyUserName, mdm.KeyUserLogin, mdm.KeyUserEmail, mdm.KeySiteID, mdm.KeyDepartment,
			mdm.KeyBuilding, mdm.KeyRoom, mdm.KeyPurchaseDate, mdm.KeyWarrantyEnd, mdm.KeyPurchaseVendor, mdm.KeyPurchaseOrder,
			mdm.KeyPurchasePrice, mdm.KeyCustom},
		Commands:  commands.Names(),
		Abilities: mdm.Abilities(&Source{}),
	}
}

func fields() []mdm.Setting {
	return []mdm.Setting{
		{Key: FieldAddress, By: mdm.FillerCustomer, Required: true, Check: canonicalAddress,
			Label: mdm.Text{EN: "Jamf Pro URL", DE: "Jamf-Pro-URL"},
			Hint: mdm.Text{EN: "the address of your Jamf Pro console, such as school.jamfcloud.com; with or without /api",
				DE: "die Adresse der Jamf-Pro-Konsole, etwa schule.jamfcloud.com; mit oder ohne /api"}},
		{Key: FieldClientID, By: mdm.FillerCustomer,
			Label: mdm.Text{EN: "Client ID", DE: "Client-ID"},
			Hint: mdm.Text{EN: "of the API client under Settings > System > API roles and clients",
				DE: "des API-Clients unter Einstellungen > System > API-Rollen und -Clients"}},
		{Key: FieldClientSecret, By: mdm.FillerCustomer, Secret: true,
			Label: mdm.Text{EN: "Client secret", DE: "Client-Geheimnis"},
			Hint: mdm.Text{EN: "shown once, when it is generated; a rotated secret has to be entered anew",
				DE: "wird nur beim Erzeugen gezeigt; nach einem Wechsel neu eintragen"}},
		{Key: FieldUsername, By: mdm.FillerCustomer,
			Label: mdm.Text{EN: "User name", DE: "Benutzername"},
			Hint: mdm.Text{EN: "of a local Jamf Pro account; only where no API client can be made",
				DE: "eines lokalen Jamf-Pro-Kontos; nur wo kein API-Client angelegt werden kann"}},
		{Key: FieldPassword, By: mdm.FillerCustomer, Secret: true,
			Label: mdm.Text{EN: "Password", DE: "Kennwort"},
			Hint:  mdm.Text{EN: "of that account", DE: "dieses Kontos"}},
		{Key: FieldOnly, By: mdm.FillerCustomer, Check: canonicalOnly,
			Label: mdm.Text{EN: "Only", DE: "Nur"},
			Hint: mdm.Text{EN: `"computers" or "mobile devices"; empty for both`,
				DE: `„computers“ oder „mobile devices“; leer für beides`}},
		{Key: FieldLink, By: mdm.FillerHost, Check: func(t string) (string, error) { return t, places.Check(t) },
			Label: mdm.Text{EN: "Deep-link template", DE: "Vorlage für Links"},
			Hint: mdm.Text{EN: "address with the placeholders " + places.String() + "; empty for the device's page",
				DE: "Adresse mit den Platzhaltern " + places.String() + "; leer für die Seite des Geräts"}},
	}
}

func listAttributes() mdm.Keys {
	return mdm.Keys{
		mdm.KeySource, mdm.KeyClass, mdm.KeyPlatform, mdm.KeyPlatformText, mdm.KeyName, mdm.KeySerial, mdm.KeyUDID, mdm.KeyManagementID,
		mdm.KeyMAC, mdm.KeyMACWiFi, mdm.KeyMACEthernet, mdm.KeyMACBluetooth, mdm.KeyAdapter, mdm.KeyIP, mdm.KeyIMEI, mdm.KeyMEID, mdm.KeyEID,
		mdm.KeySIMICCID, mdm.KeySIMPhone, mdm.KeySIMCarrier, mdm.KeyManufacturer, mdm.KeyModel, mdm.KeyModelID, mdm.KeyPartNumber,
		mdm.KeyOSName, mdm.KeyOSVersion, mdm.KeyOSBuild, mdm.KeyMemoryTotal, mdm.KeyStorageTotal, mdm.KeyStorageFree, mdm.KeyBattery,
		mdm.KeyManaged, mdm.KeySupervised, mdm.KeyPasscode, mdm.KeyPasscodeCompliant, mdm.KeyEncrypted, mdm.KeyJailbroken, mdm.KeyLostMode,
		mdm.KeyActivationLock, mdm.KeyOwnership, mdm.KeyEnrolmentMethod, mdm.KeyEnrolmentAt, mdm.KeyEnrolmentProfile, mdm.KeyStatus,
		mdm.KeyLastSeen, mdm.KeyUserName, mdm.KeyUserLogin, mdm.KeyUserEmail, mdm.KeyGroups, mdm.KeySiteID, mdm.KeySiteName,
		mdm.KeyDepartment, mdm.KeyBuilding, mdm.KeyRoom, mdm.KeyPurchaseDate, mdm.KeyWarrantyEnd, mdm.KeyPurchaseVendor,
		mdm.KeyPurchaseOrder, mdm.KeyPurchasePrice, mdm.KeyAssetTag, mdm.KeyLink, mdm.KeyCustom,
	}
}

// Open opens a source from the values of the settings form.
func Open(values mdm.Values, options transport.Options) (mdm.Source, error) {
	clean, err := Settings().Normalise(values)
	if err != nil {
		return nil, err
	}
	c, err := New(Config{Address: clean.Text[FieldAddress],
		ClientID: clean.Text[FieldClientID], ClientSecret: clean.Secrets[FieldClientSecret],
		Username: clean.Text[FieldUsername], Password: clean.Secrets[FieldPassword],
		Only: clean.Text[FieldOnly], Link: clean.Text[FieldLink], Transport: options})
	if err != nil {
		return nil, err
	}
	return c.Source(), nil
}

func canonicalAddress(text string) (string, error) {
	base, err := parseAddress(text)
	if err != nil {
		return "", err
	}
	return canonical(base), nil
}

func canonicalOnly(text string) (string, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	if text != "" && text != OnlyComputers && text != OnlyMobileDevices {
		return "", errors.New("must be computers or mobile devices, or empty for both")
	}
	return text, nil
}
