package intune

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/intune/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

const exportPath = v1 + "/deviceManagement/reports/exportJobs"

// How patiently a report is waited for. Jobs hang now and then, and a new one
// usually works.
//
// Source: reference/intune.md 2.4
const (
	exportPoll     = 5 * time.Second
	exportPatience = 10 * time.Minute
	exportAttempts = 3
)

// Sizes of a report, before and after it is unpacked, and of one of its rows.
const (
	exportLimit   = 1 << 30
	exportContent = 8 << 30
	exportRow     = 1 << 20
)

// errJob says that a job did not come to its end.
var errJob = errors.New("intune: the export job failed")

// Report has the service make a report and reads its rows. The columns are
// named as the service wants to be asked, and found by their headings, which
// differ; see heading. row gets the values in the order of columns, in a
// slice that is valid during the call; a column that is not in the report is "".
//
// Source: reference/intune.md 2.4
//
// Unverified: that v1.0 makes the same reports as beta.
//
//mdm:endpoint POST /v1.0/deviceManagement/reports/exportJobs
//mdm:endpoint GET /v1.0/deviceManagement/reports/exportJobs/{id}
func (c *Client) Report(ctx context.Context, report string, columns []string, row func([]string) error) error {
	for attempt := 1; ; attempt++ {
		link, err := c.finished(ctx, report, columns)
		var body *transport.Response
		if err == nil {
			body, err = c.download(ctx, link)
		}
		if err == nil {
			defer body.Body.Close()
			return c.rows(ctx, body, columns, row)
		}
		again := errors.Is(err, errJob) || errors.Is(err, mdm.ErrNotFound) || errors.Is(err, errExpired)
		if attempt == exportAttempts || !again {
			return err
		}
	}
}

var errExpired = errors.New("intune: the link to the export file has expired")

// finished starts a job and returns the address of its file.
func (c *Client) finished(ctx context.Context, report string, columns []string) (string, error) {
	var job wire.ExportJob
	body := map[string]any{"reportName": report, "filter": "", "select": columns, "format": "csv", "localizationType": "localizedValuesAsAdditionalColumn"}
	err := c.exchange(ctx, transport.Request{Op: opExport, Method: http.MethodPost, Path: exportPath, Body: body, Read: true, Limiter: c.limits.exports}, &job)
	if err != nil {
		return "", err
	}
	id := clean(job.ID)
	if id == "" {
		return "", c.fail(opExport, mdm.ErrDecode, "the answer names no job")
	}
	for end := time.Now().Add(exportPatience); time.Now().Before(end); {
		switch status := clean(job.Status); {
		case strings.EqualFold(status, "completed") && job.URL.Text != "":
			return job.URL.Text, nil
		case strings.EqualFold(status, "failed"):
			return "", c.jobFailed("the service could not make the report")
		}
		if err := sleep(ctx, exportPoll); err != nil {
			return "", err
		}
		if err := c.get(ctx, opExport, exportPath+"/"+url.PathEscape(id), nil, &job, c.limits.exports); err != nil {
			return "", err
		}
	}
	return "", c.jobFailed("the service did not make the report in time")
}

func (c *Client) jobFailed(detail string) error {
	return &mdm.Error{Op: opExport, Origin: c.info.Origin, Kind: mdm.ErrUnavailable, Detail: detail, Cause: errJob}
}

// download opens the file of a job. Its address is a secret of its own and
// leads to another server, which gets no token.
func (c *Client) download(ctx context.Context, link string) (*transport.Response, error) {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, c.fail(opExport, mdm.ErrWrongAddress, "the address of the report is not one over https")
	}
	options := c.cfg.Transport
	options.Limiter = nil
	client, err := transport.New(options, transport.Profile{
		Origin: c.info.Origin, Address: &url.URL{Scheme: u.Scheme, Host: u.Host}, AttemptTimeout: attemptTimeout, BodyLimit: exportLimit,
		Header: http.Header{"Accept": {"*/*"}},
		Classify: func(f transport.Failure) error {
			if f.Status == http.StatusForbidden || f.Status == http.StatusUnauthorized {
				return &mdm.Error{Kind: mdm.ErrUnavailable, Detail: "the address of the report has expired", Cause: errExpired}
			}
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	return client.Do(ctx, transport.Request{Op: opExport, Path: link})
}

// rows reads the table of a report.
func (c *Client) rows(ctx context.Context, response *transport.Response, columns []string, row func([]string) error) error {
	damaged := func(err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case mdm.Code(err) != "":
			return err
		}
		e := response.Fail(mdm.ErrDecode)
		e.Op, e.Cause = opExport, err
		e.Detail = "the report cannot be read"
		if errors.Is(err, io.ErrUnexpectedEOF) {
			e.Kind, e.Detail = mdm.ErrUnavailable, "the report broke off"
		}
		return e
	}
	content, err := openArchive(response.Body, ".csv", exportContent)
	if err != nil {
		return damaged(err)
	}
	bounded := &rowBound{Reader: content}
	table := csv.NewReader(bounded)
	table.ReuseRecord, table.FieldsPerRecord, table.LazyQuotes = true, -1, true
	head, err := table.Read()
	if err != nil {
		return damaged(whole(err))
	}
	places := placesOf(head, columns)
	values := make([]string, len(columns))
	for {
		bounded.mark()
		cells, err := table.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return damaged(err)
		}
		for i, at := range places {
			if values[i] = ""; at >= 0 && at < len(cells) {
				values[i] = strings.TrimSpace(cells[at])
			}
		}
		if err := row(values); err != nil {
			return err
		}
	}
}

// rowBound refuses to read on while one row grows beyond all bounds.
type rowBound struct {
	io.Reader
	since int64
}

func (b *rowBound) mark() { b.since = 0 }

func (b *rowBound) Read(p []byte) (int, error) {
	if b.since > exportRow {
		return 0, errExpands
	}
	n, err := b.Reader.Read(p)
	b.since += int64(n)
	return n, err
}

// headings are the headings that reports have for columns that are asked for
// by another name, old and new.
//
// Source: reference/intune.md 2.4
var headings = map[string][]string{
	"DeviceId":                 {"Device ID"},
	"DeviceName":               {"Device name"},
	"CreatedDate":              {"Enrollment date"},
	"LastContact":              {"Last check-in"},
	"ReferenceId":              {"Microsoft Entra Device ID", "Azure AD Device ID"},
	"OSVersion":                {"OS version"},
	"GraphDeviceIsManaged":     {"Microsoft Entra registered", "Azure AD registered"},
	"SerialNumber":             {"Serial number"},
	"AndroidPatchLevel":        {"Security patch level"},
	"WifiMacAddress":           {"Wi-Fi MAC"},
	"SubscriberCarrierNetwork": {"Subscriber carrier"},
	"StorageTotal":             {"Total storage"},
	"StorageFree":              {"Free storage"},
	"ManagedDeviceName":        {"Management name"},
	"CategoryName":             {"Category"},
	"UPN":                      {"Primary user UPN"},
	"UserEmail":                {"Primary user email address"},
	"UserName":                 {"Primary user display name"},
	"CompliantState":           {"Compliance"},
	"ManagementAgent":          {"Managed by"},
	"OwnerType":                {"Ownership"},
	"ManagementState":          {"Device state"},
	"DeviceRegistrationState":  {"Intune registered"},
	"IsSupervised":             {"Supervised"},
	"IsEncrypted":              {"Encrypted"},
	"DeviceType":               {"OS"},
	"PhoneNumber":              {"Phone number"},
	"JailBroken":               {"Jailbroken"},
}

// placesOf finds the columns in the headings of a report; -1 = not there.
func placesOf(head, columns []string) []int {
	bare := func(text string) string {
		return strings.ToLower(strings.Map(func(r rune) rune {
			if r == ' ' || r == '-' || r == '_' || r == '\ufeff' || r == '"' {
				return -1
			}
			return r
		}, text))
	}
	at := map[string]int{}
	for i, text := range head {
		if _, twice := at[bare(text)]; !twice {
			at[bare(text)] = i
		}
	}
	places := make([]int, len(columns))
	for i, name := range columns {
		places[i] = -1
		for _, text := range append([]string{name}, headings[name]...) {
			if place, ok := at[bare(text)]; ok {
				places[i] = place
				break
			}
		}
	}
	return places
}
