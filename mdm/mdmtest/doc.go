// Package mdmtest holds what tests around an [mdm.Source] need: a source in
// memory, and the contract of a source as a test suite.
//
// # A source in memory
//
// [Memory] lists the records it was given. It pages, resumes, counts and ends
// as a good source does, and fails when it is told to. Abilities are added by
// embedding: [Batches], [Checks], [Commands], [Credentials], [Installs] and
// [Places] each give one.
//
//	type source struct {
//		*mdmtest.Memory
//		*mdmtest.Commands
//	}
//
// # The contract
//
// [Run] holds a source against every clause of the contract of package mdm,
// each in a subtest of its own, and [Check] does the same without a testing.T.
// [Clauses] lists the clauses. A clause that a source cannot keep is skipped
// by name and with a reason, never in silence.
//
//	func TestSourceContract(t *testing.T) {
//		mdmtest.Run(t, func(t *testing.T) mdm.Source {
//			return newClient(t, fake.New(t)).Source()
//		}, mdmtest.Options{Secrets: []string{fake.Token}, Devices: 7})
//	}
//
// The suite reads only. The one exception is [Options.Sends], which is empty
// unless it is set: no other command is ever sent to a device of the source.
// It is meant for fakes all the same.
package mdmtest
