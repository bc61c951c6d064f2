package relution_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/mdmlink/mdmlink/internal/clienttest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution"
	"github.com/mdmlink/mdmlink/relution/relutiontest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPageCount reads on where the count of a page may be that of the page
// alone, and calls no listing complete that only such a count speaks for.
func TestPageCount(t *testing.T) {
	t.Parallel()
	for _, version := range releases {
		for _, limit := range []int{0, 1, 9} {
			c, fake := fakeTenant(t)
			fake.SetVersion(version)
			want := live(t, clientOf(t, fake))
			fake.SetWire(relutiontest.Wire{IgnoreTotal: true})
			fake.SetPageLimit(limit)
			assert.Equal(t, want, live(t, c), "%s, pages of %d", version, limit)
			l := clienttest.List(t, c.Source(), mdm.Query{})
			assert.Equal(t, want, l.IDs())
			assert.Equal(t, limit == 0, l.End.Complete, "%s, pages of %d: %s", version, limit, l.End.Why)
		}
	}
	bare := &tenant{devices: numbered(5), bare: true, cut: 1}
	assert.Len(t, live(t, bare.client(t)), 5)
}

// TestPagesRepeat ends with a server that sends all of a list at each offset,
// even where a record of it makes no sense.
func TestPagesRepeat(t *testing.T) {
	t.Parallel()
	rows := device(1, "") + "," + device(2, "")
	for body, want := range map[string]int{`{"total":2,"results":[` + rows + `]}`: 0, `{"results":[` + rows + `,null,null]}`: 2, `{"total":3,"results":[null,` + rows + `]}`: 1} {
		tn := &tenant{hook: func(*http.Request) *answer { return &answer{body: body} }}
		l := clienttest.List(t, tn.client(t).Source(), mdm.Query{})
		assert.Len(t, l.Records, 2, body)
		assert.Len(t, l.Lost, want, body)
		assert.Equal(t, want == 0, l.End.Complete, l.End.Why)
		groups, lost := 0, 0
		for _, err := range tn.client(t).Groups(t.Context()) {
			if err != nil {
				lost++
			} else {
				groups++
			}
		}
		assert.Equal(t, []int{2, want}, []int{groups, lost}, body)
	}
}

// TestListsPaged reads every list to its end from a server that cuts pages, with
// a count and without.
func TestListsPaged(t *testing.T) {
	t.Parallel()
	for _, version := range releases {
		for _, wire := range []relutiontest.Wire{{}, {IgnoreTotal: true}} {
			c, fake := fakeTenant(t)
			fake.SetVersion(version)
			device := live(t, c)[3]
			users := clienttest.Collect(t, c.Users(t.Context()))
			for range 3 {
				_, err := c.SendAction(t.Context(), device, "REFRESH_DEVICE_INFO", nil)
				require.NoError(t, err)
			}
			sizes := func(c *relution.Client) []int {
				tenants, err := c.Tenants(t.Context())
				require.NoError(t, err)
				apps, err := c.Apps(t.Context(), device)
				require.NoError(t, err)
				actions, err := c.Actions(t.Context(), device)
				require.NoError(t, err)
				groups := 0
				for _, u := range users[:5] {
					all, err := c.UserGroups(t.Context(), u.UUID)
					require.NoError(t, err)
					groups += len(all)
				}
				return []int{len(tenants), len(apps), len(actions), groups, len(clienttest.Collect(t, c.Users(t.Context())))}
			}
			want := sizes(c)
			assert.Equal(t, 2, want[0])
			assert.Equal(t, 3, want[2])
			fake.SetWire(wire)
			fake.SetPageLimit(1)
			assert.Equal(t, want, sizes(clientOf(t, fake)), "%s %+v", version, wire)
			assert.True(t, mdm.Summarise(clientOf(t, fake).Source().Check(t.Context())).OK, "the tenant is on the second page")
		}
	}
	token := func(n int) string {
		return fmt.Sprintf(`{"accessTokens":[{"uuid":"%d","name":"n"}],"nonpagedCount":2}`, n)
	}
	tn := &tenant{devices: numbered(1)}
	tn.hook = func(r *http.Request) *answer {
		if !strings.HasSuffix(r.URL.Path, "/accessTokens") {
			return nil
		}
		assert.Equal(t, "true", r.URL.Query().Get("getNonpagedCount"))
		return &answer{body: token(len(r.URL.Query().Get("offset")) + len(strings.Trim(r.URL.Query().Get("offset"), "0")))}
	}
	tokens, err := tn.client(t).AccessTokens(t.Context(), id(1))
	require.NoError(t, err)
	assert.Len(t, tokens, 2)
}

// TestDevicesIncomplete ends a list of which something is missing with an error.
func TestDevicesIncomplete(t *testing.T) {
	t.Parallel()
	last := func(c *relution.Client) (n int, last error) {
		for d, err := range c.Devices(t.Context(), nil) {
			if last = err; d != nil {
				n++
			}
		}
		return n, last
	}
	short := &tenant{hook: func(*http.Request) *answer { return &answer{body: `{"total":500,"results":[` + device(1, "") + `]}`} }}
	n, err := last(short.client(t))
	require.ErrorIs(t, err, mdm.ErrDecode)
	assert.Equal(t, 1, n)
	assert.ErrorContains(t, err, "counts 500")
	_, err = short.client(t).DeviceBySerial(t.Context(), "ANOTHER")
	require.ErrorIs(t, err, mdm.ErrDecode, "not mdm.ErrNotFound")
	var rowsErr error
	for _, err := range mdm.Software(t.Context(), short.client(t).Source(), mdm.SoftwareQuery{}) {
		rowsErr = err
	}
	require.Error(t, rowsErr)

	restless := &tenant{devices: numbered(9)}
	restless.hook = func(*http.Request) *answer {
		restless.devices = append(restless.devices, device(len(restless.devices)+1, ""))
		return nil
	}
	_, err = last(restless.client(t, size(7)))
	require.ErrorIs(t, err, mdm.ErrConflict)

	empty := &tenant{}
	_, err = last(empty.client(t, of(organisation)))
	require.ErrorIs(t, err, mdm.ErrUnavailable, "nobody knows whether the tenant exists")
	_, err = empty.client(t, of(organisation)).DeviceBySerial(t.Context(), "DMPXK0000001")
	require.ErrorIs(t, err, mdm.ErrNotFound)
}

// TestGroupsIncomplete does the same with other lists.
func TestGroupsIncomplete(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		totals [2]int
		want   error
	}{"short": {[2]int{3, 3}, mdm.ErrDecode}, "changed": {[2]int{2, 3}, mdm.ErrConflict}} {
		asked := 0
		tn := &tenant{devices: numbered(1)}
		tn.hook = func(r *http.Request) *answer {
			if r.Method == http.MethodPost {
				return nil
			}
			asked++
			if asked > 2 {
				return &answer{body: `{"items":[],"nonpagedCount":3}`}
			}
			return &answer{body: fmt.Sprintf(`{"items":[{"uuid":%q,"name":"x"}],"nonpagedCount":%d}`, id(asked), tt.totals[asked-1])}
		}
		var last error
		for _, err := range tn.client(t).Groups(t.Context()) {
			last = err
		}
		require.ErrorIs(t, last, tt.want, name)
	}
}

// TestLostInSecondReading tells of a record that could be read at first, and not
// when the list was read again.
func TestLostInSecondReading(t *testing.T) {
	t.Parallel()
	rows := numbered(3)
	tn := &tenant{devices: rows}
	asked := 0
	tn.hook = func(*http.Request) *answer {
		switch asked++; asked {
		case 3: // the probe, the first page, and now
			tn.devices = []string{rows[1], rows[2], device(4, "")}
		case 4:
			tn.devices = []string{rows[1], `{"name":"no uuid"}`, rows[2], device(4, "")}
		}
		return nil
	}
	l := clienttest.List(t, tn.client(t, size(2)).Source(), mdm.Query{})
	assert.False(t, l.End.Complete)
	assert.Contains(t, l.End.Why, "could not be read")
	assert.Len(t, l.Lost, 1)
}
