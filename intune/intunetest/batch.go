package intunetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxBatch is how many requests a batch may have.
const maxBatch = 20

type batchItem struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

// FailInner answers the next n requests inside of batches with a status. 429
// has a Retry-After of 17 seconds.
func (f *Fake) FailInner(n, status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range n {
		f.inner = append(f.inner, status)
	}
}

// batch serves $batch. Its answers come in another order.
func (c *call) batch() reply {
	items, wrong := c.batchItems()
	if wrong != "" {
		return c.refuse(wrong)
	}
	statuses := map[string]int{}
	answers := []object{}
	for _, item := range items {
		rep := c.inside(item, statuses)
		statuses[item.ID] = rep.status
		answers = append(answers, wrap(item.ID, rep))
	}
	if c.f.wire.BatchLoses {
		answers = answers[:len(answers)-1]
	}
	slices.Reverse(answers)
	if len(answers) > 2 {
		answers[0], answers[1] = answers[1], answers[0]
	}
	return success(object{{"responses", answers}})
}

// batchItems reads the body; the text says what is wrong with it.
func (c *call) batchItems() (items []batchItem, wrong string) {
	fm := c.form("requests")
	items = field[[]batchItem](fm, "requests")
	switch {
	case fm.err != nil:
		return nil, fm.err.Error()
	case len(items) == 0:
		return nil, "Invalid batch payload format."
	case len(items) > maxBatch:
		return nil, fmt.Sprintf("Number of batch request steps exceeds the maximum value of %d.", maxBatch)
	}
	seen := map[string]bool{}
	for _, item := range items {
		if item.ID == "" || seen[item.ID] || item.Method == "" || item.URL == "" {
			return nil, "Each batch request needs an id of its own, a method and a url."
		}
		seen[item.ID] = true
	}
	return items, ""
}

// inside answers one request of a batch.
func (c *call) inside(item batchItem, statuses map[string]int) reply {
	r := c.inner(item)
	if r == nil {
		return c.refuse("The url of a batch request is relative to the version of the batch.")
	}
	inner := c.f.newCall(r, bytes.TrimSpace(item.Body), c.in, c.root)
	inner.batched = true
	for _, id := range item.DependsOn {
		if s, ran := statuses[id]; !ran || s >= 400 {
			return inner.fail(http.StatusFailedDependency, "FailedDependency", "A request that this one depends on has failed.")
		}
	}
	if len(c.f.inner) > 0 {
		status := c.f.inner[0]
		c.f.inner = c.f.inner[1:]
		if status == http.StatusTooManyRequests {
			return inner.tooMany().set("Retry-After", "17")
		}
		return inner.fail(status, "UnknownError", "")
	}
	return inner.handle()
}

// inner makes a request of an item, whose url is relative to the version; nil
// = it is not.
func (c *call) inner(item batchItem) *http.Request {
	path := "/" + strings.TrimPrefix(item.URL, "/")
	for _, wrong := range []string{"/v1.0/", "/beta/", "/https:", "/http:", "/$batch"} {
		if strings.HasPrefix(path, wrong) {
			return nil
		}
	}
	u, err := url.ParseRequestURI("/" + c.version + path)
	if err != nil {
		return nil
	}
	r := &http.Request{Method: strings.ToUpper(item.Method), URL: u, Host: c.r.Host, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(item.Body))}
	for name, value := range item.Headers {
		r.Header.Set(name, value)
	}
	r.Header.Set("Authorization", c.r.Header.Get("Authorization"))
	return r
}

// wrap writes the answer to one request of a batch.
func wrap(id string, rep reply) object {
	headers := object{}
	if kind := rep.contentType(); kind != "" {
		headers = append(headers, member{"Content-Type", "application/json"})
	}
	if after := rep.header.Get("Retry-After"); after != "" {
		headers = append(headers, member{"Retry-After", after})
	}
	if code := rep.header.Get(approvalCode); code != "" {
		headers = append(headers, member{strings.ToLower(approvalCode), code})
	}
	o := object{{"id", id}, {"status", rep.status}, {"headers", headers}}
	switch {
	case rep.body != nil:
		o = append(o, member{"body", rep.body})
	case json.Valid(rep.raw):
		o = append(o, member{"body", json.RawMessage(rep.raw)})
	case len(rep.raw) > 0:
		o = append(o, member{"body", string(rep.raw)})
	}
	return o
}
