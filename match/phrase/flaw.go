package phrase

// flaws are what may be wrong with a value, by the codes of package ident.
var flaws = map[string]text{
	"listed":      {"the value is on the list of those that identify nothing", "der Wert steht auf der Liste derer, die nichts bezeichnen"},
	"placeholder": {"the value only stands where one is missing", "der Wert steht nur da, wo einer fehlt"},
	"too_long":    {"the value is too long", "der Wert ist zu lang"},
	"garbled":     {"the value is garbled", "der Wert ist verstümmelt"},
	"shape":       {"the value does not look like one of its kind", "der Wert sieht nicht aus wie einer seiner Art"},
	"punctuation": {"the value has neither letters nor digits", "der Wert hat weder Buchstaben noch Ziffern"},
	"repeated":    {"the value is one character over and over", "der Wert ist immer dasselbe Zeichen"},
	"sequence":    {"the value only counts up or down", "der Wert zählt nur auf oder ab"},
	"scientific":  {"a spreadsheet rounded the value", "eine Tabelle hat den Wert gerundet"},
	"attribute":   {"values of this kind describe and do not identify", "Werte dieser Art beschreiben und bezeichnen nicht"},

	"too_short":     {"the value is too short", "der Wert ist zu kurz"},
	"short":         {"the value is short", "der Wert ist kurz"},
	"binary_digits": {"the value has only the digits 0 and 1", "der Wert hat nur die Ziffern 0 und 1"},
	"version":       {"the value is a version", "der Wert ist eine Version"},
	"product_code":  {"all devices of the series report it", "alle Geräte der Baureihe melden ihn"},
	"android_id":    {"it is Android's own id and not what is printed on the device", "es ist Androids eigene ID und nicht das, was auf dem Gerät steht"},
	"cloud":         {"all virtual machines of the provider report it", "alle virtuellen Maschinen des Anbieters melden ihn"},

	"equals_model":        {"it is the model", "es ist das Modell"},
	"equals_manufacturer": {"it is the manufacturer", "es ist der Hersteller"},
	"equals_name":         {"it is the name", "es ist der Name"},
	"equals_os":           {"it is the operating system", "es ist das Betriebssystem"},
	"equals_udid":         {"it is the device id", "es ist die Gerätekennung"},
	"equals_enrolment_id": {"it is the id of the enrolment", "es ist die ID der Registrierung"},
	"equals_serial":       {"it is the serial number", "es ist die Seriennummer"},
	"contains_serial":     {"it was made from the serial number", "es wurde aus der Seriennummer gebildet"},

	"bad_check_digit": {"the check digit is wrong", "die Prüfziffer ist falsch"},
	"no_check_digit":  {"the check digit is missing", "die Prüfziffer fehlt"},
	"imeisv":          {"it ends in a software version", "es endet in einer Softwareversion"},
	"zero_tac":        {"the type code is zero", "der Typcode ist null"},
	"ambiguous":       {"it can be read in two ways", "es ist auf zwei Arten zu lesen"},

	"group_address": {"the address is that of a group", "die Adresse ist die einer Gruppe"},
	"local_address": {"the address was made up by the device", "das Gerät hat sich die Adresse ausgedacht"},
	"vpn":           {"the address is that of a VPN, the same everywhere", "die Adresse ist die eines VPN, überall dieselbe"},
	"adapter":       {"the address is that of a virtual adapter, the same everywhere", "die Adresse ist die eines virtuellen Adapters, überall dieselbe"},
	"modem":         {"the address is that of a modem, the same everywhere", "die Adresse ist die eines Modems, überall dieselbe"},
	"internal":      {"the address is the same inside all devices of the model", "die Adresse ist in allen Geräten des Modells dieselbe"},
	"router":        {"the address is one that routers share", "die Adresse teilen sich Router"},
	"cloned":        {"cards were sold with this address many times", "Karten wurden vielfach mit dieser Adresse verkauft"},
	"dock":          {"it is a dock's or dongle's, and those wander", "sie ist die eines Docks oder Adapters, und die wandern"},

	"few_digits":     {"it has too few different digits", "es hat zu wenige verschiedene Ziffern"},
	"half_empty":     {"it is mostly zero", "es ist größtenteils null"},
	"not_registered": {"the directory does not know the device", "das Verzeichnis kennt das Gerät nicht"},

	"default_name": {"it is the name that a new device has", "es ist der Name, den ein neues Gerät hat"},
	"default_form": {"it is a name that devices get by themselves", "es ist ein Name, den Geräte von selbst bekommen"},
	"volatile":     {"it changes with each installation", "es ändert sich mit jeder Installation"},
	"generated":    {"a program made it up", "ein Programm hat es sich ausgedacht"},
}
