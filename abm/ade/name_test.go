package ade_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
)

//mdm:feature 3.4 3.5 3.6
func TestCheckServerName(t *testing.T) {
	t.Parallel()
	taken := []string{"Campus MDM", "Schule Ü"}
	for name, want := range map[string]error{
		"Building 3, room 12": nil, "mdm.example.org": nil, "IT help desk": nil, "Ünïcödé 学校": nil, "  Trimmed ": nil, "Unassigned devices": nil,
		"": ade.ErrName, " \t": ade.ErrName, "\u200b": ade.ErrName, "a\nb": ade.ErrName, "\xff": ade.ErrName, strings.Repeat("x", 256): ade.ErrName,
		"Unassigned": ade.ErrName, "Reassigned": ade.ErrName, "UNASSIGNED": ade.ErrName, " re assigned ": ade.ErrName, "Un\u00a0assigned": ade.ErrName, "Re\u200bassigned": ade.ErrName,
		"Ｕｎａｓｓｉｇｎｅｄ": ade.ErrName,
		"Campus MDM": ade.ErrNameTaken, "campus  mdm": ade.ErrNameTaken, "Schule U\u0308": ade.ErrNameTaken,
	} {
		got, err := ade.CheckServerName(name, taken)
		if want == nil {
			require.NoError(t, err, name)
			assert.Equal(t, strings.TrimSpace(name), got)
			continue
		}
		require.ErrorIs(t, err, want, "%q", name)
		if len(name) > 1 && len(name) < 50 {
			assert.NotContains(t, err.Error(), name)
		}
	}
}
