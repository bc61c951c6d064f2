package matchtest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/mdmlink/mdmlink/match"
)

// machine is a physical device: the truth.
type machine struct {
	kind   *product
	serial string
	udid   string
	wifi   string
	wired  string // "" = no socket
	imeis  []string
	label  string // of the organisation
	name   string // that the organisation gives
	user   string
	site   int
}

// product is a model that an organisation buys.
type product struct {
	maker, model, id string
	otherModel       string // how people also write it
	class            match.Class
	apple, android   bool
	serial           serialForm
	oui              string
}

// serialForm is how a maker writes serials.
type serialForm uint8

const (
	randomTen   serialForm = iota // ten letters and digits at random
	twelve                        // plant, week, number, model
	countingHP                    // prefix and a number that counts up within a purchase
	countingLen                   // likewise, shorter
	samsung                       // prefix and random rest
)

var apples = []product{
	{maker: "Apple", model: "iPad (9. Generation)", id: "iPad12,1", otherModel: "iPad 9 64GB Wi-Fi", class: match.ClassTablet, apple: true, serial: twelve, oui: "3c06307"},
	{maker: "Apple", model: "iPad (10th generation)", id: "iPad13,18", otherModel: "iPad 10.9", class: match.ClassTablet, apple: true, serial: randomTen, oui: "f0d6357"},
	{maker: "Apple", model: "iPhone SE (3rd generation)", id: "iPhone14,6", otherModel: "iPhone SE 2022", class: match.ClassPhone, apple: true, serial: randomTen, oui: "a8fe9d3"},
	{maker: "Apple", model: "MacBook Air (M1, 2020)", id: "MacBookAir10,1", otherModel: "MacBook Air 13", class: match.ClassComputer, apple: true, serial: twelve, oui: "1457901"},
}

var androids = []product{
	{maker: "samsung", model: "SM-T509", id: "", otherModel: "Galaxy Tab A7", class: match.ClassTablet, android: true, serial: samsung, oui: "5cedf41"},
	{maker: "samsung", model: "SM-A536B", id: "", otherModel: "Galaxy A53", class: match.ClassPhone, android: true, serial: samsung, oui: "88bd452"},
}

var windows = []product{
	{maker: "HP", model: "HP EliteBook 840 G8 Notebook PC", otherModel: "EliteBook 840", class: match.ClassComputer, serial: countingHP, oui: "a0512f5"},
	{maker: "LENOVO", model: "20VX00A1GE", otherModel: "ThinkPad L14", class: match.ClassComputer, serial: countingLen, oui: "8c8caa1"},
}

const (
	letters36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	letters32 = "0123456789CDFGHJKLMNPQRTVWXYZBES" // without those that look alike
)

// drawer draws values that differ from all that it drew before.
type drawer struct {
	*rand.Rand
	used    map[string]bool
	counter map[string]int
}

func (d *drawer) text(alphabet string, n int) string {
	var b strings.Builder
	for range n {
		b.WriteByte(alphabet[d.IntN(len(alphabet))])
	}
	return b.String()
}

func (d *drawer) chance(p float64) bool { return d.Float64() < p }

func (d *drawer) fresh(draw func() string) string {
	for {
		if s := draw(); !d.used[s] {
			d.used[s] = true
			return s
		}
	}
}

// machine draws a physical device. Those of one purchase follow each other.
func (d *drawer) machine(i int, p *product) machine {
	m := machine{kind: p, serial: d.serial(p), site: d.IntN(12)}
	m.wifi = d.mac(p.oui)
	switch {
	case p.apple && p.class == match.ClassComputer, p.class == match.ClassComputer:
		m.udid = d.fresh(func() string {
			h := d.text("0123456789ABCDEF", 32)
			return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-A" + h[17:20] + "-" + h[20:]
		})
		m.wired = d.mac("d48564" + letters36[d.IntN(10):][:1])
	case p.apple:
		m.udid = d.fresh(func() string { return "0000" + d.text("0123456789", 4) + "-" + d.text("0123456789ABCDEF", 16) })
	}
	if p.class == match.ClassPhone {
		for range 2 {
			m.imeis = append(m.imeis, d.imei())
		}
	}
	m.label = fmt.Sprintf("%06d", 100000+i)
	m.name = fmt.Sprintf("%s-%s-%04d", siteName(m.site), className(p.class), i)
	m.user = fmt.Sprintf("user%d@school.example", i)
	return m
}

func siteName(site int) string { return "GS" + string(rune('A'+site)) }

func className(c match.Class) string {
	switch c {
	case match.ClassTablet:
		return "TAB"
	case match.ClassPhone:
		return "TEL"
	}
	return "NB"
}

func (d *drawer) serial(p *product) string {
	return d.fresh(func() string {
		switch p.serial {
		case twelve:
			return "DMP" + d.text("XYWVTS", 1) + d.text(letters32, 1) + d.text(letters32, 3) + []string{"Q1GC", "Q6L4"}[len(p.id)%2]
		case countingHP:
			return d.count("5CG2", 6, 40)
		case countingLen:
			return d.count("PF3", 5, 40)
		case samsung:
			return "R52" + d.text(letters36[10:], 1) + d.text(letters36, 7)
		}
		return d.text(letters32[10:], 1) + d.text(letters32, 9)
	})
}

// count returns the next number of a purchase, or the first one of another.
func (d *drawer) count(prefix string, digits, purchase int) string {
	limit := 1
	for range digits {
		limit *= 10
	}
	n := d.counter[prefix]
	if n%purchase == 0 {
		n = d.IntN(limit/purchase) * purchase
	}
	d.counter[prefix] = n + 1
	return fmt.Sprintf("%s%0*d", prefix+string(letters36[10+n/7%20]), digits, n)
}

func (d *drawer) mac(oui string) string {
	return d.fresh(func() string { return oui + d.text("0123456789abcdef", 12-len(oui)) })
}

func (d *drawer) imei() string {
	return d.fresh(func() string {
		digits := "35" + d.text("0123456789", 12)
		sum := 0
		for i := range 14 {
			n := int(digits[i] - '0')
			if i%2 == 1 {
				n = n*2/10 + n*2%10
			}
			sum += n
		}
		return digits + string(rune('0'+(10-sum%10)%10))
	})
}
