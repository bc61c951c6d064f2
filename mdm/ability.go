package mdm

import (
	"context"
	"iter"
	"time"
)

// Ability names something a source can do beyond listing, or a group of
// requests that needs a permission of its own.
type Ability string

// The abilities. Those of a source are derived from what it implements; see
// [Abilities].
const (
	AbilityList     Ability = "list"     // list devices and read one
	AbilityBatch    Ability = "batch"    // read several devices with one request
	AbilityCheck    Ability = "check"    // test the connection step by step
	AbilityCommand  Ability = "command"  // send commands to devices
	AbilitySoftware Ability = "software" // list installed software
	AbilitySites    Ability = "sites"    // list the sites of the tenant
	AbilityHealth   Ability = "health"   // report the state of credentials
	AbilityWrite    Ability = "write"    // write attributes back, through the typed client
)

// Abilities returns what a source can do, in the order of the constants.
func Abilities(src Source) []Ability {
	all := []Ability{AbilityList}
	if _, ok := src.(Batcher); ok {
		all = append(all, AbilityBatch)
	}
	if _, ok := As[Checker](src); ok {
		all = append(all, AbilityCheck)
	}
	if _, ok := As[Commander](src); ok {
		all = append(all, AbilityCommand)
	}
	if _, ok := As[SoftwareLister](src); ok {
		all = append(all, AbilitySoftware)
	}
	if _, ok := As[SiteLister](src); ok {
		all = append(all, AbilitySites)
	}
	if _, ok := As[HealthReporter](src); ok {
		all = append(all, AbilityHealth)
	}
	return all
}

// SiteLister is the ability to list the sites (locations, schools) that a
// tenant is divided into.
type SiteLister interface {
	// Sites lists all sites. An error is the last element.
	Sites(ctx context.Context) iter.Seq2[Site, error]
}

// HealthReporter is the ability to tell how the credentials are, before they
// fail.
type HealthReporter interface {
	// Health returns the state of each credential that the source uses or
	// knows of. An error means that nothing could be found out.
	Health(ctx context.Context) ([]Health, error)
}

// Health is the state of one credential.
type Health struct {
	Credential string        // what it is, such as "API key"; no secret
	State      HealthState   // zero = unknown
	Expires    time.Time     // zero = does not expire, or not known
	Next       string        // what a person should do next; "" = nothing
	Err        error         `json:"-"` // why it is broken; nil otherwise
	Warn       time.Duration // how long before Expires the state becomes HealthWarn; 0 = not known
}

// HealthState is how a credential is. The zero HealthState is unknown.
type HealthState uint8

const (
	HealthUnknown HealthState = iota
	HealthOK
	HealthWarn   // works, but needs attention soon
	HealthBroken // does not work
)

var healthNames = names{"", "ok", "warn", "broken"}

// String returns "ok", "warn", "broken" or "".
func (h HealthState) String() string { return healthNames.text(int(h)) }

// MarshalText returns what String does.
func (h HealthState) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText accepts what MarshalText writes; any other text is unknown.
func (h *HealthState) UnmarshalText(text []byte) error {
	*h = HealthState(healthNames.index(text))
	return nil
}
