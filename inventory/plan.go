package inventory

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/mdm"
)

// PlanInput is everything that planning reads.
type PlanInput struct {
	Connection Connection
	Now        time.Time
	Records    []mdm.Record // what was read from the source
	Listing    Listing      // how the reading ended
	Assets     []Asset      // all of the scope
	Entries    []Entry      // all of the scope, of every connection
	Approved   []Hold       // holds that a person let pass
	Comparable bool         // the last complete listing had the same origin and filter, so what is absent went missing
}

// Plan is what a run would change. It is a value: it can be stored, shown and
// thrown away.
type Plan struct {
	Version    int       `json:"v"`
	Connection string    `json:"connection"`
	Scope      string    `json:"scope"`
	At         time.Time `json:"at"`
	Steps      []Step    `json:"steps"` // by device; devices for which nothing changes have none
	Report     Run       `json:"report"`
}

// Action is what a step does.
type Action string

const (
	ActionLink   Action = "link"   // link a device to an asset
	ActionCreate Action = "create" // create an asset and link the device to it
	ActionUpdate Action = "update" // write attributes to a linked asset
	ActionStage  Action = "stage"  // put the device into the staging table, or change its row
	ActionIgnore Action = "ignore" // keep ignoring the device
	ActionAlias  Action = "alias"  // note that the device is another record of one that is there
	ActionDoubt  Action = "doubt"  // keep a link, and note what speaks against it
	ActionMiss   Action = "miss"   // note that the device is missing
	ActionReturn Action = "return" // note that a missing device is back
	ActionNote   Action = "note"   // store what is known of a device, nothing else
)

// Step is what a plan does about one device.
type Step struct {
	Device  string         `json:"device"`
	Action  Action         `json:"action"`
	Name    string         `json:"name,omitzero"`  // of the device
	Asset   string         `json:"asset,omitzero"` // id of the linked asset; "" for one to be created
	Outcome match.Kind     `json:"outcome,omitzero"`
	Rung    match.Rung     `json:"rung,omitzero"`
	Reasons []match.Reason `json:"reasons,omitempty"`
	Fields  []FieldChange  `json:"fields,omitempty"`
	Held    string         `json:"held,omitzero"` // code of the hold that keeps the step back; "" = none
	Change  Change         `json:"change"`
}

// NewPlan compares what was read with what is known. It is pure: the same
// input gives the same plan.
func NewPlan(in PlanInput) (Plan, error) {
	p := &planner{PlanInput: in, outcomes: map[string]int{}, life: map[string]int{}, heirs: map[string]string{}}
	if err := p.index(); err != nil {
		return Plan{}, err
	}
	plan := Plan{Version: dataVersion, Connection: in.Connection.ID, Scope: in.Connection.Scope, At: in.Now}
	for outcome := range match.Run(p.matchInput()) {
		if err := p.device(outcome); err != nil {
			return Plan{}, err
		}
	}
	if err := p.absent(); err != nil {
		return Plan{}, err
	}
	slices.SortStableFunc(p.steps, func(a, b Step) int { return compareIDs(a.Device, b.Device) })
	p.hold()
	plan.Steps = p.steps
	plan.Report = Run{Connection: in.Connection.ID, Listing: in.Listing, Outcomes: p.outcomes, Attributes: p.attributes,
		Life: p.life, Holds: p.holds, Warnings: p.warnings}
	for _, s := range p.steps {
		if s.Action == ActionCreate && s.Held == "" {
			plan.Report.Created++
		}
	}
	return plan, nil
}

// planner is one run of NewPlan.
type planner struct {
	PlanInput
	records map[string]*mdm.Record
	assets  map[string]*Asset
	own     map[string]Entry     // entries of this connection, by device
	byAsset map[string][]Entry   // linked entries of every connection, by asset
	old     map[string]entryData // decoded entries of this connection, by device
	links   []match.Link
	decided []match.Decision
	heirs   map[string]string // devices that are linked by this plan, by asset

	steps      []Step
	outcomes   map[string]int
	life       map[string]int
	attributes Attributes
	holds      []Hold
	warnings   []Warning
}

func (p *planner) index() error {
	p.records = make(map[string]*mdm.Record, len(p.Records))
	for i := range p.Records {
		p.records[p.Records[i].ID] = &p.Records[i]
	}
	p.assets = make(map[string]*Asset, len(p.Assets))
	for i := range p.Assets {
		p.assets[p.Assets[i].ID] = &p.Assets[i]
	}
	p.own, p.byAsset = map[string]Entry{}, map[string][]Entry{}
	p.old = map[string]entryData{}
	for _, e := range p.Entries {
		if e.State == EntryLinked {
			p.byAsset[e.Asset] = append(p.byAsset[e.Asset], e)
		}
		if e.Connection != p.Connection.ID {
			if e.State == EntryLinked {
				p.links = append(p.links, match.Link{Connection: e.Connection, Device: e.Device, Asset: e.Asset, Serial: e.Serial})
			}
			continue
		}
		data, err := decodeEntry(e)
		if err != nil {
			return err
		}
		p.own[e.Device], p.old[e.Device] = e, data
		p.decided = append(p.decided, data.Decisions...)
		if e.State == EntryLinked {
			p.links = append(p.links, match.Link{Connection: e.Connection, Device: e.Device, Asset: e.Asset,
				Serial: or(data.Serial, e.Serial), UDID: data.Record.UDID, DirectoryID: data.Record.DirectoryID, At: data.Linked})
		}
	}
	p.adopt()
	return nil
}

// adopt finds assets that an earlier run created whose entry was never
// written: their key tells for which device they are.
func (p *planner) adopt() {
	keys := make(map[string]string, len(p.Records))
	for _, r := range p.Records {
		if p.own[r.ID].State != EntryLinked {
			keys[p.Connection.key(r.ID)] = r.ID
		}
	}
	for _, a := range p.Assets {
		if device, ok := keys[a.Key]; ok && a.Key != "" && len(p.byAsset[a.ID]) == 0 {
			p.links = append(p.links, match.Link{Connection: p.Connection.ID, Device: device, Asset: a.ID,
				Serial: strongSerial(*p.records[device])})
		}
	}
}

func (p *planner) matchInput() match.Input {
	in := match.Input{Connection: p.Connection.ID, Links: p.links, Decisions: p.decided, Sites: p.Connection.Sites,
		Policy: p.Connection.Match, Now: p.Now}
	in.Devices = make([]match.Device, len(p.Records))
	for i, r := range p.Records {
		in.Devices[i] = matchDevice(r)
	}
	in.Assets = make([]match.Asset, len(p.Assets))
	for i, a := range p.Assets {
		in.Assets[i] = matchAsset(a)
	}
	return in
}

// device plans what the outcome of one device asks for.
func (p *planner) device(o match.Outcome) error {
	record := p.records[o.Device]
	entry, data := p.own[o.Device], p.old[o.Device]
	p.outcomes[o.Kind.String()]++
	if len(o.Warnings) > 0 {
		p.warnings = append(p.warnings, Warning{Code: o.Warnings[0].Code.String(), Device: o.Device, Reasons: o.Warnings})
	}
	s := Step{Device: o.Device, Name: record.Name, Outcome: o.Kind, Rung: o.Rung, Reasons: o.Reasons}
	next := Entry{Connection: p.Connection.ID, Device: o.Device, Revision: entry.Revision, Name: record.Name, Serial: strongSerial(*record)}
	back := !data.Missed.IsZero()
	data.Missed, data.Runs = time.Time{}, 0
	data.Outcome, data.Rung, data.Reasons, data.Candidates, data.Primary = o.Kind, o.Rung, o.Reasons, o.Candidates, o.AliasOf
	var asset *Asset
	switch {
	case o.Kind == match.Ignored:
		next.State, s.Action = EntryIgnored, ActionIgnore
	case o.Kind == match.Alias:
		next.State, s.Action = EntryAlias, ActionAlias
	case o.Kind == match.Linked && p.assets[o.Asset] != nil:
		s.Action = ActionUpdate
		asset = p.link(&s, &next, &data, *record, *p.assets[o.Asset])
	case o.Kind == match.AutoLinked && p.mayLink():
		s.Action = ActionLink
		asset = p.link(&s, &next, &data, *record, *p.assets[o.Asset])
	case o.Kind == match.Blocked && entry.State == EntryLinked:
		next.State, next.Asset, s.Asset, s.Action = EntryLinked, entry.Asset, entry.Asset, ActionDoubt
	case o.Kind == match.Unmatched && p.mayCreate():
		s.Action = ActionCreate
		asset = p.create(&s, &next, &data, *record)
	default:
		next.State, s.Action = EntryStaged, ActionStage
		data = staged(data)
	}
	if back {
		p.life[lifeReturned]++
		if s.Action == ActionUpdate && asset == nil {
			s.Action = ActionReturn
		}
	}
	p.life[lifeListed]++
	return p.add(s, entry, next, data, asset, record)
}

// mayLink says whether devices may be linked by a rule. An answer that broke
// off does not show every device, so nothing in it is known to be unique.
func (p *planner) mayLink() bool {
	return p.Connection.OnNew != NewStage && p.Listing.Complete
}

// mayCreate says whether assets may be created for what resembles none.
func (p *planner) mayCreate() bool { return p.Connection.OnNew == NewCreate && p.Listing.Complete }

// staged drops what belongs to a link.
func staged(d entryData) entryData {
	d.Linked, d.Serial, d.Asset, d.Written, d.Before = time.Time{}, "", nil, nil, nil
	return d
}

// link fills in a step that links a device, or keeps it linked, and returns
// the asset if it changes.
func (p *planner) link(s *Step, next *Entry, data *entryData, r mdm.Record, asset Asset) *Asset {
	linking := p.own[r.ID].State != EntryLinked || p.own[r.ID].Asset != asset.ID
	if linking {
		*data = staged(*data)
		data.Linked, data.Serial = p.Now, strongSerial(r)
		if asset.Key == p.Connection.key(r.ID) {
			data.Asset = &seenAsset{Created: true}
		}
		if s.Action == ActionUpdate {
			s.Action = ActionLink
		}
	}
	next.State, next.Asset, s.Asset = EntryLinked, asset.ID, asset.ID
	if linking {
		p.heirs[asset.ID] = r.ID
	}
	if p.Connection.Mode == ModeOnce && !linking {
		return nil
	}
	s.Fields = p.fields(data, r, asset, linking)
	if len(s.Fields) == 0 {
		return nil
	}
	asset.Values = maps.Clone(asset.Values)
	if asset.Values == nil {
		asset.Values = map[string]string{}
	}
	for _, f := range s.Fields {
		asset.Values[f.Field] = f.New
	}
	return &asset
}

// create fills in a step that creates an asset for a device.
func (p *planner) create(s *Step, next *Entry, data *entryData, r mdm.Record) *Asset {
	asset := p.Connection.newAsset(r)
	*data = staged(*data)
	data.Linked, data.Serial, data.Asset = p.Now, strongSerial(r), &seenAsset{Created: true}
	s.Fields = p.fields(data, r, asset, true)
	for _, f := range s.Fields {
		asset.Values[f.Field] = f.New
	}
	next.State = EntryLinked
	return &asset
}

// fields compares the mapped attributes and remembers in data what is written.
func (p *planner) fields(data *entryData, r mdm.Record, asset Asset, linking bool) []FieldChange {
	var changes []FieldChange
	volatile := true
	for _, rule := range p.Connection.Mapping {
		ours, theirs := rule.value(r), asset.Values[rule.Field]
		base, ok := p.base(*data, asset.ID, rule.Field)
		write, note := rule.decide(ours, theirs, base, ok, linking)
		switch {
		case note == noteLocalEdit:
			p.attributes.LocalEdit++
		case note == noteBlank:
			p.attributes.Blank++
		case !write:
			p.attributes.Unchanged++
		}
		if write {
			changes = append(changes, FieldChange{Field: rule.Field, From: rule.From, Old: theirs, New: ours.Text})
			a, _ := mdm.Lookup(rule.From)
			volatile = volatile && a.Volatile
		}
	}
	if len(changes) > 0 && volatile && !linking {
		p.attributes.Unchanged += len(changes) // never the only reason to write
		return nil
	}
	p.attributes.Changed += len(changes)
	data.Written, data.Before = maps.Clone(data.Written), maps.Clone(data.Before)
	for _, c := range changes {
		if data.Written == nil {
			data.Written, data.Before = map[string]string{}, map[string]string{}
		}
		if _, known := data.Before[c.Field]; !known {
			data.Before[c.Field] = c.Old
		}
		data.Written[c.Field] = c.New
	}
	return changes
}

// base returns what any connection of the scope wrote last into a field. Of
// several, the asset's own value decides: whoever wrote it was the last.
func (p *planner) base(data entryData, asset, field string) (string, bool) {
	value, ok := data.Written[field]
	for _, e := range p.byAsset[asset] {
		if e.Connection == p.Connection.ID {
			continue
		}
		other, err := decodeEntry(e)
		if err != nil {
			continue
		}
		if text, wrote := other.Written[field]; wrote && (!ok || text == p.assets[asset].Values[field]) {
			value, ok = text, true
		}
	}
	return value, ok
}

// add appends a step if it changes anything.
func (p *planner) add(s Step, old Entry, next Entry, data entryData, asset *Asset, r *mdm.Record) error {
	if r != nil {
		print, err := fingerprint(p.kept(*r))
		if err != nil {
			return fmt.Errorf("inventory: device %s: %w", s.Device, err)
		}
		if data.Print != print {
			data.Record, data.Print = p.kept(*r), print
		}
		if data.First.IsZero() {
			data.First = p.Now
		}
	}
	encoded, err := data.encode()
	if err != nil {
		return fmt.Errorf("inventory: device %s: %w", s.Device, err)
	}
	next.Data = encoded
	same := old.Revision != "" && old.State == next.State && old.Asset == next.Asset && old.Name == next.Name &&
		old.Serial == next.Serial && string(old.Data) == string(next.Data)
	if same && asset == nil {
		return nil
	}
	if asset == nil && s.Action == ActionUpdate {
		s.Action = ActionNote
	}
	s.Change = Change{Key: p.Connection.key(s.Device), Asset: asset, Entry: next}
	p.steps = append(p.steps, s)
	return nil
}

// kept limits a record to what may be stored.
func (p *planner) kept(r mdm.Record) mdm.Record {
	if p.Connection.Keep == nil {
		return r
	}
	return r.Only(p.Connection.Keep)
}
