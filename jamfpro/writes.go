package jamfpro

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Details are the parts of a device that an inventory may write. A nil field
// stays as it is; an empty text clears it.
//
// Unverified: that an empty text clears.
type Details struct {
	AssetTag     *string
	SiteID       *string // "" = no site
	Username     *string
	RealName     *string
	Email        *string
	Position     *string
	Phone        *string // the user's
	Room         *string
	BuildingID   *string // "" = none
	DepartmentID *string // "" = none
	OrderNumber  *string
	Vendor       *string
	Price        *string

	// Of both, the day in UTC counts. A date cannot be cleared, since it is not
	// known how: the zero time is mdm.ErrInvalid.
	PurchaseDate *time.Time
	WarrantyEnd  *time.Time

	// Attributes are the extension attributes to set: of computers by ID, of
	// mobile devices by Name. No values clear one. The value of a script
	// cannot be set.
	Attributes []Attribute
}

// SetComputerDetails writes to the record of a computer.
//
// Source: reference/jamfpro.md 2.2
//
//mdm:endpoint PATCH /api/v4/computers-inventory-detail/{id}
//mdm:endpoint PATCH /api/v3/computers-inventory-detail/{id}
//mdm:endpoint PATCH /api/v2/computers-inventory-detail/{id}
//mdm:endpoint PATCH /api/v1/computers-inventory-detail/{id}
func (c *Client) SetComputerDetails(ctx context.Context, id string, details Details) error {
	body, err := c.patch(opSetComputer, id, details, details.computer())
	if err != nil {
		return err
	}
	if err := c.settled(ctx); err != nil {
		return err
	}
	return c.byGeneration(ctx, func(generation int) error {
		return c.write(ctx, opSetComputer, http.MethodPatch, strings.Replace(computersPath(generation), "inventory", "inventory-detail", 1)+"/"+id, body)
	})
}

// SetMobileDeviceDetails writes to the record of a mobile device. Order number,
// vendor, price and the dates have a place that depends on the type of the
// device, which is read first if one of them is set and needs the right to read
// it; devices other than iPhones, iPads and Apple TVs have none, and give
// mdm.ErrUnsupported.
//
// Source: reference/jamfpro.md 2.3
//
//mdm:endpoint PATCH /api/v2/mobile-devices/{id}
func (c *Client) SetMobileDeviceDetails(ctx context.Context, id string, details Details) error {
	body, err := c.patch(opSetMobile, id, details, details.mobile())
	if err != nil {
		return err
	}
	if purchase, there := body[anyType]; there {
		place, err := c.purchasePlace(ctx, id)
		if err != nil {
			return err
		}
		delete(body, anyType)
		body[place] = purchase
	}
	return c.write(ctx, opSetMobile, http.MethodPatch, "/api/v2/mobile-devices/"+id, body)
}

// purchasePlace reads what kind of device the purchase of a mobile device is
// written for.
func (c *Client) purchasePlace(ctx context.Context, id string) (string, error) {
	d, err := c.MobileDevice(ctx, id, SectionGeneral)
	if err != nil {
		return "", err
	}
	switch place := strings.ToLower(d.Type); place {
	case "ios", "tvos":
		return place, nil
	}
	return "", &mdm.Error{Op: opSetMobile, Origin: c.info.Origin, Kind: mdm.ErrUnsupported,
		Detail: "Jamf Pro takes no purchase data of this type of device",
		Advice: "Leave out order number, vendor, price and the dates: they can be written for iPhones, iPads and Apple TVs only."}
}

// RenameMobileDevice gives a supervised mobile device another name, by a
// command. A computer's name in the record is overwritten by its own.
//
// Source: reference/jamfpro.md 5.2
//
//mdm:endpoint PATCH /api/v2/mobile-devices/{id}
func (c *Client) RenameMobileDevice(ctx context.Context, id, name string) error {
	op := mdm.Rename{}.Name() + onMobile
	if strings.TrimSpace(name) == "" {
		return c.fail(op, mdm.ErrInvalid, "the name is empty")
	}
	if err := c.checkID(op, id); err != nil {
		return err
	}
	return c.write(ctx, op, http.MethodPatch, "/api/v2/mobile-devices/"+id, map[string]any{"name": name})
}

// patch checks a change and returns what to send.
func (c *Client) patch(op, id string, details Details, body map[string]any) (map[string]any, error) {
	if err := c.checkID(op, id); err != nil {
		return nil, err
	}
	for _, date := range []*time.Time{details.PurchaseDate, details.WarrantyEnd} {
		if date != nil && date.IsZero() {
			return nil, c.fail(op, mdm.ErrInvalid, "a date cannot be cleared")
		}
	}
	for _, a := range details.Attributes {
		switch {
		case a.Input != "" && a.Input != "TEXT" && a.Input != "POPUP":
			return nil, c.fail(op, mdm.ErrInvalid, "an extension attribute that is computed cannot be set")
		case op == opSetComputer && c.checkID(op, a.ID) != nil:
			return nil, c.fail(op, mdm.ErrInvalid, "an extension attribute of a computer needs its id")
		case op == opSetMobile && a.Name == "":
			return nil, c.fail(op, mdm.ErrInvalid, "an extension attribute of a mobile device needs its name")
		}
	}
	if len(body) == 0 {
		return nil, c.fail(op, mdm.ErrInvalid, "there is nothing to set")
	}
	return body, nil
}

// object collects the members that are to be sent.
type object map[string]any

func (o object) text(name string, value *string) {
	if value != nil {
		o[name] = *value
	}
}

// reference writes an id, for which "" means none.
func (o object) reference(name string, value *string) {
	if value != nil && *value == "" {
		o[name] = "-1"
		return
	}
	o.text(name, value)
}

func (o object) time(name string, value *time.Time, layout string) {
	if value != nil {
		o[name] = value.UTC().Format(layout)
	}
}

func (o object) object(name string, inner object) {
	if len(inner) > 0 {
		o[name] = inner
	}
}

func (d Details) computer() map[string]any {
	body, general, user, purchase := object{}, object{}, object{}, object{}
	general.text("assetTag", d.AssetTag)
	general.reference("siteId", d.SiteID)
	user.text("username", d.Username)
	user.text("realname", d.RealName)
	user.text("email", d.Email)
	user.text("position", d.Position)
	user.text("phone", d.Phone)
	user.text("room", d.Room)
	user.reference("buildingId", d.BuildingID)
	user.reference("departmentId", d.DepartmentID)
	d.purchase(purchase, "warrantyDate", time.DateOnly)
	body.object("general", general)
	body.object("userAndLocation", user)
	body.object("purchasing", purchase)
	var attributes []object
	for _, a := range d.Attributes {
		attributes = append(attributes, object{"definitionId": a.ID, "values": values(a)})
	}
	if attributes != nil {
		body["extensionAttributes"] = attributes
	}
	return body
}

// anyType stands for the member whose name is the type of the device.
const anyType = ""

func (d Details) mobile() map[string]any {
	body, user, purchase := object{}, object{}, object{}
	body.text("assetTag", d.AssetTag)
	body.reference("siteId", d.SiteID)
	user.text("username", d.Username)
	user.text("realName", d.RealName)
	user.text("emailAddress", d.Email)
	user.text("position", d.Position)
	user.text("phoneNumber", d.Phone)
	user.text("room", d.Room)
	user.reference("buildingId", d.BuildingID)
	user.reference("departmentId", d.DepartmentID)
	d.purchase(purchase, "warrantyExpiresDate", "2006-01-02T00:00:00Z")
	body.object("location", user)
	if len(purchase) > 0 {
		body[anyType] = object{"purchasing": purchase}
	}
	var attributes []object
	for _, a := range d.Attributes {
		attribute := object{"name": a.Name, "value": values(a)}
		if a.Type != "" {
			attribute["type"] = a.Type
		}
		attributes = append(attributes, attribute)
	}
	if attributes != nil {
		body["updatedExtensionAttributes"] = attributes
	}
	return body
}

func (d Details) purchase(o object, warranty, layout string) {
	o.text("poNumber", d.OrderNumber)
	o.text("vendor", d.Vendor)
	o.text("purchasePrice", d.Price)
	o.time("poDate", d.PurchaseDate, layout)
	o.time(warranty, d.WarrantyEnd, layout)
}

// values are those of an attribute; none are an empty list and not null.
func values(a Attribute) []string {
	if a.Values == nil {
		return []string{}
	}
	return a.Values
}

// write sends a request that changes something and whose answer nobody needs.
// It is never repeated once it may have arrived: mdm.ErrOutcomeUnknown.
func (c *Client) write(ctx context.Context, op, method, path string, body any) error {
	return c.exchange(ctx, transport.Request{Op: op, Method: method, Path: path, Body: body}, nil)
}

// post sends a POST and reads its answer into v, which may be nil.
func (c *Client) post(ctx context.Context, op, path string, body, v any) error {
	return c.exchange(ctx, transport.Request{Op: op, Method: http.MethodPost, Path: path, Body: body}, v)
}
