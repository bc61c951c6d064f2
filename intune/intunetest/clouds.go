package intunetest

import (
	"net"
	"net/http"
	"slices"
	"strings"
)

// Cloud is one of Microsoft's separate clouds. A tenant lives in exactly one.
type Cloud uint8

// The clouds. The zero value is none of them.
const (
	CloudUnknown Cloud = iota
	Public             // GCC included
	USGov              // L4, GCC High
	USGovDoD           // L5
	China              // operated by 21Vianet
)

type cloudHosts struct {
	graph  string
	logins []string // the preferred one first
	scopes []string
}

var clouds = [...]cloudHosts{
	Public: {"graph.microsoft.com", []string{"login.microsoftonline.com"}, []string{"https://graph.microsoft.com/.default"}},
	USGov:  {"graph.microsoft.us", []string{"login.microsoftonline.us"}, []string{"https://graph.microsoft.us/.default"}},
	USGovDoD: {"dod-graph.microsoft.us", []string{"login.microsoftonline.us"},
		[]string{"https://dod-graph.microsoft.us/.default", "https://graph.microsoft.us/.default"}},
	China: {"microsoftgraph.chinacloudapi.cn", []string{"login.partner.microsoftonline.cn", "login.chinacloudapi.cn"},
		[]string{"https://microsoftgraph.chinacloudapi.cn/.default"}},
}

// SetCloud moves the tenant to another cloud; it is in the public one at
// first. The hosts of the others then know neither the tenant nor its tokens.
func (f *Fake) SetCloud(c Cloud) {
	if c == CloudUnknown || int(c) >= len(clouds) {
		panic("intunetest: no such cloud")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cloud = c
}

// service is one of the three that the fake plays.
type service uint8

const (
	serviceUnknown service = iota
	login
	graph
	blob
)

const (
	blobHost   = "amsub0102repexpstorage.blob.core.windows.net"
	blobSuffix = ".blob.core.windows.net"
)

// place says which service of which clouds a request is for. Root is the
// scheme and the host that links to this service begin with. On an address of
// this machine the path tells the services apart and stands for all clouds.
func place(r *http.Request) (s service, in []Cloud, root string) {
	host := strings.ToLower(r.Host)
	for c := Public; int(c) < len(clouds); c++ {
		if host == clouds[c].graph {
			return graph, []Cloud{c}, "https://" + host
		}
		if slices.Contains(clouds[c].logins, host) {
			s, in, root = login, append(in, c), "https://"+host
		}
	}
	switch {
	case s == login:
		return s, in, root
	case strings.HasSuffix(host, blobSuffix):
		return blob, nil, "https://" + host
	case !local(host):
		return serviceUnknown, nil, ""
	}
	in, root = []Cloud{Public, USGov, USGovDoD, China}, "http://"+r.Host
	path := r.URL.Path
	switch {
	case strings.HasPrefix(path, "/blob/"):
		return blob, in, root
	case strings.Contains(path, "/oauth2/") || strings.Contains(path, "/.well-known/") || strings.HasSuffix(path, "/adminconsent"):
		return login, in, root
	}
	return graph, in, root
}

// local reports whether a host is an address or this machine.
func local(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")) != nil
}
