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
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/examples/internal/district"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/mdmlink/mdmlink/vendors"
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
	people := fleet.New(fleet.Options{Devices: devices})
	fmt.Fprintf(out, "%s: %d schools, %d devices\n", people.Name, len(people.Schools), len(people.Devices))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, len(district.Kinds()))
	for i, kind := range district.Kinds() {
		fake, _ := district.New(kind, people)
		if port != 0 && i > 0 {
			port++
		}
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			return err
		}
		describe(out, fake, "http://"+listener.Addr().String())
		go func() { ended <- serve(ctx, listener, fake.Handler) }()
	}
	fmt.Fprintln(out, "Stop with Ctrl-C.")
	var failed error
	for range district.Kinds() {
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

// describe prints where a fake is, and how to try it.
func describe(out io.Writer, fake district.Fake, address string) {
	kind, _ := vendors.All().Find(fake.Kind)
	fmt.Fprintf(out, "\n%s at %s\n", kind.Title, address)
	for _, command := range fake.Try {
		fmt.Fprintf(out, "  %s\n", strings.ReplaceAll(command, "ADDRESS", address))
	}
	if fake.Base != nil { // a client of this library has the vendor's own address
		return
	}
	fmt.Fprintf(out, "  %s go run ./examples/quickstart -live %s\n", strings.Join(district.Variables(fake, address), " "), fake.Kind)
}
