package jamfschool_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/internal/liveheap"
	"github.com/mdmlink/mdmlink/jamfschool"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/require"
)

// BenchmarkDevices lists answers of several sizes; the largest has 50,000
// devices in 100 MB. peak-MB is how far the live heap grew.
func BenchmarkDevices(b *testing.B) {
	for _, n := range []int{100, 5_000, 50_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			element := longElement(b)
			base := roundTripper(func(r *http.Request) (*http.Response, error) {
				resp := answer{}.response(r)
				resp.Body = io.NopCloser(&repeated{element: element, left: n})
				return resp, nil
			})
			c, err := jamfschool.New(jamfschool.Config{Domain: "t.jamfcloud.com", NetworkID: "1", Key: mdm.NewSecret("K"), Transport: clienttest.Quick(base)})
			require.NoError(b, err)
			b.SetBytes(int64(n * len(element)))
			b.ReportAllocs()
			peak := liveheap.Start()
			for b.Loop() {
				got := 0
				for d, err := range c.Devices(b.Context(), nil) {
					if err != nil || d.SerialNumber == "" {
						b.Fatal(err)
					}
					got++
				}
				if got != n {
					b.Fatal(got)
				}
			}
			b.ReportMetric(peak.Stop(), "peak-MB")
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "devices/s")
		})
	}
}

// longElement is a device of two kilobytes: that of the reference, with more
// apps.
func longElement(b *testing.B) string {
	text, err := readFixture("devices.json")
	require.NoError(b, err)
	start := strings.Index(text, `{
      "UDID"`)
	end := strings.Index(text, `"apps": [`)
	app := `{"name":"Numbers","vendor":"Apple","identifier":"com.apple.Numbers","version":"14.1","icon":""},`
	return text[start:end] + `"apps": [` + strings.TrimSuffix(strings.Repeat(app, 10), ",") + `]}`
}

// repeated is the body of a list in which one device, with other numbers,
// stands again and again.
type repeated struct {
	element string
	left    int
	rest    string
	state   int
}

func (r *repeated) Read(p []byte) (int, error) {
	for r.rest == "" {
		switch {
		case r.state == 0:
			r.rest, r.state = `{"code":200,"devices":[`, 1
		case r.state == 1 && r.left > 0:
			comma := ","
			if r.left == 1 {
				comma = ""
			}
			r.rest = strings.Replace(r.element, "001F", fmt.Sprintf("%04X", r.left&0xffff), 1) + comma
			r.left--
		case r.state == 1:
			r.rest, r.state = `]}`, 2
		default:
			return 0, io.EOF
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
