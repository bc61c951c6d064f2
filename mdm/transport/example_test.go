package transport_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"golang.org/x/oauth2/clientcredentials"
)

// An adapter of a host's own describes its system in a Profile and takes the
// host's Options as they are.
func ExampleNew() {
	address, _ := url.Parse("https://mdm.example.com/api/v2")
	client, err := transport.New(transport.Options{UserAgent: "inventory/3.1"}, transport.Profile{
		Origin:  mdm.Origin{Kind: "ourmdm", Address: "https://mdm.example.com"},
		Address: address,
		Auth: transport.Bearer(&clientcredentials.Config{
			ClientID: "inventory", ClientSecret: "…", TokenURL: "https://mdm.example.com/oauth/token",
		}),
		Limiter:  transport.Rate(100, time.Minute, 0),
		PageSize: 100, MaxPageSize: 500,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.Origin(), client.PageSize())
	// Output: ourmdm https://mdm.example.com 100
}

// A host reaches the systems through a proxy, and lets all its clients of one
// vendor share a budget.
func ExampleOptions() {
	proxy, _ := url.Parse("http://sync:secret@proxy.school.example:3128")
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.Proxy = http.ProxyURL(proxy)
	options := transport.Options{
		Base:           base,
		Limiter:        transport.Rate(1000, 10*time.Second, 0),
		AttemptTimeout: 50 * time.Second, // the proxy's is 60 s
		PageSize:       100,
	}
	fmt.Println(options.PageSize)
	// Output: 100
}

// A connection test says why a system cannot be reached, and what to do.
func ExampleDiagnose() {
	address, _ := url.Parse("http://127.0.0.1:1")
	client, err := transport.New(
		transport.Options{Base: &http.Transport{}, Retry: transport.Retry{Disabled: true}},
		transport.Profile{Origin: mdm.Origin{Kind: "ourmdm"}, Address: address},
	)
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Do(context.Background(), transport.Request{Op: "version", Path: "/version"})
	fmt.Println(err)
	fmt.Println(transport.Diagnose(err).Reason)
	// Output:
	// ourmdm: version: unavailable: connection refused
	// refused
}
