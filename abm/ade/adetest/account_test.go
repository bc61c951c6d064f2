package adetest_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade/adetest"
)

func TestAccount(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	a := answer[map[string]any](c, "GET", "/account", "")
	assert.Equal(t, "Inventory Sync", a["server_name"])
	assert.Regexp(t, "^[0-9A-F]{32}$", a["server_uuid"])
	assert.Equal(t, f.Main.UUID(), a["server_uuid"])
	assert.Equal(t, "it-admin@example-school.org", a["admin_id"])
	assert.Equal(t, a["admin_id"], a["facilitator_id"])
	assert.Equal(t, "Example School District", a["org_name"])
	assert.Equal(t, "edu", a["org_type"])
	assert.Equal(t, "v2", a["org_version"])
	assert.Equal(t, "10203040", a["org_id"])
	assert.Regexp(t, "^[0-9a-f]{64}$", a["org_id_hash"])
	urls, err := json.Marshal(a["urls"])
	require.NoError(t, err)
	assert.JSONEq(t, `[
		{"uri":"/account","http_method":["GET"]},
		{"uri":"/server/devices","http_method":["POST"],"limit":{"default":1000,"maximum":1000}},
		{"uri":"/devices/sync","http_method":["POST"],"limit":{"default":1000,"maximum":5000}},
		{"uri":"/devices","http_method":["POST"]},
		{"uri":"/devices/disown","http_method":["POST"]},
		{"uri":"/profile","http_method":["POST","GET"]},
		{"uri":"/profile/devices","http_method":["POST","PUT","DELETE"]},
		{"uri":"/device/activationlock","http_method":["POST"]},
		{"uri":"/device/replacementDetails","http_method":["GET"]},
		{"uri":"/account-driven-enrollment/profile","http_method":["GET","POST","DELETE"]},
		{"uri":"/os-beta-enrollment/tokens","http_method":["GET"]}]`, string(urls))
	c.clean()
}

func TestAccountOfOldVersionsAndForms(t *testing.T) {
	f := adetest.New(small())
	c := newCaller(t, f)
	c.version = "2"
	a := answer[map[string]any](c, "GET", "/account", "")
	for _, key := range []string{"org_id", "org_id_hash", "org_type", "org_version", "urls"} {
		assert.NotContains(t, a, key)
	}
	c.version = "3"
	f.Main.Rename("Other name")
	other := f.Main.Organisation()
	other.ID = "99"
	f.Main.SetOrganisation(other)
	f.SetWire(adetest.Wire{DashedUUID: true, NoFacilitator: true, NoURLs: true})
	a = answer[map[string]any](c, "GET", "/account", "")
	assert.Equal(t, "Other name", a["server_name"])
	assert.Equal(t, "99", a["org_id"])
	assert.Regexp(t, "^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$", a["server_uuid"])
	assert.NotContains(t, a, "facilitator_id")
	assert.NotContains(t, a, "urls")

	// The admin is who downloaded the token in use.
	f.Main.SetAdmin("other@example-school.org")
	assert.Equal(t, "it-admin@example-school.org", answer[map[string]any](c, "GET", "/account", "")["admin_id"])
	c.login(f.Main.Issue())
	assert.Equal(t, "other@example-school.org", answer[map[string]any](c, "GET", "/account", "")["admin_id"])
	c.clean()
}
