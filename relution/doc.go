// Package relution is a client of Relution, from 4.x to 26.x, and a tenant of
// it as a mdm.Source of its devices.
//
//	client, err := relution.New(relution.Config{
//		Address: "relution.example.de",
//		Tenant:  "3B9D5A10-77C2-4E61-9F0B-6A1D0C2E4F88",
//		Token:   mdm.NewSecret(os.Getenv("RELUTION_TOKEN")),
//	})
//	for page, err := range client.Source().Pages(ctx, mdm.Query{}) { … }
//
// # Authentication
//
// An access token of a user goes along with every request. It has the rights
// of that user, who belongs to one organisation, his home. It cannot be
// renewed, only replaced, and may expire: see Config.Expires. After a 401 the
// client makes no further request with the token, since servers lock out an
// address that repeats it.
//
// # Tenants
//
// An organisation is chosen with each request, by Config.Tenant. Without it,
// the server answers for the token's home, which is another school if the user
// was made in the wrong place. A listing that holds a device of another
// organisation than the configured one is mdm.ErrWrongTenant, and so is a
// tenant that the token does not reach.
//
// # Paging
//
// Lists are paged by offset and sorted by UUID. Pages overlap by one device,
// so that a list that moved is noticed; it is read again, and what was skipped
// comes then. A listing is complete only if the server's count proves it. Some
// servers count no more than the page: where all seems to be on the first page,
// the client looks once whether more follows. A list in the client's own types
// ends with an error if it did not hold still or is not as long as the server
// counts.
//
// # Rate limits
//
// None is documented. Two requests a second with a burst of four are known to
// be borne: transport.Rate(20, 10*time.Second, 4) as Config.Transport.Limiter.
// At most two requests are in flight unless configured otherwise. The cloud
// allows 50 commands for a device and day; a refresh is one of them.
//
// # Errors
//
// All failures are *mdm.Error. An error may come with status 200, and a web
// page instead of one. A 404 means an unknown path, tenant or object; what can
// be found out about it is asked for.
//
// # Differences
//
// Releases serve their API under three paths. The client finds out which one
// when it is first used, and again when a 404 looks like an upgrade. Config
// fixes the path, the way of listing and every single address. The list lacks
// UDID, Bluetooth address, storage, passcode and apps, which take a request
// for each device: DevicesOptions.Details and Source.Device. What is not Apple
// may have no serial number or a wrong one.
//
// # Unverified
//
// There is no readable reference for the whole API. What is marked Unverified
// in the comments was concluded and not seen; docs/endpoints.md lists it.
package relution
