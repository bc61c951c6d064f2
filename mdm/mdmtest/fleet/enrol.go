package fleet

import (
	"slices"
	"strings"
	"time"
)

// enrol turns the things into records of the MDM: stock is put aside, then
// the flaws of the MDM's side are dealt.
func (b *builder) enrol() {
	for n, i := range b.deal(0.04, b.boxed) {
		d := inBox(b.things[i])
		if n%3 == 2 && !b.o.Clean {
			d.Flaws, b.unlisted[i] = []Flaw{NotInInventory}, true
		}
		b.boxes[d.Truth] = true
		b.d.Stock = append(b.d.Stock, d)
	}
	if !b.o.Clean {
		b.dealLostZeros()
	}
	for _, d := range b.things {
		if b.boxes[d.Truth] {
			continue
		}
		d.Flaws = slices.Clone(d.Flaws)
		b.maker(&d)
		b.records[d.Truth] = len(b.d.Devices)
		b.d.Devices = append(b.d.Devices, d)
	}
	if b.o.Clean {
		return
	}
	b.spoilRecords()
	b.spoilNames()
	b.reEnrol()
}

// deal picks things for one flaw of identity: as many as the rate says, at
// least one in a fleet of forty, and none that is in stock or has such a flaw
// already.
func (b *builder) deal(rate float64, fit func(*Device) bool) []int {
	return b.dealN(b.quota(rate), fit)
}

// quota is how many things a rate comes to.
func (b *builder) quota(rate float64) int {
	n := int(rate*float64(b.o.Devices) + 0.5)
	if n == 0 && b.o.Devices >= 40 {
		n = 1
	}
	return n
}

func (b *builder) dealN(n int, fit func(*Device) bool) []int {
	var out []int
	if n <= 0 {
		return nil
	}
	for _, i := range b.rand.Perm(len(b.things)) {
		if d := &b.things[i]; d.Apple() && !b.marked[d.Truth] && fit(d) {
			b.marked[d.Truth] = true
			if out = append(out, i); len(out) == n {
				break
			}
		}
	}
	return out
}

func anyDevice(*Device) bool        { return true }
func isMac(d *Device) bool          { return d.Platform == MacOS }
func hasSerialDigit(d *Device) bool { return strings.ContainsAny(d.Serial, "01") }
func (b *builder) boxed(d *Device) bool {
	return d.Enrolment == Automated && b.o.Now.Sub(d.Added) < 3*365*24*time.Hour
}

// record is the record of a thing, nil for stock.
func (b *builder) record(truth string) *Device {
	if b.boxes[truth] {
		return nil
	}
	return &b.d.Devices[b.records[truth]]
}

// checksIn reports whether the record of a thing ever checked in.
func (b *builder) checksIn(thing *Device) bool {
	r := b.record(thing.Truth)
	return r != nil && !r.LastSeen.IsZero()
}

// inBox is what is known of a device before anybody unpacks it.
func inBox(d Device) Device {
	return Device{
		Truth: d.Truth, Serial: d.Serial, Platform: d.Platform, Class: d.Class, Line: d.Line,
		Manufacturer: d.Manufacturer, Model: d.Model, Identifier: d.Identifier, Color: d.Color,
		School: d.School, Enrolment: d.Enrolment, Profile: d.Profile, Added: d.Added, Battery: -1,
	}
}

// maker gives devices of other makers what differs from Apple's.
func (b *builder) maker(d *Device) {
	if d.Apple() {
		return
	}
	d.Manufacturer, d.Supervised = "Example Computers", false
	if b.o.Clean || !b.chance(0.05) {
		return
	}
	d.Flaws = append(d.Flaws, JunkSerial)
	if d.Platform == Android {
		d.Serial = "unknown"
		return
	}
	d.Serial = pick(b, []string{"To be filled by O.E.M.", "Default string", "System Serial Number"})
}

// dealLostZeros changes the things themselves: their serials begin with
// zeros, which a spreadsheet takes away.
func (b *builder) dealLostZeros() {
	for _, i := range b.deal(LostZero.Rate(), anyDevice) {
		s := b.things[i].Serial
		b.things[i].Serial = "00" + s[2:]
		b.flaws[i] = append(b.flaws[i], LostZero)
	}
}

// spoilRecords deals the flaws of identity that the MDM shows.
func (b *builder) spoilRecords() {
	mark := func(i int, f Flaw) *Device {
		d := b.record(b.things[i].Truth)
		d.Flaws = append(d.Flaws, f)
		return d
	}
	for n, i := range b.deal(JunkSerial.Rate(), anyDevice) {
		mark(i, JunkSerial).Serial = []string{"Not Available", "unknown", ""}[n%3]
	}
	for n, i := range b.deal(WrongTag.Rate(), anyDevice) {
		mark(i, WrongTag).AssetTag = b.numbers[(i+1+n)%len(b.numbers)]
	}
	if pair := b.dealN(2, isMac); len(pair) == 2 {
		mark(pair[0], MigratedUUID)
		mark(pair[1], MigratedUUID).UDID = b.things[pair[0]].UDID
	}
	n := b.quota(SharedDock.Rate())
	if n == 1 { // nobody shares a dock alone
		n = 2
	}
	b.docks(b.dealN(n, isMac), mark)
}

// docks lets two to five Macs at a time report the address of one dock.
func (b *builder) docks(macs []int, mark func(int, Flaw) *Device) {
	for len(macs) > 1 {
		n := min(4, len(macs))
		if len(macs) == 5 { // nobody shares a dock alone
			n = 5
		}
		dock := b.macBlock(dockOUIs)[0]
		for _, i := range macs[:n] {
			mark(i, SharedDock).EthernetMACs = []string{dock}
		}
		macs = macs[n:]
	}
}

// spoilNames deals the flaws that may meet any other.
func (b *builder) spoilNames() {
	list := b.d.Devices
	some := func(f Flaw, least int, fit func(*Device) bool) []*Device {
		n := max(least, int(f.Rate()*float64(b.o.Devices)+0.5))
		if b.o.Devices < 40 {
			n = int(f.Rate() * float64(b.o.Devices))
		}
		var out []*Device
		for _, i := range b.rand.Perm(len(list)) {
			if d := &list[i]; len(out) < n && d.Apple() && fit(d) {
				out = append(out, d)
			}
		}
		return out
	}
	named := func(d *Device) bool { return !d.Has(DefaultName) }
	for _, d := range some(NeverSeen, 1, func(d *Device) bool { return d.Enrolment != Manual && !d.Has(MigratedUUID) }) {
		d.LastSeen, d.Enrolled, d.Apps = time.Time{}, time.Time{}, nil
		d.Flaws = append(d.Flaws, NeverSeen)
	}
	for _, d := range some(DefaultName, 2, func(d *Device) bool { return d.Line == "iPad" }) {
		d.Name = d.Line
		d.Flaws = append(d.Flaws, DefaultName)
	}
	for pair := range slices.Chunk(some(SharedName, 2, named), 2) {
		if len(pair) == 2 {
			pair[1].Name = pair[0].Name
			pair[0].Flaws, pair[1].Flaws = append(pair[0].Flaws, SharedName), append(pair[1].Flaws, SharedName)
		}
	}
	shared := func(d *Device) bool { return named(d) && !d.Has(SharedName) }
	for _, d := range some(DecomposedName, 1, func(d *Device) bool { return shared(d) && decompose(d.Name) != d.Name }) {
		d.Name = decompose(d.Name)
		d.Flaws = append(d.Flaws, DecomposedName)
	}
	for _, d := range some(TrailingBlank, 1, shared) {
		d.Name += " "
		d.Flaws = append(d.Flaws, TrailingBlank)
	}
}

// reEnrol adds an older record, with another UDID and without an owner, of
// some devices.
func (b *builder) reEnrol() {
	fit := func(d *Device) bool { return b.checksIn(d) && d.Platform != TVOS }
	for _, i := range b.deal(ReEnrolled.Rate(), fit) {
		newer := b.record(b.things[i].Truth)
		newer.Flaws = append(newer.Flaws, ReEnrolled)
		older := *newer
		older.Flaws = slices.Clone(newer.Flaws)
		older.UDID = b.again(newer.UDID)
		older.LastSeen = newer.LastSeen.AddDate(0, 0, -40-b.rand.IntN(200))
		older.Enrolled = older.LastSeen.AddDate(0, -6, 0)
		older.Owner, older.AssetTag, older.Managed = "", "", false
		if newer.Enrolled.Before(older.LastSeen) { // the old record ended when the new one began
			newer.Enrolled = older.LastSeen.AddDate(0, 0, 1+b.rand.IntN(5))
		}
		b.d.Devices = append(b.d.Devices, older)
	}
}

// again makes another UDID of the same form.
func (b *builder) again(udid string) string {
	switch {
	case len(udid) == 40:
		return b.udid("")
	case len(udid) == 36:
		return b.udid("mac")
	}
	return b.udid(udid[:8])
}
