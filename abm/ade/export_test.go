package ade

// ReadTokenText lets the fuzz target reach what comes after decryption: the
// decryption itself is slow and random.
var ReadTokenText = readTokenText
