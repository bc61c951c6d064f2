package intune

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"strconv"
)

// patient gives an answer that refuses a request, without a word in its header
// on when to come back, the word that Intune's services put into its body.
//
// Source: reference/intune.md 6.1, 7
type patient struct{ base http.RoundTripper }

// peekLimit is how many bytes of such an answer are looked at.
const peekLimit = 64 << 10

// RoundTrip implements http.RoundTripper.
func (p patient) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := cmp.Or(p.base, http.DefaultTransport).RoundTrip(r)
	if err != nil || response.Header.Get("Retry-After") != "" {
		return response, err
	}
	if s := response.StatusCode; s != http.StatusTooManyRequests && s != http.StatusServiceUnavailable {
		return response, nil
	}
	start, _ := io.ReadAll(io.LimitReader(response.Body, peekLimit)) // who reads on meets the failure
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), response.Body), response.Body}
	if wait := readReason(start).retryAfter; wait > 0 {
		response.Header.Set("Retry-After", strconv.FormatFloat(wait.Seconds(), 'f', 3, 64))
	}
	return response, nil
}
