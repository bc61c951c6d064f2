package mdmtest

import (
	"bytes"
	"context"
	"fmt"
	"runtime/pprof"
	"strings"
	"sync/atomic"
	"time"
)

// label marks the goroutines that a call starts, so that those of other tests
// are not taken for its own.
const label = "mdmtest"

var labels atomic.Int64

// settles runs f and fails if goroutines that it started are still there a
// while later. Idle connections of net/http do not count: they belong to the
// RoundTripper.
func (p *probe) settles(what string, f func()) {
	mark := fmt.Sprint(labels.Add(1))
	pprof.Do(p.ctx, pprof.Labels(label, mark), func(context.Context) { f() })
	for end := time.Now().Add(p.opts.prompt()); ; time.Sleep(5 * time.Millisecond) {
		n := running(mark)
		if n == 0 {
			return
		}
		if time.Now().After(end) {
			p.failf("%s leaves %d goroutines running", what, n)
			return
		}
	}
}

// running counts the goroutines with a mark.
func running(mark string) int {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		return 0
	}
	total := 0
	for block := range strings.SplitSeq(profile.String(), "\n\n") {
		if !strings.Contains(block, fmt.Sprintf("%q:%q", label, mark)) || connection(block) {
			continue
		}
		n := 0
		at := strings.Index(block, " @ ")
		start := strings.LastIndexByte(block[:max(at, 0)], '\n') + 1
		if _, err := fmt.Sscan(block[start:], &n); err == nil {
			total += n
		}
	}
	return total
}

// connection reports whether a goroutine serves an idle connection.
func connection(stack string) bool {
	return strings.Contains(stack, "net/http.(*persistConn)") ||
		strings.Contains(stack, "http2") && strings.Contains(stack, "ClientConn")
}
