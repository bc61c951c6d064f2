package intune_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/internal/liveheap"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fullRow is a device as a list of v1.0 without a choice of properties has it.
const fullRow = `{"id":"0a9b8c7d-1122-4334-8556-%012d","userId":"5d0f2c11-9a77-4b6e-8f33-0c1d2e3f4a5b","deviceName":"LAB-MAC-%d","managedDeviceOwnerType":"company","enrolledDateTime":"2025-11-03T09:14:27Z","lastSyncDateTime":"2026-03-02T17:40:11Z","operatingSystem":"macOS","complianceState":"compliant","jailBroken":"Unknown","managementAgent":"mdm","osVersion":"15.3.1 (24D70)","easActivated":false,"easDeviceId":"ApplK4TESTQ6VN","easActivationDateTime":"0001-01-01T00:00:00Z","azureADRegistered":true,"deviceEnrollmentType":"appleBulkWithUser","activationLockBypassCode":null,"emailAddress":"lena.vogel@school.example","azureADDeviceId":"6c1d2e3f-9a77-4b6e-8f33-%012d","deviceRegistrationState":"registered","deviceCategoryDisplayName":"Unknown","isSupervised":true,"exchangeLastSuccessfulSyncDateTime":"0001-01-01T00:00:00Z","exchangeAccessState":"none","exchangeAccessStateReason":"none","remoteAssistanceSessionUrl":null,"remoteAssistanceSessionErrorDetails":null,"isEncrypted":true,"userPrincipalName":"lena.vogel@school.example","model":"MacBook Air","manufacturer":"Apple","imei":"","complianceGracePeriodExpirationDateTime":"9999-12-31T23:59:59.9999999Z","serialNumber":"K4TEST%08d","phoneNumber":"","androidSecurityPatchLevel":"","userDisplayName":"Lena Vogel","configurationManagerClientEnabledFeatures":null,"wiFiMacAddress":"a4cf99%06x","deviceHealthAttestationState":{"lastUpdateDateTime":"","contentNamespaceUrl":"","deviceHealthAttestationStatus":"","contentVersion":"","issuedDateTime":"0001-01-01T00:00:00Z","attestationIdentityKey":"","resetCount":0,"restartCount":0,"dataExcutionPolicy":"","bitLockerStatus":"","bootManagerVersion":"","codeIntegrityCheckVersion":"","secureBoot":"","bootDebugging":"","operatingSystemKernelDebugging":"","codeIntegrity":"","testSigning":"","safeMode":"","windowsPE":"","earlyLaunchAntiMalwareDriverProtection":"","virtualSecureMode":"","pcrHashAlgorithm":"","bootAppSecurityVersion":"","bootManagerSecurityVersion":"","tpmVersion":"","pcr0":"","secureBootConfigurationPolicyFingerPrint":"","codeIntegrityPolicy":"","bootRevisionListInfo":"","operatingSystemRevListInfo":"","healthStatusMismatchInfo":"","healthAttestationSupportedStatus":""},"subscriberCarrier":"","meid":"","totalStorageSpaceInBytes":494384795648,"freeStorageSpaceInBytes":301122011136,"managedDeviceName":"lena.vogel_MacOS_11/3/2025_9:14 AM","partnerReportedThreatState":"unknown","requireUserEnrollmentApproval":null,"managementCertificateExpirationDate":"2026-10-30T07:02:44Z","iccid":null,"udid":null,"notes":null,"ethernetMacAddress":null,"physicalMemoryInBytes":0,"enrollmentProfileName":"School","managementState":"managed","deviceActionResults":[]}`

// prepared are pages of a list as bytes.
type prepared struct {
	pages map[string][]byte // by the query
	total int
	bytes int
}

const perPage = 1000

func prepare(n int) *prepared {
	p := &prepared{pages: map[string][]byte{}, total: n}
	for from := 0; from < n; from += perPage {
		var b bytes.Buffer
		b.WriteString(`{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#deviceManagement/managedDevices","@odata.count":1000,`)
		if from+perPage < n {
			fmt.Fprintf(&b, `"@odata.nextLink":"https://graph.microsoft.com/v1.0/deviceManagement/managedDevices?$skiptoken=%d",`, from+perPage)
		}
		b.WriteString(`"value":[`)
		for i := from; i < min(from+perPage, n); i++ {
			if i > from {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, fullRow, i, i, i, i, i)
		}
		b.WriteString(`]}`)
		key := ""
		if from > 0 {
			key = fmt.Sprint(from)
		}
		p.pages[key] = b.Bytes()
		p.bytes += b.Len()
	}
	return p
}

func (p *prepared) answer(r *http.Request) []byte {
	switch {
	case strings.HasSuffix(r.URL.Path, "/token"):
		return []byte(`{"token_type":"Bearer","expires_in":3599,"access_token":"Token-of-the-tests-1"}`)
	case strings.HasSuffix(r.URL.Path, "Overview"):
		return fmt.Appendf(nil, `{"enrolledDeviceCount":%d}`, p.total)
	}
	_, from, _ := strings.Cut(r.URL.RawQuery, "skiptoken=")
	return p.pages[from]
}

func (p *prepared) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		r.Body.Close()
	}
	body := p.answer(r)
	return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)), Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}, nil
}

// serve is the same over a socket of this machine, whatever host is asked.
func (p *prepared) serve(tb testing.TB) http.RoundTripper {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body := p.answer(r)
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		_, _ = w.Write(body) // the client may have gone
	}))
	tb.Cleanup(server.Close)
	address := strings.TrimPrefix(server.URL, "http://")
	base := &http.Transport{DisableCompression: true}
	tb.Cleanup(base.CloseIdleConnections)
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.URL.Scheme, r.URL.Host = "http", address
		return base.RoundTrip(r)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// readAll reads the bytes of all pages and nothing else.
func (p *prepared) readAll(tb testing.TB, base http.RoundTripper) {
	buffer := make([]byte, 128<<10)
	total := 0
	for from := 0; from < p.total; from += perPage {
		link := graph + "/v1.0" + devices
		if from > 0 {
			link += fmt.Sprintf("?$skiptoken=%d", from)
		}
		r, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, link, http.NoBody)
		require.NoError(tb, err)
		response, err := base.RoundTrip(r)
		require.NoError(tb, err)
		for err == nil {
			var n int
			n, err = response.Body.Read(buffer)
			total += n
		}
		response.Body.Close()
	}
	require.Equal(tb, p.bytes, total)
}

// cpu is the time that this process has computed so far, without and with the
// system's share.
func cpu() (user, all time.Duration) {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // cannot fail for this process
	user = time.Duration(u.Utime.Nano())
	return user, user + time.Duration(u.Stime.Nano())
}

// BenchmarkDevices lists full devices from a service that only writes bytes,
// in memory and over a socket. of-reading and of-reading-user are how many
// times as much processor time it takes as reading the same bytes, with and
// without that of the system; peak-MB is how far the heap grew.
func BenchmarkDevices(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		for _, name := range []string{"memory", "socket"} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				p := prepare(n)
				base := http.RoundTripper(p)
				if name == "socket" {
					base = p.serve(b)
				}
				cfg := func(cfg *intune.Config) { cfg.Transport = transport.Options{Base: base} }
				c := (&tenant{}).client(b, cfg)
				walkAll(b, c, n)
				b.ReportAllocs()
				var before, after runtime.MemStats
				peak := liveheap.Start()
				runtime.ReadMemStats(&before)
				user, all := cpu()
				for b.Loop() {
					walkAll(b, c, n)
				}
				user2, all2 := cpu()
				runtime.ReadMemStats(&after)
				b.ReportMetric(peak.Stop(), "peak-MB")
				count := float64(b.N * n)
				b.ReportMetric(count/b.Elapsed().Seconds(), "devices/s")
				b.ReportMetric(float64(after.Mallocs-before.Mallocs)/count, "allocs/device")
				user3, all3 := cpu()
				for range b.N {
					p.readAll(b, base)
				}
				user4, all4 := cpu()
				b.ReportMetric((user2-user).Seconds()/(user4-user3).Seconds(), "of-reading-user")
				b.ReportMetric((all2-all).Seconds()/(all4-all3).Seconds(), "of-reading")
				b.ReportMetric(float64((user2-user).Nanoseconds())/count, "user-ns/device")
			})
		}
	}
}

func walkAll(tb testing.TB, c *intune.Client, want int) {
	got := 0
	for d, err := range c.Devices(tb.Context(), nil) {
		if err != nil {
			require.NoError(tb, err)
		}
		if d.ID != "" {
			got++
		}
	}
	require.Equal(tb, want, got)
}

// TestDevicesAllocations bounds what one device costs.
func TestDevicesAllocations(t *testing.T) {
	const n = 2000
	p := prepare(n)
	c := (&tenant{}).client(t, func(cfg *intune.Config) { cfg.Transport = transport.Options{Base: p} })
	walkAll(t, c, n)
	assert.Less(t, testing.AllocsPerRun(3, func() { walkAll(t, c, n) })/n, 15.0)
}
