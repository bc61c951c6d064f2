package adetest

// What the vectors of the reference are held against.
var (
	Sign       = sign
	BaseString = baseString
)
