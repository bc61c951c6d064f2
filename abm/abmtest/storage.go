package abmtest

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	storagePath = "/activity/"
	storageHost = "storage.example-cdn.net"
	storageLife = time.Hour // of an address
)

// logAddress is where the log of an activity can be fetched for an hour: on
// another host than the API, if the fake is reached without a socket, and
// else on another name of this machine.
func (c *call) logAddress(a *activity) string {
	origin := c.scheme() + "://" + c.r.Host
	if _, port, ok := strings.Cut(c.r.Host, "127.0.0.1:"); ok {
		origin = c.scheme() + "://localhost:" + port
	} else if !strings.HasPrefix(c.r.Host, "localhost") {
		origin = "https://" + storageHost
	}
	return fmt.Sprintf("%s%s%s.csv?sig=%s&exp=%d", origin, storagePath, a.id[:8], a.signature, c.now.Add(storageLife).Unix())
}

// download serves the log of an activity to whoever has its address.
func (c *call) download() reply {
	if c.r.Header.Get("Authorization") != "" {
		c.violate("the bearer token went to the storage")
		return storageError(http.StatusBadRequest, "InvalidArgument")
	}
	name := strings.TrimSuffix(strings.TrimPrefix(c.r.URL.Path, storagePath), ".csv")
	expires, err := strconv.ParseInt(c.query.Get("exp"), 10, 64)
	for _, a := range c.f.activities {
		if a.id[:8] != name || a.rows == nil {
			continue
		}
		if err != nil || c.query.Get("sig") != a.signature || c.now.After(time.Unix(expires, 0)) {
			break
		}
		return reply{status: http.StatusOK, kind: "text/csv", text: c.f.log(a)}
	}
	return storageError(http.StatusForbidden, "AccessDenied")
}

// log writes one line for each device.
func (f *Fake) log(a *activity) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Write([]string{"DEVICE_ID", "SERIAL_NO", "STATUS", "ERROR"})
	for _, r := range a.rows {
		status := "SUCCESS"
		if r.problem != "" {
			status = "FAILED"
		}
		w.Write([]string{r.id, r.serial, status, r.problem})
	}
	w.Flush()
	return b.String()
}

// storageError is the answer of a storage that speaks XML.
func storageError(status int, code string) reply {
	return reply{status: status, kind: "application/xml", text: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>` + code + `</Code></Error>`}
}
