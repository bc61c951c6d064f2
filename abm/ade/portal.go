package ade

import "github.com/mdmlink/mdmlink/mdm"

// Step is one thing that a person does to link a server, in the portal or
// here. The zero Step is none.
type Step uint8

const (
	StepNone       Step = iota
	StepMakeKey         // here: make a key pair
	StepSignIn          // portal: sign in
	StepOpen            // portal: go to the servers
	StepAddServer       // portal: add a server
	StepFindServer      // portal: choose the server
	StepUpload          // portal: upload the certificate
	StepDownload        // portal: download the token
	StepImport          // here: import the token
	StepVerify          // here: ask Apple whose it is
)

var steps = [...]struct {
	code string
	here bool
	text mdm.Text
}{
	StepNone:       {},
	StepMakeKey:    {"make_key", true, mdm.Text{EN: "Make a key pair here and save its certificate as a file ending in .pem or .der.", DE: "Erzeugen Sie hier ein Schlüsselpaar und speichern Sie dessen Zertifikat als Datei mit der Endung .pem oder .der."}},
	StepSignIn:     {"sign_in", false, mdm.Text{EN: "Sign in to Apple School Manager or Apple Business Manager as Administrator, Site Manager or Device Enrollment Manager.", DE: "Melden Sie sich im Apple School Manager oder Apple Business Manager als Administrator, Site Manager oder Device Enrollment Manager an."}},
	StepOpen:       {"open", false, mdm.Text{EN: "Choose your name at the bottom of the sidebar, then Preferences, then MDM Server Assignment.", DE: "Wählen Sie Ihren Namen unten in der Seitenleiste, dann „Einstellungen“ und dann „MDM-Serverzuweisung“."}},
	StepAddServer:  {"add_server", false, mdm.Text{EN: "Choose Add and give the server a name that no other server has. Unassigned and Reassigned are not allowed.", DE: "Wählen Sie „Hinzufügen“ und geben Sie dem Server einen Namen, den kein anderer Server hat. „Unassigned“ und „Reassigned“ sind nicht erlaubt."}},
	StepFindServer: {"find_server", false, mdm.Text{EN: "Choose the server.", DE: "Wählen Sie den Server."}},
	StepUpload:     {"upload", false, mdm.Text{EN: "Upload the certificate as the public key and save.", DE: "Laden Sie das Zertifikat als öffentlichen Schlüssel hoch und sichern Sie."}},
	StepDownload:   {"download", false, mdm.Text{EN: "Choose Download Token. From this moment on an earlier token of this server works no longer.", DE: "Wählen Sie „Token herunterladen“. Ab diesem Moment funktioniert ein früheres Token dieses Servers nicht mehr."}},
	StepImport:     {"import", true, mdm.Text{EN: "Import the downloaded file here, at once and unchanged.", DE: "Importieren Sie die heruntergeladene Datei hier, sofort und unverändert."}},
	StepVerify:     {"verify", true, mdm.Text{EN: "Wait until Apple confirms whose token it is. Repeat all steps for a further server.", DE: "Warten Sie, bis Apple bestätigt, wem das Token gehört. Wiederholen Sie alle Schritte für einen weiteren Server."}},
}

// String returns a stable code such as "upload", or "".
func (s Step) String() string {
	if int(s) >= len(steps) {
		return ""
	}
	return steps[s].code
}

// MarshalText returns what String does.
func (s Step) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Text is the instruction for a person, in one or two sentences.
func (s Step) Text() mdm.Text {
	if int(s) >= len(steps) {
		return mdm.Text{}
	}
	return steps[s].text
}

// Here reports whether the step is done in the host's application; the others
// are done in the portal.
func (s Step) Here() bool { return int(s) < len(steps) && steps[s].here }

// LinkSteps returns the steps that link a new server, in order.
//
// Source: reference/apple.md 1.1; the names in the portal are those of
// required feature 3.15. Unverified: the wording of today's portal.
func LinkSteps() []Step {
	return []Step{StepMakeKey, StepSignIn, StepOpen, StepAddServer, StepUpload, StepDownload, StepImport, StepVerify}
}

// RenewSteps returns the steps that replace the token of a server, in order.
// newKey is whether a new key pair is to be used, too: the old one serves as
// well, and goes on serving until a token for the new one was imported.
func RenewSteps(newKey bool) []Step {
	if newKey {
		return []Step{StepMakeKey, StepSignIn, StepOpen, StepFindServer, StepUpload, StepDownload, StepImport, StepVerify}
	}
	return []Step{StepSignIn, StepOpen, StepFindServer, StepDownload, StepImport, StepVerify}
}

// PortalRoles are the roles of the portal that may link servers.
func PortalRoles() []mdm.Text {
	return []mdm.Text{{EN: "Administrator", DE: "Administrator"}, {EN: "Site Manager", DE: "Site Manager"},
		{EN: "Device Enrollment Manager", DE: "Device Enrollment Manager"}}
}

// Phase is how far the link of a server has come. The zero Phase is that
// nothing was done yet.
type Phase uint8

const (
	PhaseNone     Phase = iota // nothing was done
	PhaseKey                   // a key pair was made
	PhaseUploaded              // somebody said that its certificate is in the portal
	PhaseImported              // the token was imported
	PhaseVerified              // Apple confirmed it
)

var phases = [...]struct {
	code string
	next []Step
	text mdm.Text
}{
	PhaseNone:     {"", []Step{StepMakeKey}, mdm.Text{EN: "nothing done yet", DE: "noch nichts geschehen"}},
	PhaseKey:      {"key", []Step{StepSignIn, StepOpen, StepAddServer, StepUpload}, mdm.Text{EN: "key pair made", DE: "Schlüsselpaar erzeugt"}},
	PhaseUploaded: {"uploaded", []Step{StepDownload, StepImport}, mdm.Text{EN: "certificate uploaded", DE: "Zertifikat hochgeladen"}},
	PhaseImported: {"imported", []Step{StepVerify}, mdm.Text{EN: "token imported", DE: "Token importiert"}},
	PhaseVerified: {"verified", nil, mdm.Text{EN: "linked", DE: "verknüpft"}},
}

// String returns a stable code such as "imported", or "" for nothing.
func (p Phase) String() string {
	if int(p) >= len(phases) {
		return ""
	}
	return phases[p].code
}

// MarshalText returns what String does.
func (p Phase) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Text names the phase for a person.
func (p Phase) Text() mdm.Text {
	if int(p) >= len(phases) {
		return mdm.Text{}
	}
	return phases[p].text
}

// Next returns what is to be done next; nil once everything is.
func (p Phase) Next() []Step {
	if int(p) >= len(phases) {
		return nil
	}
	return append([]Step(nil), phases[p].next...)
}
