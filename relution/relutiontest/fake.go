package relutiontest

import (
	"sync"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// Fake is a Relution server as an http.Handler. All methods may be called
// while it serves.
type Fake struct {
	*traffic.Front
	*traffic.Clock

	Token    string // an access token that may do everything at first; read only
	Username string // of the account that owns the token, for Basic credentials; read only
	Password string // of this account; read only

	// Tenant is the organisation that has the devices of the district. Home is
	// the one that the account was made in: without a tenant, requests are about
	// it. It has three devices of its own. Both are UUIDs; read only.
	Tenant, Home string

	mu       sync.Mutex
	version  version
	wire     Wire
	redirect string // where every request is sent; "" = it is answered
	epoch    int    // grows with whatever changes how records are written
	refusals []refusal
	gates
	accounts
	world
}

// New makes a fake for a district; nil stands for the standard one. The
// district is copied, so that several fakes can share one. The fake is a
// server of the newest release that is known, see [Fake.SetVersion].
func New(d *fleet.District) *Fake {
	if d == nil {
		d = fleet.New(fleet.Options{})
	}
	f := &Fake{
		Token:    "rlt2EXAMPLE0Id" + "0nly0For0Tests0Qm4Zt8Xc2Vb6Nn1Kj5Hg9Fd3Sa7P0",
		Username: "sync.example",
		Password: "pass:word für Tests",
		Clock:    traffic.NewClock(d.Now),
		version:  newest,
		gates:    newGates(),
	}
	f.world = newWorld(d)
	f.Home, f.Tenant = f.organisations[0].uuid, f.organisations[1].uuid
	f.accounts = newAccounts(f)
	f.Front = traffic.NewFront(traffic.Rules{}, f.serve, f.Now)
	return f
}

// SetRedirect answers every request with 301 to this origin, such as
// "https://relution.example", as a proxy does that was called without TLS. ""
// ends it.
func (f *Fake) SetRedirect(origin string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.redirect = origin
}
