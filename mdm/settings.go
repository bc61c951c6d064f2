package mdm

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Settings describes what is needed to connect to a kind of system: the form
// a person fills in, what to set up in the system's own console, and what the
// connection can then do.
type Settings struct {
	Kind        string       // stable name of the kind, such as "jamfschool"
	Title       string       // name of the product
	Fields      []Setting    // the form, in order
	Docs        []Link       // where to read more
	Role        Text         // the role or key to set up in the system's console
	Permissions []Permission // what each ability needs there
	Lists       Keys         // attributes that a listing delivers
	Details     Keys         // further attributes that reading a single device delivers
	Writes      Keys         // attributes that the system lets be written
	Commands    []string     // names of the commands that the system knows, for some devices at least
	Abilities   []Ability    // what a source of this kind can do
}

// Link is a place to read more.
type Link struct {
	Title string
	URL   string
}

// Permission is what one ability needs in the system's console.
type Permission struct {
	Ability Ability
	For     string // what of the ability needs it, such as a command's name; "" = all of it
	Right   string // the right as the console calls it
}

// Setting is one field of the form.
type Setting struct {
	Key      string // stable name
	Label    Text
	Hint     Text // what belongs here and where it is found
	By       Filler
	Secret   bool                         // never show it again; Check is not called for it
	Required bool                         // must not be empty
	Check    func(string) (string, error) // returns the canonical form, or an error that says what to do and does not repeat the text; nil = any text
}

// Filler says who fills in a field. The zero Filler is unknown.
type Filler uint8

const (
	FillerUnknown  Filler = iota
	FillerCustomer        // whoever runs the MDM: it belongs to one connection
	FillerHost            // whoever runs the host application: it is the same for all connections
)

var fillerNames = names{"", "customer", "host"}

// String returns "customer", "host" or "".
func (f Filler) String() string { return fillerNames.text(int(f)) }

// Values are the filled-in fields, by key.
type Values struct {
	Text    map[string]string // fields that may be shown
	Secrets map[string]Secret // fields marked Secret
}

// Normalise checks values against the form and returns them in canonical
// form. The error names every bad field at once, by its key, and Is
// ErrInvalid; no secret and no value is in it.
func (s Settings) Normalise(v Values) (Values, error) {
	clean := Values{Text: map[string]string{}, Secrets: map[string]Secret{}}
	var bad []string
	for _, f := range s.Fields {
		if err := f.normalise(v, clean); err != nil {
			bad = append(bad, fmt.Sprintf("%s: %v", f.Key, err))
		}
	}
	bad = append(bad, s.strangers(v)...)
	if len(bad) > 0 {
		return Values{}, &Error{Origin: Origin{Kind: s.Kind}, Op: "settings", Kind: ErrInvalid, Detail: strings.Join(bad, "; ")}
	}
	return clean, nil
}

func (f Setting) normalise(v, clean Values) error {
	if f.Secret {
		secret := v.Secrets[f.Key]
		if _, shown := v.Text[f.Key]; shown {
			return errors.New("is a secret; put it into Values.Secrets")
		}
		if secret.IsZero() && f.Required {
			return f.missing()
		}
		if !secret.IsZero() {
			clean.Secrets[f.Key] = secret
		}
		return nil
	}
	if _, hidden := v.Secrets[f.Key]; hidden {
		return errors.New("is not a secret; put it into Values.Text")
	}
	text := strings.TrimSpace(v.Text[f.Key])
	switch {
	case text == "" && f.Required:
		return f.missing()
	case text != "" && f.Check != nil:
		checked, err := f.Check(text)
		if err != nil {
			return err
		}
		text = checked
	}
	if text != "" {
		clean.Text[f.Key] = text
	}
	return nil
}

func (f Setting) missing() error {
	if f.Hint.EN == "" {
		return errors.New("is missing")
	}
	return errors.New("is missing; " + f.Hint.EN)
}

// strangers names the keys that are not in the form.
func (s Settings) strangers(v Values) []string {
	var bad []string
	known := func(key string) bool {
		return slices.ContainsFunc(s.Fields, func(f Setting) bool { return f.Key == key })
	}
	for key := range v.Text {
		if !known(key) {
			bad = append(bad, fmt.Sprintf("%q is not a field of this form", key))
		}
	}
	for key := range v.Secrets {
		if !known(key) {
			bad = append(bad, fmt.Sprintf("%q is not a field of this form", key))
		}
	}
	slices.Sort(bad)
	return slices.Compact(bad)
}

// Right returns the rights that an ability needs, for advice in errors. what
// narrows it to a part of the ability, such as a command's name; "" means all
// parts.
func (s Settings) Right(ability Ability, what string) []string {
	var rights []string
	for _, p := range s.Permissions {
		if p.Ability == ability && (what == "" || p.For == "" || p.For == what) && !slices.Contains(rights, p.Right) {
			rights = append(rights, p.Right)
		}
	}
	return rights
}
