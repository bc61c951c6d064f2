package ade

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// DeviceProfile says which profile a device is to get. What Apple makes of it
// is another matter: see the status of the device's profile.
type DeviceProfile struct {
	Serial  string    // of the device, in capitals
	Profile string    // ID of the profile
	At      time.Time // when it was set
}

type storedDevices struct {
	Version int                     `json:"v"`
	Devices map[string]storedDevice `json:"devices"`
}

type storedDevice struct {
	Profile string    `json:"profile"`
	At      time.Time `json:"at"`
}

// DeviceProfiles returns which device of a server is to get which profile, by
// serial number; empty if nothing is set.
func (r *Registry) DeviceProfiles(ctx context.Context, server string) ([]DeviceProfile, error) {
	in, _, err := r.devices(ctx, server)
	if err != nil {
		return nil, err
	}
	all := make([]DeviceProfile, 0, len(in.Devices))
	for _, serial := range slices.Sorted(maps.Keys(in.Devices)) {
		d := in.Devices[serial]
		all = append(all, DeviceProfile{Serial: serial, Profile: d.Profile, At: d.At})
	}
	return all, nil
}

func (r *Registry) devices(ctx context.Context, server string) (storedDevices, string, error) {
	in := storedDevices{Version: storedVersion}
	revision, err := r.get(ctx, ValueDevices, server, &in)
	if errors.Is(err, mdm.ErrNotFound) {
		err = nil
	}
	if in.Devices == nil {
		in.Devices = map[string]storedDevice{}
	}
	return in, revision, err
}

// SetDeviceProfile notes that devices are to get a profile, in place of the
// one that they may have had. The error of a profile that was never published
// Is ErrNotPublished.
func (r *Registry) SetDeviceProfile(ctx context.Context, profile string, serials ...string) error {
	p, err := r.Profile(ctx, profile)
	if err != nil {
		return err
	}
	if p.Published == nil {
		return fail(opProfile, ErrNotPublished, "")
	}
	now := time.Now().UTC()
	return r.changeDevices(ctx, p.Server, serials, func(devices map[string]storedDevice, serial string) {
		devices[serial] = storedDevice{Profile: profile, At: now}
	})
}

// ClearDeviceProfile notes that devices of a server are to get no profile.
func (r *Registry) ClearDeviceProfile(ctx context.Context, server string, serials ...string) error {
	return r.changeDevices(ctx, server, serials, func(devices map[string]storedDevice, serial string) {
		delete(devices, serial)
	})
}

func (r *Registry) changeDevices(ctx context.Context, server string, serials []string, f func(map[string]storedDevice, string)) error {
	if _, err := r.Server(ctx, server); err != nil {
		return err
	}
	return repeat(func() error {
		in, revision, err := r.devices(ctx, server)
		if err != nil {
			return err
		}
		before := maps.Clone(in.Devices)
		for _, serial := range serials {
			if serial = strings.ToUpper(strings.TrimSpace(serial)); serial != "" {
				f(in.Devices, serial)
			}
		}
		if maps.Equal(before, in.Devices) {
			return nil
		}
		_, err = r.put(ctx, ValueDevices, server, revision, in)
		return err
	})
}
