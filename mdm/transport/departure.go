package transport

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
)

// departure records how far a request got on its way out.
type departure struct {
	reached atomic.Bool // the base was asked to carry it
	traced  atomic.Bool // the base reports what it does with connections
	carried atomic.Bool // the base had a connection for it
}

func (d *departure) reset() {
	d.reached.Store(false)
	d.traced.Store(false)
	d.carried.Store(false)
}

// possible reports whether a request that failed with err may have arrived.
// It is false only with proof of the contrary: the base never got it, found
// no connection for it, or failed while dialling.
func (d *departure) possible(err error) bool {
	if !d.reached.Load() || d.traced.Load() && !d.carried.Load() {
		return false
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return false
	}
	op, ok := errors.AsType[*net.OpError](err)
	return !ok || op.Op != "dial" && op.Op != "proxyconnect"
}

// departureLayer is the innermost layer. It watches the request leave and
// brings an answer into the form that the outer layers rely on.
type departureLayer struct{ base http.RoundTripper }

func (l *departureLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	if c := callOf(req.Context()); c != nil {
		d := &c.departure
		d.reached.Store(true)
		req = req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
			GetConn: func(string) { d.traced.Store(true) },
			GotConn: func(httptrace.GotConnInfo) { d.carried.Store(true) },
		}))
	}
	resp, err := l.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp == nil {
		return nil, errors.New("transport: the base RoundTripper returned neither answer nor error")
	}
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	if resp.Header == nil {
		resp.Header = http.Header{}
	}
	// net/http fails on a Location it cannot parse, with the text in the error.
	if _, err := url.Parse(resp.Header.Get("Location")); err != nil {
		resp.Header.Del("Location")
	}
	return resp, nil
}
