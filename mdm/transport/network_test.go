package transport_test

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// dialer returns a base whose connections dial makes.
func dialer(t *testing.T, dial func(context.Context) (net.Conn, error)) *http.Transport {
	base := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }}
	t.Cleanup(base.CloseIdleConnections)
	return base
}

func quiet(h http.Handler) *httptest.Server {
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	return s
}

func closedPort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

// Each way in which a system is not reached is told apart, with advice, both
// for a read and for a write that never left.
//
//mdm:feature 4.43
func TestDiagnose(t *testing.T) {
	untrusted := quiet(http.NotFoundHandler())
	untrusted.StartTLS()
	defer untrusted.Close()
	reset := quiet(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.(*net.TCPConn).SetLinger(0)
			conn.Close()
		}
	}))
	reset.Start()
	defer reset.Close()
	hung := quiet(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server notices that the client left
		<-r.Context().Done()
	}))
	hung.Start()
	defer hung.Close()
	proxy := newProxy(t)
	through := func(user *url.Userinfo) *http.Transport {
		u := address(t, proxy.URL)
		u.User = user
		base := &http.Transport{Proxy: http.ProxyURL(u)}
		t.Cleanup(base.CloseIdleConnections)
		return base
	}
	noProxy := &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: closedPort(t)})}
	otherName := untrusted.Client().Transport.(*http.Transport).Clone()
	otherName.TLSClientConfig.ServerName = "other.test"
	failing := func(err error) *http.Transport {
		return dialer(t, func(context.Context) (net.Conn, error) { return nil, &net.OpError{Op: "dial", Err: err} })
	}

	for _, tt := range []struct {
		name    string
		address string
		base    http.RoundTripper
		want    transport.Reason
		advice  string
		sent    bool // a write may have arrived
	}{
		{"name not found", "https://nowhere.test", failing(&net.DNSError{Err: "no such host", IsNotFound: true}), transport.ReachNameNotFound, "typing errors", false},
		{"name server silent", "https://nowhere.test", failing(&net.DNSError{Err: "timeout", IsTimeout: true}), transport.ReachNameNotFound, "name server", false},
		{"refused", "http://" + closedPort(t), &http.Transport{}, transport.ReachRefused, "firewall", false},
		{"no route", "https://far.test", failing(syscall.EHOSTUNREACH), transport.ReachUnreachable, "VPN", false},
		{"dial takes too long", "https://slow.test", dialer(t, func(ctx context.Context) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}), transport.ReachTimeout, "proxy is needed", false},
		{"reset", reset.URL, &http.Transport{}, transport.ReachReset, "cuts connections", true},
		{"no answer", hung.URL, &http.Transport{}, transport.ReachTimeout, "page size", true},
		{"unknown authority", untrusted.URL, &http.Transport{}, transport.ReachTLS, "authority", false},
		{"another name", untrusted.URL, otherName, transport.ReachTLS, "another host name", false},
		{"no tls", "https" + strings.TrimPrefix(hung.URL, "http"), &http.Transport{}, transport.ReachTLS, "without encryption", false},
		{"proxy down", "https://mdm.test", noProxy, transport.ReachProxy, "proxy", false},
		{"proxy wants a sign-in, https", "https://mdm.test", through(nil), transport.ReachProxy, "password", false},
		{"proxy wants a sign-in, http", "http://localhost:1", through(nil), transport.ReachProxy, "password", false},
		{"proxy forbids", "https://forbidden.test", through(url.UserPassword("sync", "pw")), transport.ReachProxy, "lets this host through", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			limit := time.Minute // so long that a busy machine does not turn another failure into this one
			if tt.want == transport.ReachTimeout {
				limit = 200 * time.Millisecond
			}
			c := client(t, tt.base, noRetry, func(o *transport.Options, p *transport.Profile) {
				p.Address, o.AttemptTimeout = address(t, tt.address), limit
			})
			_, err := get(t.Context(), c)
			require.ErrorIs(t, err, mdm.ErrUnavailable)
			reach := transport.Diagnose(err)
			assert.Equal(t, tt.want.String(), reach.Reason.String(), "%v: %v", err, cause(err))
			assert.Contains(t, reach.Advice, tt.advice)
			assert.Equal(t, mdm.Advice(err), reach.Advice)
			assert.NotContains(t, err.Error(), "test")

			_, err = wipe(t.Context(), c)
			if tt.sent {
				require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
			} else {
				require.ErrorIs(t, err, mdm.ErrUnavailable)
			}
			assert.Equal(t, tt.want, transport.Diagnose(err).Reason)
		})
	}
	t.Run("nothing to tell", func(t *testing.T) {
		assert.Zero(t, transport.Diagnose(nil))
		assert.Zero(t, transport.Diagnose(errors.New("odd")))
		assert.Zero(t, transport.Diagnose(context.Canceled))
		assert.Equal(t, "unknown", transport.Reason(99).String())
		assert.Equal(t, "no answer", transport.Reason(-1).Text())
		assert.Equal(t, "host name not found", transport.ReachNameNotFound.Text())
		assert.Equal(t, transport.ReachTimeout, transport.Diagnose(context.DeadlineExceeded).Reason)
		assert.Equal(t, transport.ReachTLS, transport.Diagnose(tls.AlertError(40)).Reason)
	})
}

// proxy is a forward proxy that wants the user sync with the password pw.
type proxy struct {
	*httptest.Server
	passed atomic.Int64
}

func newProxy(t *testing.T) *proxy {
	p := &proxy{}
	p.Server = quiet(http.HandlerFunc(p.serve))
	p.Start()
	t.Cleanup(p.Close)
	return p
}

func (p *proxy) serve(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Proxy-Authorization") != "Basic c3luYzpwdw==" {
		w.Header().Set("Proxy-Authenticate", `Basic realm="school"`)
		w.WriteHeader(http.StatusProxyAuthRequired)
		return
	}
	if strings.HasPrefix(r.Host, "forbidden") {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	p.passed.Add(1)
	if r.Method == http.MethodConnect {
		p.tunnel(w, r)
		return
	}
	r.RequestURI = ""
	r.Header.Del("Proxy-Authorization")
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body)
}

func (p *proxy) tunnel(w http.ResponseWriter, r *http.Request) {
	out, err := net.Dial("tcp", r.Host)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	in, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		out.Close()
		return
	}
	_, _ = io.WriteString(in, "HTTP/1.1 200 OK\r\n\r\n")
	go func() {
		defer out.Close()
		_, _ = io.Copy(out, in)
	}()
	go func() {
		defer in.Close()
		_, _ = io.Copy(in, out)
	}()
}

// A whole listing, page by page with links, through a proxy that wants a
// sign-in, over http and over https.
//
//mdm:feature 4.51
func TestSyncThroughProxy(t *testing.T) {
	const pages = 7
	handler := func(w http.ResponseWriter, r *http.Request) {
		if user, pw, _ := r.BasicAuth(); user != "network" || pw != "key" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if r.Header.Get("Proxy-Authorization") != "" {
			t.Error("the proxy's password reached the system")
		}
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		next := ""
		if page+1 < pages {
			scheme := "http://"
			if r.TLS != nil {
				scheme = "https://"
			}
			next = fmt.Sprintf("%s%s/api/devices?page=%d", scheme, r.Host, page+1)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"devices": []int{2 * page, 2*page + 1}, "next": next})
	}
	for _, encrypted := range []bool{false, true} {
		t.Run(fmt.Sprintf("encrypted %v", encrypted), func(t *testing.T) {
			proxy, system := newProxy(t), quiet(http.HandlerFunc(handler))
			base := &http.Transport{}
			if encrypted {
				system.StartTLS()
				base = system.Client().Transport.(*http.Transport).Clone()
			} else {
				system.Start()
			}
			defer system.Close()
			through := address(t, proxy.URL)
			through.User = url.UserPassword("sync", "pw")
			base.Proxy = http.ProxyURL(through)
			defer base.CloseIdleConnections()

			c := client(t, base, func(_ *transport.Options, p *transport.Profile) {
				p.Address = address(t, system.URL+"/api")
				p.Auth = transport.Basic("network", mdm.NewSecret("key"))
			})
			var devices []int
			for path := "/devices"; path != ""; {
				body, err := do(t.Context(), c, transport.Request{Op: "devices", Path: path})
				require.NoError(t, err)
				var page struct {
					Devices []int
					Next    string
				}
				require.NoError(t, json.Unmarshal([]byte(body), &page))
				devices, path = append(devices, page.Devices...), page.Next
			}
			assert.Len(t, devices, 2*pages)
			assert.Positive(t, proxy.passed.Load())
		})
	}
}

// Over HTTP/2, too, it is known whether a write may have arrived.
func TestHTTP2(t *testing.T) {
	var wipes atomic.Int64
	system := quiet(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, `{"proto":`+strconv.Itoa(r.ProtoMajor)+`}`)
			return
		}
		wipes.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	system.EnableHTTP2 = true
	system.StartTLS()
	defer system.Close()
	c := client(t, system.Client().Transport, func(o *transport.Options, p *transport.Profile) {
		p.Address, o.AttemptTimeout = address(t, system.URL), 200*time.Millisecond
	})
	body, err := get(t.Context(), c)
	require.NoError(t, err)
	assert.Equal(t, `{"proto":2}`, body)
	_, err = wipe(t.Context(), c)
	require.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
	assert.EqualValues(t, 1, wipes.Load())
}

// A compressed bomb stops at the limit, and the memory is not filled.
func TestBodyLimitBomb(t *testing.T) {
	system := quiet(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			t.Error("the answer would not be compressed")
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		zeros := make([]byte, 1<<20)
		for range 32 {
			if _, err := z.Write(zeros); err != nil {
				return
			}
		}
		z.Close()
	}))
	system.Start()
	defer system.Close()
	base := &http.Transport{}
	defer base.CloseIdleConnections()
	c := client(t, base, func(o *transport.Options, p *transport.Profile) {
		p.Address, o.BodyLimit = address(t, system.URL), 16<<20
	})
	resp, err := c.Do(t.Context(), transport.Request{Op: "devices", Header: http.Header{"Accept": {"application/octet-stream"}}})
	require.NoError(t, err)
	defer resp.Body.Close()

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n, err := io.Copy(io.Discard, resp.Body)
	runtime.ReadMemStats(&after)
	require.ErrorIs(t, err, mdm.ErrDecode)
	assert.EqualValues(t, 16<<20, n)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20))
}

// A connection serves further requests although the reader of the first did
// not read to the very end.
func TestConnectionReuse(t *testing.T) {
	var connections atomic.Int64
	system := quiet(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"devices":[]}`)
		w.(http.Flusher).Flush() // chunked: the end is not known from the head
		time.Sleep(20 * time.Millisecond)
		_, _ = io.WriteString(w, "\n\n")
	}))
	system.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	system.Start()
	defer system.Close()
	base := &http.Transport{}
	defer base.CloseIdleConnections()
	c := client(t, base, func(_ *transport.Options, p *transport.Profile) { p.Address = address(t, system.URL) })
	for range 3 {
		resp, err := c.Do(t.Context(), transport.Request{Op: "devices"})
		require.NoError(t, err)
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&struct{}{}))
		require.NoError(t, resp.Body.Close())
	}
	assert.EqualValues(t, 1, connections.Load())
}

// The server the base talks to answers and then dies in the middle.
func TestBodyCut(t *testing.T) {
	system := quiet(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"devices":[`)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}))
	system.Start()
	defer system.Close()
	base := &http.Transport{}
	defer base.CloseIdleConnections()
	c := client(t, base, func(_ *transport.Options, p *transport.Profile) { p.Address = address(t, system.URL) })
	_, err := get(t.Context(), c)
	require.ErrorIs(t, err, mdm.ErrUnavailable)
	assert.ErrorContains(t, err, "the answer ended early")
	assert.Equal(t, transport.ReachReset, transport.Diagnose(err).Reason)
}
