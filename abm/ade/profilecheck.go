package ade

import (
	"crypto/x509"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// CheckProfile says whether a profile, as JSON, can be published: it has the
// required members, and those that Apple documents are of the right type and
// length. Members that are not known here may be anything. The error Is
// ErrProfile and names everything that is wrong at once.
//
// Source: reference/apple.md 4.6
func CheckProfile(profile []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(profile, &members); err != nil || members == nil {
		return fail(opDefine, ErrProfile, "it is no JSON object")
	}
	k := &profileCheck{members: members}
	k.texts()
	k.addresses()
	k.flags()
	k.lists()
	if len(k.bad) > 0 {
		return fail(opDefine, ErrProfile, strings.Join(k.bad, "; "))
	}
	return nil
}

// profileCheck collects what is wrong.
type profileCheck struct {
	members map[string]json.RawMessage
	bad     []string
}

func (k *profileCheck) report(member, what string) { k.bad = append(k.bad, member+" "+what) }

// text returns a member, which may be missing.
func (k *profileCheck) text(member string, most int) string {
	var text string
	raw, there := k.members[member]
	switch {
	case !there:
	case json.Unmarshal(raw, &text) != nil:
		k.report(member, "is no text")
	case utf8.RuneCountInString(text) > most:
		k.report(member, "is too long")
	}
	return text
}

var (
	languageForm = regexp.MustCompile(`^[a-zA-Z]{2,3}$`)
	regionForm   = regexp.MustCompile(`^[a-zA-Z]{2}$`)
)

func (k *profileCheck) texts() {
	if strings.TrimSpace(k.text("profile_name", 125)) == "" {
		k.report("profile_name", "is missing")
	}
	k.text("org_magic", 256)
	k.text("department", 125)
	k.text("support_phone_number", 50)
	if email := k.text("support_email_address", 250); email != "" && (!strings.Contains(email, "@") || strings.ContainsAny(email, " \t\r\n")) {
		k.report("support_email_address", "is no e-mail address")
	}
	if language := k.text("language", 64); language != "" && !languageForm.MatchString(language) {
		k.report("language", "is not two or three letters")
	}
	if region := k.text("region", 64); region != "" && !regionForm.MatchString(region) {
		k.report("region", "is not two letters")
	}
}

// addresses demands where to enrol: a device would not know otherwise.
func (k *profileCheck) addresses() {
	switch address := k.text("url", 2000); {
	case strings.TrimSpace(address) == "":
		k.report("url", "is missing: a device would not know where to enrol; assign a server configuration")
	case !isHTTPS(address):
		k.report("url", "is no https address")
	}
	if address := k.text("configuration_web_url", 2000); address != "" && !isHTTPS(address) {
		k.report("configuration_web_url", "is no https address")
	}
}

func isHTTPS(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
}

// flags refuses what Apple refuses as FLAGS_INVALID.
func (k *profileCheck) flags() {
	values := map[string]bool{"is_mdm_removable": true, "is_supervised": false}
	for member := range new(Profile).flags() {
		raw, there := k.members[member]
		var value bool
		switch {
		case !there:
		case json.Unmarshal(raw, &value) != nil || string(raw) == "null":
			k.report(member, "is neither true nor false")
		default:
			values[member] = value
		}
	}
	if !values["is_mdm_removable"] && !values["is_supervised"] {
		k.report("is_mdm_removable", "may be false only together with is_supervised true")
	}
}

func (k *profileCheck) lists() {
	for _, member := range []string{"anchor_certs", "supervising_host_certs"} {
		var certs [][]byte
		raw, there := k.members[member]
		if !there {
			continue
		}
		if json.Unmarshal(raw, &certs) != nil {
			k.report(member, "is no list of certificates in base64")
			continue
		}
		for _, der := range certs {
			if _, err := x509.ParseCertificate(der); err != nil {
				k.report(member, "holds a certificate that is not in DER form")
				break
			}
		}
	}
	var items []string
	if raw, there := k.members["skip_setup_items"]; there && json.Unmarshal(raw, &items) != nil {
		k.report("skip_setup_items", "is no list of texts")
	}
	if _, there := k.members["devices"]; there {
		k.report("devices", "is not sent with a profile: assign it to devices once it is published")
	}
	if _, there := k.members["profile_uuid"]; there {
		k.report("profile_uuid", "is given by Apple")
	}
}
