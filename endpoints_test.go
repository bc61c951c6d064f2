package mdmlink_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// endpoint is one method of a client and the requests that it makes.
type endpoint struct {
	method     string
	routes     []string
	unverified string
}

// TestEndpoints turns the directives "//mdm:endpoint GET /devices" of the
// clients into docs/endpoints.md, and demands one of every method that makes
// requests of its own.
func TestEndpoints(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("# Endpoints\n\nMade from the directives `//mdm:endpoint` of the clients by `go test . -update`.\n")
	for _, vendor := range slices.Sorted(slices.Values(append([]string{"abm/ade"}, vendorPackages...))) {
		endpoints := endpointsOf(t, vendor)
		assert.NotEmpty(t, endpoints, vendor)
		fmt.Fprintf(&b, "\n## %s\n\n| request | method | not verified |\n|---|---|---|\n", vendor)
		for _, e := range endpoints {
			for _, route := range e.routes {
				fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", route, e.method, e.unverified)
			}
		}
	}
	generated(t, filepath.Join("docs", "endpoints.md"), b.String())
}

// composed are methods that make their requests through other methods.
var composed = []string{"jamfschool.DeviceBySerial"}

func endpointsOf(t *testing.T, vendor string) []endpoint {
	t.Helper()
	var all []endpoint
	files, err := filepath.Glob(filepath.Join(vendor, "*.go"))
	require.NoError(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, decl := range parsed.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() || !isRequest(fn) {
				continue
			}
			e := readEndpoint(fn)
			if slices.Contains(composed, vendor+"."+fn.Name.Name) {
				assert.Empty(t, e.routes, "%s.%s needs no directive", vendor, fn.Name.Name)
				continue
			}
			assert.NotEmpty(t, e.routes, "%s.%s makes requests and has no //mdm:endpoint", vendor, fn.Name.Name)
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b endpoint) int { return strings.Compare(a.method, b.method) })
	return all
}

// isRequest reports whether fn is a method of the client that takes a context.
func isRequest(fn *ast.FuncDecl) bool {
	if fn.Recv == nil || len(fn.Type.Params.List) == 0 {
		return false
	}
	star, ok := fn.Recv.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	receiver, ok := star.X.(*ast.Ident)
	if !ok || receiver.Name != "Client" {
		return false
	}
	selector, ok := fn.Type.Params.List[0].Type.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Context"
}

func readEndpoint(fn *ast.FuncDecl) endpoint {
	e := endpoint{method: fn.Name.Name}
	if fn.Doc == nil {
		return e
	}
	for _, c := range fn.Doc.List {
		if route, ok := strings.CutPrefix(c.Text, "//mdm:endpoint "); ok {
			e.routes = append(e.routes, route)
		}
	}
	if _, rest, ok := strings.Cut(fn.Doc.Text(), "Unverified:"); ok {
		note, _, _ := strings.Cut(rest, "\n\n")
		e.unverified = strings.Join(strings.Fields(note), " ")
	}
	return e
}
