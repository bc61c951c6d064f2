package intune_test

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"slices"
	"testing"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stored makes an archive whose content is not packed, and whose sizes stand
// before it.
func stored(tb testing.TB, content string) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateRaw(&zip.FileHeader{Name: "a.csv", Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(content)),
		CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(content))})
	require.NoError(tb, err)
	_, err = f.Write([]byte(content))
	require.NoError(tb, err)
	require.NoError(tb, w.Close())
	return b.Bytes()
}

// large gives an archive the form of a large one, with sizes of eight bytes
// behind the content.
func large(tb testing.TB, file []byte) []byte {
	tb.Helper()
	at := bytes.Index(file, []byte("PK\x07\x08"))
	require.Positive(tb, at)
	none := []byte{0, 0, 0, 0}
	return slices.Concat(file[:at+12], none, file[at+12:at+16], none, file[at+16:])
}

// TestArchiveForms reads archives of all forms in which a table may come.
func TestArchiveForms(t *testing.T) {
	t.Parallel()
	const table = "Device ID,Device name\nAA,Room 7\n"
	for name, file := range map[string][]byte{"packed": zipped(t, "a.csv", table), "stored": stored(t, table), "large": large(t, zipped(t, "a.csv", table))} {
		records, err := planted(t, file)
		require.NoError(t, err, name)
		require.Len(t, records, 1, name)
		assert.Equal(t, "Room 7", records[0].Name, name)
	}
}

// TestArchiveDamaged refuses a table of which a byte is wrong, or whose end is
// missing, wherever that is.
func TestArchiveDamaged(t *testing.T) {
	t.Parallel()
	const table = "Device ID,Device name\nAA,Room 7\n"
	spoiled := bytes.Replace(stored(t, table), []byte("Room 7"), []byte("Room 8"), 1)
	sum := zipped(t, "a.csv", table)
	sum[bytes.Index(sum, []byte("PK\x07\x08"))+4] ^= 1
	behind := zipped(t, "a.csv", table)
	behind[bytes.Index(behind, []byte("PK\x01\x02"))] = 'Q'
	for name, file := range map[string][]byte{"content": spoiled, "check sum": sum, "what follows": behind} {
		_, err := planted(t, file)
		require.ErrorIs(t, err, mdm.ErrDecode, name)
	}
	whole := zipped(t, "a.csv", table)
	end := bytes.Index(whole, []byte("PK\x01\x02"))
	for n := 1; n < end+4; n += 7 {
		_, err := planted(t, whole[:n])
		require.Error(t, err, "the first %d bytes", n)
	}
}
