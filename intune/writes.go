package intune

import (
	"context"
	"net/http"

	"github.com/mdmlink/mdmlink/mdm"
)

// Details are what can be changed of a device's record. nil leaves a field as
// it is.
//
// Source: reference/intune.md 2
type Details struct {
	ManagementName *string
	OwnerType      *string // "company" or "personal"
	Notes          *string
}

// SetDevice changes a device's record. The name that a person sees is changed
// with Rename. code is that of an approval by a second administrator; "" = none.
// A tenant that demands one answers mdm.ErrApprovalRequired, with a code for
// ApprovalCode; with it the same change has to be asked for again.
//
// Source: reference/intune.md 2, 5.4
//
// Unverified: that notes can be written.
//
//mdm:endpoint PATCH /v1.0/deviceManagement/managedDevices/{id}
func (c *Client) SetDevice(ctx context.Context, id string, d Details, code string) error {
	if err := c.checkID(opUpdate, id); err != nil {
		return err
	}
	body := map[string]string{}
	for name, value := range map[string]*string{"managedDeviceName": d.ManagementName, "managedDeviceOwnerType": d.OwnerType, "notes": d.Notes} {
		if value != nil {
			body[name] = *value
		}
	}
	if owner := d.OwnerType; owner != nil && *owner != "company" && *owner != "personal" {
		return c.fail(opUpdate, mdm.ErrInvalid, "an owner is company or personal")
	}
	if len(body) == 0 {
		return c.fail(opUpdate, mdm.ErrInvalid, "nothing is to be changed")
	}
	return c.write(ctx, opUpdate, http.MethodPatch, v1+devicesPath+"/"+lower(id), body, code)
}

// SetCategory puts a device into a category of Categories. code is that of an
// approval, as with SetDevice.
//
// Source: reference/intune.md 2, 5.4
//
//mdm:endpoint PUT /v1.0/deviceManagement/managedDevices/{id}/deviceCategory/$ref
func (c *Client) SetCategory(ctx context.Context, id, categoryID, code string) error {
	for _, text := range []string{id, categoryID} {
		if err := c.checkID(opSetCategory, text); err != nil {
			return err
		}
	}
	body := map[string]string{"@odata.id": clouds[c.cfg.Cloud].graph + v1 + "/deviceManagement/deviceCategories/" + lower(categoryID)}
	return c.write(ctx, opSetCategory, http.MethodPut, v1+devicesPath+"/"+lower(id)+"/deviceCategory/$ref", body, code)
}
