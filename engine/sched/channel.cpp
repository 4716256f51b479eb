#include "engine/sched/channel.h"

#include <vector>

#include "engine/base/check.h"
#include "engine/memory/abi_type.h"

namespace escapement::sched {

namespace {

using trace::ChannelOutcome;
using trace::Kind;

// Words of hchan and sudog that the collector follows.
constexpr uint64_t kHchanMask = 1 << 2 | 1 << 5 | 0xf << 8 | 1 << 12;
constexpr uint64_t kSudogMask = 1 << 1 | 1 << 2 | 7 << 8 | 1 << 11;
// The largest request that mallocgc could ever serve.
constexpr uint64_t kMaxAlloc = uint64_t{1} << 48;
// runtime.scase: channel and element.
constexpr uint32_t kCaseBytes = 16, kCaseElem = 8;

constexpr std::string_view kFaults[] = {"",
                                        "send on closed channel",
                                        "close of closed channel",
                                        "close of nil channel",
                                        "out of memory",
                                        "makechan: size out of range",
                                        "send on synctest channel from outside bubble",
                                        "receive on synctest channel from outside bubble",
                                        "close of synctest channel from outside bubble",
                                        "select on synctest channel from outside bubble"};

// One channel, by its fields in modelled memory.
struct Channel {
  World& world;
  Address at;

  uint64_t Get(uint32_t field) const { return world.space.Load<uint64_t>(at + field); }
  void Set(uint32_t field, uint64_t value) const { world.space.Store<uint64_t>(at + field, value); }
  void SetPointer(uint32_t field, Address value) const {
    WriteBarrier(world, at + field, value);
    Set(field, value);
  }
  uint64_t count() const { return Get(Hchan::kCount); }
  uint64_t size() const { return Get(Hchan::kDataSize); }
  uint64_t elem_size() const { return world.space.Load<uint16_t>(at + Hchan::kElemSize); }
  Address elem_type() const { return Get(Hchan::kElemType); }
  bool closed() const { return world.space.Load<uint32_t>(at + Hchan::kClosed) != 0; }
  Address Slot(uint64_t index) const { return Get(Hchan::kBuf) + index * elem_size(); }

  // Moves an element; a typed move, with its barrier.
  void Move(Address to, Address from) const {
    if (to == 0) return;
    BulkWriteBarrier(world, to, from, elem_size(), elem_type());
    world.space.Move(to, from, elem_size());
  }
  void Clear(Address to) const {
    if (to == 0) return;
    BulkWriteBarrier(world, to, 0, elem_size(), elem_type());
    world.space.Zero(to, elem_size());
  }
  void Advance(uint32_t field) const {
    uint64_t next = Get(field) + 1;
    Set(field, next == size() ? 0 : next);
  }

  void Emit(Kind kind, ChannelOutcome outcome, uint64_t partner) const {
    if (world.log)
      world.Emit(kind, 0, static_cast<uint16_t>(outcome), Low(at), Low(count()), Low(partner),
                 world.log->stack.index);
  }
};

Address Field(const World& world, Address sudog, uint32_t field) {
  return world.space.LoadPointer(sudog + field);
}
void SetField(World& world, Address sudog, uint32_t field, uint64_t value) {
  world.space.Store<uint64_t>(sudog + field, value);
}
uint32_t GoroutineOf(const World& world, Address sudog) {
  return Low(world.space.Load<uint64_t>(sudog + Sudog::kG)) - 1;
}
bool Flag(const World& world, Address sudog, uint32_t field) {
  return world.space.Load<uint8_t>(sudog + field) != 0;
}
void SetFlag(World& world, Address sudog, uint32_t field, bool value) {
  world.space.Store<uint8_t>(sudog + field, value);
}

// Appends a sudog to a wait queue (recvq or sendq, named by its first field).
void Enqueue(const Channel& c, uint32_t first, Address sudog) {
  uint32_t last = first + 8;
  Address tail = c.Get(last);
  SetField(c.world, sudog, Sudog::kNext, 0);
  SetField(c.world, sudog, Sudog::kPrev, tail);
  if (tail == 0) {
    c.SetPointer(first, sudog);
  } else {
    WriteBarrier(c.world, tail + Sudog::kNext, sudog);
    SetField(c.world, tail, Sudog::kNext, sudog);
  }
  c.SetPointer(last, sudog);
}

// Takes a given sudog out of a wait queue, if it is still there.
void DequeueSudog(const Channel& c, uint32_t first, Address sudog) {
  World& world = c.world;
  Address previous = Field(world, sudog, Sudog::kPrev), next = Field(world, sudog, Sudog::kNext);
  if (previous == 0 && next == 0 && c.Get(first) != sudog) return;
  if (previous)
    SetField(world, previous, Sudog::kNext, next);
  else
    c.SetPointer(first, next);
  if (next)
    SetField(world, next, Sudog::kPrev, previous);
  else
    c.SetPointer(first + 8, previous);
  SetField(world, sudog, Sudog::kNext, 0);
  SetField(world, sudog, Sudog::kPrev, 0);
}

// The first waiter that can still be woken: a select that another channel has won is skipped.
Address Dequeue(Scheduler& sched, const Channel& c, uint32_t first) {
  for (;;) {
    Address sudog = c.Get(first);
    if (sudog == 0) return 0;
    DequeueSudog(c, first, sudog);
    if (!Flag(c.world, sudog, Sudog::kIsSelect)) return sudog;
    Goroutine& g = sched.at(GoroutineOf(c.world, sudog));
    if (g.select_done) continue;
    g.select_done = true;
    return sudog;
  }
}

// Wakes the goroutine of a sudog: its operation is over.
void Complete(Scheduler& sched, World& world, Address sudog, bool success) {
  uint32_t index = GoroutineOf(world, sudog);
  SetField(world, sudog, Sudog::kElem, 0);
  SetFlag(world, sudog, Sudog::kSuccess, success);
  sched.at(index).param = sudog;
  Ready(sched, world, index);
}

void SendTo(Scheduler& sched, const Channel& c, Address receiver, Address elem) {
  uint64_t partner = sched.at(GoroutineOf(c.world, receiver)).id;
  c.Move(Field(c.world, receiver, Sudog::kElem), elem);
  c.Emit(Kind::ChanSend, ChannelOutcome::kDirect, partner);
  Complete(sched, c.world, receiver, true);
}

void ReceiveFrom(Scheduler& sched, const Channel& c, Address sender, Address elem) {
  uint64_t partner = sched.at(GoroutineOf(c.world, sender)).id;
  Address from = Field(c.world, sender, Sudog::kElem);
  if (c.size() == 0) {
    c.Move(elem, from);
  } else {
    // The buffer is full: take its head, and the sender's element becomes its tail.
    Address slot = c.Slot(c.Get(Hchan::kRecvX));
    c.Move(elem, slot);
    c.Move(slot, from);
    c.Advance(Hchan::kRecvX);
    c.Set(Hchan::kSendX, c.Get(Hchan::kRecvX));
  }
  c.Emit(Kind::ChanRecv, ChannelOutcome::kDirect, partner);
  Complete(sched, c.world, sender, true);
}

void SendToBuffer(const Channel& c, Address elem) {
  c.Move(c.Slot(c.Get(Hchan::kSendX)), elem);
  c.Advance(Hchan::kSendX);
  c.Set(Hchan::kCount, c.count() + 1);
  c.Emit(Kind::ChanSend, ChannelOutcome::kBuffered, 0);
}

void ReceiveFromBuffer(const Channel& c, Address elem) {
  Address slot = c.Slot(c.Get(Hchan::kRecvX));
  c.Move(elem, slot);
  c.Clear(slot);
  c.Advance(Hchan::kRecvX);
  c.Set(Hchan::kCount, c.count() - 1);
  c.Emit(Kind::ChanRecv, ChannelOutcome::kBuffered, 0);
}

ChanResult Fault(ChanFault fault) {
  return {ChanStatus::kFault, fault, false, -1};
}
ChanResult Received(bool ok) {
  return {ChanStatus::kDone, ChanFault::kNone, ok, -1};
}

// A sudog of the running goroutine, queued at a channel.
Address Wait(Scheduler& sched, const Channel& c, uint32_t first, Address elem, bool select) {
  Address sudog = AcquireSudog(sched, c.world);
  if (sudog == 0) return 0;
  SetField(c.world, sudog, Sudog::kG, sched.current + 1);
  SetField(c.world, sudog, Sudog::kElem, elem);
  SetField(c.world, sudog, Sudog::kWaitLink, 0);
  SetFlag(c.world, sudog, Sudog::kIsSelect, select);
  SetFlag(c.world, sudog, Sudog::kSuccess, false);
  WriteBarrier(c.world, sudog + Sudog::kC, c.at);
  SetField(c.world, sudog, Sudog::kC, c.at);
  Enqueue(c, first, sudog);
  return sudog;
}

// Whether the channel belongs to a bubble that the running goroutine is not in.
bool InOtherBubble(const Scheduler& sched, const Channel& c) {
  uint64_t bubble = c.Get(Hchan::kBubble);
  return bubble != 0 && bubble != sched.at(sched.current).bubble;
}

// What a goroutine that blocks on the channel waits for, and whether only its bubble can end that.
WaitReason SendReason(const Channel& c) {
  return c.Get(Hchan::kBubble) ? WaitReason::kSynctestChanSend : WaitReason::kChanSend;
}
WaitReason ReceiveReason(const Channel& c) {
  return c.Get(Hchan::kBubble) ? WaitReason::kSynctestChanReceive : WaitReason::kChanReceive;
}

// Blocks the running goroutine in a single send or receive.
ChanResult Block(Scheduler& sched, const Channel& c, uint32_t first, Address elem, WaitReason reason) {
  Goroutine& g = sched.running();
  g.waiting = Wait(sched, c, first, elem, false);
  if (g.waiting == 0) return Fault(ChanFault::kOutOfMemory);
  g.param = 0;
  c.Emit(first == Hchan::kSendFirst ? Kind::ChanSend : Kind::ChanRecv, ChannelOutcome::kBlocked, 0);
  Park(sched, c.world, reason, c.at);
  return {ChanStatus::kBlocked, ChanFault::kNone, false, -1};
}

void ReleaseWaiting(Scheduler& sched, World& world, Address sudog) {
  SetFlag(world, sudog, Sudog::kIsSelect, false);
  SetField(world, sudog, Sudog::kElem, 0);
  SetField(world, sudog, Sudog::kC, 0);
  SetField(world, sudog, Sudog::kWaitLink, 0);
  ReleaseSudog(sched, world, sudog);
}

// The cases of a select: which have a channel, in polling order and in locking order (by address).
struct Cases {
  std::vector<uint32_t> poll, lock;
};

Address CaseChannel(const World& world, Address cases, uint32_t i) {
  return world.space.LoadPointer(cases + i * kCaseBytes);
}
Address CaseElem(const World& world, Address cases, uint32_t i) {
  return world.space.LoadPointer(cases + i * kCaseBytes + kCaseElem);
}

// By channel address; several cases on one channel keep the order that the runtime's heap sort gives them.
void SortByAddress(const World& world, Address cases, const std::vector<uint32_t>& poll,
                   std::vector<uint32_t>* lock) {
  auto key = [&](uint32_t i) { return CaseChannel(world, cases, i); };
  std::vector<uint32_t>& order = *lock;
  order.resize(poll.size());
  for (size_t i = 0; i < poll.size(); ++i) {
    size_t j = i;
    for (; j > 0 && key(order[(j - 1) / 2]) < key(poll[i]); j = (j - 1) / 2) order[j] = order[(j - 1) / 2];
    order[j] = poll[i];
  }
  for (size_t i = order.size(); i-- > 0;) {
    uint32_t last = order[i];
    order[i] = order[0];
    size_t j = 0;
    for (size_t k = 1; k < i; k = j * 2 + 1) {
      if (k + 1 < i && key(order[k]) < key(order[k + 1])) ++k;
      if (key(last) >= key(order[k])) break;
      order[j] = order[k];
      j = k;
    }
    order[j] = last;
  }
}

Cases OrderCases(Scheduler& sched, World& world, Address cases, uint32_t count) {
  Cases result;
  for (uint32_t i = 0; i < count; ++i) {
    if (CaseChannel(world, cases, i) == 0) {
      SetField(world, cases + i * kCaseBytes, kCaseElem, 0);
      continue;
    }
    uint32_t j = sched.random.Below(static_cast<uint32_t>(result.poll.size()) + 1);
    result.poll.push_back(i);
    if (j + 1 < result.poll.size()) {
      result.poll.back() = result.poll[j];
      result.poll[j] = i;
    }
  }
  SortByAddress(world, cases, result.poll, &result.lock);
  return result;
}

// Tries one case; kWouldBlock if it is not ready.
ChanResult TryCase(Scheduler& sched, World& world, Address cases, uint32_t i, bool send) {
  Channel c{world, CaseChannel(world, cases, i)};
  Address elem = CaseElem(world, cases, i);
  ChanResult result{ChanStatus::kDone, ChanFault::kNone, false, static_cast<int32_t>(i)};
  if (send) {
    if (c.closed()) return Fault(ChanFault::kSendOnClosed);
    if (Address receiver = Dequeue(sched, c, Hchan::kRecvFirst)) {
      SendTo(sched, c, receiver, elem);
      return result;
    }
    if (c.count() < c.size()) {
      SendToBuffer(c, elem);
      return result;
    }
  } else {
    result.received = true;
    if (Address sender = Dequeue(sched, c, Hchan::kSendFirst)) {
      ReceiveFrom(sched, c, sender, elem);
      return result;
    }
    if (c.count() > 0) {
      ReceiveFromBuffer(c, elem);
      return result;
    }
    if (c.closed()) {
      c.Clear(elem);
      c.Emit(Kind::ChanRecv, ChannelOutcome::kClosed, 0);
      result.received = false;
      return result;
    }
  }
  return {ChanStatus::kWouldBlock, ChanFault::kNone, false, -1};
}

void EmitSelect(World& world, int32_t chosen, Address channel, uint32_t count) {
  if (world.log)
    world.Emit(Kind::Select, 0, static_cast<uint16_t>(chosen), Low(channel), count, 0,
               world.log->stack.index);
}

// The end of a select that had to wait: leaves the other channels' queues.
ChanResult FinishSelect(Scheduler& sched, World& world, Address cases, uint32_t sends, uint32_t receives) {
  Goroutine& g = sched.running();
  Address woken = g.param, sudog = g.waiting;
  g.param = 0;
  g.waiting = 0;
  g.select_done = false;
  ChanResult result{ChanStatus::kDone, ChanFault::kNone, false, -1};
  // A goroutine's sudogs are linked in the order it locked the channels; each names its case by channel and
  // queue.
  while (sudog) {
    Address next = Field(world, sudog, Sudog::kWaitLink), channel = Field(world, sudog, Sudog::kC);
    uint32_t i = static_cast<uint32_t>(world.space.Load<uint64_t>(sudog + Sudog::kAcquireTime));
    ENSURE(i < sends + receives && CaseChannel(world, cases, i) == channel,
           "a select's cases do not change while it waits");
    if (sudog == woken) {
      result.selected = static_cast<int32_t>(i);
      result.received = Flag(world, sudog, Sudog::kSuccess);
    } else {
      DequeueSudog(Channel{world, channel}, i < sends ? Hchan::kSendFirst : Hchan::kRecvFirst, sudog);
    }
    ReleaseWaiting(sched, world, sudog);
    sudog = next;
  }
  ENSURE(result.selected >= 0, "a select is woken by one of its cases");
  bool send = static_cast<uint32_t>(result.selected) < sends;
  EmitSelect(world, result.selected, CaseChannel(world, cases, static_cast<uint32_t>(result.selected)),
             sends + receives);
  if (send && !result.received) return Fault(ChanFault::kSendOnClosed);
  if (send) result.received = false;
  return result;
}

}  // namespace

std::string_view Text(ChanFault fault) {
  return kFaults[static_cast<size_t>(fault)];
}

Address AcquireSudog(Scheduler& sched, World& world) {
  if (Address sudog = sched.free_sudogs.Take()) return sudog;
  return AllocateMasked(world, Sudog::kBytes, kSudogMask, memory::kRuntimeObject, {});
}

void ReleaseSudog(Scheduler& sched, World&, Address sudog) {
  sched.free_sudogs.Give(sudog);
}

Address MakeChan(Scheduler& sched, World& world, Address elem_type, int64_t size, ChanFault* fault,
                 trace::OriginId origin) {
  *fault = ChanFault::kNone;
  uint64_t elem_size = TypeSize(world.space, elem_type), count = static_cast<uint64_t>(size);
  uint64_t limit = kMaxAlloc - Hchan::kBytes;
  if (size < 0 || (elem_size != 0 && count > limit / elem_size)) {
    *fault = ChanFault::kMakeSize;
    return 0;
  }
  uint64_t bytes = elem_size * count;
  bool pointers = bytes != 0 && TypePtrBytes(world.space, elem_type) != 0;
  Address chan, buffer = 0;
  if (pointers) {
    chan = AllocateMasked(world, Hchan::kBytes, kHchanMask, 0, origin);
    if (chan) buffer = Allocate(world, bytes, elem_type, memory::kNeedZero, origin);
    if (buffer == 0) chan = 0;
  } else {
    chan = Allocate(world, Hchan::kBytes + bytes, 0, memory::kNeedZero, origin);
    buffer = bytes ? chan + Hchan::kBytes : chan + Hchan::kBuf;
  }
  if (chan == 0) {
    *fault = ChanFault::kOutOfMemory;
    return 0;
  }
  Channel c{world, chan};
  c.Set(Hchan::kBuf, buffer);
  c.Set(Hchan::kDataSize, count);
  c.Set(Hchan::kElemType, elem_type);
  world.space.Store<uint16_t>(chan + Hchan::kElemSize, static_cast<uint16_t>(elem_size));
  if (sched.current != kNoGoroutine) c.Set(Hchan::kBubble, sched.running().bubble);
  if (world.log)
    world.Emit(Kind::ChanMake, 0, static_cast<uint16_t>(elem_size), Low(chan), Low(count), 0,
               world.log->stack.index);
  return chan;
}

ChanResult Send(Scheduler& sched, World& world, Address chan, Address elem, bool block) {
  if (chan == 0) {
    if (!block) return {ChanStatus::kWouldBlock};
    Park(sched, world, WaitReason::kChanSendNilChan, 0);
    return {ChanStatus::kBlocked};
  }
  Channel c{world, chan};
  if (InOtherBubble(sched, c)) return Fault(ChanFault::kSendFromOutside);
  if (c.closed()) return Fault(ChanFault::kSendOnClosed);
  if (Address receiver = Dequeue(sched, c, Hchan::kRecvFirst)) {
    SendTo(sched, c, receiver, elem);
    return {};
  }
  if (c.count() < c.size()) {
    SendToBuffer(c, elem);
    return {};
  }
  if (!block) return {ChanStatus::kWouldBlock};
  return Block(sched, c, Hchan::kSendFirst, elem, SendReason(c));
}

ChanResult Receive(Scheduler& sched, World& world, Address chan, Address elem, bool block) {
  if (chan == 0) {
    if (!block) return {ChanStatus::kWouldBlock};
    Park(sched, world, WaitReason::kChanReceiveNilChan, 0);
    return {ChanStatus::kBlocked};
  }
  Channel c{world, chan};
  if (InOtherBubble(sched, c)) return Fault(ChanFault::kReceiveFromOutside);
  if (c.closed() && c.count() == 0) {
    c.Clear(elem);
    c.Emit(Kind::ChanRecv, ChannelOutcome::kClosed, 0);
    return Received(false);
  }
  if (Address sender = Dequeue(sched, c, Hchan::kSendFirst)) {
    ReceiveFrom(sched, c, sender, elem);
    return Received(true);
  }
  if (c.count() > 0) {
    ReceiveFromBuffer(c, elem);
    return Received(true);
  }
  if (!block) return {ChanStatus::kWouldBlock};
  return Block(sched, c, Hchan::kRecvFirst, elem, ReceiveReason(c));
}

ChanResult Close(Scheduler& sched, World& world, Address chan) {
  if (chan == 0) return Fault(ChanFault::kCloseOfNil);
  Channel c{world, chan};
  if (InOtherBubble(sched, c)) return Fault(ChanFault::kCloseFromOutside);
  if (c.closed()) return Fault(ChanFault::kCloseOfClosed);
  world.space.Store<uint32_t>(chan + Hchan::kClosed, 1);
  if (world.log) world.Emit(Kind::ChanClose, 0, 0, Low(chan), Low(c.count()), 0, world.log->stack.index);
  // All waiters are collected first, receivers before senders, and woken last one first.
  std::vector<Address> waiters;
  while (Address sudog = Dequeue(sched, c, Hchan::kRecvFirst)) {
    c.Clear(Field(world, sudog, Sudog::kElem));
    waiters.push_back(sudog);
  }
  while (Address sudog = Dequeue(sched, c, Hchan::kSendFirst)) waiters.push_back(sudog);
  for (size_t i = waiters.size(); i-- > 0;) Complete(sched, world, waiters[i], false);
  return {};
}

ChanResult Select(Scheduler& sched, World& world, Address cases, uint32_t sends, uint32_t receives,
                  bool block) {
  uint32_t count = sends + receives;
  if (count == 0 && block) {
    Park(sched, world, WaitReason::kSelectNoCases, 0);
    return {ChanStatus::kBlocked};
  }
  Cases order = OrderCases(sched, world, cases, count);
  bool durable = sched.running().bubble != 0;
  for (uint32_t i : order.poll) {
    Channel c{world, CaseChannel(world, cases, i)};
    if (InOtherBubble(sched, c)) return Fault(ChanFault::kSelectFromOutside);
    durable = durable && c.Get(Hchan::kBubble) != 0;
  }
  for (uint32_t i : order.poll) {
    ChanResult result = TryCase(sched, world, cases, i, i < sends);
    if (result.status == ChanStatus::kWouldBlock) continue;
    if (result.status == ChanStatus::kDone)
      EmitSelect(world, result.selected, CaseChannel(world, cases, i), count);
    return result;
  }
  if (!block) {
    EmitSelect(world, -1, 0, count);
    return {ChanStatus::kDone};
  }
  Goroutine& g = sched.running();
  Address last = 0;
  g.select_done = false;
  for (uint32_t i : order.lock) {
    bool send = i < sends;
    Channel c{world, CaseChannel(world, cases, i)};
    Address sudog =
        Wait(sched, c, send ? Hchan::kSendFirst : Hchan::kRecvFirst, CaseElem(world, cases, i), true);
    if (sudog == 0) return Fault(ChanFault::kOutOfMemory);
    SetField(world, sudog, Sudog::kAcquireTime,
             i);  // which case it is; the runtime has its lock order for that
    if (last)
      SetField(world, last, Sudog::kWaitLink, sudog);
    else
      g.waiting = sudog;
    last = sudog;
  }
  g.param = 0;
  // With nil channels only, no case can ever be ready.
  Park(sched, world, durable ? WaitReason::kSynctestSelect : WaitReason::kSelect,
       order.lock.empty() ? 0 : CaseChannel(world, cases, order.lock[0]));
  return {ChanStatus::kBlocked};
}

ChanResult Finish(Scheduler& sched, World& world, ChanOp op, Address cases, uint32_t sends,
                  uint32_t receives) {
  if (op == ChanOp::kSelect) return FinishSelect(sched, world, cases, sends, receives);
  Goroutine& g = sched.running();
  Address sudog = g.waiting;
  ENSURE(sudog != 0 && g.param == sudog, "a channel operation is woken by its own sudog");
  bool success = Flag(world, sudog, Sudog::kSuccess);
  g.waiting = g.param = 0;
  ReleaseWaiting(sched, world, sudog);
  if (op == ChanOp::kSend && !success) return Fault(ChanFault::kSendOnClosed);
  return Received(success);
}

int64_t ChanLen(const World& world, Address chan) {
  if (chan == 0 || world.space.LoadPointer(chan + Hchan::kTimer) != 0) return 0;
  return world.space.Load<int64_t>(chan + Hchan::kCount);
}

int64_t ChanCap(const World& world, Address chan) {
  if (chan == 0 || world.space.LoadPointer(chan + Hchan::kTimer) != 0) return 0;
  return world.space.Load<int64_t>(chan + Hchan::kDataSize);
}

}  // namespace escapement::sched
