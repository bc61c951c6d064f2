package fleet

import (
	"slices"
	"time"
)

// Asset is one row of the inventory that people keep by hand.
type Asset struct {
	Truth string // the physical device; "" = none that any MDM could know

	ID           string
	School       string // School.ID; where the row says the thing is
	Number       string // inventory number, such as "INV-2024-0117"
	Name         string
	Serial       string
	Manufacturer string
	Model        string
	MACs         []string // as typed: upper or lower case, colons or hyphens
	IMEI         string   // as typed
	User         string   // name of a person, as typed
	Room         string
	Purchased    time.Time
	Archived     bool // taken out of use, according to the inventory
	Notes        string

	Flaws []Flaw
}

// Has reports whether the row has a flaw.
func (a *Asset) Has(f Flaw) bool { return slices.Contains(a.Flaws, f) }
