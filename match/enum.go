package match

import (
	"fmt"
	"slices"
)

// words holds the texts of an enumeration, in the order of its values.
type words []string

func (w words) text(i int) string {
	if i < 0 || i >= len(w) {
		return ""
	}
	return w[i]
}

func (w words) parse(what string, text []byte) (int, error) {
	i := slices.Index(w, string(text))
	if i < 0 || len(text) == 0 && i != 0 {
		return 0, fmt.Errorf("match: %q is no %s", text, what)
	}
	return i, nil
}

// Mode says what a rung may do. The zero Mode is Off.
type Mode uint8

const (
	Off     Mode = iota // the rung is not looked at
	Suggest             // what it finds is a suggestion to a person
	Auto                // what it finds is linked, unless something speaks against it
)

var modeWords = words{"off", "suggest", "auto"}

// String returns "off", "suggest" or "auto".
func (m Mode) String() string { return modeWords.text(int(m)) }

// MarshalText returns what String does.
func (m Mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText accepts what MarshalText writes and refuses anything else.
func (m *Mode) UnmarshalText(text []byte) error {
	i, err := modeWords.parse("mode; use off, suggest or auto", text)
	*m = Mode(i)
	return err
}

// Trust says for which devices a serial number decides on its own. A serial
// that is not trusted decides only together with the model, the manufacturer
// or an address. The zero Trust is TrustNone.
type Trust uint8

const (
	TrustNone  Trust = iota // for none, and not together with others either
	TrustApple              // for Apple's devices, whose serials are what is printed on them
	TrustAll                // for all devices
)

var trustWords = words{"none", "apple", "all"}

// String returns "none", "apple" or "all".
func (t Trust) String() string { return trustWords.text(int(t)) }

// MarshalText returns what String does.
func (t Trust) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText accepts what MarshalText writes and refuses anything else.
func (t *Trust) UnmarshalText(text []byte) error {
	i, err := trustWords.parse("trust; use none, apple or all", text)
	*t = Trust(i)
	return err
}

// Class is the sort of a device. The zero Class is unknown and agrees with
// every other.
type Class uint8

const (
	ClassUnknown     Class = iota
	ClassPhone             // mobile phone
	ClassTablet            // tablet computer
	ClassMediaPlayer       // hand-held player without a phone
	ClassTV                // television box
	ClassWatch             // watch
	ClassHeadset           // head-worn display
	ClassComputer          // desktop, laptop or server
)

var classWords = words{"", "phone", "tablet", "media player", "tv", "watch", "headset", "computer"}

// Classes returns every known class in a stable order.
func Classes() []Class {
	all := make([]Class, 0, len(classWords)-1)
	for i := range classWords[1:] {
		all = append(all, Class(i+1))
	}
	return all
}

// String returns an English word, or "" for unknown.
func (c Class) String() string { return classWords.text(int(c)) }

// MarshalText returns what String does.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is unknown.
func (c *Class) UnmarshalText(text []byte) error {
	*c = Class(max(0, slices.Index(classWords, string(text))))
	return nil
}
