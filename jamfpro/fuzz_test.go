package jamfpro_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/mdm"
)

// FuzzAnswers gives every request the same answer, whatever it is.
func FuzzAnswers(f *testing.F) {
	files, err := filepath.Glob("jamfprotest/testdata/*.json")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(string(text))
	}
	f.Add(`{"totalCount":2,"results":[{"id":7,"general":[],"hardware":{"serialNumber":{}},"applications":[null,{"name":1}]},3]}`)
	f.Add(`{"totalCount":"x","results":[{"mobileDeviceId":"1","deviceType":"iOS","general":{"lastInventoryUpdateDate":7}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		tn := &tenant{hook: func(r *http.Request) *answer {
			if r.URL.Path == "/api/oauth/token" {
				return nil
			}
			return &answer{body: text}
		}}
		c := tn.client(t, func(cfg *jamfpro.Config) {
			cfg.KeepRaw = true
			cfg.Transport = clienttest.Quick(tn)
			cfg.Transport.Retry.Disabled = true
		})
		src := c.Source()
		for d, err := range mdm.Devices(t.Context(), src, mdm.Query{}) {
			if err == nil {
				assert.Equal(t, d.Record(), d.Record())
			} else {
				assert.NotContains(t, err.Error(), clientSecret)
			}
		}
		for d, err := range mdm.Details(t.Context(), src, []string{jamfpro.Computer.String() + ":1", jamfpro.MobileDevice.String() + ":1"}) {
			if err == nil {
				_ = d.Record()
			}
		}
		for range mdm.Software(t.Context(), src, mdm.SoftwareQuery{}) {
		}
		for range src.Check(t.Context()) {
		}
	})
}
