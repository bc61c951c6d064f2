package inventory

import (
	"context"
	"iter"
)

// Store is the host's database, and the whole burden on a host. Queries
// narrow: within the scope a Store may give more than was asked for, never
// less. The package finishes one sequence before it makes the next call, so a
// Store may hold one connection or one lock while a sequence is read. It is
// safe for concurrent use, since runs of several connections take place at
// the same time. Package inventorytest holds a Store to this contract.
type Store interface {
	// Assets lists the assets of a scope, archived ones too. An error is the
	// last element.
	Assets(ctx context.Context, q AssetQuery) iter.Seq2[Asset, error]

	// Entries lists what earlier runs stored. An error is the last element.
	Entries(ctx context.Context, q EntryQuery) iter.Seq2[Entry, error]

	// State returns what a connection remembers; the zero State if nothing.
	State(ctx context.Context, connection string) (State, error)

	// Apply carries out a batch and returns one result for each change, in
	// order. Each change is atomic: its asset and its entry are written both
	// or neither, or, where the database cannot, the asset first and with its
	// Key, so that a second try finds it. An asset whose Key is there already
	// is not created again: it stays as it is, and its id goes into the entry.
	// A change that cannot be carried out does not keep the others from it. If the batch has a State whose
	// revision is stale, nothing is written and the error Is ErrRunning. Any
	// other error means that the outcome of every change is unknown.
	Apply(ctx context.Context, b Batch) ([]Result, error)
}

// AssetQuery says which assets to list.
type AssetQuery struct {
	Scope string   // the host's own key, such as a school or a customer
	IDs   []string // only these; nil = all of the scope
}

// EntryQuery says which entries to list.
type EntryQuery struct {
	Scope      string
	Connection string   // only of this connection; "" = of all connections of the scope
	Devices    []string // only of these device ids; nil = all
	Assets     []string // only linked to these assets; nil = all
}

// Asset is an object of the host's inventory.
type Asset struct {
	ID       string // the host's key; "" = to be created
	Revision string // changes with each change of the asset; the host's to choose
	Key      string // of an asset that a sync created: what it was created for; never creates twice

	Identifiers Identifiers       // by what the asset is recognised
	Site        string            // the host's key of the school or site; "" = none
	Values      map[string]string // the host's fields that a mapping reads or writes; absent = empty
	Archived    bool              // retired by a person: never linked automatically
}

// Identifiers are what an asset is recognised by, as people typed them. A
// field that the host does not keep stays empty.
type Identifiers struct {
	Serial       string   `json:"serial,omitzero"`
	Number       string   `json:"number,omitzero"`    // second number that people type serials into, such as an inventory number
	AssetTag     string   `json:"asset_tag,omitzero"` // label of the organisation
	UDID         string   `json:"udid,omitzero"`
	DirectoryID  string   `json:"directory_id,omitzero"`
	MACs         []string `json:"macs,omitempty"`
	IMEIs        []string `json:"imeis,omitempty"`
	MEID         string   `json:"meid,omitzero"`
	Name         string   `json:"name,omitzero"`
	Manufacturer string   `json:"manufacturer,omitzero"`
	Model        string   `json:"model,omitzero"`    // marketing name
	ModelID      string   `json:"model_id,omitzero"` // maker's identifier
	Login        string   `json:"login,omitzero"`    // of the person it is assigned to
	Email        string   `json:"email,omitzero"`
	Class        string   `json:"class,omitzero"` // as mdm.Class writes it, such as "tablet"; "" = not known
}

// Entry is what is stored about one device of one connection: its link to an
// asset, or its row in the staging table.
type Entry struct {
	Connection string
	Device     string // id of the device, unique within the connection
	Revision   string // changes with each change; "" = does not exist yet
	State      EntryState
	Asset      string // id of the linked asset; "" unless State is EntryLinked
	Name       string // of the device, for a list to show
	Serial     string // of the device, in the form that decisions follow
	Data       []byte // everything else, versioned; only this package reads it
}

// EntryState is where a device stands. A Store keeps it as text.
type EntryState string

const (
	EntryLinked  EntryState = "linked"  // belongs to an asset
	EntryStaged  EntryState = "staged"  // waits for a person
	EntryIgnored EntryState = "ignored" // a person said to leave it alone
	EntryAlias   EntryState = "alias"   // an older record of a device that another entry stands for
)

// State is what a connection remembers between runs. Its revision fences a
// second run.
type State struct {
	Revision string // changes with each change; "" = does not exist yet
	Data     []byte // versioned; only this package reads it
}

// Batch is a bounded number of changes.
type Batch struct {
	Scope      string
	Connection string
	State      *State // to store too; nil = leave it
	Changes    []Change
}

// Change is one device's change. It is atomic.
type Change struct {
	Key   string // names the change in its result; for a new asset it is Asset.Key too
	Asset *Asset // to create (ID "") or to update; nil = none
	Entry Entry  // to store; if Asset is created, its id goes into Entry.Asset

	// Remove says that the entry is to be removed instead of stored.
	Remove bool
}

// Result says what became of a change.
type Result struct {
	Key     string
	Outcome Outcome
	Asset   string // id of the asset, if one was created
	Reason  string // why it was refused, for a person; no personal data
}

// Outcome is how a change ended. The zero Outcome is unknown, and is read back
// before anything is tried again.
type Outcome uint8

const (
	OutcomeUnknown Outcome = iota // may or may not have been carried out
	OutcomeDone                   // carried out
	OutcomeStale                  // a revision was not the current one: nothing was written
	OutcomeRefused                // the host does not want it: nothing was written
)
