package jamfprotest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// bulkState makes the bulk computer of that index after a template.
func bulkState(t *state, i int) *state {
	s := bulkOf(t)
	s.id = firstBulk + i
	s.UDID = fmt.Sprintf("B17C0000-0000-4000-8000-%012X", i)
	s.managementID = fmt.Sprintf(bulkManagement, i)
	s.Serial = fmt.Sprintf("BULK%08d", i)
	s.Name = fmt.Sprintf("BULK-MAC-%06d", i)
	s.WiFiMAC = fmt.Sprintf("02:00:5e:%02x:%02x:%02x", i>>16&0xff, i>>8&0xff, i&0xff)
	return s
}

const bulkManagement = "b17c0000-0000-4000-9000-%012x"

// client finds a device by its management id; nil = there is none.
func (f *Fake) client(managementID string) *device {
	var i int
	if n, _ := fmt.Sscanf(managementID, bulkManagement, &i); n == 1 && fmt.Sprintf(bulkManagement, i) == managementID {
		return f.shelves[Computer].find(firstBulk + i)
	}
	return f.clients[managementID]
}

// bulkOf is a template without what bulk computers do not share.
func bulkOf(t *state) *state {
	s := *t
	s.AssetTag, s.EthernetMACs, s.Managed = "", nil, true
	return &s
}

// What stands in the mould of a row for that which differs from row to row.
// The last one is an id.
var (
	moldMarks = []string{"@UDID@", "@MANAGEMENT@", "@SERIAL@", "@NAME@", "@WIFI@", "777777777"}
	moldMark  = regexp.MustCompile(strings.Join(moldMarks, "|"))
)

// mold is the JSON of a bulk computer with gaps: rendering a hundred thousand
// of them would be what a client's benchmark measures.
type mold struct {
	texts []string // one more than gaps
	gaps  []string // marks
}

// cast makes the mould of a template.
func cast(p painter, t *state) *mold {
	s := bulkOf(t)
	s.UDID, s.managementID, s.Serial, s.Name, s.WiFiMAC, s.id = moldMarks[0], moldMarks[1], moldMarks[2], moldMarks[3], moldMarks[4], 777777777
	b, err := json.Marshal(p.computer(s))
	if err != nil {
		panic(err) // the fake's own mistake
	}
	return &mold{moldMark.Split(string(b), -1), moldMark.FindAllString(string(b), -1)}
}

// fill appends the row of an index.
func (m *mold) fill(b []byte, i int) []byte {
	for n, gap := range m.gaps {
		b = append(b, m.texts[n]...)
		switch gap {
		case "@UDID@":
			b = fmt.Appendf(b, "B17C0000-0000-4000-8000-%012X", i)
		case "@MANAGEMENT@":
			b = fmt.Appendf(b, bulkManagement, i)
		case "@SERIAL@":
			b = fmt.Appendf(b, "BULK%08d", i)
		case "@NAME@":
			b = fmt.Appendf(b, "BULK-MAC-%06d", i)
		case "@WIFI@":
			b = fmt.Appendf(b, "02:00:5E:%02X:%02X:%02X", i>>16&0xff, i>>8&0xff, i&0xff)
		default:
			b = strconv.AppendInt(b, int64(firstBulk+i), 10)
		}
	}
	return append(b, m.texts[len(m.gaps)]...)
}

// foundry keeps moulds by template and by what a page asks for. Pages use it
// when no lock is held.
type foundry struct {
	templates []*state
	molds     sync.Map
}

// row is the JSON of a bulk computer, appended to b.
func (f *foundry) row(b []byte, p painter, asked string, i int) []byte {
	n := i % len(f.templates)
	key := strconv.Itoa(n) + " " + asked
	m, ok := f.molds.Load(key)
	if !ok {
		m, _ = f.molds.LoadOrStore(key, cast(p, f.templates[n]))
	}
	return m.(*mold).fill(b, i)
}

// asked tells pages apart whose rows look different.
func (p painter) asked() string {
	return fmt.Sprint(p.gen, p.binary, p.wire, p.sections)
}

// SetBulk adds n computers behind those of the district. Each is made from
// its index whenever a page or a detail shows it, so that they take no memory;
// their serials are BULK00000000 and up, their ids begin at a million. 0
// takes them away again. They cannot be removed one by one and are in no group.
// Those that are written to are kept. It panics if the district has no Mac that ever checked in.
func (f *Fake) SetBulk(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := &f.shelves[Computer]
	s.bulk, s.touched, s.foundry = n, map[int]*device{}, &foundry{}
	for _, d := range s.list {
		if !d.state.LastSeen.IsZero() {
			s.foundry.templates = append(s.foundry.templates, d.state)
		}
	}
	if n > 0 && len(s.foundry.templates) == 0 {
		panic("jamfprotest: no Mac to take as a model")
	}
}
