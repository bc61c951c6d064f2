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
	fake := jamfschooltest.New(district)
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return err
	}
	server := &http.Server{Handler: fake, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	describe(out, "http://"+listener.Addr().String(), fake, district)
	select {
	case <-ctx.Done():
	case err := <-failed:
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	err = server.Shutdown(ctx)
	if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
		return served
	}
	return err
}

func describe(out io.Writer, address string, fake *jamfschooltest.Fake, district *fleet.District) {
	fmt.Fprintf(out, `%s: %d schools, %d devices

Jamf School at %s
  network ID  %s
  API key     %s

  curl -u %[5]s:%[6]s -H 'Accept: application/json' -H 'X-Server-Protocol-Version: 3' %[4]s/api/locations
  curl -u %[5]s:%[6]s -H 'Accept: application/json' -H 'X-Server-Protocol-Version: 3' %[4]s/api/devices
  curl -u %[5]s:%[6]s -H 'Accept: application/json' -H 'X-Server-Protocol-Version: 3' %[4]s/api/dep

  JAMFSCHOOL_NETWORK_ID=%[5]s JAMFSCHOOL_KEY=%[6]s go run ./examples/quickstart -jamfschool %[4]s

Stop with Ctrl-C.
`, district.Name, len(district.Schools), len(district.Devices), address, fake.NetworkID, fake.Key)
}
