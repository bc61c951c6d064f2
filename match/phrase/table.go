package phrase

import "github.com/mdmlink/mdmlink/match"

var kinds = map[match.Kind]text{
	match.Linked:     {"linked", "verknüpft"},
	match.AutoLinked: {"linked automatically", "automatisch verknüpft"},
	match.Suggested:  {"suggested; a person decides", "vorgeschlagen; ein Mensch entscheidet"},
	match.Ambiguous:  {"ambiguous; a person decides", "mehrdeutig; ein Mensch entscheidet"},
	match.Unmatched:  {"in no inventory yet", "noch in keinem Inventar"},
	match.Ignored:    {"ignored", "ignoriert"},
	match.Blocked:    {"held back", "zurückgehalten"},
	match.Invalid:    {"cannot be recognised", "nicht zu erkennen"},
	match.Alias:      {"another record of the same device", "weiterer Eintrag desselben Geräts"},
}

var rungs = map[match.Rung]text{
	match.RungNone:        {"nothing", "nichts"},
	match.RungKnown:       {"an earlier link or the device's own id", "eine frühere Verknüpfung oder die Kennung des Geräts"},
	match.RungSerial:      {"serial number", "Seriennummer"},
	match.RungIMEI:        {"IMEI", "IMEI"},
	match.RungWiFi:        {"Wi-Fi address, with the model or the name", "WLAN-Adresse, mit Modell oder Name"},
	match.RungAssetTag:    {"inventory label", "Inventaretikett"},
	match.RungNearSerial:  {"serial number but for a slip of the pen", "Seriennummer bis auf einen Schreibfehler"},
	match.RungReplacement: {"serial number of the device that it replaces", "Seriennummer des Geräts, das es ersetzt"},
	match.RungLooseMAC:    {"network address that proves little", "Netzwerkadresse, die wenig beweist"},
	match.RungName:        {"device name", "Gerätename"},
	match.RungSimilarName: {"similar name and same model", "ähnlicher Name und gleiches Modell"},
}

var fields = map[match.Field]text{
	match.FieldNone:         {"nothing", "nichts"},
	match.FieldLink:         {"an earlier link", "eine frühere Verknüpfung"},
	match.FieldSerial:       {"the serial number", "die Seriennummer"},
	match.FieldUDID:         {"the device id (UDID)", "die Gerätekennung (UDID)"},
	match.FieldDirectoryID:  {"the directory id", "die Verzeichnis-ID"},
	match.FieldIMEI:         {"the IMEI", "die IMEI"},
	match.FieldWiFi:         {"the Wi-Fi address", "die WLAN-Adresse"},
	match.FieldEthernet:     {"the Ethernet address", "die Ethernet-Adresse"},
	match.FieldAssetTag:     {"the inventory label", "das Inventaretikett"},
	match.FieldNumber:       {"the serial number, which stands in the number column,", "die Seriennummer, die in der Nummernspalte steht,"},
	match.FieldNearSerial:   {"the serial number, but for characters that look alike,", "die Seriennummer bis auf ähnlich aussehende Zeichen"},
	match.FieldReplaces:     {"the serial number of the replaced device", "die Seriennummer des ersetzten Geräts"},
	match.FieldName:         {"the name", "der Name"},
	match.FieldSimilarName:  {"the name, but for its spelling,", "der Name bis auf die Schreibweise"},
	match.FieldUser:         {"the user", "der Benutzer"},
	match.FieldModel:        {"the model", "das Modell"},
	match.FieldManufacturer: {"the manufacturer", "der Hersteller"},
	match.FieldClass:        {"the kind of device", "die Geräteart"},
	match.FieldSite:         {"the school", "die Schule"},
}

var classes = map[match.Class]text{
	match.ClassPhone:       {"phone", "Telefon"},
	match.ClassTablet:      {"tablet", "Tablet"},
	match.ClassMediaPlayer: {"media player", "Mediaplayer"},
	match.ClassTV:          {"television box", "TV-Box"},
	match.ClassWatch:       {"watch", "Uhr"},
	match.ClassHeadset:     {"headset", "Headset"},
	match.ClassComputer:    {"computer", "Computer"},
}

var (
	missing      = text{"{field} is missing on one side", "{field} fehlt auf einer Seite"}
	alsoShared   = text{", but {count} have it", ", aber {count} haben das"}
	unusedShared = text{"{field} was not used, since {count} have the same", "{field} wurde nicht verwendet, da {count} dasselbe haben"}
	values       = text{" ({value} and {other})", " ({value} und {other})"}
)

var codes = map[match.Code]text{
	match.CodeAgrees:  {"{field} is the same", "{field} ist gleich"},
	match.CodeDiffers: {"{field} is not the same", "{field} ist nicht gleich"},
	match.CodeUnused:  {"{field} was not used: {why}", "{field} wurde nicht verwendet: {why}"},
	match.CodeUnclear: {"{field} is written differently and may be the same", "{field} ist anders geschrieben und kann dasselbe bedeuten"},
	match.CodeShared:  {"{field} decides nothing, since {count} have the same", "{field} entscheidet nichts, da {count} dasselbe haben"},

	match.CodeLinkedBefore:     {"it was linked before", "es war schon verknüpft"},
	match.CodeLinkFollowed:     {"it was linked under another id ({other})", "es war unter anderer ID ({other}) verknüpft"},
	match.CodeAliasLinked:      {"another record of the device ({other}) was linked", "ein anderer Eintrag des Geräts ({other}) war verknüpft"},
	match.CodePinned:           {"a person decided so ({other})", "ein Mensch hat so entschieden ({other})"},
	match.CodeReplaceAccepted:  {"a person accepted the new serial number ({other})", "ein Mensch hat die neue Seriennummer bestätigt ({other})"},
	match.CodeSerialCorrected:  {"the serial number changed from {other} to {value}, and the inventory has the new one", "die Seriennummer hat sich von {other} zu {value} geändert, und das Inventar kennt die neue"},
	match.CodeLinkedElsewhere:  {"another connection ({other}) knows it as the same object", "eine andere Verbindung ({other}) kennt es als dasselbe Objekt"},
	match.CodeDecisionFollowed: {"a decision ({other}) was made when the device had the id {value}", "eine Entscheidung ({other}) fiel, als das Gerät die ID {value} hatte"},

	match.CodeNoIdentifier:     {"the device reports nothing by which it could be recognised", "das Gerät meldet nichts, woran es zu erkennen wäre"},
	match.CodeNoCandidate:      {"no object of the inventory resembles it", "kein Objekt des Inventars ähnelt ihm"},
	match.CodeSingleCandidate:  {"one object fits, but not well enough to decide", "ein Objekt passt, aber nicht gut genug für eine Entscheidung"},
	match.CodeSeveral:          {"{count} objects fit", "{count} Objekte passen"},
	match.CodePointApart:       {"its identifiers belong to different objects", "seine Kennungen gehören zu verschiedenen Objekten"},
	match.CodeContested:        {"another device ({other}) fits the object as well", "ein anderes Gerät ({other}) passt ebenso zu dem Objekt"},
	match.CodeRejectedByVetoes: {"too much speaks against what was found", "zu viel spricht gegen das Gefundene"},
	match.CodeIgnored:          {"a person said to leave it alone ({other})", "ein Mensch hat es ausgenommen ({other})"},
	match.CodeDuplicateID:      {"several have the same id {value}", "mehrere haben dieselbe ID {value}"},

	match.CodeSerialDiffers:   {"the serial numbers {value} and {other} are different", "die Seriennummern {value} und {other} sind verschieden"},
	match.CodeModelDiffers:    {"the models {value} and {other} are different", "die Modelle {value} und {other} sind verschieden"},
	match.CodeClassDiffers:    {"one is a {value}, the other a {other}", "das eine ist {value}, das andere {other}"},
	match.CodeAssetTaken:      {"the object belongs to another device ({other})", "das Objekt gehört zu einem anderen Gerät ({other})"},
	match.CodeSiteDiffers:     {"the device is at {value}, the object at {other}", "das Gerät ist an {value}, das Objekt an {other}"},
	match.CodeRetired:         {"a person retired the object; reactivate it if the device is in use", "ein Mensch hat das Objekt ausgemustert; wird das Gerät benutzt, bitte reaktivieren"},
	match.CodeRejected:        {"a person said that they are two different things ({other})", "ein Mensch hat gesagt, dass es zwei verschiedene Dinge sind ({other})"},
	match.CodeIdentityChanged: {"the serial number changed from {other} to {value}; was the board replaced?", "die Seriennummer hat sich von {other} zu {value} geändert; wurde die Platine getauscht?"},
	match.CodeAssetMissing:    {"the object {other} is not in the inventory any more", "das Objekt {other} ist nicht mehr im Inventar"},

	match.CodeRungSuggests:   {"this is only ever a suggestion", "das ist immer nur ein Vorschlag"},
	match.CodeRungOff:        {"this is not compared", "das wird nicht verglichen"},
	match.CodeUntrusted:      {"serial numbers of such devices are not trusted", "Seriennummern solcher Geräte gelten nicht als verlässlich"},
	match.CodeNeedsAgreement: {"something besides the serial number has to agree for such devices", "bei solchen Geräten muss außer der Seriennummer noch etwas übereinstimmen"},
	match.CodeNeedsSerial:    {"the device has no good serial number", "das Gerät hat keine brauchbare Seriennummer"},
	match.CodeVirtual:        {"it is a virtual machine, and those are copied with all their numbers", "es ist eine virtuelle Maschine, und die werden samt ihren Nummern kopiert"},
	match.CodeWeak:           {"{field} is the same, but the value is doubtful", "{field} ist gleich, aber der Wert ist zweifelhaft"},

	match.CodeDuplicateRecord: {"the MDM has another record of the device ({other})", "das MDM hat einen weiteren Eintrag des Geräts ({other})"},
	match.CodeMerged:          {"a person said that it is the device {other}", "ein Mensch hat gesagt, dass es das Gerät {other} ist"},
	match.CodeSerialCollision: {"several different devices report {field} {value}", "mehrere verschiedene Geräte melden {field} {value}"},
	match.CodeNewShared:       {"{count} devices report {field} {value}; add it to the list of known shared values if that is right", "{count} Geräte melden {field} {value}; ist das richtig, gehört der Wert auf die Liste der bekannten gemeinsamen Werte"},
	match.CodeReopened:        {"a decision ({other}) has to be looked at again, since the facts changed", "eine Entscheidung ({other}) muss neu angesehen werden, da sich die Tatsachen geändert haben"},
	match.CodeExpired:         {"a decision ({other}) has ended", "eine Entscheidung ({other}) ist abgelaufen"},
}
