package ade_test

import (
	"context"
	"fmt"

	"github.com/mdmlink/mdmlink/abm/ade"
)

// A host makes a key pair, has its certificate uploaded in the portal, and
// imports the token that the portal gives for it.
func Example_link() {
	ctx := context.Background()
	keyring, err := ade.NewKeyring(ade.NewHostKey("2026-02")) // a real one comes from the host's configuration
	if err != nil {
		fmt.Println(err)
		return
	}
	registry, err := ade.NewRegistry(&ade.MemoryStore{}, keyring, "school-1")
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := registry.AddServer(ctx, "Inventory", 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	if server, err = registry.StageKey(ctx, server.ID, nil); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(server.Staged.CertificatePEM()) > 0, server.Condition.State)
	for _, step := range server.Phase().Next() {
		fmt.Println(step)
	}

	_, err = registry.ImportToken(ctx, server.ID, ade.Import{File: []byte("<!doctype html><html>")})
	fmt.Println(err)
	fmt.Println(ade.Explain(err).DE)
	// Output:
	// true pending
	// sign_in
	// open
	// add_server
	// upload
	// ade: token file: invalid: the file is no server token: it is a web page, such as a login page
	// Laden Sie das Server-Token hoch, eine Datei mit der Endung _smime.p7m, die das Portal für diesen Server ausgibt.
}
