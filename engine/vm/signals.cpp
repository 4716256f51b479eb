// Signals that the program sends itself, and the one that a user would send when nothing goes on any more.
#include <algorithm>
#include <bit>
#include <utility>

#include "engine/vm/machine.h"

namespace escapement::vm {

namespace {

constexpr int kHangup = 1, kInterrupt = 2, kQuit = 3, kKill = 9, kTerminate = 15;
constexpr int kSignals = 64;
// Signals that do nothing to a program that has not asked for them: of children, of terminals, and those
// that stop and continue (Model: there is nobody to continue it).
constexpr uint64_t kHarmless =
    1ull << 17 | 1ull << 18 | 1ull << 19 | 1ull << 20 | 1ull << 21 | 1ull << 22 | 1ull << 23 | 1ull << 28;
// So many interrupts are sent to a program that goes on waiting.
constexpr int kPatience = 2;
constexpr int kKilledStatus = 128;  // plus the signal's number, as shells say it

}  // namespace

void Machine::Raise(int signal) {
  Signals& signals = state_.signals;
  if (signal <= 0 || signal >= kSignals) return;
  uint64_t bit = uint64_t{1} << signal;
  if ((signals.wanted & bit) != 0 && signal != kKill) {
    signals.pending |= bit;
    if (signals.receiver != sched::kNoGoroutine)
      sched::Ready(state_.scheduler, state_.world, std::exchange(signals.receiver, sched::kNoGoroutine));
    return;
  }
  if (((signals.ignored | kHarmless) & bit) != 0 && signal != kKill) return;
  signals.killer = signal;
  Exit(kKilledStatus + signal);
}

bool Machine::Interrupt() {
  Signals& signals = state_.signals;
  bool waits_outside =
      std::any_of(state_.poll_waiters.begin(), state_.poll_waiters.end(), [this](const PollWaiter& waiter) {
        OpenFile* file = state_.files.Descriptor(waiter.descriptor);
        return file != nullptr && file->socket != 0 &&
               state_.scheduler.at(waiter.goroutine).status == sched::Status::kWaiting;
      });
  if (signals.wanted == 0 && !waits_outside) return false;
  int signal = signals.wanted == 0 ? kInterrupt : std::countr_zero(signals.wanted);
  for (int usual : {kHangup, kQuit, kTerminate, kInterrupt})
    if ((signals.wanted >> usual & 1) != 0) signal = usual;
  Raise(signals.interrupts++ < kPatience ? signal : kKill);
  return true;
}

}  // namespace escapement::vm
