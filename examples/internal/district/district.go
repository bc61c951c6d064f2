// Package district is the fake school district on every kind of system: what
// the example programs connect to.
package district

import (
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/abm/abmtest"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
	"github.com/mdmlink/mdmlink/vendors"
)

// Fake is the district on one kind of system.
type Fake struct {
	Kind    string // as package vendors knows it
	Handler http.Handler

	// Form is what a person would type into the settings form, by key, once
	// the fake is served at an address.
	Form func(address string) map[string]string

	// Base takes a client to the fake whose addresses are the vendor's own and
	// cannot be changed; nil = the form has the address.
	Base http.RoundTripper

	// Try are curl commands, without the address.
	Try []string
}

// kinds are the kinds of systems that there is a fake of.
var kinds = []struct {
	kind string
	make func(*fleet.District) Fake
}{
	{"jamfschool", school},
	{"jamfpro", pro},
	{"relution", relution},
	{"intune", intune},
	{"abm", business},
	{"ade", enrolment},
}

// Kinds returns the names of the kinds that there is a fake of.
func Kinds() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.kind)
	}
	return names
}

// New puts a district on a kind of system. It returns false if there is no
// fake of that kind.
func New(kind string, d *fleet.District) (Fake, bool) {
	for _, k := range kinds {
		if k.kind == kind {
			f := k.make(d)
			f.Kind = kind
			return f, true
		}
	}
	return Fake{}, false
}

func school(d *fleet.District) Fake {
	f := jamfschooltest.New(d)
	curl := "curl -u " + f.NetworkID + ":" + f.Key + " -H 'Accept: application/json' -H 'X-Server-Protocol-Version: 3' "
	return Fake{
		Handler: f,
		Form: func(address string) map[string]string {
			return map[string]string{"domain": address, "network_id": f.NetworkID, "key": f.Key}
		},
		Try: []string{curl + "ADDRESS/api/locations", curl + "ADDRESS/api/devices", curl + "ADDRESS/api/dep"},
	}
}

func pro(d *fleet.District) Fake {
	f := jamfprotest.New(d)
	return Fake{
		Handler: f,
		Form: func(address string) map[string]string {
			return map[string]string{"address": address, "client_id": f.ClientID, "client_secret": f.ClientSecret}
		},
		Try: []string{
			"curl -H 'Accept: application/json' -d grant_type=client_credentials --data-urlencode 'client_id=" + f.ClientID +
				"' --data-urlencode 'client_secret=" + f.ClientSecret + "' ADDRESS/api/oauth/token",
			`curl -H 'Accept: application/json' -H "Authorization: Bearer $TOKEN" ADDRESS/api/v1/jamf-pro-version`,
		},
	}
}

func relution(d *fleet.District) Fake {
	f := relutiontest.New(d)
	return Fake{
		Handler: f,
		Form: func(address string) map[string]string {
			return map[string]string{"address": address, "tenant": f.Tenant, "token": f.Token}
		},
		Try: []string{"curl -H 'Accept: application/json' -H 'X-User-Access-Token: " + f.Token + "' ADDRESS/api/management/v1/security/tenantOrganizations"},
	}
}

func intune(d *fleet.District) Fake {
	f := intunetest.New(d)
	return Fake{
		Handler: f,
		Base:    f.Transport(),
		Form: func(string) map[string]string {
			return map[string]string{"tenant_id": f.TenantID, "client_id": f.ClientID, "client_secret": f.ClientSecret}
		},
		Try: []string{
			"curl -d grant_type=client_credentials --data-urlencode client_id=" + f.ClientID + " --data-urlencode 'client_secret=" + f.ClientSecret +
				"' -d scope=ADDRESS/.default ADDRESS/" + f.TenantID + "/oauth2/v2.0/token",
			`curl -H 'Accept: application/json' -H "Authorization: Bearer $TOKEN" ADDRESS/v1.0/deviceManagement/managedDevices`,
		},
	}
}

func business(d *fleet.District) Fake {
	f := abmtest.New(d)
	key := f.Key()
	return Fake{
		Handler: f,
		Base:    f.Transport(),
		Form: func(string) map[string]string {
			return map[string]string{"client_id": f.ClientID, "key_id": key.ID, "private_key": string(key.File(abmtest.KeyDownloaded))}
		},
	}
}

func enrolment(d *fleet.District) Fake {
	f := adetest.New(d)
	token := f.Main.Token()
	return Fake{
		Handler: f,
		Base:    f.Transport(),
		Form: func(string) map[string]string {
			return map[string]string{"server": f.Main.UUID(), "consumer_key": token.ConsumerKey, "consumer_secret": token.ConsumerSecret,
				"access_token": token.AccessToken, "access_secret": token.AccessSecret}
		},
	}
}

// Values sorts what was typed into a kind's form into texts and secrets.
func Values(kind string, typed map[string]string) mdm.Values {
	values := mdm.Values{Text: map[string]string{}, Secrets: map[string]mdm.Secret{}}
	k, _ := vendors.All().Find(kind)
	for _, field := range k.Fields {
		switch text := typed[field.Key]; {
		case text == "":
		case field.Secret:
			values.Secrets[field.Key] = mdm.NewSecret(text)
		default:
			values.Text[field.Key] = text
		}
	}
	return values
}

// Variable is the environment variable that holds a field of a kind's form,
// such as JAMFPRO_CLIENT_ID.
func Variable(kind, key string) string { return strings.ToUpper(kind + "_" + key) }

// FromEnvironment reads the form of a kind from environment variables.
func FromEnvironment(kind string) mdm.Values {
	typed := map[string]string{}
	k, _ := vendors.All().Find(kind)
	for _, field := range k.Fields {
		typed[field.Key] = os.Getenv(Variable(kind, field.Key))
	}
	return Values(kind, typed)
}

// Variables returns the filled-in form of a fake as the environment variables
// that FromEnvironment reads, in the order of the form and quoted for a shell.
func Variables(f Fake, address string) []string {
	var all []string
	typed := f.Form(address)
	k, _ := vendors.All().Find(f.Kind)
	for _, field := range k.Fields {
		if text := typed[field.Key]; text != "" {
			all = append(all, Variable(f.Kind, field.Key)+"='"+strings.ReplaceAll(text, "'", `'\''`)+"'")
		}
	}
	return slices.Clip(all)
}
