package relution

import (
	"cmp"
	"slices"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// SIM is a SIM slot of a device.
type SIM struct {
	IMEI, MEID, ICCID, EID, IMSI, Phone, Carrier string
}

// sims reads the SIM slots. Where they do not tell the IMEI, the device does.
func (d *Device) sims(w *wire.Device) {
	for _, s := range w.SIMSlots.Of {
		sim := SIM{IMEI: unspaced(s.IMEI), MEID: unspaced(s.MEID), ICCID: unspaced(s.ICCID), EID: unspaced(s.EID),
			Phone: clean(s.Phone), Carrier: clean(s.Carrier)}
		if sim.IMEI+sim.MEID+sim.ICCID+sim.EID+sim.Phone != "" {
			d.SIMs = append(d.SIMs, sim)
		}
	}
	d.imei(unspaced(w.IMEI))
}

// imei adds an IMEI that no SIM slot tells.
func (d *Device) imei(imei string) {
	if imei == "" || slices.ContainsFunc(d.SIMs, func(s SIM) bool { return s.IMEI == imei }) {
		return
	}
	if i := slices.IndexFunc(d.SIMs, func(s SIM) bool { return s.IMEI == "" }); i >= 0 {
		d.SIMs[i].IMEI = imei
		return
	}
	d.SIMs = append(d.SIMs, SIM{IMEI: imei})
}

// mobile reads what belongs to mobile networks. The network that a device
// roams in is told only where that of its SIM is not.
func (d *Device) mobile(t *wire.Tree) {
	number := func(t *wire.Tree, paths ...string) string { return unspaced(json.Text{Text: t.Text(paths...)}) }
	d.imei(number(t, "networkInfo.imei"))
	or(&d.MEID, number(t, "system.meid", "meid", "networkInfo.meid"))
	d.cards(SIM{ICCID: number(t, "network.iccID", "iccID"), IMSI: number(t, "network.imsi"), Phone: t.Text("network.phoneNumber"),
		Carrier: t.Text("network.simCarrierNetwork", "network.currentCarrierNetwork", "simCarrierNetwork", "currentCarrierNetwork")})
	for _, path := range []string{"networkInfo.telephonyInfos", "subscriptions"} {
		var told []SIM
		for _, s := range t.Trees(path) {
			told = append(told, SIM{ICCID: number(&s, "iccId"), Phone: s.Text("phoneNumber", "number"), Carrier: s.Text("carrierName")})
		}
		d.cards(told...)
	}
}

// cards puts SIMs that were told together into the slots that they are in, each
// into one of its own. It is a slot that knows the SIM, or else the first one
// that tells nothing else.
func (d *Device) cards(told ...SIM) {
	taken := map[int]bool{}
	for _, s := range told {
		slot := func(fits func(SIM, SIM) bool) int {
			for i, at := range d.SIMs {
				if !taken[i] && fits(at, s) {
					return i
				}
			}
			return -1
		}
		i := slot(knows)
		if i < 0 {
			i = slot(admits)
		}
		switch {
		case i >= 0:
			at := &d.SIMs[i]
			at.ICCID, at.IMSI, at.Phone, at.Carrier = cmp.Or(at.ICCID, s.ICCID), cmp.Or(at.IMSI, s.IMSI), cmp.Or(at.Phone, s.Phone), cmp.Or(at.Carrier, s.Carrier)
		case s.ICCID+s.IMSI+s.Phone == "":
			continue // the carrier alone is no SIM
		default:
			i = len(d.SIMs)
			d.SIMs = append(d.SIMs, s)
		}
		taken[i] = true
	}
}

// knows reports whether a slot holds this SIM.
func knows(slot, s SIM) bool {
	same := func(a, b string) bool { return a != "" && a == b }
	return admits(slot, s) && (same(slot.ICCID, s.ICCID) || same(slot.IMSI, s.IMSI) || same(slot.Phone, s.Phone))
}

// admits reports whether nothing in a slot speaks against this SIM.
func admits(slot, s SIM) bool {
	differ := func(a, b string) bool { return a != "" && b != "" && a != b }
	return !differ(slot.ICCID, s.ICCID) && !differ(slot.IMSI, s.IMSI) && !differ(slot.Phone, s.Phone)
}

// subscriptions gives a record what the SIM slots hold. A phone number that no
// slot tells belongs to the first SIM.
func (d *Device) subscriptions(r *mdm.Record) {
	for _, s := range d.SIMs {
		if s.IMEI != "" && !slices.Contains(r.IMEIs, s.IMEI) {
			r.IMEIs = append(r.IMEIs, s.IMEI)
		}
		r.MEID, r.EID = cmp.Or(r.MEID, s.MEID), cmp.Or(r.EID, s.EID)
		if s.ICCID+s.IMSI+s.Phone != "" {
			r.SIMs = append(r.SIMs, mdm.SIM{ICCID: s.ICCID, IMSI: s.IMSI, Phone: s.Phone, Carrier: s.Carrier})
		}
	}
	switch {
	case d.Phone == "" || slices.ContainsFunc(r.SIMs, func(s mdm.SIM) bool { return s.Phone != "" }):
	case len(r.SIMs) > 0:
		r.SIMs[0].Phone = d.Phone
	default:
		r.SIMs = []mdm.SIM{{Phone: d.Phone}}
	}
}
