package fleet

// model is a product that schools buy.
type model struct {
	line, name, identifier string
	platform               Platform
	class                  Class
	chip                   string // what the UDID begins with, see builder.udid
	os                     []string
	capacity               []int64 // GiB as reported, which is less than on the box
	old                    bool    // serial of twelve characters
	color                  []string
}

var (
	gray   = []string{"Space Gray", "Silver"}
	plain  = []string{"Silver"}
	black  = []string{"Black"}
	small  = []int64{25, 57, 119}
	medium = []int64{57, 119, 238}
	large  = []int64{228, 460}
)

// The products, by the fields of Mix.
var (
	iPads = []model{
		{"iPad", "iPad (6th Generation) (WiFi)", "iPad7,5", IPadOS, Tablet, "", []string{"17.7.3", "17.7.10"}, small, true, gray},
		{"iPad", "iPad (8th Generation) (WiFi)", "iPad11,6", IPadOS, Tablet, "00008020", []string{"18.3.2", "18.6.0", "26.2"}, small, true, gray},
		{"iPad", "iPad (9th Generation) (WiFi)", "iPad12,1", IPadOS, Tablet, "00008030", []string{"18.6.0", "26.2", "26.3.1"}, medium, false, gray},
		{"iPad", "iPad (10th Generation) (WiFi)", "iPad13,18", IPadOS, Tablet, "00008101", []string{"26.2", "26.3.1"}, medium, false, gray},
	}
	cellularIPads = []model{
		{"iPad", "iPad (9th Generation) (Cellular)", "iPad12,2", IPadOS, Tablet, "00008030", []string{"18.6.0", "26.2"}, medium, false, gray},
		{"iPad", "iPad (10th Generation) (Cellular)", "iPad13,19", IPadOS, Tablet, "00008101", []string{"26.2", "26.3.1"}, medium, false, gray},
	}
	macBooks = []model{
		{"MacBook Air", "MacBook Air (M1, 2020)", "MacBookAir10,1", MacOS, Laptop, "mac", []string{"14.8.0", "15.7.2"}, large, true, gray},
		{"MacBook Air", "MacBook Air (M2, 2022)", "Mac14,2", MacOS, Laptop, "mac", []string{"15.7.2", "26.3.0"}, large, false, gray},
		{"MacBook Pro", "MacBook Pro (14-inch, 2023)", "Mac14,9", MacOS, Laptop, "mac", []string{"15.7.2", "26.3.0"}, large, false, gray},
	}
	iMacs = []model{
		{"iMac", "iMac (24-inch, M1, 2021)", "iMac21,2", MacOS, Desktop, "mac", []string{"14.8.0", "15.7.2"}, large, true, plain},
		{"iMac", "iMac (24-inch, M3, 2023)", "Mac15,4", MacOS, Desktop, "mac", []string{"15.7.2", "26.3.0"}, large, false, plain},
	}
	appleTVs = []model{
		{"Apple TV", "Apple TV HD", "AppleTV5,3", TVOS, TVBox, "", []string{"18.5", "26.2"}, []int64{24}, true, black},
		{"Apple TV", "Apple TV 4K (3rd Generation)", "AppleTV14,1", TVOS, TVBox, "00008110", []string{"26.2", "26.3"}, []int64{53}, false, black},
	}
	iPhones = []model{
		{"iPhone", "iPhone SE (3rd Generation)", "iPhone14,6", IOS, Phone, "00008110", []string{"18.6.0", "26.3.1"}, medium, false, black},
		{"iPhone", "iPhone 13", "iPhone14,5", IOS, Phone, "00008110", []string{"26.3.1"}, medium, false, black},
	}
	windowsPCs = []model{
		{"Learnbook", "Learnbook 14 G2", "LB14-G2", Windows, Laptop, "mac", []string{"10.0.22631.4890", "10.0.26100.3476"}, large, false, black},
		{"Deskbox", "Deskbox Mini", "DBM-100", Windows, Desktop, "mac", []string{"10.0.26100.3476"}, large, false, black},
	}
	androidTablets = []model{
		{"Learntab", "Learntab A9", "LT-A9", Android, Tablet, "mac", []string{"14", "15"}, small, false, black},
	}
)

// The apps by platform. Devices share these lists.
var (
	tabletApps = []App{
		{"Pages", "Apple", "com.apple.Pages", "14.4"},
		{"Numbers", "Apple", "com.apple.Numbers", "14.4"},
		{"Keynote", "Apple", "com.apple.Keynote", "14.4"},
		{"GarageBand", "Apple", "com.apple.mobilegarageband", "2.3.18"},
		{"Leselupe", "Example Verlag", "com.example.leselupe", "3.2.1"},
		{"Vokabelkiste", "Example Verlag", "com.example.vokabeln", "5.0"},
		{"Rechenhof", "Sample Learning", "org.example.rechenhof", "1.9.4"},
		{"Sternkarte", "Sample Learning", "org.example.stars", "2.0.0"},
	}
	macApps = []App{
		{"Pages", "Apple", "com.apple.iWork.Pages", "14.4"},
		{"Xcode", "Apple", "com.apple.dt.Xcode", "16.4"},
		{"Notenblatt", "Example Verlag", "com.example.noten", "7.1"},
		{"Bildwerk", "Sample Learning", "org.example.bildwerk", "4.12"},
	}
	otherApps = []App{
		{"Leselupe", "Example Verlag", "com.example.leselupe", "3.1.0"},
		{"Rechenhof", "Sample Learning", "org.example.rechenhof", "1.9.2"},
	}
)

// apps returns what is installed on the n-th device of a platform.
func apps(p Platform, n int) []App {
	switch p {
	case IPadOS, IOS:
		return tabletApps[:2+n%(len(tabletApps)-1)]
	case MacOS:
		return macApps[:1+n%len(macApps)]
	case Windows, Android:
		return otherApps
	}
	return nil
}
