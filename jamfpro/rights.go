package jamfpro

import (
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// right is what a request needs in the API role. The table is the one source
// of Settings, of the advice in errors and of Check.
type right struct {
	op      string // of the request
	ability mdm.Ability
	what    string   // of the ability, such as a command's name; "" = all of it
	names   []string // privileges, as the console calls them
}

// Names of the operations that need rights. The name of a command's operation
// is made of the command and of the sort of device.
const (
	opComputers     = "computers"
	opMobileDevices = "mobile devices"
	opBuildings     = "buildings"
	opDepartments   = "departments"
	opSites         = "sites"
	opComputerGroup = "computer groups"
	opMobileGroup   = "mobile device groups"
	opMembers       = "group members"
	opEnrollments   = "device enrollments"
	opSetComputer   = "set computer"
	opSetMobile     = "set mobile device"
	opCommands      = "commands"
	opCommand       = "command " // and the protocol's name of it
	opBlankPush     = "blank push"
	onComputer      = " computer"
	onMobile        = " mobile device"
)

const (
	readComputers = "Read Computers"
	readMobile    = "Read Mobile Devices"
	viewCommands  = "View MDM command information in Jamf Pro API"
	sendCommands  = "Send MDM command information in Jamf Pro API"
)

// rights is the table.
//
// Source: reference/jamfpro.md 2, 5.3
var rights = slices.Concat([]right{
	{opComputers, mdm.AbilityList, "computers", []string{readComputers}},
	{opMobileDevices, mdm.AbilityList, "mobile devices", []string{readMobile}},
	{opComputers, mdm.AbilityBatch, "computers", []string{readComputers}},
	{opMobileDevices, mdm.AbilityBatch, "mobile devices", []string{readMobile}},
	{opBuildings, mdm.AbilityList, string(mdm.KeyBuilding), []string{"Read Buildings"}},
	{opDepartments, mdm.AbilityList, string(mdm.KeyDepartment), []string{"Read Departments"}},
	{opSites, mdm.AbilitySites, "", []string{"Read Sites"}},
	{opSites, mdm.AbilityList, string(mdm.KeySiteName), []string{"Read Sites"}},
	{opComputerGroup, "", "", []string{"Read Smart Computer Groups", "Read Static Computer Groups"}},
	{opMobileGroup, "", "", []string{"Read Smart Mobile Device Groups", "Read Static Mobile Device Groups"}},
	{opMembers, "", "", []string{"Read Smart Mobile Device Groups", "Read Static Mobile Device Groups", readMobile}},
	{opEnrollments, mdm.AbilityHealth, "device enrolment tokens", []string{"Read Device Enrollment Program Instances"}},
	{opComputers, mdm.AbilityCheck, "computers", []string{readComputers}},
	{opMobileDevices, mdm.AbilityCheck, "mobile devices", []string{readMobile}},
	{opComputers, mdm.AbilitySoftware, "computers", []string{readComputers}},
	{opMobileDevices, mdm.AbilitySoftware, "mobile devices", []string{readMobile}},
	{opSetComputer, mdm.AbilityWrite, "computers", []string{"Update Computers"}},
	{opSetMobile, mdm.AbilityWrite, "mobile devices", []string{"Update Mobile Devices"}},
	{opCommands, "", "", []string{viewCommands}},
	{opBlankPush, "", "", []string{viewCommands, "Send Blank Pushes to Mobile Devices"}},
}, commandRights())

// commandRights are the privileges of commands. Which of the names belongs to
// which command is a reading of theirs, except for wipe and retire.
func commandRights() []right {
	command := func(c mdm.Command, on string, names ...string) right {
		return right{c.Name() + on, mdm.AbilityCommand, c.Name(), names}
	}
	queued := func(c mdm.Command, on, name string) right {
		return command(c, on, viewCommands, sendCommands, name)
	}
	const lost = "Send Mobile Device Lost Mode Command"
	return []right{
		queued(mdm.Lock{}, onComputer, "Send Computer Remote Lock Command"),
		queued(mdm.Lock{}, onMobile, "Send Mobile Device Remote Lock Command"),
		command(mdm.Wipe{}, onComputer, "Send Computer Remote Wipe Command"),
		command(mdm.Wipe{}, onMobile, "Send Mobile Device Remote Wipe Command"),
		command(mdm.ClearPasscode{}, onMobile, readMobile, viewCommands, sendCommands, "Send Mobile Device Remove Passcode Command"),
		queued(mdm.Restart{}, onComputer, "Send Computer Restart Command"),
		queued(mdm.Restart{}, onMobile, "Send Mobile Device Restart Device Command"),
		queued(mdm.ShutDown{}, onComputer, "Send Computer Shut Down Command"),
		queued(mdm.ShutDown{}, onMobile, "Send Mobile Device Shut Down Command"),
		queued(mdm.Refresh{}, onComputer, "Send Device Information Command"),
		command(mdm.Refresh{}, onMobile, "Create Mobile Devices", "Send Inventory Requests to Mobile Devices"),
		command(mdm.Retire{}, onComputer, "Send Computer Unmanage Command"),
		command(mdm.Retire{}, onMobile, "Unmanage Mobile Devices"),
		queued(mdm.EnableLostMode{}, onMobile, lost),
		queued(mdm.DisableLostMode{}, onMobile, lost),
		command(mdm.Rename{}, onMobile, "Update Mobile Devices", "Send Mobile Device Set Device Name Command"),
	}
}

// rightsOf returns the privileges that an operation needs.
func rightsOf(op string) []string {
	if strings.HasPrefix(op, opCommand) {
		return []string{viewCommands, sendCommands}
	}
	for _, r := range rights {
		if r.op == op {
			return r.names
		}
	}
	return nil
}

// permissions is the table per ability.
func permissions() []mdm.Permission {
	var table []mdm.Permission
	for _, r := range rights {
		for _, name := range r.names {
			p := mdm.Permission{Ability: r.ability, For: r.what, Right: name}
			if r.ability != "" && !slices.Contains(table, p) {
				table = append(table, p)
			}
		}
	}
	return table
}
