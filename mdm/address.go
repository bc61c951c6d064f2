package mdm

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

// AddressForm says what the address of a kind of system looks like.
type AddressForm struct {
	Path string // path that every request has, such as "/api"; "" = none
	Port int    // port where none is given; 0 = the scheme's own
}

// Parse accepts an address as people paste it: a bare host name, one with a
// port, a URL with or without the form's path, with trailing slashes, blanks
// around it, a query or the page that the browser was on. It returns the
// canonical form, which always has a scheme, a host and the form's path. The
// case of the host name is kept. Plain http is accepted for this machine
// only; passwords in addresses, host names with an underscore and schemes
// other than https are refused with a message that says what to do.
func (f AddressForm) Parse(text string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, errors.New("the address is empty; give a host name such as school.example.com")
	}
	if !hasScheme(text) {
		text = "https://" + strings.TrimLeft(text, "/")
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("the address cannot be read; give a host name such as school.example.com")
	}
	if err := checkURL(u); err != nil {
		return nil, err
	}
	host, err := f.host(u)
	if err != nil {
		return nil, err
	}
	return &url.URL{Scheme: u.Scheme, Host: host, Path: f.Path}, nil
}

// hasScheme tells "https://host" from a bare host with an address further on,
// as in "host/login?next=https://host/".
func hasScheme(text string) bool {
	before, _, found := strings.Cut(text, "://")
	return found && !strings.ContainsAny(before, "/?#")
}

func checkURL(u *url.URL) error {
	if u.User != nil {
		return errors.New("the address holds a user name or password; put credentials into their own fields")
	}
	if err := (HostForm{}).Check(u.Hostname()); err != nil {
		return err
	}
	switch {
	case strings.EqualFold(u.Hostname(), "https"), strings.EqualFold(u.Hostname(), "http"):
		return errors.New("the address is mistyped after http or https; give a host name such as school.example.com")
	case u.Scheme == "https":
		return nil
	case u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	case u.Scheme == "http":
		return errors.New("plain http would show the credentials to everybody on the way; use https")
	default:
		return fmt.Errorf("the address starts with %s; use https", plainOr(u.Scheme, "something unknown"))
	}
}

// host returns the host of an address with the port that was given or, where
// none was, the form's. The port that the scheme means anyway is left out,
// unless leaving it out would mean the form's.
func (f AddressForm) host(u *url.URL) (string, error) {
	name := strings.TrimSuffix(strings.TrimSuffix(u.Host, u.Port()), ":")
	port := f.Port
	if given := u.Port(); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || n < 1 || n > 65535 {
			return "", errors.New("the port is not a number from 1 to 65535")
		}
		port = n
	}
	usual := 443
	if u.Scheme == "http" {
		usual = 80
	}
	if port == 0 || port == usual && (f.Port == 0 || f.Port == usual) {
		return name, nil
	}
	return name + ":" + strconv.Itoa(port), nil
}

// HostForm says what a host name has to look like. The zero HostForm accepts
// what the DNS does, without underscores, and IP addresses.
type HostForm struct {
	MaxLength int  // longest name; 0 = 253
	NameOnly  bool // no IP addresses
}

// ShortHost is the form of hosts that are known by the name that the hostname
// command prints: 1 to 32 characters, compared with their case.
var ShortHost = HostForm{MaxLength: 32}

// Check returns nil, or an error that says what is wrong with the host name.
// It never changes the name: case matters to some systems.
func (f HostForm) Check(host string) error {
	limit := f.MaxLength
	if limit == 0 {
		limit = 253
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		switch {
		case f.NameOnly:
			return errors.New("the host is an IP address; give its name")
		case addr.Zone() != "":
			return errors.New("the IP address has a zone, which means something on one machine only; leave it out")
		}
		return nil
	}
	switch {
	case host == "":
		return errors.New("the host name is empty; give one such as school.example.com")
	case len(host) > limit:
		return fmt.Errorf("the host name is longer than %d characters", limit)
	case strings.Contains(host, "_"):
		return errors.New("the host name has an underscore, which host names may not have; check it for a typing error")
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(host, "."), ".") {
		if !hostLabel(label) {
			return errors.New("the host name has a character or a dot in a place where host names have none")
		}
	}
	return nil
}

func hostLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, r := range label {
		if r != '-' && !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return true
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}

func plainOr(text, other string) string {
	if p := plain(text); p != "" {
		return p
	}
	return other
}
