package ade

import (
	"context"
	"time"
)

// Observe notes what happened to a server's token, such as
//
//	registry.Observe(ctx, id, tokenID, ade.Observation{Event: ade.EventOf(err), At: time.Now()})
//
// and returns what there is to tell a person, each thing once, even if several
// processes observe the same. tokenID is [Server.TokenID] of the token that
// was used: what is said about a token that was replaced in between is of no
// account. "" is the token in use. Nothing is written where nothing changes.
func (r *Registry) Observe(ctx context.Context, id, tokenID string, o Observation) (*Server, []Notice, error) {
	var s *Server
	var notices []Notice
	err := repeat(func() error {
		var err error
		if s, err = r.Server(ctx, id); err != nil {
			return err
		}
		notices = nil
		if tokenID != "" && tokenID != s.TokenID {
			return nil
		}
		before := s.Condition
		s.Condition, notices = s.Condition.After(o, s.Expiry())
		if s.Condition.equal(before) {
			return nil
		}
		return r.save(ctx, s)
	})
	if err != nil {
		return nil, nil, err
	}
	return s, notices, nil
}

// equal leaves out when a token that works was asked with last: it is not
// worth a write for every request.
func (c Condition) equal(other Condition) bool {
	if c.State.Works() || c.State == StateUnknown {
		c.Asked = other.Asked
	}
	return c == other
}

// Tick lets time go by for all servers of the scope: it moves tokens that are
// about to expire, or have, into their state, and returns the notices that are
// due, by the ID of the server. A host calls it about once a day. A server
// whose value cannot be read ends it.
func (r *Registry) Tick(ctx context.Context, now time.Time) (map[string][]Notice, error) {
	all, err := r.Servers(ctx)
	if err != nil {
		return nil, err
	}
	due := map[string][]Notice{}
	for _, s := range all {
		_, notices, err := r.Observe(ctx, s.ID, s.TokenID, Observation{Event: EventClock, At: now})
		if err != nil {
			return due, err
		}
		if len(notices) > 0 {
			due[s.ID] = notices
		}
	}
	return due, nil
}

// ConfirmIdentity notes what Apple answered to GET /account with the token in
// use. Of a token that was stored unverified it tells whether it is the right
// one: the error Is ErrOtherServer or ErrOtherOrganisation if not, and the
// token stays unverified. It is an observation of EventWorked, too.
func (r *Registry) ConfirmIdentity(ctx context.Context, id, tokenID string, live Identity, now time.Time) (*Server, []Notice, error) {
	live.ServerUUID = NormaliseUUID(live.ServerUUID)
	s, err := r.Server(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if tokenID != "" && tokenID != s.TokenID {
		return s, nil, nil
	}
	if err := new(Renewal).compareIdentities(s.Identity, live, RenewalOptions{}); err != nil {
		return nil, nil, err
	}
	if !s.Verified || s.Identity != live {
		used := s.TokenID
		if _, err := r.change(ctx, id, func(s *Server) error {
			if s.TokenID == used {
				s.Identity, s.Verified, s.Previous = live, true, nil
			}
			return nil
		}); err != nil {
			return nil, nil, err
		}
	}
	return r.Observe(ctx, id, s.TokenID, Observation{Event: EventWorked, At: now})
}
