package jamfpro

import (
	"context"
	"errors"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Health reports whether the credentials work and, if they may be read, how
// long Apple's tokens inside Jamf Pro live. Those warn 30 days ahead.
func (s *Source) Health(ctx context.Context) ([]mdm.Health, error) {
	h := mdm.Health{Credential: "API client", State: mdm.HealthOK}
	if s.client.user {
		h.Credential = "account"
	}
	_, err := s.client.Version(ctx)
	switch mdm.Code(err) {
	case "":
		if err != nil {
			return nil, err
		}
	case "unauthorized", "permission_missing", "address_not_allowed", "credential_expired":
		h.State, h.Next, h.Err = mdm.HealthBroken, mdm.Advice(err), err
		return []mdm.Health{h}, nil
	default:
		return nil, err
	}
	all := []mdm.Health{h}
	for e, err := range s.client.Enrollments(ctx) {
		switch {
		case errors.Is(err, mdm.ErrPermissionMissing), missing(err):
			return all, nil
		case errors.Is(err, errLost):
			all = append(all, mdm.Health{Credential: "device enrolment token that cannot be read"})
			continue
		case errors.Is(err, mdm.ErrConflict): // more than all that could be read is not known
			return all, nil
		case err != nil:
			return nil, err
		}
		all = append(all, e.health(time.Now()))
	}
	return all, nil
}

// enrollmentWarning is how long before its expiry a token of Apple's needs
// attention.
const enrollmentWarning = 30 * 24 * time.Hour

func (e Enrollment) health(now time.Time) mdm.Health {
	h := mdm.Health{Credential: "device enrolment token " + e.Name, Expires: e.Expires, Warn: enrollmentWarning}
	const renew = "Renew the server token in Apple Business Manager or Apple School Manager and upload it in Jamf Pro under Settings > Global > Automated Device Enrollment."
	switch {
	case e.Expires.IsZero():
	case !now.Before(e.Expires):
		h.State, h.Next = mdm.HealthBroken, renew
		h.Err = &mdm.Error{Op: opEnrollments, Kind: mdm.ErrCredentialExpired}
	case e.Expires.Sub(now) < enrollmentWarning:
		h.State, h.Next = mdm.HealthWarn, renew
	default:
		h.State = mdm.HealthOK
	}
	return h
}
