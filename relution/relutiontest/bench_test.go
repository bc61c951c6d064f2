package relutiontest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
)

// BenchmarkList reads whole districts, in pages of 100.
func BenchmarkList(b *testing.B) {
	for _, devices := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(devices), func(b *testing.B) {
			f := relutiontest.New(fleet.New(fleet.Options{Devices: devices, Schools: 20}))
			count := len(f.UUIDs(f.Tenant))
			b.ReportAllocs()
			for b.Loop() {
				for offset := 0; offset < count; offset += 100 {
					require.Equal(b, 200, readPage(b, f, offset))
				}
				f.Forget()
			}
		})
	}
}

func readPage(b *testing.B, f *relutiontest.Fake, offset int) int {
	body := fmt.Sprintf(`{"limit":100,"offset":%d,"getItems":true,"getNonpagedCount":true,
		"sortOrder":{"sortFields":[{"name":"uuid","ascending":true}]},
		"filter":{"type":"logOp","operation":"NOT","filters":[{"type":"stringEnum","fieldName":"status","values":["DELETED"]}]}}`, offset)
	req, err := http.NewRequest("POST", "https://relution.example"+query+"?tenantOrganizationUuid="+f.Tenant, strings.NewReader(body))
	require.NoError(b, err)
	req.Header.Set("X-User-Access-Token", f.Token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := f.Client().Do(req)
	require.NoError(b, err)
	_, err = io.Copy(io.Discard, resp.Body)
	require.NoError(b, err)
	require.NoError(b, resp.Body.Close())
	return resp.StatusCode
}
