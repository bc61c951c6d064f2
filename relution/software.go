package relution

import (
	"context"
	"iter"

	"github.com/mdmlink/mdmlink/mdm"
)

// Software lists what is installed on the devices with these ids, or on the
// whole fleet, with a request for each device.
func (s *Source) Software(ctx context.Context, ids []string) iter.Seq2[mdm.Install, error] {
	return func(yield func(mdm.Install, error) bool) {
		if ids == nil {
			for d, err := range s.client.Devices(ctx, nil) {
				if err != nil {
					yield(mdm.Install{}, err)
					return
				}
				if d.managed() != mdm.No && !s.installs(ctx, d.SourceID(), yield) {
					return
				}
			}
			return
		}
		seen := map[string]bool{}
		for _, id := range ids {
			if !seen[id] && !s.installs(ctx, id, yield) {
				return
			}
			seen[id] = true
		}
	}
}

// installs yields the apps of one device, and reports whether to go on.
func (s *Source) installs(ctx context.Context, id string, yield func(mdm.Install, error) bool) bool {
	if !uuidForm.MatchString(id) {
		yield(mdm.Install{}, s.client.fail(opApps, mdm.ErrNotFound, "not the id of a device"))
		return false
	}
	apps, err := s.client.Apps(ctx, id)
	if err != nil {
		yield(mdm.Install{}, err)
		return false
	}
	seen := map[mdm.Install]bool{}
	for _, a := range apps {
		row := mdm.Install{Device: id, Name: a.Name, Version: a.Version, ID: a.Identifier}
		if seen[row] {
			continue
		}
		seen[row] = true
		if !yield(row, nil) {
			return false
		}
	}
	return true
}
