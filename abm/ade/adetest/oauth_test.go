package adetest_test

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/abm/ade/adetest"
)

// oauth makes an Authorization header; tests may spoil it.
type oauth struct {
	params         [][2]string
	consumerSecret string
	tokenSecret    string
	signature      string // instead of the right one
}

// set changes a parameter; "" leaves it out.
func set(name, value string) func(*oauth) {
	return func(o *oauth) {
		var kept [][2]string
		for _, p := range o.params {
			if p[0] == name {
				if p[1] = value; value == "" {
					continue
				}
			}
			kept = append(kept, p)
		}
		o.params = kept
	}
}

// add adds a parameter.
func add(name, value string) func(*oauth) {
	return func(o *oauth) { o.params = append(o.params, [2]string{name, value}) }
}

func (o *oauth) header(r *http.Request) string {
	params := map[string]string{}
	var list []string
	for _, p := range o.params {
		params[p[0]] = p[1]
		list = append(list, p[0]+`="`+url.PathEscape(p[1])+`"`)
	}
	signature := o.signature
	if signature == "" {
		signature = adetest.Sign(adetest.BaseString(r.Method, "https://"+r.Host+r.URL.Path, params, nil), o.consumerSecret, o.tokenSecret)
	}
	return "OAuth " + strings.Join(append(list, `oauth_signature="`+url.QueryEscape(signature)+`"`), ", ")
}
