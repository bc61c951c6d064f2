package inventory

import (
	"fmt"
	"slices"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// planner is one run of NewPlan.
type planner struct {
	PlanInput
	*tally
	rules   []rule
	display Mapper
	printer printer

	order    []string            // ids of the devices that are there
	readings map[string]*reading // by device
	removed  map[string]bool
	requests map[string][]Request

	own     map[string]*known   // entries of this connection, by device
	others  []*known            // entries of the other connections of the scope
	byAsset map[string]*known   // a linked entry, and through it the others of the asset
	serials map[string][]*known // live and missing entries of other connections, by strong serial
	bereft  map[string]bool     // strong serials of devices whose asset a person removed
	links   []match.Link
	decided []match.Decision
	heirs   map[string]string // devices that are linked in this plan, by asset

	moves    []move        // that are not weighed yet
	spare    []FieldChange // of the move that begins
	verdicts []verdict
	holds    []Hold
}

// reading is what is known of a device that is there.
type reading struct {
	record     *mdm.Record // joined with what was stored before
	print      string      // of what was read alone
	fresh      bool        // read in this run; otherwise it is what was stored
	changed    bool        // the record that is stored must be replaced
	remembered bool        // stored by an earlier run
}

// known is an entry with its data, which Entry.Data does not hold any more.
type known struct {
	Entry
	data entryData
	also *known // another entry that is linked to the same asset; nil = none
}

// decode reads the data of the entry.
func (k *known) decode() error {
	err := k.data.decode(k.Entry)
	k.Data = nil
	return err
}

func newPlanner(in PlanInput) (*planner, error) {
	p := &planner{PlanInput: in, tally: newTally(), heirs: map[string]string{}}
	rules, err := in.Connection.rules()
	if err != nil {
		return nil, fmt.Errorf("inventory: connection: %w: %w", mdm.ErrInvalid, err)
	}
	for _, r := range rules {
		p.rules = append(p.rules, r.ready())
	}
	if p.display, err = in.Connection.display(); err != nil {
		return nil, fmt.Errorf("inventory: connection: %w: %w", mdm.ErrInvalid, err)
	}
	if err := p.indexEntries(); err != nil {
		return nil, err
	}
	if p.assets == nil {
		p.assets = newAssets(len(p.Assets))
		for i := range p.Assets {
			p.assets.add(&p.Assets[i])
		}
	}
	if err := p.read(); err != nil {
		return nil, err
	}
	p.indexLinks()
	return p, nil
}

func (p *planner) indexEntries() error {
	if p.known == nil {
		all := make([]known, len(p.Entries))
		p.known = make([]*known, len(all))
		for i := range all {
			all[i].Entry, p.known[i] = p.Entries[i], &all[i]
		}
		err := parallel(len(all), func(from, to int) error {
			var err error
			for i := from; i < to && err == nil; i++ {
				err = all[i].decode()
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	p.own = make(map[string]*known, len(p.known))
	p.byAsset, p.serials, p.bereft = make(map[string]*known, len(p.known)), map[string][]*known{}, map[string]bool{}
	for _, k := range slices.Backward(p.known) {
		if k.State == EntryLinked {
			k.also, p.byAsset[k.Asset] = p.byAsset[k.Asset], k
		}
	}
	for _, k := range p.known {
		if k.Connection == p.Connection.ID {
			p.own[k.Device] = k
			if k.data.Bereft != "" && k.Serial != "" {
				p.bereft[k.Serial] = true
			}
			continue
		}
		p.others = append(p.others, k)
		p.addSerial(k)
	}
	for _, e := range p.Elsewhere {
		k := &known{Entry: e}
		if err := k.decode(); err != nil {
			return err
		}
		p.addSerial(k)
	}
	return nil
}

func (p *planner) addSerial(k *known) {
	if k.Serial != "" && k.State != EntryAlias {
		p.serials[k.Serial] = append(p.serials[k.Serial], k)
	}
}

// read takes up what was listed, and for a listing of changes what was stored
// of all devices that it does not mention.
func (p *planner) read() error {
	p.readings = make(map[string]*reading, len(p.Records))
	p.order = make([]string, 0, len(p.Records))
	for i := range p.Records {
		print := ""
		if p.prints != nil {
			print = p.prints[i]
		} else {
			print = p.print(&p.Records[i])
		}
		if err := p.take(&p.Records[i], print); err != nil {
			return err
		}
	}
	if p.whole() { // what broke off proves nothing
		p.removed = set(p.Removed)
	}
	p.requests = map[string][]Request{}
	for _, r := range p.Requests {
		p.requests[r.Receipt.Device] = append(p.requests[r.Receipt.Device], r)
	}
	if !p.Listing.Changes {
		return nil
	}
	for _, k := range p.known {
		if k.Connection != p.Connection.ID || p.readings[k.Device] != nil || p.removed[k.Device] || !k.data.Missed.IsZero() {
			continue
		}
		record, err := k.data.stored()
		if err != nil {
			return err
		}
		record.ID = k.Device
		p.readings[k.Device] = &reading{record: &record, remembered: true}
		p.order = append(p.order, k.Device)
	}
	return nil
}

// take takes up one record that was read.
func (p *planner) take(r *mdm.Record, print string) error {
	at := &reading{record: r, print: print, fresh: true, changed: true}
	k := p.own[r.ID]
	detail, detailed := p.Details[r.ID]
	if detailed {
		joined := detail.Or(*r)
		at.record = &joined
	}
	if k != nil && !k.data.Forgot {
		at.remembered = true
		at.changed = detailed || k.data.Print != at.print
		if at.changed || k.data.More {
			stored, err := k.data.stored()
			if err != nil {
				return err
			}
			merged := joined(*at.record, stored)
			at.record = &merged
		}
	}
	if p.readings[r.ID] == nil {
		p.order = append(p.order, r.ID)
	}
	p.readings[r.ID] = at
	return nil
}

// print is the fingerprint of what may be stored of a record.
func (p *planner) print(r *mdm.Record) string {
	return p.printer.fingerprint(p.kept(r))
}

// indexLinks collects the links and decisions that matching has to honour.
func (p *planner) indexLinks() {
	p.links = make([]match.Link, 0, len(p.known))
	for _, k := range p.others {
		if k.State == EntryLinked {
			p.links = append(p.links, match.Link{Connection: k.Connection, Device: k.Device, Asset: k.Asset, Serial: k.Serial})
		}
	}
	for _, k := range p.known {
		if k.Connection != p.Connection.ID {
			continue
		}
		p.decided = append(p.decided, k.data.Decisions...)
		if k.State != EntryLinked {
			continue
		}
		link := match.Link{Connection: k.Connection, Device: k.Device, Asset: k.Asset, Serial: or(k.data.Serial, k.Serial), At: k.data.Linked}
		if p.readings[k.Device] == nil { // it may be there under another id
			if r, err := k.data.stored(); err == nil {
				link.UDID, link.DirectoryID = r.UDID, r.DirectoryID
			}
		}
		p.links = append(p.links, link)
	}
	p.adopt()
}

// adopt finds assets that an earlier run created whose entry was never
// written: their key tells for which device they are.
func (p *planner) adopt() {
	if !p.assets.keyed() {
		return
	}
	keys := make(map[string]string)
	for _, id := range p.order {
		k := p.own[id]
		births := 0
		if k != nil {
			births = k.data.Births
		}
		if k == nil || k.State != EntryLinked {
			keys[p.Connection.key(id, births)] = id
		}
	}
	for i := range p.assets.matched {
		id := p.assets.matched[i].ID
		device, ok := keys[p.assets.others[i].key]
		if !ok || p.byAsset[id] != nil {
			continue
		}
		if k := p.own[device]; k != nil && k.data.rejected(id) {
			continue
		}
		p.links = append(p.links, match.Link{Connection: p.Connection.ID, Device: device, Asset: id,
			Serial: strongSerial(p.readings[device].record)})
	}
}

func (p *planner) matchInput() match.Input {
	in := match.Input{Connection: p.Connection.ID, Assets: p.assets.matched, Links: p.links, Decisions: p.decided, Sites: p.Connection.Sites,
		Policy: p.Connection.Match, Now: p.Now}
	in.Devices = make([]match.Device, len(p.order))
	for i, id := range p.order {
		in.Devices[i] = matchDevice(p.readings[id].record)
	}
	return in
}
