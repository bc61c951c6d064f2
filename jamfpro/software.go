package jamfpro

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/mdmlink/mdmlink/mdm"
)

// Software lists the applications of the devices with these ids, up to 100 of
// a kind with one request, or those of the whole fleet from its lists. Devices
// whose record or whose applications cannot be read, or were never reported,
// are missing; the last element is then an mdm.ErrDecode that counts them.
func (s *Source) Software(ctx context.Context, ids []string) iter.Seq2[mdm.Install, error] {
	return func(yield func(mdm.Install, error) bool) {
		l := software{client: s.client, yield: yield}
		var err error
		if ids == nil {
			err = l.fleet(ctx)
		} else {
			err = l.some(ctx, s, ids)
		}
		if errors.Is(err, errStop) {
			return
		}
		if err = errors.Join(err, l.unread()); err != nil {
			yield(mdm.Install{}, err)
		}
	}
}

// software is a listing of applications.
type software struct {
	client *Client
	yield  func(mdm.Install, error) bool
	lost   int // records that could not be read
	silent int // records without a list of applications, which is not an empty one
}

// unread is the error of what is missing in the listing; nil = nothing is.
func (l *software) unread() error {
	if l.lost+l.silent == 0 {
		return nil
	}
	return l.client.undecodable("software", fmt.Sprintf("%d devices could not be read, and of %d the applications could not", l.lost, l.silent))
}

func withApplications(DeviceKind) []Section { return []Section{SectionGeneral, SectionApplications} }

func (l *software) some(ctx context.Context, s *Source, ids []string) error {
	seen := map[string]bool{}
	for batch := range slices.Chunk(ids, idBatch) {
		read, err := s.batch(ctx, batch, withApplications)
		if err != nil {
			return err
		}
		for _, id := range batch {
			if seen[id] {
				continue
			}
			seen[id] = true
			d, err := read.device(l.client, id)
			switch {
			case errors.Is(err, mdm.ErrNotFound):
				return err
			case err != nil:
				l.lost++
			default:
				if err := l.installs(d); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (l *software) fleet(ctx context.Context) error {
	for _, kind := range l.client.kinds() {
		sections := withApplications(kind)
		err := l.client.walk(ctx, listRequest{kind: kind, sections: sections}, l.client.sizeFor(sections), func(b batch) error {
			l.lost += len(b.lost)
			for _, d := range b.devices {
				if err := l.installs(d); err != nil {
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
func (l *software) installs(d *Device) error {
	if !d.AppsCollected {
		l.silent++
		return nil
	}
	seen := make(map[App]bool, len(d.Apps))
	for _, a := range d.Apps {
		if a.Name == "" || seen[a] {
			continue
		}
		seen[a] = true
		if !l.yield(mdm.Install{Device: d.SourceID(), Name: a.Name, Version: a.Version, ID: a.Identifier}, nil) {
			return errStop
		}
	}
	return nil
}
