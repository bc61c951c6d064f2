package faulty

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"sync"
	"syscall"
)

// Transport runs a handler without any socket: each request is served by a
// goroutine of its own, which ends when the handler returns, when the
// answer's body is closed, or when the request's context ends. Bodies are
// streamed. An aborted handler (http.ErrAbortHandler, which is what Reset and
// CutBody come to) looks like a reset connection before the answer begins,
// and like an unexpected end inside the body. Header names reach the handler
// as they were written, not in canonical form, compressed answers are not
// unpacked, and a request to an https address has a TLS state.
func Transport(h http.Handler) http.RoundTripper { return transport{h} }

type transport struct{ handler http.Handler }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	in := r.Clone(ctx)
	in.RemoteAddr = "127.0.0.1:1"
	in.RequestURI = r.URL.RequestURI()
	if r.URL.Scheme == "https" {
		in.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true, ServerName: r.URL.Hostname()}
	}
	in.URL.Scheme, in.URL.Host, in.URL.User = "", "", nil
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Header == nil {
		in.Header = http.Header{}
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	body, pipe := io.Pipe()
	w := &pipeWriter{header: http.Header{}, pipe: pipe, begun: make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer in.Body.Close()
		w.run(t.handler, in)
	}()
	stop := context.AfterFunc(ctx, func() { body.CloseWithError(context.Cause(ctx)) })
	end := func() {
		stop()
		cancel()
		body.Close()
		<-done
	}
	select {
	case <-w.begun:
	case <-ctx.Done():
	}
	if err := ctx.Err(); err != nil {
		end()
		return nil, err
	}
	if w.err != nil {
		end()
		return nil, w.err
	}
	return w.response(r, &pipeBody{PipeReader: body, end: sync.OnceFunc(end)}), nil
}

// pipeBody is the body of an answer that is still being written.
type pipeBody struct {
	*io.PipeReader
	end func()
}

// Close ends the handler and waits for it.
func (b *pipeBody) Close() error {
	b.end()
	return nil
}

// pipeWriter is the handler's side of the pipe.
type pipeWriter struct {
	header http.Header
	pipe   *io.PipeWriter

	once   sync.Once
	begun  chan struct{} // closed when status, sent and err are final
	status int
	sent   http.Header
	err    error
}

// run serves the request and ends the pipe.
func (w *pipeWriter) run(h http.Handler, r *http.Request) {
	defer func() {
		switch p := recover(); p {
		case nil:
			w.WriteHeader(http.StatusOK)
			w.pipe.Close()
		case http.ErrAbortHandler:
			w.begin(0, fmt.Errorf("read: %w", syscall.ECONNRESET))
			w.pipe.CloseWithError(io.ErrUnexpectedEOF)
		default:
			panic(p) // a mistake in the handler
		}
	}()
	h.ServeHTTP(w, r)
}

// begin fixes the head of the answer, once.
func (w *pipeWriter) begin(status int, err error) {
	w.once.Do(func() {
		w.status, w.sent, w.err = status, w.header.Clone(), err
		close(w.begun)
	})
}

// Header implements http.ResponseWriter.
func (w *pipeWriter) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *pipeWriter) WriteHeader(status int) {
	if status >= 200 {
		w.begin(status, nil)
	}
}

// Write implements http.ResponseWriter.
func (w *pipeWriter) Write(p []byte) (int, error) {
	w.begin(http.StatusOK, nil)
	return w.pipe.Write(p)
}

// Flush implements http.Flusher: every write is at the reader already.
func (w *pipeWriter) Flush() { w.begin(http.StatusOK, nil) }

// response is the answer as the client sees it.
func (w *pipeWriter) response(r *http.Request, body io.ReadCloser) *http.Response {
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: body, ContentLength: -1, Request: r,
	}
}
