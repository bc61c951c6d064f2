package mdmlink_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The tests of this directory hold the repository as a whole to its rules.
// Files under docs that are made from the code are kept fresh by them:
//
//	go test . -update

var update = flag.Bool("update", false, "write the generated files anew")

const module = "github.com/mdmlink/mdmlink"

// generated compares a generated file with what it should hold, or writes it.
func generated(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
		return
	}
	got, err := os.ReadFile(path)
	require.NoError(t, err, "run: go test . -update")
	require.Equal(t, want, string(got), "%s is not fresh; run: go test . -update", path)
}

// goTool runs the go command on this module alone, as a host would see it.
func goTool(t *testing.T, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOWORK=off")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "go %s: %s", strings.Join(args, " "), stderr.String())
	return out
}

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath string
	Name       string
	Dir        string
	Doc        string
	Standard   bool
	Imports    []string
	Deps       []string
	GoFiles    []string
}

// short is the import path within the module; "." for the root.
func (p pkg) short() string {
	if p.ImportPath == module {
		return "."
	}
	return strings.TrimPrefix(p.ImportPath, module+"/")
}

func packages(t *testing.T) []pkg {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(goTool(t, "list", "-json", "./...")))
	var all []pkg
	for {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		all = append(all, p)
	}
}

// public are the packages that a host may import.
func public(all []pkg) []pkg {
	return slices.DeleteFunc(slices.Clone(all), func(p pkg) bool {
		return p.Name == "main" || strings.Contains("/"+p.short()+"/", "/internal/")
	})
}
