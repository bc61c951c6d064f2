package fleet

// School is one site of the district. The first one houses the district's
// office too.
type School struct {
	ID           string // such as "weiher"
	Name         string
	Short        string // the prefix of device names
	Street       string
	StreetNumber string
	PostalCode   string
	City         string
	Number       string // the ministry's number of the school, free text
	Region       string // name of the area around its public address
	Coordinates  string // of that area, "latitude,longitude"
	PublicIP     string // address that the devices of the school appear from
}

// Group is a named set of devices of one school. Names repeat from school to
// school.
type Group struct {
	ID     string
	School string // School.ID
	Name   string
	Notes  string
	Smart  bool // its members follow from a rule and cannot be set
}

// Person is a pupil or a member of staff.
type Person struct {
	ID       string
	School   string // School.ID
	Username string
	Email    string
	First    string
	Last     string // may carry a blank at its end, see [TrailingBlank]
	Teacher  bool
	Groups   []string // names of user groups
	Flaws    []Flaw
}

// Name is the first and the last name, as they were typed.
func (p Person) Name() string { return p.First + " " + p.Last }
