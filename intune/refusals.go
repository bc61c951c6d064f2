package intune

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// refusals are the properties by which the service refused to filter. What is
// asked for by one of them is read without a filter, which is done here
// anyway.
//
// Source: reference/intune.md 2.1, 6.2
type refusals struct {
	mu sync.Mutex
	at map[string]time.Time // when, by property
}

// refusalLife is how long a refusal is remembered. Filters that are supported
// have had outages, so it is not for ever.
const refusalLife = time.Hour

func (r *refusals) remember(property string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at == nil {
		r.at = map[string]time.Time{}
	}
	r.at[property] = time.Now()
}

func (r *refusals) refused(property string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, known := r.at[property]
	return known && time.Since(at) < refusalLife
}

// begin reads the first page. If the service does not filter by the property,
// the list is read without the filter, once, and what is left out is decided
// here. That is remembered only if the list can be read without it: then it
// was the filter's fault.
func (l *listing) begin(ctx context.Context) (batch, error) {
	known := &l.client.refusals
	filtered := l.from == "" && l.filter.text != "" && !known.refused(l.filter.property)
	r, err := l.first(filtered)
	if err != nil {
		return batch{}, err
	}
	b, err := l.page(ctx, r)
	if err == nil || !filtered || !refusesFilter(err) || ctx.Err() != nil {
		return b, err
	}
	clear(l.seen) // what came before the refusal is not delivered
	if r, err = l.first(false); err != nil {
		return batch{}, err
	}
	if b, err = l.page(ctx, r); err == nil {
		known.remember(l.filter.property)
	}
	return b, err
}

// refusesFilter reports whether an error may be the service's word for a
// filter that it does not support.
func refusesFilter(err error) bool {
	status := statusOf(err)
	return status == http.StatusInternalServerError || status == http.StatusBadRequest && errors.Is(err, mdm.ErrInvalid)
}
