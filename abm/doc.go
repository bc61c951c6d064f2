// Package abm is a client of the organisation API of Apple Business Manager and
// Apple School Manager, and the organisation as a mdm.Source of the devices
// that it owns.
//
//	client, err := abm.New(abm.Config{
//		ClientID: "BUSINESSAPI.3d1c7a52-8f0e-4b6a-9c11-2e5f7a9b0c4d",
//		KeyID:    "7b2e9c10-4d5f-4a61-8e77-0c1d2e3f4a5b",
//		Key:      mdm.NewSecret(string(pemFile)),
//	})
//	for page, err := range client.Source().Pages(ctx, mdm.Query{}) { … }
//
// It sees every device of the organisation, whatever server it is assigned to,
// and does not disturb any device management. Package abm/ade is the other
// interface of Apple's, which sees the devices of one server and needs a server
// token.
//
// # Authentication
//
// An API account signs a short-lived claim with its private key and gets a
// token for an hour. The key is asked for with each token, so that it may
// rotate. Keys have no known expiry. The prefix of the client ID says whether
// the organisation is one of business or of school. What the account may do
// depends on its role: mdm.ErrPermissionMissing says what is too much for it.
//
// # Paging
//
// Lists go from cursor to cursor, with 1000 records in a page. Apple cuts
// connections in long listings; a page is then read again at its own cursor. A
// list is no snapshot: what comes twice is given once, and a listing whose
// number Apple counts differently is not complete.
//
// # Rate limits
//
// Apple publishes none. The default is about 20 requests a minute and 4 at a
// time, in bursts of 5. The limit seems to be shared by all API accounts of the
// organisation and by its device management.
//
// # Errors
//
// All failures are *mdm.Error. A write that broke off is mdm.ErrOutcomeUnknown
// and never repeated: read the state of the devices. Assignments are carried
// out later, and one that is completed may have failed: see Activity.Outcome.
//
// # Differences
//
// A released device is missing in lists and can be read for some time. Devices
// that were added by hand have a made-up order, which is left out of records.
// There is no device name, no user and no last contact. MAC and IMEI attributes
// are a text or an array, depending on the version. The server that a device is
// assigned to, and more that mdm has no attribute for, stand in Record.Custom:
// see CustomServer. Which device took the place of another is not told, only
// that it did: see CustomReleasedBy and AuditEvent.Replaced. Users, groups,
// events, Apple's own device management, and all changes to server entries are
// in Apple Business Manager only, and refused for a school without a request.
//
// # Unverified
//
// What is marked Unverified in the comments of methods was concluded and not
// seen, or seen by one source; docs/endpoints.md lists it. The columns of the
// result log and the roles that an API account can have belong to it too.
package abm
