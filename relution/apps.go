package relution

import (
	"context"
	"iter"
	"net/http"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// Apps lists what is installed on a device. A server of an older generation is
// asked in the older way, whose answer also names what is not installed; that
// is left out. Sizes that make no sense are not reported.
//
// Unverified: the newer address under /api.
//
// Source: reference/relution.md 2.3, 3.2
//
//mdm:endpoint POST /api/management/v2/devices/{uuid}/installedApps/baseInfo/query
//mdm:endpoint POST /api/v2/devices/{uuid}/installedApps/baseInfo/query
//mdm:endpoint GET /api/management/v1/devices/{uuid}/installedApps
//mdm:endpoint GET /api/v1/devices/{uuid}/installedApps
//mdm:endpoint GET /relution/api/v1/devices/{uuid}/installedApps
func (c *Client) Apps(ctx context.Context, uuid string) ([]App, error) {
	if !uuidForm.MatchString(uuid) {
		return nil, c.fail(opApps, mdm.ErrInvalid, "not a UUID")
	}
	r := call{op: opApps, id: ids{uuid: strings.ToUpper(uuid)}}
	newer, older := r, r
	newer.method, newer.endpoint = http.MethodPost, EndpointAppsQuery
	older.endpoint = EndpointApps
	if c.api.plainApps.Load() {
		return c.apps(ctx, older)
	}
	all, err := collect(list(ctx, c, newer, Filter{}, newListedApp))
	if !absent(err) {
		return named(all), err
	}
	all, err = c.apps(ctx, older)
	if err == nil {
		c.api.plainApps.Store(true)
	}
	return all, err
}

// apps reads the older list.
func (c *Client) apps(ctx context.Context, r call) ([]App, error) {
	all, err := collect(list(ctx, c, r, Filter{}, newListedApp))
	return named(all), err
}

// named leaves out what has no name: what is not installed.
func named(all []App) []App {
	var kept []App
	for _, a := range all {
		if a.Name != "" {
			kept = append(kept, a)
		}
	}
	return kept
}

// newListedApp returns an app with its id; one without a name if it is not
// installed.
//
// Source: reference/relution.md 11, row 37
func newListedApp(w *wire.Installed) (App, string) {
	id := first(w.UUID, w.AppUUID, w.Identifier, w.Internal, w.Name)
	switch clean(w.Status) {
	case "NOT_INSTALLED", "INSTALLATION_PENDING":
		return App{}, id
	}
	return newApp(w), id
}

func newApp(w *wire.Installed) App {
	a := App{Name: first(w.Name, w.Identifier, w.Internal), Identifier: first(w.Identifier, w.Internal),
		Version: first(w.Show, w.Short, w.Version, w.Plain, w.Code), Managed: flag(w.Managed)}
	if w.Size.N > 0 {
		a.Size = w.Size.N
	}
	return a
}

// collect reads a list to its end.
func collect[T any](all iter.Seq2[T, error]) ([]T, error) {
	var kept []T
	for v, err := range all {
		if err != nil {
			return nil, err
		}
		kept = append(kept, v)
	}
	return kept, nil
}
