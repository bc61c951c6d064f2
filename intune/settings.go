package intune

import (
	"context"
	"errors"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Keys of the fields of the settings form.
const (
	FieldTenantID            = "tenant_id"
	FieldCloud               = "cloud"
	FieldClientID            = "client_id"
	FieldClientSecret        = "client_secret"
	FieldCertificate         = "certificate"
	FieldReport              = "report"
	FieldForbidClearPasscode = "forbid_clear_passcode"
	FieldLink                = "link"
)

// Settings describes the form, the permissions of the app registration, and
// what the connection can then do. Of the customer only the tenant ID is asked;
// the rest belongs to the host, which keeps it once for all connections and
// never with one.
func Settings() mdm.Settings {
	return mdm.Settings{
		Kind:   Kind,
		Title:  "Microsoft Intune",
		Fields: fields(),
		Docs: []mdm.Link{
			{Title: "Find the tenant ID", URL: "https://learn.microsoft.com/entra/fundamentals/how-to-find-tenant"},
			{Title: "Grant tenant-wide admin consent", URL: "https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent"},
			{Title: "Working with Intune in Microsoft Graph", URL: "https://learn.microsoft.com/graph/api/resources/intune-graph-overview"},
		},
		Role: mdm.Text{
			EN: "Enter the tenant ID, then follow the consent link and sign in as an administrator of the tenant. The host's app registration needs the application permission " + readDevices + "; it is enough for a sync.",
			DE: "Die Mandanten-ID eintragen, dann dem Link zur Zustimmung folgen und sich als Administrator des Mandanten anmelden. Die App-Registrierung der Anwendung braucht die Anwendungsberechtigung " + readDevices + "; sie genügt für einen Abgleich.",
		},
		Permissions: rights.Abilities(),
		Lists:       listAttributes(),
		Details: mdm.Keys{mdm.KeyUDID, mdm.KeyMACEthernet, mdm.KeyIP, mdm.KeyEID, mdm.KeySIMICCID, mdm.KeyModelID, mdm.KeyMemoryTotal,
			mdm.KeyBattery, mdm.KeyHostName, mdm.KeyNotes},
		Writes:    mdm.Keys{mdm.KeyOwnership, mdm.KeyNotes},
		Commands:  commands.Names(),
		Abilities: mdm.Abilities(&Source{}),
	}
}

func fields() []mdm.Setting {
	return []mdm.Setting{
		{Key: FieldTenantID, By: mdm.FillerCustomer, Required: true, Check: canonicalTenant,
			Label: mdm.Text{EN: "Tenant ID", DE: "Mandanten-ID"},
			Hint: mdm.Text{EN: "it stands in the Entra admin center under Overview as Tenant ID",
				DE: "steht im Entra Admin Center unter Übersicht als Mandanten-ID"}},
		{Key: FieldCloud, By: mdm.FillerHost, Check: canonicalCloud,
			Label: mdm.Text{EN: "Cloud", DE: "Cloud"},
			Hint: mdm.Text{EN: "public, government, defense or china; empty for public",
				DE: "public, government, defense oder china; leer für public"}},
		{Key: FieldClientID, By: mdm.FillerHost, Required: true,
			Label: mdm.Text{EN: "Application (client) ID", DE: "Anwendungs-ID (Client)"},
			Hint:  mdm.Text{EN: "of the app registration", DE: "der App-Registrierung"}},
		{Key: FieldClientSecret, By: mdm.FillerHost, Secret: true,
			Label: mdm.Text{EN: "Client secret", DE: "Geheimer Clientschlüssel"},
			Hint:  mdm.Text{EN: "its value, not its ID; or a certificate", DE: "der Wert, nicht die ID; oder ein Zertifikat"}},
		{Key: FieldCertificate, By: mdm.FillerHost, Secret: true,
			Label: mdm.Text{EN: "Certificate", DE: "Zertifikat"},
			Hint: mdm.Text{EN: "certificate and RSA key as PEM, in place of a secret",
				DE: "Zertifikat und RSA-Schlüssel als PEM, statt eines Schlüssels"}},
		{Key: FieldReport, By: mdm.FillerHost, Check: canonicalYesNo,
			Label: mdm.Text{EN: "Read through reports", DE: "Über Berichte lesen"},
			Hint: mdm.Text{EN: "yes for large fleets: more of each device, but a sync begins after minutes",
				DE: "ja bei vielen Geräten: mehr je Gerät, aber der Abgleich beginnt erst nach Minuten"}},
		{Key: FieldForbidClearPasscode, By: mdm.FillerHost, Check: canonicalYesNo,
			Label: mdm.Text{EN: "Never reset passcodes", DE: "Codes nie zurücksetzen"},
			Hint:  mdm.Text{EN: "yes to refuse it on all devices", DE: "ja, um es auf allen Geräten abzulehnen"}},
		{Key: FieldLink, By: mdm.FillerHost, Check: func(t string) (string, error) { return t, places.Check(t) },
			Label: mdm.Text{EN: "Deep-link template", DE: "Vorlage für Links"},
			Hint: mdm.Text{EN: "address with the placeholders " + places.String() + "; empty for the device's page",
				DE: "Adresse mit den Platzhaltern " + places.String() + "; leer für die Seite des Geräts"}},
	}
}

func listAttributes() mdm.Keys {
	return mdm.Keys{
		mdm.KeySource, mdm.KeyClass, mdm.KeyPlatform, mdm.KeyPlatformText, mdm.KeyName, mdm.KeySerial, mdm.KeyDirectoryID,
		mdm.KeyMAC, mdm.KeyMACWiFi, mdm.KeyAdapter, mdm.KeyIMEI, mdm.KeyMEID, mdm.KeySIMPhone, mdm.KeySIMCarrier, mdm.KeyManufacturer,
		mdm.KeyModel, mdm.KeyOSName, mdm.KeyOSVersion, mdm.KeyOSBuild, mdm.KeyOSPatch, mdm.KeyStorageTotal, mdm.KeyStorageFree,
		mdm.KeyManaged, mdm.KeySupervised, mdm.KeyEncrypted, mdm.KeyCompliant, mdm.KeyJailbroken, mdm.KeyLostMode, mdm.KeyOwnership,
		mdm.KeyEnrolmentMethod, mdm.KeyEnrolmentAt, mdm.KeyEnrolmentProfile, mdm.KeyEnrolmentSource, mdm.KeyStatus, mdm.KeyLastSeen,
		mdm.KeyUserID, mdm.KeyUserName, mdm.KeyUserLogin, mdm.KeyUserEmail, mdm.KeyLink, mdm.KeyCustom,
	}
}

// Open opens a source from the values of the settings form.
func Open(values mdm.Values, options transport.Options) (mdm.Source, error) {
	clean, err := Settings().Normalise(values)
	if err != nil {
		return nil, err
	}
	cloud, err := ParseCloud(clean.Text[FieldCloud])
	if err != nil {
		return nil, err
	}
	cfg := Config{TenantID: clean.Text[FieldTenantID], Cloud: cloud, ClientID: clean.Text[FieldClientID],
		ClientSecret: clean.Secrets[FieldClientSecret], Report: clean.Text[FieldReport] == "yes",
		ForbidClearPasscode: clean.Text[FieldForbidClearPasscode] == "yes", Link: clean.Text[FieldLink], Transport: options}
	if secret := clean.Secrets[FieldCertificate]; !secret.IsZero() {
		if cfg.Certificate, err = certificateOf(secret); err != nil {
			return nil, err
		}
	}
	c, err := New(cfg)
	if err != nil {
		return nil, err
	}
	return c.Source(), nil
}

func canonicalCloud(text string) (string, error) {
	c, err := ParseCloud(text)
	return c.String(), err
}

func canonicalYesNo(text string) (string, error) {
	switch lower(text) {
	case "yes", "true", "ja", "1":
		return "yes", nil
	case "no", "false", "nein", "0":
		return "no", nil
	}
	return "", errYesNo
}

var errYesNo = errors.New("is neither yes nor no")

// certificateOf reads a certificate from the form. Opening a source makes no
// request, so a secret that has to be fetched is fetched here and now.
func certificateOf(secret mdm.Secret) (*Certificate, error) {
	text, err := secret.Reveal(context.Background())
	if err != nil {
		return nil, &mdm.Error{Origin: mdm.Origin{Kind: Kind}, Op: "settings", Kind: mdm.ErrInvalid, Detail: FieldCertificate + ": is not set"}
	}
	c, err := ParseCertificate([]byte(text))
	if err != nil {
		return nil, &mdm.Error{Origin: mdm.Origin{Kind: Kind}, Op: "settings", Kind: mdm.ErrInvalid,
			Detail: FieldCertificate + ": " + strings.TrimPrefix(err.Error(), "intune: ")}
	}
	return c, nil
}
