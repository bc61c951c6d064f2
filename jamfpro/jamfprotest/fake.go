package jamfprotest

import (
	"sync"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// Fake is a Jamf Pro server as an http.Handler. It serves the Jamf Pro API
// below /api. All methods may be called while it serves.
type Fake struct {
	*traffic.Front
	*traffic.Clock

	ClientID     string // of an API client that has all privileges at first; read only
	ClientSecret string // its first secret, with characters that a form has to escape; read only
	Username     string // of an account that has all privileges at first; read only
	Password     string // of this account; read only

	mu      sync.Mutex
	version version
	context string
	wire    Wire
	limit   traffic.Limit
	rows    int // a page of more rows times out; 0 = none does
	cut     int // a page never has more rows; 0 = the server's own maximum
	cluster
	accounts
	world
	book
}

// maxParallel is how many connections the vendor's guidance allows.
const maxParallel = 5

// New makes a fake for a district; nil stands for the standard one. The
// district is copied, so that several fakes can share one.
func New(d *fleet.District) *Fake {
	if d == nil {
		d = fleet.New(fleet.Options{})
	}
	f := &Fake{
		ClientID:     "3d6f0a52-8b41-4c7e-9d15-6a0e2b7c9f10",
		ClientSecret: "s3cr+et/0nly&for=tests%21 ok",
		Username:     "sync.example",
		Password:     "pass:word für Tests",
		Clock:        traffic.NewClock(d.Now),
		version:      newest,
		world:        newWorld(d),
	}
	f.accounts = newAccounts(f)
	f.cluster = cluster{nodes: 1}
	f.Front = traffic.NewFront(traffic.Rules{Parallel: maxParallel}, f.serve, f.Now)
	return f
}

// SetContext serves the API below a context path such as "/jamf", as servers
// on the school's own machines do. "" serves it at the root.
func (f *Fake) SetContext(path string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.context = path
}

// SetRowLimit answers pages for which more than n rows were asked with 504
// and a page of HTML. 0 = no limit.
func (f *Fake) SetRowLimit(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rows = n
}

// SetPageLimit lets no page have more than n rows, whatever was asked: the
// maximum of the server, 2000, made small. Nothing tells the client. 0 = the
// server's own.
func (f *Fake) SetPageLimit(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cut = n
}
