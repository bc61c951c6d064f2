// Package jamfpro is a client of Jamf Pro, and the server as a mdm.Source of
// its computers and mobile devices.
//
//	client, err := jamfpro.New(jamfpro.Config{
//		Address:      "school.jamfcloud.com",
//		ClientID:     "7c1f0c2e-5b1d-4c9a-8a53-0c7a4f1b2d3e",
//		ClientSecret: mdm.NewSecret(os.Getenv("JAMFPRO_SECRET")),
//	})
//	for page, err := range client.Source().Pages(ctx, mdm.Query{}) { … }
//
// # Authentication
//
// An API client signs in with its ID and secret and gets a token, which lives
// for a minute unless configured otherwise and cannot be renewed, only
// replaced. The secret is asked for with each new token, so that it may rotate.
// A local account with a password works too; its tokens are kept alive without
// the password. The API role decides on rights: reading needs Read Computers
// and Read Mobile Devices and nothing else. A missing right is
// mdm.ErrPermissionMissing and is named; see Settings for the table.
//
// The Jamf Platform Gateway is another product and refused.
//
// # Paging
//
// Lists are paged by offset. This client sorts by id, reads several pages at a
// time, and reads a list again in which something moved: what was skipped comes
// then. A listing is complete only if the server's count proves it. A page
// that the server cannot make is read in smaller parts, so that a damaged
// record costs nothing but itself.
//
// # Rate limits
//
// None is documented. The vendor asks for at most 5 connections, which is the
// default and the most that can be configured. Clients of one server should
// share a transport.Limiter.
//
// # Errors
//
// All failures are *mdm.Error. Answers without JSON come from what stands
// before the server. A 500 to a command may mean that the server does not know
// the id: mdm.ErrOutcomeUnknown.
//
// # Differences
//
// Computers have four generations of one endpoint, of which the newest that
// the server has is used; mobile devices come in four shapes (a list, its long
// form, a single device, a member of a group). Their keys differ, and Device
// joins them. Sections that were not asked for are not reported, which is not
// the same as empty. Computers name building and department by id only; the
// names are looked up if they are wanted. Ids are numbers that repeat between
// computers and mobile devices, and so "computer:12" is not "mobile:12".
//
// # Unverified
//
// What is marked Unverified in the comments was concluded and not seen;
// docs/endpoints.md lists it. Which privilege belongs to which command, whether
// an empty text clears a field, and how large a megabyte is belong to it too.
package jamfpro
