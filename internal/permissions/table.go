// Package permissions holds, for one vendor, which rights each request needs.
// Such a table is the one source of the settings form, of the advice in errors
// and of the connection test.
package permissions

import (
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// Right is what one request needs.
type Right struct {
	Op      string      // of the request
	Ability mdm.Ability // that the request is part of; "" = of none
	What    string      // of the ability, such as a command's name; "" = all of it
	Names   []string    // as the vendor's console calls them
}

// Need makes a Right.
func Need(op string, ability mdm.Ability, what string, names ...string) Right {
	return Right{op, ability, what, names}
}

// Table has every request that needs a right.
type Table []Right

// Of returns what an operation needs, each name once; nil = it is not in the
// table.
func (t Table) Of(op string) []string {
	var names []string
	for _, r := range t {
		for _, name := range r.Names {
			if r.Op == op && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Abilities is the table as the settings form shows it.
func (t Table) Abilities() []mdm.Permission {
	var all []mdm.Permission
	for _, r := range t {
		for _, name := range r.Names {
			p := mdm.Permission{Ability: r.Ability, For: r.What, Right: name}
			if r.Ability != "" && !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}
