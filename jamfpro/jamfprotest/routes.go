package jamfprotest

import (
	"fmt"
	"net/http"
)

var (
	paging       = []string{"page", "page-size", "sort"}
	filtered     = append([]string{"filter"}, paging...)
	sectioned    = append([]string{"section"}, filtered...)
	mobileDetail = append([]string{"exception-handling"}, sectioned...)
	none         = version{}
)

// routes has literal paths in front of those that would swallow them. It is
// filled by init, as the operations themselves look at it.
var routes []route

func init() {
	routes = append(routes, authRoutes()...)
	for gen := 1; gen <= 4; gen++ {
		routes = append(routes, computerRoutes(gen)...)
	}
	routes = append(routes, mobileRoutes()...)
	routes = append(routes, lookupRoutes()...)
	routes = append(routes, groupRoutes()...)
	routes = append(routes, enrolmentRoutes()...)
	routes = append(routes, commandRoutes()...)
}

func authRoutes() []route {
	return []route{
		{"POST", "oauth/token", none, none, nil, nil, (*call).oauthToken, open},
		{"POST", "v1/oauth/token", r1123, none, nil, nil, (*call).oauthToken, open},
		{"POST", "v1/auth/token", none, none, nil, nil, (*call).userToken, open},
		{"POST", "v1/auth/keep-alive", none, none, nil, nil, (*call).keepAlive, 0},
		{"POST", "v1/auth/invalidate-token", none, none, nil, nil, (*call).invalidate, 0},
		{"GET", "v1/auth", none, none, nil, nil, (*call).whoAmI, 0},
		{"POST", "v1/api-integrations/{id}/client-credentials", none, none, []string{"Create API Integrations"}, nil, (*call).rotate, 0},
		{"GET", "v1/jamf-pro-version", none, none, nil, nil, (*call).showVersion, 0},
		{"GET", "v1/health-check", none, none, nil, nil, func(*call) reply { return noContent() }, open},
		{"GET", "v1/health-status", r1123, none, nil, nil, (*call).healthStatus, 0},
		{"GET", "v2/jamf-pro-information", none, none, nil, nil, (*call).information, 0},
		{"GET", "v1/time-zones", none, none, nil, nil, (*call).timeZones, 0},
		{"GET", "v1/api-role-privileges", none, none, []string{"Read API Roles"}, nil, (*call).listPrivileges, 0},
	}
}

func computerRoutes(gen int) []route {
	since := []version{1: none, 2: r1123, 3: r1123, 4: r1130}[gen]
	old := flags(0)
	if gen < 4 {
		old = deprecated
	}
	list := func(s string) string { return fmt.Sprintf("v%d/computers-inventory%s", gen, s) }
	read, update := []string{"Read Computers"}, []string{"Update Computers"}
	routes := []route{
		{"GET", list(""), since, none, read, sectioned, (*call).listComputers, old},
		{"GET", list("/{id}"), since, none, read, []string{"section"}, (*call).showComputer, old},
		{"GET", list("-detail/{id}"), since, none, read, nil, (*call).computerDetail, old},
		{"PATCH", list("-detail/{id}"), since, none, update, nil, (*call).patchComputer, old},
		{"DELETE", list("/{id}"), since, none, []string{"Delete Computers"}, nil, (*call).deleteComputer, old},
		{"GET", list("/{id}/view-device-lock-pin"), max11(since), none, []string{"View Computer Device Lock Pin"}, nil, (*call).lockPin, old},
	}
	wipe, unmanage := []string{"Send Computer Remote Wipe Command"}, []string{"Send Computer Unmanage Command"}
	switch gen {
	case 1: // in the singular
		routes = append(routes,
			route{"POST", "v1/computer-inventory/{id}/erase", none, none, wipe, nil, (*call).eraseComputer, old},
			route{"POST", "v1/computer-inventory/{id}/remove-mdm-profile", none, none, unmanage, nil, (*call).removeProfile, old})
	case 4:
		routes = append(routes,
			route{"POST", list("/{id}/erase"), since, none, wipe, nil, (*call).eraseComputer, old},
			route{"POST", list("/{id}/remove-mdm-profile"), since, none, unmanage, nil, (*call).removeProfile, old})
	}
	return routes
}

// max11 is for what 11.7.1 did not have yet.
func max11(v version) version {
	if v.less(r1123) {
		return r1123
	}
	return v
}

func mobileRoutes() []route {
	read, update := []string{"Read Mobile Devices"}, []string{"Update Mobile Devices"}
	return []route{
		{"GET", "v2/mobile-devices", none, none, read, paging, (*call).listMobiles, 0},
		{"GET", "v2/mobile-devices/detail", none, none, read, mobileDetail, (*call).listMobileDetails, 0},
		{"GET", "v2/mobile-devices/{id}", none, none, read, nil, (*call).showMobile, 0},
		{"GET", "v2/mobile-devices/{id}/detail", none, none, read, nil, (*call).mobileDetail, 0},
		{"PATCH", "v2/mobile-devices/{id}", none, none, update, nil, (*call).patchMobile, 0},
		{"POST", "v2/mobile-devices/{id}/erase", r1123, none, []string{"Send Mobile Device Remote Wipe Command"}, nil, (*call).eraseMobile, 0},
		{"POST", "v2/mobile-devices/{id}/unmanage", none, none, []string{"Unmanage Mobile Devices"}, nil, (*call).unmanageMobile, 0},
		{"POST", "JSSResource/mobiledevicecommands/command/UpdateInventory/id/{id}", none, none,
			[]string{"Create Mobile Devices", "Send Inventory Requests to Mobile Devices"}, nil, (*call).classicInventory, 0},
	}
}

func lookupRoutes() []route {
	return []route{
		{"GET", "v1/buildings", none, none, []string{"Read Buildings"}, filtered, (*call).listBuildings, 0},
		{"GET", "v1/departments", none, none, []string{"Read Departments"}, filtered, (*call).listDepartments, 0},
		{"GET", "v1/sites", none, none, []string{"Read Sites"}, nil, (*call).listSites, 0},
	}
}

func groupRoutes() []route {
	smartMacs, staticMacs := "Read Smart Computer Groups", "Read Static Computer Groups"
	smart, static := "Read Smart Mobile Device Groups", "Read Static Mobile Device Groups"
	members := []string{smart, "Read Mobile Devices"}
	staticMembers := []string{static, "Read Mobile Devices"}
	return []route{
		{"GET", "v1/groups", r1123, none, nil, filtered, (*call).listAllGroups, deprecated},
		{"GET", "v2/groups", r1128, none, nil, filtered, (*call).listAllGroups, 0},
		{"GET", "v1/computer-groups", none, none, []string{smartMacs, staticMacs}, nil, (*call).listComputerGroups, 0},
		{"GET", "v1/mobile-device-groups", r1123, none, []string{smart, static}, nil, (*call).listMobileGroups, deprecated},
		{"GET", "v2/mobile-device-groups", r1128, none, []string{smart, static}, nil, (*call).listMobileGroups, 0},
		{"GET", "v2/computer-groups/smart-groups", r1123, none, []string{smartMacs}, filtered, (*call).smartComputerGroups, deprecated},
		{"GET", "v3/computer-groups/smart-groups", r1128, none, []string{smartMacs}, filtered, (*call).smartComputerGroups, 0},
		{"GET", "v2/computer-groups/static-groups", r1123, none, []string{staticMacs}, filtered, (*call).staticComputerGroups, deprecated},
		{"GET", "v3/computer-groups/static-groups", r1128, none, []string{staticMacs}, filtered, (*call).staticComputerGroups, 0},
		{"GET", "v2/computer-groups/smart-group-membership/{id}", r1123, none, []string{smartMacs}, nil, (*call).computerMembers, deprecated},
		{"GET", "v3/computer-groups/smart-group-membership/{id}", r1128, none, []string{smartMacs}, nil, (*call).computerMembers, 0},
		{"GET", "v1/mobile-device-groups/smart-groups", r1123, none, []string{smart}, filtered, (*call).smartMobileGroups, deprecated},
		{"GET", "v2/mobile-device-groups/smart-groups", r1128, none, []string{smart}, filtered, (*call).smartMobileGroups, 0},
		{"GET", "v1/mobile-device-groups/static-groups", r1123, none, []string{static}, filtered, (*call).staticMobileGroups, deprecated},
		{"GET", "v2/mobile-device-groups/static-groups", r1128, none, []string{static}, filtered, (*call).staticMobileGroups, 0},
		{"GET", "v1/mobile-device-groups/smart-group-membership/{id}", r1123, none, members, filtered, (*call).smartMobileMembers, deprecated},
		{"GET", "v2/mobile-device-groups/smart-group-membership/{id}", r1128, none, members, filtered, (*call).smartMobileMembers, 0},
		{"GET", "v1/mobile-device-groups/static-group-membership/{id}", r1123, none, staticMembers, filtered, (*call).staticMobileMembers, deprecated},
		{"GET", "v2/mobile-device-groups/static-group-membership/{id}", r1128, none, staticMembers, filtered, (*call).staticMobileMembers, 0},
	}
}

func enrolmentRoutes() []route {
	read := []string{"Read Device Enrollment Program Instances"}
	return []route{
		{"GET", "v1/device-enrollments", none, none, read, paging, (*call).listInstances, 0},
		{"GET", "v1/device-enrollments/syncs", none, none, read, nil, (*call).listSyncs, 0},
		{"GET", "v1/device-enrollments/{id}", none, none, read, nil, (*call).showInstance, 0},
		{"GET", "v1/device-enrollments/{id}/devices", none, none, read, nil, (*call).instanceDevices, 0},
		{"GET", "v1/device-enrollments/{id}/syncs", none, none, read, nil, (*call).instanceSyncs, 0},
		{"GET", "v1/device-enrollments/{id}/syncs/latest", none, none, read, nil, (*call).latestSync, 0},
		{"PUT", "v1/device-enrollments/{id}/upload-token", none, none, []string{"Update Device Enrollment Program Instances"}, nil, (*call).renewToken, 0},
	}
}

func commandRoutes() []route {
	view := []string{"View MDM command information in Jamf Pro API"}
	send := append([]string{"Send MDM command information in Jamf Pro API"}, view...)
	return []route{
		{"GET", "v2/mdm/commands", none, none, view, filtered, (*call).listCommands, 0},
		{"POST", "v2/mdm/commands", none, none, send, nil, (*call).sendCommand, 0},
		{"POST", "v1/mdm/commands", none, none, nil, nil, (*call).retiredCommand, deprecated},
		{"POST", "v2/mdm/blank-push", none, none, view, nil, (*call).blankPush, 0},
		{"POST", "v1/mdm/renew-profile", none, none, []string{"Send Command to Renew MDM Profile"}, nil, (*call).renewProfile, 0},
		{"POST", "v1/ddm/{managementId}/sync", none, none, []string{"Send Declarative Management Command"}, nil, (*call).syncDeclarations, 0},
		{"POST", "v1/jamf-management-framework/redeploy/{id}", none, none,
			[]string{"Send Computer Remote Command to Install Package", "Read Computer Check-In"}, nil, (*call).redeploy, 0},
	}
}

// retiredCommand answers the sending of a command at its old place.
func (c *call) retiredCommand() reply {
	c.violate("commands are not sent here any more")
	return fail(http.StatusMethodNotAllowed, "", "", "")
}
