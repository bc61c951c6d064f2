package ade_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

func renewed(end time.Time) credentials {
	c := fresh(end)
	c.accessToken, c.accessSecret = "AT_O1Oaabbcc", "AS_ffeeddcc"
	return c
}

//mdm:feature 3.13 5.18
func TestCheckRenewal(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 1, 20, 9, 0, 0, 0, time.UTC)
	inUse := ade.Installed{Token: token(t, plain), Identity: school}
	year := now.AddDate(1, 0, 0)
	newer, older := token(t, renewed(year)), token(t, renewed(now.AddDate(0, 0, 5)))
	colleague := renewed(year)
	colleague.consumerKey = "CK_ffff"
	byColleague := token(t, colleague)
	change := func(f func(*ade.Identity)) *ade.Identity {
		i := school
		f(&i)
		return &i
	}
	other := change(func(i *ade.Identity) { i.ServerUUID = "00000000000000000000000000000001" })
	for name, tc := range map[string]struct {
		old   ade.Installed
		fresh ade.Token
		live  *ade.Identity
		opts  ade.RenewalOptions
		want  ade.Renewal
		err   error
	}{
		"renewed":                  {inUse, newer, &school, ade.RenewalOptions{}, ade.Renewal{Verified: true}, nil},
		"first":                    {ade.Installed{}, newer, &school, ade.RenewalOptions{}, ade.Renewal{Verified: true}, nil},
		"dashes and small letters": {inUse, newer, change(func(i *ade.Identity) { i.ServerUUID = "4f1c2b7a-90de-43b8-a6e5-d4c3b2a19087" }), ade.RenewalOptions{}, ade.Renewal{Verified: true}, nil},
		"renamed in the portal":    {inUse, newer, change(func(i *ade.Identity) { i.ServerName = "x" }), ade.RenewalOptions{}, ade.Renewal{Verified: true}, nil},
		"another administrator": {inUse, byColleague, change(func(i *ade.Identity) { i.AdminID = "new@example-school.org" }), ade.RenewalOptions{},
			ade.Renewal{Verified: true, Warnings: []ade.Warning{ade.WarnConsumer, ade.WarnAdmin}}, nil},
		"another server":             {inUse, newer, other, ade.RenewalOptions{}, ade.Renewal{}, ade.ErrOtherServer},
		"another server, on purpose": {inUse, newer, other, ade.RenewalOptions{ReplaceServer: true}, ade.Renewal{Verified: true, NewServer: true, Warnings: []ade.Warning{ade.WarnNewServer}}, nil},
		"another organisation": {inUse, newer, change(func(i *ade.Identity) { i.OrgID = "1"; i.ServerUUID = "2" }), ade.RenewalOptions{ReplaceServer: true, AllowUnverified: true},
			ade.Renewal{}, ade.ErrOtherOrganisation},
		"another organisation by its hash": {inUse, newer, change(func(i *ade.Identity) { i.OrgIDHash = "00" }), ade.RenewalOptions{}, ade.Renewal{}, ade.ErrOtherOrganisation},
		"organisation not told":            {inUse, newer, change(func(i *ade.Identity) { i.OrgID, i.OrgIDHash = "", "" }), ade.RenewalOptions{}, ade.Renewal{Verified: true}, nil},
		"older, and Apple takes it":        {inUse, older, &school, ade.RenewalOptions{}, ade.Renewal{Verified: true, Warnings: []ade.Warning{ade.WarnOlder, ade.WarnSoon}}, nil},
		"older, not confirmed":             {inUse, older, nil, ade.RenewalOptions{AllowUnverified: true}, ade.Renewal{}, ade.ErrOlderToken},
		"not confirmed":                    {inUse, newer, nil, ade.RenewalOptions{}, ade.Renewal{}, ade.ErrUnverified},
		"not confirmed, on purpose":        {inUse, newer, nil, ade.RenewalOptions{AllowUnverified: true}, ade.Renewal{Warnings: []ade.Warning{ade.WarnUnverified}}, nil},
		"the same":                         {inUse, inUse.Token, &school, ade.RenewalOptions{}, ade.Renewal{Verified: true, Warnings: []ade.Warning{ade.WarnSame, ade.WarnSoon}}, nil},
		"an answer without a server":       {inUse, newer, &ade.Identity{}, ade.RenewalOptions{}, ade.Renewal{}, ade.ErrUnverified},
		"expired":                          {inUse, token(t, renewed(now)), &school, ade.RenewalOptions{}, ade.Renewal{}, ade.ErrTokenExpired},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ade.CheckRenewal(t.Context(), tc.old, tc.fresh, tc.live, now, tc.opts)
			if tc.err != nil {
				require.ErrorIs(t, err, tc.err)
				assert.NotEmpty(t, mdm.Advice(err))
				assert.Zero(t, got)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
	_, err := ade.CheckRenewal(t.Context(), inUse, newer, other, now, ade.RenewalOptions{})
	assert.Contains(t, err.Error(), "the token in use has probably been invalidated")
}
