package adetest

import (
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// Server is a Fake that listens on a port of this machine, without TLS. Its
// URL is such as "http://127.0.0.1:41235".
type Server struct {
	*Fake
	*traffic.Port
}

// NewServer starts a server for a district. Nil stands for the standard one.
// The caller closes it. It panics if no port can be had.
func NewServer(d *fleet.District) *Server {
	f := New(d)
	return &Server{f, traffic.Listen(f)}
}
