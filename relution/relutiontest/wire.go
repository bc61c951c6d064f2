package relutiontest

// Wire says how answers are written, where servers differ or nobody knows how
// they do it. The zero value is the usual form.
type Wire struct {
	Status   string // the status of success, as JSON: `0`, `null`, `"OK"`; "" = `"0"`
	NoStatus bool   // the wrapper has no status at all
	Errors   string // the errors of success, as JSON: `[]`, `null`; "" = `{}`

	WrappedErrors bool // modern servers write errors as older ones do, in a wrapper
	FlatErrors    bool // older servers write errors as modern ones do, as an exception alone
	ErrorsAsOK    bool // errors that have a JSON body come with HTTP status 200
	StackTraces   bool // errors hold a stack trace
	EmptyErrors   bool // errors have no body

	LoginPage     bool // a token that is not accepted is answered with 200 and a login page
	MissingAsHTML bool // an unknown path below /api is answered with 200 and the portal's page
	EmptyTenant   bool // a tenant that does not exist has no data, instead of 404

	NoAccountCalls  bool // the calls about the account itself do not exist: who it is, and which tenants it gets to
	NoAlias         bool // modern servers have nothing below /api/v1 and /api/v2
	GetOnly         bool // lists with a query in the body know GET only
	IgnoreFilters   bool // lists take filters and do not apply them
	IgnoreTotal     bool // lists do not count, even when they are asked to
	ItemsOnRequest  bool // a query in the body without getItems has no items
	GroupsOnRequest bool // deviceGroups, simSlots and policies are null unless fields names them
	DeviceUser      bool // modern servers name the pseudo user of unassigned devices too
	PercentBattery  bool // Android devices report percent on every release
	InventoryLags   bool // what an action did shows after a refresh or the next Settle only
	CaseSensitive   bool // a UUID in other letters than the server's is unknown
}

// SetWire changes how answers are written from now on.
func (f *Fake) SetWire(w Wire) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wire = w
	f.epoch++
}
