package runtime

import "internal/abi"

// Pinner keeps objects where they are. Heap objects never move, so that all it does is keep them alive.
type Pinner struct {
	held []any
}

// Pin keeps the object that pointer points to.
//
//go:noinline
func (p *Pinner) Pin(pointer any) { p.held = append(p.held, pointer) }

// Unpin lets all of them go.
//
//go:noinline
func (p *Pinner) Unpin() {
	abi.Escape(p.held)
	p.held = nil
}
