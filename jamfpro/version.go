package jamfpro

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
)

// Version is the version of a server. The zero Version is not known.
type Version struct {
	Major, Minor, Patch int
	Text                string // as reported
}

// AtLeast reports whether the version is known and not older than major.minor.
func (v Version) AtLeast(major, minor int) bool {
	return v.Major > major || v.Major == major && v.Minor >= minor
}

func parseVersion(text string) Version {
	v := Version{Text: strings.TrimSpace(text)}
	number, _, _ := strings.Cut(v.Text, "-")
	parts := strings.Split(number, ".")
	for i, target := range []*int{&v.Major, &v.Minor, &v.Patch} {
		if i < len(parts) {
			*target, _ = strconv.Atoi(parts[i]) // what is no number is 0, which is old
		}
	}
	return v
}

// Version reads the version of the server, which needs no right. A server that
// answers something else is mdm.ErrWrongAddress.
//
// Source: reference/jamfpro.md 1.7
//
//mdm:endpoint GET /api/v1/jamf-pro-version
func (c *Client) Version(ctx context.Context) (Version, error) {
	var answer struct {
		Version json.Text `json:"version"`
	}
	if err := c.get(ctx, "version", "/api/v1/jamf-pro-version", nil, &answer); err != nil {
		return Version{}, err
	}
	v := parseVersion(answer.Version.Text)
	if v.Major == 0 {
		return Version{}, &mdm.Error{Op: "version", Origin: c.info.Origin, Kind: mdm.ErrWrongAddress,
			Detail: "the answer is not one of Jamf Pro", Advice: "Check the address: it leads to something else than Jamf Pro."}
	}
	c.server.mu.Lock()
	c.server.version = v
	c.server.mu.Unlock()
	return v, nil
}

// server is what is known of the server, once it was asked.
type server struct {
	mu         sync.Mutex
	version    Version
	asked      bool // whether it told its version, or that it does not
	generation int  // of the computer endpoints; 0 = not known
	proven     bool // that generation answered
	warned     bool
}

// generations of the computer endpoints, newest first.
var generations = []int{4, 3, 2, 1}

// newest returns the generation to try first.
//
// Source: reference/jamfpro.md 1.7
func newest(v Version) int {
	switch {
	case v.AtLeast(11, 30), v.Major == 0:
		return 4
	case v.AtLeast(11, 23):
		return 3
	}
	return 1
}

// version returns the version of the server, which is asked for once. A server
// that does not tell it has the zero Version.
func (c *Client) version(ctx context.Context) (Version, error) {
	c.server.mu.Lock()
	v, asked := c.server.version, c.server.asked
	c.server.mu.Unlock()
	if asked {
		return v, nil
	}
	v, err := c.Version(ctx)
	if errors.Is(err, mdm.ErrNotFound) {
		err = nil
	}
	if err == nil {
		c.server.mu.Lock()
		c.server.asked = true
		c.server.mu.Unlock()
	}
	return v, err
}

// generation returns the generation of the computer endpoints to use.
func (c *Client) generation(ctx context.Context) (generation int, proven bool, err error) {
	v, err := c.version(ctx)
	if err != nil {
		return 0, false, err
	}
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if c.server.generation == 0 {
		c.server.generation = newest(v)
	}
	return c.server.generation, c.server.proven, nil
}

// byGeneration makes a request in the newest generation that the server has. A
// 404 may mean that it lacks the generation; then an older one is tried, until
// one has answered. That one is remembered.
func (c *Client) byGeneration(ctx context.Context, request func(generation int) error) error {
	for {
		generation, proven, err := c.generation(ctx)
		if err != nil {
			return err
		}
		err = request(generation)
		if err == nil || proven || !missing(err) {
			if err == nil {
				c.settle(generation, true)
			}
			return err
		}
		next := older(generation)
		if next == 0 {
			return err
		}
		c.settle(next, false)
	}
}

// settle remembers a generation, unless another request has proven one.
func (c *Client) settle(generation int, proven bool) {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if !c.server.proven {
		c.server.generation, c.server.proven = generation, proven
	}
}

func older(generation int) int {
	for _, g := range generations {
		if g < generation {
			return g
		}
	}
	return 0
}

// missing reports whether an error is a 404.
func missing(err error) bool {
	e, ok := errors.AsType[*mdm.Error](err)
	return ok && e.Status == http.StatusNotFound
}

// computersPath is the list of computers in a generation.
func computersPath(generation int) string {
	return fmt.Sprintf("/api/v%d/computers-inventory", generation)
}

// deprecated logs once that the server announces the end of an endpoint.
func (s *server) deprecated(log *slog.Logger, op string, h http.Header) {
	if h.Get("Deprecation") == "" && h.Get("Sunset") == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.warned {
		return
	}
	s.warned = true
	log.Warn("the server announces the end of an endpoint", "source", Kind, "op", op)
}
