// Package intunetest is a fake tenant of Microsoft Intune for tests and
// examples.
//
// It is written from what is known about the API and not from any client, so
// that a client's mistake is not repeated on this side. It plays the login
// service, Microsoft Graph v1.0 and beta, and the store of export files, serves
// a synthetic district (package fleet), keeps state, and is strict.
//
//	f := intunetest.New(nil)
//	// f.TenantID, f.ClientID and f.ClientSecret are the credentials;
//	// f.Transport() answers for the hosts of all clouds.
//
// # Pointing a client at it
//
// With [Fake.Transport] as its http.RoundTripper a client keeps the addresses
// of Microsoft: the fake tells the services and the clouds apart by the host.
// [NewServer] listens on a port of this machine, where the path tells them
// apart: the server's URL is both the root of the login service, in place of
// https://login.microsoftonline.com, and that of Graph, in place of
// https://graph.microsoft.com. There all clouds are one, and the scope may be
// URL/.default. Next links, links to export files and error_uri begin with the
// host that was asked. Any other host is a violation and 404.
//
// # State
//
// All devices of the district are managed devices, with [Fake.IDs] in its
// order. Its people are users, its schools device categories, its groups
// groups of Entra ID, its PCs Autopilot identities, and its Apple devices that
// were enrolled automatically, stock included, imported Apple identities of
// one enrolment token. If the district has flaws the fake adds those of
// Intune: junk serials of PCs, UPNs with a GUID in front, personal iPhones
// whose azureADDeviceId is their own id. [Fake.Add], [Fake.Remove],
// [Fake.Rename], [Fake.SetKind], [Fake.SetOwner] and [Fake.SetAgent] change
// the devices. Actions are only queued; [Fake.Settle] lets the devices carry
// them out.
//
// # Time
//
// The fake's present begins with the district's and goes on as time goes on,
// faster with Fake.Advance. Tokens, limits, export jobs and links go by it,
// and each answer has a Date header that tells it. Only the times inside a
// client assertion are compared with the clock of this machine.
//
// # Limits
//
// The published limits are enforced in windows that slide: 2000 requests in
// 20 seconds, 200 of them writes, and so on for each [Limit]. They are counted
// for each app, and for all apps together with twice the number;
// [Fake.SetLimit] changes them.
//
// # Strictness
//
// What the API does not allow is noted and returned by [Fake.Violations]: an
// unknown property in $select, a filter that is not supported, $skip,
// $orderby, a page-size above the maximum, a next link that was changed, a
// missing Accept header, a wrong Content-Type, a wrong scope, DELETE, an action
// that the device's platform does not have, a bearer token sent to the store
// of export files. Such a request is answered as the real service would where
// that is known. A test that talks to the fake should end with a look at the
// violations.
//
// # Trouble
//
// [Fake.SetRights], [Fake.Revoke], [Fake.Withdraw], [Fake.ExpireSecret] and
// [Fake.SetLicensed] take permissions, apps, consent, secrets and the licence
// away, [Fake.DropTokens] ends tokens, [Fake.SetConsent] makes administrators
// decline, [Fake.SetApproval] asks for another administrator,
// [Fake.SetPageSize] and [Fake.SetOverlap] make pages small and repeat
// devices, [Fake.StickExports], [Fake.FailExports] and [Fake.PlantExport]
// spoil exports, [Fake.FailInner] and [Wire] spoil batches and links,
// [Fake.Plant] and [Fake.PlantDetail] put damaged records among the good ones,
// and [Fake.Faults] makes the connection misbehave.
//
// # Guesses
//
// Where nothing is known about the real service the fake had to choose. A
// filter on a property that has none is 400 and one on skuFamily is ignored;
// $top above 1000 is cut; a query option or a property of a body that is not
// known is 400, and so is a wrong Content-Type. A call without the permission
// is 401 if the token has no role at all and else 403. Operators of contains
// and eq ignore case. An @odata.id names the same cloud and version as the
// request. The deviceManagement entity says that the subscription is active,
// whatever it is. For which devices executeAction scans, notifies and
// deprovisions is a guess; it deletes as DELETE does. An entry of deviceActionResults is kept for each action
// that was sent, and only items show them. An Apple TV can be synchronised and
// nothing else. Pages of detected apps have 50, of Entra objects 100 entities.
// LimitDeviceApps is the limit of a guess. A missing justification is 403
// Forbidden. The names, columns and units of the reports other than the
// headings of DevicesWithInventory, the errors of the store of export files,
// the messages and most codes of login errors, the texts of OData errors, and
// the value of lastSyncErrorCode of an expired token are made up.
// So are the document of OpenID Connect discovery and that openid,
// offline_access and profile may stand beside the scope: libraries need them.
// Delta queries of Entra ID are missing.
package intunetest
