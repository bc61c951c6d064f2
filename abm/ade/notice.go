package ade

import (
	"strconv"
	"strings"
	"time"

	"github.com/mdmlink/mdmlink/mdm"
)

// Notice is something to tell a person about a token, once: a change of state,
// a warning before its end, or that the clock of this machine is wrong.
type Notice struct {
	From    State         `json:"from,omitzero"`
	To      State         `json:"to,omitzero"` // equal to From where the state did not change
	Event   Event         `json:"event,omitzero"`
	Before  time.Duration `json:"before,omitzero"` // of a warning: how long before the end it is due; 0 = no warning
	Code    string        `json:"code,omitzero"`   // Apple's own code; "" = none
	At      time.Time     `json:"at,omitzero"`
	Expires time.Time     `json:"expires,omitzero"` // the end of the token
}

// Text says it to a person, in English and German.
func (n Notice) Text() mdm.Text {
	switch {
	case n.Event == EventSkewed:
		say := Explain(ErrClockSkew)
		return mdm.Text{EN: "Apple refuses every request because the clock of this machine is wrong. " + say.EN,
			DE: "Apple lehnt jede Anfrage ab, weil die Uhr dieses Rechners falsch geht. " + say.DE}
	case n.Before == 0:
		return n.To.Text()
	}
	days := max(0, int(n.Expires.Sub(n.At)/day))
	pattern := mdm.Text{EN: "The token expires in {days} days, on {date}.", DE: "Das Token läuft in {days} Tagen ab, am {date}."}
	switch days {
	case 0:
		pattern = mdm.Text{EN: "The token expires in less than a day, on {date}.", DE: "Das Token läuft in weniger als einem Tag ab, am {date}."}
	case 1:
		pattern = mdm.Text{EN: "The token expires in a day, on {date}.", DE: "Das Token läuft in einem Tag ab, am {date}."}
	}
	fill := func(text, date string) string {
		return strings.NewReplacer("{days}", strconv.Itoa(days), "{date}", n.Expires.UTC().Format(date)).Replace(text)
	}
	return mdm.Text{EN: fill(pattern.EN, "2006-01-02") + " Download a new one in the portal and import it at once.",
		DE: fill(pattern.DE, "02.01.2006") + " Laden Sie im Portal ein neues herunter und importieren Sie es sofort."}
}
