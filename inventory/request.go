package inventory

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Request is a command that was sent to a device, and what became of it as far
// as is known.
type Request struct {
	Receipt   mdm.Receipt `json:"receipt"`
	Confirmed time.Time   `json:"confirmed,omitzero"` // when a later reading showed that it was carried out; zero = not known to be
	Failed    string      `json:"failed,omitzero"`    // code of why it was not carried out; "" = not known to have failed
}

// String returns a sentence that claims no more than is known: without a
// confirmation a command was requested, never done.
func (r Request) String() string {
	switch {
	case !r.Confirmed.IsZero():
		return r.Receipt.Command + " confirmed for device " + r.Receipt.Device
	case r.Failed != "":
		return r.Receipt.String() + ", and failed: " + r.Failed
	}
	return r.Receipt.String() + ", not confirmed"
}

// keepRequests bounds how many requests an entry remembers.
const keepRequests = 10

// note adds a request, or what is newly known of one. A confirmed wipe marks
// the device wiped.
func (d *entryData) note(r Request) {
	same := func(o Request) bool {
		a, b := o.Receipt, r.Receipt
		return a.Command == b.Command && a.ID == b.ID && a.Requested.Equal(b.Requested)
	}
	d.Requests = slices.DeleteFunc(slices.Clone(d.Requests), same)
	d.Requests = append(d.Requests, r)
	d.Requests = d.Requests[max(0, len(d.Requests)-keepRequests):]
	if r.Receipt.Command == (mdm.Wipe{}).Name() && !r.Confirmed.IsZero() && r.Confirmed.After(d.Wiped) {
		d.Wiped, d.Stage = r.Confirmed, StageWiped
	}
}

// Note stores commands that were requested for devices of the connection, and
// what re-reading the devices showed: call it with the receipt, and again with
// Confirmed or Failed set when more is known. A confirmed [mdm.Wipe] marks the
// device as wiped, until a run sees a later enrolment. Requests for devices
// that no run has stored are mdm.ErrNotFound; those of another origin than the
// stored device are mdm.ErrWrongTenant.
func Note(ctx context.Context, c Connection, store Store, requests ...Request) error {
	if err := c.Check(); err != nil {
		return err
	}
	for _, r := range requests {
		if err := noteOne(ctx, c, store, r); err != nil {
			return err
		}
	}
	return nil
}

func noteOne(ctx context.Context, c Connection, store Store, r Request) error {
	const tries = 3
	for try := 1; ; try++ {
		e, err := findEntry(ctx, c, store, r.Receipt.Device)
		if err != nil {
			return err
		}
		change, err := noted(c, e, r)
		if err != nil {
			return err
		}
		result, err := applyOne(ctx, c, store, change)
		if err != nil {
			return err
		}
		switch {
		case result.Outcome == OutcomeDone:
			return nil
		case result.Outcome == OutcomeRefused:
			return refuse(mdm.ErrInvalid, "the inventory refuses it")
		case try == tries:
			return refuse(mdm.ErrConflict, "the device was changed again and again")
		}
	}
}

func noted(c Connection, e Entry, r Request) (Change, error) {
	data, err := decodeEntry(e)
	if err != nil {
		return Change{}, err
	}
	stored, err := data.stored()
	if err != nil {
		return Change{}, err
	}
	if !r.Receipt.Origin.IsZero() && !stored.Origin.IsZero() && r.Receipt.Origin != stored.Origin {
		return Change{}, refuse(mdm.ErrWrongTenant, "the command was sent to a device of another system")
	}
	data.note(r)
	if e.Data, err = data.encode(); err != nil {
		return Change{}, fmt.Errorf("inventory: device %s: %w", e.Device, err)
	}
	return Change{Key: c.key(e.Device, 0), Entry: e}, nil
}
