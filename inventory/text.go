package inventory

import (
	"fmt"
	"strings"
)

// Text shows a plan to a person who reviews it: one line for each step, with
// the fields that change, and the holds at the end. It shows names and values
// of devices, so it belongs on a screen and not into a log.
func (p Plan) Text() string {
	var b strings.Builder
	l := p.Report.Listing
	fmt.Fprintf(&b, "Plan for %s in %s: %d changes after %d devices (%s)\n", p.Connection, p.Scope, len(p.Steps), l.Received, l.EndedBy)
	for _, s := range p.Steps {
		s.text(&b)
	}
	for _, h := range p.Report.Holds {
		fmt.Fprintf(&b, "held for approval: %s, %d devices where %d pass\n", h.Code, h.Count, h.Limit)
	}
	for _, w := range p.Report.Warnings {
		fmt.Fprintf(&b, "warning: %s, device %s\n", w.Code, strings.Join(append([]string{w.Device}, w.Others...), ", "))
	}
	return b.String()
}

func (s Step) text(b *strings.Builder) {
	fmt.Fprintf(b, "%-7s %s", s.Action, s.Device)
	if s.Name != "" {
		fmt.Fprintf(b, " %q", s.Name)
	}
	if s.Asset != "" {
		fmt.Fprintf(b, " -> %s", s.Asset)
	}
	if s.Outcome != 0 {
		fmt.Fprintf(b, " (%s", s.Outcome)
		for _, r := range s.Reasons {
			fmt.Fprintf(b, ", %s", strings.TrimSpace(r.Code.String()+" "+r.Field.String()))
		}
		b.WriteString(")")
	}
	if s.Held != "" {
		fmt.Fprintf(b, " [held: %s]", s.Held)
	}
	b.WriteString("\n")
	for _, f := range s.Fields {
		fmt.Fprintf(b, "        %s: %q -> %q\n", f.Field, f.Old, f.New)
	}
}
