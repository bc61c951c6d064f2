package ade_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
)

func TestOpenIsStrict(t *testing.T) {
	t.Parallel()
	without := func(name string) string { return strings.Replace(plain.json(), `"`+name+`":`, `"other":`, 1) }
	with := func(f func(*credentials)) string {
		c := plain
		f(&c)
		return c.json()
	}
	text := string(plain.text())
	for name, tc := range map[string]struct {
		text []byte
		want error
	}{
		"no consumer_key":        {message(without("consumer_key")), ade.ErrContent},
		"no consumer_secret":     {message(without("consumer_secret")), ade.ErrContent},
		"no access_token":        {message(without("access_token")), ade.ErrContent},
		"no access_secret":       {message(without("access_secret")), ade.ErrContent},
		"no access_token_expiry": {message(without("access_token_expiry")), ade.ErrContent},
		"empty field":            {message(with(func(c *credentials) { c.accessToken = "" })), ade.ErrContent},
		"null field":             {message(strings.Replace(plain.json(), `"`+plain.accessToken+`"`, "null", 1)), ade.ErrContent},
		"number field":           {message(strings.Replace(plain.json(), `"`+plain.accessToken+`"`, "7", 1)), ade.ErrContent},
		"blank in a field":       {message(with(func(c *credentials) { c.accessToken = "AT_a b" })), ade.ErrContent},
		"letter of no token":     {message(with(func(c *credentials) { c.accessToken = "AT_ä" })), ade.ErrContent},
		"endless field":          {message(with(func(c *credentials) { c.accessToken = "AT_" + strings.Repeat("a", 2000) })), ade.ErrContent},
		"no time":                {message(with(func(c *credentials) { c.expiry = "soon" })), ade.ErrContent},
		"time without zone":      {message(with(func(c *credentials) { c.expiry = "2027-02-03T09:15:42" })), ade.ErrContent},
		"time of year one":       {message(with(func(c *credentials) { c.expiry = "0001-01-01T00:00:00Z" })), ade.ErrContent},
		"trailing data":          {message(plain.json() + "{}"), ade.ErrContent},
		"array":                  {message("[" + plain.json() + "]"), ade.ErrContent},
		"no JSON":                {message("hello"), ade.ErrContent},
		"no markers":             {[]byte(plain.json()), ade.ErrContent},
		"no end":                 {[]byte(strings.Replace(text, "-----END MESSAGE-----", "", 1)), ade.ErrContent},
		"end before begin":       {[]byte("-----END MESSAGE-----\n-----BEGIN MESSAGE-----\n"), ade.ErrContent},
		"two beginnings":         {[]byte(strings.Replace(text, "-----BEGIN", "-----BEGIN MESSAGE-----\n-----BEGIN", 1)), ade.ErrContent},
		"two ends":               {[]byte(text + "-----END MESSAGE-----\n"), ade.ErrContent},
		"text behind":            {[]byte(text + "more\n"), ade.ErrContent},
		"text before":            {[]byte("hello\n" + text), ade.ErrContent},
		"garbled":                {[]byte(strings.Replace(text, "plain", "pl\x00in", 1)), ade.ErrDamaged},
		"not UTF-8":              {[]byte(strings.Replace(text, "plain", "pl\xffin", 1)), ade.ErrDamaged},
		"empty":                  {nil, ade.ErrContent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ade.Open(maker{}.file(t, certificate(t, pair(0)), tc.text), pair(0))
			require.ErrorIs(t, err, tc.want)
		})
	}
}

func TestOpenIsLenientWhereItMayBe(t *testing.T) {
	t.Parallel()
	more := strings.Replace(plain.json(), "{", `{"future":{"a":[1]},`, 1)
	lines := strings.ReplaceAll(string(plain.text()), "\r\n", "\n")
	fraction := plain
	fraction.expiry = "2027-02-03T10:15:42.000+01:00"
	for name, text := range map[string][]byte{"unknown member": message(more), "line feeds only": []byte(lines), "carriage returns": []byte(strings.ReplaceAll(lines, "\n", "\r\n")),
		"no headers": []byte(lines[strings.Index(lines, "-----BEGIN"):]), "no last line end": []byte(strings.TrimSpace(lines)), "other zone": message(fraction.json())} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opened, err := ade.Open(maker{}.file(t, certificate(t, pair(0)), text), pair(0))
			require.NoError(t, err)
			requireCredentials(t, plain, opened.Token)
		})
	}
	odd := plain
	odd.consumerKey = "lab-key"
	odd.accessToken = "AT_without_a_time"
	opened, err := ade.Open(maker{}.file(t, certificate(t, pair(0)), odd.text()), pair(0))
	require.NoError(t, err)
	assert.Equal(t, []ade.Warning{ade.WarnPrefix}, opened.Warnings)
	assert.Zero(t, opened.Token.Issued)
}

func TestInspect(t *testing.T) {
	t.Parallel()
	i, err := ade.Inspect(maker{cipher: "3des"}.file(t, certificate(t, pair(0)), plain.text()))
	require.NoError(t, err)
	assert.Equal(t, ade.Inspection{Kind: ade.FileToken, Cipher: "3DES-CBC", Recipients: []string{pair(0).Serial()}}, i)
	_, err = ade.Inspect(maker{cipher: "aes192"}.file(t, certificate(t, pair(0)), plain.text()))
	assert.ErrorIs(t, err, ade.ErrCipher)
}
