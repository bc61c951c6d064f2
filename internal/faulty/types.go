package faulty

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Types says which JSON types an answer gets wrong.
type Types struct {
	Numbers bool // numbers become strings
	Bools   bool // true and false become 1 and 0
	Strings bool // texts of digits become numbers
	Objects bool // objects that are members of an object become arrays of one element
	Empty   bool // empty objects become empty arrays, and null becomes ""

	Keys []string // only members of these names; nil = all
	Seed uint64   // not 0: only about half of the values, chosen by the seed
}

// WrongTypes rewrites JSON answers; others, and JSON that cannot be read,
// pass as they are. The whole answer is held in memory.
func (s Scope) WrongTypes(t Types) {
	s.add(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		body := rec.body.Bytes()
		if strings.Contains(w.Header().Get("Content-Type"), "json") {
			body = t.rewrite(body)
		}
		w.Header().Del("Content-Length")
		w.WriteHeader(rec.status)
		w.Write(body) // a client that is gone needs no answer
	})
}

// recorder keeps an answer back.
type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }

// rewrite returns the document with wrong types, its members sorted by name.
func (t Types) rewrite(doc []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return doc
	}
	w := twister{Types: t}
	if t.Seed != 0 {
		w.rand = rand.New(rand.NewPCG(t.Seed, t.Seed))
	}
	out, err := json.Marshal(w.inside(v))
	if err != nil {
		return doc
	}
	return out
}

type twister struct {
	Types
	rand *rand.Rand
}

// inside rewrites what a value holds, not the value itself.
func (w *twister) inside(v any) any {
	switch v := v.(type) {
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names) // the same seed hits the same values
		for _, name := range names {
			v[name] = w.member(name, w.inside(v[name]))
		}
	case []any:
		for i := range v {
			v[i] = w.inside(v[i])
		}
	}
	return v
}

// member rewrites the value of a member.
func (w *twister) member(name string, v any) any {
	if len(w.Keys) > 0 && !slices.Contains(w.Keys, name) {
		return v
	}
	if w.rand != nil && w.rand.IntN(2) == 0 {
		return v
	}
	switch v := v.(type) {
	case json.Number:
		if w.Numbers {
			return v.String()
		}
	case bool:
		if w.Bools {
			return map[bool]int{true: 1, false: 0}[v]
		}
	case string:
		if _, err := strconv.ParseUint(v, 10, 64); err == nil && w.Strings && (v == "0" || v[0] != '0') {
			return json.Number(v)
		}
	case map[string]any:
		switch {
		case len(v) == 0 && w.Empty:
			return []any{}
		case w.Objects:
			return []any{v}
		}
	case nil:
		if w.Empty {
			return ""
		}
	}
	return v
}
