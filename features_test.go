package mdmlink_test

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// feature is one row of testdata/features.txt.
type feature struct {
	number, title, excuse string
	tests                 []string
}

// TestFeatures turns the directives "//mdm:feature 1.27" of tests into
// docs/features.md: which test shows which required feature, and what is
// still open.
func TestFeatures(t *testing.T) {
	t.Parallel()
	features := readFeatures(t)
	assert.Len(t, features, 172)
	index := map[string]*feature{}
	for i := range features {
		index[features[i].number] = &features[i]
	}
	for _, claim := range featureClaims(t, ".") {
		f, ok := index[claim.number]
		if assert.True(t, ok, "%s: there is no feature %s", claim.test, claim.number) {
			f.tests = append(f.tests, claim.test)
		}
	}
	for _, f := range features {
		assert.False(t, f.excuse != "" && len(f.tests) > 0, "feature %s needs no test, and has one", f.number)
	}
	generated(t, filepath.Join("docs", "features.md"), featureTable(features))
}

func readFeatures(t *testing.T) []feature {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "features.txt"))
	require.NoError(t, err)
	defer file.Close()
	var all []feature
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.SplitN(line, "|", 3)
		require.Len(t, cells, 3, line)
		all = append(all, feature{number: strings.TrimSpace(cells[0]), title: strings.TrimSpace(cells[1]), excuse: strings.TrimSpace(cells[2])})
	}
	return all
}

type claim struct{ number, test string }

// featureClaims reads the directives of all tests below a directory.
func featureClaims(t *testing.T, root string) []claim {
	t.Helper()
	var claims []claim
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		if dir == "." {
			dir = "mdmlink"
		}
		claims = append(claims, claimsOf(t, dir, parsed)...)
		return nil
	}))
	slices.SortFunc(claims, func(a, b claim) int { return strings.Compare(a.test, b.test) })
	return claims
}

func claimsOf(t *testing.T, dir string, file *ast.File) []claim {
	t.Helper()
	var claims []claim
	placed := map[*ast.Comment]bool{}
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Doc == nil {
			continue
		}
		for _, c := range fn.Doc.List {
			numbers, ok := strings.CutPrefix(c.Text, "//mdm:feature ")
			if !ok {
				continue
			}
			placed[c] = true
			assert.True(t, isTestName(fn.Name.Name), "%s: %s is no test, and claims a feature", dir, fn.Name.Name)
			for number := range strings.FieldsSeq(numbers) {
				claims = append(claims, claim{number, dir + "." + fn.Name.Name})
			}
		}
	}
	for _, group := range file.Comments {
		for _, c := range group.List {
			assert.True(t, placed[c] || !strings.HasPrefix(c.Text, "//mdm:feature"), "%s: %q stands at no test", dir, c.Text)
		}
	}
	return claims
}

func isTestName(name string) bool {
	return strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Example") || strings.HasPrefix(name, "Fuzz")
}

func featureTable(features []feature) string {
	var b strings.Builder
	open := 0
	for _, f := range features {
		if f.excuse == "" && len(f.tests) == 0 {
			open++
		}
	}
	fmt.Fprintf(&b, "# Required features\n\nMade from the directives `//mdm:feature` of the tests by `go test . -update`.\n\n"+
		"%d features, %d still open.\n\n| feature | what | shown by |\n|---|---|---|\n", len(features), open)
	for _, f := range features {
		shown := f.excuse
		switch {
		case len(f.tests) > 0:
			shown = "`" + strings.Join(slices.Compact(f.tests), "` `") + "`"
		case shown == "":
			shown = "open"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", f.number, f.title, shown)
	}
	return b.String()
}
