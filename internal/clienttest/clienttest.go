// Package clienttest is what the tests of all vendors' clients share.
package clienttest

import (
	"net/http"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Quick are options that do not wait, neither for a limit nor between attempts.
func Quick(base http.RoundTripper) transport.Options {
	return transport.Options{Base: base, Limiter: rate.NewLimiter(rate.Inf, 1), Retry: transport.Retry{BaseWait: time.Millisecond, MaxWait: time.Millisecond}}
}

// Collect reads a list to its end and demands that it has no error.
func Collect[T any](tb testing.TB, all func(func(T, error) bool)) []T {
	tb.Helper()
	var kept []T
	for v, err := range all {
		if err != nil {
			tb.Fatalf("the list ends with %v", err)
		}
		kept = append(kept, v)
	}
	return kept
}

// Listing is what a listing of a source gave.
type Listing struct {
	Records []mdm.Record
	Lost    []error
	End     *mdm.End
	Pages   int
}

// List lists a source and demands that the listing comes to an end.
func List(tb testing.TB, src mdm.Source, q mdm.Query) Listing {
	tb.Helper()
	var l Listing
	for _, page := range Collect(tb, src.Pages(tb.Context(), q)) {
		for _, d := range page.Devices {
			l.Records = append(l.Records, d.Record())
		}
		l.Lost, l.End = append(l.Lost, page.Lost...), page.End
		l.Pages++
	}
	if l.End == nil {
		tb.Fatal("the last page has no end")
	}
	return l
}

// IDs are the ids of the records, in the order of the listing.
func (l Listing) IDs() []string {
	var ids []string
	for _, r := range l.Records {
		ids = append(ids, r.ID)
	}
	return ids
}
