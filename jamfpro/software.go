package jamfpro

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// Software lists the applications of the devices with these ids, up to 100 of
// a kind with one request, or those of the whole fleet from its lists.
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

func withApplications(DeviceKind) []Section { return []Section{SectionGeneral, SectionApplications} }

func (s *Source) someSoftware(ctx context.Context, ids []string, yield func(mdm.Install, error) bool) error {
	seen := map[string]bool{}
	for batch := range slices.Chunk(ids, idBatch) {
		found, err := s.batch(ctx, batch, withApplications)
		if err != nil {
			return err
		}
		for _, id := range batch {
			d := found[id]
			if d == nil {
				return s.client.fail("software", mdm.ErrNotFound, "")
			}
			if seen[id] {
				continue
			}
			seen[id] = true
			if err := installs(d, yield); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Source) fleetSoftware(ctx context.Context, yield func(mdm.Install, error) bool) error {
	for _, kind := range s.client.kinds() {
		sections := withApplications(kind)
		err := s.client.walk(ctx, listRequest{kind: kind, sections: sections}, s.client.sizeFor(sections), func(b batch) error {
			for _, d := range b.devices {
				if err := installs(d, yield); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// installs yields the applications of one device. One that stands there
// several times, in several places, is one installation of each version.
func installs(d *Device, yield func(mdm.Install, error) bool) error {
	seen := make(map[App]bool, len(d.Apps))
	for _, a := range d.Apps {
		if a.Name == "" || seen[a] {
			continue
		}
		seen[a] = true
		if !yield(mdm.Install{Device: d.SourceID(), Name: a.Name, Version: a.Version, ID: a.Identifier}, nil) {
			return errStop
		}
	}
	return nil
}
