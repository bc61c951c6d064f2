package abmtest

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// serverForm is what can be written of a server; nil = stays as it is.
type serverForm struct {
	Name        *string `json:"serverName"`
	Certificate *struct {
		Name string `json:"name"`
		Data string `json:"data"`
	} `json:"serverCertificate"`
	Disown   *bool     `json:"enableMdmDisownFlag"`
	Families *[]string `json:"defaultProductFamilies"`
}

// serverForm reads and checks the body of a write; self is the server that it
// is about.
func (c *call) serverForm(self *server) (fm serverForm, rep *reply) {
	id := ""
	if self != nil {
		id = self.id
	}
	p, rep := c.payload("mdmServers", id)
	if rep != nil {
		return fm, rep
	}
	if len(p.Data.Relationships) > 0 {
		return fm, c.invalid(http.StatusUnprocessableEntity, "/data/relationships", "relationships cannot be written")
	}
	if rep := c.strict(p.Data.Attributes, &fm, "/data/attributes"); rep != nil {
		return fm, rep
	}
	if fm.Name != nil {
		if rep := c.serverName(*fm.Name, self); rep != nil {
			return fm, rep
		}
	}
	if fm.Certificate != nil {
		if _, err := usable(fm.Certificate.Name, fm.Certificate.Data); err != nil {
			return fm, c.conflict(http.StatusUnprocessableEntity, "/data/attributes/serverCertificate", err.Error())
		}
	}
	if fm.Families != nil {
		for _, family := range *fm.Families {
			if !slices.Contains([]string{"APPLE_TV", "IPAD", "IPHONE", "IPOD", "MAC", "VISION", "WATCH"}, family) {
				return fm, c.invalid(http.StatusUnprocessableEntity, "/data/attributes/defaultProductFamilies", "unknown family "+family)
			}
		}
	}
	return fm, nil
}

// serverName refuses names that a server may not have.
func (c *call) serverName(name string, self *server) *reply {
	const pointer = "/data/attributes/serverName"
	plain := strings.ToLower(strings.TrimSpace(name))
	if plain == "" || plain == "unassigned" || plain == "reassigned" {
		return c.conflict(http.StatusUnprocessableEntity, pointer, "the name is not allowed")
	}
	for _, s := range c.f.servers {
		if s != self && strings.EqualFold(s.name, name) {
			return c.conflict(http.StatusConflict, pointer, "another server has this name")
		}
	}
	return nil
}

// usable reads a certificate: base64 of DER, or of a PEM file, with an RSA key.
func usable(name, data string) (der []byte, err error) {
	if name == "" {
		return nil, errors.New("the certificate has no name")
	}
	der, err = base64.StdEncoding.DecodeString(data)
	if err != nil {
		return nil, errors.New("the certificate is not base64")
	}
	if block, _ := pem.Decode(der); block != nil {
		der = block.Bytes
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, errors.New("the certificate is no X.509 certificate")
	}
	if _, ok := cert.PublicKey.(*rsa.PublicKey); !ok {
		return nil, errors.New("the certificate has no RSA key")
	}
	return der, nil
}

// apply writes a form into a server.
func (f *Fake) apply(s *server, fm serverForm) {
	if fm.Name != nil {
		s.name = *fm.Name
	}
	if fm.Certificate != nil {
		s.certificate, _ = usable(fm.Certificate.Name, fm.Certificate.Data) // was checked
	}
	if fm.Disown != nil {
		s.disown = *fm.Disown
	}
	if fm.Families != nil {
		s.families = slices.Clone(*fm.Families)
	}
	s.updated = f.Now()
}

func (c *call) createServer() reply {
	fm, rep := c.serverForm(nil)
	switch {
	case rep != nil:
		return *rep
	case fm.Name == nil:
		return *c.invalid(http.StatusUnprocessableEntity, "/data/attributes/serverName", "the name is missing")
	case fm.Certificate == nil:
		return *c.invalid(http.StatusUnprocessableEntity, "/data/attributes/serverCertificate", "the certificate is missing")
	}
	s := &server{id: fmt.Sprintf("%X", digest("server", c.f.next())[:16]), kind: "MDM", created: c.now, families: []string{}}
	c.f.apply(s, fm)
	c.f.servers = append(c.f.servers, s)
	return c.one(http.StatusCreated, c.serverItem(s))
}

// own finds the server of a write; Apple's own entries cannot be written.
func (c *call) own() (*server, *reply) {
	s := c.f.server(c.vars["id"])
	switch {
	case s == nil:
		rep := c.notFound()
		return nil, &rep
	case s.kind != "MDM":
		rep := c.forbidden("This server belongs to Apple")
		return nil, &rep
	}
	return s, nil
}

func (c *call) changeServer() reply {
	s, rep := c.own()
	if rep != nil {
		return *rep
	}
	fm, rep := c.serverForm(s)
	if rep != nil {
		return *rep
	}
	c.f.apply(s, fm)
	return c.one(http.StatusOK, c.serverItem(s))
}

func (c *call) deleteServer() reply {
	s, rep := c.own()
	if rep != nil {
		return *rep
	}
	if len(c.f.of(s.id)) > 0 {
		return *c.conflict(http.StatusConflict, "/data/id", "devices are assigned to this server")
	}
	c.f.servers = slices.DeleteFunc(c.f.servers, func(o *server) bool { return o == s })
	return reply{status: http.StatusNoContent}
}
