package jamfschool

import (
	"context"
	"iter"

	"github.com/mdmlink/mdmlink/jamfschool/internal/wire"
)

// Profile is a configuration profile. Which devices have it cannot be read
// through the API.
//
// Source: reference/jamfschool.md 2.6
type Profile struct {
	ID          int64
	LocationID  int64
	Type        string
	Status      string
	Identifier  string
	Name        string
	Description string
	Platform    string // "iOS", "macOS", "tvOS", "universal"
}

// LibraryApp is an app of the organisation's library, with its licences.
type LibraryApp struct {
	ID         int64 // Jamf School's, not the App Store's
	LocationID int64
	BundleID   string
	Name       string
	Vendor     string
	Version    string
	Platform   string
	AdamID     int64 // the App Store's id; 0 = an app of the organisation's own
	Licences   int64 // bought; 0 = none, or not bought through Apple
	Used       int64
}

// Profiles lists the configuration profiles. An error is the last element.
//
//mdm:endpoint GET /profiles
func (c *Client) Profiles(ctx context.Context) iter.Seq2[Profile, error] {
	return list(ctx, c, "profiles", "/profiles", nil, newProfile, "profiles")
}

// Profile reads one configuration profile.
//
//mdm:endpoint GET /profiles/{id}
func (c *Client) Profile(ctx context.Context, id int64) (Profile, error) {
	return one(ctx, c, "profile", "/profiles/"+formatID(id), newProfile, "")
}

// LibraryApps lists the apps of the organisation's library. An error is the
// last element.
//
//mdm:endpoint GET /apps
func (c *Client) LibraryApps(ctx context.Context) iter.Seq2[LibraryApp, error] {
	return list(ctx, c, "library apps", "/apps", nil, newLibraryApp, "apps")
}

// LibraryApp reads one app of the library.
//
//mdm:endpoint GET /apps/{id}
func (c *Client) LibraryApp(ctx context.Context, id int64) (LibraryApp, error) {
	return one(ctx, c, "library app", "/apps/"+formatID(id), newLibraryApp, "")
}

func newProfile(w wire.Profile) Profile {
	return Profile{ID: w.ID.N, LocationID: w.LocationID.N, Type: clean(w.Type), Status: clean(w.Status),
		Identifier: clean(w.Identifier), Name: clean(w.Name), Description: clean(w.Description), Platform: clean(w.Platform)}
}

func newLibraryApp(w wire.Managed) LibraryApp {
	return LibraryApp{ID: w.ID.N, LocationID: w.LocationID.N, BundleID: clean(w.BundleID), Name: clean(w.Name),
		Vendor: clean(w.Vendor), Version: clean(w.Version), Platform: clean(w.Platform), AdamID: w.AdamID.N,
		Licences: w.Total.N, Used: w.Used.N}
}
