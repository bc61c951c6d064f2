package ade

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const maxName = 255 // characters; Apple documents no limit

// CheckServerName says whether a server may have a name, and returns it
// without blanks around it. Any name will do that is not one of taken, the
// names of the host's other servers, and not one that the portal uses itself;
// capitals, blanks and invisible characters make no difference. The error Is
// ErrName or ErrNameTaken and does not repeat the name.
func CheckServerName(name string, taken []string) (string, error) {
	const op = "server name"
	name = strings.TrimSpace(name)
	switch key := nameKey(name); {
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "", fail(op, ErrName, "it holds characters that cannot be shown")
	case key == "":
		return "", fail(op, ErrName, "it is empty")
	case utf8.RuneCountInString(name) > maxName:
		return "", fail(op, ErrName, "it is too long")
	case slices.Contains(reservedNames, key):
		return "", fail(op, ErrName, "the portal uses it itself")
	case slices.ContainsFunc(taken, func(other string) bool { return nameKey(other) == key }):
		return "", fail(op, ErrNameTaken, "")
	}
	return name, nil
}

var reservedNames = []string{"unassigned", "reassigned"}

// nameKey is what names are compared by.
func nameKey(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(name))
}
