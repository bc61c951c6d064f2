package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/abm/ade/adetest"
	"github.com/mdmlink/mdmlink/abm/ade/storetest"
)

// desk is a folder of somebody who looks after tokens, beside the portal.
type desk struct {
	t       *testing.T
	portal  *adetest.Server
	secrets []string
}

func newDesk(t *testing.T) *desk {
	t.Chdir(t.TempDir())
	d := &desk{t: t, portal: adetest.NewServer(nil)}
	t.Cleanup(d.portal.Close)
	return d
}

// run runs the command and returns what it printed, in which no secret is.
func (d *desk) run(args ...string) (string, error) {
	d.t.Helper()
	var out strings.Builder
	err := run(context.Background(), &out, append([]string{"-address", d.portal.URL}, args...))
	text := out.String()
	if err != nil {
		text += err.Error() + explain(err)
	}
	if key, err := os.ReadFile("tokens.key"); err == nil {
		assert.NotContains(d.t, text, strings.TrimSpace(string(key)))
	}
	for _, secret := range d.secrets {
		assert.NotContains(d.t, text, secret)
	}
	return text, err
}

func (d *desk) must(args ...string) string {
	d.t.Helper()
	text, err := d.run(args...)
	require.NoError(d.t, err, text)
	return text
}

// download uploads a certificate to an entry of the portal and saves the token
// that it then gives.
func (d *desk) download(entry *adetest.Entry, certificate, file string) {
	d.t.Helper()
	text, err := os.ReadFile(certificate)
	require.NoError(d.t, err)
	require.NoError(d.t, entry.Upload(text))
	_, token, err := entry.Download(adetest.File{})
	require.NoError(d.t, err)
	require.NoError(d.t, os.WriteFile(file, token, 0o600))
	issued := entry.Token()
	d.secrets = append(d.secrets, issued.ConsumerKey, issued.ConsumerSecret, issued.AccessToken, issued.AccessSecret)
}

// TestTokenOfAYear is the life of a token: made, imported, about to end,
// renewed with a new key.
//
//mdm:feature 3.2 3.13 5.18
func TestTokenOfAYear(t *testing.T) {
	d := newDesk(t)
	assert.Contains(t, d.must("status"), "no server yet")
	text := d.must("new", "Campus North")
	assert.Contains(t, text, "Campus North.pem")
	assert.Contains(t, text, "portal")

	d.download(d.portal.Main, "Campus North.pem", "first.p7m")
	assert.Contains(t, d.must("inspect", "first.p7m"), "encrypted with AES")
	assert.Contains(t, d.must("open", "first.p7m"), "It ends on")
	text = d.must("import", "campus north", "first.p7m")
	assert.Contains(t, text, "Apple confirmed it")
	assert.Contains(t, d.must("status"), "Campus North: valid")

	text = d.must("stage", "Campus North")
	assert.Contains(t, text, "Campus North.pem")
	d.download(d.portal.Main, "Campus North.pem", "second.p7m")
	text = d.must("-reason", "expiry", "renew", "Campus North", "second.p7m")
	assert.Contains(t, text, "is in place")
	assert.Contains(t, d.must("open", "second.p7m"), `the one that "Campus North" uses`)

	stored, err := filepath.Glob("tokens.d/*")
	require.NoError(t, err)
	require.NotEmpty(t, stored)
	for _, file := range stored {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, secret := range d.secrets {
			assert.NotContains(t, string(content), secret)
		}
	}
	assert.Empty(t, d.portal.Violations())
}

// TestRenewGuard shows what is not put in place of a token that works.
func TestRenewGuard(t *testing.T) {
	d := newDesk(t)
	d.must("new", "Campus")
	d.download(d.portal.Main, "Campus.pem", "good.p7m")
	_, err := d.run("renew", "Campus", "good.p7m")
	require.ErrorContains(t, err, "no token yet")
	d.must("import", "Campus", "good.p7m")
	_, err = d.run("import", "Campus", "good.p7m")
	require.ErrorContains(t, err, "has a token already")

	other := d.portal.AddEntry("Another server")
	d.download(other, "Campus.pem", "other.p7m")
	text, err := d.run("renew", "Campus", "other.p7m")
	require.ErrorIs(t, err, ade.ErrOtherServer)
	assert.Contains(t, text, "right server")
	assert.Contains(t, d.must("status"), "Campus: valid", "the token in use stays")

	require.NoError(t, os.WriteFile("page.html", []byte("<html>sign in</html>"), 0o600))
	text, err = d.run("renew", "Campus", "page.html")
	require.ErrorIs(t, err, ade.ErrNotToken)
	assert.Contains(t, text, "_smime.p7m")
	_, err = d.run("renew", "Nowhere", "good.p7m")
	require.ErrorContains(t, err, "no server")
	_, err = d.run("new", "Unassigned")
	require.ErrorIs(t, err, ade.ErrName)

	text = d.must("-replace-server", "renew", "Campus", "other.p7m")
	assert.Contains(t, text, "another server entry")
}

// TestPairMadeElsewhere opens a token with key files of the host's own.
func TestPairMadeElsewhere(t *testing.T) {
	d := newDesk(t)
	pair, err := ade.NewKeyPair(nil)
	require.NoError(t, err)
	key, err := pair.PrivateKeyPEM().Reveal(t.Context())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile("own.key", []byte(key), 0o600))
	require.NoError(t, os.WriteFile("own.pem", pair.CertificatePEM(), 0o600))
	d.download(d.portal.Main, "own.pem", "token.p7m")
	assert.Contains(t, d.must("-key", "own.key", "-cert", "own.pem", "open", "token.p7m"), pair.Fingerprint())
	_, err = d.run("open", "token.p7m")
	require.Error(t, err)
	d.must("-key", "own.key", "-cert", "own.pem", "new", "Campus")
	d.must("-offline", "import", "Campus", "token.p7m")
	assert.Contains(t, d.must("status"), "did not confirm")
}

func TestUsage(t *testing.T) {
	d := newDesk(t)
	text, err := d.run("nonsense")
	require.Error(t, err)
	assert.Contains(t, text, "tokens renew NAME FILE")
}

func TestFolder(t *testing.T) {
	storetest.Run(t, func(t *testing.T) ade.Store { return &folder{dir: t.TempDir()} }, storetest.Options{})
}
