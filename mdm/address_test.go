package mdm_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
)

func parsed(t *testing.T, form mdm.AddressForm, text string) string {
	t.Helper()
	u, err := form.Parse(text)
	require.NoError(t, err)
	again, err := form.Parse(u.String())
	require.NoError(t, err, "the canonical form is an address")
	assert.Equal(t, u.String(), again.String(), "the canonical form is canonical")
	return u.String()
}

// TestAddressForm shows that a domain and a URL mean the same.
//
//mdm:feature 1.23
func TestAddressForm(t *testing.T) {
	for text, want := range map[string]string{
		"endoo.jamfcloud.com":                               "https://endoo.jamfcloud.com",
		"https://endoo.jamfcloud.com":                       "https://endoo.jamfcloud.com",
		"HTTPS://endoo.jamfcloud.com/":                      "https://endoo.jamfcloud.com",
		"  endoo.jamfcloud.com/ \n":                         "https://endoo.jamfcloud.com",
		"//endoo.jamfcloud.com":                             "https://endoo.jamfcloud.com",
		"https://endoo.jamfcloud.com/devices/12?tab=1#x":    "https://endoo.jamfcloud.com",
		"endoo.jamfcloud.com/login?next=https://x.example/": "https://endoo.jamfcloud.com",
		"endoo.jamfcloud.com:443":                           "https://endoo.jamfcloud.com",
		"endoo.jamfcloud.com:":                              "https://endoo.jamfcloud.com",
		"endoo.jamfcloud.com:8443":                          "https://endoo.jamfcloud.com:8443",
		"endoo.jamfcloud.com:0443":                          "https://endoo.jamfcloud.com",
		"MDM.Example.COM":                                   "https://MDM.Example.COM",
		"192.0.2.7:8443":                                    "https://192.0.2.7:8443",
		"https://[2001:db8::7]":                             "https://[2001:db8::7]",
		"https://[2001:db8::7]:443/x":                       "https://[2001:db8::7]",
		"https://[2001:db8::7]:444/x":                       "https://[2001:db8::7]:444",
		"http://localhost:8080":                             "http://localhost:8080",
		"http://127.0.0.1:80/":                              "http://127.0.0.1",
		"http://[::1]:8080":                                 "http://[::1]:8080",
		"mdm":                                               "https://mdm",
	} {
		t.Run(text, func(t *testing.T) { assert.Equal(t, want, parsed(t, mdm.AddressForm{}, text)) })
	}
	assert.Contains(t, parsed(t, mdm.AddressForm{}, "schule-münchen.de"), "https://schule-m")
}

// TestAddressFormPath shows that an address with and without the path is one.
//
//mdm:feature 2.10
func TestAddressFormPath(t *testing.T) {
	form := mdm.AddressForm{Path: "/api"}
	for _, text := range []string{
		"https://example.jamfcloud.com/api", "https://example.jamfcloud.com/api/", "https://example.jamfcloud.com",
		"example.jamfcloud.com/api", "example.jamfcloud.com", "https://example.jamfcloud.com/api/v1/devices",
	} {
		assert.Equal(t, "https://example.jamfcloud.com/api", parsed(t, form, text), text)
	}
	_, err := form.Parse("http://example.jamfcloud.com/api")
	assert.ErrorContains(t, err, "use https")
}

//mdm:feature 4.41
func TestAddressFormPort(t *testing.T) {
	form := mdm.AddressForm{Port: 26066}
	for text, want := range map[string]string{
		"SDMServer":             "https://SDMServer:26066",
		"SDMServer:":            "https://SDMServer:26066",
		"SDMServer:36066":       "https://SDMServer:36066",
		"SDMServer:26066":       "https://SDMServer:26066",
		"SDMServer:443":         "https://SDMServer:443",
		"[2001:db8::7]":         "https://[2001:db8::7]:26066",
		"https://192.0.2.1/x/y": "https://192.0.2.1:26066",
	} {
		t.Run(text, func(t *testing.T) { assert.Equal(t, want, parsed(t, form, text)) })
	}
	assert.Equal(t, "https://mdm.example", parsed(t, mdm.AddressForm{Port: 443}, "mdm.example"))
}

func TestAddressFormBad(t *testing.T) {
	for text, why := range map[string]string{
		"":                                "empty",
		" \t":                             "empty",
		"https://":                        "host name is empty",
		"https:///devices":                "host name is empty",
		"http://mdm.example":              "plain http",
		"ftp://mdm.example":               "starts with ftp",
		"ldap.x-1://mdm.example":          "starts with ldap.x-1",
		"https://ada:hunter2@mdm.example": "own fields",
		"ada@mdm.example":                 "own fields",
		"https//mdm.example":              "mistyped",
		"http:/mdm.example":               "mistyped",
		"https:mdm.example":               "cannot be read",
		"mdm.example:70000":               "port",
		"mdm.example:0":                   "port",
		"mdm.example:port":                "cannot be read",
		"my_mdm.example":                  "underscore",
		"mdm example":                     "cannot be read",
		"mdm.example,other.example":       "character",
		"mdm..example":                    "dot",
		".example":                        "dot",
		"-mdm.example":                    "character",
		"mdm\u200b.example":               "character",
		"mdm\u00a0x.example":              "character",
		"mdm.ex\xffample":                 "character",
		"2001:db8::7":                     "cannot be read",
		"[fe80::1%25en0]":                 "zone",
		"javascript:alert(1)":             "cannot be read",
		`\\server\share`:                  "cannot be read",
	} {
		t.Run(text, func(t *testing.T) {
			u, err := mdm.AddressForm{}.Parse(text)
			require.Error(t, err)
			assert.Nil(t, u)
			assert.ErrorContains(t, err, why)
			for _, part := range []string{"ada", "hunter2", "70000", "server"} {
				assert.NotContains(t, err.Error(), part, "the text is not repeated")
			}
		})
	}
}

// TestHostForm shows that host names and addresses are both hosts.
//
//mdm:feature 4.40
func TestHostForm(t *testing.T) {
	for host, ok := range map[string]bool{
		"SDMServer": true, "192.0.2.7": true, "2001:db8::7": true, "mdm.example.com": true, "mdm.example.com.": true, "a-b.c1": true,
		"schule-münchen.de": true,
		"":                  false, ".": false, "a..b": false, "a b": false, "a:80": false, "https://a": false, "a/b": false, "-a": false, "a-.b": false,
		"[::1]": false, "a\x00b": false, "😀.example": false, strings.Repeat("a", 64): false,
		strings.Repeat("a.", 126) + "a": true, strings.Repeat("a.", 127) + "a": false,
	} {
		assert.Equal(t, ok, mdm.HostForm{}.Check(host) == nil, host)
	}
	assert.NoError(t, mdm.HostForm{NameOnly: true}.Check("mdm.example"))
	assert.ErrorContains(t, mdm.HostForm{NameOnly: true}.Check("192.0.2.7"), "give its name")
	assert.ErrorContains(t, mdm.HostForm{NameOnly: true}.Check("::1"), "give its name")
}

//mdm:feature 4.42
func TestShortHost(t *testing.T) {
	assert.NoError(t, mdm.ShortHost.Check("S"))
	assert.NoError(t, mdm.ShortHost.Check(strings.Repeat("s", 32)))
	assert.ErrorContains(t, mdm.ShortHost.Check(strings.Repeat("s", 33)), "longer than 32")
	assert.ErrorContains(t, mdm.ShortHost.Check(""), "empty")

	u, err := mdm.AddressForm{}.Parse("SDMServer")
	require.NoError(t, err)
	assert.Equal(t, "SDMServer", u.Hostname(), "the case is kept")
}

//mdm:feature 4.49
func TestHostFormUnderscore(t *testing.T) {
	for _, host := range []string{"my_mdm", "mdm.my_school.example", "_mdm"} {
		assert.ErrorContains(t, mdm.HostForm{}.Check(host), "underscore", host)
		assert.ErrorContains(t, mdm.ShortHost.Check(host), "underscore", host)
		_, err := mdm.AddressForm{}.Parse("https://" + host + "/")
		assert.ErrorContains(t, err, "underscore", host)
	}
}

// FuzzAddress parses foreign text: it never panics, never repeats it in an
// error, and what it returns is canonical.
func FuzzAddress(f *testing.F) {
	for _, text := range []string{"mdm.example", "https://mdm.example:443/api", "http://[::1]:80", "[fe80::1%25en0]", "[::%25%81]", "a:1/b?c=d://e",
		"https://%41.example", "https://ü.example", "//a", ":", "https://a:b@c"} {
		f.Add(text, "/api", uint16(0))
		f.Add(text, "", uint16(443))
		f.Add(text, "", uint16(26066))
	}
	f.Fuzz(func(t *testing.T, text, path string, port uint16) {
		if path != "" && path[0] != '/' {
			path = "/" + path
		}
		form := mdm.AddressForm{Path: path, Port: int(port)}
		u, err := form.Parse(text)
		if err != nil {
			require.Nil(t, u)
			return
		}
		require.NotEmpty(t, u.Hostname())
		require.Nil(t, u.User)
		require.Equal(t, path, u.Path)
		require.Contains(t, []string{"https", "http"}, u.Scheme)
		require.NoError(t, mdm.HostForm{}.Check(u.Hostname()))

		again, err := form.Parse(u.String())
		require.NoError(t, err, u.String())
		require.Equal(t, u.String(), again.String())
		read, err := url.Parse(u.String())
		require.NoError(t, err)
		require.Equal(t, u.Hostname(), read.Hostname())
	})
}
