package ident

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRulesName(t *testing.T) {
	tests := map[string]struct {
		raw     string
		hints   Hints
		key     string
		quality Quality
		reasons Reasons // besides ReasonAttribute of a usable name
		traits  Traits
	}{
		"plain":               {" LG-TAB-044 ", Hints{}, "lg-tab-044", Weak, 0, 0},
		"local":               {"Lab-7.local", Hints{}, "lab-7", Weak, 0, 0},
		"private domain":      {"lab-7.lan", Hints{}, "lab-7", Weak, 0, 0},
		"domain":              {"lab-7.Schule.example.ORG", Hints{}, "lab-7", Weak, 0, 0},
		"dot at the end":      {"lab-7.example.org.", Hints{}, "lab-7", Weak, 0, 0},
		"no domain":           {"room.7", Hints{}, "room.7", Weak, 0, 0},
		"no domain, dots":     {"room 1.2.ab", Hints{}, "room 1.2.ab", Weak, 0, 0},
		"number for domain":   {"room.1.7", Hints{}, "room.1.7", Weak, 0, 0},
		"numbered":            {"Lab 7 (2)", Hints{}, "lab 7 (2)", Weak, 0, TraitNumbered},
		"not numbered":        {"Lab (old)", Hints{}, "lab (old)", Weak, 0, 0},
		"ipad":                {"iPad", Hints{}, "", Junk, ReasonDefaultName, 0},
		"ipad, numbered":      {"iPad (3)", Hints{}, "", Junk, ReasonDefaultName, TraitNumbered},
		"iphone":              {"IPHONE", Hints{}, "", Junk, ReasonDefaultName, 0},
		"apple tv":            {"Apple TV", Hints{}, "", Junk, ReasonDefaultName, 0},
		"macbook":             {"MacBook Pro", Hints{}, "", Junk, ReasonDefaultName, 0},
		"macbook air":         {"MacBook Air", Hints{}, "", Junk, ReasonDefaultName, 0},
		"macbook, network":    {"MacBook-Pro.local", Hints{}, "", Junk, ReasonDefaultName, 0},
		"android":             {"Android", Hints{}, "", Junk, ReasonDefaultName, 0},
		"android hex":         {"android-7ab16cdcab605a9b", Hints{}, "", Junk, ReasonDefaultName, 0},
		"galaxy":              {"Galaxy Tab A8", Hints{}, "", Junk, ReasonDefaultName, 0},
		"galaxy s21":          {"Galaxy S21 Ultra 5G", Hints{}, "", Junk, ReasonDefaultName, 0},
		"galaxy of a room":    {"Galaxy Raum 7", Hints{}, "galaxy raum 7", Weak, 0, 0},
		"sm model":            {"SM-T510", Hints{}, "", Junk, ReasonDefaultName, 0},
		"localhost":           {"localhost", Hints{}, "", Junk, ReasonDefaultName, 0},
		"localhost, domain":   {"localhost.localdomain", Hints{}, "", Junk, ReasonDefaultName, 0},
		"pc":                  {"PC", Hints{}, "", Junk, ReasonDefaultName, 0},
		"new pc":              {"NEW-PC", Hints{}, "", Junk, ReasonDefaultName, 0},
		"oem":                 {"OEM", Hints{}, "", Junk, ReasonDefaultName, 0},
		"default":             {"Default", Hints{}, "", Junk, ReasonDefaultName, 0},
		"student":             {"Student", Hints{}, "", Junk, ReasonDefaultName, 0},
		"user's":              {"User's Computer", Hints{}, "", Junk, ReasonDefaultName, 0},
		"user’s":              {"User’s iPad", Hints{}, "", Junk, ReasonDefaultName, 0},
		"von student":         {"iPad von Student", Hints{}, "", Junk, ReasonDefaultName, 0},
		"anna's":              {"Anna's iPad", Hints{}, "anna's ipad", Weak, ReasonDefaultForm, 0},
		"von anna":            {"MacBook Pro von Anna", Hints{}, "macbook pro von anna", Weak, ReasonDefaultForm, 0},
		"de anna":             {"iPad de Anna", Hints{}, "ipad de anna", Weak, ReasonDefaultForm, 0},
		"anna's cart":         {"Anna's cart", Hints{}, "anna's cart", Weak, 0, 0},
		"desktop":             {"DESKTOP-4F7K2LM", Hints{}, "desktop-4f7k2lm", Weak, ReasonVolatile, 0},
		"desktop, longer":     {"DESKTOP-4F7K2LMX", Hints{}, "desktop-4f7k2lmx", Weak, 0, 0},
		"laptop":              {"LAPTOP-4F7K2LMX.example.school.org", Hints{}, "laptop-4f7k2lmx", Weak, ReasonVolatile, 0},
		"win":                 {"WIN-4F7K2LMX123", Hints{}, "win-4f7k2lmx123", Weak, ReasonVolatile, 0},
		"intune":              {"anna.m_AndroidForWork_11/24/2026_6:26 AM", Hints{}, "anna.m_androidforwork_11/24/2026_6:26 am", Weak, ReasonGenerated, 0},
		"underscores":         {"lab_iPad_17", Hints{}, "lab_ipad_17", Weak, 0, 0},
		"equals model":        {"ThinkPad L13", Hints{Model: "thinkpad l13"}, "", Junk, ReasonEqualsModel, 0},
		"equals manufacturer": {"Lenovo", Hints{Manufacturer: "LENOVO"}, "", Junk, ReasonEqualsManufacturer, 0},
		"equals os":           {"Windows", Hints{OS: "Windows"}, "", Junk, ReasonEqualsOS, 0},
		"contains serial":     {"LG-c02zx90aklmn", Hints{Serial: "C02ZX90AKLMN"}, "lg-c02zx90aklmn", Weak, ReasonContainsSerial, 0},
		"contains too little": {"LG-A12", Hints{Serial: "A12"}, "lg-a12", Weak, 0, 0},
		"entities":            {"Lab &amp; Co", Hints{HTML: true}, "lab & co", Weak, 0, 0},
		"punctuation":         {"---", Hints{}, "", Junk, ReasonPunctuation, 0},
		"garbled":             {"Lab \xff", Hints{}, "", Junk, ReasonGarbled, 0},
		"unknown":             {"Unknown", Hints{}, "", Junk, ReasonPlaceholder, 0},
		"sound system":        {"Sound System Aula", Hints{}, "sound system aula", Weak, 0, 0},
		"empty":               {"", Hints{}, "", Absent, 0, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			id := Default().Name(test.raw, test.hints)
			if test.quality == Weak {
				test.reasons |= ReasonAttribute
			}
			assert.Equal(t, test.key, id.Key)
			assert.Equal(t, test.quality, id.Quality)
			assert.Equal(t, test.reasons.Codes(), id.Reasons.Codes())
			assert.Equal(t, test.traits.Codes(), id.Traits.Codes())
		})
	}
	id := Default().Name("Schüler-Tablet 7 (12)", Hints{})
	assert.Equal(t, "Schüler-Tablet 7 (12)", id.Text)
	assert.Equal(t, "schüler-tablet 7 (12)", id.Key)
	assert.Equal(t, "schüler-tablet 7", id.Folded)
}
