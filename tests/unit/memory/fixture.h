// A small world for the tests: a few types in rodata, some globals, and a mutator whose
// "stack" is a list of slots.
#pragma once

#include <doctest/doctest.h>

#include "engine/memory/abi_type.h"
#include "engine/memory/sweep.h"
#include "engine/memory/verifier.h"
#include "engine/memory/world.h"

namespace escapement::memory {

constexpr Address kRodata = 0x402000;
constexpr Address kData = 0x410000;
constexpr uint64_t kGlobals = 64;  // pointer words in data

// Builds rodata with abi.Type records.
class TypeTable {
 public:
  TypeTable() : bytes_(0x4000) {}

  // A type of `size` bytes whose pointer words are the bits of `mask`.
  Address Add(uint64_t size, std::vector<uint8_t> mask) {
    Address type = kRodata + used_;
    uint64_t words = 0;
    for (size_t i = 0; i < mask.size() * 8; ++i)
      if (mask[i / 8] >> (i % 8) & 1) words = i + 1;
    Put(used_ + AbiType::kSize, size);
    Put(used_ + AbiType::kPtrBytes, words * 8);
    Put(used_ + AbiType::kGCData, kRodata + used_ + AbiType::kBytes);
    for (size_t i = 0; i < mask.size(); ++i) bytes_[used_ + AbiType::kBytes + i] = mask[i];
    used_ += (AbiType::kBytes + mask.size() + 15) / 8 * 8;
    return type;
  }
  std::span<const uint8_t> bytes() const { return bytes_; }

 private:
  void Put(uint64_t at, uint64_t value) { std::memcpy(&bytes_[at], &value, 8); }
  std::vector<uint8_t> bytes_;
  uint64_t used_ = 0;
};

struct TestWorld : Mutator {
  World world;
  TypeTable types;
  Address pointer_type = types.Add(8, {1});
  Address node_type = types.Add(24, {0b011});  // next, other, value
  Address int_type = types.Add(8, {});
  Address wide_type = types.Add(640, {0x01});  // one pointer, then bytes
  Address mixed_type = types.Add(32, {0b1010});
  std::vector<uint64_t> slots;  // live registers
  Stack stack;
  Address sp = 0;
  std::vector<Address> stack_slots;  // addresses of pointer words in the modelled stack
  bool movable = true;

  explicit TestWorld(Options options = {}, trace::Log* log = nullptr) {
    std::vector<StaticSegment> segments(3);
    segments[0] = {trace::Segment::kText, kTextBase, 0x1000, {}, {}};
    segments[1] = {trace::Segment::kRodata, kRodata, 0x4000, types.bytes(), {}};
    segments[2] = {trace::Segment::kData, kData, kGlobals * 8 + 64, {}, {~uint64_t{0}}};
    REQUIRE(Boot(world, options, segments, kData + kGlobals * 8, log));
  }

  Address New(Address type, uint64_t size = 0) {
    return Allocate(world, size ? size : TypeSize(world.space, type), type, kNeedZero, trace::OriginId());
  }
  Address NewBytes(uint64_t size) { return Allocate(world, size, 0, kNeedZero, trace::OriginId()); }
  void Global(uint32_t i, uint64_t value) { world.space.Store<uint64_t>(kData + i * 8, value); }
  uint64_t Global(uint32_t i) const { return world.space.Load<uint64_t>(kData + i * 8); }

  uint32_t GoroutineCount() override { return stack.lo ? 1 : 0; }
  StackRef GoroutineStack(uint32_t) override { return {&stack, sp, 0, 1, movable}; }
  void VisitStack(uint32_t, SlotVisitor& visitor) override {
    for (Address at : stack_slots) visitor.Visit(reinterpret_cast<uint64_t*>(world.space.Host(at)));
    for (uint64_t& slot : slots) visitor.Visit(&slot);
  }
  void VisitRoots(SlotVisitor& visitor) override {
    if (stack.lo == 0)
      for (uint64_t& slot : slots) visitor.Visit(&slot);
  }
  void StartCycle() override {}
  void MoveStack(uint32_t goroutine, const Stack& old, const Stack& now, SlotVisitor& visitor) override {
    sp += now.hi - old.hi;
    for (Address& at : stack_slots) at += now.hi - old.hi;
    VisitStack(goroutine, visitor);
  }
};

}  // namespace escapement::memory
