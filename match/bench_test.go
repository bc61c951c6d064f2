package match_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/match"
)

// bulk makes n devices and as many assets with four identifiers each, and a
// name, a model and a manufacturer besides. Of each hundred assets, three have
// another device's place, one lacks the serial, and half are spelled in another
// way than the MDM does.
func bulk(n int) match.Input {
	r := rand.New(rand.NewPCG(1, 2))
	in := match.Input{Connection: "c", Devices: make([]match.Device, n), Assets: make([]match.Asset, n), Now: now}
	const digits = "0123456789ABCDEFGHJKLMNPQRTUVWXY"
	for i := range n {
		v := r.Uint64()
		var serial [10]byte
		for j := range serial {
			serial[j] = digits[v>>(5*j)&31]
		}
		serial[0] = 'H'
		mac := fmt.Sprintf("3c0630%06x", i)
		udid := fmt.Sprintf("%08X-%04X-4%03X-A%03X-%012X", uint32(v>>32), uint16(v), v>>5&0xfff, v>>17&0xfff, r.Uint64()>>16)
		imei := imeiOf(i)
		in.Devices[i] = match.Device{ID: fmt.Sprintf("d-%08d", i), Serial: string(serial[:]), UDID: udid, WiFi: colons(mac),
			IMEIs: []string{imei}, Name: fmt.Sprintf("GSA-TAB-%07d", i), Model: "iPad (9. Generation)", ModelID: "iPad12,1",
			Manufacturer: "Apple", Apple: true, Managed: true, LastSeen: now}
		a := match.Asset{ID: fmt.Sprintf("inv-%08d", i), Serial: string(serial[:]), UDID: udid, MACs: []string{in.Devices[i].WiFi},
			IMEIs: in.Devices[i].IMEIs, Name: in.Devices[i].Name, Model: "iPad (9. Generation)", Manufacturer: "Apple Inc."}
		switch c := i % 100; {
		case c < 3:
			other := imeiOf(n + i)
			a = match.Asset{ID: a.ID, Serial: "X" + a.Serial[1:], UDID: strings.Replace(udid, "-4", "-5", 1), MACs: []string{fmt.Sprintf("f0d635%06x", i)},
				IMEIs: []string{other}, Name: fmt.Sprintf("OLD-%07d", i)}
		case c == 3:
			a.Serial = ""
		case c >= 50:
			a.Serial, a.UDID, a.MACs = strings.ToLower(a.Serial), strings.ToLower(udid), []string{mac}
		}
		in.Assets[i] = a
	}
	r.Shuffle(n, func(i, j int) { in.Devices[i], in.Devices[j] = in.Devices[j], in.Devices[i] })
	r.Shuffle(n, func(i, j int) { in.Assets[i], in.Assets[j] = in.Assets[j], in.Assets[i] })
	return in
}

func colons(mac string) string {
	return mac[:2] + ":" + mac[2:4] + ":" + mac[4:6] + ":" + mac[6:8] + ":" + mac[8:10] + ":" + mac[10:]
}

func imeiOf(i int) string {
	s := fmt.Sprintf("35%012d", i*7+1000003)
	sum := 0
	for j := range 14 {
		d := int(s[j] - '0')
		if j%2 == 1 {
			d = d*2/10 + d*2%10
		}
		sum += d
	}
	return s + string(rune('0'+(10-sum%10)%10))
}

// hashJoin is what there is to beat: the four keys as they stand, in four maps,
// without any reading, judging or deciding.
func hashJoin(in *match.Input) (hits int) {
	n := len(in.Assets)
	serials, udids := make(map[string]int32, n), make(map[string]int32, n)
	macs, imeis := make(map[string]int32, n), make(map[string]int32, n)
	for i := range in.Assets {
		a := &in.Assets[i]
		serials[a.Serial], udids[a.UDID] = int32(i), int32(i)
		macs[a.MACs[0]], imeis[a.IMEIs[0]] = int32(i), int32(i)
	}
	for i := range in.Devices {
		d := &in.Devices[i]
		for _, found := range [...]bool{in1(serials, d.Serial), in1(udids, d.UDID), in1(macs, d.WiFi), in1(imeis, d.IMEIs[0])} {
			if found {
				hits++
			}
		}
	}
	return hits
}

func in1(m map[string]int32, key string) bool { _, ok := m[key]; return ok }

var sizes = []int{1_000, 100_000, 1_000_000}

func eachSize(b *testing.B, f func(b *testing.B, in match.Input)) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if n == 1_000_000 && testing.Short() {
				b.Skip("needs 2 GB")
			}
			in := bulk(n)
			runtime.GC()
			b.ReportAllocs()
			f(b, in)
		})
	}
}

func BenchmarkRun(b *testing.B) {
	eachSize(b, func(b *testing.B, in match.Input) {
		for b.Loop() {
			linked := 0
			for o := range match.Run(in) {
				if o.Kind.IsLink() {
					linked++
				}
			}
			if linked < len(in.Devices)*9/10 {
				b.Fatalf("%d of %d linked", linked, len(in.Devices))
			}
		}
	})
}

func BenchmarkHashJoin(b *testing.B) {
	eachSize(b, func(b *testing.B, in match.Input) {
		for b.Loop() {
			if hashJoin(&in) == 0 {
				b.Fatal("no hits")
			}
		}
	})
}

// BenchmarkRunPerHashJoin takes turns, so that what else the machine does hits
// both alike, and reports how many hash joins a run takes.
func BenchmarkRunPerHashJoin(b *testing.B) {
	eachSize(b, func(b *testing.B, in match.Input) {
		var join, whole time.Duration
		for b.Loop() {
			start := time.Now()
			hashJoin(&in)
			middle := time.Now()
			for range match.Run(in) {
			}
			join += middle.Sub(start)
			whole += time.Since(middle)
		}
		b.ReportMetric(float64(whole)/float64(join), "joins/op")
	})
}

// BenchmarkRunLinked is the run of every day: all devices are linked already.
func BenchmarkRunLinked(b *testing.B) {
	eachSize(b, func(b *testing.B, in match.Input) {
		serials := make(map[string]string, len(in.Devices))
		for _, d := range in.Devices {
			serials[d.ID] = d.Serial
		}
		for o := range match.Run(in) {
			if o.Kind.IsLink() {
				in.Links = append(in.Links, match.Link{Connection: "c", Device: o.Device, Asset: o.Asset, Serial: serials[o.Device], At: now})
			}
		}
		for b.Loop() {
			for range match.Run(in) {
			}
		}
	})
}

// BenchmarkExplain is one click on a row.
func BenchmarkExplain(b *testing.B) {
	in := bulk(10_000)
	m := match.New(in)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := m.Explain("d-00000007", "inv-00000007"); !ok {
			b.Fatal("not found")
		}
	}
}
