package intune_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const accountPlace = "GET /v1.0/deviceManagement"

// account is the error of reading the account when it is answered so.
func account(t *testing.T, a answer) error {
	t.Helper()
	c, _ := scripted{accountPlace: a}.client(t)
	_, err := c.Account(t.Context())
	return err
}

// TestQuirk59NestedErrors unwraps errors inside errors, and bears broken ones.
func TestQuirk59NestedErrors(t *testing.T) {
	t.Parallel()
	for message, kind := range map[string]error{
		`{"ErrorCode":"Forbidden","Message":"{\r\n \"_version\": 3, \"Message\":\"secret text\"}"}`: mdm.ErrPermissionMissing,
		`{"ErrorCode":"Forbidden","Message":"{ broken"}`:                                            mdm.ErrPermissionMissing,
		`{ broken`: mdm.ErrUnauthorized,
		``:         mdm.ErrUnauthorized,
	} {
		err := account(t, failure(401, "UnknownError", message))
		require.ErrorIs(t, err, kind, message)
		assert.NotContains(t, err.Error(), "secret text")
	}
}

// TestQuirk60ForbiddenAs401 is about a permission and not about the token.
func TestQuirk60ForbiddenAs401(t *testing.T) {
	t.Parallel()
	c, tn := scripted{accountPlace: failure(401, "UnknownError", `{"ErrorCode":"Forbidden","Message":""}`)}.client(t)
	_, err := c.Account(t.Context())
	require.ErrorIs(t, err, mdm.ErrPermissionMissing)
	assert.Contains(t, mdm.Advice(err), "DeviceManagementManagedDevices.Read.All")
	assert.Len(t, tn.requests(http.MethodGet, "/deviceManagement"), 1)
}

// TestQuirk61NotLicensed has advice of its own.
func TestQuirk61NotLicensed(t *testing.T) {
	t.Parallel()
	err := account(t, failure(400, "BadRequest", "Request not applicable to target tenant."))
	require.ErrorIs(t, err, mdm.ErrUnsupported)
	assert.Contains(t, mdm.Advice(err), "licence")
}

// TestQuirk62RetryAfter obeys waits of all forms, and does without absurd ones.
func TestQuirk62RetryAfter(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{"2.128": 2128 * time.Millisecond, "17": 17 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			first := true
			tn := &tenant{hook: func(r *request) *answer {
				if r.URL.Path != "/v1.0/deviceManagement" || !first {
					return nil
				}
				first = false
				a := failure(429, "TooManyRequests", "")
				a.header = http.Header{"Retry-After": {value}}
				return &a
			}}
			begin := time.Now()
			_, err := tn.client(t).Account(t.Context())
			require.NoError(t, err)
			assert.GreaterOrEqual(t, time.Since(begin), want)
		})
	}
	for _, value := range []string{"99999999", "-1", "soon", ""} {
		synctest.Test(t, func(t *testing.T) {
			a := failure(429, "TooManyRequests", "")
			a.header = http.Header{"Retry-After": {value}}
			begin := time.Now()
			require.ErrorIs(t, account(t, a), mdm.ErrRateLimited)
			assert.Less(t, time.Since(begin), 10*time.Minute)
		})
	}
}

// TestNestedRetryAfter obeys a wait that stands in the body alone, and reads the
// error as it would otherwise.
func TestNestedRetryAfter(t *testing.T) {
	t.Parallel()
	const nested = `{"_version":3,"Message":"x","RetryAfter":%s}`
	for value, want := range map[string]time.Duration{`"60"`: time.Minute, `2.5`: 2500 * time.Millisecond, `null`: 0, `"soon"`: 0} {
		synctest.Test(t, func(t *testing.T) {
			refusals := 1
			tn := &tenant{hook: func(r *request) *answer {
				if r.URL.Path != "/v1.0/deviceManagement" || refusals == 0 {
					return nil
				}
				refusals--
				a := failure(http.StatusTooManyRequests, "TooManyRequests", fmt.Sprintf(nested, value))
				return &a
			}}
			begin := time.Now()
			_, err := tn.client(t).Account(t.Context())
			require.NoError(t, err)
			assert.GreaterOrEqual(t, time.Since(begin), want, value)
			assert.Less(t, time.Since(begin), want+3*time.Second, value)
			refusals = 1
			_, err = tn.client(t, once).Account(t.Context())
			require.ErrorIs(t, err, mdm.ErrRateLimited)
			assert.Equal(t, want, mdm.RetryAfter(err), value)
		})
	}
}

func ids(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
	}
	return all
}

// TestQuirk63BatchPartly asks again for what was throttled inside a batch, and
// for nothing else, and finds answers by their ids.
func TestQuirk63BatchPartly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, fake := fakeTenant(t)
		all := fake.IDs()[:20]
		fake.FailInner(3, http.StatusTooManyRequests)
		begin := time.Now()
		var got []string
		for d, err := range c.Source().DeviceBatch(t.Context(), all) {
			require.NoError(t, err)
			got = append(got, d.Record().ID)
		}
		assert.Equal(t, all, got)
		assert.Equal(t, 2, fake.Count(http.MethodPost, "/beta/$batch"))
		assert.GreaterOrEqual(t, time.Since(begin), 17*time.Second)
	})
	c, _ := scripted{"POST /beta/$batch": {body: `{"responses":[{"id":"2","status":200,"headers":{},"body":{"id":"00000000-0000-4000-8000-000000000001"}}]}`}}.client(t, func(cfg *intune.Config) {
		cfg.Transport.Retry = transport.Retry{Disabled: true}
	})
	synctest.Test(t, func(t *testing.T) {
		n := 0
		for d, err := range c.Source().DeviceBatch(t.Context(), ids(2)) {
			if n++; n == 1 {
				require.ErrorIs(t, err, mdm.ErrUnavailable, "no answer for one id")
				continue
			}
			require.NoError(t, err)
			assert.Equal(t, ids(2)[1], d.Record().ID)
		}
	})
}

// TestQuirk64TwentyOne splits 21 requests.
func TestQuirk64TwentyOne(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	n := 0
	for _, err := range c.Source().DeviceBatch(t.Context(), fake.IDs()[:21]) {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 21, n)
	assert.Equal(t, 2, fake.Count(http.MethodPost, "/beta/$batch"))
}

// TestQuirk65CutBody asks again for a page whose answer broke off inside.
func TestQuirk65CutBody(t *testing.T) {
	t.Parallel()
	whole := pageOf("", deviceRow(1, ""), deviceRow(2, ""))
	cut := answer{body: whole.body[:len(whole.body)-20]}
	assert.Len(t, clienttest.Collect(t, paged(cut, whole).client(t).Devices(t.Context(), nil)), 2)
	var last error
	for _, err := range paged(cut, cut, cut, cut, cut).client(t).Devices(t.Context(), nil) {
		last = err
	}
	require.NotEmpty(t, mdm.Code(last))
}

// TestQuirk65CutAnswers asks again for any answer that broke off inside, and
// gives up after some.
func TestQuirk65CutAnswers(t *testing.T) {
	t.Parallel()
	device := `{"id":"` + deviceID + `","deviceName":"Cart"}`
	for name, c := range map[string]struct {
		place, body string
		read        func(c *intune.Client) error
	}{
		"device": {"/beta" + devices + "/" + deviceID, device, func(c *intune.Client) error { _, err := c.Device(t.Context(), deviceID); return err }},
		"batch": {"/beta/$batch", `{"responses":[{"id":"1","status":200,"body":` + device + `}]}`, func(c *intune.Client) error {
			return ended(c.DevicesByID(t.Context(), []string{deviceID}))
		}},
		"list": {"/v1.0/deviceManagement/detectedApps", `{"value":[{"id":"1","displayName":"Editor"}]}`, func(c *intune.Client) error { return ended(c.Apps(t.Context())) }},
	} {
		cuts, asked := 0, 0
		tn := &tenant{hook: func(r *request) *answer {
			if r.URL.Path != c.place {
				return nil
			}
			if asked++; asked <= cuts {
				return &answer{body: c.body[:len(c.body)-5]}
			}
			return &answer{body: c.body}
		}}
		for cuts = range 3 {
			asked = 0
			require.NoError(t, c.read(tn.client(t)), name)
			assert.Equal(t, cuts+1, asked, name)
		}
		cuts, asked = 9, 0
		require.ErrorIs(t, c.read(tn.client(t)), mdm.ErrUnavailable, name)
		assert.Equal(t, 3, asked, name)
		asked = 0
		require.ErrorIs(t, c.read(tn.client(t, once)), mdm.ErrUnavailable, name)
		assert.Equal(t, 1, asked, "repetition is turned off")
	}
}

// TestQuirk66Endless refuses an answer that does not end.
func TestQuirk66Endless(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t, func(cfg *intune.Config) { cfg.Transport.BodyLimit = 10_000 })
	var last error
	for _, err := range c.Devices(t.Context(), nil) {
		last = err
	}
	require.ErrorIs(t, last, mdm.ErrDecode)
}
