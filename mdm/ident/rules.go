package ident

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// Rules read and judge identifiers. They are immutable and safe for
// concurrent use. Get them from [Default] or [Data.Rules]; the zero Rules know
// no list.
type Rules struct {
	version string
	known   book
	allow   book
	owners  map[string]bool
}

// book holds the compiled lists.
type book struct {
	serials, uuids, imeis, tags, names, models list
	macs                                       macList
}

var defaultRules = sync.OnceValue(func() *Rules {
	r, err := Standard().Rules()
	if err != nil {
		panic(err) // a test compiles the lists
	}
	return r
})

// Default returns the rules of [Standard], compiled once.
func Default() *Rules { return defaultRules() }

// Rules compiles the lists. The error names the first entry that cannot be
// used, and says why.
func (d Data) Rules() (*Rules, error) {
	if d.Version == "" || strings.HasPrefix(d.Version, "+") || strings.HasSuffix(d.Version, "+") {
		return nil, errors.New(`ident: lists without a version; set "version", because results name it`)
	}
	r := &Rules{version: d.Version, owners: make(map[string]bool, len(d.Owners))}
	for _, word := range d.Owners {
		r.owners[nameKey(word)] = true
	}
	if err := r.known.compile(d.Lists, Entry.verdict); err != nil {
		return nil, fmt.Errorf("ident: %w", err)
	}
	if err := r.allow.compile(d.Allow, Entry.allowed); err != nil {
		return nil, fmt.Errorf("ident: allow: %w", err)
	}
	return r, nil
}

// Version returns the version of the lists.
func (r *Rules) Version() string { return r.version }

// Read reads a value of any kind; see the method of that kind. A value of
// unknown kind is absent.
func (r *Rules) Read(kind Kind, raw string, h Hints) ID {
	switch kind {
	case KindSerial:
		return r.Serial(raw, h)
	case KindUUID:
		return r.UUID(raw)
	case KindMAC:
		return r.MAC(raw)
	case KindIMEI:
		return r.IMEI(raw, h)
	case KindMEID:
		return r.MEID(raw)
	case KindEID:
		return r.EID(raw)
	case KindICCID:
		return r.ICCID(raw)
	case KindIMSI:
		return r.IMSI(raw)
	case KindPhone:
		return r.Phone(raw)
	case KindAssetTag:
		return r.AssetTag(raw, h)
	case KindName:
		return r.Name(raw, h)
	case KindModel:
		return r.Model(raw, h.Manufacturer)
	case KindDirectoryID:
		return r.DirectoryID(raw)
	}
	return ID{Raw: raw}
}

func (b *book) compile(l Lists, judge func(Entry) (verdict, error)) error {
	lists := []struct {
		name    string
		entries []Entry
		add     func(Entry, verdict) error
	}{
		{"serials", l.Serials, adder(&b.serials, serialValue, strings.ToUpper)},
		{"uuids", l.UUIDs, adder(&b.uuids, uuidValue, strings.ToLower)},
		{"macs", l.MACs, b.macs.add},
		{"imeis", l.IMEIs, adder(&b.imeis, imeiValue, asIs)},
		{"asset_tags", l.AssetTags, adder(&b.tags, tagKey, strings.ToUpper)},
		{"names", l.Names, adder(&b.names, nameValue, strings.ToLower)},
		{"models", l.Models, adder(&b.models, modelKey, strings.ToLower)},
	}
	for _, list := range lists {
		for i, e := range list.entries {
			v, err := judge(e)
			if err == nil {
				err = list.add(e, v)
			}
			if err != nil {
				return fmt.Errorf("%s, entry %d: %w", list.name, i+1, err)
			}
		}
	}
	return nil
}

func asIs(s string) string { return s }

// find returns what the lists of the kind say about an identifier.
func (b *book) find(id *ID, form string) (verdict, bool) {
	switch id.Kind {
	case KindSerial:
		return b.serials.find(id.Key, form)
	case KindUUID:
		return b.uuids.find(id.Key, form)
	case KindMAC:
		return b.macs.find(id.Key, form)
	case KindIMEI:
		return b.imeis.find(id.Key, form)
	case KindAssetTag:
		return b.tags.find(id.Key, form)
	case KindName:
		return b.names.find(form, form)
	case KindModel:
		return b.models.find(id.Key, form)
	}
	return verdict{}, false
}

func (b *book) allows(id *ID, form string) bool {
	_, ok := b.find(id, form)
	return ok
}
