package relutiontest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// manners checks what is the same for every request, and reads the body.
func (c *call) manners(*route) *reply {
	for name := range c.r.Header {
		if name != http.CanonicalHeaderKey(name) {
			c.violate("header name %q is not in canonical form", name)
		}
	}
	if c.header("Cookie") != "" {
		c.violate("a cookie came back")
	}
	body, _ := io.ReadAll(c.r.Body) // is in memory
	body = bytes.TrimSpace(body)
	switch kind, _, err := mime.ParseMediaType(c.header("Content-Type")); {
	case len(body) == 0:
		return nil
	case c.r.Method == http.MethodGet:
		c.violate("a body on GET is ignored")
		return nil
	case err != nil || kind != "application/json":
		c.violate("Content-Type of the body is not application/json")
		return new(c.fail(http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "HTTP 415 Unsupported Media Type"))
	}
	c.body = body
	return nil
}

// header reads a header whatever the case of its name.
func (c *call) header(name string) string {
	for got, values := range c.r.Header {
		if strings.EqualFold(got, name) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// strictly reads a JSON object that may have no other keys than those of v.
func strictly(raw []byte, v any) error {
	if len(raw) == 0 || raw[0] != '{' {
		return fmt.Errorf("no JSON object")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("%s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("garbage behind the JSON object")
	}
	return nil
}
