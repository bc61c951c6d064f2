package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

// create remembers a new server entry and makes its first key pair.
func (t *tool) create(ctx context.Context, args []string) error {
	server, err := t.registry.AddServer(ctx, args[0], 0)
	if err != nil {
		return err
	}
	t.line("Server %q is known now.", server.Name)
	return t.stageFor(ctx, server)
}

// stage makes the key pair of the next token. The one in use goes on working.
func (t *tool) stage(ctx context.Context, args []string) error {
	server, err := t.server(ctx, args[0])
	if err != nil {
		return err
	}
	return t.stageFor(ctx, server)
}

func (t *tool) stageFor(ctx context.Context, server *ade.Server) error {
	pair, err := t.pair(ctx)
	if err != nil {
		return err
	}
	server, err = t.registry.StageKey(ctx, server.ID, pair)
	if err != nil {
		return err
	}
	file := fileName(server.Name) + ".pem"
	if err := os.WriteFile(file, server.Staged.CertificatePEM(), 0o644); err != nil {
		return err
	}
	t.line("Its certificate is in %s.", file)
	if server.Token.IsZero() {
		t.steps(server.Phase().Next())
	} else {
		t.steps(ade.RenewSteps(true))
	}
	return nil
}

func (t *tool) steps(steps []ade.Step) {
	for i, step := range steps {
		where := "portal"
		if step.Here() {
			where = "here"
		}
		t.line("  %d. (%s) %s", i+1, where, step.Text().EN)
	}
}

// inspect says what a file is, without any key.
func (t *tool) inspect(_ context.Context, args []string) error {
	file, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	i, err := ade.Inspect(file)
	t.line("The file is %s.", i.Kind.Text().EN)
	if err != nil {
		return err
	}
	t.line("Its content is encrypted with %s.", i.Cipher)
	for _, serial := range i.Recipients {
		t.line("It was made for the certificate with the serial number %s.", serial)
	}
	return nil
}

// open opens a token with the pairs of all servers, or with one that was made
// elsewhere, and keeps nothing of it.
func (t *tool) open(ctx context.Context, args []string) error {
	file, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	own, err := t.pair(ctx)
	if err != nil {
		return err
	}
	servers, err := t.registry.Servers(ctx)
	if err != nil {
		return err
	}
	pairs := []*ade.KeyPair{own}
	for _, s := range servers {
		pairs = append(pairs, s.Staged, s.Current, s.Previous)
	}
	opened, err := ade.Open(file, pairs...)
	if err != nil {
		return err
	}
	fingerprint, err := opened.Token.Fingerprint(ctx)
	if err != nil {
		return err
	}
	t.line("The token %s opens with the %s.", fingerprint, opened.Key)
	t.line("It ends on %s.", day(opened.Token.Expiry))
	for _, s := range servers {
		if s.TokenID == fingerprint {
			t.line("It is the one that %q uses.", s.Name)
		}
	}
	t.warn(opened.Warnings)
	return nil
}

// take imports the first token of a server.
func (t *tool) take(ctx context.Context, args []string) error {
	server, err := t.server(ctx, args[0])
	if err != nil {
		return err
	}
	if !server.Token.IsZero() {
		return refuse(mdm.ErrConflict, "the server has a token already", "Use: tokens renew NAME FILE")
	}
	return t.importInto(ctx, server, args[1])
}

// renew puts a token in place of the one in use, if it is the right one.
func (t *tool) renew(ctx context.Context, args []string) error {
	server, err := t.server(ctx, args[0])
	if err != nil {
		return err
	}
	if server.Token.IsZero() {
		return refuse(mdm.ErrConflict, "the server has no token yet", "Use: tokens import NAME FILE")
	}
	return t.importInto(ctx, server, args[1])
}

func (t *tool) importInto(ctx context.Context, server *ade.Server, name string) error {
	file, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	in := ade.Import{File: file, Reason: ade.Reason(t.reason),
		Options: ade.RenewalOptions{ReplaceServer: t.replace, AllowUnverified: t.offline}}
	if in.Key, err = t.pair(ctx); err != nil {
		return err
	}
	if !t.offline {
		in.Confirm = ade.Confirm(ade.Config{Address: t.address})
	}
	done, err := t.registry.ImportToken(ctx, server.ID, in)
	if err != nil {
		return err
	}
	t.line("The token of %q is in place and ends on %s.", done.Server.Name, day(done.Server.Token.Expiry))
	if done.Server.Verified {
		t.line("Apple confirmed it.")
	}
	if name := done.Server.SuggestedName(); name != "" {
		t.line("In the portal the server is called %q.", name)
	}
	if done.NewServer {
		t.line("It is of another server entry: fetch all its devices anew.")
	}
	t.warn(done.Warnings)
	t.notices(done.Notices)
	return nil
}

// status shows every server, and tells each warning once.
func (t *tool) status(ctx context.Context, _ []string) error {
	now := time.Now()
	due, err := t.registry.Tick(ctx, now)
	if err != nil {
		return err
	}
	servers, err := t.registry.Servers(ctx)
	if err != nil {
		return err
	}
	if len(servers) == 0 {
		t.line("There is no server yet. Begin with: tokens new NAME")
	}
	for _, s := range servers {
		t.line("%s: %s", s.Name, s.Condition.State.Name().EN)
		if !s.Token.IsZero() {
			t.line("  the token %s ends on %s, in %d days", s.TokenID, day(s.Token.Expiry), int(s.Token.Expiry.Sub(now).Hours()/24))
			t.line("  %s", s.Condition.State.Text().EN)
		}
		if !s.Verified && !s.Token.IsZero() {
			t.line("  Apple did not confirm it yet")
		}
		if s.Staged != nil {
			t.line("  a key pair waits for the next token: its certificate has the serial number %s", s.Staged.Serial())
		}
		t.steps(s.Phase().Next())
		t.notices(due[s.ID])
	}
	return nil
}

func (t *tool) warn(warnings []ade.Warning) {
	for _, w := range warnings {
		t.line("Note: %s", w.Text().EN)
	}
}

func (t *tool) notices(notices []ade.Notice) {
	for _, n := range notices {
		t.line("  ! %s", n.Text().EN)
	}
}

// server finds a server by its name.
func (t *tool) server(ctx context.Context, name string) (*ade.Server, error) {
	all, err := t.registry.Servers(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if strings.EqualFold(s.Name, name) {
			return s, nil
		}
	}
	return nil, refuse(mdm.ErrNotFound, fmt.Sprintf("there is no server %q", name), "Look at: tokens status")
}

// pair reads the pair that was made elsewhere; nil if none is named.
func (t *tool) pair(ctx context.Context) (*ade.KeyPair, error) {
	if t.keyFile == "" {
		return nil, nil
	}
	key, err := os.ReadFile(t.keyFile)
	if err != nil {
		return nil, err
	}
	files := ade.KeyFiles{Key: key}
	if t.certFile != "" {
		if files.Certificate, err = os.ReadFile(t.certFile); err != nil {
			return nil, err
		}
	}
	if t.passwordFile != "" {
		text, err := os.ReadFile(t.passwordFile)
		if err != nil {
			return nil, err
		}
		password, _, _ := strings.Cut(string(text), "\n")
		files.Password = mdm.NewSecret(strings.TrimSuffix(password, "\r"))
	}
	return ade.ReadKeyPair(ctx, files)
}

func refuse(kind error, detail, advice string) error {
	return &mdm.Error{Op: "tokens", Kind: kind, Detail: detail, Advice: advice}
}

func day(at time.Time) string { return at.Format("2 January 2006") }

// fileName makes a name of a file out of that of a server.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' || r == filepath.Separator {
			return '-'
		}
		return r
	}, name)
}
