package match

import (
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// snapshot is an Input made ready: keys in columns, and an index of each. It
// does not depend on the policy and never changes.
//
// Devices and assets are numbered as they came, so nothing that is reported
// may depend on the numbers: see rank.
type snapshot struct {
	in    Input
	rules *ident.Rules
	now   time.Time
	order []uint32 // devices in the order of their ids
	rank  []uint32 // by device: its place in order

	devices, assets columns
	links           links
	twiceDevice     map[uint32]bool // devices whose id another one has, too
	twiceAsset      map[uint32]bool
}

// columns are the keys of a side by which links are decided.
type columns struct {
	few bool // only values that several records may have are looked up

	id, serial, uuid, directory, tag column
	imei, mac                        column

	byID, bySerial, byUUID, byDirectory, byTag *index
	byIMEI, byMAC                              *index
}

func newSnapshot(in Input) *snapshot {
	s := &snapshot{in: in, rules: in.Rules, now: in.Now}
	if s.rules == nil {
		s.rules = ident.Default()
	}
	s.devices.fill(len(in.Devices), s.touchDevice, s.deviceKeys)
	s.assets.fill(len(in.Assets), s.touchAsset, s.assetKeys)
	s.devices.few = len(in.Decisions) == 0
	together(len(in.Devices)+len(in.Assets), s.sortDevices,
		s.indexAssets, s.assets.indexMAC, s.devices.indexMAC, s.assets.indexSerial, s.devices.indexSerial,
		s.assets.indexIMEI, s.devices.indexIMEI, s.assets.indexUUID, s.devices.indexUUID,
		s.assets.indexTag, s.devices.indexTag, s.assets.indexDirectory, s.devices.indexDirectory, s.indexDevices)
	s.findTwice()
	if s.now.IsZero() {
		for i := range in.Devices {
			if t := in.Devices[i].LastSeen; t.After(s.now) {
				s.now = t
			}
		}
	}
	s.links = s.readLinks()
	return s
}

func (s *snapshot) device(d uint32) *Device { return &s.in.Devices[d] }
func (s *snapshot) asset(a uint32) *Asset   { return &s.in.Assets[a] }

// fields are the keys of one record; used again for the next one.
type fields struct {
	id, serial, uuid, directory, tag uint64
	imei, mac                        []uint64
}

func (s *snapshot) deviceKeys(i int, f *fields) {
	d := s.device(uint32(i))
	f.serial = serialKey(s.rules, d.Serial, d.HTML)
	f.uuid = uuidKey(s.rules, d.UDID)
	f.directory = directoryKey(s.rules, d.DirectoryID)
	f.tag = tagKey(s.rules, d.AssetTag, d.HTML)
	f.addMACs(s.rules, d.WiFi)
	for _, raw := range d.Ethernet {
		f.addMACs(s.rules, raw)
	}
	f.addIMEIs(s.rules, d.IMEIs, d.MEID)
}

func (s *snapshot) assetKeys(i int, f *fields) {
	a := s.asset(uint32(i))
	f.id = hash(a.ID)
	f.serial = serialKey(s.rules, a.Serial, false)
	f.uuid = uuidKey(s.rules, a.UDID)
	f.directory = directoryKey(s.rules, a.DirectoryID)
	f.tag = tagKey(s.rules, a.AssetTag, false)
	for _, raw := range a.MACs {
		f.addMACs(s.rules, raw)
	}
	f.addIMEIs(s.rules, a.IMEIs, a.MEID)
}

func (f *fields) addMACs(r *ident.Rules, raw string) {
	if k, ok := plainMAC(raw); ok {
		f.mac = addKey(f.mac, k)
		return
	}
	for _, id := range r.MACs(raw) {
		f.mac = addKey(f.mac, macTextKey(id))
	}
}

func (f *fields) addIMEIs(r *ident.Rules, imeis []string, meid string) {
	for _, raw := range imeis {
		f.imei = addKey(f.imei, imeiKey(r, raw))
	}
	f.imei = addKey(f.imei, meidKey(r, meid))
}

// addKey adds a key once.
func addKey(to []uint64, k uint64) []uint64 {
	if k == 0 {
		return to
	}
	for _, old := range to {
		if old == k {
			return to
		}
	}
	return append(to, k)
}

// fill reads the keys of n records.
func (c *columns) fill(n int, touch func(t *touched, i int), read func(i int, f *fields)) {
	for _, col := range [...]*column{&c.id, &c.serial, &c.uuid, &c.directory, &c.tag} {
		col.key = make([]uint64, n)
	}
	c.imei.off, c.mac.off = make([]uint32, n+1), make([]uint32, n+1)
	type part struct {
		imei, mac []uint64
		touched   touched
	}
	parts := make([]part, chunks(n))
	parallel(n, func(p, from, to int) {
		var f fields
		own := part{imei: make([]uint64, 0, to-from), mac: make([]uint64, 0, to-from)}
		batches(from, to, func(from, to int) {
			for i := from; i < to; i++ {
				touch(&own.touched, i)
			}
			for i := from; i < to; i++ {
				f = fields{imei: f.imei[:0], mac: f.mac[:0]}
				read(i, &f)
				c.id.key[i], c.serial.key[i], c.uuid.key[i] = f.id, f.serial, f.uuid
				c.directory.key[i], c.tag.key[i] = f.directory, f.tag
				own.imei, own.mac = append(own.imei, f.imei...), append(own.mac, f.mac...)
				c.imei.off[i+1], c.mac.off[i+1] = uint32(len(f.imei)), uint32(len(f.mac))
			}
		})
		parts[p] = own
	})
	for _, p := range parts {
		c.imei.key, c.mac.key = concat(c.imei.key, p.imei), concat(c.mac.key, p.mac)
	}
	c.imei.own()
	c.mac.own()
}

// concat avoids the copy where there is one part.
func concat(to, more []uint64) []uint64 {
	if to == nil {
		return more
	}
	return append(to, more...)
}

// own turns the numbers of entries in off into offsets, and notes the owners.
func (c *column) own() {
	c.owner = make([]uint32, len(c.key))
	for i := 1; i < len(c.off); i++ {
		from := c.off[i-1]
		c.off[i] += from
		for e := from; e < c.off[i]; e++ {
			c.owner[e] = uint32(i - 1)
		}
	}
}

func (c *columns) indexSerial()    { c.bySerial = newIndex(&c.serial, c.few) }
func (c *columns) indexUUID()      { c.byUUID = newIndex(&c.uuid, c.few) }
func (c *columns) indexDirectory() { c.byDirectory = newIndex(&c.directory, c.few) }
func (c *columns) indexTag()       { c.byTag = newIndex(&c.tag, c.few) }
func (c *columns) indexIMEI()      { c.byIMEI = newIndex(&c.imei, c.few) }
func (c *columns) indexMAC()       { c.byMAC = newIndex(&c.mac, c.few) }

// sortDevices puts the devices in the order of their ids.
func (s *snapshot) sortDevices() {
	s.order = byID(s.in.Devices)
	s.rank = make([]uint32, len(s.order))
	for i, d := range s.order {
		s.rank[d] = uint32(i)
	}
}

// named reports whether links or decisions name devices and assets by id.
func (s *snapshot) named() bool { return len(s.in.Links)+len(s.in.Decisions) > 0 }

// indexAssets indexes the ids of assets. Where nothing names them, it serves to
// find those that occur twice.
func (s *snapshot) indexAssets() { s.assets.byID = newIndex(&s.assets.id, !s.named()) }

// indexDevices indexes the ids of devices, which only links and decisions
// need.
func (s *snapshot) indexDevices() {
	if s.named() {
		for d := range s.in.Devices {
			s.devices.id.key[d] = hash(s.device(uint32(d)).ID)
		}
	} else {
		s.devices.id.key = nil
	}
	s.devices.byID = newIndex(&s.devices.id, false)
}

func (s *snapshot) findTwice() {
	for i := 1; i < len(s.order); i++ {
		d, e := s.order[i], s.order[i-1]
		if s.device(d).ID == s.device(e).ID {
			s.twiceDevice = mark(s.twiceDevice, d, e)
		}
	}
	for head, same := range s.assets.byID.more {
		if same.count > maxShared {
			for a := range s.in.Assets {
				if s.asset(uint32(a)).ID == s.asset(head).ID {
					s.twiceAsset = mark(s.twiceAsset, uint32(a))
				}
			}
			continue
		}
		for i, a := range same.entries {
			for _, b := range same.entries[:i] {
				if s.asset(a).ID == s.asset(b).ID {
					s.twiceAsset = mark(s.twiceAsset, a, b)
				}
			}
		}
	}
}

func mark(set map[uint32]bool, all ...uint32) map[uint32]bool {
	if set == nil {
		set = make(map[uint32]bool)
	}
	for _, i := range all {
		set[i] = true
	}
	return set
}

// findDevice returns the device of an id; none if there is none or more.
func (s *snapshot) findDevice(id string) uint32 {
	if s.devices.id.key == nil {
		i, found := slices.BinarySearchFunc(s.order, id, func(o uint32, id string) int {
			return strings.Compare(s.in.Devices[o].ID, id)
		})
		if !found || s.twiceDevice[s.order[i]] {
			return none
		}
		return s.order[i]
	}
	d, _ := s.devices.byID.one(hash(id))
	if d == none || s.device(d).ID != id {
		return none
	}
	return d
}

// findAsset returns the asset of an id; none if there is none or more.
func (s *snapshot) findAsset(id string) uint32 {
	if !s.named() {
		return s.scanAssets(id)
	}
	a, _ := s.assets.byID.one(hash(id))
	if a == none || s.asset(a).ID != id {
		return none
	}
	return a
}

func (s *snapshot) scanAssets(id string) uint32 {
	for a := range s.in.Assets {
		if s.asset(uint32(a)).ID == id && !s.twiceAsset[uint32(a)] {
			return uint32(a)
		}
	}
	return none
}
