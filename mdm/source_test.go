package mdm_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

func fleet() *mdmtest.Memory {
	m := mdmtest.NewMemory(school,
		mdm.Record{ID: "1", Name: "Ada's iPad", Serial: "A1", User: mdm.User{Email: "ada@example.com"}},
		mdm.Record{ID: "2", Name: "Bob's iPad", Serial: "B2", User: mdm.User{Email: "bob@example.com"}},
		mdm.Record{ID: "3", Name: "Cyd's iPad", Serial: "C3", User: mdm.User{Email: "cyd@example.com"}})
	m.SetPageSize(2)
	return m
}

// able is a source with every ability.
type able struct {
	*mdmtest.Memory
	*mdmtest.Commands
	mdmtest.Batches
	mdmtest.Checks
	mdmtest.Credentials
	mdmtest.Installs
	mdmtest.Places
}

func newAble() able {
	m := fleet()
	return able{Memory: m, Commands: &mdmtest.Commands{Origin: school.Origin}, Batches: mdmtest.Batches{Of: m},
		Checks: mdmtest.Passing(), Credentials: mdmtest.Credentials{{Credential: "API key", State: mdm.HealthOK}},
		Installs: mdmtest.Installs{{Device: "1", Name: "Maps"}}, Places: mdmtest.Places{{ID: "0", Name: "North"}}}
}

// discreet is a privacy wrapper of a host: it tells serial numbers only.
type discreet struct{ mdm.Wrapper }

func (d discreet) Pages(ctx context.Context, q mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		for page, err := range d.Wrapper.Pages(ctx, q) {
			for i := range page.Devices {
				page.Devices[i] = mdm.Limit(page.Devices[i], mdm.Keys{mdm.KeySerial})
			}
			if !yield(page, err) {
				return
			}
		}
	}
}

func (d discreet) Device(ctx context.Context, id string) (mdm.Device, error) {
	found, err := d.Wrapper.Device(ctx, id)
	if err != nil {
		return nil, err
	}
	return mdm.Limit(found, mdm.Keys{mdm.KeySerial}), nil
}

var allAbilities = []mdm.Ability{mdm.AbilityList, mdm.AbilityBatch, mdm.AbilityCheck, mdm.AbilityCommand,
	mdm.AbilitySoftware, mdm.AbilitySites, mdm.AbilityHealth}

func TestAbilities(t *testing.T) {
	wrapped := []mdm.Ability{mdm.AbilityList, mdm.AbilityCheck, mdm.AbilityCommand, mdm.AbilitySoftware, mdm.AbilitySites, mdm.AbilityHealth}
	for name, row := range map[string]struct {
		src  mdm.Source
		want []mdm.Ability
	}{
		"plain":         {fleet(), []mdm.Ability{mdm.AbilityList}},
		"all":           {newAble(), allAbilities},
		"wrapped":       {mdm.Wrapper{Source: newAble()}, wrapped},
		"wrapped twice": {discreet{mdm.Wrapper{Source: mdm.Wrapper{Source: newAble()}}}, wrapped},
		"wrapped plain": {mdm.Wrapper{Source: fleet()}, []mdm.Ability{mdm.AbilityList}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, row.want, mdm.Abilities(row.src)) })
	}
}

// TestWrapper shows that a privacy wrapper keeps the abilities of what it
// wraps and is never passed by on the way of the data.
func TestWrapper(t *testing.T) {
	src := discreet{mdm.Wrapper{Source: newAble()}}
	n := 0
	check := func(d mdm.Device, err error) {
		n++
		require.NoError(t, err)
		r := d.Record()
		assert.NotEmpty(t, r.Serial)
		assert.Empty(t, r.Name)
		assert.Empty(t, r.User)
	}
	for d, err := range mdm.Devices(t.Context(), src, mdm.Query{Want: mdm.Keys{mdm.KeyUserEmail, mdm.KeySerial}}) {
		check(d, err)
	}
	for d, err := range mdm.Details(t.Context(), src, []string{"1", "2"}) {
		check(d, err)
	}
	assert.Equal(t, 5, n)

	commander, ok := mdm.As[mdm.Commander](src)
	require.True(t, ok)
	_, err := commander.Send(t.Context(), mdm.Record{Origin: school.Origin, ID: "1"}, mdm.Refresh{})
	assert.NoError(t, err)
}

func TestAs(t *testing.T) {
	inner := fleet()
	found, ok := mdm.As[*mdmtest.Memory](mdm.Wrapper{Source: mdm.Wrapper{Source: inner}})
	require.True(t, ok)
	assert.Same(t, inner, found)

	_, ok = mdm.As[mdm.Checker](mdm.Wrapper{Source: inner})
	assert.False(t, ok)
	_, ok = mdm.As[mdm.Checker](mdm.Wrapper{})
	assert.False(t, ok, "a wrapper of nothing")
	_, ok = mdm.As[mdm.Checker](nil)
	assert.False(t, ok)

	outer := discreet{mdm.Wrapper{Source: discreet{mdm.Wrapper{Source: inner}}}}
	src, ok := mdm.As[mdm.Source](outer)
	require.True(t, ok)
	assert.Equal(t, outer, src, "the outermost value comes first")

	device := veiled{veiled{answered{mdm.Record{ID: "1"}, "{}"}}}
	raw, ok := mdm.As[mdm.Raw](device)
	require.True(t, ok)
	assert.Equal(t, "{}", string(raw.Raw()))
	_, ok = mdm.As[mdm.Raw](veiled{mdm.Record{}})
	assert.False(t, ok)
}

func TestDevices(t *testing.T) {
	collect := func(pages ...any) (ids []string, errs []error) {
		for d, err := range mdm.Devices(t.Context(), scripted(pages), mdm.Query{}) {
			if err != nil {
				assert.True(t, d == nil)
				errs = append(errs, err)
			} else {
				ids = append(ids, d.Record().ID)
			}
		}
		return ids, errs
	}
	one, two := mdm.Device(mdm.Record{ID: "1"}), mdm.Device(mdm.Record{ID: "2"})
	lost := errors.New("lost")

	ids, errs := collect(mdm.Page{Devices: []mdm.Device{one}, Lost: []error{lost}}, mdm.Page{Devices: []mdm.Device{two}})
	assert.Equal(t, []string{"1", "2"}, ids, "a lost record does not end the listing")
	assert.Equal(t, []error{lost}, errs)

	ids, errs = collect(mdm.Page{Devices: []mdm.Device{one}}, mdm.ErrUnavailable, mdm.Page{Devices: []mdm.Device{two}})
	assert.Equal(t, []string{"1"}, ids, "an error of the listing is the last element")
	assert.Equal(t, []error{mdm.ErrUnavailable}, errs)

	for range mdm.Devices(t.Context(), scripted{mdm.Page{Lost: []error{lost, lost}}}, mdm.Query{}) {
		break
	}
}

// scripted lists pages and errors as written.
type scripted []any

func (s scripted) Info() mdm.Info { return school }

func (s scripted) Device(context.Context, string) (mdm.Device, error) { return nil, mdm.ErrNotFound }

func (s scripted) Pages(context.Context, mdm.Query) iter.Seq2[mdm.Page, error] {
	return func(yield func(mdm.Page, error) bool) {
		for _, step := range s {
			page, _ := step.(mdm.Page)
			err, _ := step.(error)
			if !yield(page, err) {
				return
			}
		}
	}
}

func TestSummarise(t *testing.T) {
	passed := mdm.Step{Name: mdm.StepReach, Result: mdm.StepPassed}
	failed := mdm.Step{Name: mdm.StepAuthenticate, Result: mdm.StepFailed, Err: mdm.ErrUnauthorized}
	skipped := mdm.Step{Name: mdm.StepSample, Result: mdm.StepSkipped}
	note := mdm.Step{Name: mdm.StepTenant, Result: mdm.StepNote}
	for name, row := range map[string]struct {
		steps  mdmtest.Checks
		ok     bool
		failed string
	}{
		"none":   {nil, false, ""},
		"good":   {mdmtest.Checks{passed, note, skipped}, true, ""},
		"failed": {mdmtest.Checks{passed, failed, skipped}, false, mdm.StepAuthenticate},
	} {
		t.Run(name, func(t *testing.T) {
			report := mdm.Summarise(row.steps.Check(t.Context()))
			assert.Equal(t, row.ok, report.OK)
			assert.Equal(t, []mdm.Step(row.steps), report.Steps)
			step, ok := report.Failed()
			assert.Equal(t, row.failed != "", ok)
			assert.Equal(t, row.failed, step.Name)
		})
	}
}

// TestReportJSON shows that a host can store a report and show it later.
func TestReportJSON(t *testing.T) {
	report := mdm.Report{Steps: []mdm.Step{{Name: mdm.StepReach, Title: "Reach", Result: mdm.StepFailed, Reason: "refused", Advice: "Open the port."}}}
	assert.Equal(t, report, stored(t, report))
	report.Steps[0].Err = mdm.ErrUnavailable
	assert.NoError(t, stored(t, report).Steps[0].Err, "the error itself stays behind")
}

func TestHealthJSON(t *testing.T) {
	health := mdm.Health{Credential: "API key", State: mdm.HealthWarn, Expires: noon, Next: "Make a new one.", Warn: time.Hour}
	assert.Equal(t, health, stored(t, health))
}

// ended returns a context that has ended.
func ended(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
