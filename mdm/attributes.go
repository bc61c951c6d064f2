package mdm

import (
	"strconv"
	"time"
)

func identityAttributes() []Attribute {
	return []Attribute{
		{Key: KeySource, Label: Text{"Source", "Quelle"}, About: "kind of system the device was read from", Type: TypeText,
			read: func(r *Record) string { return r.Origin.Kind }, keep: func(to, from *Record) {}},
		enum(KeyClass, "Device class", "Geräteklasse", "phone, tablet, computer and so on", func(r *Record) *Class { return &r.Class }),
		enum(KeyPlatform, "Platform", "Plattform", "family of operating systems", func(r *Record) *Platform { return &r.Platform }),
		text(KeyPlatformText, "Platform (as reported)", "Plattform (wie gemeldet)", "the vendor's own word for the platform", func(r *Record) *string { return &r.PlatformText }),
		text(KeyName, "Device name", "Gerätename", "display name; not unique", func(r *Record) *string { return &r.Name }),
		text(KeyHostName, "Host name", "Hostname", "network name where it is told apart from the display name", func(r *Record) *string { return &r.HostName }),
		text(KeySerial, "Serial number", "Seriennummer", "serial number as reported; a PC's is its BIOS serial number", func(r *Record) *string { return &r.Serial }),
		text(KeyUDID, "UDID", "UDID", "Apple's UDID or the hardware UUID", func(r *Record) *string { return &r.UDID }),
		text(KeyManagementID, "Management ID", "Verwaltungs-ID", "id of the management relation", func(r *Record) *string { return &r.ManagementID }),
		text(KeyDirectoryID, "Directory ID", "Verzeichnis-ID", "id of the device in the directory", func(r *Record) *string { return &r.DirectoryID }),
	}
}

func networkAttributes() []Attribute {
	return []Attribute{
		parts(KeyMAC, "MAC addresses", "MAC-Adressen", "all MAC addresses, Wi-Fi first: the first is the representative one", generalMACs),
		parts(KeyMACWiFi, "MAC address (Wi-Fi)", "MAC-Adresse (WLAN)", "MAC addresses of Wi-Fi interfaces", macs(InterfaceWiFi)),
		parts(KeyMACEthernet, "MAC address (Ethernet)", "MAC-Adresse (Ethernet)", "MAC addresses of Ethernet interfaces", macs(InterfaceEthernet)),
		parts(KeyMACBluetooth, "MAC address (Bluetooth)", "MAC-Adresse (Bluetooth)", "MAC addresses of Bluetooth interfaces", macs(InterfaceBluetooth)),
		parts(KeyAdapter, "Network adapters", "Netzwerkadapter", "names of the network adapters, or their kind where no name was reported", adapters),
		parts(KeyIP, "IP addresses", "IP-Adressen", "addresses as the system saw them; may be a router's", ips).volatile(),
		list(KeyIMEI, "IMEI", "IMEI", "one per SIM slot", func(r *Record) *[]string { return &r.IMEIs }),
		text(KeyMEID, "MEID", "MEID", "mobile equipment identifier", func(r *Record) *string { return &r.MEID }),
		text(KeyEID, "EID", "EID", "identifier of the embedded SIM", func(r *Record) *string { return &r.EID }),
		parts(KeySIMICCID, "ICCID", "ICCID", "number of the SIM card", sims(func(s SIM) string { return s.ICCID })),
		parts(KeySIMIMSI, "IMSI", "IMSI", "subscriber identity", sims(func(s SIM) string { return s.IMSI })),
		parts(KeySIMPhone, "Phone number", "Rufnummer", "phone number of the contract; never identifies a device", sims(func(s SIM) string { return s.Phone })),
		parts(KeySIMCarrier, "Carrier", "Mobilfunkanbieter", "mobile network operator", sims(func(s SIM) string { return s.Carrier })).volatile(),
	}
}

func hardwareAttributes() []Attribute {
	return []Attribute{
		text(KeyManufacturer, "Manufacturer", "Hersteller", "maker of the device", func(r *Record) *string { return &r.Manufacturer }),
		text(KeyModel, "Model", "Modell", "marketing name", func(r *Record) *string { return &r.Model }),
		text(KeyModelID, "Model identifier", "Modellkennung", "maker's identifier of the model", func(r *Record) *string { return &r.ModelID }),
		text(KeyReplaces, "Replaces", "Ersetzt", "serial number of the device that this one stands in for, after service", func(r *Record) *string { return &r.Replaces }),
		text(KeyPartNumber, "Part number", "Teilenummer", "order number of the variant", func(r *Record) *string { return &r.PartNumber }),
		text(KeyColour, "Colour", "Farbe", "colour of the device", func(r *Record) *string { return &r.Colour }),
		text(KeyOSName, "Operating system", "Betriebssystem", "name of the operating system", func(r *Record) *string { return &r.OS.Name }),
		text(KeyOSVersion, "OS version", "Betriebssystemversion", "version of the operating system", func(r *Record) *string { return &r.OS.Version }),
		text(KeyOSBuild, "OS build", "Betriebssystem-Build", "build of the operating system", func(r *Record) *string { return &r.OS.Build }),
		text(KeyOSPatch, "Security patch level", "Sicherheitspatch-Stand", "security patch level", func(r *Record) *string { return &r.OS.Patch }),
		amount(KeyMemoryTotal, "Memory", "Arbeitsspeicher", "memory in bytes", func(r *Record) *int64 { return &r.Memory.Total }),
		amount(KeyMemoryFree, "Free memory", "Freier Arbeitsspeicher", "unused memory in bytes", func(r *Record) *int64 { return &r.Memory.Free }).volatile(),
		amount(KeyStorageTotal, "Storage", "Speicherplatz", "internal storage in bytes", func(r *Record) *int64 { return &r.Storage.Total }),
		amount(KeyStorageFree, "Free storage", "Freier Speicherplatz", "unused internal storage in bytes", func(r *Record) *int64 { return &r.Storage.Free }).volatile(),
		amount(KeyExternalTotal, "External storage", "Externer Speicher", "storage on cards, in bytes", func(r *Record) *int64 { return &r.ExternalStorage.Total }),
		amount(KeyExternalFree, "Free external storage", "Freier externer Speicher", "unused storage on cards, in bytes", func(r *Record) *int64 { return &r.ExternalStorage.Free }).volatile(),
		{Key: KeyBattery, Label: Text{"Battery", "Akku"}, About: "charge in per cent", Type: TypePercent, Volatile: true,
			read: func(r *Record) string {
				if r.Battery > 0 {
					return strconv.Itoa(r.Battery)
				}
				return ""
			}, keep: func(to, from *Record) { to.Battery = from.Battery }},
	}
}

func stateAttributes() []Attribute {
	return []Attribute{
		flag(KeyManaged, "Managed", "Verwaltet", "under management", func(r *Record) *Flag { return &r.Flags.Managed }),
		flag(KeySupervised, "Supervised", "Betreut", "supervised by the organisation", func(r *Record) *Flag { return &r.Flags.Supervised }),
		flag(KeyProfilePresent, "Management profile", "Verwaltungsprofil", "the management profile is on the device", func(r *Record) *Flag { return &r.Flags.ProfilePresent }),
		flag(KeyPasscode, "Passcode set", "Code gesetzt", "a passcode is set", func(r *Record) *Flag { return &r.Flags.Passcode }),
		flag(KeyPasscodeCompliant, "Passcode compliant", "Code richtlinienkonform", "the passcode meets the rules", func(r *Record) *Flag { return &r.Flags.PasscodeCompliant }),
		flag(KeyEncrypted, "Encrypted", "Verschlüsselt", "storage is encrypted", func(r *Record) *Flag { return &r.Flags.Encrypted }),
		flag(KeyCompliant, "Compliant", "Richtlinienkonform", "the device meets the organisation's rules", func(r *Record) *Flag { return &r.Flags.Compliant }),
		flag(KeyJailbroken, "Jailbroken", "Jailbreak", "the maker's protections were removed", func(r *Record) *Flag { return &r.Flags.Jailbroken }),
		flag(KeyLostMode, "Lost mode", "Modus „Verloren“", "locked as lost", func(r *Record) *Flag { return &r.Flags.LostMode }),
		flag(KeyActivationLock, "Activation lock", "Aktivierungssperre", "bound to somebody's account", func(r *Record) *Flag { return &r.Flags.ActivationLock }),
		enum(KeyOwnership, "Ownership", "Eigentum", "the organisation's or a person's", func(r *Record) *Ownership { return &r.Ownership }),
	}
}

func lifeAttributes() []Attribute {
	return []Attribute{
		enum(KeyStatus, "Status", "Status", "where the device stands in the life of its management", func(r *Record) *Status { return &r.Status }),
		enum(KeyEnrolmentMethod, "Enrolment method", "Registrierungsart", "how the device came under management", func(r *Record) *EnrolmentMethod { return &r.Enrolment.Method }),
		moment(KeyEnrolmentAt, "Enrolled", "Registriert am", "when the device came under management", func(r *Record) *time.Time { return &r.Enrolment.At }),
		text(KeyEnrolmentProfile, "Enrolment profile", "Registrierungsprofil", "profile the device was enrolled with", func(r *Record) *string { return &r.Enrolment.Profile }),
		text(KeyEnrolmentSource, "Device source", "Gerätequelle", "how the device came to the organisation", func(r *Record) *string { return &r.Enrolment.Source }),
		moment(KeyAdded, "Added", "Hinzugefügt am", "when the organisation got the device", func(r *Record) *time.Time { return &r.Added }),
		moment(KeyReleased, "Released", "Freigegeben am", "when the organisation gave the device away", func(r *Record) *time.Time { return &r.Released }),
		moment(KeyLastSeen, "Last check-in", "Letzter Kontakt", "last check-in with the MDM", func(r *Record) *time.Time { return &r.LastSeen }).volatile(),
		moment(KeyPurchaseDate, "Purchase date", "Kaufdatum", "when the device was bought", func(r *Record) *time.Time { return &r.Purchase.Date }),
		moment(KeyWarrantyEnd, "Warranty end", "Garantieende", "when the warranty ends", func(r *Record) *time.Time { return &r.Purchase.WarrantyEnd }),
		text(KeyPurchaseVendor, "Purchased from", "Gekauft bei", "seller", func(r *Record) *string { return &r.Purchase.Vendor }),
		text(KeyPurchaseOrder, "Order number", "Bestellnummer", "number of the order", func(r *Record) *string { return &r.Purchase.Order }),
		text(KeyPurchasePrice, "Price", "Preis", "price as reported", func(r *Record) *string { return &r.Purchase.Price }),
	}
}

func belongingAttributes() []Attribute {
	return []Attribute{
		text(KeyUserID, "User ID", "Benutzer-ID", "the system's key of the user", func(r *Record) *string { return &r.User.ID }),
		text(KeyUserName, "User", "Benutzer", "name of the user", func(r *Record) *string { return &r.User.Name }),
		text(KeyUserLogin, "User login", "Anmeldename", "login of the user", func(r *Record) *string { return &r.User.Login }),
		text(KeyUserEmail, "User e-mail", "E-Mail des Benutzers", "e-mail address of the user", func(r *Record) *string { return &r.User.Email }),
		list(KeyGroups, "Device groups", "Gerätegruppen", "names of the groups the device is in", func(r *Record) *[]string { return &r.Groups }),
		text(KeySiteID, "Site ID", "Standort-ID", "the system's key of the site", func(r *Record) *string { return &r.Site.ID }),
		text(KeySiteName, "Site", "Standort", "location, school or site", func(r *Record) *string { return &r.Site.Name }),
		text(KeyDepartment, "Department", "Abteilung", "department", func(r *Record) *string { return &r.Department }),
		text(KeyBuilding, "Building", "Gebäude", "building", func(r *Record) *string { return &r.Building }),
		text(KeyRoom, "Room", "Raum", "room", func(r *Record) *string { return &r.Room }),
		text(KeyAssetTag, "Asset tag", "Inventarnummer", "inventory number as the MDM knows it", func(r *Record) *string { return &r.AssetTag }).writable(),
		text(KeyNotes, "Notes", "Notizen", "notes in the MDM", func(r *Record) *string { return &r.Notes }).writable(),
		{Key: KeyLink, Label: Text{"Link", "Link"}, About: "opens the device, or the list it is in, in the system's console", Type: TypeURL,
			read: func(r *Record) string { return r.Link },
			keep: func(to, from *Record) { to.Link, to.LinkTarget = from.Link, from.LinkTarget }},
	}
}

// generalMACs reads the addresses that stand for a device, the representative
// one first. Bluetooth is not among them: it is another network.
func generalMACs(r *Record) []string {
	return macs(InterfaceWiFi, InterfaceEthernet, InterfaceUnknown, InterfaceCellular)(r)
}

// macs returns a reader of the MAC addresses of some kinds of interfaces, in
// the order of the kinds.
func macs(kinds ...InterfaceKind) func(*Record) []string {
	return func(r *Record) []string {
		var found []string
		for _, kind := range kinds {
			for _, i := range r.Interfaces {
				if i.Kind == kind {
					found = append(found, i.MAC)
				}
			}
		}
		return found
	}
}

func adapters(r *Record) []string {
	var found []string
	for _, i := range r.Interfaces {
		if i.Adapter != "" {
			found = append(found, i.Adapter)
		} else {
			found = append(found, i.Kind.String())
		}
	}
	return found
}

func ips(r *Record) []string {
	var found []string
	for _, i := range r.Interfaces {
		found = append(found, i.IPs...)
	}
	return found
}

func sims(field func(SIM) string) func(*Record) []string {
	return func(r *Record) []string {
		var found []string
		for _, s := range r.SIMs {
			found = append(found, field(s))
		}
		return found
	}
}
