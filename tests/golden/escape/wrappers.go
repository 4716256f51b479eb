// errorcheck -0 -m=2

// Method wrappers are compiled with the package: explanations speak of them at the method's parameters.
package p

type value struct{ n int }

func (v value) keep(p *int) *int { return p } // ERROR "can inline value.keep" "leaks to ~r0 for value.keep" "leaks to ~r0 for \(\*value\).keep" "leaks to ~r0 for outer.keep" "leaks to ~r0 for \(\*outer\).keep" "flow: " "from " "leaking param: p"

type outer struct{ value }

type keeper interface{ keep(q *int) *int } // ERROR "parameter q leaks to {heap} for keeper.keep" "flow: " "from "

type names interface{ has(string) bool } // ERROR "parameter ~p1 leaks to {heap} for names.has" "parameter ~p1 leaks to {heap} for table.has" "parameter ~p1 leaks to {heap} for \(\*table\).has" "flow: " "from "

type table struct{ names }

func (t *table) none(name string) bool { return name == "" } // ERROR "can inline \(\*table\).none" "t does not escape" "name does not escape"

var _ any = &table{}
