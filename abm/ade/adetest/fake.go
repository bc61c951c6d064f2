package adetest

import (
	"sync"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// Fake is the enrolment web service, with the part of the portal that feeds
// it, as an http.Handler. All methods may be called while it serves, those of
// its entries too.
type Fake struct {
	*traffic.Front
	*traffic.WallClock

	Main *Entry // the server entry that all devices are assigned to at first; read only

	mu      sync.Mutex
	wire    Wire
	limit   traffic.Limit
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
		WallClock: traffic.NewWallClock(),
		auth:      newAuth(), services: newServices(),
		paging: Paging{Default: 1000, Fetch: 1000, Sync: 5000, Batch: 5000}, routes: newRoutes(),
	}
	f.world = newWorld()
	f.Main = f.addEntry("Inventory Sync", organisationOf(d))
	f.Main.issue(f.Now())
	f.populate(d)
	f.Front = traffic.NewFront(traffic.Rules{}, f.serve, f.Wall)
	return f
}
