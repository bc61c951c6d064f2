package fleet

import (
	"math/rand/v2"
	"time"
)

// Options say what district to make. The zero value is the standard one.
type Options struct {
	Seed    uint64    // another seed is another district; 0 = 1
	Schools int       // 0 = 4
	Devices int       // physical Apple devices, stock included; 0 = 320
	Now     time.Time // the present of the district; zero = 18 March 2026, 20:50 UTC
	Mix     Mix       // what the Apple devices are; zero = a usual school fleet
	Windows int       // Windows PCs beside the Apple devices; 0 = none
	Android int       // Android tablets beside the Apple devices; 0 = none
	Clean   bool      // without any flaw
}

// Mix holds the shares of the kinds of Apple devices, as weights. The zero
// Mix means 60 iPads, 12 cellular iPads, 14 MacBooks, 4 iMacs, 7 Apple TVs
// and 3 iPhones in a hundred.
type Mix struct{ IPad, CellularIPad, MacBook, IMac, AppleTV, IPhone int }

// District is a whole school district at one moment.
type District struct {
	Name    string
	Now     time.Time
	Schools []School
	Groups  []Group
	People  []Person
	Devices []Device // what the MDM lists: one element per record, so a device enrolled twice is here twice
	Stock   []Device // bought and announced for automated enrolment, never enrolled: no UDID, no name, no check-in
	Assets  []Asset  // the hand-kept inventory
}

// standardNow is the present of a district that was given none.
var standardNow = time.Date(2026, time.March, 18, 20, 50, 0, 0, time.UTC)

// New makes the district that the options describe. Negative numbers count
// as zero, which means the default.
func New(o Options) *District {
	o = o.withDefaults()
	b := &builder{
		o:      o,
		rand:   rand.New(rand.NewPCG(o.Seed, 0x6d646d6c696e6b)),
		d:      &District{Name: "Lindental School District", Now: o.Now},
		used:   map[string]bool{},
		marked: map[string]bool{},
		boxes:  map[string]bool{}, records: map[string]int{}, unlisted: map[int]bool{},
	}
	b.schools()
	b.people()
	b.physical()
	b.enrol()
	b.register()
	return b.d
}

func (o Options) withDefaults() Options {
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Schools <= 0 {
		o.Schools = 4
	}
	if o.Devices <= 0 {
		o.Devices = 320
	}
	if o.Now.IsZero() {
		o.Now = standardNow
	}
	if o.Mix == (Mix{}) {
		o.Mix = Mix{IPad: 60, CellularIPad: 12, MacBook: 14, IMac: 4, AppleTV: 7, IPhone: 3}
	}
	return o
}

// School returns the school of that id.
func (d *District) School(id string) (School, bool) {
	for _, s := range d.Schools {
		if s.ID == id {
			return s, true
		}
	}
	return School{}, false
}

// Person returns the person of that id.
func (d *District) Person(id string) (Person, bool) {
	for _, p := range d.People {
		if p.ID == id {
			return p, true
		}
	}
	return Person{}, false
}

// Count says on how many records, stock and assets together, a flaw is.
func (d *District) Count(f Flaw) int {
	n := 0
	for _, list := range [][]Device{d.Devices, d.Stock} {
		for i := range list {
			if list[i].Has(f) {
				n++
			}
		}
	}
	for i := range d.Assets {
		if d.Assets[i].Has(f) {
			n++
		}
	}
	return n
}

// builder holds what is needed while a district is made.
type builder struct {
	o    Options
	rand *rand.Rand
	d    *District

	staff    [][]int         // the people of each school, by index
	things   []Device        // the physical devices, without any flaw
	numbers  []string        // the inventory number of each of them
	used     map[string]bool // serials given away
	macs     int             // blocks of MAC addresses given away
	sims     int             // subscriptions given away
	marked   map[string]bool // Truth of devices that have a flaw of identity
	flaws    [][]Flaw        // flaws to be shown by the asset of each physical device
	boxes    map[string]bool // Truth of devices in stock
	records  map[string]int  // the (newest) record of each device, by Truth
	unlisted map[int]bool    // physical devices without an asset
}

// chance is true in that share of the cases.
func (b *builder) chance(share float64) bool { return b.rand.Float64() < share }

// pick returns one element of a list.
func pick[T any](b *builder, list []T) T { return list[b.rand.IntN(len(list))] }
