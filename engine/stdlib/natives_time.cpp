// Time: the virtual clock, sleeping, and the runtime part of time.Timer.
#include "engine/sched/channel.h"
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

constexpr uint64_t kSecond = 1000000000;
// The monotonic clock of a process starts above zero.
constexpr uint64_t kMonotonicStart = 1;
// runtime.timeTimer: channel at 0, init at 8, then the runtime's timer, of which we keep an index at 16.
constexpr uint64_t kTimerBytes = 112, kTimerChannel = 0, kTimerInit = 8, kTimerIndex = 16, kTimerMask = 1;

uint64_t Monotonic(Machine& m) {
  return sched::Now(m.scheduler(), m.world()) - sched::kStartTimeNs + kMonotonicStart;
}

// now() (sec int64, nsec int32, mono int64)
NativeStatus Now(Machine& m, uint64_t* w) {
  uint64_t now = sched::Now(m.scheduler(), m.world()) + m.scheduler().wall_offset_ns;
  w[0] = now / kSecond;
  w[1] = now % kSecond;
  w[2] = Monotonic(m);
  return kContinue;
}
NativeStatus NanoTime(Machine& m, uint64_t* w) {
  w[0] = Monotonic(m);
  return kContinue;
}
NativeStatus Sleep(Machine& m, uint64_t* w) {
  if (m.resumed()) return kContinue;
  return sched::Sleep(m.scheduler(), m.world(), static_cast<int64_t>(w[0])) ? NativeStatus::kBlocked
                                                                            : kContinue;
}
NativeStatus False(Machine&, uint64_t* w) {
  w[0] = 0;
  return kContinue;
}

// The scheduler's times are nanoseconds since 1970, the program's monotonic.
uint64_t When(uint64_t monotonic) {
  uint64_t when = monotonic + sched::kStartTimeNs - kMonotonicStart;
  return when < monotonic ? ~uint64_t{0} >> 1 : when;
}
uint32_t IndexOf(Machine& m, Address timer) {
  return static_cast<uint32_t>(Space(m).Load<uint64_t>(timer + kTimerIndex));
}

// newTimer(when, period, f func(any, uintptr, int64), arg any, c *hchan) *Timer
NativeStatus NewTimer(Machine& m, uint64_t* w) {
  Address object = memory::AllocateMasked(m.world(), kTimerBytes, kTimerMask, memory::kRuntimeObject, {});
  if (object == 0) return m.OutOfMemory(0);
  uint32_t index = sched::NewTimer(m.scheduler());
  sched::Timer& timer = m.scheduler().timers[index];
  timer.function = w[2];
  timer.arg_type = w[3];
  timer.arg = w[4];
  timer.channel = w[5];
  timer.object = object;
  Space(m).Store<uint8_t>(object + kTimerInit, 1);
  Space(m).Store<uint64_t>(object + kTimerIndex, index);
  if (w[5] != 0) Space(m).Store<uint64_t>(w[5] + sched::Hchan::kTimer, index + 1);
  sched::ResetTimer(m.scheduler(), m.world(), index, When(w[0]), w[1]);
  w[0] = object;
  return kContinue;
}
NativeStatus StopTimer(Machine& m, uint64_t* w) {
  w[0] = sched::StopTimer(m.scheduler(), m.world(), IndexOf(m, w[0]));
  return kContinue;
}
// resetTimer(t, when, period) pending
NativeStatus ResetTimer(Machine& m, uint64_t* w) {
  w[0] = sched::ResetTimer(m.scheduler(), m.world(), IndexOf(m, w[0]), When(w[1]), w[2]);
  return kContinue;
}

// nexttimer() (f func(any, uintptr, int64), arg any, seq uintptr, delta int64): for the goroutine that runs
// timers; parks it until one fires.
NativeStatus NextTimer(Machine& m, uint64_t* w) {
  sched::FiredTimer fired;
  if (!sched::TakeFired(m.scheduler(), m.world(), &fired)) {
    sched::Park(m.scheduler(), m.world(), sched::WaitReason::kNone, 0);
    return NativeStatus::kBlocked;
  }
  w[0] = fired.function;
  w[1] = fired.arg_type;
  w[2] = fired.arg;
  w[3] = fired.seq;
  w[4] = static_cast<uint64_t>(fired.delta);
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_time.def"
};

}  // namespace

std::span<const vm::Native> TimeNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
