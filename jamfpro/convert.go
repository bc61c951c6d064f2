package jamfpro

import (
	"slices"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfpro/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// finish completes a device of either kind.
func (c *Client) finish(d *Device) *Device {
	d.origin = c.info.Origin
	d.link, d.target = c.link(d)
	slices.Sort(d.blank)
	d.blank = slices.Compact(d.blank)
	for _, a := range d.Attributes { // another one of the same name may have a value
		if len(a.Values) > 0 {
			d.blank = slices.DeleteFunc(d.blank, func(k mdm.Key) bool { return k == mdm.CustomKey(a.Name) })
		}
	}
	return d
}

// empty notes what was reported as having no value, as opposed to what was
// not reported.
func (d *Device) empty(key mdm.Key, texts ...json.Text) {
	present := false
	for _, t := range texts {
		if clean(t) != "" {
			return
		}
		present = present || t.Present
	}
	if present {
		d.blank = append(d.blank, key)
	}
}

// emptyReference is empty for an id, whose words for none are several.
func (d *Device) emptyReference(key mdm.Key, id json.Text) {
	if id.Present && reference(id) == "" {
		d.blank = append(d.blank, key)
	}
}

// prestaged reads from the type of enrolment that it was an automated one,
// where no flag tells it.
func (d *Device) prestaged() {
	if d.Automated == mdm.Unknown && strings.HasPrefix(strings.ToLower(d.EnrollmentType), "prestage") {
		d.Automated = mdm.Yes
	}
}

// groups reads the groups that a device is in.
func (d *Device) groups(l json.List[wire.Group]) {
	for _, g := range l.Of {
		d.Groups = append(d.Groups, Group{ID: clean(g.ID), Name: clean(g.Name), Smart: g.Smart.Yes || g.SmartGroup.Yes})
	}
	if l.Present && len(l.Of) == 0 {
		d.blank = append(d.blank, mdm.KeyGroups)
	}
}

// attributes collects extension attributes, which stand in the section where
// the administrator wants them shown.
func (d *Device) attributes(lists ...json.List[wire.ExtensionAttribute]) {
	for _, l := range lists {
		for _, w := range l.Of {
			a := Attribute{ID: first(w.DefinitionID, w.ID), Name: clean(w.Name), Type: first(w.DataType, w.Type), Input: clean(w.InputType)}
			for _, v := range slices.Concat(w.Values.Of, w.Value.Of) {
				if text := clean(v); text != "" {
					a.Values = append(a.Values, text)
				}
			}
			if a.Name == "" {
				continue
			}
			d.Attributes = append(d.Attributes, a)
			if len(a.Values) == 0 {
				d.blank = append(d.blank, mdm.CustomKey(a.Name))
			}
		}
	}
}

// purchasing reads the section, whose dates are days on computers and times
// on mobile devices.
func (d *Device) purchasing(o json.Object[wire.Purchasing]) {
	w := o.Of
	d.Purchased, d.Leased = flag(w.Purchased), flag(w.Leased)
	d.OrderNumber, d.Vendor, d.Price, d.AppleCareID = clean(w.PONumber), clean(w.Vendor), clean(w.Price), clean(w.AppleCareID)
	d.PurchaseDate = day(w.PODate)
	d.WarrantyEnd = day(w.WarrantyDate, w.WarrantyExpires)
	d.LeaseEnd = day(w.LeaseDate, w.LeaseExpires)
	d.empty(mdm.KeyPurchaseOrder, w.PONumber)
	d.empty(mdm.KeyPurchaseVendor, w.Vendor)
	d.empty(mdm.KeyPurchasePrice, w.Price)
	d.empty(mdm.KeyPurchaseDate, w.PODate.Text)
	d.empty(mdm.KeyWarrantyEnd, w.WarrantyDate.Text, w.WarrantyExpires.Text)
	d.attributes(w.ExtensionValues)
}

func clean(t json.Text) string { return strings.TrimSpace(t.Text) }

// first returns the first text that holds something.
func first(texts ...json.Text) string {
	for _, t := range texts {
		if s := clean(t); s != "" {
			return s
		}
	}
	return ""
}

// firstTime returns the first moment that can be read.
func firstTime(times ...wire.Time) time.Time {
	for _, t := range times {
		if at := t.At(); !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}

// day returns the day of a time in UTC.
func day(times ...wire.Time) time.Time {
	at := firstTime(times...)
	if at.IsZero() {
		return at
	}
	return at.Truncate(24 * time.Hour)
}

// reference reads the id of something else; several texts mean none.
//
// Source: reference/jamfpro.md 3.0
func reference(t json.Text) string {
	switch id := clean(t); id {
	case "-1", "0":
		return ""
	default:
		return id
	}
}

// site reads the site of a device. The word "None" is not the name of one.
func (d *Device) site(id, name json.Text) {
	if d.SiteID = reference(id); d.SiteID != "" {
		d.SiteName = clean(name)
		return
	}
	if id.Present {
		d.blank = append(d.blank, mdm.KeySiteID, mdm.KeySiteName)
	}
}

// unspaced strips what the server puts between the digits of a number.
func unspaced(t json.Text) string {
	return strings.Join(strings.FieldsFunc(t.Text, func(r rune) bool { return r == ' ' || r == '-' || r == '\u00a0' }), "")
}

func flag(b json.Bool) mdm.Flag {
	if !b.Present {
		return mdm.Unknown
	}
	return mdm.FlagOf(b.Yes)
}

// megabytes returns bytes. Numbers below one say that the size is not known.
//
// Unverified: that a megabyte of storage is 10⁶ bytes; sizes of disks look it.
func megabytes(n json.Int) int64 {
	const most = 1 << 40
	if n.N <= 0 || n.N > most {
		return 0
	}
	return n.N * 1_000_000
}

func percent(n json.Int) int {
	if n.N < 1 || n.N > 100 {
		return 0
	}
	return int(n.N)
}

// compactTexts drops empty texts.
func compactTexts(texts ...string) []string {
	var kept []string
	for _, t := range texts {
		if t != "" && !slices.Contains(kept, t) {
			kept = append(kept, t)
		}
	}
	return kept
}
