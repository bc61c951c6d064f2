package ade

import "errors"

// Apple writes a token in BER with indefinite lengths, and encoding/asn1
// reads DER. The conversion knows what such a file is made of and no more, and
// is bounded in depth: the bytes come from outside.
//
// Source: reference/apple.md 1.3
const (
	sequence = 0x30
	maxDepth = 16 // a token file has 6 levels
)

var (
	errBER     = errors.New("ade: not well-formed BER")
	errBERTail = errors.New("ade: bytes behind the end of the BER")
)

// toDER converts one BER element, which must be all there is.
func toDER(ber []byte) ([]byte, error) {
	der, rest, err := convert(ber, maxDepth)
	if err != nil {
		return nil, err
	}
	if len(rest) > 0 {
		return nil, errBERTail
	}
	return der, nil
}

// convert converts the element that ber begins with.
func convert(ber []byte, depth int) (der, rest []byte, err error) {
	tag, length, body, err := readHead(ber)
	if err != nil || depth == 0 {
		return nil, nil, errBER
	}
	constructed := tag&0x20 != 0
	switch {
	case length == indefinite && !constructed:
		return nil, nil, errBER
	case length == indefinite:
		content, rest, err := convertUntilEnd(body, depth-1)
		return appendElement(nil, tag, content), rest, err
	case !constructed:
		return appendElement(nil, tag, body[:length]), body[length:], nil
	}
	content, err := convertAll(body[:length], depth-1)
	return appendElement(nil, tag, content), body[length:], err
}

func convertAll(ber []byte, depth int) (content []byte, err error) {
	for len(ber) > 0 {
		var element []byte
		if element, ber, err = convert(ber, depth); err != nil {
			return nil, err
		}
		content = append(content, element...)
	}
	return content, nil
}

// convertUntilEnd converts elements up to the end marker, two zero bytes.
func convertUntilEnd(ber []byte, depth int) (content, rest []byte, err error) {
	for {
		if len(ber) >= 2 && ber[0] == 0 && ber[1] == 0 {
			return content, ber[2:], nil
		}
		var element []byte
		if element, ber, err = convert(ber, depth); err != nil {
			return nil, nil, err
		}
		content = append(content, element...)
	}
}

const (
	indefinite     = -1
	indefiniteByte = 0x80
)

// readHead reads tag and length. body is what follows, and holds at least
// length bytes.
func readHead(ber []byte) (tag byte, length int, body []byte, err error) {
	if len(ber) < 2 || ber[0]&0x1f == 0x1f || ber[0] == 0 {
		return 0, 0, nil, errBER
	}
	tag, first, body := ber[0], ber[1], ber[2:]
	switch {
	case first == indefiniteByte:
		return tag, indefinite, body, nil
	case first < indefiniteByte:
		length = int(first)
	default:
		size := int(first & 0x7f)
		if size > 3 || size > len(body) {
			return 0, 0, nil, errBER
		}
		for _, b := range body[:size] {
			length = length<<8 | int(b)
		}
		body = body[size:]
	}
	if length > len(body) {
		return 0, 0, nil, errBER
	}
	return tag, length, body, nil
}

// appendElement writes an element with the shortest length.
func appendElement(der []byte, tag byte, content []byte) []byte {
	der = append(der, tag)
	switch n := len(content); {
	case n < 0x80:
		der = append(der, byte(n))
	case n < 1<<8:
		der = append(der, 0x81, byte(n))
	case n < 1<<16:
		der = append(der, 0x82, byte(n>>8), byte(n))
	default:
		der = append(der, 0x83, byte(n>>16), byte(n>>8), byte(n))
	}
	return append(der, content...)
}
