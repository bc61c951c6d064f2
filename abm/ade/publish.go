package ade

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Publish sends the draft of a profile to Apple: define gets the profile with
// what the server configuration adds, and returns the UUID that Apple gave it.
// It is called at most once, and not at all if the server has no configuration
// (ErrNoServerConfig), if that is not valid (ErrServerConfig), or if another
// publication of the profile is under way (ErrPublishing). A failure is kept
// in the profile, and Publish can be called again. Apple gives every
// publication a UUID of its own; devices keep the one that they have.
func (r *Registry) Publish(ctx context.Context, id string, define func(ctx context.Context, profile []byte) (uuid string, err error)) (SavedProfile, error) {
	p, config, err := r.startPublication(ctx, id)
	if err != nil {
		return SavedProfile{}, err
	}
	sent, err := config.complete(p.Draft)
	if err != nil {
		return r.endPublication(ctx, p, nil, err)
	}
	uuid, err := define(ctx, bytes.Clone(sent))
	if err == nil && uuid == "" {
		err = &mdm.Error{Op: opProfile, Origin: mdm.Origin{Kind: Kind}, Kind: mdm.ErrDecode, Detail: "Apple gave the profile no UUID"}
	}
	if err != nil {
		return r.endPublication(ctx, p, nil, err)
	}
	return r.endPublication(ctx, p, &Publication{UUID: NormaliseUUID(uuid), JSON: sent, Config: config.ID, At: time.Now().UTC()}, nil)
}

// startPublication marks the profile, so that it is not published twice at a
// time.
func (r *Registry) startPublication(ctx context.Context, id string) (SavedProfile, ServerConfig, error) {
	p, err := r.Profile(ctx, id)
	if err != nil {
		return SavedProfile{}, ServerConfig{}, err
	}
	if p.State == PublishPending {
		return SavedProfile{}, ServerConfig{}, fail(opProfile, ErrPublishing, "")
	}
	config, err := r.configOf(ctx, p.Server)
	if err != nil {
		if FaultCode(err) != "" {
			_, err = r.endPublication(ctx, p, nil, err)
		}
		return SavedProfile{}, ServerConfig{}, err
	}
	p.State, p.Failure, p.Changed = PublishPending, "", time.Now().UTC()
	p, err = r.saveProfile(ctx, p)
	return p, config, err
}

func (r *Registry) configOf(ctx context.Context, server string) (ServerConfig, error) {
	s, err := r.Server(ctx, server)
	if err != nil {
		return ServerConfig{}, err
	}
	if s.Config == "" {
		return ServerConfig{}, fail(opProfile, ErrNoServerConfig, "")
	}
	config, err := r.ServerConfig(ctx, s.Config)
	if errors.Is(err, mdm.ErrNotFound) {
		return ServerConfig{}, fail(opProfile, ErrNoServerConfig, "")
	}
	if err != nil {
		return ServerConfig{}, err
	}
	return config, config.Check()
}

// endPublication keeps the outcome, even if the caller has given up: what
// Apple has must not be forgotten. It returns failure as the error.
func (r *Registry) endPublication(ctx context.Context, p SavedProfile, done *Publication, failure error) (SavedProfile, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	var saved SavedProfile
	err := repeat(func() error {
		p.conclude(done, failure)
		var err error
		if saved, err = r.saveProfile(ctx, p); !errors.Is(err, ErrStale) {
			return err
		}
		current, failed := r.Profile(ctx, p.ID) // sealed anew, or abandoned
		if failed != nil {
			return failed
		}
		p = current
		return err
	})
	if failure != nil {
		return SavedProfile{}, failure
	}
	return saved, err
}

// conclude sets the outcome of a publication. One that was abandoned, and
// succeeded all the same, leaves what was done with the draft since.
func (p *SavedProfile) conclude(done *Publication, failure error) {
	p.Changed = time.Now().UTC()
	if failure != nil {
		p.State, p.Failure = PublishFailed, failureCode(failure)
		return
	}
	if p.Published != nil {
		p.Earlier = append(p.Earlier, p.Published.UUID)
	}
	p.Published = done
	if p.State == PublishPending {
		p.State, p.Failure = PublishConfigured, ""
	}
}

func failureCode(err error) string {
	for _, code := range []string{FaultCode(err), mdm.Code(err)} {
		if code != "" {
			return code
		}
	}
	return "unknown"
}

// AbandonPublication marks a publication that was cut off as failed, so that
// the profile can be published again. Whether Apple has a profile of it is not
// known; if it has, no device uses it.
func (r *Registry) AbandonPublication(ctx context.Context, id string) (SavedProfile, error) {
	p, err := r.Profile(ctx, id)
	if err != nil || p.State != PublishPending {
		return p, err
	}
	p.State, p.Failure, p.Changed = PublishFailed, "interrupted", time.Now().UTC()
	return r.saveProfile(ctx, p)
}

// complete adds to a draft where devices enrol and what they trust. Other
// members stay as they are, whatever they are.
func (c ServerConfig) complete(draft []byte) ([]byte, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(draft, &members); err != nil || members == nil {
		return nil, fail(opProfile, ErrProfile, "it is no JSON object")
	}
	for name, value := range map[string]any{"url": c.URL, "anchor_certs": c.AnchorCerts, "supervising_host_certs": c.SupervisingHostCerts} {
		if certs, ok := value.([][]byte); ok && len(certs) == 0 {
			delete(members, name)
			continue
		}
		encoded, err := json.Marshal(value)
		if err != nil {
			return nil, fail(opProfile, ErrProfile, "")
		}
		members[name] = encoded
	}
	return json.Marshal(members)
}
