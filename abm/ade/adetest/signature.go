package adetest

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

// parseOAuth reads the parameters of an Authorization header; realm is among
// them. A parameter that is there twice is an error.
func parseOAuth(header string) (map[string]string, error) {
	scheme, list, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "OAuth") {
		return nil, errors.New("not an OAuth header")
	}
	params := map[string]string{}
	for one := range strings.SplitSeq(list, ",") {
		name, quoted, ok := strings.Cut(strings.TrimSpace(one), "=")
		if !ok || len(quoted) < 2 || quoted[0] != '"' || quoted[len(quoted)-1] != '"' {
			return nil, errors.New("parameters of the OAuth header cannot be read")
		}
		value := quoted[1 : len(quoted)-1]
		if name != "realm" {
			plain, err := url.PathUnescape(value)
			if err != nil {
				return nil, fmt.Errorf("%s is not percent-encoded", name)
			}
			value = plain
		}
		if _, twice := params[name]; twice {
			return nil, fmt.Errorf("%s more than once", name)
		}
		params[name] = value
	}
	return params, nil
}

// baseString is what a request signs, RFC 5849 section 3.4.1: all parameters
// but realm and the signature, and those of the query.
func baseString(method, address string, params map[string]string, query url.Values) string {
	var pairs []string
	for name, value := range params {
		if name != "realm" && name != "oauth_signature" {
			pairs = append(pairs, percent(name)+"="+percent(value))
		}
	}
	for name, values := range query {
		for _, value := range values {
			pairs = append(pairs, percent(name)+"="+percent(value))
		}
	}
	slices.Sort(pairs)
	return strings.ToUpper(method) + "&" + percent(address) + "&" + percent(strings.Join(pairs, "&"))
}

// sign is the HMAC-SHA1 of a base string, RFC 5849 section 3.4.2, in base64.
func sign(base, consumerSecret, tokenSecret string) string {
	mac := hmac.New(sha1.New, []byte(percent(consumerSecret)+"&"+percent(tokenSecret)))
	mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// percent encodes as RFC 5849 section 3.6 asks.
func percent(s string) string {
	const free = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(free, s[i]) >= 0 {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}

// address is the URL of a request as it is signed: without query and without
// the scheme's own port.
func address(r *http.Request) string {
	scheme := traffic.Scheme(r)
	host := strings.ToLower(r.Host)
	port := map[string]string{"http": ":80", "https": ":443"}[scheme]
	if port != "" {
		host = strings.TrimSuffix(host, port)
	}
	return scheme + "://" + host + r.URL.EscapedPath()
}
