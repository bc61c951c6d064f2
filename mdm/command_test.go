package mdm_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

// stored writes a value as JSON and reads it again.
func stored[T any](t *testing.T, v T) T {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	var read T
	require.NoError(t, json.Unmarshal(text, &read))
	return read
}

var allCommands = []mdm.Command{mdm.Lock{}, mdm.Wipe{}, mdm.ClearPasscode{}, mdm.Restart{}, mdm.ShutDown{}, mdm.Refresh{},
	mdm.Retire{}, mdm.EnableLostMode{}, mdm.DisableLostMode{}, mdm.Rename{}, mdm.ClearActivationLock{}}

func TestCommandName(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range allCommands {
		assert.Regexp(t, regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`), c.Name())
		assert.False(t, seen[c.Name()], c.Name())
		seen[c.Name()] = true
	}
}

func TestDestructive(t *testing.T) {
	for _, c := range allCommands {
		want := c.Name() == "wipe" || c.Name() == "retire"
		assert.Equal(t, want, mdm.Destructive(c), c.Name())
	}
	assert.True(t, mdm.Destructive(&mdm.Wipe{}), "a pointer wipes too")
	assert.True(t, mdm.Destructive(&mdm.Retire{}))
}

// TestCommander shows lock, wipe and clearing a passcode as typed values, and
// that a receipt claims no more than that they were requested.
//
//mdm:feature 4.1 4.4
func TestCommander(t *testing.T) {
	src := newAble()
	commander, ok := mdm.As[mdm.Commander](mdm.Wrapper{Source: src})
	require.True(t, ok)
	d, err := src.Device(t.Context(), "2")
	require.NoError(t, err)
	for _, c := range []mdm.Command{mdm.Lock{Message: "Bring me back", PIN: mdm.NewSecret("123456")}, mdm.Wipe{}, mdm.ClearPasscode{}} {
		require.NoError(t, commander.Vet(d.Record(), c))
		receipt, err := commander.Send(t.Context(), d.Record(), c)
		require.NoError(t, err)
		assert.Equal(t, c.Name()+" requested for device 2", receipt.String())
		for _, claim := range []string{"done", "success", "wiped", "locked", "complete"} {
			assert.NotContains(t, strings.ToLower(receipt.String()), claim)
		}
	}
	assert.Len(t, src.Sent(), 3)
}

func TestReceiptJSON(t *testing.T) {
	r := mdm.Receipt{Origin: school.Origin, Device: "2", Command: "wipe", ID: "q-7", Requested: noon}
	assert.Equal(t, r, stored(t, r))
	text, err := json.Marshal(mdm.Receipt{})
	require.NoError(t, err)
	assert.Equal(t, "{}", string(text))
}

// stocked lists software.
type stocked struct {
	*mdmtest.Memory
	mdmtest.Installs
}

func stock() stocked {
	return stocked{fleet(), mdmtest.Installs{
		{Device: "1", Name: "Maps", Version: "2.0", ID: "com.example.maps"},
		{Device: "1", Name: "Notes", Version: "1.1", Vendor: "Example"},
		{Device: "1", Name: "Big Maps"},
		{Device: "2", Name: "Chess", ID: "org.example.MAPS"},
		{Device: "3", Name: "Maps"}, {Device: "3", Name: "Maps Two"}, {Device: "3", Name: "Maps Three"},
	}}
}

//mdm:feature 4.37
func TestSoftware(t *testing.T) {
	src := mdm.Wrapper{Source: stock()}
	for name, row := range map[string]struct {
		query mdm.SoftwareQuery
		want  []string
	}{
		"the fleet":      {mdm.SoftwareQuery{}, []string{"1 Maps", "1 Notes", "1 Big Maps", "2 Chess", "3 Maps", "3 Maps Two", "3 Maps Three"}},
		"one device":     {mdm.SoftwareQuery{Devices: []string{"2"}}, []string{"2 Chess"}},
		"no device":      {mdm.SoftwareQuery{Devices: []string{}}, nil},
		"filter":         {mdm.SoftwareQuery{Match: mdm.NameContains("NOTES", "chess")}, []string{"1 Notes", "2 Chess"}},
		"filter by id":   {mdm.SoftwareQuery{Match: mdm.NameContains("example.maps")}, []string{"1 Maps", "2 Chess"}},
		"cap":            {mdm.SoftwareQuery{Cap: 1}, []string{"1 Maps", "2 Chess", "3 Maps"}},
		"filter and cap": {mdm.SoftwareQuery{Match: mdm.NameContains("maps"), Cap: 2}, []string{"1 Maps", "1 Big Maps", "2 Chess", "3 Maps", "3 Maps Two"}},
		"filter nothing": {mdm.SoftwareQuery{Match: mdm.NameContains()}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for install, err := range mdm.Software(t.Context(), src, row.query) {
				require.NoError(t, err)
				got = append(got, install.Device+" "+install.Name)
			}
			assert.Equal(t, row.want, got)
		})
	}
}

func TestSoftwareErrors(t *testing.T) {
	failing := func(src mdm.Source, end bool) []error {
		ctx := t.Context()
		if end {
			ctx = ended(t)
		}
		var errs []error
		for install, err := range mdm.Software(ctx, src, mdm.SoftwareQuery{}) {
			assert.Zero(t, install)
			errs = append(errs, err)
		}
		return errs
	}
	errs := failing(fleet(), false)
	require.Len(t, errs, 1)
	assert.ErrorIs(t, errs[0], mdm.ErrUnsupported)
	assert.Equal(t, "jamfschool: software: unsupported", errs[0].Error())

	errs = failing(stock(), true)
	require.Len(t, errs, 1)
	assert.ErrorIs(t, errs[0], ended(t).Err())

	for range mdm.Software(t.Context(), stock(), mdm.SoftwareQuery{}) {
		break
	}
}
