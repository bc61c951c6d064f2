// Package deeplink makes links into the console of a management system out of
// templates such as "{base}/devices/{id}", which a host may set.
package deeplink

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// Kind says what a placeholder stands for.
type Kind uint8

const (
	Base   Kind = iota + 1 // an address, such as https://mdm.example.com, put in as it is
	Part                   // a part of an address, put in as it is
	Value                  // any text, escaped
	Device                 // any text, escaped; a link with it opens the device
)

// Place is a placeholder.
type Place struct {
	Name string // in braces, such as "{serial}"
	Kind Kind
}

// Places are the placeholders that a template may have.
type Places []Place

// String lists their names.
func (p Places) String() string {
	names := make([]string, len(p))
	for i, place := range p {
		names[i] = place.Name
	}
	return strings.Join(names, ", ")
}

// Check refuses a template that could not give a safe link. "" is none.
func (p Places) Check(template string) error {
	_, err := p.Parse(template)
	return err
}

// Template is a template that was read. The zero Template is none.
type Template struct {
	places Places
	texts  []string // what stands before each placeholder, and behind the last
	at     []int    // the placeholders, by their place in places
	target mdm.LinkTarget
}

// Parse reads a template. "" is the zero Template.
func (p Places) Parse(template string) (Template, error) {
	if template == "" {
		return Template{}, nil
	}
	t := Template{places: p, target: mdm.LinkList}
	sample := ""
	for rest := template; ; {
		text, behind, found := strings.Cut(rest, "{")
		if strings.Contains(text, "}") {
			return Template{}, p.unknown()
		}
		if n := len(t.at); n > 0 && p[t.at[n-1]].Kind == Base && rest != "" && !strings.Contains("/?#", rest[:1]) {
			return Template{}, p.noAddress() // what follows would be a part of the host's name
		}
		t.texts = append(t.texts, text)
		sample += text
		if !found {
			break
		}
		name, after, closed := strings.Cut(behind, "}")
		i := p.find("{" + name + "}")
		if !closed || i < 0 {
			return Template{}, p.unknown()
		}
		t.at = append(t.at, i)
		if p[i].Kind == Device {
			t.target = mdm.LinkDevice
		}
		sample += p[i].sample()
		rest = after
	}
	u, err := url.Parse(sample)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return Template{}, p.noAddress()
	}
	return t, nil
}

// MustParse is Parse for a template that is known to be good.
func (p Places) MustParse(template string) Template {
	t, err := p.Parse(template)
	if err != nil {
		panic("deeplink: " + template + " " + err.Error())
	}
	return t
}

func (p Places) find(name string) int {
	for i, place := range p {
		if place.Name == name {
			return i
		}
	}
	return -1
}

func (p Places) unknown() error {
	return fmt.Errorf("has an unknown placeholder; use %s", p)
}

func (p Places) noAddress() error {
	start := "https://"
	switch p[0].Kind {
	case Base:
		start = p[0].Name + "/"
	case Part:
		start += p[0].Name + "/"
	}
	return errors.New("is no address; start with " + start)
}

// sample stands for the placeholder while a template is checked.
func (p Place) sample() string {
	if p.Kind == Base {
		return "https://x"
	}
	return "x"
}

// IsZero reports whether there is no template.
func (t Template) IsZero() bool { return t.texts == nil }

// Fill returns the link and what it opens. The values are those of the
// placeholders, in their order. There is no link where one that the template
// has is empty.
func (t Template) Fill(values ...string) (string, mdm.LinkTarget) {
	if t.IsZero() {
		return "", mdm.LinkUnknown
	}
	size := 0
	for _, text := range t.texts {
		size += len(text)
	}
	for _, value := range values {
		size += len(value)
	}
	var link strings.Builder
	link.Grow(size)
	link.WriteString(t.texts[0])
	for n, i := range t.at {
		value := values[i]
		if value == "" {
			return "", mdm.LinkUnknown
		}
		if t.places[i].Kind >= Value {
			value = escape(value)
		}
		link.WriteString(value)
		link.WriteString(t.texts[n+1])
	}
	return link.String(), t.target
}

// escape makes a text safe in a path as well as in a query.
func escape(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
