// Channels: hchan and sudog in modelled memory, in the runtime's layout, and the operations on
// them. An operation that blocks parks the running goroutine; when it runs again the vm calls Finish,
// which says how the operation ended.
#pragma once

#include <cstdint>

#include "engine/sched/scheduler.h"

namespace escapement::sched {

// Offsets of runtime.hchan (112 bytes).
struct Hchan {
  static constexpr uint32_t kCount = 0, kDataSize = 8, kBuf = 16, kElemSize = 24, kClosed = 28, kTimer = 32,
                            kElemType = 40, kSendX = 48, kRecvX = 56, kRecvFirst = 64, kRecvLast = 72,
                            kSendFirst = 80, kSendLast = 88, kBubble = 96, kLock = 104, kBytes = 112;
};

// Offsets of runtime.sudog (104 bytes). kG holds the goroutine's index + 1; the element's address is kept
// in the word that the collector does not follow, because it may lie on a stack.
struct Sudog {
  static constexpr uint32_t kG = 0, kNext = 8, kPrev = 16, kElem = 32, kAcquireTime = 40, kReleaseTime = 48,
                            kTicket = 56, kIsSelect = 60, kSuccess = 61, kWaiters = 62, kParent = 64,
                            kWaitLink = 72, kWaitTail = 80, kC = 88, kBytes = 104;
};

// Takes a free sudog of the P's cache, or makes one; 0 when memory is out.
Address AcquireSudog(Scheduler& sched, World& world);
void ReleaseSudog(Scheduler& sched, World& world, Address sudog);

// The Go panics and faults that channel operations end in.
enum class ChanFault : uint8_t {
  kNone,
  kSendOnClosed,
  kCloseOfClosed,
  kCloseOfNil,
  kOutOfMemory,
  kMakeSize,
  // Fatal errors: a channel of a bubble is its own.
  kSendFromOutside,
  kReceiveFromOutside,
  kCloseFromOutside,
  kSelectFromOutside
};
// "send on closed channel" and so on (a runtime.Error made with plainError).
std::string_view Text(ChanFault fault);

enum class ChanStatus : uint8_t {
  kDone,        // completed; see received / selected
  kBlocked,     // the running goroutine is parked
  kWouldBlock,  // non-blocking and not ready
  kFault        // see fault
};

struct ChanResult {
  ChanStatus status = ChanStatus::kDone;
  ChanFault fault = ChanFault::kNone;
  bool received = false;  // receive: a value came (false: closed)
  int32_t selected = -1;  // select: the case; -1 is default
};

// make(chan T, n) for the abi.Type of T. 0 with *fault set on failure.
Address MakeChan(Scheduler& sched, World& world, Address elem_type, int64_t size, ChanFault* fault,
                 trace::OriginId origin = {});
// Sends the element at `elem`. !block is select's with a default.
ChanResult Send(Scheduler& sched, World& world, Address chan, Address elem, bool block);
// Receives into `elem` (0: drop it).
ChanResult Receive(Scheduler& sched, World& world, Address chan, Address elem, bool block);
ChanResult Close(Scheduler& sched, World& world, Address chan);
// selectgo: `cases` is an array of {c *hchan, elem unsafe.Pointer}, `sends` sends first, then `receives`
// receives.
ChanResult Select(Scheduler& sched, World& world, Address cases, uint32_t sends, uint32_t receives,
                  bool block);

enum class ChanOp : uint8_t { kSend, kReceive, kSelect };
// How the operation that parked the running goroutine ended. `cases`, `sends` and `receives` as in Select.
ChanResult Finish(Scheduler& sched, World& world, ChanOp op, Address cases = 0, uint32_t sends = 0,
                  uint32_t receives = 0);

// len and cap of a channel (0 for nil, and for a timer's channel).
int64_t ChanLen(const World& world, Address chan);
int64_t ChanCap(const World& world, Address chan);

}  // namespace escapement::sched
