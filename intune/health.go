package intune

import (
	"context"
	"errors"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Health reports whether the credentials work and, if they may be read, how
// long Apple's tokens and the push certificate inside Intune live. Those warn
// 30 days ahead.
func (s *Source) Health(ctx context.Context) ([]mdm.Health, error) {
	h := mdm.Health{Credential: "application", State: mdm.HealthOK}
	if cert := s.client.cfg.Certificate; cert != nil {
		h = expiring(mdm.Health{Credential: "certificate of the application", Expires: cert.Expires()}, "Upload a new certificate to the app registration.")
	}
	_, err := s.client.Account(ctx)
	switch mdm.Code(err) {
	case "":
		if err != nil {
			return nil, err
		}
	case "unauthorized", "permission_missing", "consent_missing", "credential_expired", "wrong_tenant", "address_not_allowed", "unsupported":
		h.State, h.Next, h.Err = mdm.HealthBroken, mdm.Advice(err), err
		return []mdm.Health{h}, nil
	default:
		return nil, err
	}
	all := []mdm.Health{h}
	push, err := s.client.PushCertificate(ctx)
	switch {
	case err == nil:
		all = append(all, expiring(mdm.Health{Credential: "Apple push certificate", Expires: push.Expires},
			"Renew the certificate with the same Apple account in the Intune admin center under Devices > Enrollment > Apple."))
	case !optional(err):
		return nil, err
	}
	for t, err := range s.client.AppleTokens(ctx) {
		switch {
		case optional(err):
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, t.health())
	}
	return all, nil
}

// optional reports whether an error only says that something may not be read
// or is not there.
func optional(err error) bool {
	return errors.Is(err, mdm.ErrPermissionMissing) || errors.Is(err, mdm.ErrNotFound)
}

func (t AppleToken) health() mdm.Health {
	h := expiring(mdm.Health{Credential: "device enrolment token " + t.Name, Expires: t.Expires},
		"Renew the server token in Apple Business Manager or Apple School Manager and upload it in the Intune admin center under Devices > Enrollment > Apple.")
	if t.Error != 0 && h.State == mdm.HealthOK {
		h.State, h.Next = mdm.HealthWarn, "The last sync with Apple failed: look at the token in the Intune admin center; new terms may wait for a signature at Apple."
	}
	return h
}

// expiryWarning is how long before its end something needs attention.
const expiryWarning = 30 * 24 * time.Hour

// expiring completes the health of something that ends.
func expiring(h mdm.Health, renew string) mdm.Health {
	h.Warn = expiryWarning
	switch left := time.Until(h.Expires); {
	case h.Expires.IsZero():
	case left <= 0:
		h.State, h.Next = mdm.HealthBroken, renew
		h.Err = &mdm.Error{Op: "health", Kind: mdm.ErrCredentialExpired}
	case left < expiryWarning:
		h.State, h.Next = mdm.HealthWarn, renew
	default:
		h.State = mdm.HealthOK
	}
	return h
}
