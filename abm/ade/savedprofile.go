package ade

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// SavedProfile is an enrolment profile as it is remembered. A profile cannot
// be changed or removed at Apple, so that it is a draft here until a person
// publishes it; see [Registry.Publish].
type SavedProfile struct {
	ID       string // "" = to be created
	Revision string // of the stored value
	Server   string // ID of the server that it belongs to
	Name     string // unique within the server; read from profile_name of Draft

	// Draft is the profile as a JSON object with Apple's names, without url,
	// anchor_certs and supervising_host_certs: these are taken over from the
	// server configuration when it is published. Members that are not known
	// here are kept.
	Draft []byte

	State     PublishState
	Failure   string       // why the last publication failed, as [FaultCode] or mdm.Code; "" = it did not
	Changed   time.Time    // when State changed
	Published *Publication // the last that succeeded; nil = none
	Earlier   []string     // profile UUIDs of earlier publications, oldest first; devices may still have them
}

// Publication is a profile as Apple has it.
type Publication struct {
	UUID   string    `json:"uuid"`
	JSON   []byte    `json:"json"`   // what was sent
	Config string    `json:"config"` // ID of the server configuration that it was made with
	At     time.Time `json:"at"`
}

// PublishState is how far the publication of a profile has come. The zero
// PublishState is that of a draft.
type PublishState string

const (
	PublishDraft      PublishState = ""           // not configured: what Draft holds was not sent to Apple
	PublishPending    PublishState = "pending"    // is being sent
	PublishConfigured PublishState = "configured" // Apple has what Draft holds
	PublishFailed     PublishState = "failed"     // was not sent, or refused
)

type storedProfile struct {
	Version   int          `json:"v"`
	Server    string       `json:"server"`
	Draft     []byte       `json:"draft"`
	State     PublishState `json:"state,omitzero"`
	Failure   string       `json:"failure,omitzero"`
	Changed   time.Time    `json:"changed,omitzero"`
	Published *Publication `json:"published,omitzero"`
	Earlier   []string     `json:"earlier,omitzero"`
}

const opProfile = "profile"

// maxProfile is the longest draft in bytes.
const maxProfile = 1 << 20

// profileName reads the name of a draft.
func profileName(draft []byte) (string, error) {
	var members struct {
		Name string `json:"profile_name"`
	}
	switch {
	case len(draft) > maxProfile:
		return "", fail(opProfile, ErrProfile, "it is too long")
	case !bytes.HasPrefix(bytes.TrimSpace(draft), []byte("{")) || json.Unmarshal(draft, &members) != nil:
		return "", fail(opProfile, ErrProfile, "it is no JSON object")
	case strings.TrimSpace(members.Name) == "":
		return "", fail(opProfile, ErrProfile, "it has no profile_name")
	case utf8.RuneCountInString(members.Name) > 125:
		return "", fail(opProfile, ErrProfile, "its profile_name is longer than 125 characters")
	}
	return members.Name, nil
}

// SaveProfile creates the draft of a profile, or changes that of the profile
// with its ID and Revision. Only Server, of a new one, and Draft are read. What
// was published before stays as it was, and the new draft waits. The error Is
// ErrProfile, ErrNameTaken, ErrStale, ErrPublishing or, of a server that is
// not there, mdm.ErrNotFound.
func (r *Registry) SaveProfile(ctx context.Context, p SavedProfile) (SavedProfile, error) {
	name, err := profileName(p.Draft)
	if err != nil {
		return SavedProfile{}, err
	}
	saved := p
	if p.ID == "" {
		if _, err := r.Server(ctx, p.Server); err != nil {
			return SavedProfile{}, err
		}
		saved = SavedProfile{ID: newID(), Server: p.Server}
	} else if saved, err = r.Profile(ctx, p.ID); err != nil {
		return SavedProfile{}, err
	}
	switch {
	case p.ID != "" && saved.Revision != p.Revision:
		return SavedProfile{}, fail(opProfile, ErrStale, "")
	case saved.State == PublishPending:
		return SavedProfile{}, fail(opProfile, ErrPublishing, "")
	}
	if err := r.checkProfileName(ctx, saved, name); err != nil {
		return SavedProfile{}, err
	}
	saved.Draft, saved.Name = bytes.Clone(p.Draft), name
	saved.State, saved.Failure, saved.Changed = PublishDraft, "", time.Now().UTC()
	return r.saveProfile(ctx, saved)
}

func (r *Registry) checkProfileName(ctx context.Context, p SavedProfile, name string) error {
	others, err := r.Profiles(ctx, p.Server)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(others, func(o SavedProfile) bool { return o.ID != p.ID && nameKey(o.Name) == nameKey(name) }) {
		return fail(opProfile, ErrNameTaken, "")
	}
	return nil
}

func (r *Registry) saveProfile(ctx context.Context, p SavedProfile) (SavedProfile, error) {
	revision, err := r.put(ctx, ValueProfile, p.ID, p.Revision, storedProfile{Version: storedVersion, Server: p.Server, Draft: p.Draft,
		State: p.State, Failure: p.Failure, Changed: p.Changed, Published: p.Published, Earlier: p.Earlier})
	if err != nil {
		return SavedProfile{}, err
	}
	p.Revision = revision
	return p, nil
}

func (in storedProfile) profile(id, revision string) (SavedProfile, error) {
	name, err := profileName(in.Draft)
	if err != nil {
		return SavedProfile{}, fail(opProfile, ErrStored, "")
	}
	return SavedProfile{ID: id, Revision: revision, Server: in.Server, Name: name, Draft: in.Draft, State: in.State, Failure: in.Failure,
		Changed: in.Changed, Published: in.Published, Earlier: in.Earlier}, nil
}

// Profile returns one profile. The error of one that is not there Is
// mdm.ErrNotFound.
func (r *Registry) Profile(ctx context.Context, id string) (SavedProfile, error) {
	var in storedProfile
	revision, err := r.get(ctx, ValueProfile, id, &in)
	if err != nil {
		return SavedProfile{}, err
	}
	return in.profile(id, revision)
}

// Profiles returns the profiles of a server, by name; "" as server returns
// those of all.
func (r *Registry) Profiles(ctx context.Context, server string) ([]SavedProfile, error) {
	values, err := r.list(ctx, ValueProfile)
	if err != nil {
		return nil, err
	}
	var all []SavedProfile
	for _, v := range values {
		var in storedProfile
		if err := r.open(ctx, v, &in); err != nil {
			return nil, err
		}
		p, err := in.profile(v.ID, v.Revision)
		if err != nil {
			return nil, err
		}
		if server == "" || p.Server == server {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b SavedProfile) int { return strings.Compare(a.Name+"\x00"+a.ID, b.Name+"\x00"+b.ID) })
	return all, nil
}

// RemoveProfile forgets a profile; Apple keeps what was published. The error
// of one that devices are to get Is ErrInUse.
func (r *Registry) RemoveProfile(ctx context.Context, id string) error {
	p, err := r.Profile(ctx, id)
	if err != nil {
		return err
	}
	devices, err := r.DeviceProfiles(ctx, p.Server)
	if err != nil {
		return err
	}
	for _, d := range devices {
		if d.Profile == id {
			return fail(opProfile, ErrInUse, "devices are to get it")
		}
	}
	return repeat(func() error { return r.drop(ctx, ValueProfile, id) })
}
