package ade

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
)

// detectDER says what a DER or BER file is.
func detectDER(ber []byte) FileKind {
	if kind := detectContent(ber); kind != FileUnknown {
		return kind
	}
	if _, err := x509.ParseCertificate(ber); err == nil {
		return FileCertificate
	}
	if _, err := x509.ParseCertificateRequest(ber); err == nil {
		return FileRequest
	}
	var version struct {
		Version int
		Rest    asn1.RawValue
		More    asn1.RawValue `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(ber, &version); err == nil && version.Version == 3 && version.Rest.Tag == asn1.TagSequence {
		return FilePKCS12
	}
	switch {
	case isEC(ber):
		return FileAPIKey
	case isKey(ber):
		return FilePrivateKey
	}
	var spki struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if rest, err := asn1.Unmarshal(ber, &spki); err == nil && len(rest) == 0 {
		return FilePublicKey
	}
	return FileUnknown
}

// detectContent goes by the content type alone, so that a token which was cut
// off is still one.
func detectContent(ber []byte) FileKind {
	switch oid := contentType(ber); {
	case oid.Equal(oidEnveloped), oid.Equal(oidAuthEnveloped):
		return FileToken
	case len(oid) == len(oidData) && oid[:len(oidPKCS7)].Equal(oidPKCS7):
		return FileSigned
	}
	return FileUnknown
}

// contentType reads the first thing in a sequence as an object identifier,
// whether or not the sequence is whole; nil if there is none.
func contentType(ber []byte) asn1.ObjectIdentifier {
	if len(ber) < 2 || ber[0] != sequence {
		return nil
	}
	head := 2
	if ber[1] > indefiniteByte {
		head += int(ber[1] & 0x7f)
	}
	var oid asn1.ObjectIdentifier
	if head >= len(ber) {
		return nil
	}
	if _, err := asn1.Unmarshal(ber[head:], &oid); err != nil {
		return nil
	}
	return oid
}
