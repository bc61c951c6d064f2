package jamfprotest

// whoAmI shows the account with all its privileges.
func (c *call) whoAmI() reply {
	h := c.token.holder
	type account struct {
		ID               string              `json:"id"`
		Username         string              `json:"username"`
		RealName         string              `json:"realName"`
		Email            string              `json:"email"`
		MultiSiteAdmin   bool                `json:"multiSiteAdmin"`
		AccessLevel      string              `json:"accessLevel"`
		PrivilegeSet     string              `json:"privilegeSet"`
		PrivilegesBySite map[string][]string `json:"privilegesBySite"`
		CurrentSiteID    string              `json:"currentSiteId"`
	}
	kind := "CLIENT_CREDENTIALS"
	if h.user {
		kind = "JSS"
	}
	return success(struct {
		Account account      `json:"account"`
		Groups  []string     `json:"accountGroups"`
		Sites   []lookupSite `json:"sites"`
		Kind    string       `json:"authenticationType"`
	}{
		account{"7", h.name, "", "", false, "FullAccess", "CUSTOM", map[string][]string{"-1": append([]string{}, c.rights...)}, "-1"},
		[]string{}, []lookupSite{}, kind,
	})
}

func (c *call) showVersion() reply {
	return success(map[string]string{"version": c.version.text})
}

// healthStatus says that all requests of the last half hour were accepted.
func (c *call) healthStatus() reply {
	all := map[string]float64{"thirtySeconds": 1, "oneMinute": 1, "fiveMinutes": 1, "fifteenMinutes": 1, "thirtyMinutes": 1}
	return success(map[string]any{"api": all, "ui": all, "enrollment": all, "device": all, "default": all})
}

func (c *call) information() reply {
	return success(map[string]bool{"depAccountEnabled": true, "vppTokenEnabled": false})
}

func (c *call) timeZones() reply {
	type zone struct {
		ID     string `json:"zoneId"`
		Region string `json:"region"`
		Name   string `json:"displayName"`
	}
	return success([]zone{{"Europe/Berlin", "Europe", "Central European Time"}, {"UTC", "Etc", "Coordinated Universal Time"}})
}

func (c *call) listPrivileges() reply {
	return success(map[string][]string{"privileges": Privileges()})
}
