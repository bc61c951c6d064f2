package abm

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Certificate is the public half of the key pair with which a server entry's
// tokens are encrypted.
type Certificate struct {
	Name string // of the file, such as "campus.pem"; shown in the portal
	File []byte // PEM or DER; see ade.NewKeyPair
}

// CreateServer makes a server entry for a device management and returns it.
// Its name must not be one that the portal uses itself or that another entry
// has; these are looked up before. The token for it has to be downloaded by a
// person in the portal: there is no request for it.
//
// Unverified: the coding of the certificate.
//
// Source: reference/apple.md 7.2, 8.3
//
//mdm:endpoint POST /v1/mdmServers
func (c *Client) CreateServer(ctx context.Context, name string, certificate Certificate) (Server, error) {
	if err := c.onlyBusiness(opCreateServer); err != nil {
		return Server{}, err
	}
	encoded, err := c.encode(opCreateServer, certificate)
	if err != nil {
		return Server{}, err
	}
	if name, err = c.freeName(ctx, opCreateServer, name, ""); err != nil {
		return Server{}, err
	}
	return c.writeServer(ctx, opCreateServer, "", map[string]any{"serverName": name, "serverCertificate": encoded})
}

// RenameServer gives a server entry another name, to which the same holds as
// for CreateServer, and returns the entry.
//
// Source: reference/apple.md 7.2
//
//mdm:endpoint PATCH /v1/mdmServers/{id}
func (c *Client) RenameServer(ctx context.Context, id, name string) (Server, error) {
	if err := c.changeable(opRenameServer, id); err != nil {
		return Server{}, err
	}
	name, err := c.freeName(ctx, opRenameServer, name, id)
	if err != nil {
		return Server{}, err
	}
	return c.writeServer(ctx, opRenameServer, id, map[string]any{"serverName": name})
}

// SetServerCertificate replaces the certificate of a server entry and returns
// the entry. The token in use goes on working until a new one is downloaded,
// which then needs the new private key.
//
// Unverified: the coding of the certificate.
//
// Source: reference/apple.md 7.2, 8.3
//
//mdm:endpoint PATCH /v1/mdmServers/{id}
func (c *Client) SetServerCertificate(ctx context.Context, id string, certificate Certificate) (Server, error) {
	if err := c.changeable(opCertificate, id); err != nil {
		return Server{}, err
	}
	encoded, err := c.encode(opCertificate, certificate)
	if err != nil {
		return Server{}, err
	}
	return c.writeServer(ctx, opCertificate, id, map[string]any{"serverCertificate": encoded})
}

// DeleteServer deletes a server entry. It needs Config.AllowDestructive, and
// is refused while devices are assigned to the entry, which is looked up
// before. Whoever uses the entry's token can then use it no more.
//
// Source: reference/apple.md 7.2
//
//mdm:endpoint DELETE /v1/mdmServers/{id}
func (c *Client) DeleteServer(ctx context.Context, id string) error {
	if err := c.changeable(opDeleteServer, id); err != nil {
		return err
	}
	if err := c.permitted(opDeleteServer); err != nil {
		return err
	}
	if err := c.unused(ctx, id); err != nil {
		return err
	}
	return c.exchange(ctx, transport.Request{Op: opDeleteServer, Method: http.MethodDelete, Path: serversPath + "/" + url.PathEscape(id)}, nil)
}

// changeable refuses what cannot be the id of an entry that may be changed.
func (c *Client) changeable(op, id string) error {
	if err := c.onlyBusiness(op); err != nil {
		return err
	}
	return c.checkID(op, id)
}

// writeServer creates an entry, or changes the one with this id.
func (c *Client) writeServer(ctx context.Context, op, id string, attributes map[string]any) (Server, error) {
	data := map[string]any{"type": serversField, "attributes": attributes}
	r := transport.Request{Op: op, Method: http.MethodPost, Path: serversPath, Body: map[string]any{"data": data}}
	if id != "" {
		data["id"] = id
		r.Method, r.Path = http.MethodPatch, serversPath+"/"+url.PathEscape(id)
	}
	var answer wire.One[wire.Server]
	if err := c.exchange(ctx, r, &answer); err != nil {
		return Server{}, c.doubtful(op, err)
	}
	s := newServer(&row[wire.Server]{clean(answer.Data.Of.ID), answer.Data.Of.Attributes.Of, nil})
	if s.ID == "" {
		return Server{}, c.fail(op, mdm.ErrOutcomeUnknown, "it was accepted, but the answer names no server entry")
	}
	return s, nil
}

// freeName returns the name of a server in its canonical form, unless it may
// not be used. id is the entry that may have it; "" = none.
func (c *Client) freeName(ctx context.Context, op, name, id string) (string, error) {
	name, err := ade.CheckServerName(name, nil)
	if err != nil {
		return "", c.badName(op, err)
	}
	var taken []string
	for s, err := range c.Servers(ctx) {
		if err != nil {
			return "", err
		}
		if s.ID != id {
			taken = append(taken, s.Name)
		}
	}
	if name, err = ade.CheckServerName(name, taken); err != nil {
		return "", c.badName(op, err)
	}
	return name, nil
}

func (c *Client) badName(op string, err error) error {
	e := &mdm.Error{Op: op, Origin: c.info.Origin, Kind: mdm.ErrInvalid, Detail: "the name of the server cannot be used", Advice: mdm.Advice(err), Cause: err}
	if errors.Is(err, ade.ErrNameTaken) {
		e.Kind, e.Detail = mdm.ErrConflict, "another server entry has this name"
	}
	return e
}

// encode reads a certificate and returns what Apple wants.
func (c *Client) encode(op string, certificate Certificate) (map[string]string, error) {
	der := bytes.TrimPrefix(certificate.File, []byte("\ufeff"))
	if block, _ := pem.Decode(der); block != nil {
		der = block.Bytes
	}
	if _, err := x509.ParseCertificate(der); err != nil {
		return nil, &mdm.Error{Op: op, Origin: c.info.Origin, Kind: mdm.ErrInvalid, Detail: "the file is not a certificate; nothing was sent",
			Advice: "Give the certificate of a key pair in PEM or DER form, not the private key."}
	}
	name := strings.TrimSpace(certificate.Name)
	if name == "" {
		name = "certificate.pem"
	}
	return map[string]string{"name": name, "data": base64.StdEncoding.EncodeToString(der)}, nil
}

// doubtful makes an unknown outcome of an answer to a write that was a success
// and could not be read.
func (c *Client) doubtful(op string, err error) error {
	if e, ok := errors.AsType[*mdm.Error](err); ok && errors.Is(err, mdm.ErrDecode) {
		doubt := *e
		doubt.Kind, doubt.Advice = mdm.ErrOutcomeUnknown, "Read the state back before trying again: the request was accepted."
		return &doubt
	}
	return err
}
