// Code: the functions of a program, by id. A function can be named (and have an address) long before it
// has code. Words of all functions lie in one array, so that a return address is an index.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/bytecode/chunk.h"
#include "engine/vm/native.h"

namespace escapement::vm {

constexpr uint32_t kNoFunction = ~uint32_t{0};

// What a call needs to know about its callee: 32 bytes, read by the loop.
struct Entry {
  uint32_t start = 0;  // index of word 0
  uint32_t window_bytes = 0;
  int64_t stack_need =
      INT64_MAX;  // the prologue's slow path is taken when sp - guard ≤ this; maximal without code
  uint32_t frame_total = 0;  // modelled frame and return PC
  uint32_t entry_steps = 1;
  uint32_t flags = 0;             // bytecode::ChunkFlags
  uint32_t native = kNoFunction;  // what calls by name run instead, or first (Native::short_cut)
};

// Function ids of the machine's own stubs.
constexpr uint32_t kStubGoroutine = 0;  // bottom frame of every goroutine: slot 0 = closure

class Code {
 public:
  Code();

  // Makes natives available; call before the first Declare.
  void BindNatives(std::span<const Native> natives);

  // The id of the function `name`, made at need. A function with a native is defined at once.
  uint32_t Declare(std::string_view name);
  // The id or kNoFunction.
  uint32_t Find(std::string_view name) const;

  // Gives a function its code; relocations are applied already. The chunk's tables are kept.
  void Define(uint32_t id, bytecode::Chunk chunk);
  bool defined(uint32_t id) const { return entries_[id].stack_need != INT64_MAX; }

  const std::string& name(uint32_t id) const { return names_[id]; }
  uint32_t size() const { return static_cast<uint32_t>(entries_.size()); }
  const bytecode::Chunk& chunk(uint32_t id) const { return *chunks_[id]; }
  const Entry& entry(uint32_t id) const { return entries_[id]; }
  const Entry* entries() const { return entries_.data(); }
  const bytecode::Word* words() const { return words_.data(); }
  size_t words_size() const { return words_.size(); }
  // Whether a function that has its code can be called: a replay of a time before hides it again.
  void Show(uint32_t id, bool shown);
  const Native& native(uint32_t index) const { return natives_[index]; }
  const Native* natives() const { return natives_.data(); }
  uint32_t FindNative(std::string_view name) const;

  // The function whose code holds word `index`.
  uint32_t FunctionOf(uint32_t index) const;

 private:
  void DefineStub(uint32_t id, bytecode::Chunk chunk);
  void DefineNative(uint32_t id, uint32_t native);

  std::vector<bytecode::Word> words_;
  std::vector<Entry> entries_;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<bytecode::Chunk>> chunks_;
  std::unordered_map<std::string, uint32_t> ids_;
  std::vector<Native> natives_;
  std::unordered_map<std::string_view, uint32_t> native_ids_;
  std::vector<std::pair<uint32_t, uint32_t>> starts_;  // (start word, function), ascending
};

}  // namespace escapement::vm
