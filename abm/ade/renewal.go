package ade

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Identity says whose a token is, as Apple answers to GET /account.
//
// Source: reference/apple.md 4.1
type Identity struct {
	ServerUUID string `json:"server_uuid,omitzero"` // what a server entry is known by, in the form of NormaliseUUID
	ServerName string `json:"server_name,omitzero"` // may be changed in the portal: it identifies nothing
	OrgID      string `json:"org_id,omitzero"`      // "" = not told
	OrgIDHash  string `json:"org_id_hash,omitzero"` // "" = not told
	OrgName    string `json:"org_name,omitzero"`
	AdminID    string `json:"admin_id,omitzero"` // account of the person who downloaded the token: personal data
}

// IsZero reports whether nothing is known.
func (i Identity) IsZero() bool { return i == Identity{} }

// String names the server and the organisation by their ids: names and the
// account are personal data and reach no log. An encoder writes all of it.
func (i Identity) String() string {
	if i.IsZero() {
		return "not known"
	}
	return "server " + i.ServerUUID + " of organisation " + i.OrgID
}

// Format writes what String returns, whatever the verb.
func (i Identity) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, i.String()) }

// LogValue returns what String does.
func (i Identity) LogValue() slog.Value { return slog.StringValue(i.String()) }

// NormaliseUUID returns a server's UUID without dashes and in capitals: Apple
// wrote it with and without.
func NormaliseUUID(uuid string) string {
	return strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(uuid), "-", ""))
}

// Installed is the token that a server has and whose it is. The zero Installed
// is none.
type Installed struct {
	Token    Token
	Identity Identity // zero = Apple was never asked
}

// RenewalOptions say what a renewal may do that is refused otherwise.
type RenewalOptions struct {
	ReplaceServer   bool          // take the token of another server entry of the same organisation
	AllowUnverified bool          // take a token that Apple could not be asked about
	Window          time.Duration // warning window; 0 = DefaultWindow
}

// Renewal is the outcome of [CheckRenewal].
type Renewal struct {
	Warnings  []Warning // nil = none
	Verified  bool      // Apple said whose the token is
	NewServer bool      // another server entry: every cursor is to be dropped and all devices are to be fetched anew
}

// CheckRenewal says whether a token may take the place of the one in use, or
// be the first. live is what Apple answered to the new token, which is not
// stored yet; nil if Apple could not be asked, such as for new terms. The
// function is pure. The error Is ErrTokenExpired, ErrOtherServer,
// ErrOtherOrganisation, ErrOlderToken or ErrUnverified; the token in use is
// then best kept, though the download has probably ended it.
//
// Source: reference/apple.md 10.4
func CheckRenewal(ctx context.Context, old Installed, fresh Token, live *Identity, now time.Time, o RenewalOptions) (Renewal, error) {
	const op = "renewal"
	if !now.Before(fresh.Expiry) {
		return Renewal{}, fail(op, ErrTokenExpired, "")
	}
	before, after, err := revealBoth(ctx, old.Token, fresh)
	if err != nil {
		return Renewal{}, err
	}
	r := Renewal{Verified: live != nil}
	r.Warnings = append(r.Warnings, after.oddities()...)
	if !old.Token.IsZero() {
		r.compareTokens(before, after, old.Token, fresh)
	}
	switch {
	case live != nil:
		err = r.compareIdentities(old.Identity, *live, o)
	case slices.Contains(r.Warnings, WarnOlder):
		err = fail(op, ErrOlderToken, "")
	case !o.AllowUnverified:
		err = fail(op, ErrUnverified, "")
	default:
		r.Warnings = append(r.Warnings, WarnUnverified)
	}
	if err != nil {
		return Renewal{}, err
	}
	if (Expiry{At: fresh.Expiry, Window: o.Window}).State(now) == StateExpiring {
		r.Warnings = append(r.Warnings, WarnSoon)
	}
	return r, nil
}

func revealBoth(ctx context.Context, old, fresh Token) (before, after tokenJSON, err error) {
	if after, err = fresh.reveal(ctx); err != nil || old.IsZero() {
		return before, after, err
	}
	before, err = old.reveal(ctx)
	return before, after, err
}

// compareTokens compares what needs no answer of Apple's. Another consumer key
// is normal: another administrator downloaded the token.
func (r *Renewal) compareTokens(before, after tokenJSON, old, fresh Token) {
	switch {
	case before.AccessToken == after.AccessToken && before.ConsumerKey == after.ConsumerKey:
		r.Warnings = append(r.Warnings, WarnSame)
	case fresh.Expiry.Before(old.Expiry), fresh.Issued.Before(old.Issued) && !fresh.Issued.IsZero():
		r.Warnings = append(r.Warnings, WarnOlder)
	}
	if before.ConsumerKey != after.ConsumerKey {
		r.Warnings = append(r.Warnings, WarnConsumer)
	}
}

func (r *Renewal) compareIdentities(old, live Identity, o RenewalOptions) error {
	const op = "renewal"
	if live.ServerUUID == "" {
		return fail(op, ErrUnverified, "the answer names no server")
	}
	if differ(old.OrgID, live.OrgID) || differ(strings.ToLower(old.OrgIDHash), strings.ToLower(live.OrgIDHash)) {
		return fail(op, ErrOtherOrganisation, "")
	}
	if differ(NormaliseUUID(old.ServerUUID), NormaliseUUID(live.ServerUUID)) {
		if !o.ReplaceServer {
			return fail(op, ErrOtherServer, "")
		}
		r.NewServer = true
		r.Warnings = append(r.Warnings, WarnNewServer)
	}
	if differ(strings.ToLower(old.AdminID), strings.ToLower(live.AdminID)) {
		r.Warnings = append(r.Warnings, WarnAdmin)
	}
	return nil
}

// differ compares what both sides tell.
func differ(a, b string) bool { return a != "" && b != "" && a != b }
