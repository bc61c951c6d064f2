package intune

import (
	"context"
	"errors"
	"iter"

	"github.com/mdmlink/mdmlink/mdm"
)

// appReport has one row for each application on each device.
//
// Source: reference/intune.md 2.4
const appReport = "AppInvRawData"

var appColumns = []string{"DeviceId", "ApplicationName", "ApplicationVersion", "ApplicationPublisher", "ApplicationKey"}

// Software lists the applications of the devices with these ids, one request
// each, or those of the whole fleet through one report. The service allows few
// of the former; for more than some dozen devices take the fleet's.
func (s *Source) Software(ctx context.Context, ids []string) iter.Seq2[mdm.Install, error] {
	return func(yield func(mdm.Install, error) bool) {
		var err error
		if ids == nil {
			err = s.fleetSoftware(ctx, yield)
		} else {
			err = s.someSoftware(ctx, ids, yield)
		}
		if err != nil && !errors.Is(err, errStop) {
			yield(mdm.Install{}, err)
		}
	}
}

func (s *Source) someSoftware(ctx context.Context, ids []string, yield func(mdm.Install, error) bool) error {
	done := map[string]bool{}
	for _, id := range ids {
		if id = lower(id); done[id] {
			continue
		}
		done[id] = true
		seen := map[mdm.Install]bool{}
		for a, err := range s.client.DeviceApps(ctx, id) {
			if err != nil {
				return err
			}
			if err := install(mdm.Install{Device: id, Name: a.Name, Version: a.Version, Vendor: a.Publisher}, seen, yield); err != nil {
				return err
			}
		}
	}
	return nil
}

// fleetSoftware reads the report. Rows of one device need not stand together,
// so what was seen is forgotten when another device begins: a repetition then
// comes twice at worst.
func (s *Source) fleetSoftware(ctx context.Context, yield func(mdm.Install, error) bool) error {
	var device string
	seen := map[mdm.Install]bool{}
	return s.client.Report(ctx, appReport, appColumns, func(v []string) error {
		id := lower(v[0])
		if id == "" || id == zeroGUID {
			return nil
		}
		if id != device {
			device = id
			clear(seen)
		}
		return install(mdm.Install{Device: id, Name: v[1], Version: v[2], Vendor: v[3]}, seen, yield)
	})
}

// install yields one application of a device, each version once.
func install(i mdm.Install, seen map[mdm.Install]bool, yield func(mdm.Install, error) bool) error {
	if i.Name == "" || seen[i] {
		return nil
	}
	seen[i] = true
	if !yield(i, nil) {
		return errStop
	}
	return nil
}
