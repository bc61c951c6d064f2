package jamfschooltest_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
)

func TestAnswers(t *testing.T) {
	h := jamfschooltest.Answers(fstest.MapFS{
		"GET_devices__200.json":                            {Data: []byte(`{"plain": 1}`)},
		"GET_devices__200__apps.json":                      {Data: []byte(`{"apps": 1}`)},
		"GET_devices__405.json":                            {Data: []byte(`{"error": 1}`)},
		"GET_devices_udid__404.json":                       {Data: []byte(`{"none": 1}`)},
		"GET_devices_udid__200.json":                       {Data: []byte(`{"one": 1}`)},
		"GET_devices_groups__200.json":                     {Data: []byte(`{"groups": 1}`)},
		"POST_devices_udid_activationlock_clear__200.json": {Data: []byte(`{"unlocked": 1}`)},
		"GET_users__404.json":                              {Data: []byte(`{"users": 1}`)},
		"GET_users__403.json":                              {Data: []byte(`{"lowest": 1}`)},
		"notes.json":                                       {Data: []byte(`{}`)},
		"GET_apps__okay.json":                              {Data: []byte(`{}`)},
	})
	c := newCaller(t, h)
	for name, want := range map[string]struct {
		method, path string
		status       int
		body         string
	}{
		"plain":             {"GET", "/devices", 200, `{"plain": 1}`},
		"below /api":        {"GET", "/api/devices", 200, `{"plain": 1}`},
		"with apps":         {"GET", "/devices?includeApps=1", 200, `{"apps": 1}`},
		"literal path":      {"GET", "/devices/groups", 200, `{"groups": 1}`},
		"any UDID":          {"GET", "/devices/00008101-000A1B2C3D4E001F", 200, `{"one": 1}`},
		"no variant needed": {"GET", "/devices/00008101-000A1B2C3D4E001F?includeApps=true", 200, `{"one": 1}`},
		"deep path":         {"POST", "/api/devices/00008101-000A1B2C3D4E001F/activationlock/clear", 200, `{"unlocked": 1}`},
		"lowest status":     {"GET", "/users", 403, `{"lowest": 1}`},
		"other method":      {"PUT", "/devices", 404, "Not Found\n"},
		"unknown":           {"GET", "/classes", 404, "Not Found\n"},
		"unreadable name":   {"GET", "/apps", 404, "Not Found\n"},
	} {
		t.Run(name, func(t *testing.T) {
			g := c.send(want.method, want.path, "")
			assert.Equal(t, want.status, g.status)
			assert.Equal(t, want.body, g.body)
		})
	}
}
