package mdm_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
)

var form = mdm.Settings{
	Kind: "toy",
	Fields: []mdm.Setting{
		{Key: "domain", Required: true, Hint: mdm.Text{EN: "give a host name"}, Check: func(text string) (string, error) {
			u, err := mdm.AddressForm{}.Parse(text)
			if err != nil {
				return "", err
			}
			return u.String(), nil
		}},
		{Key: "network", Required: true, Check: func(text string) (string, error) {
			if _, err := strconv.Atoi(text); err != nil {
				return "", errors.New("is not a number")
			}
			return text, nil
		}},
		{Key: "key", Required: true, Secret: true, Hint: mdm.Text{EN: "found under Settings"}},
		{Key: "old_key", Secret: true},
		{Key: "note"},
	},
	Permissions: []mdm.Permission{
		{Ability: mdm.AbilityList, Right: "Read devices"},
		{Ability: mdm.AbilityList, For: "users", Right: "Read users"},
		{Ability: mdm.AbilityCommand, For: "wipe", Right: "Wipe devices"},
		{Ability: mdm.AbilityCommand, For: "lock", Right: "Lock devices"},
		{Ability: mdm.AbilityCommand, For: "lock", Right: "Lock devices"},
	},
}

func TestSettingsNormalise(t *testing.T) {
	key := mdm.NewSecret(hidden)
	clean, err := form.Normalise(mdm.Values{
		Text:    map[string]string{"domain": " School.example.com/ ", "network": "12", "note": "   "},
		Secrets: map[string]mdm.Secret{"key": key},
	})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"domain": "https://School.example.com", "network": "12"}, clean.Text)
	require.Len(t, clean.Secrets, 1)
	value, err := clean.Secrets["key"].Reveal(t.Context())
	require.NoError(t, err)
	assert.Equal(t, hidden, value)

	again, err := form.Normalise(clean)
	require.NoError(t, err)
	assert.Equal(t, clean.Text, again.Text, "the canonical form is canonical")
}

func TestSettingsNormaliseBad(t *testing.T) {
	_, err := form.Normalise(mdm.Values{
		Text:    map[string]string{"domain": "https://ada:" + hidden + "@school.example.com", "network": "number 12", "old_key": hidden, "colour": "blue"},
		Secrets: map[string]mdm.Secret{"note": mdm.NewSecret(hidden), "colour": mdm.NewSecret(hidden)},
	})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	assert.Equal(t, "toy: settings: invalid: "+
		"domain: the address cannot be read; give a host name such as school.example.com; "+
		"network: is not a number; "+
		"key: is missing; found under Settings; "+
		"old_key: is a secret; put it into Values.Secrets; "+
		"note: is not a secret; put it into Values.Text; "+
		`"colour" is not a field of this form`, err.Error())
	for _, value := range []string{hidden, "ada", "number 12", "blue"} {
		assert.NotContains(t, fmt.Sprintf("%+v", err), value)
	}
}

func TestSettingsNormaliseMissing(t *testing.T) {
	clean, err := form.Normalise(mdm.Values{})
	assert.EqualError(t, err, "toy: settings: invalid: domain: is missing; give a host name; network: is missing; key: is missing; found under Settings")
	assert.Empty(t, clean.Text)
	assert.Empty(t, clean.Secrets)

	clean, err = (mdm.Settings{}).Normalise(mdm.Values{})
	require.NoError(t, err)
	assert.Empty(t, clean.Text)
}

func TestSettingsRight(t *testing.T) {
	assert.Equal(t, []string{"Read devices", "Read users"}, form.Right(mdm.AbilityList, ""), "all parts")
	assert.Equal(t, []string{"Read devices"}, form.Right(mdm.AbilityList, "devices"))
	assert.Equal(t, []string{"Read devices", "Read users"}, form.Right(mdm.AbilityList, "users"))
	assert.Equal(t, []string{"Lock devices"}, form.Right(mdm.AbilityCommand, "lock"))
	assert.Empty(t, form.Right(mdm.AbilityCommand, "restart"))
}
