package mdmtest

import (
	"errors"

	"github.com/mdmlink/mdmlink/mdm"
)

func abilityClauses() []clause {
	return []clause{
		{"software", "software has a name and a device, and the rows of one device stand together", (*probe).software},
		{"sites", "sites have ids that no others have", (*probe).sites},
		{"health", "the state of a credential names it and says what it is", (*probe).health},
	}
}

func (p *probe) software() {
	lister, ok := mdm.As[mdm.SoftwareLister](p.src)
	if !ok {
		return
	}
	l, _ := p.whole()
	for _, wanted := range [][]string{nil, ids(l.records)} {
		last, seen := "", map[string]bool{}
		for row, err := range lister.Software(p.ctx, wanted) {
			if err != nil {
				if wanted != nil || !errors.Is(err, mdm.ErrUnsupported) {
					p.failf("listing software fails: %v", err)
				}
				break
			}
			if row.Name == "" || row.Device == "" {
				p.failf("a row has no name or no device")
			}
			if row.Device != last && seen[row.Device] {
				p.failf("the rows of a device do not stand together")
			}
			last, seen[row.Device] = row.Device, true
		}
	}
}

func (p *probe) sites() {
	lister, ok := mdm.As[mdm.SiteLister](p.src)
	if !ok {
		return
	}
	seen := map[string]bool{}
	for site, err := range lister.Sites(p.ctx) {
		if err != nil {
			p.failf("listing sites fails: %v", err)
			return
		}
		if site.ID == "" || seen[site.ID] {
			p.failf("a site has no id, or that of another one")
		}
		seen[site.ID] = true
	}
}

func (p *probe) health() {
	reporter, ok := mdm.As[mdm.HealthReporter](p.src)
	if !ok {
		return
	}
	states, err := reporter.Health(p.ctx)
	if err != nil {
		p.failf("asking for it fails: %v", err)
	}
	for _, h := range states {
		if h.Credential == "" {
			p.failf("a credential has no name")
		}
		if (h.State == mdm.HealthBroken) != (h.Err != nil) {
			p.failf("credential %q is %q with the error %v", h.Credential, h.State, h.Err)
		}
	}
}
