package adetest

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"unicode/utf8"
)

// kind is the type of a field of a profile.
type kind uint8

const (
	word  kind = iota // a text
	flag              // true or false
	words             // a list of texts
	certs             // a list of certificates, DER in base64
)

// profileField is what is known of a field of a profile.
type profileField struct {
	kind     kind
	since    int    // protocol version; 0 = any
	most     int    // characters; 0 = any number
	code     string // of the error when a text does not fit
	standard bool   // what a flag is when it is not sent
}

var profileTable = map[string]profileField{
	"profile_name":          {most: 125, code: "CONFIG_NAME_INVALID"},
	"url":                   {most: 2000, code: "CONFIG_URL_INVALID"},
	"configuration_web_url": {most: 2000, code: "CONFIG_URL_INVALID"},
	"org_magic":             {most: 256, code: "MAGIC_INVALID"},
	"department":            {most: 125, code: "DEPARTMENT_INVALID"},
	"support_phone_number":  {most: 50, code: "SUPPORT_PHONE_INVALID"},
	"support_email_address": {most: 250, code: "SUPPORT_EMAIL_INVALID", since: 2},
	"language":              {most: 3, code: "LOCALE_INVALID", since: 2},
	"region":                {most: 2, code: "LOCALE_INVALID", since: 2},

	"allow_pairing":                  {kind: flag, standard: true},
	"is_supervised":                  {kind: flag},
	"is_mandatory":                   {kind: flag},
	"is_mdm_removable":               {kind: flag, standard: true},
	"await_device_configured":        {kind: flag, since: 2},
	"auto_advance_setup":             {kind: flag, since: 2},
	"is_multi_user":                  {kind: flag, since: 2},
	"is_return_to_service":           {kind: flag, since: 2},
	"do_not_use_profile_from_backup": {kind: flag, since: 2},

	"anchor_certs":           {kind: certs},
	"supervising_host_certs": {kind: certs},
	"skip_setup_items":       {kind: words},
	"devices":                {kind: words},
}

// definition holds the values of a profile that are checked.
type definition struct {
	text  map[string]string
	flags map[string]bool
}

// profileFields reads and checks the body of POST /profile.
func (c *call) profileFields() (map[string]json.RawMessage, *reply) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(c.body, &fields); err != nil || fields == nil {
		rep := c.malformed("the body is no JSON object")
		return nil, &rep
	}
	def := definition{text: map[string]string{}, flags: map[string]bool{}}
	for name, value := range fields {
		field, known := profileTable[name]
		switch {
		case !known:
			c.violate("unknown key %q", name)
			delete(fields, name)
		case string(value) == "null":
			delete(fields, name)
		case !c.readField(def, name, field, value):
			rep := c.malformed("%s has the wrong type", name)
			return nil, &rep
		case field.since > c.version:
			c.violate("%s needs protocol version %d", name, field.since)
			delete(fields, name)
		}
	}
	if code := c.judge(def); code != "" {
		rep := bad(code)
		return nil, &rep
	}
	return fields, nil
}

// readField reads a value; false = it has the wrong type.
func (c *call) readField(def definition, name string, field profileField, value json.RawMessage) bool {
	switch field.kind {
	case word:
		var s string
		err := json.Unmarshal(value, &s)
		def.text[name] = s
		return err == nil
	case flag:
		var b bool
		err := json.Unmarshal(value, &b)
		def.flags[name] = b
		return err == nil
	}
	var list []string
	if json.Unmarshal(value, &list) != nil {
		return false
	}
	if field.kind == certs {
		for _, one := range list {
			der, err := base64.StdEncoding.DecodeString(one)
			if err != nil {
				return false
			}
			if _, err := x509.ParseCertificate(der); err != nil {
				c.violate("%s holds what is no certificate in DER", name)
			}
		}
	}
	return true
}

// judge gives the error code of a profile; "" = it is good.
func (c *call) judge(def definition) string {
	for _, must := range []struct{ name, code string }{
		{"profile_name", "CONFIG_NAME_REQUIRED"}, {"url", "CONFIG_URL_REQUIRED"},
		{"department", "DEPARTMENT_REQUIRED"}, {"support_phone_number", "SUPPORT_PHONE_REQUIRED"},
	} {
		optional := must.name != "profile_name" && must.name != "url" && !c.f.wire.Simulator
		if def.text[must.name] == "" && !optional {
			return must.code
		}
	}
	for _, name := range []string{"profile_name", "url", "configuration_web_url", "org_magic", "department",
		"support_phone_number", "support_email_address", "language", "region"} {
		if field := profileTable[name]; utf8.RuneCountInString(def.text[name]) > field.most {
			return field.code
		}
	}
	switch removable, said := def.flags["is_mdm_removable"]; {
	case !isURL(def.text["url"]), def.text["configuration_web_url"] != "" && !isURL(def.text["configuration_web_url"]):
		return "CONFIG_URL_INVALID"
	case said && !removable && !def.flags["is_supervised"]:
		return "FLAGS_INVALID"
	case !letters(def.text["language"], 2, 3), !letters(def.text["region"], 2, 2):
		return "LOCALE_INVALID"
	}
	return ""
}

// isURL reports whether a text is an absolute address of the web.
func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

// letters reports whether a text has so many letters, or is "".
func letters(s string, least, most int) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return s == "" || len(s) >= least && len(s) <= most
}
