package relution

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Keys of the fields of the settings form.
const (
	FieldAddress  = "address"
	FieldTenant   = "tenant"
	FieldToken    = "token"
	FieldExpires  = "token_expires"
	FieldAssetTag = "asset_tag"
	FieldPrefix   = "prefix"
	FieldListing  = "listing"
	FieldBasePath = "base_path"
	FieldLink     = "link"
)

// Settings describes the form, the user to make in the portal, and what the
// connection can then do.
func Settings() mdm.Settings {
	return mdm.Settings{
		Kind:   Kind,
		Title:  "Relution",
		Fields: fields(),
		Docs: []mdm.Link{
			{Title: "Relution: REST API", URL: "https://hub.relution.io/en/docs/settings/rest-api"},
		},
		Role: mdm.Text{
			EN: "In the tenant of the school, make a user of its own: activated, password authentication switched off, a unique user name and e-mail address, in the group Device Manager or with the permissions that the abilities you want need; READ_DEVICES and READ_DEVICE_DETAILS are enough for a sync. A user of another tenant would show the devices of another school. Then make an access token of the scope API under user name > Profile > Access Token, which is shown once, and note its date of expiry.",
			DE: "Im Mandanten der Schule einen eigenen Benutzer anlegen: aktiviert, Anmeldung mit Passwort ausgeschaltet, mit eindeutigem Benutzernamen und eindeutiger E-Mail-Adresse, in der Gruppe Gerätemanager oder mit den Rechten, die die gewünschten Fähigkeiten brauchen; für einen Abgleich genügen READ_DEVICES und READ_DEVICE_DETAILS. Ein Benutzer eines anderen Mandanten zeigte die Geräte einer anderen Schule. Dann unter Benutzername > Profil > Access Token ein Token mit dem Geltungsbereich API anlegen, das nur einmal gezeigt wird, und sein Ablaufdatum notieren.",
		},
		Permissions: rights.Abilities(),
		Lists:       listAttributes(),
		Details:     detailAttributes(),
		Commands:    commands.Names(),
		Abilities:   mdm.Abilities(&Source{}),
	}
}

func fields() []mdm.Setting {
	return []mdm.Setting{
		{Key: FieldAddress, By: mdm.FillerCustomer, Required: true, Check: canonicalAddress,
			Label: mdm.Text{EN: "Relution address", DE: "Relution-Adresse"},
			Hint: mdm.Text{EN: "such as relution.example.de, or the portal's address under Devices > Inventory, which tells the tenant too",
				DE: "etwa relution.example.de, oder die Adresse des Portals unter Geräte > Inventar, die auch den Mandanten nennt"}},
		{Key: FieldTenant, By: mdm.FillerCustomer, Check: parseTenant,
			Label: mdm.Text{EN: "Tenant ID", DE: "Mandanten-ID"},
			Hint: mdm.Text{EN: "behind tenantOrganizationUuid= in the portal's address under Devices > Inventory; needed where one server has several tenants",
				DE: "hinter tenantOrganizationUuid= in der Adresse des Portals unter Geräte > Inventar; nötig, wo ein Server mehrere Mandanten hat"}},
		{Key: FieldToken, By: mdm.FillerCustomer, Required: true, Secret: true,
			Label: mdm.Text{EN: "Access token", DE: "Access Token"},
			Hint: mdm.Text{EN: "made under user name > Profile > Access Token with the scope API; it is shown once",
				DE: "unter Benutzername > Profil > Access Token mit dem Geltungsbereich API angelegt; wird nur einmal gezeigt"}},
		{Key: FieldExpires, By: mdm.FillerCustomer, Check: canonicalDate,
			Label: mdm.Text{EN: "Token expires on", DE: "Token läuft ab am"},
			Hint: mdm.Text{EN: "the date chosen when the token was made, such as 2027-07-31; empty if it does not expire",
				DE: "das beim Anlegen gewählte Datum, etwa 2027-07-31; leer, wenn es nicht abläuft"}},
		{Key: FieldAssetTag, By: mdm.FillerCustomer, Check: among(assetTagFields...),
			Label: mdm.Text{EN: "Field of the asset tag", DE: "Feld der Inventarnummer"},
			Hint: mdm.Text{EN: "custom1 to custom5 or description; empty if Relution holds no asset tags",
				DE: "custom1 bis custom5 oder description; leer, wenn Relution keine Inventarnummern enthält"}},
		{Key: FieldPrefix, By: mdm.FillerHost, Check: among(PrefixManagement, PrefixAPI, PrefixLegacy),
			Label: mdm.Text{EN: "Path of the API", DE: "Pfad der API"},
			Hint:  mdm.Text{EN: "/api/management, /api or /relution/api; empty to find out", DE: "/api/management, /api oder /relution/api; leer, um es herauszufinden"}},
		{Key: FieldListing, By: mdm.FillerHost, Check: among(ListQuery, ListBaseInfo, ListFull),
			Label: mdm.Text{EN: "Way of listing", DE: "Art der Liste"},
			Hint: mdm.Text{EN: "post-query, get-baseinfo or get-devices; empty to find out; get-baseinfo where a proxy limits POST",
				DE: "post-query, get-baseinfo oder get-devices; leer, um es herauszufinden; get-baseinfo, wo ein Proxy POST begrenzt"}},
		{Key: FieldBasePath, By: mdm.FillerHost, Check: func(t string) (string, error) { return t, checkBasePath(t) },
			Label: mdm.Text{EN: "Path before the API", DE: "Pfad vor der API"},
			Hint:  mdm.Text{EN: "only where a proxy adds one, such as /mdm", DE: "nur wo ein Proxy einen ergänzt, etwa /mdm"}},
		{Key: FieldLink, By: mdm.FillerHost, Check: func(t string) (string, error) { return t, places.Check(t) },
			Label: mdm.Text{EN: "Deep-link template", DE: "Vorlage für Links"},
			Hint: mdm.Text{EN: "address with the placeholders " + places.String() + "; empty for the device's page",
				DE: "Adresse mit den Platzhaltern " + places.String() + "; leer für die Seite des Geräts"}},
	}
}

func listAttributes() mdm.Keys {
	return mdm.Keys{
		mdm.KeySource, mdm.KeyClass, mdm.KeyPlatform, mdm.KeyPlatformText, mdm.KeyName, mdm.KeySerial, mdm.KeyManagementID,
		mdm.KeyMAC, mdm.KeyMACWiFi, mdm.KeyMACEthernet, mdm.KeyAdapter, mdm.KeyIMEI, mdm.KeyMEID, mdm.KeyEID, mdm.KeySIMICCID, mdm.KeySIMPhone, mdm.KeySIMCarrier,
		mdm.KeyManufacturer, mdm.KeyModel, mdm.KeyModelID, mdm.KeyOSName, mdm.KeyOSVersion, mdm.KeyOSPatch, mdm.KeyBattery,
		mdm.KeyManaged, mdm.KeySupervised, mdm.KeyEncrypted, mdm.KeyCompliant, mdm.KeyLostMode, mdm.KeyOwnership,
		mdm.KeyEnrolmentMethod, mdm.KeyEnrolmentAt, mdm.KeyEnrolmentSource, mdm.KeyAdded, mdm.KeyStatus, mdm.KeyLastSeen,
		mdm.KeyUserID, mdm.KeyUserName, mdm.KeyUserLogin, mdm.KeyUserEmail, mdm.KeyGroups, mdm.KeySiteID,
		mdm.KeyAssetTag, mdm.KeyNotes, mdm.KeyLink, mdm.KeyCustom,
	}
}

func detailAttributes() mdm.Keys {
	return mdm.Keys{
		mdm.KeyHostName, mdm.KeyUDID, mdm.KeyDirectoryID, mdm.KeyMACBluetooth, mdm.KeyIP, mdm.KeyPartNumber, mdm.KeyOSBuild,
		mdm.KeyMemoryTotal, mdm.KeyStorageTotal, mdm.KeyStorageFree, mdm.KeyExternalFree, mdm.KeySIMIMSI, mdm.KeyPasscode, mdm.KeyPasscodeCompliant,
		mdm.KeyJailbroken, mdm.KeyActivationLock,
	}
}

// Open opens a source from the values of the settings form.
func Open(values mdm.Values, options transport.Options) (mdm.Source, error) {
	clean, err := Settings().Normalise(values)
	if err != nil {
		return nil, err
	}
	cfg := Config{Address: clean.Text[FieldAddress], Tenant: clean.Text[FieldTenant], Token: clean.Secrets[FieldToken],
		AssetTag: clean.Text[FieldAssetTag], Prefix: clean.Text[FieldPrefix], Listing: clean.Text[FieldListing],
		BasePath: clean.Text[FieldBasePath], Link: clean.Text[FieldLink], Transport: options}
	if day := clean.Text[FieldExpires]; day != "" {
		if cfg.Expires, err = time.Parse(time.DateOnly, day); err != nil {
			return nil, err
		}
	}
	c, err := New(cfg)
	if err != nil {
		return nil, err
	}
	return c.Source(), nil
}

// canonicalAddress keeps the tenant that an address of the portal names.
//
// Source: reference/relution.md 11, row 43
func canonicalAddress(text string) (string, error) {
	base, err := parseAddress(text)
	if err != nil {
		return "", err
	}
	if tenant := TenantOf(text); tenant != "" {
		return canonical(base) + "/#/devices/inventory?" + tenantParameter + "=" + tenant, nil
	}
	return canonical(base), nil
}

func canonicalDate(text string) (string, error) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.DateOnly, "2.1.2006", time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.Format(time.DateOnly), nil
		}
	}
	return "", errors.New("is no date; write it as 2027-07-31")
}

func among(known ...string) func(string) (string, error) {
	return func(text string) (string, error) {
		if text = strings.TrimSpace(text); text == "" || slices.Contains(known, text) {
			return text, nil
		}
		return "", errors.New("must be empty or one of " + strings.Join(known, ", "))
	}
}
