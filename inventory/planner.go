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
	rules   []Rule
	display Mapper
	printer printer // of what is read
	damage  error   // the first stored data that could not be read; nil = none

	order    []string            // ids of the devices that are there
	readings map[string]*reading // by device
	removed  map[string]bool
	requests map[string][]Request

	assets  map[string]*Asset
	own     map[string]*known   // entries of this connection, by device
	others  []*known            // entries of the other connections of the scope
	byAsset map[string]*known   // a linked entry, and through it the others of the asset
	serials map[string][]*known // live and missing entries of other connections, by strong serial
	links   []match.Link
	decided []match.Decision
	heirs   map[string]string // devices that are linked in this plan, by asset

	moves      []move // that are not steps yet
	steps      []Step
	outcomes   map[string]int
	life       map[string]int
	attributes Attributes
	holds      []Hold
	warnings   []Warning
}

// reading is what is known of a device that is there.
type reading struct {
	record     *mdm.Record // joined with what was stored before
	print      string      // of what was read alone
	fresh      bool        // read in this run; otherwise it is what was stored
	changed    bool        // the record that is stored must be replaced
	remembered bool        // stored by an earlier run
}

// known is an entry with its data.
type known struct {
	*Entry
	data entryData
	also *known // another entry that is linked to the same asset; nil = none
}

func newPlanner(in PlanInput) (*planner, error) {
	p := &planner{PlanInput: in, outcomes: map[string]int{}, life: map[string]int{}, heirs: map[string]string{}}
	var err error
	if p.rules, err = in.Connection.rules(); err != nil {
		return nil, fmt.Errorf("inventory: connection: %w: %w", mdm.ErrInvalid, err)
	}
	if p.display, err = in.Connection.display(); err != nil {
		return nil, fmt.Errorf("inventory: connection: %w: %w", mdm.ErrInvalid, err)
	}
	if err := p.indexEntries(); err != nil {
		return nil, err
	}
	p.assets = make(map[string]*Asset, len(p.Assets))
	for i := range p.Assets {
		p.assets[p.Assets[i].ID] = &p.Assets[i]
	}
	if err := p.read(); err != nil {
		return nil, err
	}
	p.indexLinks()
	return p, nil
}

func (p *planner) indexEntries() error {
	p.own = make(map[string]*known, len(p.Entries))
	p.byAsset, p.serials = make(map[string]*known, len(p.Entries)), map[string][]*known{}
	all := make([]known, len(p.Entries))
	err := parallel(len(all), func(i int) error {
		data, err := decodeEntry(p.Entries[i])
		all[i] = known{Entry: &p.Entries[i], data: data}
		return err
	})
	if err != nil {
		return err
	}
	for i, e := range slices.Backward(p.Entries) {
		if k := &all[i]; e.State == EntryLinked {
			k.also, p.byAsset[e.Asset] = p.byAsset[e.Asset], k
		}
	}
	for i, e := range p.Entries {
		k := &all[i]
		if e.Connection == p.Connection.ID {
			p.own[e.Device] = k
			continue
		}
		p.others = append(p.others, k)
		p.addSerial(k)
	}
	for _, e := range p.Elsewhere {
		data, err := decodeEntry(e)
		if err != nil {
			return err
		}
		p.addSerial(&known{Entry: &e, data: data})
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
	p.removed = set(p.Removed)
	p.requests = map[string][]Request{}
	for _, r := range p.Requests {
		p.requests[r.Receipt.Device] = append(p.requests[r.Receipt.Device], r)
	}
	if !p.Listing.Changes {
		return nil
	}
	for _, e := range p.Entries {
		if e.Connection != p.Connection.ID || p.readings[e.Device] != nil || p.removed[e.Device] || !p.own[e.Device].data.Missed.IsZero() {
			continue
		}
		record, err := p.own[e.Device].data.stored()
		if err != nil {
			return err
		}
		record.ID = e.Device
		p.readings[e.Device] = &reading{record: &record, remembered: true}
		p.order = append(p.order, e.Device)
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
	if p.Connection.Keep == nil {
		return p.printer.fingerprint(r)
	}
	kept := p.kept(r)
	return p.printer.fingerprint(&kept)
}

// indexLinks collects the links and decisions that matching has to honour.
func (p *planner) indexLinks() {
	p.links = make([]match.Link, 0, len(p.Entries))
	for _, k := range p.others {
		if k.State == EntryLinked {
			p.links = append(p.links, match.Link{Connection: k.Connection, Device: k.Device, Asset: k.Asset, Serial: k.Serial})
		}
	}
	for _, e := range p.Entries {
		if e.Connection != p.Connection.ID {
			continue
		}
		k := p.own[e.Device]
		p.decided = append(p.decided, k.data.Decisions...)
		if e.State != EntryLinked {
			continue
		}
		link := match.Link{Connection: e.Connection, Device: e.Device, Asset: e.Asset, Serial: or(k.data.Serial, e.Serial), At: k.data.Linked}
		if p.readings[e.Device] == nil { // it may be there under another id
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
	for _, a := range p.Assets {
		device, ok := keys[a.Key]
		if !ok || a.Key == "" || p.byAsset[a.ID] != nil {
			continue
		}
		if k := p.own[device]; k != nil && k.data.rejected(a.ID) {
			continue
		}
		p.links = append(p.links, match.Link{Connection: p.Connection.ID, Device: device, Asset: a.ID,
			Serial: strongSerial(*p.readings[device].record)})
	}
}

func (p *planner) matchInput() match.Input {
	in := match.Input{Connection: p.Connection.ID, Links: p.links, Decisions: p.decided, Sites: p.Connection.Sites,
		Policy: p.Connection.Match, Now: p.Now}
	in.Devices = make([]match.Device, len(p.order))
	for i, id := range p.order {
		in.Devices[i] = matchDevice(*p.readings[id].record)
	}
	in.Assets = make([]match.Asset, len(p.Assets))
	for i, a := range p.Assets {
		in.Assets[i] = matchAsset(a)
	}
	return in
}
