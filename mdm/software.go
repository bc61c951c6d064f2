package mdm

import (
	"context"
	"iter"
	"strings"
)

// Install is one piece of software on one device.
type Install struct {
	Device  string // id of the device
	Name    string
	Version string // as reported; "" = not reported
	Vendor  string // maker; "" = not reported, as by many systems
	ID      string // bundle or package identifier; "" = not reported
}

// SoftwareLister is the ability to list installed software. It may cost many
// requests and give thousands of rows a device, so nothing lists software
// unless it is asked to.
type SoftwareLister interface {
	// Software lists what is installed on the devices with these ids, or on
	// the whole fleet if ids is nil (ErrUnsupported where the system cannot).
	// The rows of one device stand together. An error is the last element.
	Software(ctx context.Context, ids []string) iter.Seq2[Install, error]
}

// SoftwareQuery says which software to list.
type SoftwareQuery struct {
	Devices []string           // ids; nil = the whole fleet
	Match   func(Install) bool // which rows to keep; nil = all
	Cap     int                // at most so many rows for each device; 0 = no limit
}

// Software lists installed software through the source's [SoftwareLister],
// filtered and capped. A source without that ability gives ErrUnsupported.
func Software(ctx context.Context, src Source, q SoftwareQuery) iter.Seq2[Install, error] {
	return func(yield func(Install, error) bool) {
		lister, ok := As[SoftwareLister](src)
		if !ok {
			yield(Install{}, &Error{Op: "software", Origin: src.Info().Origin, Kind: ErrUnsupported})
			return
		}
		if q.Devices != nil && len(q.Devices) == 0 {
			return // no device is not the whole fleet
		}
		device, count := "", 0
		for install, err := range lister.Software(ctx, q.Devices) {
			if err != nil {
				yield(Install{}, err)
				return
			}
			if install.Device != device {
				device, count = install.Device, 0
			}
			if q.Match != nil && !q.Match(install) || q.Cap > 0 && count >= q.Cap {
				continue
			}
			count++
			if !yield(install, nil) {
				return
			}
		}
	}
}

// NameContains returns a Match for software whose name or identifier holds
// one of the texts, whatever the case.
func NameContains(texts ...string) func(Install) bool {
	folded := make([]string, len(texts))
	for i, t := range texts {
		folded[i] = strings.ToLower(t)
	}
	return func(i Install) bool {
		name, id := strings.ToLower(i.Name), strings.ToLower(i.ID)
		for _, t := range folded {
			if strings.Contains(name, t) || strings.Contains(id, t) {
				return true
			}
		}
		return false
	}
}
