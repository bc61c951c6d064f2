package inventory

import (
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// Limits say when a run changes so much that a person has to look first. A
// group of changes is held if it is larger than its share of the devices (or
// assets) that were there before, and larger than Least.
type Limits struct {
	Create   float64 // share of the scope's assets that may be created; 0 = 0.20
	Missing  float64 // share of the connection's devices that may go missing; 0 = 0.05
	Unlink   float64 // share of the connection's links that may turn doubtful; 0 = 0.02
	Identity float64 // share of the connection's links of which an identifier may be written; 0 = 0.02
	Least    int     // so many changes of a group always pass; 0 = 10
}

// Codes of holds.
const (
	HoldCreate   = "create"        // so many assets would be created
	HoldMissing  = "missing"       // so many devices would go missing
	HoldUnlink   = "unlink"        // so many links would turn doubtful
	HoldIdentity = "identity"      // identifiers of so many linked assets would be written
	HoldEmpty    = "empty_listing" // the system lists no device at all, and had some before
)

// Hold is a group of changes that waits for approval. To approve it, hand it
// to the next run in Options.Approve: that run plans afresh, and lets the
// group pass if it holds no other devices.
type Hold struct {
	Code    string   `json:"code"`
	Count   int      `json:"count"`
	Limit   int      `json:"limit"`
	Devices []string `json:"devices"` // ids, sorted
}

// covers reports whether an approved hold lets another pass.
func (h Hold) covers(o Hold) bool {
	return h.Code == o.Code && !slices.ContainsFunc(o.Devices, func(id string) bool {
		_, found := slices.BinarySearch(h.Devices, id)
		return !found
	})
}

// limit returns how many changes of a group pass.
func (l Limits) limit(code string, base int) int {
	share := map[string]float64{HoldCreate: or(l.Create, 0.20), HoldMissing: or(l.Missing, 0.05), HoldUnlink: or(l.Unlink, 0.02),
		HoldIdentity: or(l.Identity, 0.02)}[code]
	return max(or(l.Least, 10), int(share*float64(base)))
}

func or[T comparable](a, b T) T {
	var zero T
	if a == zero {
		return b
	}
	return a
}

// hold keeps back groups of changes that are too large to happen unseen.
func (p *planner) hold() {
	groups := map[string][]string{}
	for i := range p.verdicts {
		if v := &p.verdicts[i]; v.group() != "" {
			groups[v.group()] = append(groups[v.group()], v.device)
		}
	}
	known, links := 0, 0
	for _, e := range p.own {
		if e.State != EntryAlias && e.data.Missed.IsZero() {
			known++
		}
		if e.State == EntryLinked {
			links++
		}
	}
	bases := map[string]int{HoldCreate: len(p.assets.matched), HoldMissing: known, HoldUnlink: links, HoldIdentity: links}
	for _, code := range []string{HoldCreate, HoldMissing, HoldUnlink, HoldIdentity} {
		devices := groups[code]
		limit := p.Connection.Limits.limit(code, bases[code])
		empty := code == HoldMissing && len(p.Records) == 0 && !p.Listing.Changes && len(devices) > 0
		if len(devices) <= limit && !empty {
			continue
		}
		h := Hold{Code: code, Count: len(devices), Limit: limit, Devices: slices.Sorted(slices.Values(devices))}
		if empty {
			h.Code, h.Limit = HoldEmpty, 0
		}
		if slices.ContainsFunc(p.Approved, func(a Hold) bool { return a.covers(h) }) {
			continue
		}
		p.holds = append(p.holds, h)
		for i := range p.verdicts {
			if v := &p.verdicts[i]; v.group() == code {
				v.held = h.Code
			}
		}
	}
}

// group is the group of changes that a verdict belongs to; "" = none.
func (v *verdict) group() string {
	switch {
	case v.action == ActionCreate:
		return HoldCreate
	case v.action == ActionMiss, v.action == ActionMove && v.known.data.Missed.IsZero():
		return HoldMissing
	case v.action == ActionDoubt && v.certain:
		return HoldUnlink
	case v.action == ActionUpdate && v.identity:
		return HoldIdentity
	}
	return ""
}

// identityKeys are the attributes that an asset is recognised by.
var identityKeys = mdm.Keys{mdm.KeySerial, mdm.KeyUDID, mdm.KeyDirectoryID, mdm.KeyIMEI, mdm.KeyMEID,
	mdm.KeyMAC, mdm.KeyMACWiFi, mdm.KeyMACEthernet, mdm.KeyAssetTag}
