package intunetest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// exports is the export jobs and their files.
type exports struct {
	jobs     []*job
	delay    time.Duration
	trouble  []string          // statuses that the next jobs end with
	files    map[string][]byte // planted files, by report
	linkLife time.Duration
}

func newExports() exports {
	return exports{delay: 12 * time.Second, files: map[string][]byte{}, linkLife: 6 * time.Hour}
}

// job is one deviceManagementExportJob.
type job struct {
	id, report, filter, search string
	columns                    []string
	format, localization       string
	asked, done, expires       time.Time
	trouble                    string // "inProgress" or "failed" for good
	folder, signature          string
	host                       string // root of the link
	file                       []byte
}

// SetExportDelay sets how long an export job takes, 12 seconds at first.
func (f *Fake) SetExportDelay(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.delay = d
}

// SetLinkLife sets how long the link to a finished export can be used, six
// hours at first.
func (f *Fake) SetLinkLife(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.linkLife = d
}

// StickExports lets the next n jobs stay inProgress for ever.
func (f *Fake) StickExports(n int) { f.spoilExports(n, "inProgress") }

// FailExports lets the next n jobs end as failed.
func (f *Fake) FailExports(n int) { f.spoilExports(n, "failed") }

func (f *Fake) spoilExports(n int, status string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range n {
		f.trouble = append(f.trouble, status)
	}
}

// PlantExport makes the file of all later jobs for a report these bytes,
// verbatim, in place of a ZIP archive with the data. Nil ends it.
func (f *Fake) PlantExport(report string, file []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files[report] = file
}

const (
	maxColumns = 256
	maxFilter  = 2000
	maxSearch  = 100
)

// createJob starts an export.
func (c *call) createJob() reply {
	keys := []string{"reportName", "filter", "select", "format", "localizationType", "snapshotId"}
	if c.beta() {
		keys = append(keys, "search")
	}
	fm := c.form(keys...)
	j := &job{
		report: field[string](fm, "reportName"), filter: field[string](fm, "filter"), search: field[string](fm, "search"),
		columns: field[[]string](fm, "select"), format: field[string](fm, "format"), localization: field[string](fm, "localizationType"),
		asked: c.now,
	}
	rep := reportNamed(j.report)
	if rep == nil {
		fm.fail("No report is called '%s'.", j.report)
	} else {
		j.check(fm, rep)
	}
	if fm.err != nil {
		return c.nestedRefusal(fm.err.Error())
	}
	c.start(j)
	return reply{status: http.StatusCreated, body: c.renderJob(j)}
}

// check finds what is wrong with a job, and fills in what was left out.
func (j *job) check(fm *form, rep *report) {
	if j.format == "" {
		j.format = "csv"
	}
	j.format = strings.ToLower(j.format)
	switch strings.ToLower(j.localization) {
	case "", "localizedvaluesasadditionalcolumn":
		j.localization = "localizedValuesAsAdditionalColumn"
	case "replacelocalizablevalues":
		j.localization = "replaceLocalizableValues"
	default:
		fm.fail("No localizationType is called that.")
	}
	switch {
	case j.format != "csv" && j.format != "json":
		fm.fail("The format is neither csv nor json.")
	case len(j.columns) > maxColumns:
		fm.fail("select names more than %d columns.", maxColumns)
	case len(j.filter) > maxFilter:
		fm.fail("filter is longer than %d characters.", maxFilter)
	case len(j.search) > maxSearch:
		fm.fail("search is longer than %d characters.", maxSearch)
	case rep.needs != "" && !strings.Contains(j.filter, rep.needs):
		fm.fail("The report needs a filter by %s.", rep.needs)
	}
	if len(j.columns) == 0 {
		for _, col := range rep.columns {
			if !col.asked {
				j.columns = append(j.columns, col.name)
			}
		}
	}
	for _, name := range j.columns {
		if rep.column(name) == nil {
			fm.fail("The report has no column '%s'.", name)
		}
	}
	if _, err := rep.test(j.filter); err != nil {
		fm.fail("The filter is not valid: %v", err)
	}
}

func (c *call) start(j *job) {
	f := c.f
	f.serial++
	number := fmt.Sprint(f.serial)
	j.id = j.report + "_" + uuid("job", number)
	j.folder, j.signature = uuid("folder", number), strings.ReplaceAll(uuid("signature", number), "-", "")
	if len(f.trouble) > 0 {
		j.trouble, f.trouble = f.trouble[0], f.trouble[1:]
	}
	j.done = c.now.Add(f.delay)
	if j.host = "https://" + blobHost; strings.HasPrefix(c.root, "http:") {
		j.host = c.root + "/blob"
	}
	f.jobs = append(f.jobs, j)
}

// oneJob tells how far a job is. Its file is made when it is first seen to be
// completed.
func (c *call) oneJob() reply {
	for _, j := range c.f.jobs {
		if j.id == c.vars["id"] {
			return success(c.renderJob(j))
		}
	}
	return c.notFound()
}

func (c *call) renderJob(j *job) object {
	status := "completed"
	switch {
	case c.now.Sub(j.asked) < c.f.delay/3 && c.now.Before(j.done):
		status = "notStarted"
	case c.now.Before(j.done):
		status = "inProgress"
	case j.trouble != "":
		status = j.trouble
	}
	url, expires := any(nil), never
	if status == "completed" {
		if j.expires.IsZero() {
			j.expires = c.now.Add(c.f.linkLife)
			j.file = c.f.archive(j)
		}
		url, expires = j.link(), fine(j.expires)
	}
	o := object{c.context("deviceManagement/reports/exportJobs/$entity"), {"id", j.id}, {"reportName", j.report}, {"filter", j.filter}}
	if c.beta() {
		o = append(o, member{"search", text(j.search)})
	}
	return append(o, object{{"select", j.columns}, {"format", j.format}, {"snapshotId", nil}, {"localizationType", j.localization},
		{"status", status}, {"url", url}, {"requestDateTime", fine(j.asked)}, {"expirationDateTime", expires}}...)
}

func (j *job) path() string { return "/" + j.folder + "/" + j.id + ".zip" }

// link is an address that carries its own signature.
func (j *job) link() string {
	se := strings.ReplaceAll(j.expires.UTC().Format("2006-01-02T15:04:05Z"), ":", "%3A")
	return j.host + j.path() + "?sv=2024-11-04&se=" + se + "&sr=b&sp=r&sig=" + j.signature + "%2Bexample%3D"
}

// download serves the store of export files. The link is all that it wants.
func (f *Fake) download(r *http.Request) reply {
	refuse := func(status int, code string) reply {
		return reply{status: status, kind: "application/xml",
			raw: []byte("\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>")}
	}
	if r.Header.Get("Authorization") != "" {
		f.Violate(r, "a bearer token was sent to the store of export files")
		return refuse(http.StatusBadRequest, "InvalidAuthenticationInfo")
	}
	path := strings.TrimPrefix(r.URL.EscapedPath(), "/blob")
	i := slices.IndexFunc(f.jobs, func(j *job) bool { return j.path() == path && j.file != nil })
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		f.Violate(r, "the link is for reading")
		return refuse(http.StatusForbidden, "AuthorizationPermissionMismatch")
	case i < 0:
		f.Violate(r, "no export has this address")
		return refuse(http.StatusNotFound, "BlobNotFound")
	case !strings.HasSuffix(f.jobs[i].link(), "?"+r.URL.RawQuery):
		f.Violate(r, "the link was changed")
		return refuse(http.StatusForbidden, "AuthenticationFailed")
	case !f.Now().Before(f.jobs[i].expires):
		return refuse(http.StatusForbidden, "AuthenticationFailed")
	}
	return reply{status: http.StatusOK, raw: f.jobs[i].file, kind: "application/octet-stream"}
}
