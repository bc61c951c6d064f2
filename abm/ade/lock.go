package ade

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"

	"github.com/mdmlink/mdmlink/abm/ade/internal/wire"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/mdmlink/mdmlink/mdm/transport"
)

// Lock says how the activation of a device is to be locked.
type Lock struct {
	// EscrowKey opens the lock with the bypass code that it was made of; see
	// EscrowKey. Zero = the lock opens only with an account of the portal.
	EscrowKey mdm.Secret

	// Message is shown on the locked device. "" = none.
	Message string
}

var escrowForm = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)

// LockActivation turns on the activation lock of a device, so that nobody can
// set it up without the portal's account or the bypass code. It needs
// Config.AllowDestructive. There is no request that turns the lock off: that is
// done in the portal, on the device with the bypass code, or by the device
// management.
//
// Source: reference/apple.md 3, 4.7
//
//mdm:endpoint POST /device/activationlock
func (c *Client) LockActivation(ctx context.Context, serial string, lock Lock) error {
	if err := c.permitted(opLock); err != nil {
		return err
	}
	if err := c.checkSerials(opLock, serial); err != nil {
		return err
	}
	body := map[string]string{"device": canonical(serial)}
	if !lock.EscrowKey.IsZero() {
		key, err := lock.EscrowKey.Reveal(ctx)
		if err != nil {
			return err
		}
		if !escrowForm.MatchString(key) {
			return c.fail(opLock, mdm.ErrInvalid, "the escrow key is not 64 hexadecimal digits; nothing was sent")
		}
		body["escrow_key"] = key
	}
	if lock.Message != "" {
		body["lost_message"] = lock.Message
	}
	var answer wire.Lock
	r := transport.Request{Op: opLock, Method: http.MethodPost, Path: "/device/activationlock", Body: body}
	if err := c.exchange(ctx, r, &answer); err != nil {
		return err
	}
	return c.locked(clean(answer.ResponseStatus))
}

// locked says what the answer means.
//
// Source: reference/apple.md 4.7
func (c *Client) locked(status string) error {
	e := &mdm.Error{Op: opLock, Origin: c.info.Origin, Vendor: status}
	switch status {
	case statusSuccess:
		return nil
	case statusNotAccessible:
		e.Kind, e.Detail = mdm.ErrNotFound, "there is no such device, or it is assigned to another server"
	case "ORG_NOT_SUPPORTED":
		e.Kind, e.Detail = mdm.ErrUnsupported, "not for organisations of this kind"
	case "DEVICE_NOT_SUPPORTED":
		e.Kind, e.Detail = mdm.ErrUnsupported, "not for devices of this kind"
	case "DEVICE_ALREADY_LOCKED":
		e.Kind, e.Detail = mdm.ErrConflict, "the device is locked already"
	case "":
		e.Kind, e.Detail = mdm.ErrOutcomeUnknown, "it was accepted, but the answer does not say what came of it"
	default:
		e.Kind = mdm.ErrUnavailable
	}
	return e
}

// EscrowKey makes the escrow key of a bypass code: 64 hexadecimal digits. code
// is the 16 bytes that the bypass code stands for.
//
// Unverified: the derivation; one client uses it.
//
// Source: reference/apple.md 3
func EscrowKey(code []byte) (mdm.Secret, error) {
	if len(code) != 16 {
		return mdm.Secret{}, &mdm.Error{Op: opLock, Origin: mdm.Origin{Kind: Kind}, Kind: mdm.ErrInvalid, Detail: "a bypass code has 16 bytes"}
	}
	key, err := pbkdf2.Key(sha256.New, string(code), make([]byte, 4), 50000, 32)
	if err != nil {
		return mdm.Secret{}, err
	}
	return mdm.NewSecret(hex.EncodeToString(key)), nil
}
