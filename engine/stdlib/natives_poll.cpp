// The poller of internal/poll, for pipes and sockets, and the receiver of os/signal: what goroutines wait for
// that is neither a channel nor a semaphore.
#include <bit>

#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"
#include "engine/stdlib/system_calls.h"

namespace escapement::stdlib {

namespace {

using vm::FileKind;
using vm::OpenFile;
using vm::PollRecord;
using vm::PollWaiter;

// What the poller's functions answer.
enum PollAnswer : uint64_t { kReady = 0, kClosing = 1, kTimeout = 2 };
constexpr uint64_t kReadMode = 'r', kWriteMode = 'w';
// A deadline that has passed for good.
constexpr uint64_t kPassed = 1;

uint64_t NowOf(Machine& m) {
  return sched::Now(m.scheduler(), m.world());
}

// A descriptor is the context that the library knows it by.
PollRecord& RecordOf(Machine& m, uint64_t context) {
  std::vector<PollRecord>& polls = m.state().polls;
  if (context >= polls.size()) polls.resize(context + 1);
  return polls[context];
}

bool CanPoll(Machine& m, uint64_t descriptor) {
  OpenFile* file = m.state().files.Descriptor(descriptor);
  if (file == nullptr) return false;
  FileKind kind = m.state().files.node(file->node).kind;
  return kind == FileKind::kPipe || kind == FileKind::kSocket;
}

PollAnswer StateOf(Machine& m, uint64_t context, bool write) {
  PollRecord& record = RecordOf(m, context);
  if (record.closing) return kClosing;
  uint64_t until = write ? record.write_until : record.read_until;
  return until != 0 && until <= NowOf(m) ? kTimeout : kReady;
}

// pollOpen(fd) (ctx uintptr, errno int)
NativeStatus PollOpen(Machine& m, uint64_t* w) {
  bool can = CanPoll(m, w[0]);
  if (can) RecordOf(m, w[0]) = {};
  if (!can) w[0] = 0;
  w[1] = can ? 0 : kEperm;
  return kContinue;
}
NativeStatus PollClose(Machine& m, uint64_t* w) {
  RecordOf(m, w[0]) = {};
  return kContinue;
}
// pollReset(ctx, mode) int
NativeStatus PollReset(Machine& m, uint64_t* w) {
  w[0] = StateOf(m, w[0], w[1] == kWriteMode);
  return kContinue;
}

// pollWait(ctx, mode) int: until the descriptor is ready, its deadline has passed or it is being closed.
NativeStatus PollWait(Machine& m, uint64_t* w) {
  bool write = w[1] == kWriteMode;
  uint32_t self = m.scheduler().current;
  std::vector<PollWaiter>& waiters = m.state().poll_waiters;
  if (m.resumed())
    std::erase_if(waiters, [self](const PollWaiter& waiter) { return waiter.goroutine == self; });
  PollAnswer answer = StateOf(m, w[0], write);
  if (answer != kReady || PollReady(m, w[0], write)) {
    w[0] = answer;
    return kContinue;
  }
  waiters.push_back({self, static_cast<uint32_t>(w[0]), write});
  PollRecord& record = RecordOf(m, w[0]);
  m.Locate();
  sched::ParkUntil(m.scheduler(), m.world(), sched::WaitReason::kIOWait,
                   write ? record.write_until : record.read_until);
  return NativeStatus::kBlocked;
}

// Wakes all who wait for a descriptor: they look again.
void WakeWaiters(Machine& m, uint64_t context) {
  for (const PollWaiter& waiter : std::vector<PollWaiter>(m.state().poll_waiters))
    if (waiter.descriptor == context) sched::ReadyEarly(m.scheduler(), m.world(), waiter.goroutine);
}

// pollSetDeadline(ctx, d int64, mode int): d nanoseconds from now, 0 for never.
NativeStatus PollSetDeadline(Machine& m, uint64_t* w) {
  auto in = static_cast<int64_t>(w[1]);
  uint64_t until = in == 0 ? 0 : in < 0 ? kPassed : NowOf(m) + static_cast<uint64_t>(in);
  PollRecord& record = RecordOf(m, w[0]);
  if (w[2] != kWriteMode) record.read_until = until;
  if (w[2] != kReadMode) record.write_until = until;
  WakeWaiters(m, w[0]);
  return kContinue;
}
NativeStatus PollUnblock(Machine& m, uint64_t* w) {
  RecordOf(m, w[0]).closing = true;
  WakeWaiters(m, w[0]);
  return kContinue;
}

NativeStatus Zero(Machine&, uint64_t* w) {
  w[0] = 0;
  return kContinue;
}
NativeStatus Nothing(Machine&, uint64_t*) {
  return kContinue;
}

// signal_recv() uint32
NativeStatus SignalReceive(Machine& m, uint64_t* w) {
  vm::Signals& signals = m.state().signals;
  if (signals.pending == 0) {
    signals.receiver = m.scheduler().current;
    m.Locate();
    sched::Park(m.scheduler(), m.world(), sched::WaitReason::kNone, 0);
    return NativeStatus::kBlocked;
  }
  w[0] = static_cast<uint64_t>(std::countr_zero(signals.pending));
  signals.pending &= signals.pending - 1;
  return kContinue;
}

uint64_t BitOf(uint64_t signal) {
  return signal < 64 ? uint64_t{1} << signal : 0;
}
NativeStatus SignalEnable(Machine& m, uint64_t* w) {
  m.state().signals.wanted |= BitOf(w[0]);
  m.state().signals.ignored &= ~BitOf(w[0]);
  return kContinue;
}
NativeStatus SignalDisable(Machine& m, uint64_t* w) {
  m.state().signals.wanted &= ~BitOf(w[0]);
  m.state().signals.ignored &= ~BitOf(w[0]);
  return kContinue;
}
NativeStatus SignalIgnore(Machine& m, uint64_t* w) {
  m.state().signals.wanted &= ~BitOf(w[0]);
  m.state().signals.ignored |= BitOf(w[0]);
  return kContinue;
}
NativeStatus SignalIgnored(Machine& m, uint64_t* w) {
  w[0] = (m.state().signals.ignored & BitOf(w[0])) != 0;
  return kContinue;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_poll.def"
};

}  // namespace

bool PollReady(Machine& m, uint64_t descriptor, bool write) {
  OpenFile* file = m.state().files.Descriptor(descriptor);
  if (file == nullptr) return true;
  if (file->socket != 0) {
    const vm::Network& network = m.state().network;
    return write ? network.Writable(file->socket) : network.Readable(file->socket);
  }
  const vm::FileNode& node = m.state().files.node(file->node);
  return write || node.kind != FileKind::kPipe || !node.bytes->empty() ||
         (node.writers == 0 && node.met_writer);
}

void WakePollers(Machine& m) {
  for (const PollWaiter& waiter : std::vector<PollWaiter>(m.state().poll_waiters))
    if (PollReady(m, waiter.descriptor, waiter.write))
      sched::ReadyEarly(m.scheduler(), m.world(), waiter.goroutine);
}

std::span<const vm::Native> PollNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
