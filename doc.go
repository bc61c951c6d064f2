// Package mdmlink connects asset-management back ends with the mobile device
// management (MDM) systems of their customers. It holds no code of its own;
// this page is the map of the house.
//
// # Vocabulary
//
// [github.com/mdmlink/mdmlink/mdm] says what a device, a listing, a command
// and an error are, whoever the vendor is. Its child mdm/ident reads and
// judges identifiers (serial numbers, MAC addresses, IMEIs, UUIDs), and
// mdm/transport holds the HTTP manners that every client shares.
//
// # Systems
//
// One package per system: jamfschool, jamfpro, relution, intune, and abm with
// abm/ade for Apple Business Manager and Apple School Manager. Each is a typed
// client, and each gives an mdm.Source. Package vendors knows them all, with
// the settings form of each, and opens a Source from the values that a person
// typed.
//
// # Matching and syncing
//
// Package match decides, without any input or output, which device is which
// object of an inventory. Package inventory plans and carries out a sync
// into whatever database the host application has, through one interface
// that the host implements.
//
// # Trying it
//
// The examples module beside this one holds programs that run against fake
// servers: start with examples/quickstart.
package mdmlink
