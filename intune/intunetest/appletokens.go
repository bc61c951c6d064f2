package intunetest

import (
	"net/http"
	"slices"
	"time"
)

func tokenShelf(f *Fake) *shelf[depToken] {
	return &shelf[depToken]{"depOnboardingSetting", []property[depToken]{
		{name: "id", value: func(t depToken) any { return t.id }},
		{name: "appleIdentifier", value: func(t depToken) any { return t.appleID }},
		{name: "tokenExpirationDateTime", value: func(t depToken) any { return stamp(t.expires) }},
		{name: "lastModifiedDateTime", value: func(t depToken) any { return stamp(t.modified) }},
		{name: "lastSuccessfulSyncDateTime", value: func(t depToken) any { return stamp(t.synced) }},
		{name: "lastSyncTriggeredDateTime", value: func(t depToken) any { return stamp(t.triggered) }},
		{name: "shareTokenWithSchoolDataSyncService", value: func(depToken) any { return false }},
		{name: "lastSyncErrorCode", value: func(t depToken) any { return t.errorCode }},
		{name: "tokenType", value: func(t depToken) any { return t.kind }},
		{name: "tokenName", value: func(t depToken) any { return t.name }},
		{name: "syncedDeviceCount", value: func(t depToken) any {
			if t.id == f.world.depTokens[0].id {
				return len(f.imported)
			}
			return 0
		}},
		{name: "dataSharingConsentGranted", value: func(depToken) any { return true }},
		{name: "roleScopeTagIds", value: func(depToken) any { return []string{"0"} }},
	}}
}

// depToken is the enrolment token of the path; nil = there is none.
func (c *call) depToken() *depToken {
	for i := range c.f.world.depTokens {
		if t := &c.f.world.depTokens[i]; t.id == c.vars["id"] {
			return t
		}
	}
	return nil
}

func (c *call) listTokens() reply {
	s := tokenShelf(c.f)
	columns, refusal := s.selected(c)
	if refusal != nil {
		return *refusal
	}
	keep, refusal := s.filter(c)
	if refusal != nil {
		return *refusal
	}
	var rows []row
	for _, t := range c.f.world.depTokens {
		if s.keeps(keep, t) {
			rows = append(rows, row{t.name, t.id, func() any { return render(t, columns) }})
		}
	}
	slices.SortFunc(rows, less)
	return c.page(list{context: "deviceManagement/depOnboardingSettings", keys: [2]string{"LastTokenName", "LastId"}, size: 1000, most: 1000}, rows)
}

func (c *call) oneToken() reply {
	columns, refusal := tokenShelf(c.f).selected(c)
	if refusal != nil {
		return *refusal
	}
	t := c.depToken()
	if t == nil {
		return c.notFound()
	}
	return success(append(object{c.context("deviceManagement/depOnboardingSettings/$entity")}, render(*t, columns)...))
}

// syncToken asks Apple for changes, every 15 minutes at most.
func (c *call) syncToken() reply {
	t := c.depToken()
	if t == nil {
		return c.notFound()
	}
	if fm := c.form(); fm.err != nil {
		return c.nestedRefusal(fm.err.Error())
	}
	if c.now.Sub(t.triggered) < 15*time.Minute {
		return c.nested(http.StatusConflict, "Conflict", "A sync is already in progress")
	}
	t.triggered = c.now
	if c.now.Before(t.expires) {
		t.synced, t.errorCode = c.now, 0
	} else {
		t.errorCode = 3
	}
	return noContent()
}

// publicKey answers with an invented certificate for the renewal of a token.
func (c *call) publicKey() reply {
	if c.depToken() == nil {
		return c.notFound()
	}
	return success(object{c.context("Edm.String"), {"value", "TUlJQy1FWEFNUExFLUtFWS1GT1ItVEVTVFM="}})
}

// uploadToken renews a token for a year.
func (c *call) uploadToken() reply {
	t := c.depToken()
	if t == nil {
		return c.notFound()
	}
	fm := c.form("appleId", "depToken")
	id, content := field[string](fm, "appleId"), field[string](fm, "depToken")
	if fm.err != nil || id == "" || content == "" {
		return c.nestedRefusal("appleId and depToken are needed.")
	}
	t.appleID, t.expires, t.modified, t.errorCode = id, c.now.AddDate(1, 0, 0), c.now, 0
	return noContent()
}

// SetEnrolmentToken replaces the expiry and the error of the last sync (0 =
// none) of the token for Apple's automated enrolment.
func (f *Fake) SetEnrolmentToken(expires time.Time, errorCode int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.world.depTokens[0].expires, f.world.depTokens[0].errorCode = expires, errorCode
}

// SetPushExpiry sets when the certificate for Apple's push service ends.
func (f *Fake) SetPushExpiry(at time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pushExpiry = at
}

// pushCertificate answers with the certificate for Apple's push service.
func (c *call) pushCertificate() reply {
	return c.answer("deviceManagement/applePushNotificationCertificate/$entity", "applePushNotificationCertificate", object{
		{"id", uuid("push")}, {"appleIdentifier", "push@" + c.f.domain},
		{"topicIdentifier", "com.apple.mgmt.External.6f2d8c14-0000-4000-8000-1f2e3d4c5b6a"}, {"lastModifiedDateTime", stamp(c.f.pushExpiry.AddDate(-1, 0, 0))},
		{"expirationDateTime", stamp(c.f.pushExpiry)}, {"certificateUploadStatus", nil}, {"certificateUploadFailureReason", nil},
		{"certificateSerialNumber", "5A1B2C3D4E5F6071"},
	})
}

// vppTokens answers with the token for Apple's apps and books.
func (c *call) vppTokens() reply {
	state := "valid"
	if !c.now.Before(c.f.vppExpiry) {
		state = "expired"
	}
	token, refusal := c.selected("vppToken", object{
		{"id", uuid("vpp")}, {"organizationName", c.f.world.name}, {"vppTokenAccountType", "education"}, {"appleId", "apps@" + c.f.domain},
		{"expirationDateTime", stamp(c.f.vppExpiry)}, {"lastSyncDateTime", stamp(c.now.Add(-3 * time.Hour))}, {"token", "VPP-EXAMPLE-SECRET-0000"},
		{"state", state}, {"lastSyncStatus", "completed"},
	})
	if refusal != nil {
		return *refusal
	}
	return success(object{c.context("deviceAppManagement/vppTokens"), {"value", []object{token}}})
}

// importedIdentities answers with corporate identifiers: none were imported.
func (c *call) importedIdentities() reply {
	return success(object{c.context("deviceManagement/importedDeviceIdentities"), {"value", []any{}}})
}
