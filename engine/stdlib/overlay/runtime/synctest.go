// Bubbles of testing/synctest. Their state is the scheduler's; the root goroutine runs their timers.

package runtime

import "unsafe"

// The number of the running goroutine's bubble, 0 outside of one.
func currentbubble() int

// The running goroutine becomes the root of a new bubble.
func enterbubble()

// The running goroutine joins a bubble, or (0) leaves its own.
func setbubble(bubble int)

// The next timer of the bubble that is due and has a function to run.
func bubbletimer() (f func(arg any, seq uintptr, delta int64), arg any, seq uintptr, delta int64)

// Waits until the bubble is idle and moves its clock; false when nothing is left to wait for.
func awaitbubble() bool

// How many goroutines are in the bubble, and whether its first one is over.
func bubblestate() (total int, done bool)
func waitinbubble() bool
func holdbubble(bubble int, hold bool)

//go:noescape
func objectbubble(p unsafe.Pointer) int

//go:noescape
func setobjectbubble(p unsafe.Pointer, bubble int)

//go:linkname synctestRun internal/synctest.Run
func synctestRun(f func()) {
	if currentbubble() != 0 {
		panic("synctest.Run called from within a synctest bubble")
	}
	enterbubble()
	defer setbubble(0)
	go f()
	for more := true; more; more = awaitbubble() {
		for {
			timer, arg, seq, delta := bubbletimer()
			if timer == nil {
				break
			}
			timer(arg, seq, delta)
		}
	}
	if total, done := bubblestate(); total != 1 {
		reason := "deadlock: all goroutines in bubble are blocked"
		if done {
			reason = "deadlock: main bubble goroutine has exited but blocked goroutines remain"
		}
		panic(synctestDeadlockError{reason, currentbubble()})
	}
}

type synctestDeadlockError struct {
	reason string
	bubble int
}

func (e synctestDeadlockError) Error() string { return e.reason }

//go:linkname synctestWait internal/synctest.Wait
func synctestWait() {
	if currentbubble() == 0 {
		panic("goroutine is not in a bubble")
	}
	if !waitinbubble() {
		panic("wait already in progress")
	}
}

//go:linkname synctest_isInBubble internal/synctest.IsInBubble
func synctest_isInBubble() bool { return currentbubble() != 0 }

//go:linkname synctest_acquire internal/synctest.acquire
func synctest_acquire() any {
	bubble := currentbubble()
	if bubble == 0 {
		return nil
	}
	holdbubble(bubble, true)
	return bubble
}

//go:linkname synctest_release internal/synctest.release
func synctest_release(bubble any) { holdbubble(bubble.(int), false) }

//go:linkname synctest_inBubble internal/synctest.inBubble
func synctest_inBubble(bubble any, f func()) {
	if currentbubble() != 0 {
		panic("goroutine is already bubbled")
	}
	setbubble(bubble.(int))
	defer setbubble(0)
	f()
}

// What internal/synctest calls the association of an object.
const (
	unbubbled = iota
	currentBubble
	otherBubble
)

//go:linkname synctest_associate internal/synctest.associate
func synctest_associate(p unsafe.Pointer) int {
	switch bubble := objectbubble(p); bubble {
	case 0:
		setobjectbubble(p, currentbubble())
		if objectbubble(p) == 0 {
			return unbubbled // not in the heap
		}
		return currentBubble
	case currentbubble():
		return currentBubble
	}
	return otherBubble
}

//go:linkname synctest_disassociate internal/synctest.disassociate
func synctest_disassociate(p unsafe.Pointer) { setobjectbubble(p, 0) }

//go:linkname synctest_isAssociated internal/synctest.isAssociated
func synctest_isAssociated(p unsafe.Pointer) bool { return objectbubble(p) == currentbubble() }

// A timer that is due at once runs at once: the bubble's clock stands still while any goroutine runs.

type timeTimer struct{}

func newtimer(when, period int64, f func(arg any, seq uintptr, delta int64), arg any, c *hchan) *timeTimer

//go:noescape
func resettimer(t *timeTimer, when, period int64) bool

// Takes the timer, if it is due, off the bubble's; whether its function is to run now.
//
//go:noescape
func takeifdue(t *timeTimer) (f func(arg any, seq uintptr, delta int64), arg any, seq uintptr, delta int64)

func runifdue(t *timeTimer) {
	if f, arg, seq, delta := takeifdue(t); f != nil {
		f(arg, seq, delta)
	}
}

//go:linkname newTimer time.newTimer
func newTimer(when, period int64, f func(arg any, seq uintptr, delta int64), arg any, c *hchan) *timeTimer {
	t := newtimer(when, period, f, arg, c)
	runifdue(t)
	return t
}

//go:linkname resetTimer time.resetTimer
func resetTimer(t *timeTimer, when, period int64) bool {
	pending := resettimer(t, when, period)
	runifdue(t)
	return pending
}
