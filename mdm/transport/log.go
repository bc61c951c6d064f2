package transport

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// logLayer hands each request on with a journal, in which the retry layer
// notes every attempt.
type logLayer struct {
	base   http.RoundTripper
	logger *slog.Logger
}

type journalKey struct{}

func (l *logLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	j := &journal{logger: l.logger, call: callOf(req.Context())}
	return l.base.RoundTrip(req.WithContext(context.WithValue(req.Context(), journalKey{}, j)))
}

// journal writes what happens in one call. A nil journal writes nothing.
type journal struct {
	logger *slog.Logger
	call   *call
}

func journalOf(ctx context.Context) *journal {
	j, _ := ctx.Value(journalKey{}).(*journal)
	return j
}

// loggedHeaders are the headers of an answer that may be logged. All others
// may hold what is nobody's business.
var loggedHeaders = [...]string{"Content-Type", "Content-Length", "Date", "Retry-After"}

// attempt notes an attempt at debug level.
func (j *journal) attempt(ctx context.Context, t trial) {
	if j == nil || !j.logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := j.attrs(t)
	if t.resp != nil {
		attrs = append(attrs, slog.GroupAttrs("headers", headerAttrs(t.resp.Header)...))
	}
	j.logger.LogAttrs(ctx, slog.LevelDebug, "attempt", attrs...)
}

// retry notes at warning level that an attempt is followed by another one.
func (j *journal) retry(ctx context.Context, t trial, wait time.Duration) {
	if j == nil || !j.logger.Enabled(ctx, slog.LevelWarn) {
		return
	}
	j.logger.LogAttrs(ctx, slog.LevelWarn, "retrying", append(j.attrs(t), slog.Duration("retry_in", wait))...)
}

func (j *journal) attrs(t trial) []slog.Attr {
	attrs := make([]slog.Attr, 0, 8)
	attrs = append(attrs,
		slog.String("source", j.call.origin.String()),
		slog.String("op", j.call.op),
		slog.Int("attempt", t.number),
		slog.Duration("elapsed", t.elapsed),
	)
	if t.resp != nil {
		attrs = append(attrs, slog.Int("status", t.resp.StatusCode))
		if id := requestID(t.resp.Header); id != "" {
			attrs = append(attrs, slog.String("request_id", id))
		}
	}
	if t.err != nil {
		attrs = append(attrs, slog.String("error", failureCode(t.err)))
	}
	return attrs
}

func headerAttrs(h http.Header) []slog.Attr {
	var attrs []slog.Attr
	for _, name := range loggedHeaders {
		if value := h.Get(name); value != "" {
			attrs = append(attrs, slog.String(name, value))
		}
	}
	return attrs
}

// failureCode names err without its text, which may hold an address.
func failureCode(err error) string {
	if code := mdm.Code(err); code != "" {
		return code
	}
	return Diagnose(err).Reason.String()
}
