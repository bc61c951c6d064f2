package relution

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// lookUp searches the commands of a device for the one whose outcome is not
// known, and returns its UUID, once. If it does not find it, an equal command
// soon after is not looked for either: what is found then may be the first one.
func (s *Source) lookUp(ctx context.Context, id string, c mdm.Command, sent map[string]any, begin time.Time) string {
	known := &s.client.sent
	kind := actionTypes[c.Name()]
	lost := kind + " of " + strings.ToUpper(id)
	if known.within(lost, uncertain) {
		return ""
	}
	if uuid := s.search(ctx, id, kind, sent, begin); uuid != "" && known.add(uuid) {
		return uuid
	}
	known.add(lost)
	return ""
}

// uncertain is how long a command that was not found may still turn up.
const uncertain = 5 * time.Minute

// search returns the one command of a type that was made since begin, or "". It
// leaves a minute for clocks that differ, in which others may lie: those that
// this client knows are left out, and so are those with other details. Of
// several that remain none counts.
func (s *Source) search(ctx context.Context, id, kind string, sent map[string]any, begin time.Time) string {
	all, err := s.client.actions(ctx, id)
	if err != nil {
		return ""
	}
	since := begin.Add(-time.Minute)
	fit := slices.DeleteFunc(slices.Clone(all), func(a Action) bool {
		return a.Type != kind || a.Created.Before(since) || s.client.sent.has(a.UUID) || a.details.differ(sent)
	})
	if len(fit) != 1 {
		s.client.sent.saw(all...)
		return ""
	}
	return fit[0].UUID
}

// contentFields are the details of commands that tell one from another. A PIN
// does not: the server may hide it.
var contentFields = [...]string{"message", "phoneNumber", "footnote", "deviceName"}

// contents are the details of a command.
type contents struct {
	told  bool
	texts [len(contentFields)]string
}

func newContents(t *wire.Tree) contents {
	c := contents{told: t.Present()}
	for i, name := range contentFields {
		c.texts[i] = t.Text(name)
	}
	return c
}

// differ reports whether details are told, and are others than those sent.
func (c contents) differ(sent map[string]any) bool {
	for i, name := range contentFields {
		want, _ := sent[name].(string)
		if c.told && c.texts[i] != strings.TrimSpace(want) {
			return true
		}
	}
	return false
}

// recent remembers the last texts that it was given. It is safe for concurrent
// use.
type recent struct {
	mu    sync.Mutex
	at    map[string]time.Time
	order []string
}

// remembered is how many texts are.
const remembered = 4096

// add remembers a text, and reports whether it was not remembered before. ""
// is never remembered.
func (r *recent) add(text string) bool {
	if text == "" {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	text = strings.ToUpper(text)
	_, there := r.at[text]
	if r.at == nil {
		r.at = map[string]time.Time{}
	}
	r.at[text] = time.Now()
	if !there {
		r.order = append(r.order, text)
	}
	if len(r.order) > remembered {
		delete(r.at, r.order[0])
		r.order = r.order[1:]
	}
	return !there
}

// saw remembers commands.
func (r *recent) saw(all ...Action) {
	for _, a := range all {
		r.add(a.UUID)
	}
}

func (r *recent) has(text string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, there := r.at[strings.ToUpper(text)]
	return there
}

// within reports whether a text was added not longer ago than that.
func (r *recent) within(text string, ago time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, there := r.at[strings.ToUpper(text)]
	return there && time.Since(at) <= ago
}
