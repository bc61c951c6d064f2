package matchtest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/match"
)

// Options says what fleet to make.
type Options struct {
	Devices int    // physical devices, before some are left out on one side
	Seed    uint64 // the same seed and rates make the same fleet
	Rates   Rates
}

// Fleet is an organisation with the truth about it.
type Fleet struct {
	Input match.Input

	// Truth holds the assets that each record of the MDM is: none, one, or
	// several if the asset was entered twice.
	Truth map[string][]string

	// Machine holds the number of the physical device of each record.
	Machine map[string]int
}

// Now is the time at which fleets are listed.
var Now = time.Date(2031, 4, 2, 6, 0, 0, 0, time.UTC)

// New makes a fleet.
func New(o Options) *Fleet {
	b := builder{
		drawer: drawer{Rand: rand.New(rand.NewPCG(o.Seed, 0x6d61746368)), used: map[string]bool{}, counter: map[string]int{}},
		rates:  o.Rates,
		fleet: &Fleet{
			Input:   match.Input{Connection: "c1", Sites: map[string]string{}, Now: Now},
			Truth:   map[string][]string{},
			Machine: map[string]int{},
		},
	}
	for s := range 12 {
		b.fleet.Input.Sites[fmt.Sprint("s", s)] = siteName(s)
	}
	for range max(1, o.Devices/50) {
		b.docks = append(b.docks, b.mac("9cebe8"))
	}
	for i := range o.Devices {
		b.add(i)
	}
	in := &b.fleet.Input
	b.Shuffle(len(in.Devices), func(i, j int) { in.Devices[i], in.Devices[j] = in.Devices[j], in.Devices[i] })
	b.Shuffle(len(in.Assets), func(i, j int) { in.Assets[i], in.Assets[j] = in.Assets[j], in.Assets[i] })
	return b.fleet
}

type builder struct {
	drawer
	rates Rates
	fleet *Fleet
	docks []string

	last    machine // for clones
	pending int     // asset whose serial waits to be interchanged, + 1
	devices int
	assets  int
}

func (b *builder) product() *product {
	switch r := b.rates; {
	case b.chance(r.Apple):
		return &apples[b.IntN(len(apples))]
	case b.chance(r.Windows):
		return &windows[b.IntN(len(windows))]
	}
	return &androids[b.IntN(len(androids))]
}

func (b *builder) add(i int) {
	m := b.machine(i, b.product())
	r := &b.rates
	var assets []string
	if !b.chance(r.NotInInventory) {
		assets = b.enter(&m)
	}
	if len(assets) == 0 || !b.chance(r.NotEnrolled) {
		for _, id := range b.enrol(i, m) {
			b.fleet.Truth[id] = assets
			b.fleet.Machine[id] = i
		}
	}
	b.last = m
}

// enter writes a device into the inventory as people do, and returns the ids.
func (b *builder) enter(m *machine) []string {
	a := b.asset(m)
	ids := []string{a.ID}
	b.fleet.Input.Assets = append(b.fleet.Input.Assets, a)
	if b.chance(b.rates.SwappedSerial) {
		b.interchange(len(b.fleet.Input.Assets) - 1)
	}
	if b.chance(b.rates.Twin) {
		twin := b.asset(m)
		if b.chance(0.5) {
			twin.MACs, twin.IMEIs, twin.UDID, twin.Name = nil, nil, "", ""
		}
		b.fleet.Input.Assets = append(b.fleet.Input.Assets, twin)
		ids = append(ids, twin.ID)
	}
	return ids
}

// interchange gives an asset the serial of the one that waited, and the other
// way round.
func (b *builder) interchange(i int) {
	all := b.fleet.Input.Assets
	if b.pending == 0 {
		b.pending = i + 1
		return
	}
	j := b.pending - 1
	all[i].Serial, all[j].Serial = all[j].Serial, all[i].Serial
	b.pending = 0
}

func (b *builder) asset(m *machine) match.Asset {
	r := &b.rates
	b.assets++
	a := match.Asset{ID: fmt.Sprintf("inv-%07d", b.assets), AssetTag: m.label, Class: m.kind.class, Site: siteName(m.site),
		Model: m.kind.model, Manufacturer: m.kind.maker, Archived: b.chance(r.Retired)}
	if b.chance(r.Moved) {
		a.Site = siteName((m.site + 1) % 12)
	}
	if b.chance(r.OtherModel) {
		a.Model = m.kind.otherModel
	}
	if b.chance(r.NoMaker) {
		a.Manufacturer = ""
	}
	if b.chance(r.NameEntered) {
		a.Name = m.name
	}
	if b.chance(0.6) {
		a.Email = m.user
	}
	if b.chance(r.MACEntered) {
		a.MACs = append(a.MACs, b.spell(m.wifi))
	}
	if m.wired != "" && b.chance(r.DockEntered) {
		a.MACs = append(a.MACs, b.spell(b.docks[b.IntN(len(b.docks))]))
	}
	if len(m.imeis) > 0 && b.chance(r.IMEIEntered) {
		a.IMEIs = m.imeis[:1+b.IntN(len(m.imeis))]
	}
	if m.udid != "" && b.chance(r.UDIDEntered) {
		a.UDID = strings.ToLower(m.udid)
	}
	b.enterSerial(m, &a)
	return a
}

func (b *builder) enterSerial(m *machine, a *match.Asset) {
	r := &b.rates
	a.Serial = m.serial
	switch {
	case b.chance(r.NoSerial):
		a.Serial = ""
	case b.chance(r.Typo):
		a.Serial = b.typo(m.serial)
	case b.chance(r.Barcode):
		a.Serial = "S" + m.serial
	case b.chance(r.OtherField):
		a.Serial, a.Number = "", m.serial
	case b.chance(r.Confused):
		a.Serial = strings.NewReplacer("0", "O", "1", "I").Replace(m.serial)
	case b.chance(0.1):
		a.Serial = strings.ToLower(m.serial) + " "
	}
}

// typo makes one error: a wrong character, a missing one, or two interchanged.
func (b *builder) typo(s string) string {
	i := b.IntN(len(s) - 1)
	switch b.IntN(3) {
	case 0:
		return s[:i+1] + b.text(letters36, 1) + s[i+2:]
	case 1:
		return s[:i] + s[i+1:]
	}
	return s[:i] + s[i+1:i+2] + s[i:i+1] + s[i+2:]
}

func (b *builder) spell(mac string) string {
	switch b.IntN(3) {
	case 0:
		return mac
	case 1:
		return strings.ToUpper(pairs(mac, "-"))
	}
	return pairs(mac, ":")
}

func pairs(mac, separator string) string {
	parts := make([]string, 0, 6)
	for i := 0; i+2 <= len(mac); i += 2 {
		parts = append(parts, mac[i:i+2])
	}
	return strings.Join(parts, separator)
}
