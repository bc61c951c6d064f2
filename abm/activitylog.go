package abm

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// LogRow is one row of the result log of an activity: what came of one device.
//
// Unverified: the names of the columns are not documented.
type LogRow struct {
	Line   int      // in the file; the header is 1
	Header []string // names of the columns, shared by all rows
	Values []string // may be more or fewer than Header
}

// Value returns what stands in a column, whatever the case of its name; "" if
// there is no such column.
func (r LogRow) Value(column string) string {
	i := slices.IndexFunc(r.Header, func(name string) bool { return strings.EqualFold(name, column) })
	if i < 0 || i >= len(r.Values) {
		return ""
	}
	return r.Values[i]
}

// Names reports whether the row is about a device, by its id or serial number
// in any column.
func (r LogRow) Names(device string) bool {
	return device != "" && slices.ContainsFunc(r.Values, func(v string) bool { return strings.EqualFold(v, device) })
}

const logRowLimit = 1 << 20 // bytes

// ActivityLog reads the result log of an activity row by row. The log lies on
// another server, whose address is the permission to read it: no credentials
// go there. An address that is too old is mdm.ErrNotFound; read the activity
// again for a new one. An error is the last element.
//
// Source: reference/apple.md 6.5, 8.5
//
//mdm:endpoint GET {downloadUrl}
func (c *Client) ActivityLog(ctx context.Context, a *Activity) iter.Seq2[LogRow, error] {
	return func(yield func(LogRow, error) bool) {
		if err := c.readLog(ctx, a, func(r LogRow) bool { return yield(r, nil) }); err != nil {
			yield(LogRow{}, err)
		}
	}
}

func (c *Client) readLog(ctx context.Context, a *Activity, yield func(LogRow) bool) error {
	if a == nil || a.Log.IsZero() {
		return c.fail(opActivityLog, mdm.ErrNotFound, "the activity has no log, or not yet")
	}
	response, err := c.download(ctx, a.Log)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	rows := newLogReader(response.Body)
	for {
		row, err := rows.next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil && ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return c.badLog(response, err)
		case !yield(row):
			return nil
		}
	}
}

// download asks for the log without credentials, and with none of the limits
// of Apple's own server.
func (c *Client) download(ctx context.Context, address mdm.Secret) (*transport.Response, error) {
	link, err := address.Reveal(ctx)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.User != nil {
		return nil, c.undecodable(opActivityLog, "the address of the log is none")
	}
	options := c.options
	options.Limiter, options.PageSize = nil, 0
	client, err := transport.New(options, transport.Profile{
		Origin:   c.info.Origin,
		Address:  &url.URL{Scheme: u.Scheme, Host: u.Host},
		Header:   http.Header{"Accept": {"text/csv, */*"}},
		Classify: classifyDownload,
	})
	if err != nil {
		return nil, c.fail(opActivityLog, mdm.ErrWrongAddress, "the address of the log is not https; nothing was sent")
	}
	u.Fragment = ""
	return client.Do(ctx, transport.Request{Op: opActivityLog, Path: u.String()})
}

func classifyDownload(f transport.Failure) error {
	switch f.Status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		return &mdm.Error{Kind: mdm.ErrNotFound, Detail: "the address of the log is not valid any more",
			Advice: "Read the activity again; it gives a new address for 30 days."}
	}
	return nil
}

func (c *Client) badLog(response *transport.Response, err error) error {
	if _, ok := errors.AsType[*mdm.Error](err); ok {
		return err
	}
	e := response.Fail(mdm.ErrDecode)
	e.Op, e.Detail = opActivityLog, "not the table that was expected"
	return e
}

// logReader reads a CSV file row by row. A row may not grow without bounds.
type logReader struct {
	csv    *csv.Reader
	body   io.Reader
	left   int
	header []string
}

func newLogReader(body io.Reader) *logReader {
	l := &logReader{body: body}
	l.csv = csv.NewReader(l)
	l.csv.FieldsPerRecord = -1
	l.csv.LazyQuotes = true
	l.csv.TrimLeadingSpace = true
	return l
}

var errLongRow = errors.New("abm: a row is too long")

// Read passes the file on until a row has used up its share.
func (l *logReader) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errLongRow
	}
	n, err := l.body.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}

func (l *logReader) next() (LogRow, error) {
	for {
		l.left = logRowLimit
		values, err := l.csv.Read()
		if err != nil {
			return LogRow{}, err
		}
		for i := range values {
			values[i] = strings.TrimSpace(values[i])
		}
		if l.header == nil {
			values[0] = strings.TrimPrefix(values[0], "\ufeff")
			l.header = values
			continue
		}
		line, _ := l.csv.FieldPos(0)
		return LogRow{line, l.header, values}, nil
	}
}
