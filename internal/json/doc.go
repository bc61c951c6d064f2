// Package json reads the JSON of management systems, whose types drift: a
// number turns into a text, an object into an array of one, an empty object
// into an empty array. The types Text, Int, Float, Bool, Object and List
// accept every such form, lose a field that makes no sense at all, and never
// fail; a Stream reads an array of any length element by element, so that one
// damaged element costs nothing but itself.
//
// It is the only place that knows which JSON library is used.
package json
