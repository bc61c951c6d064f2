package intune

import (
	"bytes"
	"errors"
	"io"
	"sync"
)

// Sizes of the window over an answer. An element that is larger than the
// largest window is refused.
const (
	windowSize = 128 << 10
	maxWindow  = 8 << 20
)

var windows = sync.Pool{New: func() any { b := make([]byte, windowSize); return &b }}

// window shows a part of an answer, from which whole values are taken.
type window struct {
	r          io.Reader
	buf        []byte
	start, end int
	failed     error // what the reader said; nil: it may have more
}

// take gives the bytes at hand to f, which returns how many it took, or
// errMore to be called again with more.
func (w *window) take(f func(b []byte) (int, error)) error {
	for {
		n, err := f(w.buf[w.start:w.end])
		if err == nil {
			w.start += n
			return nil
		}
		if !errors.Is(err, errMore) {
			return err
		}
		if err := w.fill(); err != nil {
			return err
		}
	}
}

// fill reads until the window is full. Bytes that were taken make room, and a
// value that fills the window makes it larger.
func (w *window) fill() error {
	if w.failed != nil {
		if w.failed == io.EOF {
			return io.ErrUnexpectedEOF
		}
		return w.failed
	}
	switch {
	case w.start > 0:
		w.end = copy(w.buf, w.buf[w.start:w.end])
		w.start = 0
	case w.end == len(w.buf) && len(w.buf) >= maxWindow:
		return errSyntax
	case w.end == len(w.buf):
		w.buf = append(w.buf, make([]byte, len(w.buf))...)
	}
	before := w.end
	for w.end < len(w.buf) && w.failed == nil {
		var n int
		n, w.failed = w.r.Read(w.buf[w.end:])
		w.end += n
	}
	if w.end == before && w.failed != nil {
		return w.fill()
	}
	return nil
}

// one takes one byte that is no white space.
func (w *window) one() (c byte, err error) {
	err = w.take(func(b []byte) (int, error) {
		i := skipSpace(b, 0)
		if i == len(b) {
			return 0, errMore
		}
		c = b[i]
		return i + 1, nil
	})
	return c, err
}

// page is a part of a list, read element by element.
type page struct {
	element func(b []byte) (int, error) // reads one element at the begin of b, and returns its length
	next    []byte                      // the link to the next part, as it was written in JSON; nil = none
	found   bool                        // there was a list
}

// read reads a page from r to its end.
func (p *page) read(r io.Reader) error {
	pooled := windows.Get().(*[]byte)
	w := &window{r: r, buf: *pooled}
	defer windows.Put(pooled)
	if c, err := w.one(); err != nil || c != '{' {
		return orSyntax(err)
	}
	for first := true; ; first = false {
		var name string
		done := false
		err := w.take(func(b []byte) (int, error) {
			i := skipSpace(b, 0)
			if i < len(b) && b[i] == '}' {
				done = true
				return i + 1, nil
			}
			if !first && i < len(b) {
				if b[i] != ',' {
					return 0, errSyntax
				}
				i = skipSpace(b, i+1)
			}
			if i == len(b) {
				return 0, errMore
			}
			if b[i] != '"' {
				return 0, errSyntax
			}
			end, err := scanString(b, i)
			if err != nil {
				return 0, err
			}
			name = string(b[i+1 : end-1])
			return end, nil
		})
		if err != nil || done {
			return err
		}
		if c, err := w.one(); err != nil || c != ':' {
			return orSyntax(err)
		}
		if err := p.member(w, name); err != nil {
			return err
		}
	}
}

func orSyntax(err error) error {
	if err != nil {
		return err
	}
	return errSyntax
}

func (p *page) member(w *window, name string) error {
	list := false
	err := w.take(func(b []byte) (int, error) {
		i := skipSpace(b, 0)
		if i == len(b) {
			return 0, errMore
		}
		if list = name == "value" && b[i] == '['; list {
			return i + 1, nil
		}
		end, err := scanValue(b, i)
		if err == nil && name == "@odata.nextLink" && b[i] == '"' {
			p.next = bytes.Clone(b[i:end])
		}
		return end, err
	})
	if err != nil || !list {
		return err
	}
	p.found = true
	return p.elements(w)
}

// elements reads the list up to its end.
func (p *page) elements(w *window) error {
	for first := true; ; first = false {
		done := false
		err := w.take(func(b []byte) (int, error) {
			i := skipSpace(b, 0)
			if i < len(b) && b[i] == ']' {
				done = true
				return i + 1, nil
			}
			if !first && i < len(b) {
				if b[i] != ',' {
					return 0, errSyntax
				}
				i = skipSpace(b, i+1)
			}
			if i == len(b) {
				return 0, errMore
			}
			n, err := p.element(b[i:])
			return i + n, err
		})
		if err != nil || done {
			return err
		}
	}
}
