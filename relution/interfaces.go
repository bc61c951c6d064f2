package relution

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/relution/internal/wire"
)

// network reads addresses of interfaces. Where the detail tells addresses
// together, they stay together.
//
// Source: reference/relution.md 3.1, 9
func (d *Device) network(t *wire.Tree) {
	or(&d.WiFiMAC, t.Text("wifiMac"))
	d.ethernet(t.Text("ethernetMac"))
	for _, n := range []mdm.Interface{
		{Kind: mdm.InterfaceWiFi, MAC: t.Text("network.wifiMac"), IPs: addresses(t, "network.wifiIPv4Address", "network.wifiIPv6Address")},
		{Kind: mdm.InterfaceEthernet, MAC: t.Text("network.ethernetMac")},
		{Kind: mdm.InterfaceWiFi, MAC: t.Text("networkInfo.wifiMacAddress")},
		{MAC: t.Text("networkInfo.macAddress"), IPs: addresses(t, "networkInfo.ipAddress")},
		{Kind: mdm.InterfaceWiFi, MAC: t.Text("currentWifi.mac"), IPs: addresses(t, "currentWifi.ip")},
		{Kind: mdm.InterfaceEthernet, MAC: t.Text("ethernet.ethernetMacAddress"), IPs: addresses(t, "ethernet.ethernetIpAddress")},
		{Kind: mdm.InterfaceEthernet, MAC: t.Text("ethernetMacAddress")},
	} {
		d.nic(n)
	}
	if d.Platform == chromeOS {
		or(&d.WiFiMAC, t.Text("macAddress"))
	}
	var more json.List[json.Text]
	if value := t.At("ethernetMACs"); len(value) > 0 && json.Unmarshal(value, &more) == nil {
		for _, mac := range json.Texts(more) {
			d.ethernet(mac)
		}
	}
	or(&d.BluetoothMAC, t.Text("network.bluetoothMac", "bluetoothMac", "bluetoothMacAdress", "bluetoothMacAddress"))
	for _, path := range []string{"network.networkIdentifiers", "network.networkInterfaces"} {
		for _, n := range t.Trees(path) {
			kind, loop := interfaceKind(n.Text("type"))
			if name := n.Text("name"); !loop && name != "lo" {
				d.nic(mdm.Interface{Kind: kind, Adapter: name, MAC: n.Text("macAddress"), IPs: addresses(&n, "ipv4Address", "ipAddress", "ipv6Address")})
			}
		}
	}
	for _, n := range t.Trees("lastKnownNetwork") {
		d.ip(n.Text("ipAddress"))
	}
}

// interfaceKind reads the type of an interface, and whether it leads back to
// the device itself. Windows says WIRED or WIRELESS.
//
// Unverified: the words of Linux, which are read as they stand.
//
// Source: reference/relution.md 3.1
func interfaceKind(text string) (kind mdm.InterfaceKind, loop bool) {
	switch strings.ToUpper(text) {
	case "WIRELESS", "WIFI", "WLAN":
		return mdm.InterfaceWiFi, false
	case "WIRED", "ETHERNET":
		return mdm.InterfaceEthernet, false
	case "BLUETOOTH":
		return mdm.InterfaceBluetooth, false
	case "LOOPBACK":
		return mdm.InterfaceUnknown, true
	}
	return mdm.InterfaceUnknown, false
}

// addresses reads the addresses at some paths.
func addresses(t *wire.Tree, paths ...string) []string {
	var all []string
	for _, path := range paths {
		if ip := t.Text(path); local(ip) && !slices.Contains(all, ip) {
			all = append(all, ip)
		}
	}
	return all
}

// nic adds what the detail tells of an interface.
func (d *Device) nic(n mdm.Interface) {
	switch n.Kind {
	case mdm.InterfaceWiFi:
		or(&d.WiFiMAC, n.MAC)
	case mdm.InterfaceEthernet:
		d.ethernet(n.MAC)
	case mdm.InterfaceBluetooth:
		or(&d.BluetoothMAC, n.MAC)
	}
	d.ip(n.IPs...)
	d.Interfaces = joined(d.Interfaces, n)
}

// joined adds what is told of an interface. An address that is known is not
// added again, however it is written; what comes without one belongs to the
// only interface of its kind.
func joined(all []mdm.Interface, n mdm.Interface) []mdm.Interface {
	if n.MAC == "" && len(n.IPs) == 0 {
		return all
	}
	i := slices.IndexFunc(all, func(o mdm.Interface) bool { return n.MAC != "" && sameMAC(o.MAC, n.MAC) })
	if i < 0 {
		i = counterpart(all, n)
	}
	if i < 0 {
		n.IPs = slices.Clone(n.IPs)
		return append(all, n)
	}
	at := &all[i]
	at.Kind, at.Adapter, at.MAC = cmp.Or(at.Kind, n.Kind), cmp.Or(at.Adapter, n.Adapter), cmp.Or(at.MAC, n.MAC)
	for _, ip := range n.IPs {
		if !slices.Contains(at.IPs, ip) {
			at.IPs = append(at.IPs, ip)
		}
	}
	return all
}

// counterpart finds the only interface of a kind, of which one of the two has
// no MAC; -1 = there is none.
func counterpart(all []mdm.Interface, n mdm.Interface) int {
	found := -1
	for i, o := range all {
		if n.Kind == mdm.InterfaceUnknown || o.Kind != n.Kind {
			continue
		}
		if found >= 0 || o.MAC != "" && n.MAC != "" {
			return -1
		}
		found = i
	}
	return found
}

// sameMAC compares two addresses, however they are written.
func sameMAC(a, b string) bool {
	digits := strings.NewReplacer(":", "", "-", "", ".", "", " ", "")
	return strings.EqualFold(digits.Replace(a), digits.Replace(b))
}

// ethernet adds an address that is not known yet.
func (d *Device) ethernet(mac string) {
	if mac != "" && !slices.ContainsFunc(d.EthernetMACs, func(known string) bool { return sameMAC(known, mac) }) {
		d.EthernetMACs = append(d.EthernetMACs, mac)
	}
}

func (d *Device) ip(addresses ...string) {
	for _, a := range addresses {
		if local(a) && !slices.Contains(d.IPAddresses, a) {
			d.IPAddresses = append(d.IPAddresses, a)
		}
	}
}

// local reports whether a text is an address that a device may have in a
// network: not that of no interface, nor that of itself.
func local(text string) bool {
	ip, err := netip.ParseAddr(text)
	return text != "" && (err != nil || !ip.IsUnspecified() && !ip.IsLoopback())
}

// interfaces lists Wi-Fi first, since its address is the representative one.
// The address that the server sees is that of the school and left out.
func (d *Device) interfaces() []mdm.Interface {
	all := joined(nil, mdm.Interface{Kind: mdm.InterfaceWiFi, MAC: d.WiFiMAC})
	for _, mac := range d.EthernetMACs {
		all = joined(all, mdm.Interface{Kind: mdm.InterfaceEthernet, MAC: mac})
	}
	for _, n := range d.Interfaces {
		all = joined(all, n)
	}
	if ips := d.loose(); len(all) == 1 {
		all[0].IPs = append(all[0].IPs, ips...)
	} else { // the addresses are known, the interface is not
		all = joined(all, mdm.Interface{IPs: ips})
	}
	all = joined(all, mdm.Interface{Kind: mdm.InterfaceBluetooth, MAC: d.BluetoothMAC})
	order := []mdm.InterfaceKind{mdm.InterfaceWiFi, mdm.InterfaceEthernet, mdm.InterfaceUnknown, mdm.InterfaceCellular, mdm.InterfaceBluetooth}
	slices.SortStableFunc(all, func(a, b mdm.Interface) int { return slices.Index(order, a.Kind) - slices.Index(order, b.Kind) })
	return all
}

// loose are the addresses of no known interface.
func (d *Device) loose() []string {
	return slices.DeleteFunc(slices.Clone(d.IPAddresses), func(ip string) bool {
		return slices.ContainsFunc(d.Interfaces, func(n mdm.Interface) bool { return slices.Contains(n.IPs, ip) })
	})
}
