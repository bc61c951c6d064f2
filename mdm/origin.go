package mdm

import "strings"

// Origin says where a record comes from: the kind of system, its address and
// the tenant on it. Two records are of one system only if their origins are
// equal; device ids repeat between tenants. The zero Origin is unknown.
type Origin struct {
	Kind    string `json:"kind,omitzero"`    // kind of system, such as "jamfschool"
	Address string `json:"address,omitzero"` // canonical address, such as "https://school.jamfcloud.com"
	Tenant  string `json:"tenant,omitzero"`  // tenant on a shared address; "" where the address tells
}

// String returns kind, address and tenant, separated by blanks. It holds no
// secret.
func (o Origin) String() string {
	parts := make([]string, 0, 3)
	for _, part := range []string{o.Kind, o.Address, o.Tenant} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// IsZero reports whether the origin is unknown.
func (o Origin) IsZero() bool { return o == Origin{} }
