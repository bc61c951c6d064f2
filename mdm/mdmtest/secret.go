package mdmtest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

func secretClauses() []clause {
	return []clause{{"secrets", "no secret shows, however a source and what it gives are printed", (*probe).secrets}}
}

func (p *probe) secrets() {
	if len(p.opts.Secrets) == 0 {
		return
	}
	p.hush("the source", p.src)
	p.hush("its Info", p.src.Info())
	l, _ := p.whole()
	for _, page := range l.pages {
		p.hush("a page", page)
	}
	for _, d := range l.devices {
		p.hush("a device", d)
		p.hush("a record", d.Record())
		if raw, ok := mdm.As[mdm.Raw](d); ok {
			p.hush("the vendor's answer", string(raw.Raw()))
		}
	}
	ended, cancel := context.WithCancel(p.ctx)
	cancel()
	_, missing := p.src.Device(p.ctx, p.opts.missing())
	for _, err := range []error{missing, p.list(ended, mdm.Query{}).err, p.list(p.ctx, mdm.Query{From: "?? no cursor ??"}).err} {
		p.hush("an error", err)
	}
	p.hushAbilities()
}

func (p *probe) hushAbilities() {
	if checker, ok := mdm.As[mdm.Checker](p.src); ok {
		for step := range checker.Check(p.ctx) {
			p.hush("a step", step)
		}
	}
	if reporter, ok := mdm.As[mdm.HealthReporter](p.src); ok {
		states, err := reporter.Health(p.ctx)
		p.hush("the health", states)
		p.hush("an error", err)
	}
	if lister, ok := mdm.As[mdm.SiteLister](p.src); ok {
		for site, err := range lister.Sites(p.ctx) {
			p.hush("a site", site)
			p.hush("an error", err)
		}
	}
}

// hush fails if a rendering of v shows a secret.
func (p *probe) hush(what string, v any) {
	for how, text := range renderings(v) {
		for _, secret := range p.opts.Secrets {
			if secret == "" {
				continue
			}
			for _, form := range disguises(secret) {
				if strings.Contains(text, form) {
					p.failf("%s shows a secret when printed with %s", what, how)
					return
				}
			}
		}
	}
}

// renderings prints v in every way that a host may.
func renderings(v any) map[string]string {
	all := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		all[verb] = fmt.Sprintf(verb, v)
	}
	var text, structured bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("", "v", v)
	slog.New(slog.NewJSONHandler(&structured, nil)).Info("", "v", v)
	all["slog as text"], all["slog as JSON"] = text.String(), structured.String()
	if encoded, err := json.Marshal(v); err == nil {
		all["JSON"] = string(encoded)
	}
	return all
}

// disguises are the forms in which a secret may show.
func disguises(secret string) []string {
	quoted, _ := json.Marshal(secret)
	return []string{secret, strings.Trim(fmt.Sprintf("%q", secret), `"`), strings.Trim(string(quoted), `"`),
		url.QueryEscape(secret), hex.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret))}
}
