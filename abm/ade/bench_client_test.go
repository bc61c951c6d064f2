package ade_test

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

// paged serves a list of so many devices in pages of 1000, from text that was
// made before.
type paged struct{ pages []string }

func newPaged(devices int) *paged {
	served := &paged{}
	for from := 0; from < devices; from += 1000 {
		var page strings.Builder
		fmt.Fprintf(&page, `{"cursor":"%d","more_to_follow":%v,"fetched_until":"2026-02-03T09:21:00Z","devices":[`, len(served.pages)+1, from+1000 < devices)
		for i := from; i < min(from+1000, devices); i++ {
			if i > from {
				page.WriteByte(',')
			}
			fmt.Fprintf(&page, `{"serial_number":"DMPX%08d","model":"iPad (9th generation)","description":"IPAD 9 WI-FI 64GB SPACE GRAY","color":"SPACE GRAY","asset_tag":"",
				"profile_status":"pushed","profile_uuid":"0D9C8B7A6F5E4D3C2B1A099887766554","profile_assign_time":"2026-01-12T08:00:11Z","profile_push_time":"2026-01-13T10:02:45Z",
				"device_assigned_date":"2025-11-30T14:20:00Z","device_assigned_by":"it-admin@example-school.org","device_family":"iPad","os":"iPadOS",
				"wifi_mac_address":"3C:22:FB:10:9A:4E","bluetooth_mac_address":"3C:22:FB:10:9A:4F"}`, i)
		}
		page.WriteString(`]}`)
		served.pages = append(served.pages, page.String())
	}
	return served
}

func (p *paged) RoundTrip(r *http.Request) (*http.Response, error) {
	body := `{"auth_session_token":"S"}`
	switch r.URL.Path {
	case "/account":
		body = accountText
	case "/server/devices":
		asked, _ := io.ReadAll(r.Body)
		_, rest, _ := strings.Cut(string(asked), `"cursor":"`)
		text, _, _ := strings.Cut(rest, `"`)
		at, _ := strconv.Atoi(text) // 0 = the first
		body = p.pages[at]
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1, Request: r, Proto: "HTTP/1.1", ProtoMajor: 1}, nil
}

func (p *paged) size() int64 {
	n := 0
	for _, page := range p.pages {
		n += len(page)
	}
	return int64(n)
}

var sizes = []int{100, 5_000, 50_000}

// BenchmarkDevices lists the typed devices of servers of several sizes.
func BenchmarkDevices(b *testing.B) {
	for _, n := range sizes {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			served := newPaged(n)
			c := client(b, served)
			b.SetBytes(served.size())
			b.ReportAllocs()
			for b.Loop() {
				got := 0
				for d, err := range c.Devices(b.Context()) {
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

// BenchmarkSource lists a server as a source, with the record of each device:
// whole, limited to a few attributes, and with Apple's answer kept.
func BenchmarkSource(b *testing.B) {
	for name, bench := range map[string]struct {
		want mdm.Keys
		raw  bool
	}{"whole": {}, "few": {want: mdm.Keys{mdm.KeySerial, mdm.KeyModel}}, "raw": {raw: true}} {
		for _, n := range sizes {
			b.Run(name+"/"+strconv.Itoa(n), func(b *testing.B) {
				served := newPaged(n)
				src := client(b, served, func(cfg *ade.Config) { cfg.KeepRaw = bench.raw }).Source()
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
