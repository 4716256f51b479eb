// The registers of amd64's internal ABI; the machine's adapters move what reflection puts there
// (natives_reflect.cpp).

package abi

const (
	IntArgRegs            = 9
	FloatArgRegs          = 15
	EffectiveFloatRegSize = 8
)
