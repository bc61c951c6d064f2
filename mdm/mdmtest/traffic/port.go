package traffic

import (
	"io"
	"log"
	"net"
	"net/http"
)

// Port serves a fake on a port of this machine, without TLS.
type Port struct {
	URL string // such as "http://127.0.0.1:41235"

	http *http.Server
	done chan struct{} // closed when the server has stopped
}

// Listen serves h on a free port. The caller closes it. It panics if no port
// can be had.
func Listen(h http.Handler) *Port {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic("traffic: " + err.Error())
	}
	p := &Port{
		URL:  "http://" + l.Addr().String(),
		http: &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)},
		done: make(chan struct{}),
	}
	go func() {
		defer close(p.done)
		p.http.Serve(l) // ends with Close
	}()
	return p
}

// Close stops the server. Requests that are being served are cut off.
func (p *Port) Close() {
	p.http.Close() // reports only what closing the port reports
	<-p.done
}
