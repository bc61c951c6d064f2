package abmtest

import (
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// Fake is Apple's token endpoint and organisation API as an http.Handler. All
// methods may be called while it serves.
type Fake struct {
	*traffic.Front
	*traffic.WallClock

	ClientID string // of an API account that has all rights at first; read only
	TeamID   string // issuer that assertions may name instead of the client id; read only

	mu      sync.Mutex
	school  bool
	version version
	wire    Wire
	reads   traffic.Limit
	writes  traffic.Limit
	grants  traffic.Limit // of tokens
	pages   int           // between two cuts of the connection; 0 = none
	served  int           // pages since the last cut
	rows    int           // a page never has more rows; 0 = as many as were asked for
	stale   time.Duration
	routes  []route
	accounts
	world
	book
}

// maxParallel is how many requests at a time are known to work.
const maxParallel = 4

// New makes a business organisation for a district; nil stands for the
// standard one. The district is copied, so that several fakes can share one.
func New(d *fleet.District) *Fake { return newFake(d, false) }

// NewSchool makes an organisation of Apple School Manager for a district; nil
// stands for the standard one.
func NewSchool(d *fleet.District) *Fake { return newFake(d, true) }

func newFake(d *fleet.District, school bool) *Fake {
	if d == nil {
		d = fleet.New(fleet.Options{})
	}
	f := &Fake{
		WallClock: traffic.NewWallClock(),
		ClientID:  "BUSINESSAPI.3d1c7a52-8f0e-4b6a-9c11-2e5f7a9b0c4d",
		TeamID:    "BUSINESS.0f1e2d3c-4b5a-4697-8877-665544332211",
		school:    school, version: newest(school), routes: newRoutes(),
	}
	if school {
		f.ClientID = "SCHOOLAPI.9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d"
		f.TeamID = "SCHOOL.0f1e2d3c-4b5a-4697-8877-665544332211"
	}
	f.world = newWorld(d, school)
	f.accounts = newAccounts(f.ClientID)
	f.book = newBook()
	f.Front = traffic.NewFront(traffic.Rules{Parallel: maxParallel}, f.serve, f.Wall)
	return f
}
