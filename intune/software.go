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

var appColumns = []string{"DeviceId", "ApplicationName", "ApplicationVersion", "ApplicationPublisher"}

// Software lists the applications of the devices with these ids, one request
// each, or those of the whole fleet through one report. The service allows few
// of the former; for more than some dozen devices take the fleet's. The report
// also has devices that are gone or that something else manages, which are
// left out.
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
// comes twice at worst. Rows of devices that are not in the fleet are left out.
func (s *Source) fleetSoftware(ctx context.Context, yield func(mdm.Install, error) bool) error {
	fleet, err := s.fleet(ctx)
	if err != nil {
		return err
	}
	var device string
	var known bool
	seen := map[mdm.Install]bool{}
	return s.client.Report(ctx, appReport, appColumns, func(v []string) error {
		if id := lower(v[0]); id != device {
			device, known = id, fleet.has(id)
			clear(seen)
		}
		if !known {
			return nil
		}
		return install(mdm.Install{Device: device, Name: v[1], Version: v[2], Vendor: v[3]}, seen, yield)
	})
}

// fleet is the devices of a source by their ids; nil = they are not all known.
type fleet map[guid]struct{}

// has reports whether a device is in the fleet, as far as that is known.
func (f fleet) has(id string) bool {
	if !guidForm.MatchString(id) || id == zeroGUID {
		return false
	}
	_, known := f[guidOf(id)]
	return known || f == nil
}

// fleet lists the ids of the devices. It is nil if the service counts more
// than it sent, so that no device loses its software because the list passed
// it over.
func (s *Source) fleet(ctx context.Context) (fleet, error) {
	all, rows := fleet{}, 0
	l := listing{client: s.client, only: names[fID] + "," + names[fManagementAgent]}
	err := l.run(ctx, func(b batch) error {
		rows += len(b.devices)
		for _, d := range b.devices {
			if s.client.delivers(d) {
				all[guidOf(d.ID)] = struct{}{}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	total, err := s.client.Enrolled(ctx)
	switch {
	case err != nil && (mdm.Code(err) == "" || ctx.Err() != nil):
		return nil, err
	case err != nil || total > rows:
		return nil, nil
	}
	return all, nil
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
