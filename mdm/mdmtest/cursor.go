package mdmtest

import (
	"errors"

	"github.com/mdmlink/mdmlink/mdm"
)

func cursorClauses() []clause {
	return []clause{
		{"resume", "listing from a Next gives exactly the devices that remain", (*probe).resume},
		{"cursor-invalid", "a damaged or foreign cursor is ErrCursorInvalid", (*probe).cursorInvalid},
		{"cursor-repeat", "no cursor of a listing comes twice", (*probe).cursorRepeat},
	}
}

func (p *probe) resume() {
	l, ok := p.whole()
	if !ok {
		return
	}
	given := 0
	for i, page := range l.pages {
		given += len(page.Devices)
		if page.Next == "" {
			continue
		}
		rest := p.list(p.ctx, mdm.Query{From: page.Next})
		if rest.err != nil {
			p.failf("going on after page %d fails: %v", i+1, rest.err)
			return
		}
		if len(rest.records) != len(l.records)-given {
			p.failf("going on after page %d gives %d devices, not %d", i+1, len(rest.records), len(l.records)-given)
			return
		}
		for j, r := range rest.records {
			if r.ID != l.records[given+j].ID {
				p.failf("going on after page %d gives other devices than the listing did", i+1)
				return
			}
		}
	}
}

func (p *probe) cursorInvalid() {
	l, _ := p.whole()
	bad := map[string]mdm.Cursor{"nonsense": "?? no cursor ??"}
	info := p.src.Info()
	info.Origin.Tenant += "another"
	bad["one of another tenant"] = mdm.NewCursor(info, "1")
	for _, page := range l.pages {
		if c := page.Next; c != "" {
			bad["one with a changed character"] = changed(c)
			bad["one that was cut"] = c[:len(c)/2]
			break
		}
	}
	for what, cursor := range bad {
		got := p.list(p.ctx, mdm.Query{From: cursor})
		switch {
		case len(got.pages) > 0:
			p.failf("%s as a cursor gives devices", what)
		case got.err == nil:
			p.failf("%s as a cursor gives an empty listing without an error", what)
		case !errors.Is(got.err, mdm.ErrCursorInvalid):
			p.failf("%s as a cursor gives another error: %v", what, got.err)
		}
	}
}

// changed returns the cursor with the character in its middle replaced by
// another that may stand there.
func changed(c mdm.Cursor) mdm.Cursor {
	text := []byte(c)
	middle := &text[len(text)/2]
	if *middle == 'A' {
		*middle = 'B'
	} else {
		*middle = 'A'
	}
	return mdm.Cursor(text)
}

func (p *probe) cursorRepeat() {
	seen := map[mdm.Cursor]bool{}
	for page, err := range p.src.Pages(p.ctx, mdm.Query{}) {
		if err != nil {
			return
		}
		if page.Next != "" && seen[page.Next] {
			p.failf("a Next comes a second time after %d pages", len(seen))
			return
		}
		if seen[page.Next] = true; len(seen) > far {
			p.failf("the listing has not ended after %d pages", far)
			return
		}
	}
}
