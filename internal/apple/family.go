// Package apple knows Apple's product lines.
package apple

import (
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// families are the beginnings of product lines and of model identifiers, in
// lower case and without spaces.
var families = []struct {
	begins   string
	class    mdm.Class
	platform mdm.Platform
}{
	{"ipad", mdm.ClassTablet, mdm.PlatformIPadOS},
	{"iphone", mdm.ClassPhone, mdm.PlatformIOS},
	{"ipod", mdm.ClassMediaPlayer, mdm.PlatformIOS},
	{"mac", mdm.ClassComputer, mdm.PlatformMacOS},
	{"imac", mdm.ClassComputer, mdm.PlatformMacOS},
	{"virtualmac", mdm.ClassComputer, mdm.PlatformMacOS},
	{"appletv", mdm.ClassTV, mdm.PlatformTVOS},
	{"audioaccessory", mdm.ClassUnknown, mdm.PlatformTVOS}, // HomePod
	{"watch", mdm.ClassWatch, mdm.PlatformWatchOS},
	{"applewatch", mdm.ClassWatch, mdm.PlatformWatchOS},
	{"vision", mdm.ClassHeadset, mdm.PlatformVisionOS},
	{"applevision", mdm.ClassHeadset, mdm.PlatformVisionOS},
	{"realitydevice", mdm.ClassHeadset, mdm.PlatformVisionOS},
}

var plain = strings.NewReplacer(" ", "", "_", "")

// Family reads class and platform from the first text that tells: a product
// line such as "Apple TV" or "APPLE_TV", a marketing name such as "iPad (9th
// generation)", or a model identifier such as "iPad12,1". Without one, both
// are unknown.
func Family(texts ...string) (mdm.Class, mdm.Platform) {
	for _, text := range texts {
		text = strings.ToLower(plain.Replace(text))
		for _, f := range families {
			if strings.HasPrefix(text, f.begins) {
				return f.class, f.platform
			}
		}
	}
	return mdm.ClassUnknown, mdm.PlatformUnknown
}
