package ade

import (
	"errors"

	"github.com/mdmlink/mdmlink/mdm"
)

// What may be wrong with a file, a token or a request to remember something.
// Each is the cause of an *mdm.Error, found with errors.Is; [Explain] has the
// words for a person, and [FaultCode] the code for storage.
var (
	// ErrNotToken says that the file is of another kind; see [DetectFile].
	ErrNotToken = flaw("not_a_token", mdm.ErrInvalid, "the file is no server token",
		"Upload the server token, a file ending in _smime.p7m, that the portal gives for this server.",
		"Laden Sie das Server-Token hoch, eine Datei mit der Endung _smime.p7m, die das Portal für diesen Server ausgibt.")
	// ErrDamaged says that the file is a token file and is not whole.
	ErrDamaged = flaw("damaged", mdm.ErrInvalid, "the token file is damaged",
		"Download the token again and upload the file as it is, without opening it in an editor.",
		"Laden Sie das Token erneut herunter und laden Sie die Datei unverändert hoch, ohne sie in einem Editor zu öffnen.")
	// ErrTooLarge says that the file is larger than such a file can be.
	ErrTooLarge = flaw("too_large", mdm.ErrInvalid, "the file is too large",
		"Upload the file that the portal gave; it has a few kilobytes.",
		"Laden Sie die Datei aus dem Portal hoch; sie hat nur wenige Kilobyte.")
	// ErrCipher says that the token is encrypted in a way that is not known.
	ErrCipher = flaw("cipher", mdm.ErrUnsupported, "the token is encrypted in a way that is not supported",
		"Download the token again. If that does not help, this version of the software is too old for it.",
		"Laden Sie das Token erneut herunter. Hilft das nicht, ist diese Version der Software zu alt dafür.")
	// ErrNoKey says that there is no key pair to open the token with.
	ErrNoKey = flaw("no_key", mdm.ErrInvalid, "there is no key to open the token with",
		"Make a key pair, upload its certificate in the portal, and download a new token.",
		"Erzeugen Sie ein Schlüsselpaar, laden Sie dessen Zertifikat im Portal hoch und laden Sie ein neues Token herunter.")
	// ErrOtherCertificate says that the token was made for another certificate.
	ErrOtherCertificate = flaw("other_certificate", mdm.ErrInvalid, "the token was made for another certificate",
		"Upload the certificate of this system in the portal, for this server, and download a new token.",
		"Laden Sie das Zertifikat dieses Systems im Portal bei diesem Server hoch und laden Sie ein neues Token herunter.")
	// ErrWrongKey says that the certificate fits and the key does not open.
	ErrWrongKey = flaw("wrong_key", mdm.ErrInvalid, "the private key does not open the token",
		"Use the private key that belongs to the certificate in the portal, or upload a new certificate there and download a new token.",
		"Verwenden Sie den privaten Schlüssel zum Zertifikat im Portal, oder laden Sie dort ein neues Zertifikat hoch und laden Sie ein neues Token herunter.")
	// ErrContent says that the file opens and what is in it is no token.
	ErrContent = flaw("content", mdm.ErrInvalid, "the file opens, but holds no valid token",
		"Download the token again. If that does not help, create a new one in the portal.",
		"Laden Sie das Token erneut herunter. Hilft das nicht, erzeugen Sie im Portal ein neues.")

	// ErrNotKey says that the file holds no private key.
	ErrNotKey = flaw("not_a_key", mdm.ErrInvalid, "the file holds no private key",
		"Supply the private RSA key as PEM or DER.",
		"Geben Sie den privaten RSA-Schlüssel als PEM oder DER an.")
	// ErrKeyDamaged says that the file is a key file and is not whole.
	ErrKeyDamaged = flaw("key_damaged", mdm.ErrInvalid, "the key file is damaged",
		"Supply the key file as it was made, without opening it in an editor.",
		"Geben Sie die Schlüsseldatei unverändert an, ohne sie in einem Editor zu öffnen.")
	// ErrKeyKind says that the key is of a kind that cannot open a token.
	ErrKeyKind = flaw("key_kind", mdm.ErrUnsupported, "the key is of a kind that cannot open a token",
		"Supply an RSA key of 2048 to 8192 bits; an elliptic-curve key belongs to the organisation API.",
		"Geben Sie einen RSA-Schlüssel mit 2048 bis 8192 Bit an; ein Schlüssel mit elliptischer Kurve gehört zur Organisations-API.")
	// ErrKeyCipher says that the key is encrypted in a way that is not known.
	ErrKeyCipher = flaw("key_cipher", mdm.ErrUnsupported, "the key is encrypted in a way that is not supported",
		"Convert the key with: openssl pkcs8 -topk8 -v2 aes-256-cbc -in key.pem -out converted.pem",
		"Wandeln Sie den Schlüssel um: openssl pkcs8 -topk8 -v2 aes-256-cbc -in key.pem -out converted.pem")
	// ErrPasswordMissing says that the key is encrypted and no password came.
	ErrPasswordMissing = flaw("password_missing", mdm.ErrInvalid, "the key is encrypted and needs its password",
		"Supply the password of the private key.", "Geben Sie das Kennwort des privaten Schlüssels an.")
	// ErrWrongPassword says that the password does not open the key.
	ErrWrongPassword = flaw("wrong_password", mdm.ErrInvalid, "the password does not open the key",
		"Check the password of the private key.", "Prüfen Sie das Kennwort des privaten Schlüssels.")
	// ErrNotCertificate says that the file holds no certificate.
	ErrNotCertificate = flaw("not_a_certificate", mdm.ErrInvalid, "the file holds no certificate",
		"Supply the certificate as PEM or DER.", "Geben Sie das Zertifikat als PEM oder DER an.")
	// ErrKeyMismatch says that key and certificate are not of one pair.
	ErrKeyMismatch = flaw("key_mismatch", mdm.ErrInvalid, "key and certificate do not belong together",
		"Supply the key that the certificate was made with.", "Geben Sie den Schlüssel an, zu dem das Zertifikat gehört.")
)

// What stands against a renewal.
var (
	// ErrOtherServer says that the new token belongs to another server entry.
	ErrOtherServer = flaw("other_server", mdm.ErrConflict,
		"the token belongs to another server entry; the token in use has probably been invalidated if this download was for its server",
		"Download the token of the right server, or say that this server is to be replaced.",
		"Laden Sie das Token des richtigen Servers herunter, oder legen Sie fest, dass dieser Server ersetzt werden soll.")
	// ErrOtherOrganisation says that the new token belongs to another
	// organisation.
	ErrOtherOrganisation = flaw("other_organisation", mdm.ErrWrongTenant, "the token belongs to another organisation",
		"Sign in to the portal with an account of the right organisation, or add the token as a new server.",
		"Melden Sie sich im Portal mit einem Konto der richtigen Organisation an, oder fügen Sie das Token als neuen Server hinzu.")
	// ErrOlderToken says that the token is older than the one in use and that
	// Apple did not confirm it.
	ErrOlderToken = flaw("older_token", mdm.ErrCredentialSuperseded, "the token is older than the one in use",
		"Download a new token in the portal; an earlier download works no longer.",
		"Laden Sie im Portal ein neues Token herunter; ein früherer Download funktioniert nicht mehr.")
	// ErrTokenExpired says that the token is past its expiry.
	ErrTokenExpired = flaw("token_expired", mdm.ErrCredentialExpired, "the token has expired",
		"Download a new token in the portal and import it.", "Laden Sie im Portal ein neues Token herunter und importieren Sie es.")
	// ErrUnverified says that Apple could not be asked whose token it is.
	ErrUnverified = flaw("unverified", mdm.ErrUnavailable,
		"Apple did not confirm the token; the token in use has probably been invalidated by this download",
		"Try again, accept new terms in the portal if there are any, or store the token unverified.",
		"Versuchen Sie es erneut, akzeptieren Sie im Portal gegebenenfalls neue Bedingungen, oder speichern Sie das Token ungeprüft.")
	// ErrNoToken says that a server has no token yet.
	ErrNoToken = flaw("no_token", mdm.ErrConflict, "the server has no token", "Download the token in the portal and import it.",
		"Laden Sie das Token im Portal herunter und importieren Sie es.")
	// ErrSuperseded says that Apple refuses the token before its end.
	ErrSuperseded = flaw("superseded", mdm.ErrCredentialSuperseded, "Apple no longer accepts the token", states[StateSuperseded].say.EN, states[StateSuperseded].say.DE)
	// ErrTerms says that new terms of Apple's wait for a signature. The token
	// itself is good.
	ErrTerms = flaw("terms", mdm.ErrTermsNotAccepted, "new terms of Apple's are not accepted", states[StateTerms].say.EN, states[StateTerms].say.DE)
	// ErrClockSkew says that Apple refused a token and that the clock of this
	// machine is more than five minutes off, so that the token may be good.
	ErrClockSkew = flaw("clock_skew", mdm.ErrUnauthorized, "the clock of this machine is wrong, so that Apple refuses every request",
		"Set the clock of this machine.", "Stellen Sie die Uhr dieses Rechners.")
	// ErrAccessDenied says that the server entry has no access any more.
	ErrAccessDenied = flaw("access_denied", mdm.ErrPermissionMissing, "this server entry has no access any more",
		"Check that the server still exists in the portal and that the person who downloaded the token kept the role; then download a new token.",
		"Prüfen Sie, ob der Server im Portal noch existiert und die Person, die das Token heruntergeladen hat, ihre Rolle behalten hat; laden Sie dann ein neues Token herunter.")
)

// What stands against remembering something.
var (
	// ErrName says that a server cannot have the name.
	ErrName = flaw("name", mdm.ErrInvalid, "a server cannot have this name",
		"Choose another name; Unassigned and Reassigned are not allowed.",
		"Wählen Sie einen anderen Namen; Unassigned und Reassigned sind nicht erlaubt.")
	// ErrNameTaken says that another server, configuration or profile has the
	// name already.
	ErrNameTaken = flaw("name_taken", mdm.ErrConflict, "the name is taken", "Choose another name.", "Wählen Sie einen anderen Namen.")
	// ErrStale says that a value was changed by somebody else in between.
	ErrStale = flaw("stale", mdm.ErrConflict, "somebody else changed this in between",
		"Read it again and repeat the change.", "Lesen Sie den Stand neu und wiederholen Sie die Änderung.")
	// ErrSealKey says that a value was sealed with a key that is not at hand.
	ErrSealKey = flaw("seal_key", mdm.ErrInvalid, "the value was sealed with a key that is not at hand",
		"Add the earlier key to the keyring until every value is sealed anew.",
		"Nehmen Sie den früheren Schlüssel in den Schlüsselbund auf, bis alle Werte neu versiegelt sind.")
	// ErrSealBroken says that a sealed value was changed, was swapped with
	// another, or was sealed with another key of the same id.
	ErrSealBroken = flaw("seal_broken", mdm.ErrInvalid, "the sealed value is damaged or belongs elsewhere",
		"Restore the value from a backup.", "Stellen Sie den Wert aus einer Sicherung wieder her.")
	// ErrNewerVersion says that a newer version of this package wrote a value.
	ErrNewerVersion = flaw("newer_version", mdm.ErrUnsupported, "a newer version of this software wrote the value",
		"Update this software.", "Aktualisieren Sie diese Software.")
	// ErrStored says that a stored value makes no sense.
	ErrStored = flaw("stored", mdm.ErrDecode, "the stored value makes no sense",
		"Restore the value from a backup.", "Stellen Sie den Wert aus einer Sicherung wieder her.")
	// ErrNoServerConfig says that no server configuration is assigned, so that
	// a profile would not say where to enrol.
	ErrNoServerConfig = flaw("no_server_config", mdm.ErrConflict, "no server configuration is assigned to this server",
		"Assign a server configuration to the server, then publish the profile again.",
		"Weisen Sie dem Server eine Serverkonfiguration zu und veröffentlichen Sie das Profil erneut.")
	// ErrServerConfig says that a server configuration is not complete.
	ErrServerConfig = flaw("server_config", mdm.ErrInvalid, "the server configuration is not valid",
		"Give it a name, the https address of the MDM server, and certificates in DER form.",
		"Geben Sie einen Namen, die https-Adresse des MDM-Servers und Zertifikate in DER-Form an.")
	// ErrInUse says that something else still refers to what is to be removed.
	ErrInUse = flaw("in_use", mdm.ErrConflict, "it is still in use",
		"Remove what refers to it first.", "Entfernen Sie zuerst, was darauf verweist.")
	// ErrPublishing says that a publication of the profile is under way, or was
	// cut off.
	ErrPublishing = flaw("publishing", mdm.ErrConflict, "the profile is being published",
		"Wait until it ends. If it was interrupted, abandon it and publish again.",
		"Warten Sie das Ende ab. Wurde der Vorgang unterbrochen, brechen Sie ihn ab und veröffentlichen Sie erneut.")
	// ErrNotPublished says that a profile is not known to Apple yet.
	ErrNotPublished = flaw("not_published", mdm.ErrConflict, "the profile is not published",
		"Publish the profile first.", "Veröffentlichen Sie zuerst das Profil.")
	// ErrProfile says that the profile is no JSON object, or has no name.
	ErrProfile = flaw("profile", mdm.ErrInvalid, "the profile is not valid",
		"Supply a JSON object with a profile_name.", "Geben Sie ein JSON-Objekt mit einem profile_name an.")
)

// fault is one thing that may be wrong.
type fault struct {
	code, detail string
	kind         error // of package mdm
	say          mdm.Text
}

func flaw(code string, kind error, detail, en, de string) error {
	return &fault{code: code, kind: kind, detail: detail, say: mdm.Text{EN: en, DE: de}}
}

// Error says what is wrong.
func (f *fault) Error() string { return f.detail }

// Kind is the kind of this vendor's origins and sources.
const Kind = "ade"

// fail makes an error of one of the sentinels. more is a fixed text that says
// more, or "".
func fail(op string, sentinel error, more string) error {
	f, _ := errors.AsType[*fault](sentinel)
	detail := f.detail
	if more != "" {
		detail += ": " + more
	}
	return &mdm.Error{Op: op, Origin: mdm.Origin{Kind: Kind}, Kind: f.kind, Detail: detail, Advice: f.say.EN, Cause: f}
}

// Explain returns what a person can do about an error of this package, in
// English and German; the zero Text if the error is of no sentinel of this
// package.
func Explain(err error) mdm.Text {
	if f, ok := errors.AsType[*fault](err); ok {
		return f.say
	}
	return mdm.Text{}
}

// FaultCode returns the stable code of an error of this package, such as
// "wrong_key", or "". It is finer than [mdm.Code].
func FaultCode(err error) string {
	if f, ok := errors.AsType[*fault](err); ok {
		return f.code
	}
	return ""
}
