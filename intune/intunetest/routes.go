package intunetest

import (
	"net/http"
	"slices"
)

var (
	listOptions = []string{"select", "filter", "top", "skip", "orderby", "expand", "count", "skiptoken"}
	pageOptions = []string{"select", "filter", "top", "count", "skiptoken"}
	itemOptions = []string{"select", "expand"}
	onlySelect  = []string{"select"}
)

// routes lists all operations.
func routes() []*route {
	list := slices.Concat(deviceRoutes(), serviceRoutes(), entraRoutes())
	for _, a := range actions() {
		list = append(list, &route{method: "POST", path: "deviceManagement/managedDevices/{id}/" + a.name, beta: a.beta,
			needs: a.needs, limit: LimitDevices, serve: a.serve, flags: deviceAction})
	}
	return list
}

func get(path string, needs []string, limit Limit, query []string, serve func(*call) reply) *route {
	return &route{method: http.MethodGet, path: path, needs: needs, limit: limit, query: query, serve: serve}
}

func write(method, path string, needs []string, limit Limit, serve func(*call) reply, f flags) *route {
	return &route{method: method, path: path, needs: needs, limit: limit, serve: serve, flags: f}
}

// betaOnly marks operations that v1.0 lacks.
func betaOnly(list ...*route) []*route {
	for _, rt := range list {
		rt.beta = true
	}
	return list
}

func deviceRoutes() []*route {
	const one = "deviceManagement/managedDevices/{id}"
	list := []*route{
		get("deviceManagement/managedDevices", readDevices, LimitDevices, listOptions, (*call).listDevices),
		get(one, readDevices, LimitDevices, itemOptions, (*call).oneDevice),
		write("PATCH", one, writeDevices, LimitDevices, (*call).patchDevice, deviceAction),
		write("DELETE", one, writeDevices, LimitDevices, (*call).deleteDevice, deviceAction),
		get(one+"/users", readDevices, LimitDevices, onlySelect, (*call).primaryUsers),
		get(one+"/deviceCategory", readDevices, LimitDevices, onlySelect, (*call).categoryOfDevice),
		write("PUT", one+"/deviceCategory/$ref", writeDevices, LimitDevices, (*call).setCategory, deviceAction),
		write("DELETE", one+"/deviceCategory/$ref", writeDevices, LimitDevices, (*call).clearCategory, deviceAction),
		get("deviceManagement/detectedApps", readApps, LimitDevices, listOptions, (*call).detectedApps),
		get("deviceManagement/detectedApps/{id}", readApps, LimitDevices, itemOptions, (*call).oneApp),
		get("deviceManagement/detectedApps/{id}/managedDevices", readApps, LimitDevices, pageOptions, (*call).devicesOfApp),
		get("deviceManagement/detectedApps/{id}/managedDevices/{device}", readApps, LimitDevices, onlySelect, (*call).deviceOfApp),
		get("deviceManagement/managedDeviceOverview", readApps, LimitDevices, onlySelect, (*call).overview),
		get("deviceManagement/applePushNotificationCertificate", readApps, LimitDevices, onlySelect, (*call).pushCertificate),
	}
	return append(list, betaOnly(
		get(one+"/detectedApps", readApps, LimitDeviceApps, pageOptions, (*call).appsOfDevice),
		write("POST", one+"/users/$ref", writeDevices, LimitDevices, (*call).setUser, deviceAction),
		write("DELETE", one+"/users/$ref", writeDevices, LimitDevices, (*call).clearUser, deviceAction),
		write("POST", "deviceManagement/managedDevices/executeAction", act, LimitDevices, (*call).bulk, deviceAction),
	)...)
}

func serviceRoutes() []*route {
	const tokens = "deviceManagement/depOnboardingSettings"
	list := []*route{
		get("deviceManagement", anyIntune, LimitServices, onlySelect, (*call).service),
		get("deviceManagement/deviceCategories", readCategories, LimitServices, pageOptions, (*call).listCategories),
		get("deviceManagement/deviceCategories/{id}", readCategories, LimitServices, onlySelect, (*call).oneCategory),
		get("deviceManagement/windowsAutopilotDeviceIdentities", readService, LimitServices, pageOptions, (*call).listHardware),
		get("deviceManagement/windowsAutopilotDeviceIdentities/{id}", readService, LimitServices, onlySelect, (*call).oneHardware),
		get("deviceAppManagement/vppTokens", readService, LimitServices, onlySelect, (*call).vppTokens),
		write("POST", "deviceManagement/reports/exportJobs", createJobs, LimitExports, (*call).createJob, 0),
		get("deviceManagement/reports/exportJobs", readJobs, LimitExports, pageOptions, (*call).listJobs),
		get("deviceManagement/reports/exportJobs/{id}", readJobs, LimitExports, onlySelect, (*call).oneJob),
		write("POST", "$batch", nil, LimitUnknown, (*call).batch, 0),
	}
	return append(list, betaOnly(
		get("deviceManagement/subscriptionState", anyIntune, LimitServices, nil, (*call).subscription),
		get("deviceManagement/importedDeviceIdentities", readService, LimitServices, pageOptions, (*call).importedIdentities),
		get(tokens, readService, LimitServices, pageOptions, (*call).listTokens),
		get(tokens+"/{id}", readService, LimitServices, onlySelect, (*call).oneToken),
		get(tokens+"/{id}/importedAppleDeviceIdentities", readService, LimitServices, pageOptions, (*call).listImported),
		get(tokens+"/{id}/getEncryptionPublicKey", readService, LimitServices, nil, (*call).publicKey),
		get(tokens+"/{id}/getEncryptionPublicKey()", readService, LimitServices, nil, (*call).publicKey),
		write("POST", tokens+"/{id}/generateEncryptionPublicKey", writeService, LimitServices, (*call).publicKey, 0),
		write("POST", tokens+"/{id}/uploadDepToken", writeService, LimitServices, (*call).uploadToken, 0),
		write("POST", tokens+"/{id}/syncWithAppleDeviceEnrollmentProgram", writeService, LimitServices, (*call).syncToken, 0),
		get("deviceManagement/operationApprovalRequests", readApprovals, LimitServices, pageOptions, (*call).listApprovals),
	)...)
}

func entraRoutes() []*route {
	list := []*route{
		get("organization", readTenant, LimitDirectory, onlySelect, (*call).tenantInfo),
		get("users", readUsers, LimitDirectory, pageOptions, (*call).listUsers),
		get("users/{id}", readUsers, LimitDirectory, onlySelect, (*call).oneUser),
		get("devices", readEntra, LimitDirectory, pageOptions, (*call).entraDevices),
		get("devices/{key}/memberOf", readEntra, LimitDirectory, onlySelect, (*call).memberOf),
		get("groups/{id}/members/microsoft.graph.device", readMembers, LimitDirectory, pageOptions, (*call).members),
	}
	for _, rt := range list {
		if rt.flags = directoryCall; rt.path != "organization" {
			rt.flags |= ofHome
		}
	}
	return append(list, get("users/{id}/managedDevices", readDevices, LimitDevices, listOptions, (*call).devicesOfUser))
}
