package mdm_test

import (
	"encoding"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
)

// enum holds what the enums that are stored have in common.
type enum[T any] interface {
	*T
	encoding.TextUnmarshaler
}

type value interface {
	~uint8
	comparable
	fmt.Stringer
	encoding.TextMarshaler
}

// roundTrip writes and reads every value up to last, and what lies beyond.
func roundTrip[T value, P enum[T]](t *testing.T, last T) {
	t.Helper()
	seen := map[string]bool{}
	for v := T(0); v <= last; v++ {
		text, err := v.MarshalText()
		require.NoError(t, err)
		assert.Equal(t, v.String(), string(text))
		assert.False(t, seen[string(text)], "%d repeats %q", v, text)
		assert.Equal(t, v == 0, len(text) == 0, "only the unknown value has no text")
		seen[string(text)] = true

		read := last
		require.NoError(t, P(&read).UnmarshalText(text))
		assert.Equal(t, v, read)
	}
	assert.Empty(t, (last + 1).String(), "last is the last value")

	read := last
	err := P(&read).UnmarshalText([]byte("of a later version"))
	assert.Zero(t, read)
	if _, flag := any(last).(mdm.Flag); flag {
		assert.Error(t, err)
	} else {
		assert.NoError(t, err)
	}
}

func TestEnumText(t *testing.T) {
	t.Run("flag", func(t *testing.T) { roundTrip(t, mdm.Yes) })
	t.Run("class", func(t *testing.T) { roundTrip(t, mdm.ClassComputer) })
	t.Run("platform", func(t *testing.T) { roundTrip(t, mdm.PlatformLinux) })
	t.Run("ownership", func(t *testing.T) { roundTrip(t, mdm.OwnershipPersonal) })
	t.Run("status", func(t *testing.T) { roundTrip(t, mdm.StatusReleased) })
	t.Run("enrolment", func(t *testing.T) { roundTrip(t, mdm.EnrolmentUser) })
	t.Run("interface", func(t *testing.T) { roundTrip(t, mdm.InterfaceCellular) })
	t.Run("link", func(t *testing.T) { roundTrip(t, mdm.LinkDevice) })
	t.Run("health", func(t *testing.T) { roundTrip(t, mdm.HealthBroken) })
	t.Run("step", func(t *testing.T) { roundTrip(t, mdm.StepNote) })
}

func TestEnumString(t *testing.T) {
	for last, all := range map[fmt.Stringer][]fmt.Stringer{
		mdm.RoleOwns:    {mdm.RoleManages, mdm.RoleOwns},
		mdm.TypeURL:     {mdm.TypeText, mdm.TypeFlag, mdm.TypeTime, mdm.TypeBytes, mdm.TypePercent, mdm.TypeURL},
		mdm.Reported:    {mdm.Blank, mdm.Reported},
		mdm.FillerHost:  {mdm.FillerCustomer, mdm.FillerHost},
		mdm.RoleUnknown: nil,
	} {
		seen := map[string]bool{"": true}
		for _, v := range all {
			assert.False(t, seen[v.String()], "%T %d", last, v)
			seen[v.String()] = true
		}
	}
	assert.Empty(t, mdm.RoleUnknown.String())
	assert.Empty(t, mdm.NotReported.String())
	assert.Empty(t, mdm.Role(200).String())
}

func TestFlagOf(t *testing.T) {
	assert.Equal(t, mdm.Yes, mdm.FlagOf(true))
	assert.Equal(t, mdm.No, mdm.FlagOf(false))
}

func TestClassSmart(t *testing.T) {
	for _, c := range []mdm.Class{mdm.ClassPhone, mdm.ClassTablet, mdm.ClassMediaPlayer, mdm.ClassTV, mdm.ClassWatch, mdm.ClassHeadset} {
		assert.True(t, c.Smart(), c)
	}
	assert.False(t, mdm.ClassComputer.Smart())
	assert.False(t, mdm.ClassUnknown.Smart())
}

func TestPlatformApple(t *testing.T) {
	for _, p := range []mdm.Platform{mdm.PlatformIOS, mdm.PlatformIPadOS, mdm.PlatformMacOS, mdm.PlatformTVOS, mdm.PlatformWatchOS, mdm.PlatformVisionOS} {
		assert.True(t, p.Apple(), p)
	}
	for _, p := range []mdm.Platform{mdm.PlatformUnknown, mdm.PlatformAndroid, mdm.PlatformWindows, mdm.PlatformChromeOS, mdm.PlatformLinux} {
		assert.False(t, p.Apple(), p)
	}
}
