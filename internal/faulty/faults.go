package faulty

import (
	"compress/gzip"
	"io"
	"maps"
	"net"
	"net/http"
	"time"
)

// FailNext answers the next n requests of the scope with a status, a header
// to go with it (nil = none) and a line of plain text. With n = 0 the limit
// of the scope holds.
func (s Scope) FailNext(n, status int, header http.Header) {
	if n > 0 {
		s = s.Times(n)
	}
	header = header.Clone()
	s.add(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		maps.Copy(w.Header(), header)
		http.Error(w, http.StatusText(status), status)
	})
}

// Slow waits before it passes a request on. The wait ends, and the
// connection with it, when the client goes away.
func (s Scope) Slow(d time.Duration) {
	s.add(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		case <-timer.C:
			next.ServeHTTP(w, r)
		}
	})
}

// Hang never answers; it waits until the client goes away.
func (s Scope) Hang() {
	s.add(func(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	})
}

// Reset breaks the connection before anything is answered: the handler
// behind does not see the request. Beware that http.Transport itself sends a
// read again when a connection breaks that it had used before.
func (s Scope) Reset() {
	s.add(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { reset(w) })
}

// Lose carries a request out and breaks the connection instead of answering:
// the client cannot know that it was done.
func (s Scope) Lose() {
	s.add(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(&sink{header: http.Header{}}, r)
		reset(w)
	})
}

// CutBody passes the answer on as it comes and breaks the connection after n
// bytes of its body. An answer that is not longer than that stays whole.
func (s Scope) CutBody(n int) {
	s.add(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(&cutter{ResponseWriter: w, left: n}, r)
	})
}

// HTMLPage answers with status 200 and a login page, as a portal or a proxy
// does that has put itself between.
func (s Scope) HTMLPage() {
	s.add(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, loginPage) // a client that is gone needs no page
	})
}

const loginPage = `<!DOCTYPE html>
<html><head><title>Sign in</title></head>
<body><form method="post" action="/login"><input name="user"><input name="password" type="password"></form></body></html>
`

// Oversize answers with JSON that does not end before n bytes: an array of
// blanks, written bit by bit.
func (s Scope) Oversize(n int64) {
	s.add(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "application/json")
		writeBlanks(w, n)
	})
}

// GzipBomb answers with a small compressed body that unpacks to n bytes.
func (s Scope) GzipBomb(n int64) {
	s.add(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		writeBlanks(z, n)
		z.Close() // fails only when the client is gone
	})
}

// writeBlanks writes an empty JSON array of n bytes, until the reader has
// had enough.
func writeBlanks(w io.Writer, n int64) {
	if _, err := io.WriteString(w, "["); err != nil {
		return
	}
	if _, err := io.CopyN(w, blanks{}, max(0, n-2)); err != nil {
		return
	}
	io.WriteString(w, "]")
}

// blanks is an endless reader of blanks.
type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// reset breaks the connection as rudely as the server allows.
func reset(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		if tcp, ok := conn.(*net.TCPConn); ok {
			tcp.SetLinger(0) // makes Close send a reset
		}
		conn.Close()
		return
	}
	panic(http.ErrAbortHandler)
}

// cutter lets some bytes of a body through and then breaks the connection.
type cutter struct {
	http.ResponseWriter
	left int
	cut  bool
}

// Unwrap lets http.ResponseController reach the real writer.
func (c *cutter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (c *cutter) Write(p []byte) (int, error) {
	if c.cut { // a handler that flushes while it unwinds
		return 0, http.ErrAbortHandler
	}
	if len(p) <= c.left {
		c.left -= len(p)
		return c.ResponseWriter.Write(p)
	}
	c.cut = true
	c.ResponseWriter.Write(p[:c.left])
	http.NewResponseController(c.ResponseWriter).Flush()
	panic(http.ErrAbortHandler)
}

// sink swallows an answer.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(int)             {}
