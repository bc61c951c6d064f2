package apple_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/internal/apple"
	"github.com/mdmlink/mdmlink/mdm"
)

func TestFamily(t *testing.T) {
	for text, want := range map[string]struct {
		class    mdm.Class
		platform mdm.Platform
	}{
		"iPad12,1": {mdm.ClassTablet, mdm.PlatformIPadOS}, "iPad (9th generation)": {mdm.ClassTablet, mdm.PlatformIPadOS},
		"iPhone": {mdm.ClassPhone, mdm.PlatformIOS}, "iPod touch": {mdm.ClassMediaPlayer, mdm.PlatformIOS},
		"MacBook Air": {mdm.ClassComputer, mdm.PlatformMacOS}, "Mac14,2": {mdm.ClassComputer, mdm.PlatformMacOS},
		"iMac": {mdm.ClassComputer, mdm.PlatformMacOS}, "VirtualMac2,1": {mdm.ClassComputer, mdm.PlatformMacOS},
		"AppleTV5,3": {mdm.ClassTV, mdm.PlatformTVOS}, "Apple TV": {mdm.ClassTV, mdm.PlatformTVOS}, "APPLE_TV": {mdm.ClassTV, mdm.PlatformTVOS},
		"AudioAccessory1,1": {mdm.ClassUnknown, mdm.PlatformTVOS},
		"Watch6,1":          {mdm.ClassWatch, mdm.PlatformWatchOS}, "Apple Watch": {mdm.ClassWatch, mdm.PlatformWatchOS},
		"RealityDevice14,1": {mdm.ClassHeadset, mdm.PlatformVisionOS}, "Apple Vision Pro": {mdm.ClassHeadset, mdm.PlatformVisionOS}, "Vision": {mdm.ClassHeadset, mdm.PlatformVisionOS},
		"": {}, "Apple": {}, "Galaxy Tab": {}, "Surface": {},
	} {
		class, platform := apple.Family("", "unheard of", text)
		assert.Equal(t, want.class, class, text)
		assert.Equal(t, want.platform, platform, text)
	}
	class, _ := apple.Family("iPad", "iPhone")
	assert.Equal(t, mdm.ClassTablet, class, "the first that tells")
}
