package matchtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/match/matchtest"
)

// The numbers that the matcher is built for, at the default rates.
func TestRunAcceptance(t *testing.T) {
	devices := 100_000
	if testing.Short() {
		devices = 10_000
	}
	for _, test := range []struct {
		name      string
		rates     matchtest.Rates
		automatic float64
	}{
		{"apple", matchtest.Apple(), 0.97},
		{"mixed", matchtest.Mixed(), 0.90},
	} {
		t.Run(test.name, func(t *testing.T) {
			fleet := matchtest.New(matchtest.Options{Devices: devices, Seed: 1, Rates: test.rates})
			tally := fleet.Score(match.Run(fleet.Input))
			t.Log(tally, tally.Kinds)
			assert.Zero(t, tally.Wrong, tally.Mistake)
			assert.Zero(t, tally.Merged, tally.Mistake)
			assert.GreaterOrEqual(t, float64(tally.Automatic)/float64(tally.Pairs), test.automatic)
			assert.GreaterOrEqual(t, float64(tally.Offered)/float64(tally.Rest), 0.95)
		})
	}
}
