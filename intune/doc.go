// Package intune is a client of Microsoft Intune through Microsoft Graph, and a
// tenant as a mdm.Source of its devices.
//
//	client, err := intune.New(intune.Config{
//		TenantID:     "7c1e5a90-4b2d-4f6a-9e83-d05b1a7c6e24", // of the customer
//		ClientID:     "1f0e7c52-93ab-4d18-8c67-2b4a6f1d9035", // of the host's app registration
//		ClientSecret: mdm.NewSecret(os.Getenv("INTUNE_SECRET")),
//	})
//	for page, err := range client.Source().Pages(ctx, mdm.Query{}) { … }
//
// # Authentication
//
// An app registration of the host's signs in to the customer's tenant with a
// secret, with a certificate, or with tokens that the host makes itself. The
// customer gives the tenant ID and consents once: see ConsentRequest. A token
// is made even where nobody consented, and then the first request fails: see
// Source.Check, which tells a missing consent, a missing licence, a missing
// permission and a wrong tenant apart. What a token may do is fixed when it is
// made: call Client.ForgetToken after a consent. Cloud chooses among
// Microsoft's clouds, which share nothing.
//
// # Paging
//
// Each page has a link to the next one, which is followed as it is, to the same
// server only. It goes by name and id, so that a device which is renamed
// meanwhile may come twice or not at all: the former is delivered once, and
// the latter makes the listing incomplete, since the service counts more than
// it sent. A listing that went on after a break is never complete, since what
// came before is not known any more. Large fleets are better read through a report: see Config.Report.
//
// # Rate limits
//
// 2000 requests in 20 seconds and tenant, 200 of them changes, and each request
// inside a batch counts. The client keeps below them by itself. All tenants of
// an app share another limit, for which a host gives its clients one
// transport.Limiter. Applications of single devices and the hardware of single
// devices are limited far below that, nobody knows how far, and have slow
// limiters of their own, which become slower with each refusal: five and ten
// requests in a second. Details of a thousand devices take two minutes, those
// of 40 000 more than an hour: read the details of new and changed devices
// only, or list through a report.
//
// # Errors
//
// All failures are *mdm.Error. The service wraps errors of its parts as texts
// in texts, which are unwrapped for their code and never shown.
//
// # Differences
//
// The stable version v1.0 is asked for everything that it has: lists, changes,
// commands, reports, categories, Autopilot, users. Only the beta version has,
// and is asked for: single devices (their hardware, IP addresses and lost mode),
// the list of a source if nothing particular, lost mode or the way of enrolment
// is wanted, applications of a single device, Apple's enrolment tokens and
// devices, EnableLostMode, Rename, the state of approvals and that of the
// subscription.
//
// A list and a single device are two projections that do not agree in all:
// UDID, ICCID, Ethernet address, memory, IP addresses and notes come with
// single devices only (or with reports, in part), and their defaults elsewhere
// mean nothing. Nothing is ever deleted: Intune takes the deletion of a record
// as the command to retire or even wipe the device.
//
// A filter that the service ignores or refuses is applied here, to the whole
// list if need be. Neither lists nor single devices tell the groups of a
// device: see Client.Groups, which needs permissions of its own.
//
// Devices that Jamf, Exchange, Configuration Manager or Defender manage are
// left out unless Config.AllAgents wants them.
//
// # Unverified
//
// What is marked Unverified in the comments was concluded and not seen;
// docs/endpoints.md lists it. The values inside reports, the limits of
// applications and reports, and the scope of the US Government L5 cloud belong
// to it.
package intune
