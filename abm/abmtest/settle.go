package abmtest

import "time"

// book is what the organisation keeps of activities and events.
type book struct {
	activities []*activity
	events     []event
	polls      int    // looks until an activity ends
	ending     string // subStatus that is forced; "" = none
	status     string // status that is forced with it
	retention  time.Duration
}

func newBook() book { return book{polls: 2} }

// SetPolls lets activities end when they were looked at n times, twice at
// first. A number below one lets them go on until [Fake.Settle].
func (f *Fake) SetPolls(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.polls = n
}

// SetEnding lets activities end with this status and subStatus, such as FAILED
// and COMPLETED_WITH_FAILURE, without doing anything. Two empty texts let them
// end as they do by themselves.
func (f *Fake) SetEnding(status, subStatus string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status, f.ending = status, subStatus
}

// Settle lets all activities come to their end, and the servers of devices
// follow at once. It returns how many activities ended.
func (f *Fake) Settle() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, a := range f.activities {
		if a.ended.IsZero() {
			f.end(a)
			n++
		}
	}
	for _, d := range f.owned {
		d.before, d.moved = d.server, time.Time{}
	}
	return n
}

// advance brings an activity forward by one look.
func (f *Fake) advance(a *activity) {
	if !a.ended.IsZero() {
		return
	}
	a.polls++
	if f.polls > 0 && a.polls >= f.polls {
		f.end(a)
		return
	}
	a.sub = "PROCESSING"
}

// end carries an activity out.
func (f *Fake) end(a *activity) {
	a.ended = f.Now().Truncate(time.Millisecond)
	if f.status != "" {
		a.status, a.sub = f.status, f.ending
		return
	}
	a.status, a.sub, a.rows = "COMPLETED", "COMPLETED_WITH_SUCCESS", []row{}
	for _, id := range a.devices {
		r := row{id: id, serial: id}
		d := f.find(id)
		switch {
		case d == nil:
			r.problem = "NOT_FOUND"
		case !d.released.IsZero():
			r.serial, r.problem = d.serial, "DEVICE_RELEASED"
		default:
			r.serial, r.problem = d.serial, f.carryOut(a, d)
		}
		if r.problem != "" {
			a.sub = "COMPLETED_WITH_ERROR"
		}
		a.rows = append(a.rows, r)
	}
}

// carryOut changes one device, or says why it cannot be.
func (f *Fake) carryOut(a *activity, d *device) (problem string) {
	switch a.kind {
	case "ASSIGN_DEVICES", "ASSIGN_DEVICES_WITH_MDM_MIGRATION_DEADLINE":
		if f.server(a.server) == nil {
			return "SERVER_NOT_FOUND"
		}
		if d.server == a.server {
			return "ALREADY_ASSIGNED"
		}
		f.move(d, a.server)
		if !a.deadline.IsZero() {
			d.migration, d.deadline = "REQUESTED", a.deadline
		}
		f.note(f.moved(d, "API"))
	case "UNASSIGN_DEVICES":
		if d.server != a.server {
			return "NOT_ASSIGNED"
		}
		f.move(d, "")
		f.note(f.moved(d, "API"))
	case "UPDATE_MDM_MIGRATION_DEADLINE", "CANCEL_MDM_MIGRATION":
		if d.migration != "REQUESTED" {
			return "NO_MIGRATION"
		}
		if d.deadline = a.deadline; a.deadline.IsZero() {
			d.migration = ""
		}
		d.updated = f.Now()
	case "RELEASE_DEVICES":
		f.let(d, "API", a.account)
	}
	return ""
}
