package abm

import (
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Keys of the fields of the settings form.
const (
	FieldClientID     = "client_id"
	FieldKeyID        = "key_id"
	FieldKey          = "private_key"
	FieldOrganisation = "organisation"
	FieldLink         = "link"
)

// Settings describes the form, the API account to make in the portal, and what
// the connection can then do.
func Settings() mdm.Settings {
	return mdm.Settings{
		Kind:   Kind,
		Title:  "Apple Business Manager / Apple School Manager",
		Fields: fields(),
		Docs: []mdm.Link{
			{Title: "Apple Business API", URL: "https://developer.apple.com/documentation/applebusinessmanagerapi"},
			{Title: "Apple School Manager API", URL: "https://developer.apple.com/documentation/appleschoolmanagerapi"},
		},
		Role: mdm.Text{
			EN: "In the settings of Apple Business Manager (as an Organization Administrator) or Apple School Manager (as an Administrator or Site Manager), make an API account with the smallest role that may read devices, then generate its private key. The .pem file can be downloaded only once. Client ID and key ID are shown beside it.",
			DE: "In den Einstellungen von Apple Business Manager (als Organisationsadministrator) oder Apple School Manager (als Administrator oder Standortmanager) einen API-Account mit der kleinsten Rolle anlegen, die Geräte lesen darf, dann seinen privaten Schlüssel erzeugen. Die .pem-Datei lässt sich nur einmal laden. Client-ID und Schlüssel-ID stehen daneben.",
		},
		Permissions: rights.Abilities(),
		Lists: mdm.Keys{
			mdm.KeySource, mdm.KeyClass, mdm.KeyPlatform, mdm.KeyPlatformText, mdm.KeySerial, mdm.KeyMAC, mdm.KeyMACWiFi,
			mdm.KeyMACEthernet, mdm.KeyMACBluetooth, mdm.KeyAdapter, mdm.KeyIMEI, mdm.KeyMEID, mdm.KeyEID, mdm.KeyManufacturer, mdm.KeyModel,
			mdm.KeyModelID, mdm.KeyPartNumber, mdm.KeyColour, mdm.KeyStorageTotal, mdm.KeyOwnership, mdm.KeyEnrolmentSource,
			mdm.KeyAdded, mdm.KeyPurchaseDate, mdm.KeyPurchaseVendor, mdm.KeyPurchaseOrder, mdm.KeyLink, mdm.KeyCustom,
		},
		Details:   mdm.Keys{mdm.KeyReleased, mdm.KeyStatus, mdm.KeyWarrantyEnd},
		Abilities: mdm.Abilities(&Source{}),
	}
}

func fields() []mdm.Setting {
	return []mdm.Setting{
		{Key: FieldClientID, By: mdm.FillerCustomer, Required: true,
			Check: func(t string) (string, error) { id, _, err := parseClientID(t); return id, err },
			Label: mdm.Text{EN: "Client ID", DE: "Client-ID"},
			Hint: mdm.Text{EN: "of the API account; begins with BUSINESSAPI. or SCHOOLAPI.",
				DE: "des API-Accounts; beginnt mit BUSINESSAPI. oder SCHOOLAPI."}},
		{Key: FieldKeyID, By: mdm.FillerCustomer, Required: true, Check: parseKeyID,
			Label: mdm.Text{EN: "Key ID", DE: "Schlüssel-ID"},
			Hint: mdm.Text{EN: "a UUID, shown with the private key of the API account",
				DE: "eine UUID, die beim privaten Schlüssel des API-Accounts steht"}},
		{Key: FieldKey, By: mdm.FillerCustomer, Required: true, Secret: true,
			Label: mdm.Text{EN: "Private key", DE: "Privater Schlüssel"},
			Hint: mdm.Text{EN: "the whole content of the .pem file; it can be downloaded only once",
				DE: "der ganze Inhalt der .pem-Datei; sie lässt sich nur einmal laden"}},
		{Key: FieldOrganisation, By: mdm.FillerCustomer,
			Check: func(t string) (string, error) { _, err := parseOrganisation(t, ""); return strings.TrimSpace(t), err },
			Label: mdm.Text{EN: "Organisation", DE: "Organisation"},
			Hint: mdm.Text{EN: "a name for the organisation that stays when the API account is replaced; empty for one made from the client ID",
				DE: "ein Name der Organisation, der auch mit einem anderen API-Account gleich bleibt; leer für einen aus der Client-ID"}},
		{Key: FieldLink, By: mdm.FillerHost, Check: func(t string) (string, error) { return t, places.Check(t) },
			Label: mdm.Text{EN: "Deep-link template", DE: "Vorlage für Links"},
			Hint: mdm.Text{EN: "address with the placeholders " + places.String() + "; empty for no links",
				DE: "Adresse mit den Platzhaltern " + places.String() + "; leer für keine Links"}},
	}
}

// Open opens a source from the values of the settings form. It permits nothing
// that cannot be undone; see Config.AllowDestructive.
func Open(values mdm.Values, options transport.Options) (mdm.Source, error) {
	clean, err := Settings().Normalise(values)
	if err != nil {
		return nil, err
	}
	c, err := New(Config{ClientID: clean.Text[FieldClientID], KeyID: clean.Text[FieldKeyID], Key: clean.Secrets[FieldKey],
		Organisation: clean.Text[FieldOrganisation], Link: clean.Text[FieldLink], Transport: options})
	if err != nil {
		return nil, err
	}
	return c.Source(), nil
}
