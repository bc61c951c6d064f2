package transport

import (
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/require"
)

type unreachable struct{ t *testing.T }

func (u unreachable) RoundTrip(*http.Request) (*http.Response, error) {
	u.t.Error("a request was sent")
	return nil, errors.New("sent")
}

// Client.Do and the redirect policy let no request to another server get here.
// The layer that holds the credentials does not rely on that.
func TestAuthLayerForeign(t *testing.T) {
	layer := &authLayer{
		base:   unreachable{t},
		auth:   Basic("u", mdm.NewSecret("p")),
		server: &url.URL{Scheme: "https", Host: "mdm.example.com"},
	}
	for _, address := range []string{
		"https://evil.example/", "http://mdm.example.com/", "https://mdm.example.com:8443/", "https://mdm.example.com.evil.example/",
	} {
		ctx := (&call{op: "devices"}).with(t.Context())
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		require.NoError(t, err)
		_, err = layer.RoundTrip(req)
		require.ErrorIs(t, err, mdm.ErrWrongAddress)
	}
}
