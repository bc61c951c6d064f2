package relutiontest_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

// TestHookAndFaults has a device that leaves between two pages, and a proxy
// that breaks in.
func TestHookAndFaults(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	ids := f.UUIDs(f.Tenant)
	f.Before(func(r *http.Request) {
		if r.Method == "POST" {
			f.Remove(ids[0])
		}
	})
	assert.Equal(t, ids[4], c.list(page(3, "uuid")).column("uuid")[0])
	f.Before(nil)
	f.Faults().FailNext(1, 502, http.Header{"Retry-After": {"1"}})
	assert.Equal(t, 502, c.list(all).status)
	assert.Equal(t, 200, c.list(all).status)
}

// TestSecondToken has an owner of its own, with rights of its own.
func TestSecondToken(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	c.token = "8d1f-old-uuid-token"
	f.SetRights(c.token, "READ_DEVICES")
	assert.Equal(t, 200, c.list(all).status)
	assert.Equal(t, 403, c.get(v1+"/devices/groups").status)
	c.token = f.Token
	assert.Equal(t, 200, c.get(v1+"/devices/groups").status)
}

func TestOrganisationsAsItems(t *testing.T) {
	f := relutiontest.New(small())
	list := newCaller(t, f).get(v1 + "/security/organizations?getNonpagedCount=true").object()
	assert.EqualValues(t, 2, list["nonpagedCount"])
	assert.Len(t, list["items"], 2)
}

// TestFilterByMember looks into an object.
func TestFilterByMember(t *testing.T) {
	f := relutiontest.New(small())
	c := newCaller(t, f)
	path := v1 + "/devices/autoEnrollments?filter="
	enrolled := c.get(path + url.QueryEscape(`{"type":"null","fieldName":"enrolledDevice","isNull":false}`))
	require.NotEmpty(t, enrolled.results())
	name := enrolled.results()[0]["enrolledDevice"].(map[string]any)["deviceName"].(string)
	some := c.get(path + url.QueryEscape(`{"type":"stringMap","fieldName":"enrolledDevice","key":"deviceName","value":"`+name+`"}`))
	require.NotEmpty(t, some.results())
	for _, o := range some.results() {
		assert.Equal(t, name, o["enrolledDevice"].(map[string]any)["deviceName"])
	}
	assert.Less(t, len(some.results()), len(enrolled.results()))
	assert.Empty(t, f.Violations())
}

// TestFilterOfOldDates compares dates that are text.
func TestFilterOfOldDates(t *testing.T) {
	f := relutiontest.New(small())
	f.SetVersion("5.5.4")
	c := newCaller(t, f)
	path := "/api/v1/security/users?getNonpagedCount=true&filter="
	since := func(millis string) any {
		return c.get(path + url.QueryEscape(`{"type":"dateRange","fieldName":"createdDate","min":`+millis+`}`)).object()["nonpagedCount"]
	}
	assert.Greater(t, since("1700000000000"), 20.0)
	assert.EqualValues(t, 0, since("1800000000000"))
}
