// Package jamfschool is a client of Jamf School (formerly ZuluDesk), and the
// organisation as a mdm.Source.
//
//	client, err := jamfschool.New(jamfschool.Config{
//		Domain:    "school.jamfcloud.com",
//		NetworkID: "12345678",
//		Key:       mdm.NewSecret(os.Getenv("JAMFSCHOOL_KEY")),
//	})
//	for device, err := range client.Devices(ctx, nil) { … }
//
// # Authentication
//
// Every request carries the network ID and an API key as HTTP Basic
// credentials; there is no token. Keys do not expire. A key has rights by HTTP
// method: Read for GET, Add for POST, Edit for PUT, Delete for DELETE. Reading
// needs Read alone; commands and writing asset tags are POST requests and need
// Add. A missing right is mdm.ErrPermissionMissing and names it.
//
// # Paging
//
// There is none: one answer holds all devices. It is read as a stream, so that
// memory does not grow with the fleet. An answer that breaks off is asked for
// again and goes on behind what was delivered.
//
// # Rate limits
//
// None is documented. The default is 5 requests a second and 4 at a time.
//
// # Errors
//
// All failures are *mdm.Error. An error may come inside an answer of status
// 200. A write that is answered with a failure of the server, or with what
// cannot be read, is mdm.ErrOutcomeUnknown: read the device before trying
// again. A 404 in plain text means that the route does not exist (wrong domain,
// or a proxy that removed the protocol header), never that a device is gone:
// that one is JSON.
//
// # Differences
//
// Lists and details describe a device with different keys and types, and tell
// different things: see Device. Types have changed over the years without a
// change of version, so decoding accepts every form that was seen. isManaged
// means that a device checked in lately; a device that is listed is enrolled.
// Location 0 is a location. Times in lists name no zone: see Config.Zone.
//
// Missing in this API: lock, lost mode, rename, a passcode cleared without a
// restart, and the result of a command.
//
// # Unverified
//
// What is marked Unverified in the comments of methods was concluded and not
// seen; docs/endpoints.md lists it. The time zone of lists, what pending
// devices look like, and whether a check of rights comes before the look for
// the device belong to it too.
package jamfschool
