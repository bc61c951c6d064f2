package ident

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestRulesMAC(t *testing.T) {
	tests := map[string]struct {
		raw, text string
		quality   Quality
		reasons   Reasons
		traits    Traits
	}{
		"local":             {"AA-BB-CC-DD-EE-FF", "aa:bb:cc:dd:ee:ff", Weak, ReasonLocal, 0},
		"dock":              {"9C:EB:E8:01:02:03", "9c:eb:e8:01:02:03", Weak, ReasonDock, 0},
		"random":            {"da:a1:19:00:11:22", "da:a1:19:00:11:22", Weak, ReasonLocal, 0},
		"group":             {"01:00:5e:00:00:01", "01:00:5e:00:00:01", Junk, ReasonGroup, 0},
		"app placeholder":   {"02:00:00:00:00:00", "02:00:00:00:00:00", Junk, ReasonPlaceholder | ReasonLocal, 0},
		"t2":                {"ac:de:48:00:11:22", "ac:de:48:00:11:22", Junk, ReasonInternal, 0},
		"vmnet8":            {"0050.56c0.0008", "00:50:56:c0:00:08", Junk, ReasonAdapter, TraitVirtual},
		"plain":             {"3c5ab4102030", "3c:5a:b4:10:20:30", Strong, 0, 0},
		"base64":            {"PFq0ECAw", "3c:5a:b4:10:20:30", Strong, 0, 0},
		"base64 of a local": {"qrvM3e7/", "qrvM3e7/", Junk, ReasonShape, 0},
		"word":              {"Ethernet", "Ethernet", Junk, ReasonShape, 0},
		"word not found":    {"NotFound", "NotFound", Junk, ReasonShape, 0},
		"hyper-v":           {"00:15:5d:aa:bb:cc", "00:15:5d:aa:bb:cc", Strong, 0, TraitVirtual},
		"vrrp":              {"00:00:5e:00:01:0a", "00:00:5e:00:01:0a", Junk, ReasonRouter, 0},
		"vrrp v6":           {"00:00:5e:00:02:ff", "00:00:5e:00:02:ff", Junk, ReasonRouter, 0},
		"hsrp":              {"00:00:0c:07:ac:11", "00:00:0c:07:ac:11", Junk, ReasonRouter, 0},
		"hsrp v2":           {"00:00:0c:9f:f1:23", "00:00:0c:9f:f1:23", Junk, ReasonRouter, 0},
		"beside hsrp v2":    {"00:00:0c:9f:e1:23", "00:00:0c:9f:e1:23", Strong, 0, 0},
		"glbp":              {"00:07:b4:00:01:02", "00:07:b4:00:01:02", Junk, ReasonRouter, 0},
		"null":              {"00:00:00:00:00:00", "00:00:00:00:00:00", Junk, ReasonPlaceholder, 0},
		"broadcast":         {"FF:FF:FF:FF:FF:FF", "ff:ff:ff:ff:ff:ff", Junk, ReasonPlaceholder, 0},
		"fortinet":          {"00:09:0f:aa:00:01", "00:09:0f:aa:00:01", Junk, ReasonVPN, 0},
		"anyconnect, next":  {"00:05:9a:3c:7a:03", "00:05:9a:3c:7a:03", Junk, ReasonVPN, 0},
		"tap":               {"00:ff:12:34:56:78", "00:ff:12:34:56:78", Junk, ReasonVPN, 0},
		"docker":            {"02:42:ac:11:00:02", "02:42:ac:11:00:02", Junk, ReasonAdapter | ReasonLocal, 0},
		"calico":            {"ee:ee:ee:ee:ee:ee", "ee:ee:ee:ee:ee:ee", Junk, ReasonAdapter | ReasonLocal, 0},
		"qemu":              {"52:54:00:aa:bb:cc", "52:54:00:aa:bb:cc", Weak, ReasonLocal, TraitVirtual},
		"proxmox":           {"bc:24:11:aa:bb:cc", "bc:24:11:aa:bb:cc", Strong, 0, TraitVirtual},
		"proxmox, local":    {"82:b7:7f:aa:bb:cc", "82:b7:7f:aa:bb:cc", Strong, 0, TraitVirtual},
		"one digit":         {"0:1c:42:0:9:a", "00:1c:42:00:09:0a", Strong, 0, TraitVirtual},
		"spaces":            {"3c 5a b4 10 20 30", "3c:5a:b4:10:20:30", Strong, 0, 0},
		"mixed separators":  {"3c:5a-b4:10:20:30", "3c:5a-b4:10:20:30", Junk, ReasonShape, 0},
		"five bytes":        {"3c:5a:b4:10:20", "3c:5a:b4:10:20", Junk, ReasonShape, 0},
		"eight bytes":       {"3c:5a:b4:10:20:30:40:50", "3c:5a:b4:10:20:30:40:50", Junk, ReasonShape, 0},
		"not available":     {"not available", "not available", Junk, ReasonPlaceholder, 0},
		"empty":             {" ", "", Absent, 0, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			id := Default().MAC(test.raw)
			assert.Equal(t, test.text, id.Text)
			assert.Equal(t, test.quality, id.Quality)
			assert.Equal(t, test.reasons.Codes(), id.Reasons.Codes())
			assert.Equal(t, test.traits.Codes(), id.Traits.Codes())
			if id.Usable() {
				assert.Equal(t, strings.ReplaceAll(id.Text, ":", ""), id.Key)
			}
		})
	}
}

func TestRulesMACListed(t *testing.T) {
	junk := strings.Fields(`
		fe:ff:ff:ff:ff:ff 44:45:53:54:00:00 44:45:53:54:00:01 44:45:53:54:61:6f 50:50:54:50:30:30
		33:50:6f:45:30:30 24:b6:20:52:41:53 20:41:53:59:4e:ff 02:00:4e:43:50:49 02:50:41:00:00:01
		00:05:9a:3c:7a:00 00:09:0f:fe:00:01 02:00:4c:4f:4f:50 e2:e6:16:20:0a:35 d2:0a:2d:a0:04:be
		d2:6b:25:2f:2c:e7 00:a0:c6:00:00:00 02:80:37:ec:02:00 0a:00:27:00:00:00 00:50:56:c0:00:01
		00:50:56:c0:00:02 00:50:56:c0:00:03 00:50:56:c0:00:04 00:0b:ca:fe:00:00 00:0b:ca:fe:00:01
		00:01:02:7d:9b:1c 00:08:a1:46:06:35 00:08:a1:66:e2:1a 00:09:dd:10:37:68 00:0f:ea:9a:e2:f0
		00:10:5a:72:71:f3 00:11:11:85:08:8b 10:11:11:11:11:11 56:84:7a:fe:97:99 00:e0:4c:68:2d:3d
		02:50:56:3f:00:00 02:00:00:00:00:0a 02:00:00:00:00:0b`)
	for _, raw := range junk {
		assert.Equal(t, Junk, Default().MAC(raw).Quality, raw)
	}
	virtual := strings.Fields(`00:50:56 00:0c:29 00:05:69 00:1c:14 08:00:27 00:15:5d 00:16:3e 52:54:00 00:1c:42 bc:24:11`)
	for _, prefix := range virtual {
		id := Default().MAC(prefix + ":a1:b2:c3")
		assert.True(t, id.Traits.Has(TraitVirtual), prefix)
		assert.GreaterOrEqual(t, id.Quality, Weak, prefix)
	}
	docks := strings.Fields(`
		00:0e:c6 20:7b:d2 c8:a3:62 cc:47:92 f8:e4:3b 00:e0:4c 00:50:b6 8c:ae:4c 9c:eb:e8 0c:37:96 ac:00:f9
		00:24:9b 00:05:1b 00:0f:9d 6c:a9:36 64:4b:f0 f4:4d:ad e8:ea:6a 4c:56:df 6c:1f:f7 3c:18:a0 10:82:86
		60:6d:3c 60:7d:09 e8:95:26 00:30:bd 30:23:03 58:ef:68 c4:41:1e d8:ec:5e`)
	for _, prefix := range docks {
		id := Default().MAC(prefix + ":a1:b2:c3")
		assert.Equal(t, Weak, id.Quality, prefix)
		assert.Equal(t, ReasonDock, id.Reasons, prefix)
	}
}

func TestRulesMACs(t *testing.T) {
	keys := func(raw string) []string {
		var all []string
		for _, id := range Default().MACs(raw) {
			all = append(all, id.Text)
		}
		return all
	}
	assert.Nil(t, Default().MACs("  "))
	assert.Equal(t, []string{"3c:5a:b4:10:20:30"}, keys("3c 5a b4 10 20 30"))
	assert.Equal(t, []string{"3c:5a:b4:10:20:30", "9c:eb:e8:01:02:03", "n/a"},
		keys("3c5ab4102030, 3C-5A-B4-10-20-30;9CEBE8010203\n n/a | n/a"))
	long := Default().MACs(strings.Repeat("3c5ab4102030,", 300))
	assert.Len(t, long, 1, "300 times the same")
	assert.Equal(t, Strong, long[0].Quality)
	tooLong := Default().MACs(strings.Repeat("3c5ab4102030,", 400))
	assert.Len(t, tooLong, 1)
	assert.Equal(t, ReasonTooLong, tooLong[0].Reasons)
}
