package inventory

import (
	"html"
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/ident"
)

// equalValue reports whether two texts mean the same for an attribute, so that
// a difference in writing is no change: another form of a MAC address, HTML
// entities, another zone of the same time, a list in another order.
func equalValue(key mdm.Key, a, b string) bool {
	if a == b {
		return true
	}
	a, b = strings.TrimSpace(html.UnescapeString(a)), strings.TrimSpace(html.UnescapeString(b))
	if a == b {
		return true
	}
	if a == "" || b == "" {
		return false
	}
	attribute, _ := mdm.Lookup(key)
	switch attribute.Type {
	case mdm.TypeFlag:
		return truth(a) != mdm.Unknown && truth(a) == truth(b)
	case mdm.TypeTime:
		ta, errA := time.Parse(time.RFC3339, a)
		tb, errB := time.Parse(time.RFC3339, b)
		return errA == nil && errB == nil && ta.Equal(tb)
	}
	if canonical := canonicalOf(key); canonical != nil {
		return canonical(a) == canonical(b)
	}
	if attribute.List {
		return slices.Equal(sortedLines(a), sortedLines(b))
	}
	return false
}

// truth reads yes and no as the world's back ends write them.
func truth(text string) mdm.Flag {
	switch strings.ToLower(text) {
	case "yes", "true", "1", "on", "ja", "wahr":
		return mdm.Yes
	case "no", "false", "0", "off", "nein", "falsch":
		return mdm.No
	}
	return mdm.Unknown
}

func canonicalOf(key mdm.Key) func(string) string {
	rules := ident.Default()
	var one func(string) string
	switch key {
	case mdm.KeyMAC, mdm.KeyMACWiFi, mdm.KeyMACEthernet, mdm.KeyMACBluetooth:
		one = func(s string) string { return rules.MAC(s).Text }
	case mdm.KeySerial:
		one = func(s string) string { return rules.Serial(s, ident.Hints{}).Text }
	case mdm.KeyUDID:
		one = func(s string) string { return rules.UUID(s).Text }
	case mdm.KeyIMEI:
		one = func(s string) string { return rules.IMEI(s, ident.Hints{}).Text }
	default:
		return nil
	}
	return func(text string) string {
		lines := sortedLines(text)
		for i, line := range lines {
			if c := one(line); c != "" {
				lines[i] = c
			}
		}
		return strings.Join(lines, "\n")
	}
}

// sortedLines splits a list however the other side separates it.
func sortedLines(text string) []string {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ',' || r == ';' })
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	slices.Sort(lines)
	return lines
}
