package inventory

import (
	"github.com/mdmlink/mdmlink/match"
)

// Codes of warnings. A warning that comes from matching has the code of its
// reason instead, such as "duplicate_record" or "new_shared".
const (
	WarnIdentityChanged = "identity_changed"   // a linked device has another serial now: a person decides
	WarnAlternating     = "alternating_source" // two records of one device take its link from each other
	WarnAssetMissing    = "asset_missing"      // the asset of a linked device is not in the inventory any more
	WarnCredential      = "credential"         // the state of a credential changed; see Run.Credential
)

// warn collects what a person should look at.
func (p *planner) warn(o match.Outcome, m *move) {
	if len(o.Warnings) > 0 {
		w := Warning{Code: o.Warnings[0].Code.String(), Device: o.Device, Reasons: o.Warnings, Others: o.Aliases}
		p.warnings = append(p.warnings, w)
	}
	for _, r := range o.Reasons {
		if r.Code == match.CodeIdentityChanged && m.old.State == EntryLinked {
			p.warnings = append(p.warnings, Warning{Code: WarnIdentityChanged, Device: o.Device, Reasons: []match.Reason{r}})
		}
	}
	if m.old.State == EntryLinked && !p.assets.has(m.old.Asset) {
		p.warnings = append(p.warnings, Warning{Code: WarnAssetMissing, Device: o.Device})
	}
}
