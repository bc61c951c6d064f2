package fleet_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
)

func TestNewIsDeterministic(t *testing.T) {
	render := func(o fleet.Options) string {
		b, err := json.Marshal(fleet.New(o))
		require.NoError(t, err)
		return string(b)
	}
	assert.Equal(t, render(fleet.Options{}), render(fleet.Options{Seed: 1, Schools: 4, Devices: 320}))
	assert.NotEqual(t, render(fleet.Options{}), render(fleet.Options{Seed: 2}))
}

func TestNewDefaults(t *testing.T) {
	d := fleet.New(fleet.Options{})
	assert.Len(t, d.Schools, 4)
	assert.False(t, d.Now.IsZero())
	truths := map[string]bool{}
	for _, list := range [][]fleet.Device{d.Devices, d.Stock} {
		for _, dev := range list {
			truths[dev.Truth] = true
			assert.True(t, dev.Apple(), dev.Truth)
		}
	}
	assert.Len(t, truths, 320)
	assert.Len(t, d.Stock, 13)
}

func TestNewSizes(t *testing.T) {
	for _, n := range []int{1, 2, 5, 39, 40, 1000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			d := fleet.New(fleet.Options{Devices: n, Schools: 1 + n%3})
			assert.GreaterOrEqual(t, len(d.Devices)+len(d.Stock), n)
		})
	}
	t.Run("only Macs", func(t *testing.T) {
		for _, dev := range fleet.New(fleet.Options{Devices: 50, Mix: fleet.Mix{MacBook: 1}}).Devices {
			assert.Equal(t, fleet.MacOS, dev.Platform)
		}
	})
}

func TestNewReferences(t *testing.T) {
	d := fleet.New(fleet.Options{Devices: 500, Schools: 6})
	groups := map[string]string{}
	for _, g := range d.Groups {
		groups[g.ID] = g.School
	}
	for _, dev := range d.Devices {
		_, ok := d.School(dev.School)
		require.True(t, ok)
		for _, g := range dev.Groups {
			require.Equal(t, dev.School, groups[g])
		}
		if dev.Owner != "" {
			p, ok := d.Person(dev.Owner)
			require.True(t, ok)
			require.Equal(t, dev.School, p.School)
		}
	}
	for _, a := range d.Assets {
		_, ok := d.School(a.School)
		require.True(t, ok)
	}
}

var (
	udidForm   = regexp.MustCompile(`^([0-9a-f]{40}|[0-9A-F]{8}-[0-9A-F]{16}|[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12})$`)
	serialForm = regexp.MustCompile(`^[0-9A-HJ-NP-Z]{10}([0-9A-HJ-NP-Z]{2})?$`)
	macForm    = regexp.MustCompile(`^([0-9a-f]{2}:){5}[0-9a-f]{2}$`)
)

func TestIdentifiers(t *testing.T) {
	d := fleet.New(fleet.Options{Devices: 2000, Windows: 50, Android: 50})
	udids, macs, imeis := map[string]string{}, map[string]string{}, map[string]string{}
	once := func(seen map[string]string, value, truth string) {
		if other, ok := seen[value]; ok {
			assert.Equal(t, other, truth, value)
		}
		seen[value] = truth
	}
	for i := range d.Devices {
		dev := &d.Devices[i]
		require.Regexp(t, udidForm, dev.UDID)
		if !dev.Has(fleet.MigratedUUID) {
			once(udids, dev.UDID, dev.Truth)
		}
		if !dev.Has(fleet.JunkSerial) {
			require.Regexp(t, serialForm, dev.Serial)
		}
		if dev.WiFiMAC != "" {
			require.Regexp(t, macForm, dev.WiFiMAC)
			once(macs, dev.WiFiMAC, dev.Truth)
		}
		for _, s := range dev.SIMs {
			require.Len(t, s.IMEI, 15)
			require.True(t, luhn(s.IMEI), s.IMEI)
			require.Len(t, s.EID, 32)
			once(imeis, s.IMEI, dev.Truth)
			if s.ICCID != "" {
				require.Len(t, s.ICCID, 19)
			}
		}
	}
}

func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		n := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

func TestFlawsOccur(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3, 99} {
		d := fleet.New(fleet.Options{Seed: seed})
		for _, f := range fleet.Flaws() {
			assert.Positive(t, d.Count(f), "seed %d: %s", seed, f)
		}
	}
}

func TestFlawsOccurInSmallFleets(t *testing.T) {
	for _, n := range []int{40, 60, 100} {
		d := fleet.New(fleet.Options{Devices: n})
		for _, f := range fleet.Flaws() {
			assert.Positive(t, d.Count(f), "%d devices: %s", n, f)
		}
	}
}

func TestFlawRates(t *testing.T) {
	const n = 4000
	d := fleet.New(fleet.Options{Devices: n})
	for f, records := range map[fleet.Flaw]float64{ // how many records or rows a dealt device marks
		fleet.ReEnrolled: 2, fleet.JunkSerial: 1, fleet.SharedDock: 1, fleet.WrongTag: 1, fleet.LostZero: 1,
		fleet.LowerSerial: 1, fleet.ScannedSerial: 1, fleet.MistypedOne: 1, fleet.SerialAsNumber: 1,
		fleet.SerialMissing: 1, fleet.JunkAsset: 1, fleet.Twin: 2, fleet.ArchivedInUse: 1, fleet.MovedByHand: 1,
		fleet.NoDevice: 1, fleet.NeverSeen: 1, fleet.DefaultName: 1, fleet.SharedName: 1, fleet.DecomposedName: 1,
	} {
		want := f.Rate() * n * records
		assert.InDelta(t, want, d.Count(f), 2+want/20, f.String()) // second records carry their names along
	}
	assert.Equal(t, 2, d.Count(fleet.MigratedUUID))
}

func TestClean(t *testing.T) {
	d := fleet.New(fleet.Options{Clean: true, Windows: 100, Android: 100})
	for _, f := range fleet.Flaws() {
		assert.Zero(t, d.Count(f), f.String())
	}
	assert.Len(t, d.Assets, 520)
	assert.Len(t, d.Devices, 520-len(d.Stock))
}

// TestFlawsAreWhatTheySay looks at one record or row of each kind.
func TestFlawsAreWhatTheySay(t *testing.T) {
	d := fleet.New(fleet.Options{Devices: 1000})
	records, rows := byTruth(d)
	is := func(f fleet.Flaw, check func(t *testing.T, dev fleet.Device, a fleet.Asset)) {
		t.Run(f.String(), func(t *testing.T) {
			n := 0
			for _, a := range d.Assets {
				if a.Has(f) {
					n++
					check(t, records[a.Truth][0], a)
				}
			}
			assert.Positive(t, n)
		})
	}
	is(fleet.LowerSerial, func(t *testing.T, dev fleet.Device, a fleet.Asset) {
		assert.Equal(t, strings.ToLower(dev.Serial), a.Serial)
	})
	is(fleet.ScannedSerial, func(t *testing.T, dev fleet.Device, a fleet.Asset) {
		assert.Equal(t, "S"+dev.Serial, a.Serial)
	})
	is(fleet.LostZero, func(t *testing.T, dev fleet.Device, a fleet.Asset) {
		assert.NotEqual(t, dev.Serial, a.Serial)
		assert.Equal(t, strings.TrimLeft(dev.Serial, "0"), a.Serial)
	})
	is(fleet.MistypedOne, func(t *testing.T, dev fleet.Device, a fleet.Asset) {
		assert.NotEqual(t, dev.Serial, a.Serial)
		assert.Len(t, a.Serial, len(dev.Serial))
	})
	is(fleet.SerialAsNumber, func(t *testing.T, dev fleet.Device, a fleet.Asset) {
		assert.Equal(t, dev.Serial, a.Number)
		assert.Empty(t, a.Serial)
	})
	is(fleet.SerialMissing, func(t *testing.T, dev fleet.Device, a fleet.Asset) {
		assert.Empty(t, a.Serial)
		assert.Equal(t, strings.TrimSpace(dev.Name), a.Name)
		assert.Equal(t, dev.Model, a.Model)
	})
	is(fleet.ArchivedInUse, func(t *testing.T, dev fleet.Device, a fleet.Asset) {
		assert.True(t, a.Archived)
		assert.False(t, dev.LastSeen.IsZero())
	})
	is(fleet.MovedByHand, func(t *testing.T, dev fleet.Device, a fleet.Asset) {
		assert.NotEqual(t, dev.School, a.School)
	})
	is(fleet.Twin, func(t *testing.T, dev fleet.Device, a fleet.Asset) {
		require.Len(t, rows[a.Truth], 2)
		assert.Equal(t, rows[a.Truth][0].Serial, rows[a.Truth][1].Serial)
	})
	for _, a := range d.Assets {
		if a.Has(fleet.NoDevice) {
			assert.Empty(t, a.Truth)
		}
	}
}

func TestFlawsOfRecordsAreWhatTheySay(t *testing.T) {
	d := fleet.New(fleet.Options{Devices: 1000})
	records, rows := byTruth(d)
	ethernet := map[string]int{}
	for _, dev := range d.Devices {
		switch {
		case dev.Has(fleet.NotInInventory):
			assert.Empty(t, rows[dev.Truth])
		case dev.Has(fleet.ReEnrolled):
			two := records[dev.Truth]
			require.Len(t, two, 2)
			assert.Equal(t, two[0].Serial, two[1].Serial)
			assert.NotEqual(t, two[0].UDID, two[1].UDID)
			assert.True(t, two[0].LastSeen.After(two[1].LastSeen))
		case dev.Has(fleet.SharedDock):
			ethernet[dev.EthernetMACs[0]]++
		}
		if dev.Has(fleet.NeverSeen) {
			assert.True(t, dev.LastSeen.IsZero())
		}
		if dev.Has(fleet.DecomposedName) {
			assert.Contains(t, dev.Name, "\u0308")
		}
	}
	require.NotEmpty(t, ethernet)
	for mac, n := range ethernet {
		assert.Greater(t, n, 1, mac)
	}
	var pair []fleet.Device
	for _, dev := range d.Devices {
		if dev.Has(fleet.MigratedUUID) {
			pair = append(pair, dev)
		}
	}
	require.Len(t, pair, 2)
	assert.Equal(t, pair[0].UDID, pair[1].UDID)
	assert.NotEqual(t, pair[0].Serial, pair[1].Serial)
}

// TestIdentityFlawsNeverMeet keeps each labelled case pure.
func TestIdentityFlawsNeverMeet(t *testing.T) {
	d := fleet.New(fleet.Options{Devices: 1000})
	has := map[string][]fleet.Flaw{}
	note := func(truth string, list []fleet.Flaw) {
		for _, f := range list {
			if f < fleet.NoDevice && truth != "" && !slices.Contains(has[truth], f) {
				has[truth] = append(has[truth], f)
			}
		}
	}
	for _, dev := range d.Devices {
		note(dev.Truth, dev.Flaws)
	}
	for _, a := range d.Assets {
		note(a.Truth, a.Flaws)
	}
	for truth, list := range has {
		assert.Len(t, list, 1, truth)
	}
}

func TestTimes(t *testing.T) {
	d := fleet.New(fleet.Options{Now: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)})
	for _, dev := range d.Devices {
		assert.False(t, dev.LastSeen.After(d.Now))
		assert.False(t, dev.Enrolled.After(d.Now))
	}
}

func TestOtherMakers(t *testing.T) {
	d := fleet.New(fleet.Options{Windows: 200, Android: 100})
	n := map[fleet.Platform]int{}
	for _, dev := range d.Devices {
		n[dev.Platform]++
	}
	assert.Equal(t, 200, n[fleet.Windows])
	assert.Equal(t, 100, n[fleet.Android])
}

func TestEnumTexts(t *testing.T) {
	assert.Equal(t, "iPadOS", fleet.IPadOS.String())
	assert.Equal(t, "unknown", fleet.Platform(200).String())
	assert.Equal(t, "tv box", fleet.TVBox.String())
	assert.Equal(t, "automated", fleet.Automated.String())
	assert.Equal(t, "unknown", fleet.Flaw(200).String())
	assert.Zero(t, fleet.Flaw(200).Rate())
}

func byTruth(d *fleet.District) (map[string][]fleet.Device, map[string][]fleet.Asset) {
	records, rows := map[string][]fleet.Device{}, map[string][]fleet.Asset{}
	for _, dev := range d.Devices {
		records[dev.Truth] = append(records[dev.Truth], dev)
	}
	for _, a := range d.Assets {
		rows[a.Truth] = append(rows[a.Truth], a)
	}
	for _, dev := range d.Stock {
		records[dev.Truth] = append(records[dev.Truth], dev)
	}
	return records, rows
}

func BenchmarkNew50000(b *testing.B) {
	for b.Loop() {
		fleet.New(fleet.Options{Devices: 50_000, Schools: 40})
	}
}
