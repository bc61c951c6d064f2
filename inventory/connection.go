package inventory

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// Connection ties one source to one scope of the inventory. The host stores
// it; the package only reads it.
type Connection struct {
	ID    string // the host's key; never changes
	Kind  string // kind of system, such as "jamfschool"
	Scope string // whose inventory, such as a school or a customer
	Name  string // unique name to show; see SuggestName

	Disabled bool      // scheduled runs do not take place; runs by hand always do
	Mode     Mode      // whether devices that are linked are kept up to date
	Schedule Schedule  // when automatic runs take place; zero = never, see DefaultSchedule
	Created  time.Time // when the connection was set up: the first automatic run follows soon after

	// Rank orders sources that describe the same asset: a connection does not
	// write over a field that a connection of the same or a higher rank wrote,
	// as long as that one still lists the device. 0 = ordinary.
	Rank int

	// Sites maps the MDM's sites to the host's schools. A device of a site
	// that maps to one school is never linked to an asset of another, and a
	// new asset is created there. nil = sites play no part.
	Sites map[string]string

	OnNew   NewPolicy // what happens to devices that belong to no asset yet
	Mapping Mapping   // which attributes go where
	Mappers Mappers   // mappers of the host's own, by the name that a Mapping calls them; nil = none

	// DisplayName is a template for the name of a device in lists and of a new
	// asset, such as "{user.login}:{sim.phone}:{model}"; "" = "{name}".
	DisplayName string

	Life   LifePolicy   // when a device is stale, gone and forgotten; zero = the defaults
	Match  match.Policy // how devices are recognised; zero = the default policy
	Keep   mdm.Keys     // attributes of devices that may be stored; nil = all that are read
	Limits Limits       // when a run is held for approval; zero = the defaults

	// PauseOnWarn stops scheduled runs while a credential needs attention
	// soon, not only when it is broken or expired.
	PauseOnWarn bool

	// Software asks for the installed software of linked devices; nil = none
	// is read. See Options.Software.
	Software *SoftwareOptions
}

// Mode says what a run does with devices that are linked already. The zero
// Mode is ModeContinuous.
type Mode uint8

const (
	ModeContinuous Mode = iota // keep linked assets up to date
	ModeOnce                   // import by hand: attributes are written once, when a device is linked, and no run is scheduled
)

// NewPolicy says what happens to a device that belongs to no asset yet. The
// zero NewPolicy is NewLink.
type NewPolicy uint8

const (
	NewLink   NewPolicy = iota // link what is recognised without doubt, stage the rest
	NewStage                   // stage everything, with suggestions
	NewCreate                  // as NewLink, and create an asset for what resembles none
)

// SoftwareOptions narrows which software a run reads.
type SoftwareOptions struct {
	Match func(mdm.Install) bool // which rows; nil = all
	Cap   int                    // at most so many rows for each device; 0 = 500
}

// SuggestName returns a name for a connection: the kind's title and the name
// of the school or customer.
func SuggestName(title, scope string) string { return title + " - " + scope }

// Check reports every bad field of a connection at once. others are the
// connections that exist already; their names may not be used again.
func (c Connection) Check(others ...Connection) error {
	var bad []error
	need := func(field, value string) {
		if strings.TrimSpace(value) == "" {
			bad = append(bad, fmt.Errorf("%s: is missing", field))
		}
	}
	need("ID", c.ID)
	need("Kind", c.Kind)
	need("Scope", c.Scope)
	need("Name", c.Name)
	for _, o := range others {
		if o.ID != c.ID && strings.EqualFold(strings.TrimSpace(o.Name), strings.TrimSpace(c.Name)) {
			bad = append(bad, field("Name", errors.New("another connection is called so")))
		}
	}
	_, err := c.rules()
	bad = append(bad, err, c.Schedule.check(), c.Life.check())
	if _, err := c.display(); err != nil {
		bad = append(bad, field("DisplayName", err))
	}
	if err := c.Match.Validate(); err != nil {
		bad = append(bad, field("Match", err))
	}
	if unknown := c.Keep.Unknown(); len(unknown) > 0 {
		bad = append(bad, field("Keep", fmt.Errorf("there is no attribute %q", unknown[0])))
	}
	if err := errors.Join(bad...); err != nil {
		return fmt.Errorf("inventory: connection: %w: %w", mdm.ErrInvalid, err)
	}
	return nil
}

// field says which field of a connection an error is about.
func field(name string, err error) error { return fmt.Errorf("%s: %w", name, err) }

// want names the attributes that a run reads: what matching needs, what the
// mapping writes, and what may be stored. Without a Keep, everything that a
// listing gives.
func (c Connection) want() mdm.Keys {
	wanted := c.Mapping.keys().With(templateKeys(c.DisplayName)...)
	if c.Keep == nil && !wanted.Has(mdm.KeySiteName) && len(wanted.Raw()) == 0 {
		return nil
	}
	want := slices.Clone(c.Keep)
	if c.Keep == nil {
		for _, a := range mdm.Catalogue() {
			want = append(want, a.Key)
		}
		want = append(want, mdm.KeyCustom)
	}
	return want.With(matchKeys...).With(wanted...)
}

// display is the builder of names.
func (c Connection) display() (Mapper, error) { return Template(or(c.DisplayName, "{name}")) }

// keeps reports whether an attribute may be stored.
func (c Connection) keeps(key mdm.Key) bool { return c.Keep == nil || c.Keep.Has(key) }

// matchKeys are the attributes that recognising a device and following its
// life need, whatever else is read.
var matchKeys = mdm.Keys{
	mdm.KeySerial, mdm.KeyUDID, mdm.KeyDirectoryID, mdm.KeyMACWiFi, mdm.KeyMACEthernet, mdm.KeyMAC, mdm.KeyIMEI, mdm.KeyMEID,
	mdm.KeyName, mdm.KeyManufacturer, mdm.KeyModel, mdm.KeyModelID, mdm.KeyAssetTag, mdm.KeySiteID,
	mdm.KeyStatus, mdm.KeyManaged, mdm.KeyLastSeen, mdm.KeyEnrolmentAt, mdm.KeyEnrolmentMethod, mdm.KeyLink,
}
