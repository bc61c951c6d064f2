package abmtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// payload is the resource in the body of a write.
type payload struct {
	Data struct {
		Type          string          `json:"type"`
		ID            string          `json:"id"`
		Attributes    json.RawMessage `json:"attributes"`
		Relationships json.RawMessage `json:"relationships"`
	} `json:"data"`
}

// payload reads the body as a resource of a type and an id; "" = without one.
func (c *call) payload(kind, id string) (payload, *reply) {
	var p payload
	if rep := c.strict(c.body, &p, ""); rep != nil {
		return p, rep
	}
	if p.Data.Type != kind {
		return p, c.invalid(http.StatusConflict, "/data/type", "the type is not "+kind)
	}
	if p.Data.ID != id {
		return p, c.invalid(http.StatusConflict, "/data/id", "the id is not that of the address")
	}
	return p, nil
}

// strict decodes one JSON value with no members that the target does not have.
// Empty raw is a mistake too.
func (c *call) strict(raw []byte, into any, pointer string) *reply {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil {
		if _, more := dec.Token(); more == io.EOF {
			return nil
		}
		err = fmt.Errorf("garbage behind the JSON value")
	}
	if pointer != "" {
		return c.invalid(http.StatusUnprocessableEntity, pointer, err.Error())
	}
	c.violate("body: %v", err)
	rep := c.fail(http.StatusBadRequest, "ENTITY_ERROR", "The request entity is not valid", err.Error(), source{})
	return &rep
}

// invalid notes a violation and answers that the entity is wrong.
func (c *call) invalid(status int, pointer, detail string) *reply {
	c.violate("%s: %s", pointer, detail)
	return c.conflict(status, pointer, detail)
}

// conflict answers that the entity, or the state, does not allow a write.
func (c *call) conflict(status int, pointer, detail string) *reply {
	rep := c.fail(status, "ENTITY_ERROR.ATTRIBUTE.INVALID", "An attribute value is invalid", detail, source{Pointer: pointer})
	return &rep
}
