package ade

import (
	"context"
	"net/http"

	"golang.org/x/oauth2"
)

// ReadTokenText lets the fuzz target reach what comes after decryption: the
// decryption itself is slow and random.
var ReadTokenText = readTokenText

// VendorCode lets a test look at what is taken for a code of Apple's.
var VendorCode = vendorCode

// FixedNonce is a source of nonces for a test vector.
type FixedNonce string

// Nonce returns it.
func (n FixedNonce) Nonce() string { return string(n) }

// SignedRequest returns the Authorization header with which a session is
// opened.
func SignedRequest(ctx context.Context, t Token, nonce, address string) (string, error) {
	var header string
	base := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		header = r.Header.Get("Authorization")
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
	})}
	client, err := t.signing(context.WithValue(ctx, oauth2.HTTPClient, base), FixedNonce(nonce))
	if err != nil {
		return "", err
	}
	response, err := client.Get(address)
	if err != nil {
		return "", err
	}
	return header, response.Body.Close()
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// KindOf returns the kind of package mdm that an error of this package has, or
// the error itself.
func KindOf(err error) error {
	if f, ok := err.(*fault); ok {
		return f.kind
	}
	return err
}
