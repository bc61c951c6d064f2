package intune_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	readDevices  = "DeviceManagementManagedDevices.Read.All"
	writeDevices = "DeviceManagementManagedDevices.ReadWrite.All"
	privileged   = "DeviceManagementManagedDevices.PrivilegedOperations.All"
	readService  = "DeviceManagementServiceConfig.Read.All"
	writeService = "DeviceManagementServiceConfig.ReadWrite.All"
	readConfig   = "DeviceManagementConfiguration.Read.All"
)

// needy is something that needs permissions.
type needy struct {
	name   string
	rights []string
	report bool // through reports
	do     func(ctx context.Context, c *intune.Client, at place) error
}

// place are ids that a fake knows.
type place struct{ device, directory, category, token, approval string }

// last is the error with which a list ends.
func last[T any](all func(func(T, error) bool)) error {
	var failed error
	n := 0
	for _, err := range all {
		failed = err
		n++
	}
	if n == 0 {
		return errors.New("nothing came")
	}
	return failed
}

// abilities are those of the table of the settings form.
func abilities() []needy {
	right := intune.Settings().Right
	all := []needy{
		{"list", right(mdm.AbilityList, "devices"), false, func(ctx context.Context, c *intune.Client, _ place) error {
			return whole(c.Source().Pages(ctx, mdm.Query{Want: everything()}))
		}},
		{"list through a report", right(mdm.AbilityList, "report"), true, func(ctx context.Context, c *intune.Client, _ place) error {
			return whole(c.Source().Pages(ctx, mdm.Query{}))
		}},
		{"batch", right(mdm.AbilityBatch, ""), false, func(ctx context.Context, c *intune.Client, at place) error {
			return last(c.Source().DeviceBatch(ctx, []string{at.device}))
		}},
		{"check", right(mdm.AbilityCheck, "connection"), false, func(ctx context.Context, c *intune.Client, _ place) error {
			failed, _ := mdm.Summarise(c.Source().Check(ctx)).Failed()
			return failed.Err
		}},
		{"software of a device", right(mdm.AbilitySoftware, "device"), false, func(ctx context.Context, c *intune.Client, at place) error {
			return last(c.Source().Software(ctx, []string{at.device}))
		}},
		{"software of the fleet", right(mdm.AbilitySoftware, "fleet"), false, func(ctx context.Context, c *intune.Client, _ place) error {
			return last(c.Source().Software(ctx, nil))
		}},
		{"health of Apple's tokens", right(mdm.AbilityHealth, "Apple enrolment tokens"), false, func(ctx context.Context, c *intune.Client, _ place) error {
			return last(c.AppleTokens(ctx))
		}},
		{"health of the push certificate", right(mdm.AbilityHealth, "Apple push certificate"), false, func(ctx context.Context, c *intune.Client, _ place) error {
			_, err := c.PushCertificate(ctx)
			return err
		}},
		{"write of a record", right(mdm.AbilityWrite, "record"), false, func(ctx context.Context, c *intune.Client, at place) error {
			notes := "Room 7"
			return c.SetDevice(ctx, at.device, intune.Details{Notes: &notes}, "")
		}},
		{"write of a category", right(mdm.AbilityWrite, "category"), false, func(ctx context.Context, c *intune.Client, at place) error {
			return c.SetCategory(ctx, at.device, at.category, "")
		}},
	}
	for _, command := range every {
		all = append(all, needy{"command " + command.Name(), right(mdm.AbilityCommand, command.Name()), false, func(ctx context.Context, c *intune.Client, at place) error {
			rec := mdm.Record{Origin: c.Info().Origin, ID: at.device, Platform: mdm.PlatformIPadOS}
			_, err := c.Source().Send(ctx, rec, command)
			return err
		}})
	}
	return all
}

// calls are typed calls that no ability uses.
func calls() []needy {
	return []needy{
		{"account", []string{readDevices}, false, func(ctx context.Context, c *intune.Client, _ place) error {
			_, err := c.Account(ctx)
			return err
		}},
		{"subscription", []string{readDevices}, false, func(ctx context.Context, c *intune.Client, _ place) error {
			_, err := c.Subscription(ctx)
			return err
		}},
		{"organization", []string{readService}, false, func(ctx context.Context, c *intune.Client, _ place) error {
			_, err := c.Organization(ctx)
			return err
		}},
		{"enrolled", []string{readDevices}, false, func(ctx context.Context, c *intune.Client, _ place) error {
			_, err := c.Enrolled(ctx)
			return err
		}},
		{"apps", []string{readDevices}, false, func(ctx context.Context, c *intune.Client, _ place) error { return last(c.Apps(ctx)) }},
		{"categories", []string{readDevices}, false, func(ctx context.Context, c *intune.Client, _ place) error { return last(c.Categories(ctx)) }},
		{"user", []string{"User.ReadBasic.All"}, false, func(ctx context.Context, c *intune.Client, _ place) error {
			_, err := c.User(ctx, "nobody@district.example")
			return found(err)
		}},
		{"primary user", []string{readDevices}, false, func(ctx context.Context, c *intune.Client, at place) error {
			_, err := c.PrimaryUser(ctx, at.device)
			return found(err)
		}},
		{"groups", []string{"Device.Read.All"}, false, func(ctx context.Context, c *intune.Client, at place) error { return last(c.Groups(ctx, at.directory)) }},
		{"autopilot", []string{readService}, false, func(ctx context.Context, c *intune.Client, _ place) error { return last(c.AutopilotDevices(ctx)) }},
		{"apple devices", []string{readService}, false, func(ctx context.Context, c *intune.Client, at place) error {
			return last(c.AppleDevices(ctx, at.token))
		}},
		{"apple sync", []string{writeService}, false, func(ctx context.Context, c *intune.Client, at place) error { return c.SyncAppleToken(ctx, at.token) }},
		{"approval", []string{readConfig}, false, func(ctx context.Context, c *intune.Client, at place) error {
			_, err := c.Approval(ctx, at.approval)
			return found(err)
		}},
		{"locate", []string{readDevices, privileged}, false, func(ctx context.Context, c *intune.Client, at place) error { return c.Locate(ctx, at.device, "") }},
		{"actions", []string{readDevices}, false, func(ctx context.Context, c *intune.Client, at place) error {
			_, err := c.Actions(ctx, at.device)
			return err
		}},
	}
}

// found takes it for enough that the service looked.
func found(err error) error {
	if errors.Is(err, mdm.ErrNotFound) {
		return nil
	}
	return err
}

// whole is the error of a listing, also of one that is not complete.
func whole(pages func(func(mdm.Page, error) bool)) error {
	for page, err := range pages {
		switch {
		case err != nil:
			return err
		case page.End != nil && !page.End.Complete:
			return errors.New(page.End.Why)
		}
	}
	return nil
}

// TestLeastRights needs no more permissions than the table says, ability by
// ability and call by call, and each of them: without one the error says which.
func TestLeastRights(t *testing.T) {
	t.Parallel()
	for _, n := range append(abilities(), calls()...) {
		require.NotEmpty(t, n.rights, n.name)
		for _, without := range append([]string{""}, n.rights...) {
			if without == readDevices && slices.Contains(n.rights, writeDevices) {
				continue // who may write may read
			}
			synctest.Test(t, func(t *testing.T) {
				err := n.try(t, without)
				if without == "" {
					require.NoError(t, err, n.name)
					return
				}
				require.ErrorIs(t, err, mdm.ErrPermissionMissing, "%s without %s", n.name, without)
				assert.Contains(t, err.Error(), without, n.name)
				assert.Contains(t, mdm.Advice(err), without, n.name)
			})
		}
	}
}

// try does it with exactly its permissions but one, and one that does not
// help.
func (n needy) try(t *testing.T, without string) error {
	fake := intunetest.New(fleet.New(fleet.Options{Devices: 60, Windows: 20}))
	admin := clientOf(t, fake)
	at := place{token: clienttest.Collect(t, admin.AppleTokens(t.Context()))[0].ID, category: clienttest.Collect(t, admin.Categories(t.Context()))[0].ID,
		approval: "3c1b5a90-4b2d-4f6a-9e83-d05b1a7c6e24"}
	for _, r := range clienttest.List(t, admin.Source(), mdm.Query{}).Records {
		if r.DirectoryID != "" {
			at.device, at.directory = r.ID, r.DirectoryID
		}
	}
	fake.SetKind(at.device, intunetest.IPad)
	fake.SetOwner(at.device, false, true)
	require.NoError(t, admin.EnableLostMode(t.Context(), at.device, mdm.EnableLostMode{Message: "Lost"}, ""))
	fake.Settle()
	fake.Advance(time.Hour)
	rights := slices.DeleteFunc(slices.Clone(n.rights), func(name string) bool { return name == without })
	fake.SetRights(fake.ClientID, append(rights, "Organization.Read.All")...)
	if n.name == "organization" {
		fake.SetRights(fake.ClientID, append(rights, "GroupMember.Read.All")...)
	}
	return n.do(t.Context(), clientOf(t, fake, func(cfg *intune.Config) { cfg.Report = n.report }), at)
}
