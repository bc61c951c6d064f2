package ade

import (
	"context"
	"crypto/x509"
	"net/url"
	"slices"
	"strings"
)

// ServerConfig says where devices enrol: it is taken over into every profile
// that is published for a server to which it is assigned. No server has one
// until a person assigns it, since there may be several.
type ServerConfig struct {
	ID       string // "" = to be created
	Revision string // of the stored value
	Name     string // unique within the scope

	URL                  string   // https address of the MDM server where devices enrol, at most 2000 characters
	AnchorCerts          [][]byte // certificates to trust when reaching it, in DER; nil = those that every device trusts
	SupervisingHostCerts [][]byte // certificates of computers that may pair with supervised devices, in DER; nil = none
}

type storedConfig struct {
	Version              int      `json:"v"`
	Name                 string   `json:"name"`
	URL                  string   `json:"url"`
	AnchorCerts          [][]byte `json:"anchor_certs,omitzero"`
	SupervisingHostCerts [][]byte `json:"supervising_host_certs,omitzero"`
}

// Check says whether the configuration is complete and valid. The error Is
// ErrServerConfig and names the first thing that is wrong.
//
// Source: reference/apple.md 4.6
func (c ServerConfig) Check() error {
	const op = "server configuration"
	address, err := url.Parse(c.URL)
	switch {
	case strings.TrimSpace(c.Name) == "":
		return fail(op, ErrServerConfig, "it has no name")
	case err != nil || address.Scheme != "https" || address.Host == "" || address.User != nil:
		return fail(op, ErrServerConfig, "the address of the MDM server is no https address")
	case len(c.URL) > 2000:
		return fail(op, ErrServerConfig, "the address of the MDM server is longer than 2000 characters")
	}
	for _, certs := range [][][]byte{c.AnchorCerts, c.SupervisingHostCerts} {
		for _, der := range certs {
			if _, err := x509.ParseCertificate(der); err != nil {
				return fail(op, ErrServerConfig, "a certificate is not in DER form")
			}
		}
	}
	return nil
}

// SaveServerConfig creates a configuration, or changes the one with its ID and
// Revision. What was published with it before stays as it was.
func (r *Registry) SaveServerConfig(ctx context.Context, c ServerConfig) (ServerConfig, error) {
	if err := c.Check(); err != nil {
		return ServerConfig{}, err
	}
	all, err := r.ServerConfigs(ctx)
	if err != nil {
		return ServerConfig{}, err
	}
	for _, other := range all {
		if other.ID != c.ID && nameKey(other.Name) == nameKey(c.Name) {
			return ServerConfig{}, fail("server configuration", ErrNameTaken, "")
		}
	}
	if c.ID == "" {
		c.ID, c.Revision = newID(), ""
	} else if c.Revision == "" {
		return ServerConfig{}, fail("server configuration", ErrStale, "")
	}
	c.Name = strings.TrimSpace(c.Name)
	c.Revision, err = r.put(ctx, ValueConfig, c.ID, c.Revision, storedConfig{storedVersion, c.Name, c.URL, c.AnchorCerts, c.SupervisingHostCerts})
	if err != nil {
		return ServerConfig{}, err
	}
	return c, nil
}

// ServerConfig returns one configuration. The error of one that is not there
// Is mdm.ErrNotFound.
func (r *Registry) ServerConfig(ctx context.Context, id string) (ServerConfig, error) {
	var in storedConfig
	revision, err := r.get(ctx, ValueConfig, id, &in)
	if err != nil {
		return ServerConfig{}, err
	}
	return in.config(id, revision), nil
}

func (in storedConfig) config(id, revision string) ServerConfig {
	return ServerConfig{ID: id, Revision: revision, Name: in.Name, URL: in.URL, AnchorCerts: in.AnchorCerts, SupervisingHostCerts: in.SupervisingHostCerts}
}

// ServerConfigs returns all configurations, by name.
func (r *Registry) ServerConfigs(ctx context.Context) ([]ServerConfig, error) {
	values, err := r.list(ctx, ValueConfig)
	if err != nil {
		return nil, err
	}
	var all []ServerConfig
	for _, v := range values {
		var in storedConfig
		if err := r.open(ctx, v, &in); err != nil {
			return nil, err
		}
		all = append(all, in.config(v.ID, v.Revision))
	}
	slices.SortFunc(all, func(a, b ServerConfig) int { return strings.Compare(a.Name+"\x00"+a.ID, b.Name+"\x00"+b.ID) })
	return all, nil
}

// RemoveServerConfig forgets a configuration. The error of one that is
// assigned to a server Is ErrInUse.
func (r *Registry) RemoveServerConfig(ctx context.Context, id string) error {
	servers, err := r.Servers(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(servers, func(s *Server) bool { return s.Config == id }) {
		return fail("server configuration", ErrInUse, "a server has it")
	}
	return repeat(func() error { return r.drop(ctx, ValueConfig, id) })
}

// AssignServerConfig gives a server a configuration, in place of the one that
// it may have. What was published with another stays as it was; see
// [Publication.Config].
func (r *Registry) AssignServerConfig(ctx context.Context, server, config string) (*Server, error) {
	if _, err := r.ServerConfig(ctx, config); err != nil {
		return nil, err
	}
	return r.change(ctx, server, func(s *Server) error {
		s.Config = config
		return nil
	})
}

// UnassignServerConfig takes the configuration from a server. Published
// profiles are not affected; publishing another fails with ErrNoServerConfig
// until a configuration is assigned again.
func (r *Registry) UnassignServerConfig(ctx context.Context, server string) (*Server, error) {
	return r.change(ctx, server, func(s *Server) error {
		s.Config = ""
		return nil
	})
}
