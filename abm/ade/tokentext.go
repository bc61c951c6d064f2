package ade

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mdmlink/mdmlink/internal/json"
	"github.com/mdmlink/mdmlink/mdm"
)

const (
	beginMessage = "-----BEGIN MESSAGE-----"
	endMessage   = "-----END MESSAGE-----"
	maxField     = 1024 // characters of one field; the longest that was seen has 99
)

// readTokenText reads what a token file holds once it is decrypted. CBC tells
// nothing of damage, so this is strict: any garbled block must be noticed.
//
// Source: reference/apple.md 1.4, 1.5
func readTokenText(text []byte) (Token, error) {
	if !printable(text) {
		return Token{}, fail(opTokenFile, ErrDamaged, "its content is garbled")
	}
	message, err := cutMessage(string(text))
	if err != nil {
		return Token{}, err
	}
	return readTokenJSON([]byte(message))
}

// printable reports whether a text is UTF-8 without control characters other
// than line ends and tabs.
func printable(text []byte) bool {
	return utf8.Valid(text) && !bytes.ContainsFunc(text, func(r rune) bool {
		return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7f || r == utf8.RuneError
	})
}

// cutMessage returns what stands between the two marker lines. Before them
// there are MIME headers, behind them nothing.
func cutMessage(text string) (string, error) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	begin, end := -1, -1
	for i, line := range lines {
		switch strings.TrimRight(line, " \t") {
		case beginMessage:
			if begin >= 0 {
				return "", fail(opTokenFile, ErrContent, "its message begins twice")
			}
			begin = i
		case endMessage:
			if end >= 0 || begin < 0 {
				return "", fail(opTokenFile, ErrContent, "its message ends before it begins")
			}
			end = i
		}
	}
	if begin < 0 || end < 0 {
		return "", fail(opTokenFile, ErrContent, "it has no message")
	}
	for i, line := range lines {
		if i < begin && line != "" && !isHeader(line) || i > end && strings.TrimSpace(line) != "" {
			return "", fail(opTokenFile, ErrContent, "there is something around its message")
		}
	}
	return strings.Join(lines[begin+1:end], "\n"), nil
}

type tokenJSON struct {
	ConsumerKey    string `json:"consumer_key"`
	ConsumerSecret string `json:"consumer_secret"`
	AccessToken    string `json:"access_token"`
	AccessSecret   string `json:"access_secret"`
	Expiry         string `json:"access_token_expiry"`
}

// tokenField is one of the four credentials, with the prefix that Apple gives
// it.
type tokenField struct{ name, value, prefix string }

func (t tokenJSON) fields() []tokenField {
	return []tokenField{{"consumer_key", t.ConsumerKey, "CK_"}, {"consumer_secret", t.ConsumerSecret, "CS_"},
		{"access_token", t.AccessToken, "AT_"}, {"access_secret", t.AccessSecret, "AS_"}}
}

func readTokenJSON(message []byte) (Token, error) {
	var t tokenJSON
	if err := json.Unmarshal(message, &t); err != nil {
		return Token{}, fail(opTokenFile, ErrContent, "its message is not the JSON that was expected")
	}
	for _, f := range t.fields() {
		switch {
		case f.value == "":
			return Token{}, fail(opTokenFile, ErrContent, f.name+" is missing")
		case len(f.value) > maxField || strings.ContainsFunc(f.value, strange):
			return Token{}, fail(opTokenFile, ErrContent, f.name+" holds characters that no token has")
		}
	}
	expiry, err := time.Parse(time.RFC3339, t.Expiry)
	if err != nil || expiry.Year() < 2000 {
		return Token{}, fail(opTokenFile, ErrContent, "access_token_expiry is no time")
	}
	return t.token(expiry), nil
}

// strange reports whether a character cannot be in a credential. Those that
// were seen have letters, digits and underscores.
func strange(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }

func (t tokenJSON) token(expiry time.Time) Token {
	return Token{
		ConsumerKey: mdm.NewSecret(t.ConsumerKey), ConsumerSecret: mdm.NewSecret(t.ConsumerSecret),
		AccessToken: mdm.NewSecret(t.AccessToken), AccessSecret: mdm.NewSecret(t.AccessSecret),
		Expiry: expiry.UTC(), Issued: issuedAt(t.AccessToken),
	}
}

// issuedAt reads the milliseconds at the end of an access token; the zero time
// if there are none.
func issuedAt(accessToken string) time.Time {
	millis, err := strconv.ParseInt(accessToken[strings.LastIndexByte(accessToken, 'O')+1:], 10, 64)
	const earliest, latest = 946_684_800_000, 4_102_444_800_000 // the years 2000 and 2100
	if err != nil || millis < earliest || millis > latest {
		return time.Time{}
	}
	return time.UnixMilli(millis).UTC()
}
