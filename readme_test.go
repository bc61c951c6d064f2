package mdmlink_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/vendors"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReadme keeps the tables of README.md true.
//
//mdm:feature 1.2 2.3 2.18
func TestReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	want := replaceBlock(t, string(text), "systems", systemsTable())
	want = replaceBlock(t, want, "permissions", permissionsTable())
	generated(t, "README.md", want)
}

// TestReadmeProgram builds the program of README.md, which has to stay short.
func TestReadmeProgram(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	found := regexp.MustCompile("(?s)```go\n(package main.*?)```").FindStringSubmatch(string(text))
	require.Len(t, found, 2)
	body := found[1][strings.Index(found[1], "func main"):]
	assert.LessOrEqual(t, strings.Count(body, "\n"), 25)
	dir := t.TempDir()
	file := filepath.Join(dir, "main.go")
	require.NoError(t, os.WriteFile(file, []byte(found[1]), 0o600))
	goTool(t, "build", "-o", filepath.Join(dir, "program"), file)
}

// TestReadmeLinks demands that what README.md and docs link to is there.
func TestReadmeLinks(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("docs/*.md")
	require.NoError(t, err)
	for _, file := range append(files, "README.md") {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, link := range regexp.MustCompile(`\]\(([^)#]+)`).FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			_, err := os.Stat(filepath.Join(filepath.Dir(file), link[1]))
			assert.NoError(t, err, "%s links to %s", file, link[1])
		}
	}
}

func replaceBlock(t *testing.T, text, name, table string) string {
	t.Helper()
	block := regexp.MustCompile(`(?s)(<!-- ` + name + `: [^>]*-->\n).*?(<!-- /` + name + ` -->)`)
	require.True(t, block.MatchString(text), name)
	return block.ReplaceAllString(text, "${1}"+strings.ReplaceAll(table, "$", "$$")+"${2}")
}

func systemsTable() string {
	abilities := []mdm.Ability{mdm.AbilityList, mdm.AbilityCheck, mdm.AbilityCommand, mdm.AbilitySoftware, mdm.AbilitySites, mdm.AbilityHealth}
	var b strings.Builder
	b.WriteString("| system | package |")
	for _, a := range abilities {
		fmt.Fprintf(&b, " %s |", a)
	}
	b.WriteString(" commands | attributes (list, detail, written) |\n|---|---|" + strings.Repeat("---|", len(abilities)+2) + "\n")
	for _, k := range vendors.All() {
		fmt.Fprintf(&b, "| %s | `%s` |", k.Title, k.Kind)
		for _, a := range abilities {
			mark := ""
			if slices.Contains(k.Abilities, a) {
				mark = "yes"
			}
			fmt.Fprintf(&b, " %s |", mark)
		}
		fmt.Fprintf(&b, " %s | %d, %d, %d |\n", strings.Join(k.Commands, ", "), len(k.Lists), len(k.Details), len(k.Writes))
	}
	return b.String()
}

// permissionsTable has a row for each right, with what it is for.
func permissionsTable() string {
	var b strings.Builder
	b.WriteString("| system | right | what needs it |\n|---|---|---|\n")
	for _, k := range vendors.All() {
		var rights []string
		uses := map[string][]string{} // by right and ability: what of the ability, "" = all of it
		abilities := map[string][]mdm.Ability{}
		for _, p := range k.Permissions {
			if !slices.Contains(rights, p.Right) {
				rights = append(rights, p.Right)
			}
			if !slices.Contains(abilities[p.Right], p.Ability) {
				abilities[p.Right] = append(abilities[p.Right], p.Ability)
			}
			if p.For != "" {
				uses[p.Right+string(p.Ability)] = append(uses[p.Right+string(p.Ability)], p.For)
			}
		}
		for _, right := range rights {
			var needs []string
			for _, a := range abilities[right] {
				need := string(a)
				if of := uses[right+need]; len(of) > 0 {
					need += " (" + strings.Join(of, ", ") + ")"
				}
				needs = append(needs, need)
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", k.Title, right, strings.Join(needs, ", "))
		}
	}
	return b.String()
}
