// Command fakes runs the fake servers on fixed ports of this machine, so that
// a client of any kind can be tried against them. It prints the credentials
// and a few curl lines, and ends with Ctrl-C.
//
//	go run ./examples/fakes
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func main() {
	port := flag.Int("port", 8801, "first port; each server takes the next one")
	devices := flag.Int("devices", 0, "size of the district; 0 = the standard one")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, *port, *devices); err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, out io.Writer, port, devices int) error {
	district := fleet.New(fleet.Options{Devices: devices})
	fmt.Fprintf(out, "%s: %d schools, %d devices\n", district.Name, len(district.Schools), len(district.Devices))
	school, pro := jamfschooltest.New(district), jamfprotest.New(district)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 2)
	servers := []struct {
		handler  http.Handler
		describe func(address string) string
	}{
		{school, func(address string) string { return describeSchool(school, address) }},
		{pro, func(address string) string { return describePro(pro, address) }},
	}
	for i, s := range servers {
		if port != 0 && i > 0 {
			port++
		}
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return err
		}
		fmt.Fprintln(out, s.describe("http://"+listener.Addr().String()))
		go func() { ended <- serve(ctx, listener, s.handler) }()
	}
	fmt.Fprintln(out, "Stop with Ctrl-C.")
	var failed error
	for range servers {
		if err := <-ended; err != nil {
			failed = err
			cancel()
		}
	}
	return failed
}

// serve answers on a listener until ctx ends.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func describeSchool(fake *jamfschooltest.Fake, address string) string {
	return fmt.Sprintf(`
Jamf School at %[1]s
  network ID  %[2]s
  API key     %[3]s

  curl -u %[2]s:%[3]s -H 'Accept: application/json' -H 'X-Server-Protocol-Version: 3' %[1]s/api/locations
  curl -u %[2]s:%[3]s -H 'Accept: application/json' -H 'X-Server-Protocol-Version: 3' %[1]s/api/devices
  curl -u %[2]s:%[3]s -H 'Accept: application/json' -H 'X-Server-Protocol-Version: 3' %[1]s/api/dep

  JAMFSCHOOL_NETWORK_ID=%[2]s JAMFSCHOOL_KEY=%[3]s go run ./examples/quickstart -jamfschool %[1]s
`, address, fake.NetworkID, fake.Key)
}

func describePro(fake *jamfprotest.Fake, address string) string {
	return fmt.Sprintf(`
Jamf Pro at %[1]s
  client ID      %[2]s
  client secret  %[3]s

  curl -H 'Accept: application/json' -d grant_type=client_credentials --data-urlencode 'client_id=%[2]s' --data-urlencode 'client_secret=%[3]s' %[1]s/api/oauth/token
  curl -H 'Accept: application/json' -H "Authorization: Bearer $TOKEN" %[1]s/api/v1/jamf-pro-version

  JAMFPRO_CLIENT_ID='%[2]s' JAMFPRO_CLIENT_SECRET='%[3]s' go run ./examples/quickstart -jamfpro %[1]s
`, address, fake.ClientID, fake.ClientSecret)
}
