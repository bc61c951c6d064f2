package traffic_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/traffic"
)

func TestLogRecordsRequests(t *testing.T) {
	log := traffic.New(traffic.Rules{Prefix: "/api"})
	teapot := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		assert.Equal(t, "hello", string(body))
		log.Violate(r, "%d cups", 2)
		w.WriteHeader(http.StatusTeapot)
	})
	for _, path := range []string{"/api/dev%2Fices?limit=3", "/dev%2Fices", "/apis"} {
		r := httptest.NewRequest("POST", path, strings.NewReader("hello"))
		r.Header.Set("X-Token", "k")
		log.Serve(httptest.NewRecorder(), r, teapot)
	}

	requests := log.Requests()
	require.Len(t, requests, 3)
	assert.Equal(t, traffic.Request{
		Method: "POST", Path: "/dev%2Fices", Query: map[string][]string{"limit": {"3"}},
		Headers: []string{"X-Token"}, Body: "hello", Status: http.StatusTeapot,
	}, requests[0])
	assert.Equal(t, 2, log.Count("POST", "/dev%2Fices"))
	assert.Equal(t, 1, log.Count("", "/apis"), "a prefix is whole segments")
	assert.Zero(t, log.Count("GET", ""))
	assert.Equal(t, "POST /dev%2Fices: 2 cups", log.Violations()[0])

	log.Forget()
	assert.Empty(t, log.Requests())
	assert.Nil(t, log.Violations())
}

func TestLogRefusesHugeBodies(t *testing.T) {
	log := traffic.New(traffic.Rules{Body: 4})
	w := httptest.NewRecorder()
	log.Serve(w, httptest.NewRequest("POST", "/", strings.NewReader("hello")), http.NotFoundHandler())
	assert.Equal(t, http.StatusBadRequest, w.Code)
	assert.Empty(t, log.Requests())
}

func TestLogCountsParallelRequests(t *testing.T) {
	log := traffic.New(traffic.Rules{Parallel: 1})
	once := httptest.NewRequest("GET", "/inner", nil)
	log.Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/outer", nil),
		http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			log.Serve(httptest.NewRecorder(), once, http.NotFoundHandler())
			log.Forget()
			assert.Equal(t, 1, log.Parallel(), "the outer one is still being served")
			log.Serve(httptest.NewRecorder(), once, http.NotFoundHandler())
		}))
	assert.Equal(t, 2, log.Parallel())
	assert.Equal(t, []string{"GET /inner: request number 2 at the same time"}, log.Violations())
}

func TestPortServesUntilClosed(t *testing.T) {
	port := traffic.Listen(http.NotFoundHandler())
	resp, err := http.Get(port.URL)
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
	port.Close()
	_, err = http.Get(port.URL)
	assert.Error(t, err)
}

func TestFront(t *testing.T) {
	at := time.Date(2026, 3, 18, 20, 50, 0, 0, time.UTC)
	front := traffic.NewFront(traffic.Rules{}, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, traffic.Scheme(r)+" "+r.Host)
	}, func() time.Time { return at })
	var hooked []string
	front.Before(func(r *http.Request) { hooked = append(hooked, r.URL.Path) })
	get := func(address string) (*http.Response, string) {
		resp, err := front.Client().Get(address)
		require.NoError(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp, string(body)
	}
	resp, body := get("https://mdm.example/a")
	assert.Equal(t, "https mdm.example", body)
	assert.Equal(t, "Wed, 18 Mar 2026 20:50:00 GMT", resp.Header.Get("Date"))
	front.Faults().FailNext(1, 503, nil)
	resp, _ = get("http://mdm.example/b")
	assert.Equal(t, 503, resp.StatusCode)
	front.Before(nil)
	_, body = get("http://mdm.example/c")
	assert.Equal(t, "http mdm.example", body)
	assert.Equal(t, []string{"/a", "/b"}, hooked, "the hook runs before faults")
	assert.Equal(t, 3, front.Count("GET", ""))
}

func TestClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Date(2026, 3, 4, 8, 0, 0, 0, time.FixedZone("", 3600))
		c := traffic.NewClock(start)
		assert.Equal(t, start.UTC(), c.Now())
		time.Sleep(time.Minute)
		c.Advance(time.Hour)
		assert.Equal(t, start.UTC().Add(time.Hour+time.Minute), c.Now())

		w := traffic.NewWallClock()
		w.Advance(time.Hour)
		w.SetSkew(-time.Minute)
		assert.WithinDuration(t, time.Now().Add(time.Hour), w.Now(), 0)
		assert.WithinDuration(t, time.Now().Add(-time.Minute), w.Wall(), 0)
	})
}

func TestLimit(t *testing.T) {
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	var none traffic.Limit
	l := traffic.Limit{N: 2, Per: time.Minute}
	for i, want := range []time.Duration{0, 0, 40 * time.Second, 30 * time.Second, 20 * time.Second, 10 * time.Second, 0, 0, 40 * time.Second} {
		assert.Equal(t, want, l.Wait(now.Add(time.Duration(i)*10*time.Second)), i)
		assert.Zero(t, none.Wait(now))
	}
}
