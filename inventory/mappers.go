package inventory

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// MapperCall names a mapper and gives its arguments, so that a rule can be
// stored. The zero MapperCall is no mapper.
type MapperCall struct {
	Name string   `json:"name"`           // one of StandardMappers or of Connection.Mappers
	Args []string `json:"args,omitempty"` // what they mean is the mapper's to say
}

// Mappers makes mappers of their arguments, by name. A wrong argument is an
// error.
type Mappers map[string]func(args ...string) (Mapper, error)

// StandardMappers returns the mappers that a rule can always name:
//
//   - "time": the zone, such as "Europe/Berlin", and a layout of package time
//     ("" or none = "2006-01-02 15:04"); see TimeIn
//   - "gigabytes" and "gibibytes": no argument; see Gigabytes
//   - "one_of": pairs of a text and what replaces it; see OneOf
//   - "first_line": no argument; see FirstLine
//   - "template": the template; see Template
func StandardMappers() Mappers {
	return Mappers{
		"time":       timeMapper,
		"gigabytes":  plainMapper(Gigabytes(false)),
		"gibibytes":  plainMapper(Gigabytes(true)),
		"one_of":     tableMapper,
		"first_line": plainMapper(FirstLine),
		"template": func(args ...string) (Mapper, error) {
			if len(args) != 1 {
				return nil, fmt.Errorf("it needs one argument, the template")
			}
			return Template(args[0])
		},
	}
}

func timeMapper(args ...string) (Mapper, error) {
	if len(args) == 0 || len(args) > 2 {
		return nil, fmt.Errorf("it needs the zone and perhaps a layout")
	}
	zone, err := time.LoadLocation(args[0])
	if err != nil {
		return nil, fmt.Errorf("there is no time zone %q", args[0])
	}
	return TimeIn(zone, strings.Join(args[1:], "")), nil
}

func tableMapper(args ...string) (Mapper, error) {
	if len(args)%2 != 0 || len(args) == 0 {
		return nil, fmt.Errorf("it needs pairs of a text and what replaces it")
	}
	table := map[string]string{}
	for pair := range slices.Chunk(args, 2) {
		table[pair[0]] = pair[1]
	}
	return OneOf(table), nil
}

func plainMapper(m Mapper) func(...string) (Mapper, error) {
	return func(args ...string) (Mapper, error) {
		if len(args) > 0 {
			return nil, fmt.Errorf("it takes no argument")
		}
		return m, nil
	}
}

// Names returns the names of the mappers, sorted.
func (m Mappers) Names() []string { return slices.Sorted(maps.Keys(m)) }

// mapper makes the mapper of a call, the host's before the standard one.
func (m Mappers) mapper(call MapperCall) (Mapper, error) {
	build := m[call.Name]
	if build == nil {
		build = StandardMappers()[call.Name]
	}
	if build == nil {
		return nil, fmt.Errorf("there is no mapper %q", call.Name)
	}
	mapper, err := build(call.Args...)
	if err != nil {
		return nil, fmt.Errorf("mapper %q: %w", call.Name, err)
	}
	return mapper, nil
}
