package mdm

import (
	"context"
	"iter"
)

// Source is one tenant of one system, seen as a listing of devices. What a
// source can do beyond listing is found with [As]; see [Abilities]. A Source
// is safe for concurrent use.
type Source interface {
	// Info says which source this is. It makes no request.
	Info() Info

	// Pages lists the devices in bounded pages. An error is the last element.
	// Listing may take minutes; ctx ends it at any time. A second range over
	// the result lists anew from q.From.
	Pages(ctx context.Context, q Query) iter.Seq2[Page, error]

	// Device reads one device, with all that its detail tells. A device that
	// does not exist is ErrNotFound; on any error the Device is nil.
	Device(ctx context.Context, id string) (Device, error)
}

// Info describes a source. It holds no secret.
type Info struct {
	Origin Origin // kind, address and tenant
	Role   Role   // what its listing means
	Filter string // what part of the tenant is listed, in a canonical form; "" = all of it
}

// Role says what being listed by a source means for a device. The zero Role
// is unknown.
type Role uint8

const (
	RoleUnknown Role = iota
	RoleManages      // the system manages the device, as an MDM does
	RoleOwns         // the organisation owns the device, as a purchase programme tells
)

var roleNames = names{"", "manages", "owns"}

// String returns "manages", "owns" or "".
func (r Role) String() string { return roleNames.text(int(r)) }

// Query says what to list.
type Query struct {
	From Cursor // where to go on; "" = from the start

	// Want names the attributes that the caller reads. Records then hold
	// these and nothing else, and the source makes the further requests for
	// whole listings that they need (never one per device). Empty = all that
	// listing gives without further requests.
	Want Keys
}

// Page is a bounded part of a listing. It belongs to the receiver.
type Page struct {
	Devices []Device
	Removed []string // ids that left; only in a listing of changes
	Lost    []error  // records that could not be read; their devices are missing from Devices
	Next    Cursor   // where to go on after this page; "" = cannot
	Total   int      // devices expected in the whole listing; 0 = not known
	End     *End     // on the last page only; without it nothing is proved and nobody is missing
}

// End says how a listing ended.
type End struct {
	// Complete says that every device of the tenant (within Info.Filter) was
	// listed: one that is absent does not exist there any more.
	Complete bool
	Why      string // why the listing is not complete; "" if it is
	Changes  bool   // the listing held changes since a cursor, not all devices
	Since    Cursor // a From that lists only the changes from here on; "" = cannot
}

// Wrapper wraps a source, so that a host can change what it does. A host
// embeds it and defines the methods to change; abilities of the wrapped
// source stay reachable through [As].
type Wrapper struct{ Source }

// Unwrap returns the wrapped source.
func (w Wrapper) Unwrap() Source { return w.Source }

// As finds an ability of a source or of a device: v itself, or what v wraps,
// if it implements T. It is for abilities only. What lies on the way of the
// data (listing and reading devices) is always called on the outermost value,
// since a wrapper may be there to hold data back.
func As[T any](v any) (T, bool) {
	for v != nil {
		if found, ok := v.(T); ok {
			return found, true
		}
		switch w := v.(type) {
		case interface{ Unwrap() Source }:
			v = w.Unwrap()
		case interface{ Unwrap() Device }:
			v = w.Unwrap()
		default:
			v = nil
		}
	}
	var none T
	return none, false
}

// Devices lists device by device. Records that could not be read come as
// errors between the devices and do not end the listing; a failure of the
// listing itself is the last element, as in Pages.
func Devices(ctx context.Context, src Source, q Query) iter.Seq2[Device, error] {
	return func(yield func(Device, error) bool) {
		for page, err := range src.Pages(ctx, q) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, d := range page.Devices {
				if !yield(d, nil) {
					return
				}
			}
			for _, lost := range page.Lost {
				if !yield(nil, lost) {
					return
				}
			}
		}
	}
}
