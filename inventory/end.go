package inventory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// end completes the report and stores it. A run that failed is noted too, so
// that the next one may start at once.
func (s *syncer) end(ctx context.Context, planned Run, failure error) (*Run, error) {
	s.report(planned)
	if errors.Is(failure, ErrRunning) {
		return &s.run, failure
	}
	if failure != nil && s.run.Error == "" {
		s.run.Error, s.run.Advice = or(mdm.Code(failure), "error"), mdm.Advice(failure)
	}
	s.learn(failure)
	last := s.run
	s.memory.Last, s.memory.Running = &last, nil
	// The run's own context may be over; this note must still be written.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	if failure != nil {
		s.regain(ctx)
	}
	if err := s.save(ctx); err != nil && failure == nil {
		failure = err
	}
	return &s.run, failure
}

// regain takes up the state again if it is still this run's: a write that
// failed may have been carried out.
func (s *syncer) regain(ctx context.Context) {
	now, err := s.store.State(ctx, s.connection.ID)
	if err != nil {
		return
	}
	if m, err := decodeState(now); err == nil && m.Running != nil && m.Running.Run == s.run.ID {
		s.state = now
	}
}

// report joins what the plan counted with what the run did.
func (s *syncer) report(planned Run) {
	did := s.run
	s.run = planned
	s.run.ID, s.run.Connection, s.run.Started = did.ID, did.Connection, did.Started
	s.run.Listing, s.run.Refused, s.run.Software = did.Listing, did.Refused, did.Software
	s.run.Error, s.run.Advice, s.run.Stale, s.run.Details = did.Error, did.Advice, did.Stale, did.Details
	s.run.Health, s.run.Credential = did.Health, did.Credential
	s.run.Warnings = append(did.Warnings, planned.Warnings...)
	s.run.Writes, s.run.Finished = s.applied, time.Now().UTC()
	if s.options.Throttle != nil {
		t := s.options.Throttle()
		s.run.Throttle = &t
	}
}

// learn notes what the next run has to know.
func (s *syncer) learn(failure error) {
	m := &s.memory
	if s.health != nil {
		m.Health = s.health
	}
	if s.source == nil {
		return
	}
	if err := s.reading.failure; err != nil {
		s.fail(err)
		return
	}
	m.Failures, m.Failure, m.Until = 0, "", time.Time{}
	if s.health == nil {
		m.Health = nil // it worked
	}
	if failure != nil {
		return
	}
	m.Approved = nil
	info := s.source.Info()
	if s.run.Listing.Complete {
		m.Round++
		m.Origin, m.Filter = info.Origin, info.Filter
	}
	// What a hold or a refusal kept back, a later listing of changes would
	// not mention again.
	if s.run.Listing.Whole && s.run.Listing.Lost == 0 && len(s.run.Holds) == 0 && len(s.run.Refused) == 0 {
		m.Since, m.Wanted, m.Origin, m.Filter = s.reading.since, s.wanted(), info.Origin, info.Filter
	}
}

// fail notes a failure of the remote system. Refused credentials pause
// scheduled runs, since trying again locks accounts; other failures put them
// off.
func (s *syncer) fail(err error) {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return
	}
	m := &s.memory
	m.Failure = or(mdm.Code(err), "error")
	for _, kind := range []error{mdm.ErrUnauthorized, mdm.ErrCredentialExpired, mdm.ErrCredentialSuperseded, mdm.ErrConsentMissing} {
		if errors.Is(err, kind) {
			refused := health{Credential: "sign-in", State: mdm.HealthBroken, Next: mdm.Advice(err)}
			m.Health = append(slices.Clone(s.health), refused)
			return
		}
	}
	m.Failures++
	if wait := backoff(m.Failures, mdm.RetryAfter(err)); wait > 0 {
		m.Until = s.run.Finished.Add(wait)
	}
}

// examine finds out how the credentials are.
func (s *syncer) examine(ctx context.Context) {
	all := s.options.Health
	if all == nil && s.source != nil {
		if reporter, ok := mdm.As[mdm.HealthReporter](s.source); ok {
			all, _ = reporter.Health(ctx) // an error means that nothing is known
		}
	}
	if all == nil {
		return
	}
	s.run.Health, s.health = all, make([]health, len(all))
	for i, h := range all {
		s.health[i] = health{h.Credential, h.State, h.Expires, h.Next}
	}
	s.run.Credential = worst(s.health, s.run.Started)
	if before := worst(s.memory.Health, s.run.Started); before != nil && before.State != s.run.Credential.State {
		s.run.Warnings = append(s.run.Warnings, Warning{Code: WarnCredential})
	}
}

func sameHealth(a, b []health) bool {
	return slices.EqualFunc(a, b, func(x, y health) bool {
		return x.Credential == y.Credential && x.State == y.State && x.Expires.Equal(y.Expires)
	})
}

// worst is the credential that needs attention most; nil if none is known.
func worst(all []health, now time.Time) *Credential {
	var found *Credential
	for _, h := range all {
		c := Credential{State: h.State, Kind: h.Credential, Expires: h.Expires, Next: h.Next}
		if !h.Expires.IsZero() {
			days := int(h.Expires.Sub(now) / day)
			c.Days = &days
			if !now.Before(h.Expires) {
				c.State = mdm.HealthBroken
			}
		}
		if found == nil || c.State > found.State {
			found = &c
		}
	}
	return found
}

// String names the state and the credential, and nothing secret.
func (c Credential) String() string { return fmt.Sprintf("%s: %s", c.Kind, c.State) }
