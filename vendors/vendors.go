// Package vendors knows every kind of system that mdmlink connects to: what to
// ask a person for, what to set up in the system's console, and how to open a
// source from the answers. It is the one package that imports every vendor; a
// host that uses a single system may do without it.
//
// There is no registry to write to: [All] returns a slice, and a host appends
// kinds of its own to it.
//
//	kinds := append(vendors.All(), ours)
//	src, err := kinds.Open("jamfschool", values, transport.Options{})
package vendors

import (
	"slices"
	"strconv"
	"strings"

	"github.com/mdmlink/mdmlink/abm"
	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/jamfschool"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/mdmlink/mdmlink/relution"
)

// Kind is one kind of system: its settings form, and how to open a source
// from it.
type Kind struct {
	mdm.Settings

	// OpenSource opens a source from the values of the form, without a
	// request. Its error Is mdm.ErrInvalid and names every bad field.
	OpenSource func(mdm.Values, transport.Options) (mdm.Source, error)
}

// Kinds are kinds of systems.
type Kinds []Kind

// All returns the kinds that mdmlink knows, by name. The caller may change
// the slice.
func All() Kinds {
	return Kinds{
		{abm.Settings(), abm.Open},
		{ade.Settings(), ade.OpenSource},
		{intune.Settings(), intune.Open},
		{jamfpro.Settings(), jamfpro.Open},
		{jamfschool.Settings(), jamfschool.Open},
		{relution.Settings(), relution.Open},
	}
}

// Find returns the kind with a name.
func (k Kinds) Find(name string) (Kind, bool) {
	i := slices.IndexFunc(k, func(kind Kind) bool { return kind.Kind == name })
	if i < 0 {
		return Kind{}, false
	}
	return k[i], true
}

// Open opens a source of a kind from the values of its settings form, without
// a request. Its error Is mdm.ErrInvalid, and names every bad field.
func (k Kinds) Open(name string, values mdm.Values, options transport.Options) (mdm.Source, error) {
	kind, ok := k.Find(name)
	if !ok {
		names := make([]string, len(k))
		for i := range k {
			names[i] = k[i].Kind
		}
		return nil, &mdm.Error{Op: "open", Kind: mdm.ErrInvalid,
			Detail: "there is no kind " + strconv.Quote(name) + "; there are: " + strings.Join(names, ", ")}
	}
	return kind.OpenSource(values, options)
}

// Open opens a source of one of mdmlink's own kinds; see Kinds.Open.
func Open(kind string, values mdm.Values, options transport.Options) (mdm.Source, error) {
	return All().Open(kind, values, options)
}
