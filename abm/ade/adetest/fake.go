package adetest

import (
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// Fake is the enrolment web service, with the part of the portal that feeds
// it, as an http.Handler. All methods may be called while it serves, those of
// its entries too.
type Fake struct {
	*traffic.Front

	Main *Entry // the server entry that all devices are assigned to at first; read only

	mu      sync.Mutex
	ahead   time.Duration // how far Advance went
	skew    time.Duration
	wire    Wire
	limit   limiter
	paging  Paging
	refused []refusal
	routes  []route
	auth
	world
	services
}

// New makes a fake for a district; nil stands for the standard one. The
// district is copied, so that several fakes can share one.
func New(d *fleet.District) *Fake {
	if d == nil {
		d = fleet.New(fleet.Options{})
	}
	f := &Fake{
		auth: newAuth(), services: newServices(),
		paging: Paging{Default: 1000, Fetch: 1000, Sync: 5000, Batch: 5000}, routes: newRoutes(),
	}
	f.world = newWorld()
	f.Main = f.addEntry("Inventory Sync", organisationOf(d))
	f.Main.issue(f.now())
	f.populate(d)
	f.Front = traffic.NewFront(traffic.Rules{}, f.serve, f.showing)
	return f
}

// Now is the fake's present: the clock of this machine, and what Advance
// added.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now()
}

// Advance moves the fake's present forward, and with it the age of tokens,
// sessions, cursors and limits. What a client does by its own clock stays
// right: signatures are judged by the clock of this machine still.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ahead += d
}

// SetSkew lets the fake's clock be ahead of that of this machine by d, for
// what the two compare: the time of a signature and the Date header. Negative
// = behind.
func (f *Fake) SetSkew(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.skew = d
}

// now is the present. The caller holds the lock.
func (f *Fake) now() time.Time { return time.Now().Add(f.ahead).UTC() }

// showing is the time that answers carry.
func (f *Fake) showing() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.wall()
}

// wall is what the fake takes for the time of day. The caller holds the lock.
func (f *Fake) wall() time.Time { return time.Now().Add(f.skew).UTC() }
