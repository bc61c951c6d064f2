package jamfprotest

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// cluster is the nodes behind the load balancer.
type cluster struct {
	nodes int
	turn  int
	lag   time.Duration
}

const sticky = "jpro-ingress" // the load balancer's cookie

// SetNodes makes the fake a cluster of n nodes. A write is seen at once on the
// node that took it, and on the others after the lag. The load balancer sends
// a request to the node that the cookie "jpro-ingress" of an earlier answer
// names, and one without it to the next node in turn. One node ends it. What
// lags are changes of records, new commands and rotated secrets.
func (f *Fake) SetNodes(n int, lag time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cluster = cluster{nodes: max(n, 1), lag: lag}
}

// balance chooses the node of a request, and says the cookie to set. The
// caller holds the lock.
func (f *Fake) balance(r *http.Request) (node int, cookie *http.Cookie) {
	if c, err := r.Cookie(sticky); err == nil {
		if n, err := fmt.Sscanf(strings.TrimPrefix(c.Value, "node-"), "%d", &node); n == 1 && err == nil && node < f.nodes {
			return node, nil
		}
	}
	node = f.turn % f.nodes
	f.turn++
	return node, &http.Cookie{Name: sticky, Value: fmt.Sprintf("node-%d", node), Path: "/", HttpOnly: true, Secure: r.TLS != nil}
}

// written is where and when something was written. The zero value is old.
type written struct {
	node int
	at   time.Time
}

// seen reports whether a node knows of it.
func (w written) seen(by int, now time.Time, lag time.Duration) bool {
	return by == w.node || w.at.IsZero() || !now.Before(w.at.Add(lag))
}

// stamp is the here and now of a request that writes.
func (c *call) stamp() written { return written{node: c.node, at: c.now} }

// sees reports whether the node of the request knows of something.
func (c *call) sees(w written) bool { return w.seen(c.node, c.now, c.f.lag) }
