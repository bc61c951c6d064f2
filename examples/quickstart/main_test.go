package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/examples/internal/district"
	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
	"github.com/mdmlink/mdmlink/vendors"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTour runs the tour as a new user would, and looks for what it promises.
//
//mdm:feature 1.4 1.15
func TestTour(t *testing.T) {
	var out strings.Builder
	require.NoError(t, tour(t.Context(), &out, choice{fake: "jamfschool"}))
	text := out.String()
	t.Log(text)
	for _, want := range []string{
		"ok       The server can be reached",
		"note     Further rights",
		"complete: true",
		"1. Is the connection", "2. What would a sync do", "3. Sync", "4. What was linked", "5. What changed", "6. The staging table",
		"7. Why is this only a suggestion", "8. A person decides", "9. From the inventory into the MDM", "10. A second run", "11. Bought, enrolled, known",
		"decided by the librarian",
		", 0 changes written.",
	} {
		assert.Contains(t, text, want)
	}
	assert.Greater(t, number(t, text, `(\d+) devices read`), 300)
	assert.Greater(t, number(t, text, `(\d+) devices wait`), 10)
	for _, corner := range []string{"bought but not enrolled", "enrolled but not bought", "in the inventory but in neither"} {
		assert.Greater(t, number(t, text, `(\d+) `+corner), 10, corner)
	}
	assert.NotContains(t, text, "\r", "no progress bar where there is no terminal")
}

// TestTourOfEveryFake runs the same tour on the other systems, and lists each
// as a live one.
func TestTourOfEveryFake(t *testing.T) {
	for _, kind := range district.Kinds() {
		t.Run(kind, func(t *testing.T) {
			if kind != "jamfschool" { // TestTour is about it
				var out strings.Builder
				require.NoError(t, tour(t.Context(), &out, choice{fake: kind}))
				assert.Contains(t, out.String(), "complete: true")
				assert.Contains(t, out.String(), ", 0 changes written.")
				assert.Greater(t, number(t, out.String(), `(\d+) linked automatically`), 200)
			}
			fake, _ := district.New(kind, fleet.New(fleet.Options{}))
			if fake.Base != nil {
				return // its address cannot be changed
			}
			port := traffic.Listen(fake.Handler)
			defer port.Close()
			for key, text := range fake.Form(port.URL) {
				t.Setenv(district.Variable(kind, key), text)
			}
			var out strings.Builder
			require.NoError(t, tour(t.Context(), &out, choice{live: kind}))
			assert.Greater(t, number(t, out.String(), `(\d+) devices, and these are all`), 200)
		})
	}
	require.ErrorContains(t, tour(t.Context(), new(strings.Builder), choice{fake: "toaster"}), "no fake")
	for _, k := range vendors.All() {
		assert.Contains(t, district.Kinds(), k.Kind, "a kind without a fake to try it on")
	}
}

// TestTourKept shows that an inventory in a file remembers links and
// decisions.
func TestTourKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "inventory.db")
	var first, second strings.Builder
	require.NoError(t, tour(t.Context(), &first, choice{fake: "jamfschool", db: file}))
	require.NoError(t, tour(t.Context(), &second, choice{fake: "jamfschool", db: file}))
	linked := number(t, first.String(), `(\d+) linked automatically`)
	assert.Equal(t, linked+1, number(t, second.String(), `(\d+) linked\n`), "the decision too")
	require.Error(t, tour(t.Context(), &first, choice{fake: "jamfschool", db: t.TempDir()}))
}

// TestTourOfAnswers runs the same pipeline on recorded answers; no device is
// dropped.
func TestTourOfAnswers(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write("GET_devices__200.json", `{"code":200,"count":0,"devices":[
		{"UDID":"[gone]","serialNumber":"[gone]","name":"[gone]"},{"UDID":"[gone]","serialNumber":"[gone]","name":"[gone]"},{"UDID":"00008101-000A1B2C3D4E001F","serialNumber":"DMPXT0001ABC"}]}`)
	write("GET_locations__200.json", `{"locations":[]}`)
	write("GET_devices_groups__200.json", `{"code":200,"deviceGroups":[]}`)
	var out strings.Builder
	require.NoError(t, tour(t.Context(), &out, choice{answers: dir}))
	assert.Equal(t, 3, number(t, out.String(), `(\d+) devices read`))
	assert.Equal(t, 3, number(t, out.String(), `(\d+) devices wait`))
	require.ErrorContains(t, tour(t.Context(), &out, choice{answers: t.TempDir()}), "no recorded list")
}

// TestTourOfRealAnswers does so with the answers of a live system, if they are
// there.
func TestTourOfRealAnswers(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "real", "jamfschool")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no recorded answers at ../shared/real/jamfschool")
	}
	recorded, err := os.ReadFile(filepath.Join(dir, "GET_devices__200.json"))
	require.NoError(t, err)
	var out strings.Builder
	require.NoError(t, tour(t.Context(), &out, choice{answers: dir}))
	want := strings.Count(string(recorded), `"UDID"`)
	assert.Equal(t, want, number(t, out.String(), `(\d+) devices read`))
	assert.Equal(t, want, number(t, out.String(), `(\d+) devices wait`))
}

func TestTourOfLiveTenant(t *testing.T) {
	server := jamfschooltest.NewServer(nil)
	defer server.Close()
	t.Setenv("JAMFSCHOOL_DOMAIN", server.URL)
	t.Setenv("JAMFSCHOOL_NETWORK_ID", server.NetworkID)
	t.Setenv("JAMFSCHOOL_KEY", server.Key)
	var out strings.Builder
	require.NoError(t, tour(t.Context(), &out, choice{live: "jamfschool"}))
	assert.Greater(t, number(t, out.String(), `(\d+) devices, and these are all`), 300)
	t.Setenv("JAMFSCHOOL_KEY", "wrong")
	require.ErrorContains(t, tour(t.Context(), &out, choice{live: "jamfschool"}), "credentials refused")
	assert.NotContains(t, out.String(), "wrong key")
	t.Setenv("JAMFSCHOOL_DOMAIN", "")
	require.ErrorContains(t, tour(t.Context(), &out, choice{live: "jamfschool"}), "domain: ")
	require.ErrorContains(t, tour(t.Context(), &out, choice{live: "toaster"}), "there is no kind")
	require.ErrorContains(t, tour(t.Context(), &out, choice{answers: "x", live: "y"}), "not both")
}

func number(t *testing.T, text, pattern string) int {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(text)
	require.NotNil(t, found, "%s in\n%s", pattern, text)
	n, err := strconv.Atoi(found[1])
	require.NoError(t, err)
	return n
}
