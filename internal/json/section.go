package json

// Section is an Object.
type Section[T any] = Object[T]

// Rows is a List.
type Rows[T any] = List[T]
