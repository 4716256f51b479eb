// Time: the virtual clock, sleeping, and the runtime part of time.Timer.
#include "engine/sched/bubble.h"
#include "engine/sched/channel.h"
#include "engine/sched/timers.h"
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

constexpr uint64_t kSecond = 1000000000;
// The monotonic clock of a process starts above zero.
constexpr uint64_t kMonotonicStart = 1;
// runtime.timeTimer: channel at 0, init at 8, then the runtime's timer, of which we keep an index at 16.
constexpr uint64_t kTimerBytes = 112, kTimerInit = 8, kTimerIndex = 16, kTimerMask = 1;
// runtime.timer, of which a sleeping goroutine has one; its pointers are f, arg and ts.
constexpr uint64_t kSleepTimerBytes = 96, kSleepTimerMask = 0b1011100000;

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
// runtimeNow() (sec int64, nsec int32, mono int64): now, or in a bubble the bubble's time without a monotonic
// part.
NativeStatus RuntimeNow(Machine& m, uint64_t* w) {
  if (m.goroutine().bubble == 0) return Now(m, w);
  uint64_t now = sched::NowInGoroutine(m.scheduler(), m.world());
  w[0] = now / kSecond;
  w[1] = now % kSecond;
  w[2] = 0;
  return kContinue;
}
NativeStatus NanoTime(Machine& m, uint64_t* w) {
  w[0] = Monotonic(m);
  return kContinue;
}
NativeStatus RuntimeNano(Machine& m, uint64_t* w) {
  if (m.goroutine().bubble == 0) return NanoTime(m, w);
  w[0] = sched::NowInGoroutine(m.scheduler(), m.world());
  return kContinue;
}
NativeStatus IsBubbled(Machine& m, uint64_t* w) {
  w[0] = m.goroutine().bubble != 0;
  return kContinue;
}
NativeStatus Sleep(Machine& m, uint64_t* w) {
  if (m.resumed()) return kContinue;
  if (static_cast<int64_t>(w[0]) > 0 && m.goroutine().timer_record == 0) {
    Address record =
        memory::AllocateMasked(m.world(), kSleepTimerBytes, kSleepTimerMask, memory::kRuntimeObject,
                               m.RecordOrigin("runtime.timer", kSleepTimerBytes, "time.Sleep"));
    if (record == 0) return m.OutOfMemory(0);
    m.goroutine().timer_record = record;
  }
  m.Locate();
  return sched::Sleep(m.scheduler(), m.world(), static_cast<int64_t>(w[0])) ? NativeStatus::kBlocked
                                                                            : kContinue;
}

// The scheduler's times are nanoseconds since 1970, the program's monotonic, but for those of bubbles.
uint64_t When(const sched::Timer& timer, uint64_t monotonic) {
  if (timer.bubble != 0) return monotonic;
  uint64_t when = monotonic + sched::kStartTimeNs - kMonotonicStart;
  return when < monotonic ? ~uint64_t{0} >> 1 : when;
}
uint32_t IndexOf(Machine& m, Address timer) {
  return static_cast<uint32_t>(Space(m).Load<uint64_t>(timer + kTimerIndex));
}

// newTimer(when, period, f func(any, uintptr, int64), arg any, c *hchan) *Timer
NativeStatus NewTimer(Machine& m, uint64_t* w) {
  Address object =
      memory::AllocateMasked(m.world(), kTimerBytes, kTimerMask, memory::kRuntimeObject,
                             m.RecordOrigin("runtime.timeTimer", kTimerBytes, "runtime.newTimer"));
  if (object == 0) return m.OutOfMemory(0);
  uint32_t index = sched::NewTimer(m.scheduler());
  sched::Timer& timer = m.scheduler().timers[index];
  timer.function = w[2];
  timer.arg_type = w[3];
  timer.arg = w[4];
  if (m.scheduler().async_timers) w[5] = 0;
  timer.channel = w[5];
  timer.object = object;
  timer.bubble = m.goroutine().bubble;
  Space(m).Store<uint8_t>(object + kTimerInit, 1);
  Space(m).Store<uint64_t>(object + kTimerIndex, index);
  if (w[5] != 0) Space(m).Store<uint64_t>(w[5] + sched::Hchan::kTimer, index + 1);
  sched::ResetTimer(m.scheduler(), m.world(), index, When(timer, w[0]), w[1]);
  w[0] = object;
  return kContinue;
}
// time.newTimer, time.resetTimer: the overlay's Go functions where a timer may be due at once.
NativeStatus NewUnbubbled(Machine& m, uint64_t* w) {
  return m.goroutine().bubble == 0 ? NewTimer(m, w) : m.TailCall(m.code().Find("time.newTimer"));
}
// Whether the timer is a bubble's and the running goroutine is in none.
bool IsOutside(Machine& m, Address timer) {
  return m.goroutine().bubble == 0 && m.scheduler().timers[IndexOf(m, timer)].bubble != 0;
}
NativeStatus StopTimer(Machine& m, uint64_t* w) {
  if (IsOutside(m, w[0])) return m.Fatal("stop of synctest timer from outside bubble", false);
  w[0] = sched::StopTimer(m.scheduler(), m.world(), IndexOf(m, w[0]));
  return kContinue;
}
// resetTimer(t, when, period) pending
NativeStatus ResetTimer(Machine& m, uint64_t* w) {
  if (IsOutside(m, w[0])) return m.Fatal("reset of synctest timer from outside bubble", false);
  uint32_t index = IndexOf(m, w[0]);
  w[0] = sched::ResetTimer(m.scheduler(), m.world(), index, When(m.scheduler().timers[index], w[1]), w[2]);
  return kContinue;
}
NativeStatus ResetUnbubbled(Machine& m, uint64_t* w) {
  return m.goroutine().bubble == 0 ? ResetTimer(m, w) : m.TailCall(m.code().Find("time.resetTimer"));
}

// (f func(any, uintptr, int64), arg any, seq uintptr, delta int64)
NativeStatus ReturnFired(uint64_t* w, const sched::FiredTimer& fired) {
  w[0] = fired.function;
  w[1] = fired.arg_type;
  w[2] = fired.arg;
  w[3] = fired.seq;
  w[4] = static_cast<uint64_t>(fired.delta);
  return kContinue;
}

// nexttimer() (f func(any, uintptr, int64), arg any, seq uintptr, delta int64): for the goroutine that runs
// timers; parks it until one fires.
NativeStatus NextTimer(Machine& m, uint64_t* w) {
  sched::FiredTimer fired;
  if (!sched::TakeFired(m.scheduler(), m.world(), &fired)) {
    m.Locate();
    sched::Park(m.scheduler(), m.world(), sched::WaitReason::kNone, 0);
    return NativeStatus::kBlocked;
  }
  return ReturnFired(w, fired);
}

NativeStatus SetAsyncTimers(Machine& m, uint64_t* w) {
  m.scheduler().async_timers = (w[0] & 1) != 0;
  return kContinue;
}

// --- bubbles of testing/synctest (overlay synctest.go) ---------------------------------------------------

NativeStatus CurrentBubble(Machine& m, uint64_t* w) {
  w[0] = m.goroutine().bubble;
  return kContinue;
}
NativeStatus EnterBubble(Machine& m, uint64_t*) {
  sched::EnterBubble(m.scheduler());
  return kContinue;
}
NativeStatus SetBubble(Machine& m, uint64_t* w) {
  m.goroutine().bubble = static_cast<uint32_t>(w[0]);
  return kContinue;
}
// bubbletimer() (f, arg, seq, delta): f is nil when none is due.
NativeStatus BubbleTimer(Machine& m, uint64_t* w) {
  sched::FiredTimer fired{};
  sched::TakeBubbleTimer(m.scheduler(), m.world(), &fired);
  return ReturnFired(w, fired);
}
// takeifdue(t *timeTimer) (f, arg, seq, delta)
NativeStatus TakeIfDue(Machine& m, uint64_t* w) {
  sched::FiredTimer fired{};
  sched::TakeIfDue(m.scheduler(), m.world(), IndexOf(m, w[0]), &fired);
  return ReturnFired(w, fired);
}
NativeStatus AwaitBubble(Machine& m, uint64_t* w) {
  sched::BubbleStep step = sched::AwaitBubble(m.scheduler(), m.world(), m.resumed());
  if (step == sched::BubbleStep::kBlocked) return NativeStatus::kBlocked;
  w[0] = step == sched::BubbleStep::kTimers;
  return kContinue;
}
// bubblestate() (total int, done bool)
NativeStatus BubbleState(Machine& m, uint64_t* w) {
  const sched::Bubble& bubble = *sched::BubbleOf(m.scheduler(), m.scheduler().current);
  w[0] = bubble.total;
  w[1] = bubble.done;
  return kContinue;
}
// waitinbubble() bool: false if another goroutine waits already.
NativeStatus WaitInBubble(Machine& m, uint64_t* w) {
  sched::Scheduler& scheduler = m.scheduler();
  bool free = m.resumed() || sched::BubbleOf(scheduler, scheduler.current)->waiter == sched::kNoGoroutine;
  if (free && !sched::WaitInBubble(scheduler, m.world(), m.resumed())) return NativeStatus::kBlocked;
  w[0] = free;
  return kContinue;
}
NativeStatus HoldBubble(Machine& m, uint64_t* w) {
  sched::HoldBubble(m.scheduler(), m.world(), static_cast<uint32_t>(w[0]), (w[1] & 1) != 0);
  return kContinue;
}
NativeStatus ObjectBubble(Machine& m, uint64_t* w) {
  w[0] = memory::BubbleOfObject(m.world(), w[0]);
  return kContinue;
}
NativeStatus SetObjectBubble(Machine& m, uint64_t* w) {
  memory::SetBubbleOfObject(m.world(), w[0], w[1]);
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
#define SHORT_CUT(name, arguments, results, function) {name, arguments, results, function, true},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_time.def"
};

}  // namespace

std::span<const vm::Native> TimeNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
