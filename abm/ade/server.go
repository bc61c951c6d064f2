package ade

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Server is a server entry of the portal, as it is remembered. Its secrets
// print as "[redacted]", so it may be shown and logged. It is a copy: changes
// go through [Registry].
type Server struct {
	ID       string // of this entry here
	Revision string // of the stored value
	Name     string // as given here; the same as in the portal is best, see Identity.ServerName

	Token     Token     // zero = none
	TokenID   string    // fingerprint of the token; "" = none
	Identity  Identity  // whose the token is; zero = Apple was not asked yet
	Verified  bool      // Apple confirmed the token
	Imported  time.Time // when the token was imported; zero = never
	Reason    Reason    // why it took the place of another; "" = it did not, or nobody said
	Condition Condition // how the token is

	Current    *KeyPair      // opened the token in use; nil = none
	Staged     *KeyPair      // made for the next token; nil = none
	Previous   *KeyPair      // was in use before, kept until Apple confirms the new token; nil = none
	StagedAt   time.Time     // when Staged was made
	UploadedAt time.Time     // when somebody said that its certificate is in the portal; zero = nobody did
	Config     string        // id of the assigned server configuration; "" = none
	Window     time.Duration // warning window; 0 = DefaultWindow
}

// Reason says why a token was replaced. A Store never sees it.
//
// Source: reference/apple.md 10.1
type Reason string

const (
	ReasonExpiry   Reason = "expiry"   // it was about to expire, or had
	ReasonKey      Reason = "key"      // a new key was uploaded
	ReasonNewer    Reason = "newer"    // a newer token had been made
	ReasonPassword Reason = "password" // the person who downloaded it changed the password
	ReasonLeft     Reason = "left"     // the person who downloaded it left, or lost the role
	ReasonOther    Reason = "other"    // something else
)

// LogValue returns id, state and identity without names.
func (s Server) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", s.ID), slog.String("state", s.Condition.State.String()), slog.String("identity", s.Identity.String()))
}

// Expiry is the end of the server's token.
func (s *Server) Expiry() Expiry { return Expiry{At: s.Token.Expiry, Window: s.Window} }

// Phase says how far the link with the portal has come.
func (s *Server) Phase() Phase {
	switch {
	case s.Verified:
		return PhaseVerified
	case !s.Token.IsZero():
		return PhaseImported
	case s.Staged != nil && !s.UploadedAt.IsZero():
		return PhaseUploaded
	case s.Staged != nil:
		return PhaseKey
	}
	return PhaseNone
}

// SuggestedName returns the name of the server in the portal where it is not
// that of this entry; "" where it is, or is not known.
func (s *Server) SuggestedName() string {
	if name := strings.TrimSpace(s.Identity.ServerName); nameKey(name) != nameKey(s.Name) {
		return name
	}
	return ""
}

// storedServer is what is sealed.
type storedServer struct {
	Version   int           `json:"v"`
	Name      string        `json:"name"`
	Token     *tokenJSON    `json:"token,omitzero"`
	Identity  Identity      `json:"identity,omitzero"`
	Verified  bool          `json:"verified,omitzero"`
	Imported  time.Time     `json:"imported,omitzero"`
	Reason    Reason        `json:"reason,omitzero"`
	Condition Condition     `json:"condition,omitzero"`
	Current   *storedPair   `json:"current,omitzero"`
	Staged    *storedPair   `json:"staged,omitzero"`
	Previous  *storedPair   `json:"previous,omitzero"`
	StagedAt  time.Time     `json:"staged_at,omitzero"`
	Uploaded  time.Time     `json:"uploaded_at,omitzero"`
	Config    string        `json:"config,omitzero"`
	Window    time.Duration `json:"window,omitzero"`
}

type storedPair struct {
	Key         []byte `json:"key"`
	Certificate []byte `json:"certificate,omitzero"`
}

func (s *Server) stored(ctx context.Context) (*storedServer, error) {
	out := &storedServer{Version: storedVersion, Name: s.Name, Identity: s.Identity, Verified: s.Verified, Imported: s.Imported, Reason: s.Reason,
		Condition: s.Condition, StagedAt: s.StagedAt, Uploaded: s.UploadedAt, Config: s.Config, Window: s.Window}
	for _, slot := range []struct {
		to   **storedPair
		from *KeyPair
	}{{&out.Current, s.Current}, {&out.Staged, s.Staged}, {&out.Previous, s.Previous}} {
		pair, err := storePair(slot.from)
		if err != nil {
			return nil, err
		}
		*slot.to = pair
	}
	if s.Token.IsZero() {
		return out, nil
	}
	j, err := s.Token.reveal(ctx)
	out.Token = &j
	return out, err
}

func storePair(p *KeyPair) (*storedPair, error) {
	if p == nil {
		return nil, nil
	}
	der, err := x509.MarshalPKCS8PrivateKey(p.key())
	return &storedPair{Key: der, Certificate: p.CertificateDER()}, err
}

// load fills a server from what was sealed.
func (s *Server) load(ctx context.Context, in *storedServer) error {
	s.Name, s.Identity, s.Verified, s.Imported, s.Reason = in.Name, in.Identity, in.Verified, in.Imported, in.Reason
	s.Condition, s.StagedAt, s.UploadedAt, s.Config, s.Window = in.Condition, in.StagedAt, in.Uploaded, in.Config, in.Window
	for _, slot := range []struct {
		to   **KeyPair
		from *storedPair
	}{{&s.Current, in.Current}, {&s.Staged, in.Staged}, {&s.Previous, in.Previous}} {
		pair, err := loadPair(slot.from)
		if err != nil {
			return err
		}
		*slot.to = pair
	}
	if in.Token == nil {
		return nil
	}
	message, err := json.Marshal(in.Token)
	if err != nil {
		return fail(string(ValueServer), ErrStored, "")
	}
	if s.Token, err = readTokenJSON(message); err != nil {
		return fail(string(ValueServer), ErrStored, "")
	}
	s.TokenID, err = s.Token.Fingerprint(ctx)
	return err
}

func loadPair(in *storedPair) (*KeyPair, error) {
	if in == nil {
		return nil, nil
	}
	if len(in.Key) > maxKey {
		return nil, fail(string(ValueServer), ErrStored, "")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(in.Key)
	key, ok := parsed.(*rsa.PrivateKey)
	if err != nil || !ok {
		return nil, fail(string(ValueServer), ErrStored, "")
	}
	if len(in.Certificate) == 0 {
		return newKeyPair(key, nil), nil
	}
	certificate, err := x509.ParseCertificate(in.Certificate)
	if err != nil || !key.PublicKey.Equal(certificate.PublicKey) {
		return nil, fail(string(ValueServer), ErrStored, "")
	}
	return newKeyPair(key, certificate), nil
}

// Server returns one server entry. The error of one that is not there Is
// mdm.ErrNotFound.
func (r *Registry) Server(ctx context.Context, id string) (*Server, error) {
	v, err := r.store.Get(ctx, r.key(ValueServer, id))
	if err != nil {
		return nil, err
	}
	return r.openServer(ctx, v)
}

func (r *Registry) openServer(ctx context.Context, v Value) (*Server, error) {
	var in storedServer
	if err := r.open(ctx, v, &in); err != nil {
		return nil, err
	}
	s := &Server{ID: v.ID, Revision: v.Revision}
	if err := s.load(ctx, &in); err != nil {
		return nil, err
	}
	return s, nil
}

// Servers returns all server entries, by name.
func (r *Registry) Servers(ctx context.Context) ([]*Server, error) {
	values, err := r.list(ctx, ValueServer)
	if err != nil {
		return nil, err
	}
	all := make([]*Server, 0, len(values))
	for _, v := range values {
		s, err := r.openServer(ctx, v)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *Server) int {
		return strings.Compare(a.Name+"\x00"+a.ID, b.Name+"\x00"+b.ID)
	})
	return all, nil
}

// save writes a server in place of the one that was read, and updates its
// revision.
func (r *Registry) save(ctx context.Context, s *Server) error {
	out, err := s.stored(ctx)
	if err != nil {
		return err
	}
	revision, err := r.put(ctx, ValueServer, s.ID, s.Revision, out)
	if err == nil {
		s.Revision = revision
	}
	return err
}

// change reads a server, changes it and writes it, anew if another change was
// quicker.
func (r *Registry) change(ctx context.Context, id string, f func(*Server) error) (*Server, error) {
	var s *Server
	err := repeat(func() error {
		var err error
		if s, err = r.Server(ctx, id); err != nil {
			return err
		}
		if err := f(s); err != nil {
			return err
		}
		return r.save(ctx, s)
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}
