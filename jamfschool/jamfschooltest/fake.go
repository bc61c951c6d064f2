package jamfschooltest

import (
	"net/netip"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// Fake is a Jamf School server as an http.Handler. It serves its resources
// both at the root and below /api. All methods may be called while it serves.
type Fake struct {
	*traffic.Front

	NetworkID string // the user name of the Basic credentials; read only
	Key       string // a key that has all rights at first; read only

	mu      sync.Mutex
	clock   time.Time // the present; each write moves it by a second
	keys    map[string]Rights
	allowed []netip.Prefix
	limit   traffic.Limit
	wire    Wire
	stale   int
	world
}

// New makes a fake for a district; nil stands for the standard one. The
// district is copied, so that several fakes can share one.
func New(d *fleet.District) *Fake {
	if d == nil {
		d = fleet.New(fleet.Options{})
	}
	f := &Fake{
		NetworkID: "2409871",
		Key:       "K7XEXAMPLE0ONLY0FOR0TESTS0000QZ9",
		clock:     d.Now,
		world:     newWorld(d),
	}
	f.keys = map[string]Rights{f.Key: All}
	f.Front = traffic.NewFront(traffic.Rules{Prefix: "/api"}, f.serve, nil)
	return f
}

// SetStaleReads lets the next n reads of a device after each write to it,
// listings included, answer what was there before. 0 ends it.
func (f *Fake) SetStaleReads(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stale = n
}

// Now is the fake's present. It begins with the district's and moves by a
// second with each write.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.clock
}

// tick moves the clock on. The caller holds the lock.
func (f *Fake) tick() time.Time {
	f.clock = f.clock.Add(time.Second)
	return f.clock
}
