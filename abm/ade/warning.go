package ade

import "github.com/mdmlink/mdmlink/mdm"

// Warning is something about a token that a person should know and that does
// not stop its use. The zero Warning is none.
type Warning uint8

const (
	WarnNone        Warning = iota
	WarnPrefix              // a credential does not begin as Apple's do
	WarnSoon                // the token ends within its warning window
	WarnOlder               // the token ends before the one that it replaces
	WarnSame                // the token is the one in use
	WarnConsumer            // another account downloaded it: its consumer key changed
	WarnAdmin               // the token depends on another person's account than before
	WarnNewServer           // the token is of another server entry, which replaces the earlier
	WarnUnverified          // Apple could not be asked whose token it is
	WarnKeyReplaced         // the pair that opened it was not the one in use
)

var warnings = [...]struct {
	code string
	text mdm.Text
}{
	WarnNone:        {},
	WarnPrefix:      {"prefix", mdm.Text{EN: "The credentials do not look as Apple's usually do.", DE: "Die Zugangsdaten sehen nicht aus, wie Apple sie üblicherweise ausgibt."}},
	WarnSoon:        {"soon", mdm.Text{EN: "The token ends soon. Download a new one.", DE: "Das Token läuft bald ab. Laden Sie ein neues herunter."}},
	WarnOlder:       {"older", mdm.Text{EN: "The token ends earlier than the one that it replaces.", DE: "Das Token läuft früher ab als das, welches es ersetzt."}},
	WarnSame:        {"same", mdm.Text{EN: "The token is the one that is in use already.", DE: "Das Token ist das bereits verwendete."}},
	WarnConsumer:    {"consumer", mdm.Text{EN: "Another account downloaded the token than the time before.", DE: "Das Token wurde mit einem anderen Account heruntergeladen als beim vorigen Mal."}},
	WarnAdmin:       {"admin", mdm.Text{EN: "The token depends on another person's account than before: it ends when that person changes the password or leaves.", DE: "Das Token hängt von einem anderen Account ab als bisher: Es endet, wenn diese Person ihr Kennwort ändert oder die Organisation verlässt."}},
	WarnNewServer:   {"new_server", mdm.Text{EN: "The token is of another server entry. All devices are fetched anew.", DE: "Das Token gehört zu einem anderen Servereintrag. Alle Geräte werden neu abgerufen."}},
	WarnUnverified:  {"unverified", mdm.Text{EN: "Apple could not be asked whose token it is. That is done with the first answer.", DE: "Apple konnte nicht gefragt werden, wem das Token gehört. Das wird mit der ersten Antwort nachgeholt."}},
	WarnKeyReplaced: {"key_replaced", mdm.Text{EN: "The token was made for a newer certificate, whose key is in use from now on.", DE: "Das Token wurde für ein neueres Zertifikat ausgestellt, dessen Schlüssel nun verwendet wird."}},
}

// String returns a stable code such as "consumer", or "".
func (w Warning) String() string {
	if int(w) >= len(warnings) {
		return ""
	}
	return warnings[w].code
}

// MarshalText returns what String does.
func (w Warning) MarshalText() ([]byte, error) { return []byte(w.String()), nil }

// Text says it to a person, in one or two sentences.
func (w Warning) Text() mdm.Text {
	if int(w) >= len(warnings) {
		return mdm.Text{}
	}
	return warnings[w].text
}
