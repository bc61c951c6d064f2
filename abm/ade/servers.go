package ade

import (
	"context"
	"time"
)

// AddServer remembers a new server entry, without a token yet. Its name must
// be allowed by [CheckServerName] and differ from those of the other servers
// of the scope, as they are at that moment: of two people who add one name at
// the same time both succeed. window is its warning window; 0 = DefaultWindow.
func (r *Registry) AddServer(ctx context.Context, name string, window time.Duration) (*Server, error) {
	name, err := r.checkName(ctx, name, "")
	if err != nil {
		return nil, err
	}
	s := &Server{ID: newID(), Name: name, Window: max(0, window), Condition: Condition{State: StateNone, Since: time.Now().UTC()}}
	if err := r.save(ctx, s); err != nil {
		return nil, err
	}
	return s, nil
}

// checkName checks a name against those of the other servers.
func (r *Registry) checkName(ctx context.Context, name, id string) (string, error) {
	all, err := r.Servers(ctx)
	if err != nil {
		return "", err
	}
	var taken []string
	for _, s := range all {
		if s.ID != id {
			taken = append(taken, s.Name)
		}
	}
	return CheckServerName(name, taken)
}

// RenameServer gives a server entry another name. It changes nothing in the
// portal.
func (r *Registry) RenameServer(ctx context.Context, id, name string) (*Server, error) {
	name, err := r.checkName(ctx, name, id)
	if err != nil {
		return nil, err
	}
	return r.change(ctx, id, func(s *Server) error {
		s.Name = name
		return nil
	})
}

// SetWindow changes how long before its end a server's token is about to
// expire; 0 = DefaultWindow. The state follows with the next observation.
func (r *Registry) SetWindow(ctx context.Context, id string, window time.Duration) (*Server, error) {
	return r.change(ctx, id, func(s *Server) error {
		s.Window = max(0, window)
		return nil
	})
}

// RemoveServer forgets a server entry with its token, keys, profiles and
// device map. The token stays good and the profiles stay with Apple: what
// becomes of the devices is the host's decision. Removing what is not there is
// no error.
func (r *Registry) RemoveServer(ctx context.Context, id string) error {
	profiles, err := r.Profiles(ctx, id)
	if err != nil {
		return err
	}
	if err := repeat(func() error { return r.drop(ctx, ValueDevices, id) }); err != nil {
		return err
	}
	for _, p := range profiles {
		if err := repeat(func() error { return r.drop(ctx, ValueProfile, p.ID) }); err != nil {
			return err
		}
	}
	return repeat(func() error { return r.drop(ctx, ValueServer, id) })
}

// StageKey puts a pair into the slot for the next token; nil makes a new pair.
// The pair in use, and with it the token in use, goes on working until a token
// for the new pair is imported. A pair that waited in the slot is replaced.
// The returned server has the pair whose certificate is to be uploaded.
func (r *Registry) StageKey(ctx context.Context, id string, pair *KeyPair) (*Server, error) {
	s, err := r.Server(ctx, id)
	if err != nil {
		return nil, err
	}
	if pair == nil {
		if pair, err = NewKeyPair(&KeyPairOptions{}); err != nil {
			return nil, err
		}
	}
	waiting := slot(s.Staged)
	return r.change(ctx, id, func(s *Server) error {
		if slot(s.Staged) != waiting {
			return fail("key pair", ErrStale, "")
		}
		now := time.Now().UTC()
		s.Staged, s.StagedAt, s.UploadedAt = pair, now, time.Time{}
		s.Condition, _ = s.Condition.After(Observation{Event: EventStaged, At: now}, s.Expiry())
		return nil
	})
}

// slot is what is compared to see whether a slot holds the same pair.
func slot(p *KeyPair) string {
	if p == nil {
		return ""
	}
	return p.Fingerprint()
}

// MarkUploaded notes that the certificate of the staged pair was uploaded in
// the portal, which nothing but a person can tell.
func (r *Registry) MarkUploaded(ctx context.Context, id string) (*Server, error) {
	return r.change(ctx, id, func(s *Server) error {
		if s.Staged == nil {
			return fail("key pair", ErrNoKey, "none is waiting for a token")
		}
		if s.UploadedAt.IsZero() {
			s.UploadedAt = time.Now().UTC()
		}
		return nil
	})
}

// DiscardKey empties the slot for the next token. The token in use is not
// affected.
func (r *Registry) DiscardKey(ctx context.Context, id string) (*Server, error) {
	return r.change(ctx, id, func(s *Server) error {
		s.Staged, s.StagedAt, s.UploadedAt = nil, time.Time{}, time.Time{}
		s.Condition, _ = s.Condition.After(Observation{Event: EventDiscarded, At: time.Now().UTC()}, s.Expiry())
		return nil
	})
}
