package match

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/mdmlink/mdmlink/mdm/ident"
)

// Keys of plain values must be those of what package ident reads, or two
// spellings of one value would not meet.
func TestKeysAgreeWithIdent(t *testing.T) {
	rules := ident.Default()
	raw := rapid.OneOf(
		rapid.StringMatching(`[ A-Za-z0-9OI0.\-]{0,14}`),
		rapid.StringMatching(`S[A-Z0-9]{11,12}`),
		rapid.StringMatching(`([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}|[0-9a-f]{12}|([0-9a-f]{4}\.){2}[0-9a-f]{4}`),
		rapid.StringMatching(`[0-9]{14,16}`),
		rapid.StringMatching(`[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}`),
		rapid.StringMatching(`0000[0-9]{4}-[0-9A-F]{16}|[0-9a-f]{40}`),
		rapid.StringMatching(`(VMware|parallels)-[0-9a-f ]{20,50}`),
		rapid.StringMatching(`[A-Za-z]{2,4}[ _\-]?0{0,2}[1-9][0-9]{0,2}( \([0-9]\)|\.local|\.school\.example)?`),
		rapid.String(),
	)
	rapid.Check(t, func(t *rapid.T) {
		s := raw.Draw(t, "raw")
		html := rapid.Bool().Draw(t, "html")
		h := ident.Hints{HTML: html}
		same := func(what string, key uint64, id ident.ID, want uint64) {
			if id.Key != "" && key != want {
				t.Fatalf("%s of %q: key %x instead of %x of %q", what, s, key, want, id.Key)
			}
		}
		serial := rules.Serial(s, h)
		same("serial", serialKey(rules, s, html), serial, hash(serial.Key))
		if serial.Folded != "" {
			same("folded", foldedKey(rules, s, html), serial, hash(serial.Folded))
		}
		mac := rules.MAC(s)
		same("mac", macKey(rules, s), mac, macTextKey(mac))
		imei := rules.IMEI(s, h)
		same("imei", imeiKey(rules, s), imei, imeiTextKey(imei))
		uuid := rules.UUID(s)
		same("uuid", uuidKey(rules, s), uuid, uuidTextKey(uuid))
		tag := rules.AssetTag(s, h)
		same("tag", tagKey(rules, s, html), tag, hash(tag.Key))
		name := rules.Name(s, h)
		key, skeleton := nameKeys(rules, s, html)
		same("name", key, name, hash(name.Key))
		if skeleton != 0 {
			same("skeleton", skeleton, name, skeletonKey([]byte(name.Folded)))
		}
	})
}

func TestUUIDKeyIgnoresByteOrder(t *testing.T) {
	rules := ident.Default()
	assert.Equal(t, uuidKey(rules, "564D1A2B-3C4D-5E6F-7081-92A3B4C5D6E7"), uuidKey(rules, "2b1a4d56-4d3c-6f5e-7081-92a3b4c5d6e7"))
	assert.NotEqual(t, uuidKey(rules, "564D1A2B-3C4D-5E6F-7081-92A3B4C5D6E7"), uuidKey(rules, "564D1A2B-3C4D-5E6F-7081-92A3B4C5D6E8"))
}

func TestSkeleton(t *testing.T) {
	for _, pair := range [][2]string{{"lg-tab-044", "lg tab 44"}, {"raum_07_pc_003", "raum 7 pc 3"}} {
		assert.Equal(t, skeletonKey([]byte(pair[0])), skeletonKey([]byte(pair[1])), pair)
	}
	assert.NotEqual(t, skeletonKey([]byte("lg-tab-044")), skeletonKey([]byte("lg-tab-045")))
	assert.Zero(t, skeletonKey([]byte("pc1")), "too short to say anything")
}

// An index finds what a map finds.
func TestIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOf(rapid.Uint64Range(0, 200)).Draw(t, "keys")
		few := rapid.Bool().Draw(t, "few")
		want := map[uint64][]uint32{}
		for i, k := range keys {
			want[k] = append(want[k], uint32(i))
		}
		x := newIndex(&column{key: keys}, few)
		for k := range uint64(210) {
			got, n := x.records(k, nil)
			if few && len(want[k]) < 2 && n == 0 {
				continue
			}
			if k == 0 {
				require.Zero(t, n)
				continue
			}
			require.Equal(t, len(want[k]), n)
			if n <= maxShared {
				require.ElementsMatch(t, want[k], got)
			}
		}
	})
}

func TestIndexOfMany(t *testing.T) {
	keys := make([]uint64, 10*maxShared)
	for i := range keys {
		keys[i] = 7
	}
	x := newIndex(&column{key: keys}, false)
	got, n := x.records(7, nil)
	assert.Equal(t, len(keys), n)
	assert.Empty(t, got, "a value of so many is not looked into")
}

// Look-ups allocate nothing.
func TestIndexAllocs(t *testing.T) {
	keys := make([]uint64, 1000)
	for i := range keys {
		keys[i] = uint64(i/2 + 1)
	}
	x := newIndex(&column{key: keys}, false)
	buf := make([]uint32, 0, maxShared)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		for k := range uint64(600) {
			x.one(k)
			buf, _ = x.records(k, buf[:0])
		}
	}))
	rules := ident.Default()
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		serialKey(rules, "dmpx7k2lq1gc", false)
		foldedKey(rules, "SDMPX7K2LQ1GC", false)
		macKey(rules, "3C-5A-B4-10-20-30")
		imeiKey(rules, "352099001761481")
		uuidKey(rules, "4C4C4544-0051-3510-8057-B7C04F5A3532")
		tagKey(rules, "inv-0012", false)
		nameKeys(rules, "LG-TAB-044", false)
	}))
}

func TestHigherID(t *testing.T) {
	assert.Positive(t, higherID("10", "9"))
	assert.Positive(t, higherID("b", "a"))
	assert.Zero(t, higherID("7", "7"))
	assert.Positive(t, higherID("010", "9"))
}
