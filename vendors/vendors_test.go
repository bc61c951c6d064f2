package vendors_test

import (
	"testing"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/mdmlink/mdmlink/vendors"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestKinds holds what every kind has to carry.
//
//mdm:feature 1.2 1.3 2.18
func TestKinds(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, k := range vendors.All() {
		assert.False(t, names[k.Kind], k.Kind)
		names[k.Kind] = true
		assert.NotEmpty(t, k.Title)
		assert.NotEmpty(t, k.Docs, "documentation links")
		assert.NotEmpty(t, k.Role.EN, "the role to set up")
		assert.NotEmpty(t, k.Role.DE)
		assert.NotEmpty(t, k.Lists, "attributes that it delivers")
		assert.Empty(t, k.Lists.Unknown())
		for _, a := range k.Abilities {
			assert.NotEmpty(t, k.Right(a, ""), "%s: the rights that %s needs", k.Kind, a)
		}
		for _, f := range k.Fields {
			assert.NotZero(t, f.By, "%s: who fills in %s", k.Kind, f.Key)
		}
		_, err := k.OpenSource(mdm.Values{}, transport.Options{})
		require.ErrorIs(t, err, mdm.ErrInvalid, "%s: nothing filled in", k.Kind)
	}
}

// TestOpen also shows that a host appends kinds of its own.
func TestOpen(t *testing.T) {
	t.Parallel()
	src, err := vendors.Open("jamfschool", mdm.Values{
		Text:    map[string]string{"domain": "school.jamfcloud.com", "network_id": "1234567"},
		Secrets: map[string]mdm.Secret{"key": mdm.NewSecret("K")},
	}, transport.Options{})
	require.NoError(t, err)
	assert.Equal(t, "jamfschool", src.Info().Origin.Kind)

	_, err = vendors.Open("unheard_of", mdm.Values{}, transport.Options{})
	require.ErrorIs(t, err, mdm.ErrInvalid)
	assert.ErrorContains(t, err, "jamfschool", "it says which kinds there are")

	kinds := append(vendors.All(), vendors.Kind{
		Settings: mdm.Settings{Kind: "ours"},
		OpenSource: func(mdm.Values, transport.Options) (mdm.Source, error) {
			return mdmtest.NewMemory(mdm.Info{Origin: mdm.Origin{Kind: "ours"}}), nil
		},
	})
	src, err = kinds.Open("ours", mdm.Values{}, transport.Options{})
	require.NoError(t, err)
	assert.Equal(t, "ours", src.Info().Origin.Kind)
}
