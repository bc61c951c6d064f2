package adetest

import (
	"encoding/hex"
	"net/http"
	"net/url"
)

// services are the smaller parts of the service.
type services struct {
	discovery map[string]discovery // by organisation
	noSeeds   bool
}

func newServices() services { return services{discovery: map[string]discovery{}} }

// Lock is an activation lock that the organisation has set.
type Lock struct {
	EscrowKey string // 64 hexadecimal digits; "" = none was sent
	Message   string
}

// Locked is the activation lock of a device; false = it has none.
func (f *Fake) Locked(serial string) (Lock, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if d := f.devices[serial]; d != nil && d.lock != nil {
		return *d.lock, true
	}
	return Lock{}, false
}

// lockRequest is the body of POST /device/activationlock.
type lockRequest struct {
	Device  string `json:"device"`
	Escrow  string `json:"escrow_key"`
	Message string `json:"lost_message"`
}

// activationLock serves POST /device/activationlock.
func (c *call) activationLock() reply {
	req, rep := decode[lockRequest](c)
	if rep != nil {
		return *rep
	}
	if req.Device == "" {
		return c.refuse("DEVICE_ID_REQUIRED", "no device")
	}
	if _, err := hex.DecodeString(req.Escrow); err != nil || req.Escrow != "" && len(req.Escrow) != 64 {
		return c.malformed("escrow_key is not 64 hexadecimal digits")
	}
	d, status := c.find(req.Device)
	switch {
	case d == nil:
	case !modern(c.entry.org):
		status = "ORG_NOT_SUPPORTED"
	case d.state.Family == "AppleTV":
		status = "DEVICE_NOT_SUPPORTED"
	case d.lock != nil:
		status = "DEVICE_ALREADY_LOCKED"
	default:
		d.lock = &Lock{req.Escrow, req.Message}
	}
	answer := map[string]string{"serial_number": req.Device, "response_status": status}
	if status == Absent {
		delete(answer, "response_status")
	}
	return success(answer)
}

// modern reports whether an organisation has all services.
func modern(o Organisation) bool { return o.Version == "v2" && o.Type != "tvprovider" }

// replacement serves GET /device/replacementDetails.
func (c *call) replacement() reply {
	serial := c.query.Get("device")
	if serial == "" {
		return c.refuse("DEVICE_ID_REQUIRED", "no device")
	}
	d, _ := c.find(serial)
	if d == nil || d.state.Replaces == "" {
		if c.f.wire.MissingIs404 {
			return fail(http.StatusNotFound, "NOT_FOUND")
		}
		return bad("DEVICE_NOT_FOUND")
	}
	return success(map[string]string{
		"serial_number": serial, "original_device_serial_number": d.state.Replaces,
		"replacement_date": d.state.ReplacedOn.UTC().Format("2006-01-02"),
	})
}

// discovery is the address for account-driven enrolment.
type discovery struct {
	URL     string `json:"mdm_service_discovery_url"`
	Updated string `json:"last_updated_timestamp"`
}

// getDiscovery serves GET /account-driven-enrollment/profile.
func (c *call) getDiscovery() reply {
	set, ok := c.f.discovery[c.entry.org.ID]
	switch {
	case !modern(c.entry.org):
		return bad("ORG_NOT_SUPPORTED")
	case !ok:
		return fail(http.StatusNotFound, "NOT_FOUND")
	}
	return success(set)
}

// setDiscovery serves POST /account-driven-enrollment/profile.
func (c *call) setDiscovery() reply {
	req, rep := decode[struct {
		URL string `json:"mdm_service_discovery_url"`
	}](c)
	if rep != nil {
		return *rep
	}
	u, err := url.Parse(req.URL)
	switch {
	case !modern(c.entry.org):
		return bad("ORG_NOT_SUPPORTED")
	case req.URL == "":
		return bad("MDM_SERVICE_DISCOVERY_URL_REQUIRED")
	case err != nil || u.Scheme != "https" || u.Host == "":
		return bad("MDM_SERVICE_DISCOVERY_URL_NOT_VALID")
	}
	c.f.discovery[c.entry.org.ID] = discovery{req.URL, c.time(c.now)}
	return c.written(map[string]string{"mdm_service_discovery_url": req.URL})
}

// clearDiscovery serves DELETE /account-driven-enrollment/profile.
func (c *call) clearDiscovery() reply {
	switch _, ok := c.f.discovery[c.entry.org.ID]; {
	case !modern(c.entry.org):
		return bad("ORG_NOT_SUPPORTED")
	case !ok:
		return fail(http.StatusNotFound, "NOT_FOUND")
	}
	delete(c.f.discovery, c.entry.org.ID)
	return reply{status: http.StatusOK}
}

// written answers a write with what was written, or with nothing.
func (c *call) written(body any) reply {
	if c.f.wire.EmptyWrites {
		return reply{status: http.StatusOK}
	}
	return success(body)
}

// SetSeeding turns the programme for beta versions on, as it is at first, or
// off.
func (f *Fake) SetSeeding(on bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.noSeeds = !on
}

// seed is a token for a beta version.
type seed struct {
	Token string `json:"token"`
	Title string `json:"title"`
	OS    string `json:"os"`
}

// betaTokens serves GET /os-beta-enrollment/tokens.
func (c *call) betaTokens() reply {
	if c.f.noSeeds {
		return fail(http.StatusForbidden, "APPLE_SEED_FOR_IT_TURNED_OFF")
	}
	all := []seed{
		{"9e8d7c6b5a4f3e2d1c0b", "iOS 27 Public Beta", "iOS"},
		{"1f2e3d4c5b6a79880011", "macOS 27 Developer Beta", "OSX"},
	}
	return success(map[string][]seed{"betaEnrollmentTokens": all, "seedBuildTokens": all[:1]})
}
