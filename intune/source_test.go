package intune_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/intune"
	"github.com/mdmlink/mdmlink/intune/intunetest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
	"github.com/mdmlink/mdmlink/mdm/mdmtest/fleet"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSourceContract holds the source against the contract, by a clock on which
// the slow limits of the service cost nothing.
func TestSourceContract(t *testing.T) {
	t.Parallel()
	for _, report := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			fake := intunetest.New(fleet.New(fleet.Options{Devices: 60, Windows: 20, Android: 15}))
			configure := func(cfg *intune.Config) { cfg.KeepRaw, cfg.Report = !report, report }
			options := mdmtest.Options{Secrets: []string{fake.ClientSecret}, Devices: len(fake.IDs()), MaxPage: 20,
				Missing: "99999999-9999-4999-8999-999999999999", Requests: func() int { return len(fake.Requests()) },
				Sends: []mdm.Command{mdm.Refresh{}, mdm.Restart{}}, Patience: time.Hour}
			if report { // whose first page comes when the service has made it
				options.Prompt = time.Minute
			}
			for _, v := range mdmtest.Check(t.Context(), func() mdm.Source { return clientOf(t, fake, size(20), configure).Source() }, options) {
				assert.Fail(t, v.Error(), "report: %v", report)
			}
			assert.Empty(t, fake.Violations())
		})
	}
}

// TestSourceDetails reads details of many devices with one request for twenty.
func TestSourceDetails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, fake := fakeTenant(t)
		ids := clienttest.List(t, c.Source(), mdm.Query{}).IDs()
		fake.Forget()
		var got []string
		for d, err := range mdm.Details(t.Context(), c.Source(), append(ids, "no-such-device")) {
			if err != nil {
				require.ErrorIs(t, err, mdm.ErrNotFound)
				continue
			}
			got = append(got, d.Record().ID)
		}
		assert.Equal(t, ids, got)
		assert.Len(t, fake.Requests(), (len(ids)+1+19)/20)
	})
}

// TestReportRefusesCursor does not begin a report anew where a list broke off.
func TestReportRefusesCursor(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t, size(20))
	for page, err := range c.Source().Pages(t.Context(), mdm.Query{}) {
		require.NoError(t, err)
		fake.Forget()
		require.ErrorIs(t, last(clientOf(t, fake, byReport).Source().Pages(t.Context(), mdm.Query{From: page.Next})), mdm.ErrCursorInvalid)
		assert.Empty(t, fake.Requests())
		break
	}
}
