package fleet

import (
	"fmt"
	"slices"
	"strings"
)

// register writes the inventory: a row for most things, the flaws that
// people make when they type, and rows of things that no MDM knows.
func (b *builder) register() {
	if !b.o.Clean {
		b.spoilRows()
	}
	for i := range b.things {
		if b.unlisted[i] {
			continue
		}
		a := b.row(i)
		for _, f := range b.flaws[i] {
			a.Flaws = append(a.Flaws, f)
			b.spoil(&a, f)
		}
		b.d.Assets = append(b.d.Assets, a)
		if a.Has(Twin) {
			b.d.Assets = append(b.d.Assets, b.twin(a, i))
		}
	}
	if !b.o.Clean {
		b.strangers()
	}
	for i := range b.d.Assets {
		b.d.Assets[i].ID = fmt.Sprintf("A%05d", i+1)
	}
}

// spoilRows deals the flaws of identity that the inventory shows.
func (b *builder) spoilRows() {
	fits := map[Flaw]func(*Device) bool{MistypedOne: hasSerialDigit, ArchivedInUse: b.checksIn, MovedByHand: b.checksIn}
	list := []Flaw{ // the choosy ones first
		MistypedOne, ArchivedInUse, LowerSerial, ScannedSerial, SerialAsNumber, SerialMissing, JunkAsset, Twin, NotInInventory,
	}
	if len(b.d.Schools) > 1 {
		list = append(list, MovedByHand)
	}
	for _, f := range list {
		fit := fits[f]
		if fit == nil {
			fit = anyDevice
		}
		for _, i := range b.deal(f.Rate(), fit) {
			if f != NotInInventory {
				b.flaws[i] = append(b.flaws[i], f)
				continue
			}
			b.unlisted[i] = true
			r := b.record(b.things[i].Truth)
			r.Flaws = append(r.Flaws, f)
		}
	}
}

// row is the row that a careful person would write, habits of typing included.
func (b *builder) row(i int) Asset {
	d := &b.things[i]
	a := Asset{
		Truth: d.Truth, School: d.School, Number: b.numbers[i], Name: d.Name, Serial: d.Serial,
		Manufacturer: d.Manufacturer, Model: d.Model, Purchased: d.Added,
		Room: fmt.Sprintf("%d.%02d", 1+i%3, 1+i%40),
	}
	if !d.Apple() {
		a.Manufacturer = "Example Computers"
	}
	if b.chance(0.3) {
		a.Name = fmt.Sprintf("%s %s", d.Line, a.Room)
	}
	if p, ok := b.person(d.Owner); ok {
		a.User = strings.TrimSpace(p.Name())
	}
	if d.WiFiMAC != "" && b.chance(0.3) {
		a.MACs = []string{d.WiFiMAC}
		if !b.o.Clean && b.chance(HandTypedMAC.Rate()) {
			a.MACs[0] = strings.ToUpper(strings.ReplaceAll(d.WiFiMAC, ":", "-"))
			a.Flaws = append(a.Flaws, HandTypedMAC)
		}
	}
	if len(d.SIMs) > 0 && b.chance(0.8) {
		a.IMEI = d.SIMs[0].IMEI
		if !b.o.Clean && b.chance(SpacedIMEI.Rate()) {
			a.IMEI = inGroups(a.IMEI)
			a.Flaws = append(a.Flaws, SpacedIMEI)
		}
	}
	return a
}

// person finds a person by the number in the id.
func (b *builder) person(id string) (Person, bool) {
	var n int
	if _, err := fmt.Sscanf(id, "P%d", &n); err != nil || n < 1 || n > len(b.d.People) {
		return Person{}, false
	}
	return b.d.People[n-1], true
}

// spoil makes one mistake in a row.
func (b *builder) spoil(a *Asset, f Flaw) {
	switch f {
	case LostZero:
		a.Serial = strings.TrimLeft(a.Serial, "0")
	case LowerSerial:
		a.Serial = strings.ToLower(a.Serial)
	case ScannedSerial:
		a.Serial = "S" + a.Serial
	case MistypedOne:
		a.Serial = strings.NewReplacer("0", "O", "1", "I").Replace(a.Serial)
	case SerialAsNumber:
		a.Number, a.Serial = a.Serial, ""
	case SerialMissing:
		a.Serial, a.Name = "", strings.TrimSpace(b.record(a.Truth).Name)
	case JunkAsset:
		a.Serial = pick(b, []string{"n/a", "unknown", "-"})
	case ArchivedInUse:
		a.Archived, a.Notes = true, "written off"
	case MovedByHand:
		at := slices.IndexFunc(b.d.Schools, func(s School) bool { return s.ID == a.School })
		a.School = b.d.Schools[(at+1)%len(b.d.Schools)].ID
	}
}

// twin is the row that a second person wrote for the same device.
func (b *builder) twin(a Asset, i int) Asset {
	a.Number = fmt.Sprintf("N-%05d", 90000+i)
	a.Name, a.User, a.MACs, a.IMEI = a.Model, "", nil, ""
	a.Flaws = []Flaw{Twin}
	return a
}

// strangers are rows of things that no MDM knows.
func (b *builder) strangers() {
	kinds := []Asset{
		{Manufacturer: "Example Optics", Model: "Beamer X2", Name: "Beamer"},
		{Manufacturer: "Apple", Model: "iPad (5th Generation) (WiFi)", Name: "iPad alt", Notes: "stolen"},
		{Manufacturer: "Example Computers", Model: "Monitor 24", Name: "Monitor"},
		{Manufacturer: "Example Print", Model: "Laser 400", Name: "Drucker"},
	}
	n := int(NoDevice.Rate()*float64(b.o.Devices) + 0.5)
	if b.o.Devices >= 40 {
		n = max(1, n)
	}
	for i := range n {
		a := kinds[i%len(kinds)]
		a.School = b.d.Schools[i%len(b.d.Schools)].ID
		a.Number = fmt.Sprintf("INV-2019-%04d", 9000+i)
		a.Name = fmt.Sprintf("%s %d", a.Name, i+1)
		a.Serial = b.serial(true)
		a.Room = fmt.Sprintf("%d.%02d", 1+i%3, 1+i%40)
		a.Purchased = b.o.Now.AddDate(-6, 0, -i)
		a.Archived = i%4 == 1
		a.Flaws = []Flaw{NoDevice}
		b.d.Assets = append(b.d.Assets, a)
	}
}
