// What package runtime gives sync, internal/sync and internal/poll: semaphores, notify lists, pinning.
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

NativeStatus Acquire(Machine& m, Address address, bool lifo, sched::WaitReason reason) {
  m.Locate();
  return sched::SemAcquire(m.scheduler(), m.world(), address, lifo, reason) ? kContinue
                                                                            : NativeStatus::kBlocked;
}
NativeStatus Semacquire(Machine& m, uint64_t* w) {
  return Acquire(m, w[0], false, sched::WaitReason::kSemacquire);
}
NativeStatus SemacquireWaitGroup(Machine& m, uint64_t* w) {
  return Acquire(
      m, w[0], false,
      (w[1] & 0xff) != 0 ? sched::WaitReason::kSynctestWaitGroupWait : sched::WaitReason::kSyncWaitGroupWait);
}
NativeStatus SemacquireMutex(Machine& m, uint64_t* w) {
  return Acquire(m, w[0], w[1] != 0, sched::WaitReason::kSyncMutexLock);
}
NativeStatus SemacquireRead(Machine& m, uint64_t* w) {
  return Acquire(m, w[0], w[1] != 0, sched::WaitReason::kSyncRWMutexRLock);
}
NativeStatus SemacquireWrite(Machine& m, uint64_t* w) {
  return Acquire(m, w[0], w[1] != 0, sched::WaitReason::kSyncRWMutexLock);
}
// Semrelease(addr, handoff, skipframes)
NativeStatus Semrelease(Machine& m, uint64_t* w) {
  m.Locate();
  if (sched::SemRelease(m.scheduler(), m.world(), w[0], w[1] != 0)) {
    sched::YieldLocal(m.scheduler(), m.world());
    return NativeStatus::kYield;
  }
  return kContinue;
}
NativeStatus SemreleasePoll(Machine& m, uint64_t* w) {
  sched::SemRelease(m.scheduler(), m.world(), w[0], false);
  return kContinue;
}
NativeStatus NotifyAdd(Machine& m, uint64_t* w) {
  w[0] = sched::NotifyListAdd(m.world(), w[0]);
  return kContinue;
}
NativeStatus NotifyWait(Machine& m, uint64_t* w) {
  m.Locate();
  return sched::NotifyListWait(m.scheduler(), m.world(), w[0], static_cast<uint32_t>(w[1]))
             ? kContinue
             : NativeStatus::kBlocked;
}
// After a notification: `foreign` is a goroutine of another bubble that it would have woken.
NativeStatus Notified(Machine& m, uint32_t foreign) {
  if (foreign == sched::kNoGoroutine) return kContinue;
  m.Write(2, "semaphore wake of synctest goroutine " + std::to_string(m.scheduler().at(foreign).id) +
                 " from outside bubble\n");
  return m.Fatal("semaphore wake of synctest goroutine from outside bubble", false);
}
NativeStatus NotifyAll(Machine& m, uint64_t* w) {
  return Notified(m, sched::NotifyListNotifyAll(m.scheduler(), m.world(), w[0]));
}
NativeStatus NotifyOne(Machine& m, uint64_t* w) {
  return Notified(m, sched::NotifyListNotifyOne(m.scheduler(), m.world(), w[0]));
}
NativeStatus Nothing(Machine&, uint64_t*) {
  return kContinue;
}
// One P, number 0; one processor, so spinning never helps.
NativeStatus Zero(Machine&, uint64_t* w) {
  w[0] = 0;
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_sync.def"
};

}  // namespace

std::span<const vm::Native> SyncNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
