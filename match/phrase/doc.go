// Package phrase says in sentences what package match says in codes, so that
// whoever looks after a school's devices understands why two things were
// linked, or were not: "The serial number is the same; the Wi-Fi address is a
// dock's and was not used."
//
//	for outcome := range match.Run(input) {
//		fmt.Println(phrase.Outcome(outcome, phrase.English))
//	}
//
// # Languages
//
// English and German. [In] finds the language of a BCP 47 tag. Every code of
// package match has a phrase in each; a test walks them all. Phrases name
// values where a code carries some, and those are personal data.
package phrase
