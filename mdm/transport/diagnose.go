package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"

	"github.com/mdmlink/mdmlink/mdm"
)

// Reason says what kept a request from being answered.
type Reason int

// The reasons that Diagnose tells apart.
const (
	ReachUnknown      Reason = iota // nothing of the below, or no error
	ReachNameNotFound               // the host name could not be resolved
	ReachRefused                    // nothing listens there, or a firewall refuses
	ReachReset                      // the connection was cut
	ReachTimeout                    // no answer came in time
	ReachTLS                        // no trusted encrypted connection came about
	ReachProxy                      // a proxy in between refused or wants a sign-in
	ReachUnreachable                // there is no route to the host
)

var reasonNames = [...]string{
	"unknown", "name_not_found", "refused", "reset", "timeout", "tls", "proxy", "unreachable",
}

// String returns a stable code, such as "name_not_found".
func (r Reason) String() string {
	if r < 0 || int(r) >= len(reasonNames) {
		return reasonNames[ReachUnknown]
	}
	return reasonNames[r]
}

var reasonTexts = [...]string{
	"no answer", "host name not found", "connection refused", "connection cut",
	"no answer in time", "no trusted connection", "refused by the proxy", "host unreachable",
}

// Text returns the reason in words, such as "host name not found".
func (r Reason) Text() string {
	if r < 0 || int(r) >= len(reasonTexts) {
		return reasonTexts[ReachUnknown]
	}
	return reasonTexts[r]
}

// Reach is why a system was not reached, for a connection test. The zero Reach
// says that the error does not tell.
type Reach struct {
	Reason Reason
	Advice string // what a person can do, one or two English sentences; "" if nothing is known
}

// Diagnose tells why err came about, if it came from an attempt to reach a
// system. It works on what Client.Do returned and on errors of net/http.
func Diagnose(err error) Reach {
	if l, ok := errors.AsType[*lost](err); ok {
		return l.reach
	}
	if e, ok := errors.AsType[*mdm.Error](err); ok && e.Status == http.StatusProxyAuthRequired {
		return Reach{ReachProxy, adviceProxy}
	}
	for _, look := range []func(error) Reach{ofProxy, ofName, ofTLS, ofTimeout, ofConnection} {
		if r := look(err); r.Reason != ReachUnknown {
			return r
		}
	}
	return Reach{}
}

const (
	adviceProxy      = "Check the proxy's address and the user name and password for it, and whether it lets this host through."
	adviceReset      = "Try again. If it lasts, look for a firewall, virus scanner or proxy that cuts connections, and whether its time-out is too short."
	adviceTimeout    = "Check whether a firewall drops the connection silently, and whether a proxy is needed. If only large requests fail, use a smaller page size or a longer time-out."
	adviceTLS        = "Check the system's certificate and the clock of this machine."
	adviceUnknownCA  = "The certificate is signed by an authority that this machine does not know. Add the authority's certificate to the trusted ones; a firewall that inspects encrypted traffic has one of its own."
	adviceOtherHost  = "The certificate belongs to another host name. Check the address; use the name that the certificate was made for."
	adviceExpired    = "The certificate is not valid now. Renew it on the system, or correct the clock of this machine."
	adviceNotTLS     = "The port answers without encryption. Check the port of the address."
	adviceName       = "Check the host name for typing errors, and whether this machine can resolve names of that network."
	adviceResolver   = "The name server did not answer. Check the DNS settings of this machine and try again."
	adviceRefused    = "Check host and port, whether the system is running, and whether a firewall refuses the connection."
	adviceNoRoute    = "Check the network connection of this machine, and routes or VPN to the system's network."
	errorTextNoProxy = "unknown status code"
)

// ofProxy knows the failures of a connection through a proxy. For a refused
// CONNECT, net/http has nothing but the text of the proxy's status line.
func ofProxy(err error) Reach {
	if op, ok := errors.AsType[*net.OpError](err); ok && (op.Op == "proxyconnect" || strings.HasPrefix(op.Op, "socks")) {
		return Reach{ReachProxy, adviceProxy}
	}
	if err != nil && proxyStatus(withoutURL(err).Error()) {
		return Reach{ReachProxy, adviceProxy}
	}
	return Reach{}
}

func proxyStatus(text string) bool {
	for status := 400; status < 600; status++ {
		if known := http.StatusText(status); known != "" && strings.EqualFold(text, known) {
			return true
		}
	}
	return text == errorTextNoProxy
}

func ofName(err error) Reach {
	dns, ok := errors.AsType[*net.DNSError](err)
	switch {
	case !ok:
		return Reach{}
	case dns.IsNotFound:
		return Reach{ReachNameNotFound, adviceName}
	default:
		return Reach{ReachNameNotFound, adviceResolver}
	}
}

func ofTLS(err error) Reach {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return Reach{ReachTLS, adviceUnknownCA}
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return Reach{ReachTLS, adviceOtherHost}
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return Reach{ReachTLS, adviceExpired}
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok || errors.Is(err, http.ErrSchemeMismatch) {
		return Reach{ReachTLS, adviceNotTLS}
	}
	_, invalid := errors.AsType[x509.CertificateInvalidError](err)
	_, unverified := errors.AsType[*tls.CertificateVerificationError](err)
	_, alert := errors.AsType[tls.AlertError](err)
	remote, isOp := errors.AsType[*net.OpError](err)
	if invalid || unverified || alert || isOp && remote.Op == "remote error" {
		return Reach{ReachTLS, adviceTLS}
	}
	return Reach{}
}

func ofTimeout(err error) Reach {
	timeout, ok := errors.AsType[net.Error](err)
	if ok && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, syscall.ETIMEDOUT) {
		return Reach{ReachTimeout, adviceTimeout}
	}
	return Reach{}
}

// The numbers of Windows, where the names of package syscall stand for others.
const (
	windowsReset        = syscall.Errno(10054)
	windowsAborted      = syscall.Errno(10053)
	windowsRefused      = syscall.Errno(10061)
	windowsNoNetwork    = syscall.Errno(10051)
	windowsNoHost       = syscall.Errno(10065)
	windowsConnTimedOut = syscall.Errno(10060)
)

func ofConnection(err error) Reach {
	errno, _ := errors.AsType[syscall.Errno](err)
	switch errno {
	case syscall.ECONNREFUSED, windowsRefused:
		return Reach{ReachRefused, adviceRefused}
	case syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED, windowsReset, windowsAborted:
		return Reach{ReachReset, adviceReset}
	case syscall.ENETUNREACH, syscall.EHOSTUNREACH, windowsNoNetwork, windowsNoHost:
		return Reach{ReachUnreachable, adviceNoRoute}
	case windowsConnTimedOut:
		return Reach{ReachTimeout, adviceTimeout}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return Reach{ReachReset, adviceReset}
	}
	return Reach{}
}

// lasting reports whether a failure to reach the system is there to stay.
func lasting(err error) bool {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return dns.IsNotFound
	}
	if err != nil && strings.EqualFold(withoutURL(err).Error(), http.StatusText(http.StatusProxyAuthRequired)) {
		return true
	}
	return ofTLS(err).Reason == ReachTLS
}

// lost is the cause of a request without an answer. It hides the errors of
// package context behind it, which would pass for the caller's own.
type lost struct {
	err   error
	reach Reach
}

func (l *lost) Error() string { return l.reach.Reason.Text() }

func (l *lost) Unwrap() error {
	if errors.Is(l.err, context.DeadlineExceeded) || errors.Is(l.err, context.Canceled) {
		return nil
	}
	return l.err
}
