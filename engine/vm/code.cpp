#include "engine/vm/code.h"

#include <algorithm>

#include "engine/base/check.h"
#include "engine/bytecode/fusion.h"

namespace escapement::vm {

using bytecode::Chunk;
using bytecode::Encode;
using bytecode::EncodeImm;
using bytecode::Op;
using bytecode::Word;

namespace {

// Bottom frame of a goroutine: slot 0 holds the closure it runs.
Chunk GoroutineStub() {
  Chunk chunk;
  chunk.name = "runtime.goexit";
  chunk.flags = bytecode::kNoSplit | bytecode::kNoPrint;
  chunk.code = {Encode(Op::CallClosure, bytecode::SlotOperand(3), bytecode::SlotOperand(0)),
                Encode(Op::GoroutineExit)};
  chunk.window_slots = 3;
  chunk.arg_slots = 1;
  chunk.pointer_slots.Set(0);
  chunk.safepoints = {{0, bytecode::kAllPointers, bytecode::kAllPointers}};
  return chunk;
}

// See Entry::stack_need.
int64_t StackNeed(const Chunk& chunk) {
  if ((chunk.flags & bytecode::kNoSplit) != 0) return INT64_MIN;
  return chunk.frame_size <= 128 ? 8 : int64_t{chunk.frame_size} - 128 + 7;
}

}  // namespace

Code::Code() {
  words_.push_back(Encode(Op::Unreachable));  // word 0 is never a return address
  Declare("runtime.goexit");
  DefineStub(kStubGoroutine, GoroutineStub());
}

void Code::BindNatives(std::span<const Native> natives) {
  for (const Native& native : natives) {
    native_ids_[native.name] = static_cast<uint32_t>(natives_.size());
    natives_.push_back(native);
  }
}

uint32_t Code::FindNative(std::string_view name) const {
  auto found = native_ids_.find(name);
  return found == native_ids_.end() ? kNoFunction : found->second;
}

uint32_t Code::Declare(std::string_view name) {
  auto [entry, added] = ids_.try_emplace(std::string(name), size());
  if (!added) return entry->second;
  entries_.emplace_back();
  names_.emplace_back(name);
  chunks_.emplace_back();
  uint32_t id = entry->second;
  if (uint32_t native = FindNative(name); native != kNoFunction) {
    if (natives_[native].short_cut)
      entries_[id].native = native;
    else
      DefineNative(id, native);
  }
  return id;
}

uint32_t Code::Find(std::string_view name) const {
  auto found = ids_.find(std::string(name));
  return found == ids_.end() ? kNoFunction : found->second;
}

void Code::DefineNative(uint32_t id, uint32_t native) {
  Chunk chunk;
  chunk.name = names_[id];
  chunk.flags = bytecode::kNoSplit;
  chunk.code = {EncodeImm(Op::CallNative, 0, native), EncodeImm(Op::Ret, 0, 8)};
  std::string_view arguments = natives_[native].arguments;
  chunk.arg_slots = static_cast<uint32_t>(arguments.size());
  chunk.result_slots = static_cast<uint32_t>(natives_[native].results.size());
  chunk.window_slots = std::max(chunk.arg_slots, chunk.result_slots);
  for (uint32_t i = 0; i < arguments.size(); i++)
    if (arguments[i] == 'p') chunk.pointer_slots.Set(i);
  chunk.safepoints = {{0, bytecode::kAllPointers, bytecode::kAllPointers}};
  DefineStub(id, std::move(chunk));
  entries_[id].native = native;
}

void Code::DefineStub(uint32_t id, Chunk chunk) {
  Entry& entry = entries_[id];
  entry.start = static_cast<uint32_t>(words_.size());
  entry.window_bytes = chunk.window_slots * 8;
  entry.frame_total = chunk.frame_size + 8;
  entry.entry_steps = std::min<uint32_t>(chunk.entry_steps, 50000);
  entry.flags = chunk.flags;
  entry.stack_need = StackNeed(chunk);
  starts_.emplace_back(entry.start, id);
  words_.insert(words_.end(), chunk.code.begin(), chunk.code.end());
  chunks_[id] = std::make_unique<Chunk>(std::move(chunk));
}

void Code::Define(uint32_t id, Chunk chunk) {
  ENSURE(!defined(id), "function defined twice: " + names_[id]);
  uint32_t start = static_cast<uint32_t>(words_.size());
  DefineStub(id, std::move(chunk));
  for (uint32_t at = start; at < words_.size(); at += bytecode::LengthOf(&words_[at])) {
    Word w = words_[at];
    if (bytecode::OpOf(w) != Op::Call) continue;
    uint32_t native = entries_[bytecode::Imm32(w)].native;
    if (native != kNoFunction) words_[at] = EncodeImm(Op::CallNative, bytecode::OperandA(w), native);
  }
  bytecode::Fuse({words_.data() + start, words_.size() - start});
}

void Code::Show(uint32_t id, bool shown) {
  const Chunk& chunk = *chunks_[id];
  entries_[id].stack_need = shown ? StackNeed(chunk) : INT64_MAX;
}

uint32_t Code::FunctionOf(uint32_t index) const {
  auto after = std::upper_bound(starts_.begin(), starts_.end(), index,
                                [](uint32_t i, const auto& start) { return i < start.first; });
  ENSURE(after != starts_.begin(), "no function at this word");
  return (after - 1)->second;
}

}  // namespace escapement::vm
