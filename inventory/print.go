package inventory

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// printer collects what a fingerprint is made of. Each part is preceded by its
// length, so that no two records give the same bytes.
type printer struct{ buf []byte }

func (p *printer) texts(all ...string) {
	for _, s := range all {
		p.buf = binary.AppendUvarint(p.buf, uint64(len(s)))
		p.buf = append(p.buf, s...)
	}
}

func (p *printer) list(all []string) {
	p.number(int64(len(all)))
	p.texts(all...)
}

func (p *printer) number(n int64) { p.buf = binary.AppendVarint(p.buf, n) }

func (p *printer) times(all ...time.Time) {
	for _, t := range all {
		if t.IsZero() {
			p.number(0)
			continue
		}
		p.number(1)
		p.number(t.Unix())
		p.number(int64(t.Nanosecond()))
	}
}

// fingerprint of a record, without what changes by itself. It stays the same
// from program to program. The printer may be used again.
func (p *printer) fingerprint(r *mdm.Record) string {
	p.buf = p.buf[:0]
	p.texts(r.Origin.Kind, r.Origin.Address, r.Origin.Tenant, r.ID, r.PlatformText, r.Name, r.HostName,
		r.Serial, r.UDID, r.ManagementID, r.DirectoryID, r.MEID, r.EID,
		r.Manufacturer, r.Model, r.ModelID, r.PartNumber, r.Replaces, r.Colour, r.OS.Name, r.OS.Version, r.OS.Build, r.OS.Patch,
		r.Enrolment.Profile, r.Enrolment.Source, r.User.ID, r.User.Name, r.User.Login, r.User.Email, r.Site.ID, r.Site.Name,
		r.Department, r.Building, r.Room, r.Purchase.Vendor, r.Purchase.Order, r.Purchase.Price, r.AssetTag, r.Notes, r.Link)
	p.buf = append(p.buf, byte(r.Class), byte(r.Platform), byte(r.Ownership), byte(r.Enrolment.Method), byte(r.Status), byte(r.LinkTarget))
	f := &r.Flags
	for _, flag := range [...]mdm.Flag{f.Managed, f.Supervised, f.ProfilePresent, f.Passcode, f.PasscodeCompliant, f.Encrypted,
		f.Compliant, f.Jailbroken, f.LostMode, f.ActivationLock} {
		p.buf = append(p.buf, byte(flag))
	}
	p.number(r.Memory.Total)
	p.number(r.Storage.Total)
	p.number(r.ExternalStorage.Total)
	p.times(r.Enrolment.At, r.Added, r.Released, r.Purchase.Date, r.Purchase.WarrantyEnd)
	p.list(r.IMEIs)
	p.list(r.Groups)
	p.parts(r)
	sum := sha256.Sum256(p.buf)
	return base64.RawStdEncoding.EncodeToString(sum[:12])
}

func (p *printer) parts(r *mdm.Record) {
	p.number(int64(len(r.Interfaces)))
	for _, i := range r.Interfaces {
		p.buf = append(p.buf, byte(i.Kind))
		p.texts(i.Adapter, i.MAC)
	}
	p.number(int64(len(r.SIMs)))
	for _, s := range r.SIMs {
		p.texts(s.ICCID, s.IMSI, s.Phone)
	}
	p.number(int64(len(r.Custom)))
	for _, name := range slices.Sorted(maps.Keys(r.Custom)) {
		p.texts(name, r.Custom[name])
	}
	p.number(int64(len(r.Blank)))
	for _, key := range slices.Sorted(slices.Values(r.Blank)) {
		p.texts(string(key))
	}
}

// joined is a fresh reading, with what it does not report taken from what was
// stored: silence does not erase, only Blank does. Interfaces of a kind that
// was reported now are those of now, so that docks do not pile up. A record of
// other hardware takes nothing.
func joined(fresh, stored mdm.Record) mdm.Record {
	if a, b := strongSerial(&fresh), strongSerial(&stored); a != "" && b != "" && a != b {
		return fresh
	}
	kinds := map[mdm.InterfaceKind]bool{}
	for _, i := range fresh.Interfaces {
		kinds[i.Kind] = true
	}
	stored.Interfaces = slices.DeleteFunc(slices.Clone(stored.Interfaces), func(i mdm.Interface) bool { return kinds[i.Kind] })
	return fresh.Or(stored)
}
