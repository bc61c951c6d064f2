package ade_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/ade"
	"github.com/mdmlink/mdmlink/mdm"
)

// Another server's token is refused and changes nothing; on purpose it is
// taken, and cursors are to be dropped.
func TestQuirk51OtherServer(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s := linked(t, r, "Server")
	other := school
	other.ServerUUID = "00000000000000000000000000000001"
	in := ade.Import{File: tokenFile(t, pair(0), renewed(time.Now().Add(year))), Confirm: confirms(other)}
	_, err := r.ImportToken(t.Context(), s.ID, in)
	require.ErrorIs(t, err, ade.ErrOtherServer)
	after, err := r.Server(t.Context(), s.ID)
	require.NoError(t, err)
	assert.Equal(t, s.Revision, after.Revision)
	in.Options.ReplaceServer = true
	got, err := r.ImportToken(t.Context(), s.ID, in)
	require.NoError(t, err)
	assert.True(t, got.NewServer)
	assert.Equal(t, other, got.Server.Identity)
}

func TestQuirk52OtherAdministrator(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s := linked(t, r, "Server")
	c := renewed(time.Now().Add(year))
	c.consumerKey = "CK_00ff"
	colleague := school
	colleague.AdminID = "colleague@example-school.org"
	got, err := r.ImportToken(t.Context(), s.ID, ade.Import{File: tokenFile(t, pair(0), c), Confirm: confirms(colleague), Reason: ade.ReasonLeft})
	require.NoError(t, err)
	assert.Equal(t, []ade.Warning{ade.WarnConsumer, ade.WarnAdmin}, got.Warnings)
	assert.False(t, got.NewServer)
	assert.Equal(t, ade.ReasonLeft, got.Server.Reason)
}

// A new certificate leaves the pair in use alone until a token for it came.
//
//mdm:feature 3.8
func TestQuirk56StagedKey(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s := linked(t, r, "Server")
	s, err := r.StageKey(t.Context(), s.ID, pair(1))
	require.NoError(t, err)
	assert.Equal(t, ade.StateValid, s.Condition.State, "the old token works until a new one is downloaded")
	assert.Equal(t, pair(0).Fingerprint(), s.Current.Fingerprint())
	assert.Equal(t, pair(1).Fingerprint(), s.Staged.Fingerprint())
	before := s.TokenID

	// A token for the pair in use does not promote the staged one.
	got, err := r.ImportToken(t.Context(), s.ID, ade.Import{File: tokenFile(t, pair(0), renewed(time.Now().Add(year))), Confirm: confirms(school), Reason: ade.ReasonExpiry})
	require.NoError(t, err)
	assert.Equal(t, pair(1).Fingerprint(), got.Server.Staged.Fingerprint())
	assert.NotEqual(t, before, got.Server.TokenID)
	assert.Empty(t, got.Warnings)

	// Without Apple's word the pair before is kept.
	in := ade.Import{File: tokenFile(t, pair(1), renewed(time.Now().Add(year+time.Hour)).with("AT_third")), Reason: ade.ReasonKey, Options: ade.RenewalOptions{AllowUnverified: true}}
	got, err = r.ImportToken(t.Context(), s.ID, in)
	require.NoError(t, err)
	assert.Equal(t, []ade.Warning{ade.WarnUnverified, ade.WarnKeyReplaced}, got.Warnings)
	s = got.Server
	assert.Nil(t, s.Staged)
	assert.Equal(t, pair(1).Fingerprint(), s.Current.Fingerprint())
	assert.Equal(t, pair(0).Fingerprint(), s.Previous.Fingerprint())
	assert.False(t, s.Verified)
	assert.Equal(t, ade.ReasonKey, s.Reason)

	// The first answer tells whose it is.
	other := school
	other.ServerUUID = "1"
	_, _, err = r.ConfirmIdentity(t.Context(), s.ID, s.TokenID, other, time.Now())
	require.ErrorIs(t, err, ade.ErrOtherServer)
	s, notices, err := r.ConfirmIdentity(t.Context(), s.ID, s.TokenID, school, time.Now())
	require.NoError(t, err)
	assert.True(t, s.Verified)
	assert.Nil(t, s.Previous)
	require.Len(t, notices, 1)
	assert.Equal(t, ade.StateValid, notices[0].To)
	_, notices, err = r.ConfirmIdentity(t.Context(), s.ID, s.TokenID, school, time.Now())
	require.NoError(t, err)
	assert.Empty(t, notices)
	_, _, err = r.ConfirmIdentity(t.Context(), s.ID, before, other, time.Now())
	assert.NoError(t, err, "what is said of a token that was replaced is of no account")

	s, err = r.DiscardKey(t.Context(), s.ID)
	require.NoError(t, err)
	assert.Equal(t, ade.StateValid, s.Condition.State)
	_, err = r.MarkUploaded(t.Context(), s.ID)
	assert.ErrorIs(t, err, ade.ErrNoKey)
}

// What Apple says to the new token decides what is stored.
func TestImportTokenConfirm(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer error
		allow  bool
		want   error
		state  ade.State
	}{
		"refused":               {&mdm.Error{Kind: mdm.ErrCredentialSuperseded}, true, mdm.ErrCredentialSuperseded, 0},
		"expired":               {&mdm.Error{Kind: mdm.ErrCredentialExpired}, true, mdm.ErrCredentialExpired, 0},
		"denied":                {ade.ErrAccessDenied, true, ade.ErrAccessDenied, 0},
		"cancelled":             {context.Canceled, true, context.Canceled, 0},
		"clock":                 {ade.ErrClockSkew, true, ade.ErrClockSkew, 0},
		"terms":                 {&mdm.Error{Kind: mdm.ErrTermsNotAccepted}, false, ade.ErrUnverified, 0},
		"terms, unverified":     {&mdm.Error{Kind: mdm.ErrTermsNotAccepted}, true, nil, ade.StateTerms},
		"no answer":             {&mdm.Error{Kind: mdm.ErrUnavailable}, false, ade.ErrUnverified, 0},
		"no answer, unverified": {&mdm.Error{Kind: mdm.ErrUnavailable}, true, nil, ade.StateUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registry(t)
			s := linked(t, r, "Server")
			got, err := r.ImportToken(t.Context(), s.ID, ade.Import{File: tokenFile(t, pair(0), renewed(time.Now().Add(year))), Confirm: fails(tc.answer),
				Options: ade.RenewalOptions{AllowUnverified: tc.allow}})
			after, failed := r.Server(t.Context(), s.ID)
			require.NoError(t, failed)
			if tc.want != nil {
				require.ErrorIs(t, err, tc.want)
				require.ErrorIs(t, err, tc.answer, "why Apple could not be asked")
				assert.Equal(t, s.TokenID, after.TokenID, "the stored one is kept")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tc.state, after.Condition.State)
			assert.NotEqual(t, s.TokenID, after.TokenID)
			assert.Equal(t, got.Server.TokenID, after.TokenID)
			assert.Equal(t, school, after.Identity, "who it was before is kept to compare with")
		})
	}
}

// A pair of the host's own is as good, and goes into the slot.
func TestImportTokenOwnPair(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s, err := r.AddServer(t.Context(), "Server", 0)
	require.NoError(t, err)
	keyOnly, err := ade.ReadKeyPair(t.Context(), ade.KeyFiles{Key: keyPEM(t, pair(2))})
	require.NoError(t, err)
	_, err = r.ImportToken(t.Context(), s.ID, ade.Import{File: tokenFile(t, pair(2), fresh(time.Now().Add(year))), Key: keyOnly, Confirm: confirms(school)})
	require.NoError(t, err)
	s, err = r.Server(t.Context(), s.ID)
	require.NoError(t, err)
	assert.Equal(t, pair(2).Fingerprint(), s.Current.Fingerprint())
	assert.Nil(t, s.Current.CertificatePEM())
}

// Of two people who import at a time, one is told so.
func TestImportTokenTwoPeople(t *testing.T) {
	t.Parallel()
	r := registry(t)
	s := linked(t, r, "Server")
	file := func(end time.Duration) []byte { return tokenFile(t, pair(0), renewed(time.Now().Add(end))) }
	_, err := r.ImportToken(t.Context(), s.ID, ade.Import{File: file(year), Confirm: func(ctx context.Context, _ ade.Token) (ade.Identity, error) {
		_, err := r.ImportToken(ctx, s.ID, ade.Import{File: file(year + time.Hour), Confirm: confirms(school)})
		assert.NoError(t, err)
		c := plain
		c.accessToken = "AT_other"
		_, err = r.ImportToken(ctx, s.ID, ade.Import{File: tokenFile(t, pair(0), fresh(time.Now().Add(year)).with(c.accessToken)), Confirm: confirms(school)})
		assert.NoError(t, err)
		return school, nil
	}})
	assert.ErrorIs(t, err, ade.ErrStale)
	_, err = r.ImportToken(t.Context(), s.ID, ade.Import{File: file(year), Confirm: func(ctx context.Context, _ ade.Token) (ade.Identity, error) {
		_, err := r.SetWindow(ctx, s.ID, time.Hour)
		return school, err
	}})
	assert.NoError(t, err, "a change of something else does no harm")
}

func (c credentials) with(accessToken string) credentials {
	c.accessToken = accessToken
	return c
}
