package abmtest

import "net/http"

// MACs is a form that addresses of network interfaces have in answers.
type MACs uint8

// The forms. The zero value mixes them, as has been seen.
const (
	MACsMixed MACs = iota // a text on most devices and an array on every third
	MACsText              // a text, as documented
	MACsArray             // an array
)

// None is a form of an answer that says that there is nothing.
type None uint8

// The forms. The zero value is status 404 for the server of a device, and an
// empty list for its coverage.
const (
	NoneUsual None = iota
	NoneNull       // data is null; of coverage an empty list
	NoneEmpty      // data has an empty id; of coverage an empty list
	NoneFound      // status 404 for both
)

// Wire chooses among forms of one answer that have all been seen or can be
// expected. The zero Wire is what a new fake has.
type Wire struct {
	MACs      MACs
	Server    None // the server of a device without one
	Coverage  None // the coverage of a device without any
	OpaqueIDs bool // ids of devices are not their serial numbers

	NoMeta    bool // lists have no meta
	NoTotal   bool // meta has no total
	OnlyLink  bool // the next page is named by links.next alone
	EmptyNext bool // the last page has an empty links.next and nextCursor, not none
	NullNext  bool // the last page has links.next and nextCursor null
	EmptyPage bool // the second page of a list is empty, and not the last
	Loop      bool // from the second page on a list repeats one cursor
	Foreign   bool // links.next leads to another host

	RefuseFields  []string // names that are refused when they are selected, although documented
	HideConnected bool     // lastConnected… of servers only when selected

	EmptyErrors  bool   // status 401 has no body
	NullErrors   bool   // errors is null
	HTMLErrors   bool   // errors are a page of HTML
	TwoErrors    bool   // each error comes with a second one
	TokenStatus  int    // of a refused assertion, such as 401; 0 = 400
	TokenLimit   int    // of too many token requests; 0 = 429
	RefuseReplay bool   // an assertion that was used before is refused
	Retry        string // Retry-After instead of the seconds: "date", "none", or the value itself
}

// SetWire chooses among forms of answers.
func (f *Fake) SetWire(w Wire) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wire = w
}

// tokenStatus is the status of a refused assertion.
func (w Wire) tokenStatus() int {
	if w.TokenStatus == 0 {
		return http.StatusBadRequest
	}
	return w.TokenStatus
}

// tokenLimit is the status of too many token requests.
func (w Wire) tokenLimit() int {
	if w.TokenLimit == 0 {
		return http.StatusTooManyRequests
	}
	return w.TokenLimit
}
