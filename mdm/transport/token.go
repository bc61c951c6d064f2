package transport

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"golang.org/x/oauth2"
)

// TokenSource fetches an access token. *clientcredentials.Config of
// golang.org/x/oauth2 is one. A host may bring its own, to share tokens
// between processes.
type TokenSource interface {
	// Token returns a token that was just fetched or is known to be good. It
	// may be called again before the last one expired.
	Token(ctx context.Context) (*oauth2.Token, error)
}

// Discarder is a TokenSource with a memory of its own, which it drops when the
// system refuses a token although it has not expired.
type Discarder interface {
	// Discard forgets t, so that Token fetches another one.
	Discard(t *oauth2.Token)
}

// Bearer signs with access tokens from source. A token is kept until shortly
// before its expiry; one without expiry is kept until it is refused. Callers
// who need a new one at the same time share one fetch; each obeys its own
// context, and the fetch ends when the last of them is gone. If a token cannot
// be renewed ahead of its expiry, it is used to its end.
//
// A 401 discards the token. The request is made once more if the system had
// accepted that token before, or if source is a Discarder: a token that never
// worked will not work when fetched again.
func Bearer(source TokenSource) Auth { return &bearer{source: source} }

// earliest is how long before its expiry a token is renewed at most; of a
// shorter life it is a fifth.
const earliest = time.Minute

type bearer struct {
	source TokenSource

	mu     sync.Mutex
	token  *oauth2.Token // nil: none
	renew  time.Time     // when to fetch the next; zero: never
	proven bool          // the system accepted the token
	flight *flight       // nil: no fetch is under way
}

// flight is one fetch and those who wait for it.
type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int
	token   *oauth2.Token // set before done is closed
	err     error
}

func (b *bearer) valid() error {
	if b.source == nil {
		return errors.New("the token source is not set")
	}
	return nil
}

func (b *bearer) Apply(ctx context.Context, r *http.Request) error {
	token, err := b.get(ctx)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", authorization(token))
	return nil
}

func (b *bearer) Answered(r *http.Request, resp *http.Response) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	current := b.token != nil && r.Header.Get("Authorization") == authorization(b.token)
	if resp.StatusCode != http.StatusUnauthorized {
		b.proven = b.proven || current && resp.StatusCode < http.StatusInternalServerError
		return false
	}
	if !current { // another request met the refusal first
		return true
	}
	again := b.proven
	if d, ok := b.source.(Discarder); ok {
		d.Discard(b.token)
		again = true
	}
	b.token, b.proven = nil, false
	return again
}

// get returns the token at hand, or the one of a fetch shared with others.
func (b *bearer) get(ctx context.Context) (*oauth2.Token, error) {
	b.mu.Lock()
	if b.token != nil && (b.renew.IsZero() || time.Now().Before(b.renew)) {
		defer b.mu.Unlock()
		return b.token, nil
	}
	f := b.join(ctx)
	b.mu.Unlock()
	select {
	case <-f.done:
		return f.token, f.err
	case <-ctx.Done():
		b.leave(f)
		return nil, ctx.Err()
	}
}

// join returns the fetch under way, or starts one that outlives the caller.
func (b *bearer) join(ctx context.Context) *flight {
	if b.flight == nil {
		shared, cancel := context.WithCancel(context.WithoutCancel(ctx))
		b.flight = &flight{done: make(chan struct{}), cancel: cancel}
		go b.fetch(shared, b.flight)
	}
	b.flight.waiting++
	return b.flight
}

// leave ends the fetch if nobody waits for it any more. The next caller starts
// a new one.
func (b *bearer) leave(f *flight) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f.waiting--
	if f.waiting > 0 {
		return
	}
	f.cancel()
	if b.flight == f {
		b.flight = nil
	}
}

func (b *bearer) fetch(ctx context.Context, f *flight) {
	defer f.cancel()
	token, err := b.source.Token(ctx)
	if err == nil && (token == nil || token.AccessToken == "") {
		err = errors.New("transport: the token source returned no token")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	defer close(f.done)
	f.token, f.err = token, err
	if b.flight != f {
		return
	}
	b.flight = nil
	switch {
	case err == nil:
		b.token, b.renew, b.proven = token, renewal(token), false
	case b.token != nil && time.Now().Before(b.token.Expiry):
		f.token, f.err = b.token, nil
	}
}

// renewal returns when to fetch the successor of a token that came just now.
func renewal(t *oauth2.Token) time.Time {
	if t.Expiry.IsZero() {
		return time.Time{}
	}
	life := time.Until(t.Expiry)
	return t.Expiry.Add(-min(earliest, max(0, life/5)))
}

func authorization(t *oauth2.Token) string { return "Bearer " + t.AccessToken }

// tokenOp is the operation that failures of the token endpoint carry.
const tokenOp = "token"

// unsigned makes an error of the vocabulary of what kept Auth from signing.
func (l *authLayer) unsigned(ctx context.Context, c *call, err error) error {
	err = withoutURL(err)
	if ctx.Err() != nil {
		return err
	}
	if _, ok := errors.AsType[*mdm.Error](err); ok {
		return err
	}
	if answer, ok := errors.AsType[*oauth2.RetrieveError](err); ok && answer.Response != nil {
		return l.deniedToken(answer)
	}
	failure := c.fail(mdm.ErrUnavailable)
	reach := Diagnose(err)
	failure.Detail, failure.Advice = "no credentials could be obtained", reach.Advice
	failure.Cause = &lost{err: err, reach: reach}
	if reach.Reason != ReachUnknown && !lasting(err) {
		return transient{failure}
	}
	return failure
}

// deniedToken classifies the answer of a token endpoint. The answer itself is
// dropped, since it refers to the request, whose header or body is the secret.
func (l *authLayer) deniedToken(answer *oauth2.RetrieveError) error {
	f := Failure{
		Op:     tokenOp,
		Method: http.MethodPost,
		Status: answer.Response.StatusCode,
		Header: answer.Response.Header,
		Body:   answer.Body[:min(len(answer.Body), failureLimit)],
	}
	failure := l.judge.rule(f, func(Failure) *mdm.Error { return tokenFailure(f, answer.ErrorCode) })
	if failure.Vendor == "" {
		failure.Vendor = answer.ErrorCode
	}
	if f.Status == http.StatusTooManyRequests || f.Status >= http.StatusInternalServerError {
		return transient{failure}
	}
	return failure
}

// tokenFailure gives the codes of RFC 6749, section 5.2, their meaning.
func tokenFailure(f Failure, code string) *mdm.Error {
	switch code {
	case "invalid_client", "invalid_grant", "unauthorized_client", "access_denied":
		return &mdm.Error{
			Kind:   mdm.ErrUnauthorized,
			Advice: "Check the client id and secret, and whether they were replaced, disabled or have expired.",
		}
	}
	return byStatus(f)
}
