package abm

import (
	"context"

	"github.com/mdmlink/mdmlink/mdm"
)

// Health reports whether the key of the API account works. Keys have no known
// expiry; they can be revoked in the portal. A key that works for an account
// whose role is too small to read devices is a warning.
//
// Source: reference/apple.md 10.5
func (s *Source) Health(ctx context.Context) ([]mdm.Health, error) {
	h := mdm.Health{Credential: "API account key", State: mdm.HealthOK}
	_, err := s.client.sample(ctx)
	switch mdm.Code(err) {
	case "":
		if err != nil {
			return nil, err
		}
	case "permission_missing":
		h.State, h.Next, h.Err = mdm.HealthWarn, mdm.Advice(err), err
	case "unauthorized", "invalid":
		h.State, h.Next, h.Err = mdm.HealthBroken, mdm.Advice(err), err
	default:
		return nil, err
	}
	return []mdm.Health{h}, nil
}
