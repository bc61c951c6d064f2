package ident

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// require of testify wants a TB; rapid and fuzzing share these two methods.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// checkID fails if an identifier breaks what its documentation promises.
func checkID(t failer, id ID, raw string) {
	t.Helper()
	fail := func(what string) { t.Helper(); t.Fatalf("%s: %+v", what, id) }
	switch {
	case id.Raw != raw:
		fail("raw is not what the source gave")
	case id.Quality > Junk != id.Usable():
		fail("usable is weak or strong")
	case (id.Quality == Junk || id.Quality == Weak) != (id.Reasons != 0):
		fail("junk and weak have reasons, nothing else has")
	case id.Quality <= Junk && id.Folded != "":
		fail("folded form of what must not be compared")
	case id.Quality == Absent && id.Text != "":
		fail("absent, with text")
	case id.Kind.attribute() && id.Quality > Weak:
		fail("an attribute is no identity")
	case len(id.Text) > MaxLen || !utf8.ValidString(id.Text) || !utf8.ValidString(id.Key):
		fail("text is not clean")
	}
}

// checkAgain fails if reading the canonical form yields another one.
func checkAgain(t failer, id, again ID) {
	t.Helper()
	if id.Text != "" && (again.Text != id.Text || again.Kind != id.Kind) {
		t.Fatalf("canonical form of %+v\nis read as %+v", id, again)
	}
}

func checkAlphabet(t failer, id ID, alphabet string) {
	t.Helper()
	if strings.Trim(id.Key, alphabet) != "" {
		t.Fatalf("key beyond %s: %+v", alphabet, id)
	}
}

func FuzzSerial(f *testing.F) {
	for _, raw := range []string{" c02zx90aklmn\u00a0", "To be filled by O.E.M", "VMware-56 4d 1a 2b 3c 4d 5e 6f-70 81 92 a3 b4 c5 d6 e7",
		"VM5vodACsc+k", "1.0", "7783-7084-3265-9085-8269-3286-77", "ß\u0345ŉ", "\ufdfa\xff"} {
		f.Add(raw, "Name", "Model")
	}
	f.Fuzz(func(t *testing.T, raw, name, model string) {
		h := Hints{Apple: true, Android: true, Name: name, Model: model}
		id := Default().Serial(raw, h)
		checkID(t, id, raw)
		checkAgain(t, id, Default().Serial(id.Text, h))
		if !strings.HasPrefix(id.Text, "VMWARE-") && !strings.HasPrefix(id.Text, "PARALLELS-") && strings.ContainsAny(id.Key, " -") {
			t.Fatalf("key with spaces or dashes: %+v", id)
		}
		h.HTML = true
		checkID(t, Default().Serial(raw, h), raw)
		tag := Default().AssetTag(raw, h)
		checkID(t, tag, raw)
	})
}

func FuzzUUID(f *testing.F) {
	for _, raw := range []string{"{564D1A2B-3C4D-5E6F-7081-92A3B4C5D6E7}", "00008030-001A2B3C4D5E6F70", "urn:uuid:", "Not Settable"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		id := Default().UUID(raw)
		checkID(t, id, raw)
		checkAgain(t, id, Default().UUID(id.Text))
		checkAlphabet(t, id, hexDigits+"-")
		if id.Usable() && !Default().UUID(id.Key).Equal(id) {
			t.Fatalf("the key is another identifier: %+v", id)
		}
		dir := Default().DirectoryID(raw)
		checkID(t, dir, raw)
		checkAgain(t, dir, Default().DirectoryID(dir.Text))
	})
}

func FuzzMAC(f *testing.F) {
	for _, raw := range []string{"AA-BB-CC-DD-EE-FF", "0050.56c0.0008", "PFq0ECAw", "0:1:2:3:4:5", "3c5ab4102030, 9C:EB:E8:01:02:03", "3c 5a b4 10 20 30"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		id := Default().MAC(raw)
		checkID(t, id, raw)
		checkAgain(t, id, Default().MAC(id.Text))
		checkAlphabet(t, id, hexDigits)
		if id.Usable() && (len(id.Key) != 12 || !Default().MAC(id.Key).Equal(id)) {
			t.Fatalf("the key is another identifier: %+v", id)
		}
		for _, one := range Default().MACs(raw) {
			checkID(t, one, one.Raw)
		}
	})
}

func FuzzIMEI(f *testing.F) {
	for _, raw := range []string{"35 209900 176148 1", "35-209900-176148-1/01", "3.52E+14", "AF0123450ABCDE", "293608736500703710", "+49 (0) 30/900"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		id := Default().IMEI(raw, Hints{})
		checkID(t, id, raw)
		checkAgain(t, id, Default().IMEI(id.Text, Hints{}))
		checkAlphabet(t, id, "0123456789ABCDEF")
		for _, kind := range []Kind{KindMEID, KindEID, KindICCID, KindIMSI, KindPhone} {
			id := Default().Read(kind, raw, Hints{})
			checkID(t, id, raw)
			checkAgain(t, id, Default().Read(kind, id.Text, Hints{}))
			checkAlphabet(t, id, "+0123456789ABCDEF")
		}
	})
}

func FuzzName(f *testing.F) {
	for _, raw := range []string{"Lab-7.local", "iPad von Anna", "User’s PC", "anna_iPhone_11/24/2026_6:26 AM", "Lab (2)", "İ.example.org"} {
		f.Add(raw, "C02ZX90AKLMN", "Apple")
	}
	f.Fuzz(func(t *testing.T, raw, serial, maker string) {
		h := Hints{Serial: serial, Model: maker, Manufacturer: maker}
		id := Default().Name(raw, h)
		checkID(t, id, raw)
		checkAgain(t, id, Default().Name(id.Text, h))
		model := Default().Model(raw, maker)
		checkID(t, model, raw)
		checkAgain(t, model, Default().Model(model.Text, maker))
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(standardJSON))
	f.Add([]byte(`{"version":"1","serials":[{"patterns":["A+"],"quality":"weak"}],"allow":{"macs":[{"prefixes":["3c"]}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse(data)
		if err != nil {
			return
		}
		r, err := d.Rules()
		require.NoError(t, err)
		checkID(t, r.Serial("A12", Hints{}), "A12")
		text, err := json.Marshal(d)
		require.NoError(t, err)
		again, err := Parse(text)
		require.NoError(t, err)
		assert.Equal(t, d.Version, again.Version)
	})
}

// A value means the same however a system writes it.
func TestRulesProperties(t *testing.T) {
	r := Default()
	t.Run("serial", rapid.MakeCheck(func(t *rapid.T) {
		raw := rapid.StringMatching(`[A-Z0-9]{1,20}`).Draw(t, "serial")
		id := r.Serial(raw, Hints{})
		spaced := r.Serial(" "+strings.ToLower(raw[:1])+"- "+raw[1:]+"\t", Hints{})
		if id.Key != spaced.Key || id.Quality != spaced.Quality {
			t.Fatalf("%+v\n%+v", id, spaced)
		}
	}))
	t.Run("uuid", rapid.MakeCheck(func(t *rapid.T) {
		u := uuid{form: formRFC}
		copy(u.bytes[:16], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bytes"))
		a, b := r.UUID(u.String()), r.UUID("{"+strings.ToUpper(u.swapped().String())+"}")
		if a.Key != b.Key || a.Quality != b.Quality {
			t.Fatalf("%+v\n%+v", a, b)
		}
	}))
	t.Run("imei", rapid.MakeCheck(func(t *rapid.T) {
		key := rapid.StringMatching(`[1-9][0-9]{13}`).Draw(t, "digits")
		full := key + string(checkDigit(key, 10))
		id := r.IMEI(full, Hints{})
		if id.Quality == Weak || id.Usable() && id.Key != key {
			t.Fatalf("%+v", id)
		}
		if id.Quality == Strong && !r.IMEI(key+"77", Hints{}).Equal(id) {
			t.Fatalf("%+v", id)
		}
	}))
	d := Standard()
	d.Allow = Lists{}
	listed, err := d.Rules()
	require.NoError(t, err)
	t.Run("fewer entries, better quality", rapid.MakeCheck(func(t *rapid.T) {
		raw := rapid.SampledFrom([]string{"EVAL", "AB1234", "9CEBE8010203", "82B77F010203", "004999010640000", "Student"}).Draw(t, "raw")
		kind := rapid.SampledFrom(Kinds()).Draw(t, "kind")
		if new(Rules).Read(kind, raw, Hints{}).Quality < listed.Read(kind, raw, Hints{}).Quality {
			t.Fatalf("%s %q is better with lists", kind, raw)
		}
	}))
}
