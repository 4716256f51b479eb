// errorcheck
// Constants past every limit, said at once.
package p

const huge = 1 << 100000000 // ERROR "invalid shift count 100000000"

const product = 1e1000000000 * 2 // ERROR "malformed constant: 1e1000000000"

var small int8 = 300 // ERROR "cannot use 300 .* as int8 value in variable declaration \(overflows\)"
