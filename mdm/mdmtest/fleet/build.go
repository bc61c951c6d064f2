package fleet

import (
	"fmt"
	"strings"
	"time"
)

// schoolTable has the schools that come first; later ones are numbered.
var schoolTable = []School{
	{ID: "weiher", Name: "Grundschule am Weiher", Short: "GAW",
		Street: "Weiherweg", StreetNumber: "4b", Region: "Altes Schulhaus", Coordinates: "50.1000,8.2000"},
	{ID: "lindental", Name: "Gymnasium Lindental", Short: "GYL",
		Street: "Lindenallee", StreetNumber: "17", Region: "Campus Lindental", Coordinates: "50.1200,8.2500"},
	{ID: "north", Name: "North School", Short: "NOR",
		Street: "Elm Road", StreetNumber: "2", Region: "North building", Coordinates: "50.1800,-0.2000"},
	{ID: "hafen", Name: "Berufskolleg Hafen", Short: "BKH",
		Street: "Kaistraße", StreetNumber: "101-103", Region: "Hafen", Coordinates: "50.05,8.3"},
}

// groupTable has the groups that every school keeps.
var groupTable = []Group{
	{ID: "ipads", Name: "All iPads", Smart: true},
	{ID: "macs", Name: "All Macs", Smart: true},
	{ID: "tvs", Name: "Apple TVs"},
	{ID: "year7", Name: "Year 7", Notes: "one to one"},
	{ID: "pool", Name: "Loan pool", Notes: "ask at the library"},
}

func (b *builder) schools() {
	for i := range b.o.Schools {
		s := School{
			ID: fmt.Sprintf("school%d", i+1), Name: fmt.Sprintf("School No. %d", i+1), Short: fmt.Sprintf("S%02d", i+1),
			Street: "Schulstraße", StreetNumber: fmt.Sprint(i + 1), Region: fmt.Sprintf("Campus %d", i+1), Coordinates: "50,8",
		}
		if i < len(schoolTable) {
			s = schoolTable[i]
		}
		s.PostalCode, s.City = fmt.Sprintf("00%03d", 100+i), "Lindental"
		s.Number = fmt.Sprintf("%02dL%d", 12+i, i)
		s.PublicIP = fmt.Sprintf("%s.%d", []string{"192.0.2", "198.51.100", "203.0.113"}[i%3], 1+i/3%250)
		b.d.Schools = append(b.d.Schools, s)
		for _, g := range groupTable {
			g.ID, g.School = s.ID+"-"+g.ID, s.ID
			b.d.Groups = append(b.d.Groups, g)
		}
	}
}

var (
	firstNames = []string{
		"Mira", "Jonas", "Jörg", "Zoë", "Aylin", "Emre", "Søren", "Léa", "Björn",
		"Käthe", "Paul", "Ida", "Anaïs", "Noor", "Tom", "Yuki", "Lotte", "Samir",
	}
	lastNames = []string{
		"Falk", "Brandt", "Öztürk", "Grünwald", "Weiß", "Sand", "Moor", "Kettner", "Lindqvist",
		"Abel", "Rösler", "Vogt", "Tamm", "Quast", "Dreyer", "Ilves", "Nakata",
	}
)

func (b *builder) people() {
	n := max(8, b.o.Devices*7/10)
	b.staff = make([][]int, len(b.d.Schools))
	seen := map[string]int{}
	for i := range n {
		school := i % len(b.d.Schools)
		p := Person{
			ID: fmt.Sprintf("P%05d", i+1), School: b.d.Schools[school].ID,
			First: pick(b, firstNames), Last: pick(b, lastNames), Teacher: i%7 == 0,
		}
		login := strings.ToLower(ascii(p.First) + "." + ascii(p.Last))
		if seen[login]++; seen[login] > 1 {
			login = fmt.Sprintf("%s%d", login, seen[login])
		}
		p.Username, p.Email = login, login+"@lindental.example"
		p.Groups = []string{"Students", fmt.Sprintf("Year %d", 5+i%6)}
		if p.Teacher {
			p.Groups = []string{"Teachers"}
		}
		if !b.o.Clean && b.chance(TrailingBlank.Rate()) {
			p.Last += " "
			p.Flaws = append(p.Flaws, TrailingBlank)
		}
		b.d.People = append(b.d.People, p)
		b.staff[school] = append(b.staff[school], i)
	}
}

// physical makes the things themselves: what is true, before anybody types
// anything.
func (b *builder) physical() {
	for i, m := range b.models() {
		b.things = append(b.things, b.thing(i, m))
	}
	for i := range b.things {
		year := b.things[i].Added.Year()
		b.numbers = append(b.numbers, fmt.Sprintf("INV-%d-%04d", year, i+1))
		if b.chance(0.6) {
			b.things[i].AssetTag = b.numbers[i]
		}
	}
	b.flaws = make([][]Flaw, len(b.things))
}

// models deals out products by the shares of the mix, in random order.
func (b *builder) models() []model {
	m := b.o.Mix
	kinds := []struct {
		weight int
		list   []model
	}{{m.IPad, iPads}, {m.CellularIPad, cellularIPads}, {m.MacBook, macBooks}, {m.IMac, iMacs}, {m.AppleTV, appleTVs}, {m.IPhone, iPhones}}
	total := 0
	for _, k := range kinds {
		total += max(0, k.weight)
	}
	var out []model
	sum := 0
	for _, k := range kinds {
		if total == 0 {
			break
		}
		sum += max(0, k.weight)
		for len(out) < b.o.Devices*sum/total {
			out = append(out, pick(b, k.list))
		}
	}
	b.rand.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	for range max(0, b.o.Windows) {
		out = append(out, pick(b, windowsPCs))
	}
	for range max(0, b.o.Android) {
		out = append(out, pick(b, androidTablets))
	}
	return out
}

func (b *builder) thing(i int, m model) Device {
	school := b.d.Schools[i%len(b.d.Schools)]
	d := Device{
		Truth: fmt.Sprintf("D%05d", i+1), UDID: b.udid(m.chip), Serial: b.serial(m.old),
		Platform: m.platform, Class: m.class, Line: m.line, Manufacturer: "Apple",
		Model: m.name, Identifier: m.identifier, Color: pick(b, m.color), OSVersion: pick(b, m.os),
		School: school.ID, IP: school.PublicIP, Managed: true, Battery: -1, Encrypted: true,
		Capacity: pick(b, m.capacity)<<30 + int64(b.rand.IntN(1<<30)),
		Apps:     apps(m.platform, i),
	}
	d.Free = d.Capacity / 100 * int64(5+b.rand.IntN(80))
	d.Added = b.o.Now.AddDate(0, -2-b.rand.IntN(60), -b.rand.IntN(28)).Truncate(24 * time.Hour)
	d.Enrolled = d.Added.Add(time.Duration(20+b.rand.IntN(500)) * time.Hour)
	d.LastSeen = b.lastSeen()
	if d.LastSeen.Before(d.Enrolled) {
		d.LastSeen = d.Enrolled
	}
	if b.chance(0.7) {
		d.Region = school.Region
	}
	if b.chance(0.05) {
		d.Notes = pick(b, []string{"screen protector replaced", "Hülle fehlt", "on loan until summer", "battery weak"})
	}
	b.network(&d)
	b.enrolment(&d)
	b.use(&d, i)
	return d
}

// lastSeen is within two hours for most devices, weeks ago for some.
func (b *builder) lastSeen() time.Time {
	ago := time.Duration(b.rand.IntN(7200)) * time.Second
	switch {
	case b.chance(0.05):
		ago += time.Duration(30+b.rand.IntN(300)) * 24 * time.Hour
	case b.chance(0.15):
		ago += time.Duration(b.rand.IntN(20)) * 24 * time.Hour
	}
	return b.o.Now.Add(-ago).Truncate(time.Second)
}

// network gives the device its interfaces and subscriptions.
func (b *builder) network(d *Device) {
	ouis := appleOUIs
	if !d.Apple() {
		ouis = otherOUIs
	}
	block := b.macBlock(ouis)
	d.WiFiMAC, d.BluetoothMAC = block[0], block[1]
	switch d.Class {
	case Desktop, TVBox:
		d.EthernetMACs = []string{block[2]}
	case Laptop:
		if d.Apple() && b.chance(0.25) { // an adapter of its own
			d.EthernetMACs = []string{block[2]}
		}
	}
	if d.Class == TVBox && b.chance(0.3) {
		d.WiFiMAC = "" // wired, and reports nothing else
	}
	switch {
	case d.Class == Phone:
		d.SIMs = []SIM{b.sim(true, true), b.sim(false, false)}
	case strings.Contains(d.Model, "Cellular"):
		d.SIMs = []SIM{b.sim(b.chance(0.5), false)}
	}
}

// enrolment decides how the device came under management.
func (b *builder) enrolment(d *Device) {
	d.Enrolment, d.Supervised = Automated, true
	switch roll := b.rand.Float64(); {
	case roll < 0.12:
		d.Enrolment, d.Supervised = Manual, b.chance(0.3)
	case roll < 0.22 && d.Platform != MacOS:
		d.Enrolment = Configurator
	}
	if d.Enrolment == Automated {
		d.Profile = "Shared devices"
	}
}

// use gives the device a name, a place and perhaps a person.
func (b *builder) use(d *Device, i int) {
	school := i % len(b.d.Schools)
	short := b.d.Schools[school].Short
	d.Name = fmt.Sprintf("%s-%s-%03d", short, strings.ReplaceAll(d.Line, " ", ""), i+1)
	d.Groups = []string{d.School + "-" + map[bool]string{true: "macs", false: "ipads"}[d.Platform == MacOS]}
	if d.Class != TVBox && d.Class != Desktop {
		d.Battery = float64(b.rand.IntN(1001)) / 1000
		d.Passcode = b.chance(0.6)
	}
	switch {
	case d.Class == TVBox:
		d.Groups = []string{d.School + "-tvs"}
		d.Name = fmt.Sprintf("Raum %s %d.%02d", short, 1+i%3, 1+i%40)
	case d.Class == Desktop || b.chance(0.15):
		d.Groups = append(d.Groups, d.School+"-pool")
	case b.o.Clean || !b.chance(NoOwner.Rate()):
		b.give(d, school, i)
	default:
		d.Flaws = append(d.Flaws, NoOwner)
	}
}

// give hands the device to a person, and the device is named for the role.
func (b *builder) give(d *Device, school, i int) {
	staff := b.staff[school]
	if len(staff) == 0 {
		return
	}
	p := b.d.People[staff[i/len(b.d.Schools)%len(staff)]]
	d.Owner = p.ID
	if p.Teacher {
		d.Name = fmt.Sprintf("%s Lehrkräfte %03d", b.d.Schools[school].Short, i+1)
		return
	}
	d.Groups = append(d.Groups, d.School+"-year7")
	if d.Profile != "" {
		d.Profile = "Students 1:1"
	}
	if d.Platform == IPadOS {
		d.Name = fmt.Sprintf("%s Schüler-iPad %03d", b.d.Schools[school].Short, i+1)
	}
}
