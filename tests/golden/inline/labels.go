// errorcheck -0 -m=2

// The labels of inlined bodies are numbered in each function anew.
package p

type a string

func (x a) text() string { return string(x) } // ERROR "can inline a.text" "leaks to ~r0" "flow: " "from " "leaking param: x"

type texter interface{ text() string }

func earlier(x a) string { // ERROR "can inline earlier" "leaks to ~r0" "flow: " "from " "leaking param: x"
	return x.text() // ERROR "inlining call to a.text"
}

func textOf(v texter) (string, bool) { // ERROR "can inline textOf" "v leaks to" "flow: " "from " "leaking param"
	switch x := v.(type) {
	case a, nil:
		return x.text(), true
	}
	return "", false
}

func use(v texter) string { // ERROR "cannot inline use" "v leaks to {heap}" "flow: " "from case a, nil: .*; goto .i0" "from " "leaking param"
	s, _ := textOf(v) // ERROR "inlining call to textOf"
	return s
}
