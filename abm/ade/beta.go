package ade

import (
	"context"
	"errors"

	"github.com/mdmlink/mdmlink/abm/ade/internal/wire"
	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// BetaProgramme is a programme of test versions that devices can be enrolled
// in.
type BetaProgramme struct {
	Token mdm.Secret // enrols a device
	Title string     // such as "iOS 27 Public Beta"
	OS    string     // "iOS", "OSX", "tvOS", "visionOS", "watchOS", "homePodOS", or another
}

// BetaProgrammes lists the programmes of test versions. There are none, and no
// error, where the organisation has them turned off.
//
// Source: reference/apple.md 3, 4.7
//
//mdm:endpoint GET /os-beta-enrollment/tokens
func (c *Client) BetaProgrammes(ctx context.Context) ([]BetaProgramme, error) {
	var answer wire.Beta
	err := c.exchange(ctx, transport.Request{Op: opBeta, Path: "/os-beta-enrollment/tokens"}, &answer)
	if e, ok := errors.AsType[*mdm.Error](err); ok && e.Vendor == codeSeedOff {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []BetaProgramme
	seen := map[wire.BetaToken]bool{}
	for _, list := range []json.List[wire.BetaToken]{answer.Enrolment, answer.Seed} { // the second is not documented and repeats the first
		for _, w := range list.Of {
			if clean(w.Token) == "" || seen[w] {
				continue
			}
			seen[w] = true
			all = append(all, BetaProgramme{Token: mdm.NewSecret(clean(w.Token)), Title: clean(w.Title), OS: clean(w.OS)})
		}
	}
	return all, nil
}
