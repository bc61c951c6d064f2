package ade

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/dghubble/oauth1"
	"github.com/mdmlink/mdmlink/abm/ade/internal/wire"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"golang.org/x/oauth2"
)

const (
	sessionHeader = "X-ADM-Auth-Session"
	sessionLimit  = 64 << 10
)

// session signs requests with a session that one signed request opened, and
// that any answer may replace. It is opened again when Apple refuses it: once
// for a request, which the transport sees to, and never when the refusal is of
// the token or of the organisation.
//
// Source: reference/apple.md 2.4
type session struct {
	address string // where a session is opened
	header  http.Header
	token   Token
	noncer  oauth1.Noncer
	allow   func(context.Context) error // asked before a session is opened

	mu      sync.Mutex
	id      string   // "" = none
	opening *opening // nil = none is being opened
}

// opening is one attempt to open a session, for all who wait for it.
type opening struct {
	done chan struct{}
	id   string // set before done is closed
	err  error
}

// Apply opens a session unless there is one.
func (s *session) Apply(ctx context.Context, r *http.Request) error {
	id, err := s.get(ctx)
	if err == nil {
		r.Header.Set(sessionHeader, id)
	}
	return err
}

// get returns the session at hand, or the one that is being opened. Whoever
// comes first opens it; the others go on by themselves if that one gives up.
func (s *session) get(ctx context.Context) (string, error) {
	for {
		s.mu.Lock()
		if s.id != "" {
			defer s.mu.Unlock()
			return s.id, nil
		}
		o := s.opening
		if o == nil {
			o = &opening{done: make(chan struct{})}
			s.opening = o
			s.mu.Unlock()
			s.lead(ctx, o)
			return o.id, o.err
		}
		s.mu.Unlock()
		select {
		case <-o.done:
		case <-ctx.Done():
			return "", ctx.Err()
		}
		if o.err == nil || !errors.Is(o.err, context.Canceled) && !errors.Is(o.err, context.DeadlineExceeded) {
			return o.id, o.err
		}
	}
}

func (s *session) lead(ctx context.Context, o *opening) {
	o.id, o.err = s.open(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.id, s.opening = o.id, nil
	close(o.done)
}

// open asks Apple for a session. An error answer is a *oauth2.RetrieveError,
// which the transport gives to classifyFailure.
//
// Source: reference/apple.md 2.1, 2.4
func (s *session) open(ctx context.Context) (string, error) {
	if err := s.allow(ctx); err != nil {
		return "", err
	}
	client, err := s.token.signing(ctx, s.noncer)
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address, nil)
	if err != nil {
		return "", err
	}
	r.Header = s.header.Clone()
	response, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, sessionLimit))
	if err != nil {
		return "", err
	}
	if response.StatusCode != http.StatusOK {
		return "", &oauth2.RetrieveError{Response: response, Body: body}
	}
	return sessionOf(response, body)
}

// sessionOf reads the answer that opened a session.
func sessionOf(response *http.Response, body []byte) (string, error) {
	var answer wire.Session
	err := json.Unmarshal(body, &answer)
	id := strings.TrimSpace(answer.Token.Text)
	switch {
	case isWebPage(response.Header, body):
		return "", &mdm.Error{Op: opSession, Kind: mdm.ErrWrongAddress, Status: response.StatusCode, Detail: "a web page instead of an answer",
			Advice: adviceProxy}
	case err != nil:
		return "", &mdm.Error{Op: opSession, Kind: mdm.ErrDecode, Status: response.StatusCode, Detail: "not the JSON that was expected"}
	case !sendable(id):
		return "", &mdm.Error{Op: opSession, Kind: mdm.ErrDecode, Status: response.StatusCode, Detail: "the answer holds no session"}
	}
	return id, nil
}

// sendable reports whether a session can stand in a header.
func sendable(id string) bool {
	return id != "" && len(id) <= 8<<10 && !strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' })
}

// Answered takes over the session that an answer brings, also an error answer,
// and reports whether the answer refused the session that was sent. The code
// that tells is at the beginning of the body, which stays readable.
//
// Source: reference/apple.md 2.4, 5.3
func (s *session) Answered(r *http.Request, answer *http.Response) bool {
	refusal := refusalOf(answer)
	s.mu.Lock()
	defer s.mu.Unlock()
	if id := answer.Header.Get(sessionHeader); sendable(id) {
		s.id = id
	}
	if refusal == refusedNothing {
		return false
	}
	sent := r.Header.Get(sessionHeader)
	if answer.Header.Get(sessionHeader) != "" || sent == s.id { // unless another request met the refusal first
		s.id = ""
	}
	return refusal == refusedSession
}

// refusal is what an answer refuses.
type refusal uint8

const (
	refusedNothing refusal = iota
	refusedSession         // a new session helps
	refusedToken           // the token, or the organisation: a new session does not help
)

// Source: reference/apple.md 2.4, 5.3
func refusalOf(answer *http.Response) refusal {
	if answer.StatusCode != http.StatusUnauthorized && answer.StatusCode != http.StatusForbidden {
		return refusedNothing
	}
	head := peek(answer)
	switch code := vendorCode(head); {
	case isWebPage(answer.Header, head):
		return refusedNothing
	case code == codeTerms || code == codeDenied:
		return refusedToken
	case answer.StatusCode == http.StatusUnauthorized || code == codeForbidden || code == codeExpiredSession:
		return refusedSession
	}
	return refusedNothing
}

// peek reads the beginning of the body and puts it back.
func peek(answer *http.Response) []byte {
	head, _ := io.ReadAll(io.LimitReader(answer.Body, codeLimit))
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), answer.Body), answer.Body}
	return head
}
