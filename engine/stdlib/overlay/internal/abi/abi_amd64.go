// Reflection passes arguments in memory; the machine's adapters move them (natives_reflect.cpp).

package abi

const (
	IntArgRegs            = 0
	FloatArgRegs          = 0
	EffectiveFloatRegSize = 0
)
