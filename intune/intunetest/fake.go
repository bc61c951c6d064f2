package intunetest

import (
	"encoding/json"
	"sync"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// Fake is a tenant of Microsoft Intune as an http.Handler: the login service,
// Microsoft Graph and the store of export files in one. All methods may be
// called while it serves.
type Fake struct {
	*traffic.Front
	*traffic.Clock

	TenantID     string // of the tenant whose devices are served; read only
	Domain       string // its verified domain, which stands for the id in addresses; read only
	ClientID     string // of an app registration that has all permissions at first; read only
	ClientSecret string // its first secret, with characters that a form has to escape; read only

	table []*route
	shelf *shelf[view]

	mu       sync.Mutex
	cloud    Cloud
	wire     Wire
	pages    int // default size of a page; 0 = the service's own
	overlap  int
	links    map[string]bool // next links that were given out, without scheme and host
	serial   int             // numbers what is made: tokens, request ids
	inner    []int           // statuses of the next requests in batches
	planted  []json.RawMessage
	details  map[string]json.RawMessage // planted devices, by lower-case id
	licensed bool
	state    string // subscriptionState
	meters
	directory
	approvals
	exports
	world
}

// New makes a fake for a district. Nil stands for the standard one with
// Windows PCs and Android tablets beside the Apple devices. The district is
// copied, so that several fakes can share one.
func New(d *fleet.District) *Fake {
	if d == nil {
		d = fleet.New(fleet.Options{Windows: 40, Android: 25})
	}
	f := &Fake{
		TenantID:     "7c1e5a90-4b2d-4f6a-9e83-d05b1a7c6e24",
		Domain:       "district.example",
		ClientID:     "1f0e7c52-93ab-4d18-8c67-2b4a6f1d9035",
		ClientSecret: "q8Q~s3cr+t&only.for=tests%21_ok",
		Clock:        traffic.NewClock(d.Now),
		cloud:        Public,
		meters:       newMeters(),
		links:        map[string]bool{},
		details:      map[string]json.RawMessage{},
		licensed:     true,
		state:        "active",
		table:        routes(),
		shelf:        deviceShelf(),
		exports:      newExports(),
	}
	f.world = newWorld(d, f.Domain)
	f.directory = newDirectory(f)
	f.Front = traffic.NewFront(traffic.Rules{}, f.serve, f.Now)
	return f
}

// SetLicensed gives the tenant an Intune licence or takes it away.
func (f *Fake) SetLicensed(on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.licensed = on
}

// SetSubscription sets the subscriptionState of the tenant, "active" at first.
// The others are pending, warning, disabled, deleted, blocked and lockedOut.
func (f *Fake) SetSubscription(state string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state = state
}
