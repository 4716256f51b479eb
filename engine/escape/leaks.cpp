#include "engine/escape/leaks.h"

#include <algorithm>

namespace escapement::escape {

namespace {
constexpr std::string_view kPrefix = "esc:";
}  // namespace

void Leaks::Add(int slot, int derefs) {
  int old = Get(slot);
  if (old >= 0 && old <= derefs) return;
  slots_[static_cast<size_t>(slot)] = static_cast<uint8_t>(std::min(derefs + 1, 255));
}

void Leaks::Optimize() {
  int shortest = heap();
  if (shortest < 0) return;
  for (size_t i = 1; i < slots_.size(); ++i) {
    if (Get(static_cast<int>(i)) >= shortest) slots_[i] = 0;
  }
}

bool Leaks::Any() const {
  return std::any_of(slots_.begin(), slots_.end(), [](uint8_t slot) { return slot != 0; });
}

std::string Leaks::Encode() const {
  if (heap() == 0) return {};
  size_t used = slots_.size();
  while (used > 0 && slots_[used - 1] == 0) --used;
  std::string tag(kPrefix);
  tag.append(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(used));
  return tag;
}

Leaks Leaks::Parse(std::string_view tag) {
  Leaks leaks;
  if (tag.substr(0, kPrefix.size()) != kPrefix) {
    leaks.AddHeap(0);
    return leaks;
  }
  tag.remove_prefix(kPrefix.size());
  for (size_t i = 0; i < std::min(tag.size(), leaks.slots_.size()); ++i)
    leaks.slots_[i] = static_cast<uint8_t>(tag[i]);
  return leaks;
}

}  // namespace escapement::escape
