package match

import (
	"strings"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// links are the links of the scope, by what they are looked up by.
type links struct {
	own  []uint32 // by device: its link; nil if no device has one
	rows []linkRow

	serial, uuid, directory       column // by row
	bySerial, byUUID, byDirectory *index
}

// linkRow is a link whose device is not among the devices: it is gone, or
// belongs to another connection.
type linkRow struct{ link, asset uint32 }

func (s *snapshot) readLinks() links {
	var ls links
	for i := range s.in.Links {
		l := &s.in.Links[i]
		if l.Connection == s.in.Connection {
			if d := s.findDevice(l.Device); d != none {
				s.addOwn(&ls, d, uint32(i))
				continue
			}
		}
		if a := s.findAsset(l.Asset); a != none {
			ls.rows = append(ls.rows, linkRow{uint32(i), a})
		}
	}
	n := len(ls.rows)
	ls.serial.key, ls.uuid.key, ls.directory.key = make([]uint64, n), make([]uint64, n), make([]uint64, n)
	for i, row := range ls.rows {
		l := &s.in.Links[row.link]
		ls.serial.key[i] = serialKey(s.rules, l.Serial, false)
		ls.uuid.key[i] = uuidKey(s.rules, l.UDID)
		ls.directory.key[i] = directoryKey(s.rules, l.DirectoryID)
	}
	ls.bySerial, ls.byUUID, ls.byDirectory = newIndex(&ls.serial, false), newIndex(&ls.uuid, false), newIndex(&ls.directory, false)
	return ls
}

func (s *snapshot) addOwn(ls *links, d, link uint32) {
	if ls.own == nil {
		ls.own = make([]uint32, len(s.order))
		for i := range ls.own {
			ls.own[i] = none
		}
	}
	if old := ls.own[d]; old == none || laterLink(&s.in.Links[link], &s.in.Links[old]) {
		ls.own[d] = link
	}
}

func laterLink(a, b *Link) bool {
	if !a.At.Equal(b.At) {
		return a.At.After(b.At)
	}
	return strings.Compare(a.Asset, b.Asset) < 0
}

// ownLink returns the link of a device by its id; nil if it has none.
func (s *snapshot) ownLink(d uint32) *Link {
	if s.links.own == nil || s.links.own[d] == none {
		return nil
	}
	return &s.in.Links[s.links.own[d]]
}

// linkClaim is an asset that a device was linked to under another id or in
// another connection.
type linkClaim struct {
	asset uint32
	link  *Link
}

// linkClaims appends the assets that the values of a device were linked to.
// Only values that are strong and no other device has are looked up.
func (m *Matching) linkClaims(d uint32, f *facts, to []linkClaim) []linkClaim {
	for _, alias := range m.aliases[d] {
		if l := m.ownLink(alias); l != nil {
			if a := m.findAsset(l.Asset); a != none {
				to = append(to, linkClaim{a, l})
			}
		}
	}
	if len(m.links.rows) == 0 {
		return to
	}
	dev := m.device(d)
	if x := m.links.bySerial; x.find(m.devices.serial.key[d]) != none && f.good {
		to = m.addLinkClaims(to, x, m.devices.serial.key[d], func(l *Link) bool {
			return bothStrong(f.serial, m.rules.Serial(l.Serial, ident.Hints{}))
		})
	}
	if x := m.links.byUUID; x.find(m.devices.uuid.key[d]) != none && m.sharedBy(m.devices.byUUID, m.devices.uuid.key[d]) < 2 {
		id := m.rules.UUID(dev.UDID)
		to = m.addLinkClaims(to, x, m.devices.uuid.key[d], func(l *Link) bool { return bothStrong(id, m.rules.UUID(l.UDID)) })
	}
	if x := m.links.byDirectory; x.find(m.devices.directory.key[d]) != none && m.sharedBy(m.devices.byDirectory, m.devices.directory.key[d]) < 2 {
		id := m.rules.DirectoryID(dev.DirectoryID)
		to = m.addLinkClaims(to, x, m.devices.directory.key[d], func(l *Link) bool { return bothStrong(id, m.rules.DirectoryID(l.DirectoryID)) })
	}
	return to
}

// addLinkClaims adds the asset of each link that has a key and the same value;
// of several links of an asset the first by connection and device is named.
func (m *Matching) addLinkClaims(to []linkClaim, x *index, key uint64, same func(*Link) bool) []linkClaim {
	rows, _ := x.records(key, nil)
	for _, r := range rows {
		row := m.links.rows[r]
		l := &m.in.Links[row.link]
		if !same(l) {
			continue
		}
		known := false
		for i := range to {
			if to[i].asset == row.asset {
				known = true
				if linkBefore(l, to[i].link) {
					to[i].link = l
				}
			}
		}
		if !known {
			to = append(to, linkClaim{row.asset, l})
		}
	}
	return to
}

// linkBefore orders links of one asset for being named in a reason.
func linkBefore(a, b *Link) bool {
	if c := strings.Compare(a.Connection, b.Connection); c != 0 {
		return c < 0
	}
	return strings.Compare(a.Device, b.Device) < 0
}
