package jamfschooltest

import (
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Answers serves a folder of recorded answers, verbatim. Their names say
// what they answer:
//
//	METHOD_path-with-underscores__STATUS[__variant].json
//
// So GET_devices_udid__200.json answers GET /devices/{udid}, the segment
// "udid" standing for any UDID, with or without /api in front. Where there
// are several, status 200 comes first and then the lowest. The variant "apps"
// is for requests with the parameter includeApps, which are given the plain
// file if there is none; other variants are not served. Everything else is
// answered with 404 and plain text. No credentials are checked, and no other
// parameter has an effect.
func Answers(fsys fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		files, err := recordings(fsys)
		if err != nil {
			http.Error(w, "Recordings cannot be read", http.StatusInternalServerError)
			return
		}
		rec, found := choose(files, recordingKeys(r), r.URL.Query().Has("includeApps"))
		if !found {
			http.Error(w, "Not Found", http.StatusNotFound)
			return
		}
		body, err := fs.ReadFile(fsys, rec.file)
		if err != nil {
			http.Error(w, "Recording cannot be read", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(rec.status)
		w.Write(body) // a client that is gone needs no answer
	})
}

// recording is one file, by what its name says.
type recording struct {
	file    string
	key     string // "GET_devices_udid"
	status  int
	variant string
}

// recordings lists the files whose names can be read.
func recordings(fsys fs.FS) ([]recording, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, fmt.Errorf("jamfschooltest: recordings: %w", err)
	}
	var list []recording
	for _, name := range names {
		parts := strings.Split(strings.TrimSuffix(path.Base(name), ".json"), "__")
		if len(parts) < 2 || len(parts) > 3 {
			continue
		}
		status, err := strconv.Atoi(parts[1])
		if err != nil || status < 200 || status > 599 {
			continue
		}
		rec := recording{file: name, key: parts[0], status: status}
		if len(parts) == 3 {
			rec.variant = parts[2]
		}
		list = append(list, rec)
	}
	return list, nil
}

// recordingKeys are the names under which the answer to a request may be
// found: the path as it is, and with its UDIDs replaced.
func recordingKeys(r *http.Request) []string {
	path := strings.TrimPrefix(r.URL.EscapedPath(), "/api/")
	segments := strings.Split(strings.Trim(path, "/"), "/")
	plain := r.Method + "_" + strings.Join(segments, "_")
	for i, s := range segments {
		if udidForm.MatchString(s) {
			segments[i] = "udid"
		}
	}
	return []string{plain, r.Method + "_" + strings.Join(segments, "_")}
}

// choose picks the best of the recordings with one of the keys.
func choose(files []recording, keys []string, withApps bool) (recording, bool) {
	fit := slices.DeleteFunc(slices.Clone(files), func(rec recording) bool {
		return !slices.Contains(keys, rec.key) || rec.variant != "" && !(withApps && rec.variant == "apps")
	})
	rank := func(rec recording) int {
		n := rec.status * 2
		if rec.status == http.StatusOK {
			n = 0
		}
		if withApps && rec.variant == "" {
			n++
		}
		return n
	}
	slices.SortStableFunc(fit, func(a, b recording) int { return rank(a) - rank(b) })
	if len(fit) == 0 {
		return recording{}, false
	}
	return fit[0], true
}
