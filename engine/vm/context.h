// Context: what the machine keeps for a goroutine beside its modelled stack.
//
//   registers:  | frame 0: slots … | ctx | ret | frame 1: slots … | ctx | ret | frame 2 …
//                                              ▲ fp of frame 1
//   ret = return word index | distance to the caller's fp << 32 | kRecorded | kFaulted
#pragma once

#include <cstdint>
#include <vector>

#include "engine/memory/address_space.h"

namespace escapement::vm {

using memory::Address;

// Set in a return word when the caller was interrupted by a fault: it is not at a safepoint.
constexpr uint64_t kFaulted = uint64_t{1} << 63;
// Set when the call stack outside this frame has a node in the log (Context::callers). Frames further out
// cannot change while this one lasts, and the next call to this place writes a fresh word.
constexpr uint64_t kRecorded = uint64_t{1} << 62;
inline uint32_t ReturnPc(uint64_t word) {
  return static_cast<uint32_t>(word);
}
inline uint32_t ReturnDistance(uint64_t word) {
  return static_cast<uint32_t>(word >> 32) & 0x3fffffff;
}

// One deferred call; the newest is last. Owned by the frame whose window starts at slot `fp`.
struct DeferRecord {
  uint32_t fp = 0;
  uint32_t function = 0;
  Address sp = 0;  // the frame's modelled sp
  Address closure = 0;
  Address record = 0;       // heap record (runtime._defer), unless it is on the stack
  bool faulted = false;     // a nil function: the panic of its call is under way
  bool range_mark = false;  // no call: where the defers of the function's range-over-func loops begin
  bool operator==(const DeferRecord&) const = default;
};

// A running panic or Goexit: the frame of runtime.gopanic or runtime.Goexit that runs deferred calls.
struct PanicRecord {
  Address panic = 0;  // the _panic in that frame (overlay runtime/panic.go)
  uint32_t fp = 0;
  uint32_t pc = 0;  // the native call that asks for the next deferred call
  Address sp = 0;
  bool goexit = false;
  DeferRecord running;  // the record whose call runs now
  bool operator==(const PanicRecord&) const = default;
};

// Registers and records of one goroutine; plain data, so that a copy is a snapshot.
struct Context {
  std::vector<uint64_t> registers;
  uint32_t pc = 0;  // word to execute next
  uint32_t fp = 0;  // slot index
  Address sp = 0;
  // The native at pc has chosen this function to take its place, which had no code yet.
  uint32_t pending_call = ~uint32_t{0};
  std::vector<uint32_t> callers;  // trace::StackId of a recorded frame's callers, by fp; as long as needed
  bool panic_on_fault = false;    // debug.SetPanicOnFault
  bool resumed = false;           // the native at pc parked the goroutine and runs again
  Address argument = 0;           // the coro of a coroutine's goroutine
  std::vector<DeferRecord> defers;
  std::vector<PanicRecord> panics;
  bool operator==(const Context&) const = default;
};

}  // namespace escapement::vm
