package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/match"
	"github.com/mdmlink/mdmlink/match/phrase"
	"github.com/mdmlink/mdmlink/mdm"
)

// few is how many lines of a long list are shown.
const few = 8

// screen prints what a person wants to see.
type screen struct {
	out    io.Writer
	titles int
}

func (s *screen) line(format string, args ...any) { fmt.Fprintf(s.out, "   "+format+"\n", args...) }

func (s *screen) title(text string) {
	s.titles++
	fmt.Fprintf(s.out, "\n%d. %s\n", s.titles, text)
}

// table prints rows in columns, the first few of them.
func (s *screen) table(rows [][]string) {
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, row := range rows[:min(few, len(rows))] {
		fmt.Fprintln(w, "   "+strings.Join(row, "\t"))
	}
	w.Flush()
	if len(rows) > few {
		s.line("… and %d more", len(rows)-few)
	}
}

func (s *screen) step(step mdm.Step) {
	mark := map[mdm.StepResult]string{mdm.StepPassed: "ok", mdm.StepFailed: "FAILED", mdm.StepNote: "note", mdm.StepSkipped: "skipped"}[step.Result]
	s.line("%-8s %s: %s", mark, cmp.Or(step.Title, step.Name), step.Reason)
	if step.Advice != "" {
		s.line("         %s", step.Advice)
	}
}

// list prints the devices of a live tenant.
func (s *screen) list(ctx context.Context, source mdm.Source) error {
	s.title("Its devices")
	n := 0
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	defer w.Flush()
	for page, err := range source.Pages(ctx, mdm.Query{}) {
		if err != nil {
			return err
		}
		for _, device := range page.Devices {
			r := device.Record()
			fmt.Fprintf(w, "   %s\t%s\t%s\t%s\t%s\n", r.Serial, r.Model, r.OS.Version, r.Name, r.User.Login)
			n++
		}
		w.Flush()
		if page.End != nil && page.End.Complete {
			s.line("%d devices, and these are all.", n)
		}
	}
	return nil
}

func (s *screen) plan(plan inventory.Plan) {
	actions := map[inventory.Action]int{}
	for _, step := range plan.Steps {
		actions[step.Action]++
	}
	for _, action := range slices.Sorted(maps.Keys(actions)) {
		s.line("%-7s %4d", action, actions[action])
	}
	for _, hold := range plan.Report.Holds {
		s.line("held: %s of %d devices, more than %d", hold.Code, hold.Count, hold.Limit)
	}
}

func (s *screen) run(run *inventory.Run) {
	s.line("%d devices read in %d pages, complete: %t", run.Listing.Received, run.Listing.Pages, run.Listing.Complete)
	for _, kind := range match.Kinds() {
		if n := run.Outcomes[kind.String()]; n > 0 {
			s.line("%4d %s", n, phrase.Kind(kind, phrase.English))
		}
	}
	s.line("%d attributes written, %d changes in all", run.Attributes.Changed, run.Writes)
}

func (s *screen) links(plan inventory.Plan) {
	evidence := map[match.Rung]int{}
	var rows [][]string
	for _, step := range plan.Steps {
		if step.Action != inventory.ActionLink {
			continue
		}
		if evidence[step.Rung]++; evidence[step.Rung] <= 3 {
			rows = append(rows, []string{cmp.Or(step.Name, step.Change.Entry.Serial), "→", step.Asset, sentence(step.Reasons)})
		}
	}
	for _, rung := range match.Rungs() {
		if n := evidence[rung]; n > 0 {
			s.line("%4d by %s", n, phrase.Rung(rung, phrase.English))
		}
	}
	s.table(rows)
}

func (s *screen) changes(plan inventory.Plan) {
	var rows [][]string
	for _, step := range plan.Steps {
		for _, f := range step.Fields {
			rows = append(rows, []string{step.Asset, f.Field, fmt.Sprintf("%q", f.Old), "→", fmt.Sprintf("%q", f.New)})
		}
	}
	s.table(rows)
}

func (s *screen) staging(rows []inventory.Row, assets map[string]inventory.Asset) {
	slices.SortStableFunc(rows, func(a, b inventory.Row) int { return cmp.Compare(len(b.Candidates), len(a.Candidates)) })
	for _, row := range rows[:min(few, len(rows))] {
		s.line("%s, %s, serial %q: %s", cmp.Or(row.Record.Name, "(no name)"), row.Record.Model, row.Record.Serial, sentence(row.Reasons))
		for i, c := range row.Candidates[:min(3, len(row.Candidates))] {
			s.line("   %d. %s %s (%s)", i+1, c.Asset, assets[c.Asset].Identifiers.Name, phrase.Rung(c.Rung, phrase.English))
		}
	}
	s.line("%d devices wait in all.", len(rows))
}

func (s *screen) explain(c inventory.Connection, row inventory.Row, candidate match.Candidate, assets map[string]inventory.Asset) {
	s.line("%s and %s (%s):", row.Record.Name, candidate.Asset, assets[candidate.Asset].Identifiers.Name)
	for _, text := range phrase.Candidate(candidate, phrase.English) {
		s.line("- %s", text)
	}
}

func (s *screen) link(ctx context.Context, store inventory.Store, c inventory.Connection) error {
	shown := false
	for entry, err := range store.Entries(ctx, inventory.EntryQuery{Scope: c.Scope, Connection: c.ID}) {
		if err != nil {
			return err
		}
		row, err := inventory.ReadRow(entry)
		if err != nil {
			return err
		}
		if row.Record.Link != "" && !shown {
			s.line("%s is found at %s (it opens the %s)", row.Record.Name, row.Record.Link, row.Record.LinkTarget)
			shown = true
		}
	}
	if !shown {
		s.line("no link is known for this server")
	}
	return nil
}

func sentence(reasons []match.Reason) string {
	texts := make([]string, len(reasons))
	for i, r := range reasons {
		texts[i] = phrase.Reason(r, phrase.English)
	}
	return strings.Join(texts, "; ")
}

// bar is a progress bar on a terminal, and plain lines elsewhere.
type bar struct {
	out      io.Writer
	terminal bool
	phase    inventory.Phase
}

func newBar(out io.Writer) *bar {
	b := &bar{out: out}
	if file, ok := out.(*os.File); ok {
		info, err := file.Stat()
		b.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return b
}

func (b *bar) progress(p inventory.Progress) {
	if b.terminal {
		const width = 30
		done := width
		if p.Total > 0 {
			done = width * p.Done / p.Total
		}
		fmt.Fprintf(b.out, "\r   %-5s [%s%s] %d ", p.Phase, strings.Repeat("#", done), strings.Repeat(".", width-done), p.Done)
		return
	}
	if p.Phase != b.phase {
		fmt.Fprintf(b.out, "   %s …\n", p.Phase)
		b.phase = p.Phase
	}
}

func (b *bar) end() {
	if b.terminal {
		fmt.Fprintf(b.out, "\r%60s\r", "")
	}
}

// triangle prints who is bought, managed and known, and who is not.
func (s *screen) triangle(t inventory.Triangle) {
	for _, side := range []struct {
		text    string
		corners []inventory.Corner
	}{{"bought but not enrolled", t.NotEnrolled}, {"enrolled but not bought", t.NotOwned}, {"in the inventory but in neither", t.Only}} {
		s.line("%4d %s", len(side.corners), side.text)
		var rows [][]string
		for _, c := range side.corners[:min(3, len(side.corners))] {
			rows = append(rows, []string{"      " + c.Serial, c.Name, c.Asset})
		}
		s.table(rows)
	}
}
