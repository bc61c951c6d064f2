package intune_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const secondPage = graph + "/v1.0" + devices + "?$top=2&$skiptoken=LastDeviceName%3d%27O%27%27Brien%e2%80%99s%20iPad%27%2cLastDeviceId%3d%27x%27"

// paged is a tenant whose list has these pages, in order, in both versions.
func paged(pages ...answer) *tenant {
	n := 0
	return &tenant{hook: func(r *request) *answer {
		if !strings.HasSuffix(r.URL.Path, devices) || n >= len(pages) {
			return nil
		}
		n++
		return &pages[n-1]
	}}
}

func names(all []*intune.Device) []string {
	var texts []string
	for _, d := range all {
		texts = append(texts, d.Name)
	}
	return texts
}

// TestQuirk10EmptyPageGoesOn follows the link of a page without devices.
func TestQuirk10EmptyPageGoesOn(t *testing.T) {
	t.Parallel()
	all := clienttest.Collect(t, paged(pageOf(secondPage), pageOf("", deviceRow(1, ""))).client(t).Devices(t.Context(), nil))
	assert.Equal(t, []string{"Device 1"}, names(all))
}

// TestQuirk11RepeatedLink ends a list whose links go in a circle.
func TestQuirk11RepeatedLink(t *testing.T) {
	t.Parallel()
	tn := paged(pageOf(secondPage, deviceRow(1, "")), pageOf(secondPage, deviceRow(2, "")), pageOf(secondPage))
	var last error
	for _, err := range tn.client(t).Devices(t.Context(), nil) {
		last = err
	}
	require.ErrorIs(t, last, mdm.ErrCursorInvalid)
	assert.Len(t, tn.requests(http.MethodGet, devices), 2)
}

// TestQuirk12ForeignLink does not follow a link to another host, or without
// encryption, or to a relative place.
func TestQuirk12ForeignLink(t *testing.T) {
	t.Parallel()
	for _, link := range []string{"https://evil.example/v1.0" + devices, "http://graph.microsoft.com/v1.0" + devices, "/v1.0" + devices,
		"https://graph.microsoft.com@evil.example/", "https://graph.microsoft.com.evil.example/"} {
		tn := paged(pageOf(link, deviceRow(1, "")))
		var last error
		for _, err := range tn.client(t).Devices(t.Context(), nil) {
			last = err
		}
		require.ErrorIs(t, last, mdm.ErrWrongAddress, link)
		for _, r := range tn.asked {
			assert.NotContains(t, r.URL.Host, "evil")
		}
	}
}

// TestQuirk13LinkIsVerbatim sends the link as it came, byte for byte.
func TestQuirk13LinkIsVerbatim(t *testing.T) {
	t.Parallel()
	tn := paged(pageOf(secondPage, deviceRow(1, "")), pageOf("", deviceRow(2, "")))
	assert.Len(t, clienttest.Collect(t, tn.client(t).Devices(t.Context(), nil)), 2)
	assert.Equal(t, secondPage, tn.requests(http.MethodGet, devices)[1].URL.String())
}

// TestQuirk14TwiceIsOnce delivers a device once that is on two pages.
func TestQuirk14TwiceIsOnce(t *testing.T) {
	t.Parallel()
	tn := paged(pageOf(secondPage, deviceRow(1, "")), pageOf("", deviceRow(1, ""), deviceRow(2, "")))
	assert.Len(t, clienttest.Collect(t, tn.client(t).Devices(t.Context(), nil)), 2)
}

// TestQuirk15PageFails asks for the same page again, and fails in the end
// rather than list a part.
func TestQuirk15PageFails(t *testing.T) {
	t.Parallel()
	late := answer{status: 504, body: `{"error":{"code":"UnknownError","message":""}}`}
	tn := paged(pageOf(secondPage, deviceRow(1, "")), late, late, pageOf("", deviceRow(2, "")))
	assert.Len(t, clienttest.Collect(t, tn.client(t).Devices(t.Context(), nil)), 2)
	asked := tn.requests(http.MethodGet, devices)
	assert.Equal(t, asked[1].URL.String(), asked[3].URL.String())

	var pages []answer
	pages = append(pages, pageOf(secondPage, deviceRow(1, "")))
	for range 40 {
		pages = append(pages, late)
	}
	var last error
	for page, err := range paged(pages...).client(t).Source().Pages(t.Context(), mdm.Query{}) {
		assert.Nil(t, page.End)
		last = err
	}
	require.ErrorIs(t, last, mdm.ErrUnavailable)
}

// TestQuirk16TokenExpires fetches another token between two pages.
func TestQuirk16TokenExpires(t *testing.T) {
	t.Parallel()
	expired := failure(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
	tn := paged(pageOf(secondPage, deviceRow(1, "")), expired, pageOf("", deviceRow(2, "")))
	assert.Len(t, clienttest.Collect(t, tn.client(t).Devices(t.Context(), nil)), 2)
	assert.Len(t, tn.requests(http.MethodPost, "/token"), 2)
}

// TestQuirk17CountIsIgnored does not believe @odata.count, which pageOf makes 0.
func TestQuirk17CountIsIgnored(t *testing.T) {
	t.Parallel()
	l := clienttest.List(t, paged(pageOf("", deviceRow(1, ""))).client(t).Source(), mdm.Query{})
	assert.Len(t, l.Records, 1)
	assert.True(t, l.End.Complete)
}

// TestQuirk18CrossCheck takes a listing for incomplete if the service counts
// more devices than it sent.
func TestQuirk18CrossCheck(t *testing.T) {
	t.Parallel()
	tn := paged(pageOf("", deviceRow(1, "")))
	tn.script = scripted{"GET /v1.0/deviceManagement/managedDeviceOverview": {body: `{"enrolledDeviceCount":2}`}}
	l := clienttest.List(t, tn.client(t).Source(), mdm.Query{})
	assert.False(t, l.End.Complete)
	assert.Contains(t, l.End.Why, "2 devices")
	tn = paged(pageOf("", deviceRow(1, "")))
	tn.script = scripted{"GET /v1.0/deviceManagement/managedDeviceOverview": failure(403, "Forbidden", "")}
	assert.False(t, clienttest.List(t, tn.client(t).Source(), mdm.Query{}).End.Complete)
}

// TestQuirk19AllPages reads more than the first page.
func TestQuirk19AllPages(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t, size(7))
	assert.ElementsMatch(t, fake.IDs(), clienttest.List(t, c.Source(), mdm.Query{}).IDs())
}

// TestQuirk25NeverSent sends no parameter that the service takes wrongly.
func TestQuirk25NeverSent(t *testing.T) {
	t.Parallel()
	tn := paged(pageOf(""))
	clienttest.Collect(t, tn.client(t).Devices(t.Context(), nil))
	q := tn.requests(http.MethodGet, devices)[0].URL.Query()
	for _, name := range []string{"$skip", "$orderby", "$count", "$expand", "$search"} {
		assert.False(t, q.Has(name), name)
	}
	for _, name := range []string{"lostModeState", "deviceType", "hardwareInformation", "udid"} {
		assert.NotContains(t, strings.Split(q.Get("$select"), ","), name)
	}
}

// TestResumeIsNeverComplete does not call a listing complete that went on after
// a break, since a device that came on both sides of it hides one that did not
// come. From the start the same list is seen to be short.
func TestResumeIsNeverComplete(t *testing.T) {
	t.Parallel()
	tn := paged(pageOf(secondPage, deviceRow(1, ""), deviceRow(2, "")), pageOf("", deviceRow(2, ""), deviceRow(3, "")), pageOf("", deviceRow(2, ""), deviceRow(3, "")))
	tn.script = scripted{"GET /v1.0/deviceManagement/managedDeviceOverview": {body: `{"enrolledDeviceCount":4}`}}
	c := tn.client(t)
	var from mdm.Cursor
	for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
		require.NoError(t, err)
		if from == "" {
			from = page.Next
		}
		if page.End != nil {
			assert.False(t, page.End.Complete)
			assert.Contains(t, page.End.Why, "counts 4 devices and sent 3")
		}
	}
	l := clienttest.List(t, c.Source(), mdm.Query{From: from})
	assert.Len(t, l.Records, 2)
	assert.False(t, l.End.Complete)
	assert.Contains(t, l.End.Why, "resumed")
}

// TestResume lists on from a cursor, which is bound to its tenant.
func TestResume(t *testing.T) {
	t.Parallel()
	tn := paged(pageOf(secondPage, deviceRow(1, "")), pageOf("", deviceRow(2, "")))
	c := tn.client(t)
	for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
		require.NoError(t, err)
		require.NotEmpty(t, page.Next)
		l := clienttest.List(t, c.Source(), mdm.Query{From: page.Next})
		assert.Equal(t, "Device 2", l.Records[0].Name)
		other := (&tenant{}).client(t, func(cfg *intune.Config) { cfg.TenantID = "school.example" })
		for _, err := range other.Source().Pages(t.Context(), mdm.Query{From: page.Next}) {
			require.ErrorIs(t, err, mdm.ErrCursorInvalid)
		}
		break
	}
}
