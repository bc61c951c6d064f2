package intune

import (
	"errors"
	"strings"
)

// Cloud is one of Microsoft's separate clouds. It stands for the sign-in, the
// API and the console at once, so that they cannot be mixed. A tenant and an
// app registration live in exactly one. The zero Cloud is Public.
type Cloud uint8

// The clouds.
const (
	Public      Cloud = iota // worldwide, with the Government Community Cloud
	Government               // US Government L4, GCC High
	Defense                  // US Government L5, DoD
	China                    // operated by 21Vianet
	cloudsCount              // number of clouds
)

// endpoints are the three hosts of a cloud and its scope.
type endpoints struct {
	name, login, graph, portal string
}

// clouds is the table of endpoints.
//
// Source: reference/intune.md 1.2, 8
//
// Unverified: the scope of the US Government L5 cloud, and that the consoles
// of the national clouds take the same links.
var clouds = [cloudsCount]endpoints{
	Public:     {"public", "https://login.microsoftonline.com", "https://graph.microsoft.com", "https://intune.microsoft.com"},
	Government: {"government", "https://login.microsoftonline.us", "https://graph.microsoft.us", "https://intune.microsoft.us"},
	Defense:    {"defense", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us", "https://intune.microsoft.us"},
	China:      {"china", "https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn", "https://intune.microsoft.cn"},
}

// String returns "public", "government", "defense" or "china", and "" for what
// is none of them.
func (c Cloud) String() string {
	if c >= cloudsCount {
		return ""
	}
	return clouds[c].name
}

// ParseCloud reads what String writes, whatever its case; "" is Public.
func ParseCloud(text string) (Cloud, error) {
	text = strings.ToLower(strings.TrimSpace(text))
	for c := range cloudsCount {
		if text == clouds[c].name || text == "" {
			return c, nil
		}
	}
	return Public, errCloud
}

var errCloud = errors.New("is none of public, government, defense, china")

// scope asks for all that an administrator consented to.
func (c Cloud) scope() string { return clouds[c].graph + "/.default" }

// tokenAddress is where a tenant's tokens are made.
func (c Cloud) tokenAddress(tenant string) string {
	return clouds[c].login + "/" + tenant + "/oauth2/v2.0/token"
}
