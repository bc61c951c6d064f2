package jamfpro

import (
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/internal/permissions"
	"github.com/mdmlink/mdmlink/mdm"
)

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

// rights is what requests need in the API role.
//
// Source: reference/jamfpro.md 2, 5.3
var rights = slices.Concat(permissions.Table{
	permissions.Need(opComputers, mdm.AbilityList, "computers", readComputers),
	permissions.Need(opMobileDevices, mdm.AbilityList, "mobile devices", readMobile),
	permissions.Need(opComputers, mdm.AbilityBatch, "computers", readComputers),
	permissions.Need(opMobileDevices, mdm.AbilityBatch, "mobile devices", readMobile),
	permissions.Need(opBuildings, mdm.AbilityList, string(mdm.KeyBuilding), "Read Buildings"),
	permissions.Need(opDepartments, mdm.AbilityList, string(mdm.KeyDepartment), "Read Departments"),
	permissions.Need(opSites, mdm.AbilitySites, "", "Read Sites"),
	permissions.Need(opSites, mdm.AbilityList, string(mdm.KeySiteName), "Read Sites"),
	permissions.Need(opComputerGroup, "", "", "Read Smart Computer Groups", "Read Static Computer Groups"),
	permissions.Need(opMobileGroup, "", "", "Read Smart Mobile Device Groups", "Read Static Mobile Device Groups"),
	permissions.Need(opMembers, "", "", "Read Smart Mobile Device Groups", "Read Static Mobile Device Groups", readMobile),
	permissions.Need(opEnrollments, mdm.AbilityHealth, "device enrolment tokens", "Read Device Enrollment Program Instances"),
	permissions.Need(opComputers, mdm.AbilityCheck, "computers", readComputers),
	permissions.Need(opMobileDevices, mdm.AbilityCheck, "mobile devices", readMobile),
	permissions.Need(opComputers, mdm.AbilitySoftware, "computers", readComputers),
	permissions.Need(opMobileDevices, mdm.AbilitySoftware, "mobile devices", readMobile),
	permissions.Need(opSetComputer, mdm.AbilityWrite, "computers", "Update Computers"),
	permissions.Need(opSetMobile, mdm.AbilityWrite, "mobile devices", "Update Mobile Devices"),
	permissions.Need(opCommands, "", "", viewCommands),
	permissions.Need(opBlankPush, "", "", viewCommands, "Send Blank Pushes to Mobile Devices"),
}, commandRights())

// commandRights are the privileges of commands. Which of the names belongs to
// which command is a reading of theirs, except for wipe and retire.
func commandRights() permissions.Table {
	command := func(c mdm.Command, on string, names ...string) permissions.Right {
		return permissions.Need(c.Name()+on, mdm.AbilityCommand, c.Name(), names...)
	}
	queued := func(c mdm.Command, on, name string) permissions.Right {
		return command(c, on, viewCommands, sendCommands, name)
	}
	const lost = "Send Mobile Device Lost Mode Command"
	return permissions.Table{
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
	return rights.Of(op)
}
