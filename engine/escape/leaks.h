// Leaks: where the value of a parameter may go, the summary that call sites use
// instead of the function's body. A vector of eight small numbers, each the fewest
// dereferences on any path from the parameter to
//
//   [0] the heap   [1] the mutator   [2] the callee   [3..7] the first five results
//
// stored plus one, so that 0 means "no such path". The coded form is the one gc's
// export data carries: "" for a plain leak to the heap, else "esc:" and the bytes
// with trailing zeros cut. Rule: cmd/compile/internal/escape/leaks.go.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace escapement::escape {

// The leak set of one parameter.
class Leaks {
 public:
  // Results beyond this many have no slot of their own; a flow to one counts as heap.
  static constexpr int kResults = 5;

  // Fewest dereferences of any flow to each destination, -1 when there is none.
  int heap() const { return Get(kHeap); }
  int mutator() const { return Get(kMutator); }
  int callee() const { return Get(kCallee); }
  int result(int i) const { return Get(kFirstResult + i); }

  // Records a flow with `derefs` dereferences.
  void AddHeap(int derefs) { Add(kHeap, derefs); }
  void AddMutator(int derefs) { Add(kMutator, derefs); }
  void AddCallee(int derefs) { Add(kCallee, derefs); }
  void AddResult(int i, int derefs) { Add(kFirstResult + i, derefs); }

  // Drops every flow that is no shorter than the flow to the heap.
  void Optimize();

  // Reports whether there is any flow at all.
  bool Any() const;

  // The tag, and its reading; a tag without the prefix is a leak to the heap.
  std::string Encode() const;
  static Leaks Parse(std::string_view tag);

  bool operator==(const Leaks&) const = default;

 private:
  enum Slot { kHeap, kMutator, kCallee, kFirstResult };
  int Get(int slot) const { return static_cast<int>(slots_[static_cast<size_t>(slot)]) - 1; }
  void Add(int slot, int derefs);

  std::array<uint8_t, kFirstResult + kResults> slots_{};
};

}  // namespace escapement::escape
