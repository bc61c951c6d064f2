package intune

import (
	"bufio"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"strings"
)

// An export file is a ZIP archive with one file in it. It is read from its
// begin, as it comes: its table of contents stands at the end, and waiting for
// that would need memory for all of it.

var (
	errArchive  = errors.New("intune: the export file is damaged")
	errContents = errors.New("intune: the export file holds something else than one table")
	errExpands  = errors.New("intune: the export file is larger than allowed")
)

const (
	localHeader   = 0x04034b50
	descriptor    = 0x08074b50
	centralHeader = 0x02014b50
	encrypted     = 1
	sizesBehind   = 8
)

// archive reads the one file of a ZIP archive.
type archive struct {
	r       *bufio.Reader
	content io.Reader
	sum     hash.Hash32
	want    uint32 // check sum, unless it stands behind the content
	behind  bool
	left    int64 // how much more may come
}

// openArchive reads up to the content of the one file, whose name ends in
// ending. limit is the size that the content may have.
func openArchive(r io.Reader, ending string, limit int64) (*archive, error) {
	a := &archive{r: bufio.NewReader(r), sum: crc32.NewIEEE(), left: limit}
	var h [30]byte
	if _, err := io.ReadFull(a.r, h[:]); err != nil {
		return nil, whole(err)
	}
	flags, method := binary.LittleEndian.Uint16(h[6:]), binary.LittleEndian.Uint16(h[8:])
	size := binary.LittleEndian.Uint32(h[18:])
	if binary.LittleEndian.Uint32(h[:]) != localHeader || flags&encrypted != 0 {
		return nil, errArchive
	}
	name := make([]byte, binary.LittleEndian.Uint16(h[26:]))
	if _, err := io.ReadFull(a.r, name); err != nil {
		return nil, whole(err)
	}
	if _, err := io.CopyN(io.Discard, a.r, int64(binary.LittleEndian.Uint16(h[28:]))); err != nil {
		return nil, whole(err)
	}
	text := strings.ToLower(string(name))
	if strings.ContainsAny(text, `/\:`) || strings.Contains(text, "..") || !strings.HasSuffix(text, ending) {
		return nil, errContents
	}
	a.want, a.behind = binary.LittleEndian.Uint32(h[14:]), flags&sizesBehind != 0
	switch {
	case method == 8:
		a.content = flate.NewReader(a.r)
	case method == 0 && !a.behind:
		a.content = io.LimitReader(a.r, int64(size))
	default:
		return nil, errArchive
	}
	return a, nil
}

// Read reads the content. Its end is io.EOF only if the check sum is right and
// no second file follows.
func (a *archive) Read(p []byte) (int, error) {
	if int64(len(p)) > a.left {
		p = p[:a.left+1]
	}
	n, err := a.content.Read(p)
	a.sum.Write(p[:n])
	if a.left -= int64(n); a.left < 0 {
		return 0, errExpands
	}
	if err == io.EOF {
		return n, a.finish()
	}
	if _, corrupt := errors.AsType[flate.CorruptInputError](err); corrupt {
		err = errArchive
	}
	return n, err
}

// finish checks what stands behind the content.
func (a *archive) finish() error {
	if a.behind {
		head, err := a.r.Peek(4)
		if err == nil && binary.LittleEndian.Uint32(head) == descriptor {
			_, err = a.r.Discard(4)
		}
		if err != nil {
			return whole(err)
		}
		if a.want, err = a.number(); err != nil {
			return err
		}
		if _, err := a.r.Discard(8); err != nil {
			return whole(err)
		}
	}
	if a.want != a.sum.Sum32() {
		return errArchive
	}
	next, err := a.number()
	switch {
	case err != nil:
		return err
	case next == localHeader:
		return errContents
	case next != centralHeader:
		// The sizes behind a large content are of eight bytes each.
		if next, err = a.skipLarge(); err != nil || next != centralHeader {
			return errArchive
		}
	}
	return io.EOF
}

func (a *archive) skipLarge() (uint32, error) {
	if _, err := a.r.Discard(4); err != nil {
		return 0, whole(err)
	}
	return a.number()
}

func (a *archive) number() (uint32, error) {
	var b [4]byte
	if _, err := io.ReadFull(a.r, b[:]); err != nil {
		return 0, whole(err)
	}
	return binary.LittleEndian.Uint32(b[:]), nil
}

// whole makes the end of an archive that has no end an error.
func whole(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
