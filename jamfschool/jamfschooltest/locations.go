package jamfschooltest

type wireLocation struct {
	ID           int    `json:"id"`
	Name         string `json:"name"`
	IsDistrict   bool   `json:"isDistrict"`
	Street       any    `json:"street"`
	StreetNumber any    `json:"streetNumber"`
	PostalCode   any    `json:"postalCode"`
	City         any    `json:"city"`
	Source       string `json:"source"`
	ASM          any    `json:"asmIdentifier"`
	SchoolNumber any    `json:"schoolNumber"`
}

// renderLocation writes a location; the district's own has no address.
func renderLocation(l location) wireLocation {
	w := wireLocation{
		ID: l.id, Name: l.school.Name, IsDistrict: l.id == 0, Source: "default",
		Street: null, StreetNumber: null, PostalCode: null, City: null, ASM: null, SchoolNumber: null,
	}
	if l.id == 0 {
		return w
	}
	w.Street, w.StreetNumber = orNull(l.school.Street), orNull(l.school.StreetNumber)
	w.PostalCode, w.City, w.SchoolNumber = orNull(l.school.PostalCode), orNull(l.school.City), orNull(l.school.Number)
	if l.id%2 == 0 {
		w.Source, w.ASM = "asm", "1200"+digitsOf(l.school.Number)
	}
	return w
}

// digitsOf keeps the digits of a text.
func digitsOf(text string) string {
	var out []rune
	for _, r := range text {
		if r >= '0' && r <= '9' {
			out = append(out, r)
		}
	}
	return string(out)
}

// listLocations has neither a code nor a count.
func (c *call) listLocations() reply {
	list := []wireLocation{}
	for _, l := range c.f.locations {
		list = append(list, renderLocation(l))
	}
	return success(map[string]any{"locations": list})
}

// showLocation answers with the bare object.
func (c *call) showLocation() reply {
	id := c.id()
	for _, l := range c.f.locations {
		if l.id == id {
			return success(renderLocation(l))
		}
	}
	return missing("LocationNotFound")
}
