package ade

import (
	"context"
	"iter"
)

// Store keeps what this package remembers, in a database of the host. It sees
// ciphertext only. A host implements three methods; package storetest holds
// them to this contract, and [MemoryStore] is one in memory. A Store is safe
// for concurrent use. This package finishes one sequence before it makes the
// next call.
type Store interface {
	// Get returns one value. The error of a value that is not there Is
	// mdm.ErrNotFound.
	Get(ctx context.Context, k Key) (Value, error)

	// List lists the values of one kind in one scope, each once, in any order.
	// An error is the last element.
	List(ctx context.Context, scope string, kind ValueKind) iter.Seq2[Value, error]

	// Put stores a value in place of the one with its Revision and returns the
	// new revision, atomically. Revision "" means that there must be none yet.
	// A Value without Data removes; the revision is then "". If the revision is
	// not the current one, nothing is written and the error Is ErrStale. Any
	// other error means that the value may or may not have been stored.
	Put(ctx context.Context, v Value) (revision string, err error)
}

// Key names a value.
type Key struct {
	Scope string    // the host's own, such as a customer; values of two scopes have nothing to do with each other
	Kind  ValueKind // what the value is
	ID    string    // unique within scope and kind; at most 64 letters, digits and dashes
}

// Value is something that is remembered.
type Value struct {
	Key
	Revision string // changes with each change and is never used again for the same key; the Store's to choose; "" = does not exist yet
	Data     []byte // sealed; a few kilobytes, and 100 bytes for each device in a value of ValueDevices
}

// ValueKind says what a value is. A Store keeps it as text.
type ValueKind string

const (
	ValueServer  ValueKind = "server"         // server entry with its token and keys
	ValueConfig  ValueKind = "server_config"  // server configuration
	ValueProfile ValueKind = "profile"        // enrolment profile, as a draft and as published
	ValueDevices ValueKind = "device_profile" // which device of a server gets which profile; its ID is the server's
)

// ValueKinds returns all kinds.
func ValueKinds() []ValueKind {
	return []ValueKind{ValueServer, ValueConfig, ValueProfile, ValueDevices}
}
