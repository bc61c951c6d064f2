package ade

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/dghubble/oauth1"
	"github.com/mdmlink/mdmlink/mdm"
	"golang.org/x/oauth2"
)

// The service signs in with OAuth 1.0a on one request, which opens a session;
// session.go keeps it. This file checks what a client is configured with, and
// signs.

const serviceAddress = "https://mdmenrollment.apple.com"

// check returns the address of the service, or an error that names every bad
// field.
func (cfg Config) check() (*url.URL, error) {
	var bad []string
	report := func(field string, err error) {
		if err != nil {
			bad = append(bad, field+": "+err.Error())
		}
	}
	address, err := parseAddress(cfg.Address)
	report("Address", err)
	report("Token", cfg.Token.complete())
	_, err = parseServer(cfg.Server)
	report("Server", err)
	if cfg.Protocol < 0 {
		report("Protocol", errors.New("is negative; the versions begin at 1"))
	}
	report("Link", places.Check(cfg.Link))
	if len(bad) > 0 {
		return nil, &mdm.Error{Origin: mdm.Origin{Kind: Kind}, Op: "configuration", Kind: mdm.ErrInvalid, Detail: strings.Join(bad, "; ")}
	}
	return address, nil
}

// parseAddress returns Apple's address, or that of a server on this machine.
func parseAddress(text string) (*url.URL, error) {
	if text == "" {
		return url.Parse(serviceAddress)
	}
	u, err := mdm.AddressForm{}.Parse(text)
	if err != nil {
		return nil, err
	}
	if ip := net.ParseIP(u.Hostname()); !strings.EqualFold(u.Hostname(), "localhost") && (ip == nil || !ip.IsLoopback()) {
		return nil, errors.New("is not on this machine; leave it empty for Apple's own address")
	}
	return u, nil
}

// complete says which of the credentials is missing.
func (t Token) complete() error {
	for _, f := range []struct {
		name  string
		value mdm.Secret
	}{{"ConsumerKey", t.ConsumerKey}, {"ConsumerSecret", t.ConsumerSecret}, {"AccessToken", t.AccessToken}, {"AccessSecret", t.AccessSecret}} {
		if f.value.IsZero() {
			return errors.New("has no " + f.name + "; take all four from the opened token file")
		}
	}
	return nil
}

// parseServer returns the name of the server entry without blanks around it.
func parseServer(name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", errors.New("is missing; give the UUID of the server entry, or a name that stays when the token is renewed")
	case len(name) > 128 || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "", errors.New("is longer than 128 bytes or holds control characters")
	}
	return name, nil
}

var uuidForm = regexp.MustCompile(`^[0-9A-F]{32}$`)

func isUUID(text string) bool { return uuidForm.MatchString(NormaliseUUID(text)) }

// nonces are 16 random bytes each, in hexadecimal.
//
// Source: reference/apple.md 2.1
type nonces struct{}

// Nonce returns one that was never used.
func (nonces) Nonce() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// signing returns a client that signs each request. ctx carries the one to
// send them with.
//
// Source: reference/apple.md 2.1
func (t Token) signing(ctx context.Context, noncer oauth1.Noncer) (*http.Client, error) {
	j, err := t.reveal(ctx)
	if err != nil {
		return nil, err
	}
	base, ok := ctx.Value(oauth2.HTTPClient).(*http.Client)
	if !ok {
		base = http.DefaultClient
	}
	config := &oauth1.Config{ConsumerKey: j.ConsumerKey, ConsumerSecret: j.ConsumerSecret, Realm: "ADM", Noncer: noncer}
	client := config.Client(context.WithValue(ctx, oauth1.HTTPClient, base), oauth1.NewToken(j.AccessToken, j.AccessSecret))
	client.CheckRedirect = base.CheckRedirect
	return client, nil
}
