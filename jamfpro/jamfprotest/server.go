package jamfprotest

import (
	"io"
	"log"
	"net"
	"net/http"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

// Server is a Fake that listens on a port of this machine, without TLS.
type Server struct {
	*Fake
	URL string // such as "http://127.0.0.1:41235", without /api

	http *http.Server
	done chan struct{} // closed when the server has stopped
}

// NewServer starts a server for a district. Nil stands for the standard one.
// The caller closes it. It panics if no port can be had.
func NewServer(d *fleet.District) *Server {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic("jamfprotest: " + err.Error())
	}
	f := New(d)
	s := &Server{
		Fake: f,
		URL:  "http://" + l.Addr().String(),
		http: &http.Server{Handler: f, ErrorLog: log.New(io.Discard, "", 0)},
		done: make(chan struct{}),
	}
	go func() {
		defer close(s.done)
		s.http.Serve(l) // ends with Close
	}()
	return s
}

// Close stops the server. Requests that are being served are cut off.
func (s *Server) Close() {
	s.http.Close() // reports only what closing the port reports
	<-s.done
}
