package intune

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/mdmlink/mdmlink/intune/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// AppleToken is a token of Apple's automated device enrolment inside Intune.
//
// Source: reference/intune.md 3.4
type AppleToken struct {
	ID       string
	Name     string
	AppleID  string // of whoever made it
	Type     string // "dep", "appleSchoolManager"
	Expires  time.Time
	LastSync time.Time // last sync that went well
	Error    int64     // of the last sync; 0 = none
	Devices  int64     // that Apple assigned
}

const appleTokensPath = beta + "/deviceManagement/depOnboardingSettings"

// AppleTokens lists the tokens of Apple's automated device enrolment, through
// the beta version, which alone has them.
//
// Source: reference/intune.md 2, 3.4
//
//mdm:endpoint GET /beta/deviceManagement/depOnboardingSettings
func (c *Client) AppleTokens(ctx context.Context) iter.Seq2[AppleToken, error] {
	return paged(ctx, c, opAppleTokens, appleTokensPath, nil, c.limits.enrolment,
		func(w wire.AppleToken) AppleToken {
			return AppleToken{ID: clean(w.ID), Name: clean(w.Name), AppleID: clean(w.AppleID), Type: clean(w.Type), Expires: moment(clean(w.Expires)),
				LastSync: moment(clean(w.Synced)), Error: w.ErrorCode.N, Devices: max(0, w.Devices.N)}
		})
}

// AppleDevice is a device that Apple assigned to the tenant, enrolled or not.
//
// Source: reference/intune.md 3.4
type AppleDevice struct {
	ID           string
	SerialNumber string
	Description  string
	Platform     string // "ios", "macOS" and others
	State        string // of the enrolment, as reported
	Source       string // "deviceEnrollmentProgram", "adminImport"
	Supervised   mdm.Flag
	Deleted      bool // was taken from the organisation at Apple
	ProfileID    string
	Added        time.Time
	LastContact  time.Time
}

// AppleDevices lists the devices that came with one of Apple's tokens, through
// the beta version, which alone has them.
//
// Source: reference/intune.md 2, 3.4
//
//mdm:endpoint GET /beta/deviceManagement/depOnboardingSettings/{id}/importedAppleDeviceIdentities
func (c *Client) AppleDevices(ctx context.Context, tokenID string) iter.Seq2[AppleDevice, error] {
	if err := c.checkID(opAppleDevices, tokenID); err != nil {
		return func(yield func(AppleDevice, error) bool) { yield(AppleDevice{}, err) }
	}
	return paged(ctx, c, opAppleDevices, appleTokensPath+"/"+url.PathEscape(tokenID)+"/importedAppleDeviceIdentities", nil, c.limits.enrolment, newAppleDevice)
}

func newAppleDevice(w wire.AppleDevice) AppleDevice {
	d := AppleDevice{ID: clean(w.ID), SerialNumber: clean(w.Serial), Description: clean(w.Description), Platform: clean(w.Platform),
		State: clean(w.State), Source: clean(w.Source), Deleted: w.Deleted.Yes, ProfileID: reference(w.ProfileID),
		Added: moment(clean(w.Created)), LastContact: moment(clean(w.Contacted))}
	if w.Supervised.Present {
		d.Supervised = mdm.No
		if w.Supervised.Yes {
			d.Supervised = mdm.Yes
		}
	}
	return d
}

// SyncAppleToken asks Intune to fetch the devices of one of Apple's tokens
// now. Apple allows it every 15 minutes; sooner is mdm.ErrConflict or
// mdm.ErrRateLimited.
//
// Source: reference/intune.md 2
//
//mdm:endpoint POST /beta/deviceManagement/depOnboardingSettings/{id}/syncWithAppleDeviceEnrollmentProgram
func (c *Client) SyncAppleToken(ctx context.Context, tokenID string) error {
	if err := c.checkID(opAppleSync, tokenID); err != nil {
		return err
	}
	return c.exchange(ctx, transport.Request{Op: opAppleSync, Method: http.MethodPost, Limiter: c.limits.enrolment,
		Path: appleTokensPath + "/" + url.PathEscape(tokenID) + "/syncWithAppleDeviceEnrollmentProgram"}, nil)
}

// PushCertificate is the certificate for Apple's push service. When it ends,
// no Apple device can be managed any more.
type PushCertificate struct {
	AppleID string // with which it has to be renewed
	Expires time.Time
}

// PushCertificate reads the certificate for Apple's push service; none is
// mdm.ErrNotFound.
//
// Source: reference/intune.md 2
//
//mdm:endpoint GET /v1.0/deviceManagement/applePushNotificationCertificate
func (c *Client) PushCertificate(ctx context.Context) (PushCertificate, error) {
	var w wire.PushCertificate
	if err := c.get(ctx, opPush, v1+"/deviceManagement/applePushNotificationCertificate", nil, &w, nil); err != nil {
		return PushCertificate{}, err
	}
	p := PushCertificate{AppleID: clean(w.AppleID), Expires: moment(clean(w.Expires))}
	if p.Expires.IsZero() {
		return PushCertificate{}, c.fail(opPush, mdm.ErrNotFound, "")
	}
	return p, nil
}
