package ade

import (
	"errors"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Keys of the fields of the settings form.
const (
	FieldServer         = "server"
	FieldConsumerKey    = "consumer_key"
	FieldConsumerSecret = "consumer_secret"
	FieldAccessToken    = "access_token"
	FieldAccessSecret   = "access_secret"
	FieldExpiry         = "access_token_expiry"
	FieldLink           = "link"
)

// Settings describes the form, what is needed in the portal, and what the
// connection can then do. The host fills in the values of the token, which it
// gets from the customer's token file with [Open] or a [Registry].
func Settings() mdm.Settings {
	return mdm.Settings{
		Kind:   Kind,
		Title:  "Apple Automated Device Enrolment",
		Fields: fields(),
		Docs: []mdm.Link{
			{Title: "Device assignment", URL: "https://developer.apple.com/documentation/devicemanagement/device-assignment"},
			{Title: "Authenticating for Automated Device Enrollment", URL: "https://developer.apple.com/documentation/devicemanagement/authenticating-for-automated-device-enrollment"},
		},
		Role: mdm.Text{
			EN: "In Apple Business Manager or Apple School Manager, as an Administrator, Site Manager or Device Enrolment Manager, add an MDM server, upload the certificate of this system, and download the server token. A new token ends the one before: never download one for the server of a device management that is in use elsewhere.",
			DE: "In Apple Business Manager oder Apple School Manager als Administrator, Standortmanager oder Manager für die Geräteregistrierung einen MDM-Server hinzufügen, das Zertifikat dieses Systems hochladen und das Server-Token laden. Ein neues Token beendet das vorige: nie eines für den Server einer Geräteverwaltung laden, die anderswo in Betrieb ist.",
		},
		Permissions: rights.Abilities(),
		Lists: mdm.Keys{
			mdm.KeySource, mdm.KeyClass, mdm.KeyPlatform, mdm.KeyPlatformText, mdm.KeySerial, mdm.KeyMAC, mdm.KeyMACWiFi,
			mdm.KeyMACEthernet, mdm.KeyMACBluetooth, mdm.KeyAdapter, mdm.KeyIMEI, mdm.KeyMEID, mdm.KeyEID, mdm.KeyManufacturer,
			mdm.KeyModel, mdm.KeyColour, mdm.KeyOSName, mdm.KeyOwnership, mdm.KeyAdded, mdm.KeyAssetTag, mdm.KeyLink, mdm.KeyCustom,
		},
		Details:   mdm.Keys{mdm.KeyReplaces},
		Abilities: mdm.Abilities(&Source{}),
	}
}

func fields() []mdm.Setting {
	credential := func(key, name string) mdm.Setting {
		return mdm.Setting{Key: key, By: mdm.FillerHost, Required: true, Secret: true,
			Label: mdm.Text{EN: "Token: " + name, DE: "Token: " + name},
			Hint:  mdm.Text{EN: "the value " + key + " of the opened token file", DE: "der Wert " + key + " der geöffneten Token-Datei"}}
	}
	return []mdm.Setting{
		{Key: FieldServer, By: mdm.FillerHost, Required: true, Check: parseServer,
			Label: mdm.Text{EN: "Server", DE: "Server"},
			Hint: mdm.Text{EN: "UUID of the server entry, or a name that stays when the token is renewed",
				DE: "UUID des Servereintrags oder ein Name, der bei einer Erneuerung des Tokens gleich bleibt"}},
		credential(FieldConsumerKey, "consumer key"), credential(FieldConsumerSecret, "consumer secret"),
		credential(FieldAccessToken, "access token"), credential(FieldAccessSecret, "access secret"),
		{Key: FieldExpiry, By: mdm.FillerHost, Check: parseExpiry,
			Label: mdm.Text{EN: "Token: end", DE: "Token: Ende"},
			Hint: mdm.Text{EN: "the value access_token_expiry of the opened token file, such as 2027-02-03T09:15:42Z; empty for not known",
				DE: "der Wert access_token_expiry der geöffneten Token-Datei, etwa 2027-02-03T09:15:42Z; leer für unbekannt"}},
		{Key: FieldLink, By: mdm.FillerHost, Check: func(t string) (string, error) { return t, places.Check(t) },
			Label: mdm.Text{EN: "Deep-link template", DE: "Vorlage für Links"},
			Hint: mdm.Text{EN: "address with the placeholders " + places.String() + "; empty for no links",
				DE: "Adresse mit den Platzhaltern " + places.String() + "; leer für keine Links"}},
	}
}

// parseExpiry returns a time in its canonical form.
func parseExpiry(text string) (string, error) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return "", errors.New("is no time such as 2027-02-03T09:15:42Z")
	}
	return at.UTC().Format(time.RFC3339), nil
}

// OpenSource opens a source from the values of the settings form. It permits
// nothing that cannot be undone; see Config.AllowDestructive. The state of the
// token is not kept; see [Registry.Connect] for that. It is what package abm
// and other vendors call Open, which here opens a token file.
func OpenSource(values mdm.Values, options transport.Options) (mdm.Source, error) {
	clean, err := Settings().Normalise(values)
	if err != nil {
		return nil, err
	}
	token := Token{ConsumerKey: clean.Secrets[FieldConsumerKey], ConsumerSecret: clean.Secrets[FieldConsumerSecret],
		AccessToken: clean.Secrets[FieldAccessToken], AccessSecret: clean.Secrets[FieldAccessSecret]}
	if text := clean.Text[FieldExpiry]; text != "" {
		token.Expiry, _ = time.Parse(time.RFC3339, text) // checked by Normalise
	}
	c, err := New(Config{Token: token, Server: clean.Text[FieldServer], Link: clean.Text[FieldLink], Transport: options})
	if err != nil {
		return nil, err
	}
	return c.Source(), nil
}
