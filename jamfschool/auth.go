package jamfschool

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// The API signs in with HTTP Basic on every request: the network ID is the
// user, the API key the password. transport.Basic does it; this file reads
// what people paste.

// parseAddress returns the root of the API. Hosts of the product's former
// name, zuludesk.com, serve it without a path.
//
// Source: reference/jamfschool.md 1.1
func parseAddress(text string) (*url.URL, error) {
	address, err := mdm.AddressForm{Path: "/api"}.Parse(text)
	if err != nil {
		return nil, err
	}
	if formerHost(address) {
		address.Path = ""
	}
	return address, nil
}

func formerHost(address *url.URL) bool {
	host := strings.ToLower(address.Hostname())
	return host == "zuludesk.com" || strings.HasSuffix(host, ".zuludesk.com")
}

// consoleHost returns the host where people sign in. That of a former host
// cannot be derived.
func consoleHost(address *url.URL) string {
	if formerHost(address) {
		return ""
	}
	return address.Host
}

// parseNetworkID accepts the number, or an MDM server URL that holds it as
// its parameter network.
//
// Source: reference/jamfschool.md 1.2
func parseNetworkID(text string) (string, error) {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "network=") {
		if _, query, ok := strings.Cut(text, "?"); ok {
			query, _, _ = strings.Cut(query, "#")
			if values, err := url.ParseQuery(query); err == nil {
				text = values.Get("network")
			}
		}
	}
	if text == "" {
		return "", errors.New("is missing; it is the number behind network= in the MDM server URL, shown under Devices > Enroll Device(s)")
	}
	if len(text) > 20 || strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		return "", errors.New("is not a number; give the number behind network= in the MDM server URL, shown under Devices > Enroll Device(s), or that whole URL")
	}
	return text, nil
}

// info describes the tenant. On a host of its own the address tells the
// tenant; on a shared one a fingerprint of the network ID does, since the ID
// is one half of the credentials and stays out of logs.
func info(address *url.URL, networkID string, locations []int64) mdm.Info {
	origin := mdm.Origin{Kind: Kind, Address: address.Scheme + "://" + strings.ToLower(address.Host)}
	if formerHost(address) {
		sum := sha256.Sum256([]byte(Kind + networkID))
		origin.Tenant = hex.EncodeToString(sum[:6])
	}
	return mdm.Info{Origin: origin, Role: mdm.RoleManages, Filter: filter(locations)}
}

// filter names the locations in a canonical form.
func filter(locations []int64) string {
	if locations == nil {
		return ""
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(locations)))
	names := make([]string, len(sorted))
	for i, id := range sorted {
		names[i] = formatID(id)
	}
	return "locations=" + strings.Join(names, ",")
}
