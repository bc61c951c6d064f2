package mdm_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
)

var school = mdm.Info{
	Origin: mdm.Origin{Kind: "jamfschool", Address: "https://school.jamfcloud.com", Tenant: "12"},
	Role:   mdm.RoleManages,
}

func TestCursorPosition(t *testing.T) {
	for _, position := range []string{"", "2", "page=3&x=ü", strings.Repeat("long", 1000), "not \xff text", "\x00"} {
		c := mdm.NewCursor(school, position)
		assert.NotEmpty(t, c)
		got, err := c.Position(school)
		require.NoError(t, err)
		assert.Equal(t, position, got)
		assert.Equal(t, c, mdm.NewCursor(school, position), "cursors are deterministic")
		assert.Regexp(t, `^[A-Za-z0-9_-]+$`, string(c), "a cursor may stand anywhere")
	}
	got, err := mdm.Cursor("").Position(school)
	assert.NoError(t, err)
	assert.Empty(t, got)
}

func TestCursorForeign(t *testing.T) {
	c := mdm.NewCursor(school, "2")
	for name, change := range map[string]func(*mdm.Info){
		"kind":    func(i *mdm.Info) { i.Origin.Kind = "jamfpro" },
		"address": func(i *mdm.Info) { i.Origin.Address = "https://other.jamfcloud.com" },
		"tenant":  func(i *mdm.Info) { i.Origin.Tenant = "13" },
		"filter":  func(i *mdm.Info) { i.Filter = "location=4" },
		"moved":   func(i *mdm.Info) { i.Origin.Address += i.Origin.Tenant; i.Origin.Tenant = "" },
	} {
		t.Run(name, func(t *testing.T) {
			info := school
			change(&info)
			refused(t, c, info, "another source")
		})
	}
	info := school
	info.Role = mdm.RoleOwns
	_, err := c.Position(info)
	assert.NoError(t, err, "the role is not part of what is listed")
}

func TestCursorDamaged(t *testing.T) {
	c := mdm.NewCursor(school, "position 2")
	for i := range c {
		for _, by := range "AZaz09-_!" {
			if changed := c[:i] + mdm.Cursor(by) + c[i+1:]; changed != c {
				refused(t, changed, school, "it")
			}
		}
	}
	for i := 1; i < len(c); i++ {
		refused(t, c[:i], school, "damaged")
		refused(t, c[i:], school, "damaged")
	}
	refused(t, c+"A", school, "damaged")
	refused(t, c+c, school, "damaged")
	refused(t, "page=2", school, "damaged")
}

func TestCursorVersion(t *testing.T) {
	text, err := base64.RawURLEncoding.DecodeString(string(mdm.NewCursor(school, "2")))
	require.NoError(t, err)
	var body map[string]any
	require.NoError(t, json.Unmarshal(text, &body))
	body["v"] = 99
	text, err = json.Marshal(body)
	require.NoError(t, err)
	refused(t, mdm.Cursor(base64.RawURLEncoding.EncodeToString(text)), school, "another version")
}

func refused(t *testing.T, c mdm.Cursor, info mdm.Info, why string) {
	t.Helper()
	position, err := c.Position(info)
	require.ErrorIs(t, err, mdm.ErrCursorInvalid)
	assert.Empty(t, position)
	assert.ErrorContains(t, err, why)
	assert.Equal(t, "cursor_invalid", mdm.Code(err))
	assert.NotEmpty(t, mdm.Advice(err))
}

// FuzzPosition reads foreign bytes as a cursor. What is accepted is what
// NewCursor makes.
func FuzzPosition(f *testing.F) {
	f.Add(string(mdm.NewCursor(school, "2")), "2")
	f.Add("", "")
	f.Add("e30", "\xff")
	f.Fuzz(func(t *testing.T, text, position string) {
		got, err := mdm.NewCursor(school, position).Position(school)
		require.NoError(t, err)
		require.Equal(t, position, got)

		got, err = mdm.Cursor(text).Position(school)
		if err != nil {
			require.ErrorIs(t, err, mdm.ErrCursorInvalid)
			require.Empty(t, got)
		} else if text != "" {
			again, err := mdm.NewCursor(school, got).Position(school)
			require.NoError(t, err)
			require.Equal(t, got, again)
		}
	})
}
