// Natives: functions of the Go program that are written in C++. They get the outgoing window of the
// call and leave their results in it.
#pragma once

#include <cstdint>
#include <string_view>

namespace escapement::vm {

class Machine;

enum class NativeStatus : uint8_t {
  kContinue,  // results are in place
  kCall,      // Machine::TailCall chose a Go function that takes the native's place
  kBlocked,   // the goroutine is parked; the native is called again when it runs (Machine::resumed)
  kMoved,     // results are in place; stacks may have moved
  kSwitched,  // another goroutine is current; this one is called again when it runs
  kYield,     // results are in place; let the scheduler pick
  kUnwound,   // Machine changed the goroutine's frames (panic recovered, Goexit)
  kRetry,     // call it again: a stack moved or code is needed (Machine::pending)
  kExit,      // the program ends: State::exit_code
  kDead,      // the goroutine is over
};

using NativeFunction = NativeStatus (*)(Machine& machine, uint64_t* window);

// One registration. `arguments` and `results` have a letter a slot: p pointer, i anything else.
struct Native {
  std::string_view name;  // link name
  std::string_view arguments;
  std::string_view results;
  NativeFunction function;
  // Tried before the Go function of this name, which it may call in its place (Machine::TailCall) as long as
  // it has changed nothing.
  bool short_cut = false;
};

}  // namespace escapement::vm
