package ade_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

// stateWord is the state as the document calls it.
func stateWord(s ade.State) string {
	if s == ade.StateUnknown {
		return "unverified"
	}
	return s.String()
}

// The picture and the table of docs/apple-token-states.md are those of the code.
func TestStateDocument(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile(filepath.Join("..", "..", "docs", "apple-token-states.md"))
	require.NoError(t, err)
	var rows strings.Builder
	known := map[string]bool{"[*] --> none": true}
	for _, tr := range ade.Transitions() {
		fmt.Fprintf(&rows, "| `%s` | `%s` | `%s` |\n", stateWord(tr.From), tr.Event, stateWord(tr.To))
		known[fmt.Sprintf("%s --> %s: %s", stateWord(tr.From), stateWord(tr.To), tr.Event)] = true
	}
	_, table, found := strings.Cut(string(document), "| from | event | to |\n|---|---|---|\n")
	require.True(t, found)
	assert.Equal(t, rows.String(), table, "the table should be:\n%s", rows.String())
	arrows := 0
	for line := range strings.Lines(string(document)) {
		if line = strings.TrimSpace(line); strings.Contains(line, " --> ") {
			arrows++
			assert.True(t, known[line], "the picture has %q, and the code has not", line)
		}
	}
	assert.Greater(t, arrows, 15)
	for _, s := range ade.States() {
		assert.Contains(t, string(document), "| `"+s.String()+"` |")
	}
}

//mdm:feature 3.15
func TestTextsInBothLanguages(t *testing.T) {
	t.Parallel()
	check := func(what string, say mdm.Text) {
		t.Helper()
		assert.NotEmpty(t, say.EN, what)
		assert.NotEmpty(t, say.DE, what)
		assert.NotEqual(t, say.EN, say.DE, what)
	}
	for _, s := range append(ade.States(), ade.StateUnknown) {
		check("name of "+s.String(), s.Name())
		check("text of "+s.String(), s.Text())
		text, err := s.MarshalText()
		require.NoError(t, err)
		var back ade.State
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, s, back)
	}
	all := map[ade.Step]bool{}
	for _, steps := range [][]ade.Step{ade.LinkSteps(), ade.RenewSteps(true), ade.RenewSteps(false)} {
		assert.Equal(t, ade.StepVerify, steps[len(steps)-1])
		for _, s := range steps {
			check("step "+s.String(), s.Text())
			all[s] = true
		}
	}
	assert.Len(t, all, 9)
	assert.True(t, ade.StepMakeKey.Here() && ade.StepImport.Here() && !ade.StepUpload.Here())
	for p := ade.PhaseNone; p <= ade.PhaseVerified; p++ {
		check("phase "+p.String(), p.Text())
		assert.Equal(t, p == ade.PhaseVerified, p.Next() == nil)
	}
	for w := ade.WarnPrefix; w <= ade.WarnKeyReplaced; w++ {
		check("warning "+w.String(), w.Text())
	}
	for _, e := range ade.Events() {
		text, _ := e.MarshalText()
		var back ade.Event
		require.NoError(t, back.UnmarshalText(text))
		assert.Equal(t, e, back)
		assert.NotEmpty(t, e.String())
	}
	assert.Empty(t, ade.State(99).String()+ade.Step(99).String()+ade.Phase(99).String()+ade.Warning(99).String()+ade.Event(99).String()+ade.FileKind(99).String())
}

//mdm:feature 3.14
func TestPortalRoles(t *testing.T) {
	t.Parallel()
	roles := ade.PortalRoles()
	require.Len(t, roles, 3)
	for i, want := range []string{"Administrator", "Site Manager", "Device Enrollment Manager"} {
		assert.Equal(t, want, roles[i].EN)
		assert.Contains(t, ade.StepSignIn.Text().EN, want)
	}
}
