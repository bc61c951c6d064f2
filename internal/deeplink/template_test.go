package deeplink_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/internal/deeplink"
	"github.com/mdmlink/mdmlink/mdm"
)

var places = deeplink.Places{{"{base}", deeplink.Base}, {"{page}", deeplink.Part}, {"{tenant}", deeplink.Value}, {"{id}", deeplink.Device}}

func TestTemplateFill(t *testing.T) {
	values := []string{"https://mdm.example", "a/b.html", "T 1", `x/y?&="ü+`}
	for template, want := range map[string]struct {
		link   string
		target mdm.LinkTarget
	}{
		"":                             {"", mdm.LinkUnknown},
		"https://x.example/devices":    {"https://x.example/devices", mdm.LinkList},
		"{base}/{page}":                {"https://mdm.example/a/b.html", mdm.LinkList},
		"{base}/{tenant}/list":         {"https://mdm.example/T%201/list", mdm.LinkList},
		"{base}/{id}":                  {"https://mdm.example/x%2Fy%3F%26%3D%22%C3%BC%2B", mdm.LinkDevice},
		"{base}/{page}?id={id}&o={id}": {"https://mdm.example/a/b.html?id=x%2Fy%3F%26%3D%22%C3%BC%2B&o=x%2Fy%3F%26%3D%22%C3%BC%2B", mdm.LinkDevice},
	} {
		parsed, err := places.Parse(template)
		require.NoError(t, err, template)
		link, target := parsed.Fill(values...)
		assert.Equal(t, want.link, link, template)
		assert.Equal(t, want.target, target, template)
		assert.Equal(t, template == "", parsed.IsZero())
	}
	link, target := places.MustParse("{base}/{id}?t={tenant}").Fill("https://mdm.example", "", "", "7")
	assert.Empty(t, link, "a value is missing")
	assert.Equal(t, mdm.LinkUnknown, target)
}

func TestTemplateRefused(t *testing.T) {
	for template, want := range map[string]string{
		"{base}/{name}":     "has an unknown placeholder; use {base}, {page}, {tenant}, {id}",
		"{base}/{id":        "has an unknown placeholder; use {base}, {page}, {tenant}, {id}",
		"{base}/id}":        "has an unknown placeholder; use {base}, {page}, {tenant}, {id}",
		"{base}/{{id}}":     "has an unknown placeholder; use {base}, {page}, {tenant}, {id}",
		"/devices/{id}":     "is no address; start with {base}/",
		"javascript:{id}":   "is no address; start with {base}/",
		"http://x/{id}":     "is no address; start with {base}/",
		"ftp://{page}/{id}": "is no address; start with {base}/",
		"https:///{id}":     "is no address; start with {base}/",
		"{base}.evil/{id}":  "is no address; start with {base}/",
		"{base}{id}":        "is no address; start with {base}/",
		"{base}\x7f/{id}":   "is no address; start with {base}/",
	} {
		require.EqualError(t, places.Check(template), want, template)
	}
	require.ErrorContains(t, places[1:].Check("x"), "start with https://{page}/")
	require.ErrorContains(t, places[3:].Check("x"), "start with https://")
	assert.Panics(t, func() { places.MustParse("x") })
}

// Whatever the template and the values are, a link leads to the template's own
// host.
func FuzzTemplate(f *testing.F) {
	f.Add("{base}/{page}?id={id}", "https://mdm.example", "1")
	f.Add("https://{id}.example/", "", "a.example/#")
	f.Fuzz(func(t *testing.T, template, tenant, id string) {
		parsed, err := places.Parse(template)
		if err != nil {
			return
		}
		link, target := parsed.Fill("https://mdm.example", "page", tenant, id)
		if link == "" {
			assert.Equal(t, mdm.LinkUnknown, target)
			return
		}
		u, err := url.Parse(link)
		if strings.Contains(template, "{base}") && strings.HasPrefix(template, "{base}/") {
			require.NoError(t, err)
			assert.Equal(t, "mdm.example", u.Host)
		}
	})
}
