package transport

import "net/http"

// product is what every request is signed with.
const product = "mdmlink"

// agentLayer says who is asking.
type agentLayer struct {
	base  http.RoundTripper
	agent string
}

// agent returns the User-Agent of a host's product; "" is a host without name.
func agent(host string) string {
	if host == "" {
		return product
	}
	return host + " " + product
}

func (l *agentLayer) RoundTrip(req *http.Request) (*http.Response, error) {
	named := req.Clone(req.Context())
	named.Header.Set("User-Agent", l.agent)
	return l.base.RoundTrip(named)
}
