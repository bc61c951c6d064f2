package transport

import "net/http"

// maxRedirects is how many redirects one request follows.
const maxRedirects = 5

// redirectPolicy follows a redirect of a GET or HEAD within the same server
// and stops at any other, so that it comes back as the answer: a write is not
// sent again by accident, and no request wanders to another host or to plain
// http.
func redirectPolicy(next *http.Request, via []*http.Request) error {
	start := via[0]
	read := start.Method == http.MethodGet || start.Method == http.MethodHead
	if !read || len(via) > maxRedirects || next.URL.User != nil || !sameServer(start.URL, next.URL) {
		return http.ErrUseLastResponse
	}
	return nil
}

// noRedirects stops at every redirect.
func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
