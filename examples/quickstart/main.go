// Command quickstart is the main job of mdmlink from start to end: it checks
// the connection to an MDM, syncs its devices with an inventory, and shows
// what was linked and why, what waits for a person, and what a second run
// does.
//
//	go run ./examples/quickstart                a fake school district on Jamf School
//	go run ./examples/quickstart -fake jamfpro  the same district on another system
//	go run ./examples/quickstart -db FILE       the inventory stays in a file
//	go run ./examples/quickstart -answers DIR   recorded answers of Jamf School
//	go run ./examples/quickstart -live KIND     a live system, only read; its settings
//	                                            come from the environment, such as
//	                                            JAMFPRO_ADDRESS for the field "address"
package main

import (
	"context"
	"flag"
	"io"
	"log"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/examples/internal/district"
	"github.com/mdmlink/mdmlink/inventory"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
	"github.com/mdmlink/mdmlink/vendors"
)

func main() {
	var c choice
	flag.StringVar(&c.fake, "fake", "jamfschool", "which fake system the district is on: "+strings.Join(district.Kinds(), ", "))
	flag.StringVar(&c.db, "db", "", "file to keep the inventory of the district in; it is made if it is not there")
	flag.StringVar(&c.answers, "answers", "", "folder of recorded answers of Jamf School to use instead of the fake district")
	flag.StringVar(&c.live, "live", "", "kind of a live system to list, with its settings in environment variables such as JAMFPRO_ADDRESS")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := tour(ctx, os.Stdout, c); err != nil {
		log.Fatalln(err, mdm.Advice(err))
	}
}

func tour(ctx context.Context, out io.Writer, c choice) error {
	show := &screen{out: out}

	// A world to connect to: a fake MDM and an inventory that was kept by
	// hand. With a live tenant, the inventory is empty.
	world, err := newWorld(ctx, c)
	if err != nil {
		return err
	}
	defer world.close()

	// A source is opened from what a person typed into the settings form.
	source, err := vendors.Open(world.kind, world.settings, world.options)
	if err != nil {
		return err
	}

	show.title("Is the connection all right?")
	var steps []mdm.Step
	checker, _ := mdm.As[mdm.Checker](source)
	for step := range checker.Check(ctx) {
		show.step(step)
		steps = append(steps, step)
	}
	if failed, ok := (mdm.Report{Steps: steps}).Failed(); ok {
		return failed.Err
	}
	if world.live {
		return show.list(ctx, source)
	}

	// The MDM's locations, if it has any, are the inventory's schools; here
	// their names tell.
	sites := map[string]string{}
	if lister, ok := mdm.As[mdm.SiteLister](source); ok {
		for site, err := range lister.Sites(ctx) {
			if err != nil {
				return err
			}
			if school, ok := world.schools[site.Name]; ok {
				sites[site.ID] = school
			}
		}
	}

	// A connection says whose inventory it is, and which attributes go where.
	connection := inventory.Connection{
		ID: "1", Kind: world.kind, Scope: "district", Name: inventory.SuggestName(world.kind, world.name),
		Sites: sites,
		Mapping: inventory.Mapping{
			{From: mdm.KeyName, Field: "device name"},
			{From: mdm.KeyOSVersion, Field: "os version"},
			{From: mdm.KeyUserName, Field: "user", Mode: inventory.InventoryWins},
			{From: mdm.KeyMACWiFi, Field: "wifi address", Mode: inventory.FillIfEmpty},
			{From: mdm.KeyLastSeen, Field: "last check-in"},
		},
	}

	show.title("What would a sync do?")
	plan, err := inventory.PlanSync(ctx, connection, source, world.store, nil)
	if err != nil {
		return err
	}
	show.plan(plan)

	show.title("Sync")
	bar := newBar(out)
	run, err := inventory.Sync(ctx, connection, source, world.store, &inventory.Options{Observer: bar.progress})
	bar.end()
	if err != nil {
		return err
	}
	show.run(run)

	show.title("What was linked, and by which evidence")
	show.links(plan)

	show.title("What changed on linked assets")
	show.changes(plan)

	show.title("The staging table: what waits for a person")
	rows, err := staged(ctx, world.store, connection)
	if err != nil {
		return err
	}
	show.staging(rows, world.assets)

	// Every decision can be explained, and every suggestion accepted, by
	// hand: no later run overrides a person.
	if row, ok := firstSuggestion(rows); ok {
		suggestion := row.Candidates[0]
		show.title("Why is this only a suggestion?")
		show.explain(connection, row, suggestion, world.assets)

		show.title("A person decides")
		_, err := inventory.Decide(ctx, connection, world.store, inventory.Decision{
			Kind: inventory.DecideLink, Device: row.Device, Asset: suggestion.Asset,
			By: "the librarian", Why: "checked the label", At: time.Now(),
		})
		if err != nil {
			return err
		}
		show.line("%q is now %s, decided by the librarian.", row.Record.Name, suggestion.Asset)
	}

	show.title("From the inventory into the MDM")
	if err := show.link(ctx, world.store, connection); err != nil {
		return err
	}

	show.title("A second run")
	if run, err = inventory.Sync(ctx, connection, source, world.store, nil); err != nil {
		return err
	}
	show.line("%d devices read, %d changes written.", run.Listing.Received, run.Writes)
	return triangle(ctx, show, world, source.Info().Role)
}

// triangle reads the district's purchases from Apple Business Manager, too, and
// compares them with what is enrolled and with the inventory.
func triangle(ctx context.Context, show *screen, w *world, role mdm.Role) error {
	if w.people == nil || role == mdm.RoleOwns {
		return nil
	}
	show.title("Bought, enrolled, known")
	fake, _ := district.New("abm", w.people)
	source, err := vendors.Open("abm", district.Values("abm", fake.Form("")), transport.Options{Limiter: unlimited{}, Base: fake.Base})
	if err != nil {
		return err
	}
	connection := inventory.Connection{ID: "2", Kind: "abm", Scope: "district", Name: inventory.SuggestName("abm", w.name)}
	if _, err := inventory.Sync(ctx, connection, source, w.store, nil); err != nil {
		return err
	}
	var assets []inventory.Asset
	for a, err := range w.store.Assets(ctx, inventory.AssetQuery{Scope: "district"}) {
		if err != nil {
			return err
		}
		assets = append(assets, a)
	}
	var entries []inventory.Entry
	for e, err := range w.store.Entries(ctx, inventory.EntryQuery{Scope: "district"}) {
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	roles := map[string]mdm.Role{"1": role, "2": mdm.RoleOwns}
	t, err := inventory.NewTriangle(func(connection string) mdm.Role { return roles[connection] }, assets, entries)
	if err != nil {
		return err
	}
	show.triangle(t)
	return nil
}
