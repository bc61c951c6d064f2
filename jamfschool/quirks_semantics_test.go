package jamfschool_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/jamfschool"
	"github.com/mdmlink/mdmlink/jamfschool/jamfschooltest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestQuirk33LocationZero(t *testing.T) {
	t.Parallel()
	c, _ := scripted{
		"GET /devices":   {body: fixture(t, "devices.json")},
		"GET /locations": {body: fixture(t, "locations.json")},
	}.client(t)
	for page, err := range c.Source().Pages(t.Context(), mdm.Query{Want: mdm.Keys{mdm.KeySiteID, mdm.KeySiteName}}) {
		require.NoError(t, err)
		assert.Equal(t, mdm.Site{ID: "0", Name: "District"}, page.Devices[1].Record().Site)
		assert.Equal(t, mdm.Site{ID: "2", Name: "North School"}, page.Devices[0].Record().Site)
	}
	assert.Empty(t, oneDevice(t, `{"UDID":"`+someUDID+`"}`).Record().Site.ID, "not reported is not 0")
}

func TestQuirk34OwnerZero(t *testing.T) {
	t.Parallel()
	r := oneDevice(t, `{"UDID":"`+someUDID+`","owner":{"id":0,"name":"Nobody","locationId":2}}`).Record()
	assert.Zero(t, r.User)
	assert.True(t, r.Blank.Has(mdm.KeyUserName))
}

func TestQuirk35And36Filters(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	zero := int64(0)
	for range c.Devices(t.Context(), &jamfschool.DevicesOptions{SerialNumber: "X", AssetTag: "Y", OwnerID: 3, HasOwner: mdm.Yes, Groups: []int64{1, 2},
		OwnerGroups: []int64{5}, Model: "iPad12,2", Location: &zero, Supervised: mdm.No, EnrollType: "dep", Bootstrap: mdm.Yes, Responsive: mdm.Yes}) {
	}
	query := fake.Requests()[0].Query
	assert.Equal(t, "assettag=Y&bootstrapTokenStored=1&enrollType=dep&groups=1%2C2&hasOwner=1&location=0&model=iPad12%2C2&owner=3&ownergroups=5&serialnumber=X&supervised=0", query.Encode())
	assert.NotContains(t, query, "name", "row 35: it means the owner's name")
	assert.NotContains(t, query, "managed", "row 36: it is broken")

	all := collect(t, c, nil)
	lately := collect(t, c, &jamfschool.DevicesOptions{Responsive: mdm.Yes})
	others := collect(t, c, &jamfschool.DevicesOptions{Responsive: mdm.No})
	assert.NotEmpty(t, others)
	assert.Len(t, all, len(lately)+len(others))
}

func TestQuirk37IncludeApps(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	d := collect(t, c, nil)[0]
	assert.Empty(t, d.Apps)
	_, err := c.Device(t.Context(), d.UDID, false)
	require.NoError(t, err)
	with, err := c.Device(t.Context(), d.UDID, true)
	require.NoError(t, err)
	assert.NotEmpty(t, with.Apps)
	requests := fake.Requests()
	assert.NotContains(t, requests[0].Query, "includeApps")
	assert.NotContains(t, requests[1].Query, "includeApps")
	assert.Equal(t, "true", requests[2].Query.Get("includeApps"))
}

func TestQuirk38LocationFilters(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	two := int64(2)
	for _, err := range c.Users(t.Context(), &jamfschool.UsersOptions{Location: &two, HasDevice: mdm.Yes, Groups: []int64{5}}) {
		require.NoError(t, err)
	}
	assert.Equal(t, "hasDevice=1&locationId=2&memberOf=5", fake.Requests()[0].Query.Encode())
}

func TestQuirk39NotRetired(t *testing.T) {
	t.Parallel()
	r := oneDevice(t, `{"UDID":"`+someUDID+`","isManaged":false}`).Record()
	assert.Equal(t, mdm.StatusEnrolled, r.Status)
	assert.Equal(t, mdm.Yes, r.Flags.Managed)
}

func TestQuirk40SameName(t *testing.T) {
	t.Parallel()
	c, _ := scripted{"GET /devices": {body: `{"devices":[
		{"UDID":"00008101-000A1B2C3D4E001F","name":"Room 12","model":{"name":"iPad","type":"iPad"}},
		{"UDID":"00008101-000A1B2C3D4E002F","name":"Room 12","model":{"name":"iPad","type":"iPad"}}]}`}}.client(t)
	store := new(inventory.Memory)
	store.Put("s", inventory.Asset{ID: "a", Identifiers: inventory.Identifiers{Name: "Room 12", Model: "iPad"}})
	run, err := inventory.Sync(t.Context(), inventory.Connection{ID: "1", Kind: "jamfschool", Scope: "s", Name: "n"}, c.Source(), store, nil)
	require.NoError(t, err)
	assert.Zero(t, run.Outcomes["auto_linked"], "a name decides nothing, least of all for whoever comes first")
	for e, err := range store.Entries(t.Context(), inventory.EntryQuery{Scope: "s"}) {
		require.NoError(t, err)
		assert.Equal(t, inventory.EntryStaged, e.State)
	}
}

func TestQuirk41Serials(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	d := firstDevice(t, c, func(d *jamfschool.Device) bool { return len(d.SerialNumber) == 10 && d.Owner != nil })
	found, err := c.DeviceBySerial(t.Context(), " "+strings.ToLower(d.SerialNumber)+" ")
	require.NoError(t, err)
	assert.Equal(t, d.UDID, found.UDID)
	_, err = c.DeviceBySerial(t.Context(), "NOSUCHSERIAL")
	require.ErrorIs(t, err, mdm.ErrNotFound)
	_, err = c.DeviceBySerial(t.Context(), " ")
	require.ErrorIs(t, err, mdm.ErrInvalid)
}

func TestDeviceBySerialWhenTheFilterIsIgnored(t *testing.T) {
	t.Parallel()
	c, _ := scripted{"GET /devices": {body: fixture(t, "devices.json")}}.client(t)
	d, err := c.DeviceBySerial(t.Context(), "K7Q2XT90LM")
	require.NoError(t, err)
	assert.Equal(t, "cart-b-mac-03", d.Name)
}

func TestQuirk42UDIDs(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	ctx := t.Context()
	for _, bad := range []string{"", "groups", "migrate", "../users", "00008101/000A", "0000810", "%30", strings.Repeat("0", 65), "[redacted]"} {
		_, err := c.Device(ctx, bad, false)
		require.ErrorIs(t, err, mdm.ErrInvalid, bad)
		require.ErrorIs(t, c.Wipe(ctx, bad, false), mdm.ErrInvalid, bad)
		require.ErrorIs(t, c.Trash(ctx, bad), mdm.ErrInvalid, bad)
		_, err = c.MigrateMany(ctx, []string{someUDID, bad}, 2, nil)
		require.ErrorIs(t, err, mdm.ErrInvalid, bad)
		_, err = c.AddToGroup(ctx, jamfschool.DeviceGroup{ID: 1}, []string{bad})
		require.ErrorIs(t, err, mdm.ErrInvalid, bad)
	}
	assert.Empty(t, fake.Requests(), "refused before any request")
	for udid, id := range map[string]string{
		"00008101-000a1b2c3d4e001f":                "00008101-000A1B2C3D4E001F",
		"1F2E3D4C5B6A79880011223344556677889900AA": "1f2e3d4c5b6a79880011223344556677889900aa",
		"9f1c2d3e-4a5b-5c6d-8e7f-001122334455":     "9F1C2D3E-4A5B-5C6D-8E7F-001122334455",
	} {
		assert.Equal(t, id, oneDevice(t, `{"UDID":"`+udid+`"}`).Record().ID, "one canonical case")
	}
}

func TestQuirk43SetOwner(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	d := firstDevice(t, c, func(d *jamfschool.Device) bool { return d.Owner != nil })
	fake.Forget()
	require.ErrorIs(t, c.SetOwner(t.Context(), d.UDID, 0), mdm.ErrInvalid)
	assert.Empty(t, fake.Requests())
	require.NoError(t, c.ClearOwner(t.Context(), d.UDID))
	after, err := c.Device(t.Context(), d.UDID, false)
	require.NoError(t, err)
	assert.Nil(t, after.Owner)
	require.NoError(t, c.SetOwner(t.Context(), d.UDID, d.Owner.ID))
	after, err = c.Device(t.Context(), d.UDID, false)
	require.NoError(t, err)
	assert.Equal(t, d.Owner.ID, after.Owner.ID)
}

func TestQuirk44Migrate(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	d := firstDevice(t, c, func(d *jamfschool.Device) bool { return d.Owner != nil })
	target := otherLocation(t, c, d.LocationID)
	require.NoError(t, c.Migrate(t.Context(), d.UDID, target, nil))
	requests := fake.Requests()
	assert.JSONEq(t, `{"locationId":`+id(target)+`,"onlyDevice":true}`, requests[len(requests)-1].Body)
	require.NoError(t, c.Migrate(t.Context(), d.UDID, target, &jamfschool.MigrateOptions{WithOwner: true}))
	requests = fake.Requests()
	assert.JSONEq(t, `{"locationId":`+id(target)+`}`, requests[len(requests)-1].Body)
}

func TestQuirk45MigrateMany(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	var udids []string
	seen := map[string]bool{}
	for _, d := range collect(t, c, nil) {
		if len(udids) < 44 && !seen[d.UDID] {
			udids = append(udids, d.UDID)
			seen[d.UDID] = true
		}
	}
	udids = append(udids, "00000000-0000-0000-0000-00000000beef")
	fake.Forget()
	result, err := c.MigrateMany(t.Context(), udids, otherLocation(t, c, 0), nil)
	require.NoError(t, err)
	assert.Equal(t, 3, fake.Count("PUT", "/devices/migrate"))
	assert.Len(t, result.NotFound, 1)
	assert.Len(t, append(append(result.Moved, result.Same...), result.Failed...), 44)
}

func TestQuirk46SmartGroup(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	d := collect(t, c, nil)[0]
	fake.Forget()
	_, err := c.AddToGroup(t.Context(), jamfschool.DeviceGroup{ID: 1, Smart: true}, []string{d.UDID})
	require.ErrorIs(t, err, mdm.ErrUnsupported)
	assert.Empty(t, fake.Requests())
	for g, err := range c.DeviceGroups(t.Context()) {
		require.NoError(t, err)
		if !g.Smart {
			_, err := c.AddToGroup(t.Context(), g, []string{d.UDID})
			require.NoError(t, err)
			n, err := c.RemoveFromGroup(t.Context(), g, []string{d.UDID})
			require.NoError(t, err)
			assert.EqualValues(t, 1, n)
			break
		}
	}
}

func TestQuirk47StaleRead(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	d := collect(t, c, nil)[0]
	fake.SetStaleReads(1)
	tag := "T-0815"
	require.NoError(t, c.SetDetails(t.Context(), d.UDID, jamfschool.Details{AssetTag: &tag}), "the write's own answer counts")
	_, err := c.Device(t.Context(), d.UDID, false)
	require.NoError(t, err)
	again, err := c.Device(t.Context(), d.UDID, false)
	require.NoError(t, err)
	assert.Equal(t, tag, again.AssetTag)
	assert.Equal(t, d.Notes, again.Notes, "only what was sent changes")
	require.ErrorIs(t, c.SetDetails(t.Context(), d.UDID, jamfschool.Details{}), mdm.ErrInvalid)
}

func TestQuirk48Options(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	d := collect(t, c, nil)[0]
	fake.Forget()
	ctx := t.Context()
	require.NoError(t, c.Restart(ctx, d.UDID, false))
	require.NoError(t, c.Restart(ctx, d.UDID, true))
	_, err := c.Refresh(ctx, d.UDID, false)
	require.NoError(t, err)
	require.NoError(t, c.Wipe(ctx, d.UDID, true))
	var bodies []string
	for _, r := range fake.Requests() {
		bodies = append(bodies, r.Body)
		assert.NotContains(t, r.Body, "false")
	}
	assert.Equal(t, []string{"", `{"clearPasscode":true}`, "", `{"clearActivationLock":true}`}, bodies)
}

// TestQuirk49Check also shows a check with the least rights, and that surplus
// rights are noted.
//
//mdm:feature 1.21 1.25 2.5 2.12
func TestQuirk49Check(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	before := collect(t, c, nil)
	fake.Forget()
	for rights, note := range map[jamfschooltest.Rights]string{
		jamfschooltest.Read: "may only read",
		jamfschooltest.Read | jamfschooltest.Add | jamfschooltest.Edit | jamfschooltest.Delete: "more than reading needs",
	} {
		fake.SetRights(fake.Key, rights)
		report := mdm.Summarise(c.Source().Check(t.Context()))
		require.True(t, report.OK, "%+v", report)
		var names, notes []string
		for _, s := range report.Steps {
			names = append(names, s.Name)
			if s.Result == mdm.StepNote {
				notes = append(notes, s.Reason)
			}
		}
		assert.Equal(t, []string{"reach", "product", "authenticate", "permission:list", "permission:command", "tenant", "sample"}, names)
		assert.Contains(t, strings.Join(notes, " "), note)
	}
	for _, r := range fake.Requests() {
		if r.Method == http.MethodGet && r.Path == "/devices" {
			assert.NotEmpty(t, r.Query, "the fleet is never read by a check")
		}
	}
	assert.Equal(t, before, collect(t, c, nil), "no side effects")
}

func TestQuirk50NoBodyWithGet(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	ctx := t.Context()
	collect(t, c, nil)
	for range c.Users(ctx, nil) {
	}
	for range c.UserGroups(ctx) {
	}
	for range c.Profiles(ctx) {
	}
	for range c.LibraryApps(ctx) {
	}
	for _, r := range fake.Requests() {
		assert.Empty(t, r.Body)
	}
}

// The fake has what public clients stumbled over; see the end of the
// reference's section 11.
func TestMistakesOfOthers(t *testing.T) {
	t.Parallel()
	d := oneDevice(t, fixtureElement(t))
	r := d.Record()
	assert.Equal(t, "17.6.1", r.OS.Version, "os is an object")
	assert.Equal(t, "02:00:5e:10:00:01", r.MAC(), "the address is in networkInformation")
	assert.Equal(t, "mira.falk", r.User.Login, "the list has the owner")
	assert.Equal(t, mdm.EnrolmentAutomated, r.Enrolment.Method, "the list has the enrolment type")
	assert.Equal(t, mdm.ClassTablet, r.Class, "model.type is a product line")
}

func TestTrashAndRestore(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	ctx := context.WithoutCancel(t.Context())
	all := collect(t, c, nil)
	d := all[0]
	require.NoError(t, c.Trash(ctx, d.UDID))
	assert.Len(t, collect(t, c, nil), len(all)-1)
	detail, err := c.Device(ctx, d.UDID, false)
	if err == nil {
		assert.Equal(t, mdm.StatusTrashed, detail.Record().Status)
	}
	require.NoError(t, c.Restore(ctx, d.UDID))
	assert.Len(t, collect(t, c, nil), len(all))
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	var all []jamfschool.Placeholder
	for p, err := range c.Placeholders(t.Context()) {
		require.NoError(t, err)
		all = append(all, p)
	}
	require.NotEmpty(t, all)
	p, err := c.Placeholder(t.Context(), strings.ToLower(all[0].SerialNumber))
	require.NoError(t, err)
	assert.Equal(t, all[0], p)
	_, err = c.Placeholder(t.Context(), "NOSUCHSERIAL")
	require.ErrorIs(t, err, mdm.ErrNotFound)
	for _, bad := range []string{"", "../users", "placeholders/profile"} {
		_, err = c.Placeholder(t.Context(), bad)
		require.ErrorIs(t, err, mdm.ErrInvalid, bad)
	}
	name := "Room 3"
	require.NoError(t, c.ChangePlaceholder(t.Context(), p.SerialNumber, jamfschool.PlaceholderChange{DeviceName: &name}))
	p, err = c.Placeholder(t.Context(), p.SerialNumber)
	require.NoError(t, err)
	assert.Equal(t, name, p.DeviceName)
	require.ErrorIs(t, c.ChangePlaceholder(t.Context(), p.SerialNumber, jamfschool.PlaceholderChange{}), mdm.ErrInvalid)
	require.ErrorIs(t, c.AssignProfile(t.Context(), nil, 3), mdm.ErrInvalid)
	require.NoError(t, c.AssignProfile(t.Context(), []string{p.SerialNumber}, 0))
	assert.Positive(t, fake.Count("POST", "/dep/placeholders/profile"))
}

func TestCellularPlan(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	d := firstDevice(t, c, func(d *jamfschool.Device) bool { return len(d.Subscriptions) > 0 })
	require.ErrorIs(t, c.RefreshCellularPlan(t.Context(), d.UDID, "http://carrier.example", false), mdm.ErrInvalid)
	require.NoError(t, c.RefreshCellularPlan(t.Context(), d.UDID, "https://carrier.example", false))
	require.NoError(t, c.Unenroll(t.Context(), d.UDID))
}

func TestReads(t *testing.T) {
	t.Parallel()
	c, _ := fakeTenant(t)
	ctx := t.Context()
	for g, err := range c.DeviceGroups(ctx) {
		require.NoError(t, err)
		one, err := c.DeviceGroup(ctx, g.ID)
		require.NoError(t, err)
		assert.Equal(t, g.Name, one.Name)
		break
	}
	for u, err := range c.Users(ctx, nil) {
		require.NoError(t, err)
		one, err := c.User(ctx, u.ID)
		require.NoError(t, err)
		assert.Equal(t, u.Email, one.Email)
		break
	}
	_, err := c.User(ctx, 99999999)
	require.ErrorIs(t, err, mdm.ErrNotFound)
	groups := 0
	for _, err := range c.UserGroups(ctx) {
		require.NoError(t, err)
		groups++
	}
	assert.Positive(t, groups)
	for p, err := range c.Profiles(ctx) {
		require.NoError(t, err)
		one, err := c.Profile(ctx, p.ID)
		require.NoError(t, err)
		assert.Equal(t, p, one)
		break
	}
	for a, err := range c.LibraryApps(ctx) {
		require.NoError(t, err)
		one, err := c.LibraryApp(ctx, a.ID)
		require.NoError(t, err)
		assert.Equal(t, a, one)
		break
	}
	d := firstDevice(t, c, func(d *jamfschool.Device) bool { return d.Owner != nil })
	apps, err := c.Apps(ctx, d.UDID)
	require.NoError(t, err)
	assert.NotEmpty(t, apps)
	raw := clientOf(t, jamfschooltest.New(nil), func(cfg *jamfschool.Config) { cfg.KeepRaw = true })
	assert.NotEmpty(t, collect(t, raw, nil)[0].Raw())
	detail, err := raw.Device(ctx, d.UDID, false)
	require.NoError(t, err)
	assert.Equal(t, d.Class, mdm.Value(detail, "raw:/class").Text)
}
