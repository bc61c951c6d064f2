package abmtest

import "net/http"

// selected are the parameters of a read of one resource, and listed those of
// a list.
func selected(kind string) []string { return []string{"fields[" + kind + "]"} }
func listed(kind string) []string   { return append(selected(kind), "limit", "cursor") }

var paged = []string{"limit", "cursor"}

// newRoutes lists all operations.
func newRoutes() []route {
	return append(append(deviceRoutes(), serverRoutes()...), businessRoutes()...)
}

func deviceRoutes() []route {
	return []route{
		{"GET", "orgDevices", ReadDevices, first, false, listed("orgDevices"), (*call).listDevices},
		{"GET", "orgDevices/{id}", ReadDevices, first, false, selected("orgDevices"), (*call).showDevice},
		{"GET", "orgDevices/{id}/appleCareCoverage", ReadCoverage, coverage, false, listed("appleCareCoverage"), (*call).listCoverage},
		{"GET", "orgDevices/{id}/relationships/assignedServer", ReadDevices, first, false, nil, (*call).showLink},
		{"GET", "orgDevices/{id}/assignedServer", ReadDevices, first, false, selected("mdmServers"), (*call).showAssigned},
		{"POST", "orgDeviceActivities", RightUnknown, first, false, nil, (*call).createActivity},
		{"GET", "orgDeviceActivities/{id}", ReadActivities, first, false, selected("orgDeviceActivities"), (*call).showActivity},
	}
}

func serverRoutes() []route {
	return []route{
		{"GET", "mdmServers", ReadServers, first, false, listed("mdmServers"), (*call).listServers},
		{"POST", "mdmServers", WriteServers, serverCRU, false, nil, (*call).createServer},
		{"GET", "mdmServers/{id}", ReadServers, serverCRU, false, selected("mdmServers"), (*call).showServer},
		{"PATCH", "mdmServers/{id}", WriteServers, serverCRU, false, nil, (*call).changeServer},
		{"DELETE", "mdmServers/{id}", WriteServers, serverCRU, false, nil, (*call).deleteServer},
		{"GET", "mdmServers/{id}/relationships/devices", ReadServers, first, false, paged, (*call).listLinks},
		{"GET", "mdmServers/{id}/devices", ReadServers, first, false, listed("orgDevices"), (*call).refuseRelated},
	}
}

func businessRoutes() []route {
	audit := append([]string{"filter[startTimestamp]", "filter[endTimestamp]", "filter[type]", "filter[actorId]", "filter[subjectId]"}, listed("auditEvents")...)
	list := []route{
		{"GET", "mdmDevices", ReadManaged, business, true, listed("mdmDevices"), (*call).listManaged},
		{"GET", "mdmDevices/{id}/details", ReadManaged, business, true, selected("mdmDeviceDetails"), (*call).showManaged},
		{"GET", "users", ReadPeople, business, true, listed("users"), (*call).listUsers},
		{"GET", "users/{id}", ReadPeople, business, true, selected("users"), (*call).showUser},
		{"GET", "userGroups", ReadPeople, business, true, listed("userGroups"), (*call).listGroups},
		{"GET", "userGroups/{id}", ReadPeople, business, true, selected("userGroups"), (*call).showGroup},
		{"GET", "userGroups/{id}/relationships/users", ReadPeople, business, true, paged, (*call).listMembers},
		{"GET", "organizationalUnits", ReadPeople, units, true, listed("organizationalUnits"), (*call).listUnits},
		{"GET", "organizationalUnits/{id}", ReadPeople, units, true, selected("organizationalUnits"), (*call).showUnit},
		{"GET", "organizationalUnits/{id}/relationships/users", ReadPeople, units, true, paged, (*call).listUnitUsers},
		{"GET", "auditEvents", ReadAudit, business, true, audit, (*call).listEvents},
	}
	for _, kind := range []string{"apps", "packages", "configurations", "blueprints"} {
		list = append(list,
			route{"GET", kind, ReadDeployments, business, true, listed(kind), (*call).none},
			route{"GET", kind + "/{id}", ReadDeployments, business, true, selected(kind), (*call).notFound})
	}
	for _, kind := range []string{"configurations", "blueprints"} {
		list = append(list,
			route{http.MethodPost, kind, ReadDeployments, business, true, nil, (*call).noneMade},
			route{http.MethodPatch, kind + "/{id}", ReadDeployments, business, true, nil, (*call).notFound},
			route{http.MethodDelete, kind + "/{id}", ReadDeployments, business, true, nil, (*call).notFound})
	}
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		list = append(list, route{method, "blueprints/{id}/relationships/{kind}", ReadDeployments, business, true, paged, (*call).notFound})
	}
	return list
}
