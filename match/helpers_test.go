package match_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/match"
)

var now = time.Date(2031, 4, 2, 6, 0, 0, 0, time.UTC)

const hour = time.Hour

// run returns the outcomes by device.
func run(in match.Input) map[string]match.Outcome {
	if in.Now.IsZero() {
		in.Now = now
	}
	all := map[string]match.Outcome{}
	for o := range match.Run(in) {
		all[o.Device] = o
	}
	return all
}

// only returns the outcome of the only device of an input.
func only(t *testing.T, in match.Input) match.Outcome {
	t.Helper()
	all := run(in)
	require.Len(t, all, 1)
	return all[in.Devices[0].ID]
}

func ipad(id, serial string) match.Device {
	return match.Device{ID: id, Serial: serial, Model: "iPad (9. Generation)", ModelID: "iPad12,1", Manufacturer: "Apple",
		Apple: true, Managed: true, LastSeen: now.Add(-hour)}
}

func asset(id, serial string) match.Asset { return match.Asset{ID: id, Serial: serial} }

func codes(reasons []match.Reason) []match.Code {
	var all []match.Code
	for _, r := range reasons {
		all = append(all, r.Code)
	}
	return all
}

func assetsOf(candidates []match.Candidate) []string {
	var all []string
	for _, c := range candidates {
		all = append(all, c.Asset)
	}
	return all
}

func hasCode(reasons []match.Reason, code match.Code) bool {
	return slices.Contains(codes(reasons), code)
}

func toJSON(t require.TestingT, v any) string {
	data, err := json.Marshal(v)
	require.NoError(t, err)
	return string(data)
}
