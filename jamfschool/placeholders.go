package jamfschool

import (
	"context"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/jamfschool/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Placeholder is a device that automated enrolment knows, whether or not it
// was ever enrolled. Devices that were bought and never enrolled are found
// nowhere else.
//
// Source: reference/jamfschool.md 2.7
type Placeholder struct {
	ID           int64
	SerialNumber string
	LocationID   int64
	UserID       int64  // 0 = nobody
	Model        string // marketing text, not an identifier
	Colour       string
	Status       string    // "empty", "assigned", "pushed", "removed", as reported
	DeviceName   string    // name to give to the device; "" = none
	Profile      string    // name of the enrolment profile; "" = none
	Name         string    // name of the placeholder
	Added        time.Time // zero = not reported
	Assigned     time.Time // when a profile was assigned; zero = never
	Pushed       time.Time // when the device fetched the profile; zero = never
}

// Placeholders lists the enrolment placeholders. An error is the last element.
//
//mdm:endpoint GET /dep
func (c *Client) Placeholders(ctx context.Context) iter.Seq2[Placeholder, error] {
	return list(ctx, c, "placeholders", "/dep", nil, newPlaceholder, "placeholders")
}

// Placeholder reads the placeholder of a serial number.
//
//mdm:endpoint GET /dep/{serial}
func (c *Client) Placeholder(ctx context.Context, serial string) (Placeholder, error) {
	path, err := c.placeholderPath("placeholder", serial)
	if err != nil {
		return Placeholder{}, err
	}
	return one(ctx, c, "placeholder", path, newPlaceholder, "placeholder")
}

// PlaceholderChange says what to change. Fields that are nil stay as they are.
type PlaceholderChange struct {
	DeviceName *string
	UserID     *int64
	GroupIDs   []int64 // nil stays, empty clears
	ProfileID  *int64  // 0 takes the profile away
}

// ChangePlaceholder changes the placeholder of a serial number.
//
//mdm:endpoint POST /dep/{serial}
func (c *Client) ChangePlaceholder(ctx context.Context, serial string, change PlaceholderChange) error {
	path, err := c.placeholderPath("change placeholder", serial)
	if err != nil {
		return err
	}
	body := map[string]any{}
	if change.DeviceName != nil {
		body["deviceName"] = *change.DeviceName
	}
	if change.UserID != nil {
		body["userId"] = *change.UserID
	}
	if change.GroupIDs != nil {
		body["groupIds"] = change.GroupIDs
	}
	if change.ProfileID != nil {
		body["profileId"] = *change.ProfileID
	}
	if len(body) == 0 {
		return c.fail("change placeholder", mdm.ErrInvalid, "there is nothing to change")
	}
	return c.exchange(ctx, transport.Request{Op: "change placeholder", Method: http.MethodPost, Path: path, Body: body}, nil)
}

// AssignProfile assigns an enrolment profile to the placeholders of serial
// numbers; the profile 0 takes theirs away.
//
// Unverified: that the profile 0 takes profiles away here too.
//
//mdm:endpoint POST /dep/placeholders/profile
func (c *Client) AssignProfile(ctx context.Context, serials []string, profileID int64) error {
	for _, serial := range serials {
		if _, err := c.placeholderPath("assign profile", serial); err != nil {
			return err
		}
	}
	if len(serials) == 0 || profileID < 0 {
		return c.fail("assign profile", mdm.ErrInvalid, "give serial numbers and a profile")
	}
	body := map[string]any{"placeholderSerialNumbers": serials, "profileId": profileID}
	return c.exchange(ctx, transport.Request{Op: "assign profile", Method: http.MethodPost, Path: "/dep/placeholders/profile", Body: body}, nil)
}

// placeholderPath refuses a serial number that would lead elsewhere.
func (c *Client) placeholderPath(op, serial string) (string, error) {
	serial = strings.ToUpper(strings.TrimSpace(serial))
	strange := func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') }
	if serial == "" || len(serial) > 64 || strings.ContainsFunc(serial, strange) {
		return "", c.fail(op, mdm.ErrInvalid, "not a serial number of Apple's")
	}
	return "/dep/" + serial, nil
}

func newPlaceholder(w wire.Placeholder) Placeholder {
	return Placeholder{ID: w.ID.N, SerialNumber: clean(w.SerialNumber), LocationID: w.LocationID.N, UserID: w.UserID.N,
		Model: clean(w.Model), Colour: clean(w.Color), Status: clean(w.Status), DeviceName: clean(w.DeviceName),
		Profile: clean(w.ProfileName), Name: clean(w.PlaceholderName),
		Added: seconds(w.DateAdded), Assigned: seconds(w.DateAssigned), Pushed: seconds(w.DatePushed)}
}

func seconds(n json.Int) time.Time {
	if n.N <= 0 || n.N > 1<<40 {
		return time.Time{}
	}
	return time.Unix(n.N, 0).UTC()
}
