package abm_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/abm"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func permitted(cfg *abm.Config) { cfg.AllowDestructive = true }

// TestReleaseDevices shows that releasing needs an explicit option and is
// refused without a request for devices of a server that may not release.
//
//mdm:feature 3.16 3.20
func TestReleaseDevices(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 4)
	p.assigned = map[string]string{"DMPX00000001": campus, "DMPX00000002": annex} // campus may not, annex may
	_, err := p.connect().ReleaseDevices(t.Context(), "DMPX00000002")
	assert.Contains(t, requireKind(t, err, mdm.ErrUnsupported).Advice, "AllowDestructive")
	assert.Empty(t, p.asked)

	c := p.connect(permitted)
	_, err = c.ReleaseDevices(t.Context(), "DMPX00000002", "DMPX00000001")
	assert.ErrorContains(t, err, "may not release devices")
	requireKind(t, err, mdm.ErrPermissionMissing)
	assert.Zero(t, p.count(activityRoute))

	_, err = c.ReleaseDevices(t.Context(), "DMPX00000002", "DMPX00000003")
	require.NoError(t, err)
	assert.JSONEq(t, `{"data":{"type":"orgDeviceActivities","attributes":{"activityType":"RELEASE_DEVICES"},"relationships":{
		"devices":{"data":[{"type":"orgDevices","id":"DMPX00000002"},{"type":"orgDevices","id":"DMPX00000003"}]}}}}`, p.last().body)
	assert.Len(t, listDevices(t, c), 2)
	_, err = c.ReleaseDevices(t.Context())
	requireKind(t, err, mdm.ErrInvalid)

	p.instead["GET /v1/mdmServers"] = func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "FORBIDDEN_ERROR", "", "") }
	_, err = c.ReleaseDevices(t.Context(), "DMPX00000000")
	requireKind(t, err, mdm.ErrPermissionMissing)
	assert.Equal(t, 1, p.count(activityRoute), "what cannot be found out is not risked")
}

// TestAssign shows the other activities, and that a server is needed.
//
//mdm:feature 3.1 3.19
func TestAssign(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 2)
	c := p.connect()
	ctx := t.Context()
	for _, assign := range []func() (*abm.Activity, error){
		func() (*abm.Activity, error) { return c.AssignDevices(ctx, "", "A1") },
		func() (*abm.Activity, error) { return c.UnassignDevices(ctx, "", "A1") },
		func() (*abm.Activity, error) { return c.MigrateDevices(ctx, "", time.Now().Add(time.Hour), "A1") },
	} {
		_, err := assign()
		assert.Contains(t, requireKind(t, err, mdm.ErrInvalid).Advice, "Link at least one MDM server")
	}
	for _, deadline := range []time.Time{{}, time.Now().Add(-time.Hour), time.Now().Add(91 * 24 * time.Hour)} {
		_, err := c.MigrateDevices(ctx, campus, deadline, "A1")
		requireKind(t, err, mdm.ErrInvalid)
		_, err = c.SetMigrationDeadline(ctx, deadline, "A1")
		requireKind(t, err, mdm.ErrInvalid)
	}
	for _, ids := range [][]string{nil, {""}, {"A1", ".."}, {"A 1"}} {
		_, err := c.AssignDevices(ctx, campus, ids...)
		requireKind(t, err, mdm.ErrInvalid)
	}
	_, err := c.AssignDevices(ctx, "a b", "A1")
	requireKind(t, err, mdm.ErrInvalid)
	assert.Empty(t, p.asked)

	deadline := time.Now().Add(24 * time.Hour).UTC().Truncate(time.Second)
	for kind, act := range map[string]func() (*abm.Activity, error){
		"UNASSIGN_DEVICES":                           func() (*abm.Activity, error) { return c.UnassignDevices(ctx, campus, "DMPX00000000") },
		"ASSIGN_DEVICES_WITH_MDM_MIGRATION_DEADLINE": func() (*abm.Activity, error) { return c.MigrateDevices(ctx, campus, deadline, "DMPX00000000") },
		"UPDATE_MDM_MIGRATION_DEADLINE":              func() (*abm.Activity, error) { return c.SetMigrationDeadline(ctx, deadline, "DMPX00000000") },
		"CANCEL_MDM_MIGRATION":                       func() (*abm.Activity, error) { return c.CancelMigration(ctx, "DMPX00000000") },
	} {
		_, err := act()
		require.NoError(t, err)
		var sent struct {
			Data struct {
				Attributes struct {
					ActivityType         string
					ActivityTypeMetadata struct{ MDMMigrationDeadlineDateTime string }
				}
				Relationships map[string]any
			}
		}
		require.NoError(t, json.Unmarshal([]byte(p.last().body), &sent))
		assert.Equal(t, kind, sent.Data.Attributes.ActivityType)
		withDeadline := kind != "UNASSIGN_DEVICES" && kind != "CANCEL_MDM_MIGRATION"
		assert.Equal(t, withDeadline, sent.Data.Attributes.ActivityTypeMetadata.MDMMigrationDeadlineDateTime == deadline.Format(time.RFC3339), kind)
		assert.Equal(t, kind != "UPDATE_MDM_MIGRATION_DEADLINE" && kind != "CANCEL_MDM_MIGRATION", sent.Data.Relationships["mdmServer"] != nil, kind)
	}
}

// TestServers shows the server entries, several of them, and what each may.
//
//mdm:feature 3.16 3.17
func TestServers(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 0)
	p.serve("GET /v1/mdmServers", 200, fixture(t, "servers.json"))
	c := p.connect()
	var all []abm.Server
	for s, err := range c.Servers(t.Context()) {
		require.NoError(t, err)
		all = append(all, s)
	}
	require.Len(t, all, 2)
	assert.Equal(t, abm.Server{ID: campus, Name: "Campus MDM", Type: abm.ServerMDM, Status: "ACTIVE", Devices: 1, HasDevices: true,
		MayRelease: mdm.No, Families: []string{"IPAD", "MAC"}, LastConnected: time.Date(2026, 2, 3, 8, 59, 0, 0, time.UTC), LastIP: "192.0.2.17",
		Created: time.Date(2022, 9, 8, 16, 28, 42, 156e6, time.UTC), Updated: time.Date(2025, 11, 22, 14, 45, 17, 893e6, time.UTC)}, all[0])
	assert.Equal(t, mdm.Yes, all[1].MayRelease)

	// Older versions give no single entry.
	p.instead["GET /v1/mdmServers/"+annex] = func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "FORBIDDEN_ERROR", "", "") }
	s, err := c.Server(t.Context(), annex)
	require.NoError(t, err)
	assert.Equal(t, "Annex", s.Name)
	p.serve("GET /v1/mdmServers/"+campus, 200, `{"data":{"type":"mdmServers","id":"`+campus+`","attributes":{"serverName":"Campus MDM"}}}`)
	s, err = c.Server(t.Context(), campus)
	require.NoError(t, err)
	assert.Equal(t, "Campus MDM", s.Name)
	p.instead["GET /v1/mdmServers/NONE"] = p.instead["GET /v1/mdmServers/"+annex]
	_, err = c.Server(t.Context(), "NONE")
	requireKind(t, err, mdm.ErrNotFound)
}

// TestWriteServer makes, renames and certifies server entries, with names that
// may be used only.
//
//mdm:feature 3.4 3.5 3.6 3.21
func TestWriteServer(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 0)
	saved := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"data":{"type":"mdmServers","id":%q,"attributes":{"serverName":"Saved"}}}`, campus)
	}
	p.instead["POST /v1/mdmServers"], p.instead["PATCH /v1/mdmServers/"+campus] = saved, saved
	c, ctx, cert := p.connect(), t.Context(), certificate(t)
	block, _ := pem.Decode(cert.File)
	data := base64.StdEncoding.EncodeToString(block.Bytes)

	s, err := c.CreateServer(ctx, " Library, 2nd floor ", cert)
	require.NoError(t, err)
	assert.Equal(t, "Saved", s.Name)
	assert.JSONEq(t, `{"data":{"type":"mdmServers","attributes":{"serverName":"Library, 2nd floor",
		"serverCertificate":{"name":"campus.pem","data":"`+data+`"}}}}`, p.last().body)
	_, err = c.RenameServer(ctx, campus, "campus mdm")
	require.NoError(t, err, "an entry may keep its own name")
	assert.JSONEq(t, `{"data":{"type":"mdmServers","id":"`+campus+`","attributes":{"serverName":"campus mdm"}}}`, p.last().body)
	_, err = c.SetServerCertificate(ctx, campus, abm.Certificate{File: block.Bytes})
	require.NoError(t, err)
	assert.JSONEq(t, `{"data":{"type":"mdmServers","id":"`+campus+`","attributes":{
		"serverCertificate":{"name":"certificate.pem","data":"`+data+`"}}}}`, p.last().body)

	writes := func() int { return p.count("POST /v1/mdmServers") + p.count("PATCH /v1/mdmServers/"+campus) }
	before := writes()
	for name, kind := range map[string]error{"": mdm.ErrInvalid, "Unassigned": mdm.ErrInvalid, " re assigned": mdm.ErrInvalid, "ANNEX": mdm.ErrConflict} {
		_, err = c.CreateServer(ctx, name, cert)
		requireKind(t, err, kind)
		_, err = c.RenameServer(ctx, campus, name)
		requireKind(t, err, kind)
	}
	_, file := newKey()
	_, err = c.SetServerCertificate(ctx, campus, abm.Certificate{File: []byte(file)})
	assert.Contains(t, requireKind(t, err, mdm.ErrInvalid).Advice, "not the private key")
	_, err = c.RenameServer(ctx, "", "New")
	requireKind(t, err, mdm.ErrInvalid)
	assert.Equal(t, before, writes())
}

// TestDeleteServer shows that an entry is deleted only by explicit option and
// only without devices.
//
//mdm:feature 3.21
func TestDeleteServer(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 1)
	p.assigned["DMPX00000000"] = campus
	for _, id := range []string{campus, annex} {
		p.instead["DELETE /v1/mdmServers/"+id] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	}
	requireKind(t, p.connect().DeleteServer(t.Context(), annex), mdm.ErrUnsupported)
	assert.Empty(t, p.asked)
	c := p.connect(permitted)
	requireKind(t, c.DeleteServer(t.Context(), campus), mdm.ErrConflict)
	assert.Zero(t, p.count("DELETE /v1/mdmServers/"+campus))
	require.NoError(t, c.DeleteServer(t.Context(), annex))
	assert.Equal(t, 1, p.count("DELETE /v1/mdmServers/"+annex))
	p.instead["DELETE /v1/mdmServers/"+annex] = func(w http.ResponseWriter, _ *http.Request) { refuse(w, 409, "ENTITY_ERROR", "", "") }
	requireKind(t, c.DeleteServer(t.Context(), annex), mdm.ErrConflict)
}

// TestBusiness reads what Apple Business Manager has beside devices.
func TestBusiness(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 0)
	c, ctx := p.connect(), t.Context()
	const user = `{"type":"users","id":"U1","attributes":{"firstName":"Sam","lastName":"Sample","status":"ACTIVE","isExternalUser":false,
		"managedAppleAccount":"sam@campus.example","roleOuList":[{"roleName":"Staff","ouId":"O1"},7],"phoneNumbers":[{"phoneNumber":"+49 1","type":"WORK"}]}}`
	const group = `{"type":"userGroups","id":"G1","attributes":{"ouId":"O1","name":"Staff","type":"STANDARD","totalMemberCount":2,"status":"ACTIVE"}}`
	const managed = `{"type":"mdmDeviceDetails","id":"M1","attributes":{"deviceName":"iPad Room 12","serialNumber":"A1","platform":"iOS","osVersion":"19.3",
		"lastCheckInDateTime":"2026-02-03T07:00:00Z","storageTotalCapacity":64000000000,"imei":null,"ethernetMacAddress":"3c:22:fb:10:4a:01",
		"isFileVaultEnabled":null,"deviceLockStatus":"UNLOCKED"}}`
	p.serve("GET /v1/users", 200, `{"data":[`+user+`]}`)
	p.serve("GET /v1/users/U1", 200, `{"data":`+user+`}`)
	p.serve("GET /v1/userGroups", 200, `{"data":[`+group+`]}`)
	p.serve("GET /v1/userGroups/G1", 200, `{"data":`+group+`}`)
	p.serve("GET /v1/userGroups/G1/relationships/users", 200, `{"data":[{"type":"users","id":"U1"},{"type":"users","id":"U2"}]}`)
	p.serve("GET /v1/organizationalUnits/O1/relationships/users", 200, `{"data":[{"type":"users","id":"U1"}]}`)
	p.serve("GET /v1/mdmDevices", 200, `{"data":[`+managed+`]}`)
	p.serve("GET /v1/mdmDevices/M1/details", 200, `{"data":`+managed+`}`)

	wantUser := abm.User{ID: "U1", FirstName: "Sam", LastName: "Sample", Status: "ACTIVE", External: mdm.No, ManagedAccount: "sam@campus.example",
		Roles: []abm.UserRole{{Name: "Staff", Unit: "O1"}}, Phones: []abm.UserPhone{{Number: "+49 1", Type: "WORK"}}}
	for got, err := range c.Users(ctx) {
		require.NoError(t, err)
		assert.Equal(t, wantUser, got)
	}
	u, err := c.User(ctx, "U1")
	require.NoError(t, err)
	assert.Equal(t, wantUser, u)
	wantGroup := abm.UserGroup{ID: "G1", Name: "Staff", Unit: "O1", Type: "STANDARD", Members: 2, Status: "ACTIVE"}
	for got, err := range c.UserGroups(ctx) {
		require.NoError(t, err)
		assert.Equal(t, wantGroup, got)
	}
	g, err := c.UserGroup(ctx, "G1")
	require.NoError(t, err)
	assert.Equal(t, wantGroup, g)
	var members []string
	for id, err := range c.UserGroupMembers(ctx, "G1") {
		require.NoError(t, err)
		members = append(members, id)
	}
	for id, err := range c.UnitUsers(ctx, "O1") {
		require.NoError(t, err)
		members = append(members, id)
	}
	assert.Equal(t, []string{"U1", "U2", "U1"}, members)
	wantManaged := abm.ManagedDevice{ID: "M1", Name: "iPad Room 12", SerialNumber: "A1", Platform: "iOS", OSVersion: "19.3", StorageTotal: 64e9,
		LastCheckIn: time.Date(2026, 2, 3, 7, 0, 0, 0, time.UTC), EthernetMACs: []string{"3c:22:fb:10:4a:01"}, LockStatus: "UNLOCKED"}
	for got, err := range c.ManagedDevices(ctx) {
		require.NoError(t, err)
		assert.Equal(t, wantManaged, got)
	}
	m, err := c.ManagedDevice(ctx, "M1")
	require.NoError(t, err)
	assert.Equal(t, wantManaged, m)
	for _, err := range c.UserGroupMembers(ctx, "") {
		requireKind(t, err, mdm.ErrInvalid)
	}
}

// TestAuditEvents shows what events tell of devices, such as that one was
// replaced.
//
//mdm:feature 3.19
func TestAuditEvents(t *testing.T) {
	t.Parallel()
	p := newPortal(t, 0)
	p.serve("GET /v1/auditEvents", 200, fixture(t, "audit.json"))
	c := p.connect()
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600))
	options := abm.AuditOptions{From: from, To: from.AddDate(0, 1, 0), Type: abm.EventDeviceRemoved, Subject: "F9FXH2222222"}
	var all []abm.AuditEvent
	for e, err := range c.AuditEvents(t.Context(), options) {
		require.NoError(t, err)
		all = append(all, e)
	}
	require.Len(t, all, 3)
	assert.Equal(t, abm.AuditEvent{ID: "01J0INVENTED0001", At: time.Date(2026, 1, 16, 11, 22, 33, 0, time.UTC), Type: abm.EventDeviceRemoved,
		Category: "DEVICE_INVENTORY", ActorType: "USER", ActorID: "1000200099", ActorName: "Sam Sample", SubjectType: "DEVICE",
		SubjectID: "F9FXH2222222", SubjectName: "F9FXH2222222", Outcome: "SUCCESS", GroupID: "01J0INVENTEDGRP",
		SerialNumber: "F9FXH2222222", ReleaserType: "REPLACEMENT", ReleaserID: "77"}, all[0])
	assert.True(t, all[0].Replaced())
	assert.Equal(t, "Campus MDM", all[1].ServerName)
	assert.False(t, all[1].Replaced())
	assert.Equal(t, abm.EventDeviceErased, all[2].Type)
	q := p.last().query
	assert.Equal(t, "2025-12-31T23:00:00Z", q.Get("filter[startTimestamp]"))
	assert.Equal(t, "F9FXH2222222", q.Get("filter[subjectId]"))
	assert.False(t, q.Has("filter[actorId]"))
	before := len(p.asked)
	for _, o := range []abm.AuditOptions{{}, {From: from}, {From: from, To: from.Add(-time.Hour)}} {
		for _, err := range c.AuditEvents(t.Context(), o) {
			requireKind(t, err, mdm.ErrInvalid)
		}
	}
	assert.Len(t, p.asked, before)
}
