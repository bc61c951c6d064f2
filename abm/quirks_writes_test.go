package abm_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/abm"
	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/internal/faulty"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	activityRoute = "POST /v1/orgDeviceActivities"
	logRoute      = "GET /activity/5f0e.csv"
	logText       = "\ufeffSerial,Result\r\nDMPX00000000,OK\r\n\"DMPX00000001\",\"Already, assigned\",more\r\n"
)

// TestQuirk43Activity shows that what is completed may have failed for some
// devices, which the log tells, and that the log is read without credentials.
//
//mdm:feature 3.19
func TestQuirk43Activity(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPortal(t, 3)
		p.serve(logRoute, 200, logText)
		c := p.connect()
		a, err := c.AssignDevices(t.Context(), campus, "DMPX00000000", "DMPX00000001", "DMPX00000000")
		require.NoError(t, err)
		assert.JSONEq(t, `{"data":{"type":"orgDeviceActivities","attributes":{"activityType":"ASSIGN_DEVICES"},"relationships":{
			"mdmServer":{"data":{"type":"mdmServers","id":"`+campus+`"}},
			"devices":{"data":[{"type":"orgDevices","id":"DMPX00000000"},{"type":"orgDevices","id":"DMPX00000001"}]}}}}`, p.last().body)
		assert.Equal(t, "application/json", p.last().header.Get("Content-Type"))
		assert.Equal(t, abm.OutcomeRunning, a.Outcome())
		begin := time.Now()
		a, err = c.WaitActivity(t.Context(), a.ID)
		require.NoError(t, err)
		assert.Equal(t, 15*time.Second, time.Since(begin), "5 s, then 10 s")
		assert.True(t, a.Done())
		assert.Equal(t, abm.OutcomePartial, a.Outcome())

		var rows []abm.LogRow
		for row, err := range c.ActivityLog(t.Context(), a) {
			require.NoError(t, err)
			rows = append(rows, row)
		}
		header := []string{"Serial", "Result"}
		assert.Equal(t, []abm.LogRow{{Line: 2, Header: header, Values: []string{"DMPX00000000", "OK"}},
			{Line: 3, Header: header, Values: []string{"DMPX00000001", "Already, assigned", "more"}}}, rows)
		assert.Equal(t, "Already, assigned", rows[1].Value("result"))
		assert.True(t, rows[1].Names("dmpx00000001"))
		assert.False(t, rows[1].Names("DMPX00000000"))
		got := p.last()
		assert.Equal(t, "storage.example-cdn.net", got.host)
		assert.Empty(t, got.header.Get("Authorization"))
		assert.Equal(t, "SIGNATURE", got.query.Get("sig"))
		id, err := c.AssignedServerID(t.Context(), "DMPX00000001")
		require.NoError(t, err)
		assert.Equal(t, campus, id)
	})
}

// TestQuirk43Outcomes shows what each state comes to.
func TestQuirk43Outcomes(t *testing.T) {
	t.Parallel()
	for states, want := range map[[2]string]abm.Outcome{
		{"IN_PROGRESS", "PROCESSING"}: abm.OutcomeRunning, {"COMPLETED", "COMPLETED_WITH_SUCCESS"}: abm.OutcomeSucceeded,
		{"COMPLETED", "COMPLETED_WITH_ERROR"}: abm.OutcomePartial, {"COMPLETED", "COMPLETED_WITH_FAILURE"}: abm.OutcomeFailed,
		{"COMPLETED", "COMPLETED_POST_PROCESSING_FAILED"}: abm.OutcomeNoLog, {"STOPPED", ""}: abm.OutcomeFailed,
		{"FAILED", ""}: abm.OutcomeFailed, {"COMPLETED", ""}: abm.OutcomeUnknown, {"NEW", "NEW"}: abm.OutcomeUnknown,
	} {
		a := abm.Activity{Status: states[0], SubStatus: states[1]}
		assert.Equal(t, want, a.Outcome(), "%v", states)
		assert.Equal(t, states[0] != "IN_PROGRESS" && states[0] != "NEW", a.Done(), "%v", states)
	}
}

// TestQuirk43Log shows what can be wrong with a log.
func TestQuirk43Log(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 1)
	c := p.connect()
	read := func(address string) error {
		for _, err := range c.ActivityLog(t.Context(), &abm.Activity{Log: mdm.NewSecret(address)}) {
			if err != nil {
				assert.NotContains(t, err.Error(), "SIGNATURE")
				return err
			}
		}
		return nil
	}
	const good = "https://storage.example-cdn.net/activity/5f0e.csv?sig=SIGNATURE"
	p.serve(logRoute, 403, `<Error>expired</Error>`)
	requireKind(t, read(good), mdm.ErrNotFound)
	requireKind(t, read(""), mdm.ErrNotFound)
	requireKind(t, read("http://storage.example-cdn.net/x?sig=SIGNATURE"), mdm.ErrWrongAddress)
	requireKind(t, read("SIGNATURE"), mdm.ErrDecode)
	p.serve(logRoute, 200, "Serial\n\""+strings.Repeat("x\n", 1<<20))
	requireKind(t, read(good), mdm.ErrDecode)
	p.serve(logRoute, 200, "")
	assert.NoError(t, read(good))
	assert.NotContains(t, jsonOf(t, abm.Activity{Log: mdm.NewSecret(good)}), "SIGNATURE")
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// TestQuirk44WritesOnce shows that a write is sent again after a 429 only.
func TestQuirk44WritesOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPortal(t, 2)
		broken := faulty.New(p)
		c := connect(t, faulty.Transport(broken))
		isPost := func(r *http.Request) bool { return r.Host != "account.apple.com" && r.Method == http.MethodPost }
		assign := func() error { _, err := c.AssignDevices(t.Context(), campus, "DMPX00000000"); return err }
		for name, set := range map[string]func(){
			"lost answer": func() { broken.On(isPost).Times(1).Lose() },
			"500":         func() { broken.On(isPost).FailNext(1, 500, nil) },
			"503":         func() { broken.On(isPost).FailNext(1, 503, nil) },
			"broken off":  func() { broken.On(isPost).Times(1).CutBody(20) },
		} {
			before := p.count(activityRoute)
			set()
			requireKind(t, assign(), mdm.ErrOutcomeUnknown)
			assert.LessOrEqual(t, p.count(activityRoute)-before, 1, name)
			broken.Clear()
		}
		before := p.count(activityRoute)
		broken.On(isPost).FailNext(2, 429, http.Header{"Retry-After": {"40"}})
		begin := time.Now()
		require.NoError(t, assign())
		assert.Equal(t, 80*time.Second, time.Since(begin).Truncate(time.Second))
		assert.Equal(t, 1, p.count(activityRoute)-before)

		p.serve(activityRoute, 201, `{"data":{}}`)
		requireKind(t, assign(), mdm.ErrOutcomeUnknown)
		p.serve(activityRoute, 201, `{`)
		requireKind(t, assign(), mdm.ErrOutcomeUnknown)
	})
}

// endsInAnswer answers requests of one method with a success that breaks off
// after a few bytes, when the context of the caller ends.
type endsInAnswer struct {
	http.RoundTripper
	method string
	end    context.CancelFunc
}

func (e endsInAnswer) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != e.method || r.URL.Host == "account.apple.com" {
		return e.RoundTripper.RoundTrip(r)
	}
	body := io.MultiReader(strings.NewReader(`{"data":`), readerFunc(func([]byte) (int, error) {
		e.end()
		return 0, context.Canceled
	}))
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(body), Request: r}, nil
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestQuirk44EndOfContext shows that a write whose answer breaks off because
// the caller gave up has an unknown outcome, unless the status alone says that
// it was done. A read has simply ended.
func TestQuirk44EndOfContext(t *testing.T) {
	t.Parallel()
	try := func(method string, call func(context.Context, *abm.Client) error) error {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		base := endsInAnswer{faulty.Transport(newPortal(t, 1)), method, cancel}
		err := call(ctx, connect(t, base, func(cfg *abm.Config) { cfg.AllowDestructive = true }))
		require.Error(t, ctx.Err())
		return err
	}
	requireKind(t, try(http.MethodPost, func(ctx context.Context, c *abm.Client) error {
		_, err := c.AssignDevices(ctx, campus, "DMPX00000000")
		return err
	}), mdm.ErrOutcomeUnknown)
	require.NoError(t, try(http.MethodDelete, func(ctx context.Context, c *abm.Client) error { return c.DeleteServer(ctx, campus) }))
	err := try(http.MethodGet, func(ctx context.Context, c *abm.Client) error {
		_, err := c.Device(ctx, "DMPX00000000")
		return err
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.NotErrorIs(t, err, mdm.ErrOutcomeUnknown)
}

// TestQuirk46SchoolOnly shows that Apple School Manager is never asked for what
// it does not have.
func TestQuirk46SchoolOnly(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 1)
	p.client = schoolID
	c := p.connect(func(cfg *abm.Config) { cfg.AllowDestructive = true })
	ctx := t.Context()
	failures := map[string]error{}
	note := func(name string, err error) { failures[name] = err }
	for _, err := range c.Users(ctx) {
		note("users", err)
	}
	for _, err := range c.UserGroups(ctx) {
		note("groups", err)
	}
	for _, err := range c.UserGroupMembers(ctx, "1") {
		note("members", err)
	}
	for _, err := range c.UnitUsers(ctx, "1") {
		note("unit", err)
	}
	for _, err := range c.ManagedDevices(ctx) {
		note("managed", err)
	}
	for _, err := range c.AuditEvents(ctx, abm.AuditOptions{From: time.Unix(1, 0), To: time.Now()}) {
		note("audit", err)
	}
	_, err := c.User(ctx, "1")
	note("user", err)
	_, err = c.UserGroup(ctx, "1")
	note("group", err)
	_, err = c.ManagedDevice(ctx, "1")
	note("detail", err)
	_, err = c.CreateServer(ctx, "x", certificate(t))
	note("create", err)
	_, err = c.RenameServer(ctx, campus, "x")
	note("rename", err)
	_, err = c.SetServerCertificate(ctx, campus, certificate(t))
	note("certificate", err)
	note("delete", c.DeleteServer(ctx, campus))
	_, err = c.ReleaseDevices(ctx, "DMPX00000000")
	note("release", err)
	assert.Len(t, failures, 14)
	for name, err := range failures {
		assert.ErrorIs(t, err, mdm.ErrUnsupported, name)
	}
	assert.Empty(t, p.asked, "not even a token")
	listDevices(t, c)
	assert.Equal(t, "api-school.apple.com", p.last().host)
	assert.Equal(t, "https://api-school.apple.com", c.Info().Origin.Address)
}

// certificate is one that a key pair of abm/ade has.
func certificate(t *testing.T) abm.Certificate {
	t.Helper()
	pair, err := ade.NewKeyPair(nil)
	require.NoError(t, err)
	return abm.Certificate{Name: "campus.pem", File: pair.CertificatePEM()}
}
