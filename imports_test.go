package mdmlink_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestImports keeps the rules of docs/architecture.md on who may import whom.
func TestImports(t *testing.T) {
	t.Parallel()
	all := packages(t)
	assert.NotEmpty(t, all)
	for _, p := range all {
		for _, rule := range importRules {
			if !rule.applies(p.short()) {
				continue
			}
			for _, dep := range rule.look(p) {
				assert.True(t, rule.allows(p.short(), inside(dep)), "%s imports %s: %s", p.short(), inside(dep), rule.why)
			}
		}
	}
}

// TestImportRulesCanFail shows that each rule refuses something.
func TestImportRulesCanFail(t *testing.T) {
	t.Parallel()
	for _, rule := range importRules {
		assert.False(t, rule.allows(rule.badFrom, rule.bad), rule.why)
		assert.True(t, rule.applies(rule.badFrom), rule.why)
	}
}

type importRule struct {
	why          string
	applies      func(from string) bool
	allows       func(from, to string) bool
	deep         bool // looks at everything a package depends on, not only at what it imports
	badFrom, bad string
}

func (r importRule) look(p pkg) []string {
	if r.deep {
		return p.Deps
	}
	return p.Imports
}

// inside shortens paths of this module to "./..." and leaves others as they
// are.
func inside(path string) string {
	if path == module {
		return "."
	}
	if short, ok := strings.CutPrefix(path, module+"/"); ok {
		return "./" + short
	}
	return path
}

// vendorPackages are those of the vendors, with what is below them.
var vendorPackages = []string{"abm", "intune", "jamfpro", "jamfschool", "relution"}

func vendorOf(from string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(from, "./"), "/")
	if slices.Contains(vendorPackages, first) {
		return first
	}
	return ""
}

func isTest(from string) bool {
	return strings.HasSuffix(path.Base(from), "test") || under("mdm/mdmtest")(from)
}

// isFake reports whether a package is the fake server of the package above it.
func isFake(from string) bool {
	return vendorOf(from) != "" && path.Base(from) == path.Base(path.Dir(from))+"test"
}

func under(prefixes ...string) func(string) bool {
	return func(p string) bool {
		p = strings.TrimPrefix(p, "./")
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return p == prefix || strings.HasPrefix(p, prefix+"/") })
	}
}

func is(names ...string) func(string) bool {
	return func(p string) bool { return slices.Contains(names, strings.TrimPrefix(p, "./")) }
}

func not(f func(string) bool) func(string) bool { return func(p string) bool { return !f(p) } }

func standard(to string) bool {
	return !strings.HasPrefix(to, "./") && !strings.Contains(strings.Split(to, "/")[0], ".")
}

func unicode(to string) bool { return strings.HasPrefix(to, "golang.org/x/text/") }

func impure(to string) bool {
	return slices.Contains([]string{"context", "net", "os", "log", "log/slog", "net/http", "net/url"}, to)
}

var importRules = []importRule{
	{
		why:     "identifiers are pure: the standard library and Unicode normalisation only, nothing that reaches outside",
		applies: is("mdm/ident"), badFrom: "mdm/ident", bad: "context",
		allows: func(_, to string) bool { return standard(to) && !impure(to) || unicode(to) },
	},
	{
		why:     "matching is pure: the standard library and ident only, nothing that reaches outside",
		applies: is("match"), badFrom: "match", bad: "./mdm",
		allows: func(_, to string) bool { return standard(to) && !impure(to) || to == "./mdm/ident" },
	},
	{
		why:     "the vocabulary needs the standard library and ident only, and no HTTP",
		applies: is("mdm"), badFrom: "mdm", bad: "net/http", deep: true,
		allows: func(_, to string) bool {
			return !strings.HasPrefix(to, "./") && to != "net/http" && (standard(to) || unicode(to) || strings.HasPrefix(to, "vendor/")) || to == "./mdm/ident"
		},
	},
	{
		why:     "a vendor knows the vocabulary and no other vendor, no matching and no inventory",
		applies: func(from string) bool { return vendorOf(from) != "" && !isTest(from) }, badFrom: "jamfschool", bad: "./match",
		allows: func(from, to string) bool {
			return !strings.HasPrefix(to, "./") || under("mdm", "internal", vendorOf(from))(to)
		},
	},
	{
		why:     "the inventory knows no vendor and no HTTP",
		applies: under("inventory"), badFrom: "inventory", bad: "net/http", deep: true,
		allows: func(_, to string) bool {
			return to != "net/http" && (!strings.HasPrefix(to, "./") || under("mdm", "match", "inventory", "internal/json", "internal/contracttest")(to) && !under("mdm/transport")(to))
		},
	},
	{
		why:     "nothing in the library imports the list of all vendors",
		applies: not(is("vendors")), badFrom: "inventory", bad: "./vendors",
		allows: func(_, to string) bool { return to != "./vendors" },
	},
	{
		why:     "test libraries reach no host",
		applies: func(string) bool { return true }, badFrom: "mdm/mdmtest", bad: "github.com/stretchr/testify/require",
		allows: func(_, to string) bool {
			return !strings.HasPrefix(to, "github.com/stretchr/") && !strings.HasPrefix(to, "github.com/jarcoal/") && !strings.HasPrefix(to, "pgregory.net/")
		},
	},
	{
		why:     "only test packages import testing and test packages",
		applies: not(isTest), badFrom: "jamfschool", bad: "./mdm/mdmtest",
		allows: func(_, to string) bool { return to != "testing" && (!strings.HasPrefix(to, "./") || !isTest(to)) },
	},
	{
		why:     "a fake server never uses its vendor's own types, or a mistake in them would be repeated",
		applies: isFake, badFrom: "abm/ade/adetest", bad: "./abm/ade",
		allows: func(from, to string) bool { return !under(vendorOf(from))(to) || isTest(to) },
	},
}
