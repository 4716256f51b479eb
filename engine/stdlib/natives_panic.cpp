// The machine's side of runtime.gopanic, recover, Goexit and the fatal errors.
#include <utility>

#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

// panicstart(p *_panic), goexitstart(p *_panic): called by gopanic and Goexit for their own frame.
NativeStatus PanicStart(Machine& m, uint64_t* w) {
  return m.PanicStart(w[0], false, w);
}
NativeStatus GoexitStart(Machine& m, uint64_t* w) {
  return m.PanicStart(w[0], true, w);
}
// panicnext() (fn func(), ok bool): the next deferred call; does not return once one recovered.
NativeStatus PanicNext(Machine& m, uint64_t* w) {
  return m.PanicNext(w);
}
NativeStatus Recover(Machine& m, uint64_t* w) {
  auto value = m.Recover();
  w[0] = value[0];
  w[1] = value[1];
  return kContinue;
}

// dopanic(bubble int): after the panic was printed: the trace of this goroutine, and of those in a bubble
// that got stuck; exit status 2.
NativeStatus DoPanic(Machine& m, uint64_t* w) {
  m.Write(2, m.CrashTracebacks(false, static_cast<uint32_t>(w[0])));
  return m.Exit(2);
}
// faultaddress() (addr uintptr): of the nil dereference that panics now.
NativeStatus FaultAddress(Machine& m, uint64_t* w) {
  w[0] = m.state().fault_address;
  return kContinue;
}
// faultcode() (code uintptr): what Linux says of that: nothing is there, or it may not be done.
NativeStatus FaultCode(Machine& m, uint64_t* w) {
  w[0] = Space(m).IsMapped(m.state().fault_address) ? 2 : 1;
  return kContinue;
}
// runtime/debug.setPanicOnFault(new bool) (old bool)
NativeStatus SetPanicOnFault(Machine& m, uint64_t* w) {
  w[0] = std::exchange(m.context().panic_on_fault, (w[0] & 1) != 0);
  return kContinue;
}
NativeStatus SetFaultAddress(Machine& m, uint64_t* w) {
  m.state().fault_address = w[0];
  return kContinue;
}

// throw(s), fatal(s): this goroutine's trace.
NativeStatus Fatal(Machine& m, uint64_t* w) {
  return m.Fatal(Text(m, w), false);
}

// throwsignal(s)
NativeStatus FatalSignal(Machine& m, uint64_t* w) {
  return m.Fatal(Text(m, w), false, m.SignalText(m.state().fault_address));
}

NativeStatus GoexitDone(Machine& m, uint64_t*) {
  vm::Context& context = m.context();
  context.defers.clear();
  context.panics.clear();
  if (m.goroutine().id == 1) m.scheduler().main_exited = true;
  sched::Exit(m.scheduler(), m.world());
  return NativeStatus::kDead;
}

// deferrangefunc() any: a token for the function around the range-over-func loop, with the head of its list
// of defers.
NativeStatus DeferRangeFunc(Machine& m, uint64_t* w) {
  m.PushRangeMark();
  Address head = memory::AllocateMasked(
      m.world(), 8, 1, memory::kRuntimeObject,
      m.RecordOrigin("sync/atomic.Pointer[runtime._defer]", 8, "runtime.deferrangefunc"));
  if (head == 0) return m.OutOfMemory(0);
  w[0] = m.context().fp;
  w[1] = head;
  return kContinue;
}
// deferprocat(fn func(), token any)
NativeStatus DeferProcAt(Machine& m, uint64_t* w) {
  m.PushDeferAt(static_cast<uint32_t>(w[1]), w[0]);
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_panic.def"
};

}  // namespace

std::span<const vm::Native> PanicNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
