package jamfpro

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/internal/checking"
	"github.com/mdmlink/mdmlink/internal/permissions"
	"github.com/mdmlink/mdmlink/jamfpro/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
)

// Check tests the connection. Each right for reading is tested by a real
// request for one record; the server is asked which further rights there are.
// Nothing is changed.
func (s *Source) Check(ctx context.Context) iter.Seq[mdm.Step] {
	return func(yield func(mdm.Step) bool) {
		c := &check{client: s.client, Steps: checking.Steps{All: steps, Yield: yield}}
		version, err := s.client.Version(ctx)
		_ = c.Reach(err, c.client.info.Origin.Address+" answers") &&
			c.Product(err, "Jamf Pro", "Check the address: the answer is not one of Jamf Pro.") && c.authenticate(err) &&
			c.list(ctx) && c.optional(ctx) && c.surplus(ctx) &&
			c.tenant(version) && c.sample()
	}
}

// check is one run of Check. Each step returns whether to go on; a failed one
// ends the check after it has said which steps were skipped.
type check struct {
	checking.Steps
	client  *Client
	counts  map[DeviceKind]int
	session Session
}

// Session is who the credentials stand for.
type Session struct {
	Name       string
	Access     string   // "FullAccess", "SiteAccess" or "GroupBasedAccess", as reported
	Privileges []string // of any site, sorted
	Sites      []Site   // to which the account is limited; none = not limited
}

// Session reads who the credentials stand for and what they may do. It needs
// no right.
//
// Source: reference/jamfpro.md 1.5
//
//mdm:endpoint GET /api/v1/auth
func (c *Client) Session(ctx context.Context) (Session, error) {
	var w wire.Session
	if err := c.get(ctx, "session", "/api/v1/auth", nil, &w); err != nil {
		return Session{}, err
	}
	s := Session{Name: clean(w.Account.Of.Username), Access: clean(w.Account.Of.AccessLevel)}
	for _, names := range w.Account.Of.PrivilegesBySite {
		for _, name := range names.Of {
			if text := clean(name); text != "" {
				s.Privileges = append(s.Privileges, text)
			}
		}
	}
	slices.Sort(s.Privileges)
	s.Privileges = slices.Compact(s.Privileges)
	for _, site := range w.Sites.Of {
		if reference(site.ID) != "" {
			s.Sites = append(s.Sites, newSite(site))
		}
	}
	return s, nil
}

func (c *check) authenticate(err error) bool {
	step := c.Step(mdm.StepAuthenticate)
	if err != nil {
		return c.Fail(step, err, "", "")
	}
	return c.Pass(step, "accepted")
}

// list tests the rights that reading needs, each by asking for one record.
func (c *check) list(ctx context.Context) bool {
	step := c.Step(mdm.StepPermission + string(mdm.AbilityList))
	c.counts = map[DeviceKind]int{}
	var there []string
	for _, kind := range c.client.kinds() {
		l := listRequest{kind: kind, sections: []Section{SectionGeneral}}
		m, err := c.client.mark(ctx, l)
		if err != nil {
			return c.Fail(step, err, "", "")
		}
		c.counts[kind] = m.Total
		there = append(there, rightsOf(l.op())...)
	}
	return c.Pass(step, strings.Join(there, ", ")+": there")
}

// optional tests the rights for what reading can do without.
func (c *check) optional(ctx context.Context) bool {
	sites := func() error { _, err := collect(c.client.Sites(ctx)); return err }
	enrollments := func() error { _, err := collect(c.client.Enrollments(ctx)); return err }
	for _, o := range []struct {
		ability mdm.Ability
		request func() error
	}{{mdm.AbilitySites, sites}, {mdm.AbilityHealth, enrollments}} {
		step := c.Step(mdm.StepPermission + string(o.ability))
		step.Result, step.Reason = mdm.StepPassed, "it may"
		if err := o.request(); err != nil {
			step.Result, step.Reason = mdm.StepNote, "it may not, which reading devices can do without"
			if errors.Is(err, mdm.ErrPermissionMissing) {
				step.Advice = mdm.Advice(err)
			} else {
				step.Reason = "this could not be found out: " + err.Error()
			}
		}
		if !c.Yield(step) {
			return false
		}
	}
	return true
}

// surplus says which rights the role has beyond those for reading.
func (c *check) surplus(ctx context.Context) bool {
	step := c.Step(mdm.StepPermission + string(mdm.AbilityCommand))
	step.Result = mdm.StepNote
	session, err := c.client.Session(ctx)
	if err != nil {
		step.Reason = "the server does not tell them"
		return c.Yield(step)
	}
	c.session = session
	var more []string
	for _, name := range session.Privileges {
		if !readingRight(name) {
			more = append(more, name)
		}
	}
	switch {
	case len(session.Privileges) == 0:
		step.Reason = "the server names none"
	case len(more) == 0:
		step.Reason = "it may only read, which is all that a sync needs; commands and writing the asset tag need more"
	default:
		const most = 5
		step.Reason = fmt.Sprintf("it has %d rights that reading does not need: %s", len(more), strings.Join(more[:min(most, len(more))], ", "))
		if len(more) > most {
			step.Reason += " and others"
		}
		step.Advice = "If the connection only reads, take these rights from the API role. See the table of permissions for what needs them."
	}
	return c.Yield(step)
}

// readingRight reports whether a right is one that this client uses for
// reading, whatever the case of its name.
func readingRight(name string) bool {
	return slices.ContainsFunc(rights, func(r permissions.Right) bool {
		return r.Ability != mdm.AbilityCommand && r.Ability != mdm.AbilityWrite && r.Op != opCommands && r.Op != opBlankPush &&
			slices.ContainsFunc(r.Names, func(n string) bool { return strings.EqualFold(n, name) })
	})
}

func (c *check) tenant(v Version) bool {
	step := c.Step(mdm.StepTenant)
	reason := fmt.Sprintf("Jamf Pro %d.%d.%d at %s", v.Major, v.Minor, v.Patch, c.client.info.Origin.Address)
	if n := len(c.session.Sites); n > 0 && strings.EqualFold(c.session.Access, "SiteAccess") {
		reason += fmt.Sprintf(", limited to %d sites", n)
	}
	return c.Pass(step, reason)
}

func (c *check) sample() bool {
	step := c.Step(mdm.StepSample)
	return c.Pass(step, fmt.Sprintf("%d computers and %d mobile devices can be seen", c.counts[Computer], c.counts[MobileDevice]))
}

// steps are the steps of the check, in order.
var steps = []mdm.Step{
	{Name: mdm.StepReach, Title: "The server can be reached"},
	{Name: mdm.StepProduct, Title: "It is Jamf Pro"},
	{Name: mdm.StepAuthenticate, Title: "The credentials are accepted"},
	{Name: mdm.StepPermission + string(mdm.AbilityList), Title: "The API role may read devices"},
	{Name: mdm.StepPermission + string(mdm.AbilitySites), Title: "The API role may read sites"},
	{Name: mdm.StepPermission + string(mdm.AbilityHealth), Title: "The API role may read when Apple's tokens expire"},
	{Name: mdm.StepPermission + string(mdm.AbilityCommand), Title: "Further rights of the API role"},
	{Name: mdm.StepTenant, Title: "It is the right server"},
	{Name: mdm.StepSample, Title: "Data can be read"},
}
