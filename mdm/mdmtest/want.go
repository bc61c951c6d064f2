package mdmtest

import (
	"reflect"

	"github.com/mdmlink/mdmlink/mdm"
)

func wantClauses() []clause {
	return []clause{
		{"want", "with Want set, records hold what is wanted and nothing else", (*probe).want},
		{"want-type", "with Want set, neither the vendor's type nor its answer can be reached", (*probe).wantType},
	}
}

// wants are the choices of attributes that the suite tries.
var wants = []mdm.Keys{
	{mdm.KeySerial},
	{mdm.KeyName, mdm.KeyModel},
	{mdm.KeyMAC, mdm.KeyOSVersion, mdm.KeyLastSeen},
	{mdm.KeyUserEmail, mdm.KeyCustom},
}

func (p *probe) want() {
	l, ok := p.whole()
	if !ok {
		return
	}
	for _, want := range wants {
		limited := p.list(p.ctx, mdm.Query{Want: want})
		if limited.err != nil {
			p.failf("wanting %v fails: %v", want, limited.err)
			continue
		}
		if len(limited.records) != len(l.records) {
			p.failf("wanting %v gives %d devices, not %d", want, len(limited.records), len(l.records))
			continue
		}
		for i, r := range limited.records {
			p.wanted(l.records[i], r, want)
		}
	}
}

func (p *probe) wanted(full, limited mdm.Record, want mdm.Keys) {
	if full.ID != limited.ID {
		p.failf("wanting %v changes the order of the devices or their ids", want)
		return
	}
	if only := limited.Only(want); !equal(only, limited) {
		p.failf("wanting %v gives more: %v", want, differences(only, limited))
	}
	for _, key := range want {
		if mdm.Value(full, key).State == mdm.Reported && mdm.Value(limited, key).State != mdm.Reported {
			p.failf("wanting %v gives less: %s is missing", want, key)
		}
	}
}

func (p *probe) wantType() {
	l, ok := p.whole()
	if !ok || len(l.devices) == 0 {
		return
	}
	vendor := reflect.TypeOf(l.devices[0])
	neutral := reflect.TypeFor[mdm.Record]()
	limited := p.list(p.ctx, mdm.Query{Want: wants[0]})
	for i, d := range limited.devices {
		for depth, at := 0, d; at != nil; depth, at = depth+1, inner(at) {
			if raw, ok := at.(mdm.Raw); ok && len(raw.Raw()) > 0 {
				p.failf("device %d gives the vendor's answer", i+1)
				return
			}
			if t := reflect.TypeOf(at); t == vendor && t != neutral {
				p.failf("device %d is a %v", i+1, t)
				return
			}
			if r := at.Record(); depth > 0 && !equal(r, r.Only(wants[0])) {
				p.failf("device %d wraps one that tells more", i+1)
				return
			}
		}
	}
}
