// A scheduler over a small world. A goroutine is a list of actions; each runs when the one before
// it is over, and one that blocks is finished when the goroutine runs again.
#pragma once

#include <doctest/doctest.h>

#include <functional>

#include "engine/memory/abi_type.h"
#include "engine/sched/channel.h"

namespace escapement::sched {

constexpr Address kRodata = 0x402000, kData = 0x410000;
constexpr Address kIntType = kRodata, kPointerType = kRodata + 64, kEmptyType = kRodata + 128;

struct TestSched {
  World world;
  Scheduler sched{7};
  std::vector<uint8_t> rodata = std::vector<uint8_t>(0x1000);
  Picked ended = Picked::kGoroutine;

  // An action returns true when it is over; false when it has parked and is to be called again.
  using Action = std::function<bool()>;
  std::vector<std::vector<Action>> scripts;  // by goroutine index
  std::vector<size_t> at;

  explicit TestSched(trace::Log* log = nullptr) {
    Type(kIntType, 8, 0);
    Type(kPointerType, 8, 8);
    Type(kEmptyType, 0, 0);
    rodata[kPointerType - kRodata + memory::AbiType::kBytes] = 1;
    std::vector<memory::StaticSegment> segments(2);
    segments[0] = {trace::Segment::kRodata, kRodata, rodata.size(), rodata, {}};
    segments[1] = {trace::Segment::kData, kData, 4096, {}, {}};
    REQUIRE(memory::Boot(world, {}, segments, kData + 4088, log));
  }

  void Type(Address type, uint64_t size, uint64_t ptr_bytes) {
    Address mask = type + memory::AbiType::kBytes;
    std::memcpy(&rodata[type - kRodata], &size, 8);
    std::memcpy(&rodata[type - kRodata + memory::AbiType::kPtrBytes], &ptr_bytes, 8);
    std::memcpy(&rodata[type - kRodata + memory::AbiType::kGCData], &mask, 8);
  }

  uint32_t Go(std::vector<Action> script, bool system = false) {
    uint32_t index = Start(sched, world, 0, 0, system);
    if (scripts.size() <= index) {
      scripts.resize(index + 1);
      at.resize(index + 1);
    }
    scripts[index] = std::move(script);
    at[index] = 0;
    return index;
  }

  // Runs until nothing can run any more, or main (goroutine 1) is over.
  void Run() {
    for (;;) {
      ended = PickNext(sched, world);
      if (ended != Picked::kGoroutine) return;
      uint32_t current = sched.current;
      while (sched.at(current).status == Status::kRunning) {
        ++world.steps;
        if (at[current] == scripts[current].size()) {
          bool main = sched.at(current).id == 1;
          Exit(sched, world);
          if (main) return;
          break;
        }
        Action action = scripts[current][at[current]];
        if (action()) ++at[current];
      }
    }
  }

  Address Chan(int64_t size, Address type = kIntType) {
    ChanFault fault;
    Address chan = MakeChan(sched, world, type, size, &fault);
    REQUIRE(fault == ChanFault::kNone);
    return chan;
  }
  Address Slot(uint32_t i) const { return kData + i * 8; }

  // Blocking operations as actions. The element lies in a data slot; results are left in `last`.
  ChanResult last;
  Action Operation(std::function<ChanResult()> begin, std::function<ChanResult()> finish) {
    auto blocked = std::make_shared<bool>(false);
    return [=, this] {
      last = *blocked ? finish() : begin();
      *blocked = last.status == ChanStatus::kBlocked;
      return !*blocked;
    };
  }
  Action SendValue(Address chan, uint64_t value, uint32_t slot) {
    return Operation(
        [=, this] {
          world.space.Store<uint64_t>(Slot(slot), value);
          return Send(sched, world, chan, Slot(slot), true);
        },
        [this] { return Finish(sched, world, ChanOp::kSend); });
  }
  Action ReceiveInto(Address chan, uint32_t slot) {
    return Operation([=, this] { return Receive(sched, world, chan, Slot(slot), true); },
                     [this] { return Finish(sched, world, ChanOp::kReceive); });
  }
  uint64_t Value(uint32_t slot) const { return world.space.Load<uint64_t>(Slot(slot)); }
};

}  // namespace escapement::sched
