package relution_test

import (
	"fmt"
	"testing"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
	"github.com/stretchr/testify/require"
)

// BenchmarkPages lists a fleet in pages of 500.
func BenchmarkPages(b *testing.B) {
	for _, n := range []int{500, 5_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			tn := &tenant{devices: numbered(n)}
			c := tn.client(b, size(500))
			b.ReportAllocs()
			for b.Loop() {
				got := 0
				for page, err := range c.Source().Pages(b.Context(), mdm.Query{}) {
					require.NoError(b, err)
					got += len(page.Devices)
				}
				require.Equal(b, n, got)
				tn.asked = nil
			}
		})
	}
}

// BenchmarkDevice reads details of a fake, in the form of each generation.
func BenchmarkDevice(b *testing.B) {
	for _, version := range releases {
		b.Run(version, func(b *testing.B) {
			fake := relutiontest.New(fleet.New(fleet.Options{Devices: 20}))
			fake.SetVersion(version)
			c := clientOf(b, fake)
			ids := live(b, c)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				_, err := c.Device(b.Context(), ids[i%len(ids)])
				require.NoError(b, err)
				fake.Forget()
			}
		})
	}
}

// FuzzAnswers reads any bytes as a list and as a detail.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"status":"0","total":1,"results":[` + device(1, `"details":{"system":{"serialNumber":1},"ethernetMACs":["a"]}`) + `]}`))
	f.Add([]byte(`{"items":[null,{"uuid":[]}],"nonpagedCount":"x"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		tn := &tenant{script: scripted{"POST /api/management/v2/devices/baseInfo/query": {body: string(body)},
			"GET /api/management/v1/devices/" + id(1): {body: string(body)}}}
		c := tn.client(t, func(cfg *relution.Config) {
			cfg.KeepRaw, cfg.Prefix, cfg.Listing = true, relution.PrefixManagement, relution.ListQuery
			cfg.Transport.Retry.Disabled = true
		})
		for d := range c.Devices(t.Context(), nil) {
			if d != nil {
				_ = d.Record()
			}
		}
		if d, err := c.Device(t.Context(), id(1)); err == nil {
			_ = d.Record()
		}
	})
}
