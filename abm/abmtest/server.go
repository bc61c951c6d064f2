package abmtest

import (
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// Server is a Fake that listens on a port of this machine, without TLS. Its
// URL is such as "http://127.0.0.1:41235": the token endpoint is
// /auth/oauth2/token below it, and the API is /v1.
type Server struct {
	*Fake
	*traffic.Port
}

// NewServer starts a server of a business organisation. Nil stands for the
// standard district. The caller closes it. It panics if no port can be had.
func NewServer(d *fleet.District) *Server { return listen(New(d)) }

// NewSchoolServer starts a server of a school's organisation. Nil stands for
// the standard district. The caller closes it. It panics if no port can be
// had.
func NewSchoolServer(d *fleet.District) *Server { return listen(NewSchool(d)) }

func listen(f *Fake) *Server { return &Server{f, traffic.Listen(f)} }
