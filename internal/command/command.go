// Package command is what sending commands has in common for all vendors.
package command

import (
	"context"
	"errors"
	"strings"

	"github.com/mdmlink/mdmlink/mdm"
)

// List holds the commands that a system knows.
type List []mdm.Command

// Names returns the names of the commands.
func (l List) Names() []string {
	var names []string
	for _, c := range l {
		names = append(names, c.Name())
	}
	return names
}

// PIN reveals a PIN, and refuses what is not six digits. The zero Secret is no
// PIN. The error has no part of the PIN.
func PIN(ctx context.Context, secret mdm.Secret) (string, error) {
	if secret.IsZero() {
		return "", nil
	}
	pin, err := secret.Reveal(ctx)
	if err != nil {
		return "", errors.New("the PIN is not set")
	}
	if len(pin) != 6 || strings.Trim(pin, "0123456789") != "" {
		return "", errors.New("a PIN has six digits")
	}
	return pin, nil
}

// Check refuses a command whose content makes no sense, or would be taken for
// another one.
func Check(ctx context.Context, c mdm.Command) error {
	var err error
	switch c := c.(type) {
	case mdm.Lock:
		_, err = PIN(ctx, c.PIN)
	case mdm.Wipe:
		_, err = PIN(ctx, c.PIN)
	case mdm.EnableLostMode:
		if c.Message == "" && c.Phone == "" {
			err = errors.New("lost mode shows a message or a phone number")
		}
	case mdm.Rename:
		if strings.TrimSpace(c.To) == "" {
			err = errors.New("the name is empty")
		}
	}
	return err
}
