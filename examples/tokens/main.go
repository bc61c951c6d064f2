// Command tokens looks after the server tokens of Apple's automated device
// enrolment: it makes key pairs, opens the token files that the portal gives,
// says how each token is, and renews them without putting a wrong one in
// place of a good one. It keeps everything encrypted in a folder and never
// prints a secret.
//
//	tokens new NAME            a server entry with a key pair; writes NAME.pem to upload in the portal
//	tokens inspect FILE        what a file is, and for which certificates a token was made
//	tokens open FILE           opens a token without keeping it
//	tokens import NAME FILE    the first token of a server
//	tokens renew NAME FILE     a token in place of the one in use
//	tokens stage NAME          a key pair for the next token; writes NAME.pem
//	tokens status              all servers, with what has to be done
//
// The folder is -dir. Its values are encrypted with the key in -host-key,
// which is made if it is not there: keep it elsewhere than the folder.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, os.Args[1:]); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "tokens:", err)
			fmt.Fprintln(os.Stderr, explain(err))
		}
		os.Exit(1)
	}
}

// explain says what a person can do about an error.
func explain(err error) string {
	if text := ade.Explain(err); text.EN != "" {
		return text.EN
	}
	return mdm.Advice(err)
}

// tool is one call of the command.
type tool struct {
	out  io.Writer
	dir  string // of the values
	host string // file of the host's key

	keyFile, certFile, passwordFile string // of a pair that was made elsewhere

	address string // of a test server in place of Apple's
	offline bool   // Apple is not asked whose a token is
	replace bool   // take the token of another server entry
	reason  string

	registry *ade.Registry
}

// commands are what the tool can do, each with the number of its arguments.
var commands = []struct {
	name string
	args []string
	run  func(*tool, context.Context, []string) error
}{
	{"new", []string{"NAME"}, (*tool).create},
	{"inspect", []string{"FILE"}, (*tool).inspect},
	{"open", []string{"FILE"}, (*tool).open},
	{"import", []string{"NAME", "FILE"}, (*tool).take},
	{"renew", []string{"NAME", "FILE"}, (*tool).renew},
	{"stage", []string{"NAME"}, (*tool).stage},
	{"status", nil, (*tool).status},
}

func run(ctx context.Context, out io.Writer, args []string) error {
	t := &tool{out: out}
	flags := flag.NewFlagSet("tokens", flag.ContinueOnError)
	flags.StringVar(&t.dir, "dir", "tokens.d", "folder in which servers, tokens and keys are kept, encrypted")
	flags.StringVar(&t.host, "host-key", "tokens.key", "file of the key that encrypts them")
	flags.StringVar(&t.keyFile, "key", "", "private key of a pair that was made elsewhere (PEM or DER)")
	flags.StringVar(&t.certFile, "cert", "", "certificate of that pair; not needed if it is in the key file")
	flags.StringVar(&t.passwordFile, "password-file", "", "file with the password of the key in its first line")
	flags.StringVar(&t.address, "address", "", "address of a test server on this machine in place of Apple's")
	flags.BoolVar(&t.offline, "offline", false, "do not ask Apple whose a token is; it is kept as unverified")
	flags.BoolVar(&t.replace, "replace-server", false, "take a token of another server entry of the same organisation")
	flags.StringVar(&t.reason, "reason", "", "why a token is renewed: expiry, key, newer, password, left, other")
	flags.Usage = func() { t.usage(flags) }
	if err := flags.Parse(args); err != nil {
		return err
	}
	for _, c := range commands {
		if c.name == flags.Arg(0) && flags.NArg() == 1+len(c.args) {
			if c.name != "inspect" { // which needs no folder
				if err := t.begin(); err != nil {
					return err
				}
			}
			return c.run(t, ctx, flags.Args()[1:])
		}
	}
	t.usage(flags)
	return flag.ErrHelp
}

func (t *tool) usage(flags *flag.FlagSet) {
	for _, c := range commands {
		t.line("tokens %s %s", c.name, strings.Join(c.args, " "))
	}
	flags.SetOutput(t.out)
	flags.PrintDefaults()
}

// begin opens the folder.
func (t *tool) begin() error {
	key, err := hostKey(t.host)
	if err != nil {
		return err
	}
	ring, err := ade.NewKeyring(key)
	if err != nil {
		return err
	}
	t.registry, err = ade.NewRegistry(&folder{dir: t.dir}, ring, "tokens")
	return err
}

func (t *tool) line(format string, args ...any) { fmt.Fprintf(t.out, format+"\n", args...) }
