// Channels and select, for runtime and reflect. An operation that blocks parks the goroutine; the native is
// called again when the goroutine runs and asks the scheduler how it ended.
#include "engine/sched/channel.h"
#include "engine/stdlib/native_support.h"
#include "engine/stdlib/natives.h"

namespace escapement::stdlib {
namespace {

using sched::ChanFault;
using sched::ChanOp;
using sched::ChanResult;
using sched::ChanStatus;

NativeStatus Fault(Machine& m, uint64_t* w, ChanFault fault) {
  if (fault == ChanFault::kOutOfMemory) return m.OutOfMemory(0);
  if (fault >= ChanFault::kSendFromOutside) return m.Fatal(sched::Text(fault), false);
  return m.PanicPlain(w, sched::Text(fault));
}

NativeStatus MakeChan(Machine& m, uint64_t* w) {
  ChanFault fault = ChanFault::kNone;
  Address type = w[0];
  Address chan = sched::MakeChan(m.scheduler(), m.world(), Space(m).LoadPointer(type + 48),
                                 static_cast<int64_t>(w[1]), &fault, m.OriginHere(type));
  if (fault == ChanFault::kOutOfMemory)
    return m.OutOfMemory(memory::TypeSize(Space(m), Space(m).LoadPointer(type + 48)) * w[1]);
  if (fault != ChanFault::kNone) return Fault(m, w, fault);
  w[0] = chan;
  return kContinue;
}

// Runs `operation` or, after a wake-up, asks how it ended. Returns false if the native must leave with
// *status.
template <typename Operation>
bool Perform(Machine& m, uint64_t* w, ChanOp kind, Operation operation, ChanResult* result,
             NativeStatus* status, Address cases = 0, uint32_t sends = 0, uint32_t receives = 0) {
  m.Locate();
  *result = m.resumed() ? sched::Finish(m.scheduler(), m.world(), kind, cases, sends, receives) : operation();
  if (result->status == ChanStatus::kBlocked) {
    *status = NativeStatus::kBlocked;
    return false;
  }
  if (result->status == ChanStatus::kFault) {
    *status = Fault(m, w, result->fault);
    return false;
  }
  return true;
}

// chansend1(c, elem)
NativeStatus Send(Machine& m, uint64_t* w) {
  ChanResult result;
  NativeStatus status = kContinue;
  Perform(
      m, w, ChanOp::kSend, [&] { return sched::Send(m.scheduler(), m.world(), w[0], w[1], true); }, &result,
      &status);
  return status;
}
// chanrecv1(c, elem)
NativeStatus Receive1(Machine& m, uint64_t* w) {
  ChanResult result;
  NativeStatus status = kContinue;
  Perform(
      m, w, ChanOp::kReceive, [&] { return sched::Receive(m.scheduler(), m.world(), w[0], w[1], true); },
      &result, &status);
  return status;
}
// chanrecv2(c, elem) received
NativeStatus Receive2(Machine& m, uint64_t* w) {
  ChanResult result;
  NativeStatus status = kContinue;
  if (!Perform(
          m, w, ChanOp::kReceive, [&] { return sched::Receive(m.scheduler(), m.world(), w[0], w[1], true); },
          &result, &status))
    return status;
  w[0] = result.received;
  return kContinue;
}
// selectnbsend(c, elem) selected
NativeStatus TrySend(Machine& m, uint64_t* w) {
  m.Locate();
  ChanResult result = sched::Send(m.scheduler(), m.world(), w[0], w[1], false);
  if (result.status == ChanStatus::kFault) return Fault(m, w, result.fault);
  w[0] = result.status == ChanStatus::kDone;
  return kContinue;
}
// selectnbrecv(elem, c) (selected, received)
NativeStatus TryReceive(Machine& m, uint64_t* w) {
  m.Locate();
  ChanResult result = sched::Receive(m.scheduler(), m.world(), w[1], w[0], false);
  w[0] = result.status == ChanStatus::kDone;
  w[1] = result.received;
  return kContinue;
}
// reflect.chanrecv(c, nb, val) (selected, received)
NativeStatus ReflectReceive(Machine& m, uint64_t* w) {
  ChanResult result;
  NativeStatus status = kContinue;
  if (!Perform(
          m, w, ChanOp::kReceive,
          [&] { return sched::Receive(m.scheduler(), m.world(), w[0], w[2], w[1] == 0); }, &result, &status))
    return status;
  w[0] = result.status == ChanStatus::kDone;
  w[1] = result.received;
  return kContinue;
}
// reflect.chansend0(c, val, nb) selected
NativeStatus ReflectSend(Machine& m, uint64_t* w) {
  ChanResult result;
  NativeStatus status = kContinue;
  if (!Perform(
          m, w, ChanOp::kSend, [&] { return sched::Send(m.scheduler(), m.world(), w[0], w[1], w[2] == 0); },
          &result, &status))
    return status;
  w[0] = result.status == ChanStatus::kDone;
  return kContinue;
}
NativeStatus Close(Machine& m, uint64_t* w) {
  m.Locate();
  ChanResult result = sched::Close(m.scheduler(), m.world(), w[0]);
  if (result.status == ChanStatus::kFault) return Fault(m, w, result.fault);
  return kContinue;
}
NativeStatus Len(Machine& m, uint64_t* w) {
  w[0] = static_cast<uint64_t>(sched::ChanLen(m.world(), w[0]));
  return kContinue;
}
NativeStatus Cap(Machine& m, uint64_t* w) {
  w[0] = static_cast<uint64_t>(sched::ChanCap(m.world(), w[0]));
  return kContinue;
}
// selectgo(cases, order, pcs, nsends, nrecvs, block) (case, received)
NativeStatus Select(Machine& m, uint64_t* w) {
  ChanResult result;
  NativeStatus status = kContinue;
  uint32_t sends = static_cast<uint32_t>(w[3]), receives = static_cast<uint32_t>(w[4]);
  if (!Perform(
          m, w, ChanOp::kSelect,
          [&] { return sched::Select(m.scheduler(), m.world(), w[0], sends, receives, w[5] != 0); }, &result,
          &status, w[0], sends, receives))
    return status;
  w[0] = static_cast<uint64_t>(int64_t{result.status == ChanStatus::kWouldBlock ? -1 : result.selected});
  w[1] = result.received;
  return kContinue;
}
// block(): select {}
NativeStatus Block(Machine& m, uint64_t*) {
  m.Locate();
  sched::Park(m.scheduler(), m.world(), sched::WaitReason::kSelectNoCases, 0);
  return NativeStatus::kBlocked;
}

#define NATIVE(name, arguments, results, function) {name, arguments, results, function},
constexpr vm::Native kNatives[] = {
#include "engine/stdlib/natives_chan.def"
};

}  // namespace

std::span<const vm::Native> ChanNatives() {
  return kNatives;
}

}  // namespace escapement::stdlib
