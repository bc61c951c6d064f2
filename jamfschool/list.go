package jamfschool

import (
	"context"
	"iter"
	"net/url"

	"github.com/mdmlink/mdmlink/internal/json"
)

// list reads an answer that holds a short list, under one of the names, and
// yields its elements in the client's own type.
func list[W, T any](ctx context.Context, c *Client, op, path string, query url.Values, convert func(W) T, names ...string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		var answer map[string]json.Value
		if err := c.get(ctx, op, path, query, &answer); err != nil {
			yield(none, err)
			return
		}
		var elements json.List[W]
		for _, name := range names {
			if value, ok := answer[name]; ok && !elements.Present {
				_ = json.Unmarshal(value, &elements) // takes any value
			}
		}
		if !elements.Present {
			yield(none, c.undecodable(op, "the answer holds no such list"))
			return
		}
		for _, w := range elements.Of {
			if !yield(convert(w), nil) {
				return
			}
		}
	}
}

// one reads an answer that holds one object under a name, or is the object
// itself where name is "".
func one[W, T any](ctx context.Context, c *Client, op, path string, convert func(W) T, name string) (T, error) {
	var none T
	var answer json.Value
	if err := c.get(ctx, op, path, nil, &answer); err != nil {
		return none, err
	}
	if name != "" {
		var members map[string]json.Value
		if json.Unmarshal(answer, &members) == nil {
			answer = members[name]
		}
	}
	var object json.Object[W]
	var id struct {
		ID json.Int `json:"id"`
	}
	if len(answer) == 0 || json.Unmarshal(answer, &object) != nil || !object.Present || json.Unmarshal(answer, &id) != nil || !id.ID.Present {
		return none, c.undecodable(op, "the answer holds no such object")
	}
	return convert(object.Of), nil
}
