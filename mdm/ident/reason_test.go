package ident

import (
	"encoding/json"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReasons(t *testing.T) {
	assert.Len(t, reasonCodes, bits.OnesCount64(uint64(AllReasons())))
	assert.Len(t, traitCodes, bits.OnesCount64(uint64(AllTraits())))
	assert.Equal(t, "generated", ReasonGenerated.String(), "codes and constants have one order")
	assert.Equal(t, "android_id", ReasonAndroidID.String())
	assert.Equal(t, "equals_udid", ReasonEqualsUDID.String())
	assert.Equal(t, "zero_tac", ReasonZeroTAC.String())
	assert.Equal(t, "dock", ReasonDock.String())
	assert.Equal(t, "half_empty", ReasonHalfEmpty.String())
	assert.Equal(t, []string{"listed", "short"}, (ReasonShort | ReasonListed).Codes())
	assert.Equal(t, "product_type", TraitProductType.String())

	set := ReasonShort | ReasonVPN
	assert.True(t, set.Has(ReasonVPN))
	assert.False(t, set.Has(ReasonVPN|ReasonDock))
	assert.False(t, set.Has(0))
	assert.True(t, TraitVirtual.Has(TraitVirtual))
	assert.False(t, TraitVirtual.Has(0))
	assert.Nil(t, Reasons(0).Codes())
}

func TestIDJSON(t *testing.T) {
	want := Default().MAC("52:54:00:AA:BB:CC")
	text, err := json.Marshal(want)
	require.NoError(t, err)
	assert.JSONEq(t, `{"kind":"mac","quality":"weak","reasons":["local_address"],"traits":["virtual"],
		"raw":"52:54:00:AA:BB:CC","text":"52:54:00:aa:bb:cc","key":"525400aabbcc"}`, string(text))
	var got ID
	require.NoError(t, json.Unmarshal(text, &got))
	assert.Equal(t, want, got)

	text, err = json.Marshal(struct {
		R Reasons
		T Traits
	}{})
	require.NoError(t, err)
	assert.JSONEq(t, `{"R":[],"T":[]}`, string(text))
}

func TestKind(t *testing.T) {
	assert.Len(t, Kinds(), int(KindDirectoryID))
	for _, kind := range Kinds() {
		var got Kind
		text, err := kind.MarshalText()
		require.NoError(t, err)
		require.NotEmpty(t, text)
		require.NoError(t, got.UnmarshalText(text))
		assert.Equal(t, kind, got)
		assert.Equal(t, kind, Default().Read(kind, "", Hints{}).Kind)
	}
	var kind Kind
	require.NoError(t, kind.UnmarshalText([]byte("of a later version")))
	assert.Equal(t, KindUnknown, kind)
	assert.Empty(t, Kind(200).String())
	assert.Less(t, Absent, Junk)
	assert.Less(t, Weak, Strong)
}

func TestIDEqual(t *testing.T) {
	r := Default()
	assert.True(t, r.Serial("PF3ABCDE", Hints{}).Equal(r.Serial("pf3-abcde", Hints{})))
	assert.False(t, r.Serial("PF3ABCDE", Hints{}).Equal(r.AssetTag("PF3ABCDE", Hints{})))
	junk := r.Serial("unknown", Hints{})
	assert.False(t, junk.Equal(junk))
	assert.False(t, ID{}.Equal(ID{}))
}
