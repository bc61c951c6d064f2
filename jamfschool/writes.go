package jamfschool

import (
	"context"
	"net/http"
	"slices"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfschool/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Details are the parts of a device that an inventory may write. A nil field
// stays as it is; an empty text clears it.
//
// Writing the asset tag or the notes may have side effects: smart groups that
// follow from them install and remove profiles.
//
// Unverified: that an empty text clears.
type Details struct {
	AssetTag *string
	Notes    *string
}

// SetDetails writes asset tag, notes or both.
//
// Source: reference/jamfschool.md 5
//
//mdm:endpoint POST /devices/{udid}/details
func (c *Client) SetDetails(ctx context.Context, udid string, details Details) error {
	body := map[string]string{}
	if details.AssetTag != nil {
		body["assetTag"] = *details.AssetTag
	}
	if details.Notes != nil {
		body["notes"] = *details.Notes
	}
	if len(body) == 0 {
		return c.fail("set details", mdm.ErrInvalid, "there is nothing to set")
	}
	_, err := c.write(ctx, "set details", http.MethodPost, udid, "/details", body)
	return err
}

// SetOwner assigns a device to a user. The user 0 is refused, since the server
// would take the owner away: that is what ClearOwner is for.
//
// Source: reference/jamfschool.md 5
//
//mdm:endpoint PUT /devices/{udid}/owner
func (c *Client) SetOwner(ctx context.Context, udid string, userID int64) error {
	if userID <= 0 {
		return c.fail("set owner", mdm.ErrInvalid, "there is no such user; to take the owner away, call ClearOwner")
	}
	_, err := c.write(ctx, "set owner", http.MethodPut, udid, "/owner", map[string]int64{"user": userID})
	return err
}

// ClearOwner takes the owner away from a device.
//
// Source: reference/jamfschool.md 5
//
//mdm:endpoint PUT /devices/{udid}/owner
func (c *Client) ClearOwner(ctx context.Context, udid string) error {
	_, err := c.write(ctx, "clear owner", http.MethodPut, udid, "/owner", map[string]int64{"user": 0})
	return err
}

// MigrateOptions says what moves along. The zero value moves the device alone.
type MigrateOptions struct {
	// WithOwner moves the owner too, and with the owner all other devices of
	// that person. This is what the server does unless it is told otherwise.
	WithOwner bool
}

func (o *MigrateOptions) body(locationID int64) map[string]any {
	body := map[string]any{"locationId": locationID}
	if o == nil || !o.WithOwner {
		body["onlyDevice"] = true
	}
	return body
}

// Migrate moves a device to another location (school). Its owner and the
// owner's other devices stay where they are unless o says otherwise.
//
// Source: reference/jamfschool.md 5
//
//mdm:endpoint PUT /devices/{udid}/migrate
func (c *Client) Migrate(ctx context.Context, udid string, locationID int64, o *MigrateOptions) error {
	if locationID < 0 {
		return c.fail("migrate", mdm.ErrInvalid, "there is no such location")
	}
	_, err := c.write(ctx, "migrate", http.MethodPut, udid, "/migrate", o.body(locationID))
	return err
}

// Migrated says what became of the devices of a MigrateMany, by UDID.
type Migrated struct {
	Moved    []string
	Same     []string // were there already
	NotFound []string
	Failed   []string
}

// migrateBatch is how many devices one request may move.
const migrateBatch = 20

// MigrateMany moves devices to another location, 20 a request. Part of them
// may fail: the result says what became of each. On an error, the result
// holds what the requests before it did.
//
// Source: reference/jamfschool.md 5
//
//mdm:endpoint PUT /devices/migrate
func (c *Client) MigrateMany(ctx context.Context, udids []string, locationID int64, o *MigrateOptions) (Migrated, error) {
	var all Migrated
	if err := c.checkUDIDs("migrate", udids); err != nil {
		return all, err
	}
	if locationID < 0 {
		return all, c.fail("migrate", mdm.ErrInvalid, "there is no such location")
	}
	for batch := range slices.Chunk(udids, migrateBatch) {
		body := o.body(locationID)
		body["udids"] = batch
		var answer wire.Answer
		if err := c.exchange(ctx, transport.Request{Op: "migrate", Method: http.MethodPut, Path: "/devices/migrate", Body: body}, &answer); err != nil {
			return all, err
		}
		all.Moved = append(all.Moved, json.Texts(answer.DevicesMoved)...)
		all.Same = append(all.Same, json.Texts(answer.DevicesLocationSame)...)
		all.NotFound = append(all.NotFound, json.Texts(answer.DevicesNotFound)...)
		all.Failed = append(all.Failed, json.Texts(answer.DevicesMoveFailed)...)
	}
	return all, nil
}

// Trash moves a device to the trash, which frees its licence. Restore brings
// it back.
//
// Source: reference/jamfschool.md 5
//
//mdm:endpoint DELETE /devices/{udid}
func (c *Client) Trash(ctx context.Context, udid string) error {
	_, err := c.write(ctx, "trash", http.MethodDelete, udid, "", nil)
	return err
}

// Restore brings a device back from the trash.
//
// Source: reference/jamfschool.md 5
//
//mdm:endpoint POST /devices/{udid}/restore
func (c *Client) Restore(ctx context.Context, udid string) error {
	_, err := c.write(ctx, "restore", http.MethodPost, udid, "/restore", nil)
	return err
}

// write sends a request that changes one device. It is never repeated once it
// may have arrived: mdm.ErrOutcomeUnknown.
func (c *Client) write(ctx context.Context, op, method, udid, action string, body any) (wire.Answer, error) {
	path, err := c.devicePath(op, udid)
	if err != nil {
		return wire.Answer{}, err
	}
	var answer wire.Answer
	err = c.exchange(ctx, transport.Request{Op: op, Method: method, Path: path + action, Body: body}, &answer)
	return answer, err
}
