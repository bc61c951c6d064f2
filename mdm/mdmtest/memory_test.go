package mdmtest_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/mdmtest"
)

// listed returns the ids that a listing gives, and its error.
func listed(src mdm.Source, q mdm.Query) ([]string, error) {
	var ids []string
	for d, err := range mdm.Devices(context.Background(), src, q) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, d.Record().ID)
	}
	return ids, nil
}

func TestMemoryPut(t *testing.T) {
	m := memory()
	kept := record(6)
	m.Put(kept)
	kept.Groups[0] = "changed later"
	m.Put(mdm.Record{ID: "id-02", Name: "renamed"})
	m.Remove("id-01", "id-99")

	ids, err := listed(m, mdm.Query{})
	require.NoError(t, err)
	assert.Equal(t, []string{"id-02", "id-03", "id-04", "id-05", "id-06"}, ids)

	d, err := m.Device(t.Context(), "id-02")
	require.NoError(t, err)
	assert.Equal(t, "renamed", d.Record().Name)
	assert.Equal(t, info.Origin, d.Record().Origin)

	d, err = m.Device(t.Context(), "id-06")
	require.NoError(t, err)
	assert.Equal(t, []string{"Year 7"}, d.Record().Groups)
}

func TestMemoryMistakes(t *testing.T) {
	assert.Panics(t, func() { mdmtest.NewMemory(info, mdm.Record{}) })
	assert.Panics(t, func() { mdmtest.NewMemory(info, record(1), record(1)) })
}

func TestMemoryFail(t *testing.T) {
	m := memory()
	m.Fail(mdm.ErrUnauthorized)
	ids, err := listed(m, mdm.Query{})
	assert.Empty(t, ids)
	assert.ErrorIs(t, err, mdm.ErrUnauthorized)
	d, err := m.Device(t.Context(), "id-01")
	assert.ErrorIs(t, err, mdm.ErrUnauthorized)
	assert.True(t, d == nil)

	m.FailAfter(1, mdm.ErrUnavailable)
	ids, err = listed(m, mdm.Query{})
	assert.Equal(t, []string{"id-01", "id-02"}, ids)
	assert.ErrorIs(t, err, mdm.ErrUnavailable)
	_, err = m.Device(t.Context(), "id-01")
	assert.NoError(t, err)

	m.Fail(nil)
	before := m.Requests()
	ids, err = listed(m, mdm.Query{})
	assert.NoError(t, err)
	assert.Len(t, ids, 5)
	assert.Equal(t, before+3, m.Requests())
}

func TestMemoryIncomplete(t *testing.T) {
	m := memory()
	m.SetPageSize(0) // one
	m.SetIncomplete("the toy was told so")
	var last mdm.Page
	pages := 0
	for page, err := range m.Pages(t.Context(), mdm.Query{}) {
		require.NoError(t, err)
		last = page
		pages++
	}
	assert.Equal(t, 5, pages)
	assert.Equal(t, &mdm.End{Why: "the toy was told so"}, last.End)
}

// TestMemoryChanging lists while devices come and go: what was there all the
// time is listed once.
func TestMemoryChanging(t *testing.T) {
	m := memory()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				m.Put(record(9))
				m.Remove("id-09")
			}
		})
		all.Go(func() {
			for range 50 {
				ids, err := listed(m, mdm.Query{})
				assert.NoError(t, err)
				ids = slices.DeleteFunc(ids, func(id string) bool { return id == "id-09" })
				assert.Equal(t, []string{"id-01", "id-02", "id-03", "id-04", "id-05"}, ids)
			}
		})
	}
	all.Wait()
}

func TestCommandsSent(t *testing.T) {
	c := &mdmtest.Commands{Origin: info.Origin, Refuse: func(r mdm.Record, c mdm.Command) error {
		if r.Class == mdm.ClassComputer && c.Name() == "lock" {
			return mdm.ErrUnsupported
		}
		return nil
	}}
	tablet, computer := mdm.Record{ID: "1", Origin: info.Origin}, mdm.Record{ID: "2", Origin: info.Origin, Class: mdm.ClassComputer}
	receipt, err := c.Send(t.Context(), tablet, mdm.Lock{Message: "hello"})
	require.NoError(t, err)
	assert.Equal(t, mdm.Receipt{Origin: info.Origin, Device: "1", Command: "lock"}, receipt)

	_, err = c.Send(t.Context(), computer, mdm.Lock{})
	assert.ErrorIs(t, err, mdm.ErrUnsupported)
	_, err = c.Send(t.Context(), mdm.Record{ID: "1"}, mdm.Lock{})
	assert.ErrorIs(t, err, mdm.ErrWrongTenant)
	c.Err = mdm.ErrOutcomeUnknown
	_, err = c.Send(t.Context(), tablet, mdm.Refresh{})
	assert.ErrorIs(t, err, mdm.ErrOutcomeUnknown)
	assert.Equal(t, []mdmtest.Sent{{Device: "1", Command: mdm.Lock{Message: "hello"}}}, c.Sent())
}
