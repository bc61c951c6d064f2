package jamfschool

import (
	"net/http"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/internal/permissions"
	"github.com/mdmlink/mdmlink/mdm"
)

// Rights of an API key. Each stands for one HTTP method.
const (
	rightRead   = "Read"
	rightAdd    = "Add"
	rightEdit   = "Edit"
	rightDelete = "Delete"
)

// rights is what requests need of the API key, by their methods.
//
// Source: reference/jamfschool.md 1.3
var rights = slices.Concat(permissions.Table{
	permissions.Need(http.MethodGet, mdm.AbilityList, "", rightRead),
	permissions.Need(http.MethodGet, mdm.AbilityCheck, "", rightRead),
	permissions.Need(http.MethodGet, mdm.AbilitySoftware, "", rightRead),
	permissions.Need(http.MethodGet, mdm.AbilitySites, "", rightRead),
	permissions.Need(http.MethodGet, mdm.AbilityHealth, "", rightRead),
}, commandRights(), permissions.Table{
	permissions.Need(http.MethodPost, mdm.AbilityWrite, string(mdm.KeyAssetTag), rightAdd),
	permissions.Need(http.MethodPost, mdm.AbilityWrite, string(mdm.KeyNotes), rightAdd),
	permissions.Need(http.MethodPut, mdm.AbilityWrite, string(mdm.KeyUserID), rightEdit),
	permissions.Need(http.MethodPut, mdm.AbilityWrite, string(mdm.KeySiteID), rightEdit),
	permissions.Need(http.MethodDelete, "", "", rightDelete),
})

func commandRights() permissions.Table {
	var all permissions.Table
	for _, name := range commands.Names() {
		all = append(all, permissions.Need(http.MethodPost, mdm.AbilityCommand, name, rightAdd))
	}
	return all
}

// needs names the abilities that need a right, for a person.
func needs(right string) string {
	var abilities []string
	for _, p := range rights.Abilities() {
		if name := string(p.Ability); p.Right == right && !slices.Contains(abilities, name) {
			abilities = append(abilities, name)
		}
	}
	return strings.Join(abilities, ", ")
}

// missingRight says which right a request lacks.
func missingRight(method string, certain bool) (detail, advice string) {
	right := "for " + method
	if names := rights.Of(method); len(names) > 0 {
		right = names[0]
	}
	detail = "the API key lacks the right " + right
	if !certain {
		detail = "the API key seems to lack the right " + right
	}
	advice = "Give the API key the right " + right + " under Organization > Settings > API."
	if abilities := needs(right); abilities != "" {
		advice += " These need it: " + abilities + "."
	}
	return detail, advice
}
