package abm_test

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/abm"
	"github.com/mdmlink/mdmlink/mdm"
)

// paged serves a list of so many devices in pages of 1000, from text that was
// made before.
type paged struct {
	pages []string
}

func newPaged(b *testing.B, devices int) *paged {
	element := strings.TrimSpace(fixture(b, "devices.json"))
	element = element[strings.Index(element, `[`)+1:]
	element = element[:strings.Index(element, "\n    },\n")+len("\n    }")]
	served := &paged{}
	for from := 0; from < devices; from += 1000 {
		var page strings.Builder
		page.WriteString(`{"data":[`)
		for i := from; i < min(from+1000, devices); i++ {
			if i > from {
				page.WriteByte(',')
			}
			page.WriteString(strings.ReplaceAll(element, "DMPXA7ZZHK21", fmt.Sprintf("DMPX%08d", i)))
		}
		fmt.Fprintf(&page, `],"meta":{"paging":{"total":%d`, devices)
		if from+1000 < devices {
			fmt.Fprintf(&page, `,"nextCursor":"%d"`, len(served.pages)+1)
		}
		page.WriteString(`}}}`)
		served.pages = append(served.pages, page.String())
	}
	return served
}

func (p *paged) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `{"access_token":"T","token_type":"Bearer","expires_in":3600}`
	if r.URL.Path == "/v1/orgDevices" {
		at, _ := strconv.Atoi(r.URL.Query().Get("cursor"))
		body = p.pages[at]
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1, Request: r, Proto: "HTTP/2.0", ProtoMajor: 2}, nil
}

var sizes = []int{100, 5_000, 50_000}

// BenchmarkDevices lists the typed devices of organisations of several sizes.
func BenchmarkDevices(b *testing.B) {
	for _, n := range sizes {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			served := newPaged(b, n)
			c := connect(b, served)
			b.SetBytes(served.size())
			b.ReportAllocs()
			for b.Loop() {
				got := 0
				for d, err := range c.Devices(b.Context(), nil) {
					if err != nil || d.Model == "" {
						b.Fatal(err)
					}
					got++
				}
				if got != n {
					b.Fatal(got)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "devices/s")
		})
	}
}

// BenchmarkSource lists an organisation as a source, with the record of each
// device: whole, limited to a few attributes, and with Apple's answer kept.
func BenchmarkSource(b *testing.B) {
	for name, bench := range map[string]struct {
		want mdm.Keys
		raw  bool
	}{"whole": {}, "few": {want: mdm.Keys{mdm.KeySerial, mdm.KeyModel}}, "raw": {raw: true}} {
		for _, n := range sizes {
			b.Run(name+"/"+strconv.Itoa(n), func(b *testing.B) {
				served := newPaged(b, n)
				src := connect(b, served, func(cfg *abm.Config) { cfg.KeepRaw = bench.raw }).Source()
				b.SetBytes(served.size())
				b.ReportAllocs()
				for b.Loop() {
					got := 0
					for d, err := range mdm.Devices(b.Context(), src, mdm.Query{Want: bench.want}) {
						if err != nil || d.Record().Model == "" {
							b.Fatal(err)
						}
						got++
					}
					if got != n {
						b.Fatal(got)
					}
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "devices/s")
			})
		}
	}
}

func (p *paged) size() int64 {
	n := 0
	for _, page := range p.pages {
		n += len(page)
	}
	return int64(n)
}
