package liveheap_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/internal/liveheap"
)

func TestWatch(t *testing.T) {
	w := liveheap.Start()
	kept := make([]byte, 50e6)
	runtime.GC()
	time.Sleep(50 * time.Millisecond)
	runtime.KeepAlive(kept)
	kept = nil
	runtime.GC()
	assert.InDelta(t, 50, w.Stop(), 10)
}
