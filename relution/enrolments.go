package relution

import (
	"context"
	"iter"
	"time"

	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// AutoEnrolment is a device that a maker's programme has announced. One that
// was never enrolled is in no list of devices.
//
// Source: reference/relution.md 2.4, 11 row 30
type AutoEnrolment struct {
	UUID             string
	OrganizationUUID string
	Name             string
	SerialNumber     string
	Type             string // "DEP", "KME", "AUTOPILOT", "RAE", as reported
	Ownership        string // "COD", "BYOD", as reported
	UserUUID         string // who gets it; "" = nobody
	UserLogin        string
	DeviceUUID       string // of the device that it became; "" = never enrolled
	AssetTag         string // Apple's; DEP only
	Model            string // "" = not reported
	Colour           string // DEP only
	DEPAccountUUID   string // DEP only
	ProfileStatus    string // "EMPTY", "ASSIGNED", "PUSHED", "REMOVED", as reported; DEP only
	IMEI             string // KME only
	Assigned         time.Time
}

// AutoEnrolments lists what makers' programmes have announced.
//
// Source: reference/relution.md 2.4
//
//mdm:endpoint GET /api/management/v1/devices/autoEnrollments
//mdm:endpoint GET /api/v1/devices/autoEnrollments
//mdm:endpoint GET /relution/api/v1/devices/autoEnrollments
func (c *Client) AutoEnrolments(ctx context.Context) iter.Seq2[AutoEnrolment, error] {
	return list(ctx, c, call{op: opAutoEnrolments, endpoint: EndpointAutoEnrollments}, Filter{}, newAutoEnrolment)
}

func newAutoEnrolment(w *wire.AutoEnrollment) (AutoEnrolment, string) {
	t := &w.Details
	return AutoEnrolment{UUID: clean(w.UUID), OrganizationUUID: clean(w.Organization), Name: clean(w.Name), SerialNumber: clean(w.Serial),
		Type: clean(w.Type), Ownership: clean(w.Ownership), UserUUID: clean(w.UserUUID), UserLogin: clean(w.UserName),
		DeviceUUID: clean(w.Enrolled.Of.DeviceUUID), AssetTag: t.Text("assetTag"), Model: t.Text("model"), Colour: t.Text("color"),
		DEPAccountUUID: t.Text("depAccountUuid"), ProfileStatus: t.Text("profileStatus"), IMEI: t.Text("imei"),
		Assigned: w.Assigned.At()}, clean(w.UUID)
}

// DEPAccount is a connection of Relution to Apple Business Manager or Apple
// School Manager.
type DEPAccount struct {
	UUID         string
	ServerName   string
	Organization string    // as Apple knows it
	Expires      time.Time // of Apple's token inside Relution; zero = not reported
}

// DEPAccounts lists the connections to Apple's programme.
//
// Source: reference/relution.md 2.4
//
//mdm:endpoint GET /api/management/v1/devices/deps/accounts
//mdm:endpoint GET /api/v1/devices/deps/accounts
//mdm:endpoint GET /relution/api/v1/devices/deps/accounts
func (c *Client) DEPAccounts(ctx context.Context) iter.Seq2[DEPAccount, error] {
	return list(ctx, c, call{op: opDEPAccounts, endpoint: EndpointDEPAccounts}, Filter{}, func(w *wire.DEPAccount) (DEPAccount, string) {
		return DEPAccount{UUID: clean(w.UUID), ServerName: clean(w.ServerName), Organization: clean(w.Organization),
			Expires: w.Token.Of.Expiry.At()}, clean(w.UUID)
	})
}
