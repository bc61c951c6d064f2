package json

import "bytes"

// The functions of this file walk through values that were read as a whole
// before, so that they are known to be JSON. They look at each byte once and
// allocate nothing.

// members calls f for each member of an object; the name is as it was written,
// without its quotes. Of anything but an object it calls nothing.
func members(object Value, f func(name []byte, value Value)) {
	i := space(object, 0)
	if i == len(object) || object[i] != '{' {
		return
	}
	for i = space(object, i+1); object[i] != '}'; {
		end := afterString(object, i)
		name := object[i+1 : end-1]
		start := space(object, space(object, end)+1) // behind the colon
		end = after(object, start)
		f(name, object[start:end])
		if i = space(object, end); object[i] == ',' {
			i = space(object, i+1)
		}
	}
}

// elements calls f for each element of an array, or for each member's value of
// an object. Of anything else it calls nothing.
func elements(list Value, f func(Value)) {
	i := space(list, 0)
	if i == len(list) || list[i] != '[' {
		members(list, func(_ []byte, value Value) { f(value) })
		return
	}
	for i = space(list, i+1); list[i] != ']'; {
		end := after(list, i)
		f(list[i:end])
		if i = space(list, end); list[i] == ',' {
			i = space(list, i+1)
		}
	}
}

// space returns the place of the first byte from i on that is no white space.
func space(text []byte, i int) int {
	for i < len(text) && text[i] <= ' ' {
		i++
	}
	return i
}

// after returns the place behind the value that begins at i.
func after(text []byte, i int) int {
	switch text[i] {
	case '"':
		return afterString(text, i)
	case '{', '[':
	default:
		for i < len(text) && text[i] > ' ' && text[i] != ',' && text[i] != '}' && text[i] != ']' {
			i++
		}
		return i
	}
	for depth := 0; ; i++ {
		switch text[i] {
		case '"':
			i = afterString(text, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
}

// afterString returns the place behind the string that begins at i.
func afterString(text []byte, i int) int {
	for i++; ; i++ {
		i += bytes.IndexByte(text[i:], '"')
		escapes := 0
		for text[i-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return i + 1
		}
	}
}
