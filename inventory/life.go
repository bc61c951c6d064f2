package inventory

import "slices"

// Stages in the life of a device, as a run counts them.
const (
	lifeListed   = "listed"
	lifeReturned = "returned"
	lifeMissing  = "missing"
)

// absent plans what happens to devices that are known and were not listed.
// Only a complete listing of the same tenant and the same part of it says that
// a device is missing, and nothing is ever deleted.
func (p *planner) absent() error {
	for _, e := range p.Entries {
		if e.Connection != p.Connection.ID || p.records[e.Device] != nil {
			continue
		}
		data := p.old[e.Device]
		if !data.Missed.IsZero() {
			p.life[lifeMissing]++
		}
		s := Step{Device: e.Device, Name: e.Name, Asset: e.Asset, Action: ActionMiss, Outcome: data.Outcome}
		next := e
		if p.succeeded(e) {
			next.State, next.Asset, s.Action, s.Asset = EntryAlias, "", ActionAlias, ""
		} else if !p.Listing.Complete || !p.Comparable || !data.Missed.IsZero() {
			continue
		}
		if data.Missed.IsZero() && p.Listing.Complete && p.Comparable {
			data.Missed, data.Runs = p.Now, 1
			p.life[lifeMissing]++
		}
		if err := p.add(s, e, next, data, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// succeeded reports whether a link of this connection went over to another
// device in this plan: the MDM gave the device another id.
func (p *planner) succeeded(e Entry) bool {
	heir, ok := p.heirs[e.Asset]
	return ok && e.State == EntryLinked && heir != e.Device
}

// hold keeps back groups of changes that are too large to happen unseen.
func (p *planner) hold() {
	groups := map[string][]string{}
	for _, s := range p.steps {
		if code := p.group(s); code != "" {
			groups[code] = append(groups[code], s.Device)
		}
	}
	known, links := 0, 0
	for _, e := range p.own {
		if e.State != EntryAlias && p.old[e.Device].Missed.IsZero() {
			known++
		}
		if e.State == EntryLinked {
			links++
		}
	}
	bases := map[string]int{HoldCreate: len(p.Assets), HoldMissing: known, HoldUnlink: links}
	for _, code := range []string{HoldCreate, HoldMissing, HoldUnlink} {
		devices := groups[code]
		limit := p.Connection.Limits.limit(code, bases[code])
		empty := code == HoldMissing && len(p.Records) == 0 && len(devices) > 0
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
		for i := range p.steps {
			if p.group(p.steps[i]) == code {
				p.steps[i].Held = h.Code
			}
		}
	}
}

// group is the group of changes that a step belongs to; "" = none.
func (p *planner) group(s Step) string {
	switch s.Action {
	case ActionCreate:
		return HoldCreate
	case ActionMiss:
		return HoldMissing
	case ActionDoubt:
		return HoldUnlink
	}
	return ""
}
