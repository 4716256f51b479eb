// Free records of the runtime's own (sudogs, heap defers): the P keeps up to a limit of them; when it has
// more, half go to a shared list, which lasts until the next collection.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/memory/stack.h"

namespace escapement::sched {

// The P's list and the shared one; what was freed last is taken first.
class RecordPool {
 public:
  explicit RecordPool(size_t limit) : limit_(limit) {}

  // A free record, or 0: the caller makes one.
  memory::Address Take() {
    if (own_.empty())
      for (; own_.size() < limit_ / 2 && !shared_.empty(); shared_.pop_back()) own_.push_back(shared_.back());
    if (own_.empty()) return 0;
    memory::Address record = own_.back();
    own_.pop_back();
    return record;
  }

  void Give(memory::Address record) {
    if (own_.size() == limit_) {
      auto half = own_.begin() + static_cast<std::ptrdiff_t>(limit_ / 2);
      shared_.insert(shared_.end(), half, own_.end());
      own_.erase(half, own_.end());
    }
    own_.push_back(record);
  }

  // A collection starts.
  void DropShared() { shared_.clear(); }

  void Visit(memory::SlotVisitor& visitor) {
    for (memory::Address& record : own_) visitor.Visit(&record);
    for (memory::Address& record : shared_) visitor.Visit(&record);
  }

  bool operator==(const RecordPool&) const = default;

 private:
  size_t limit_;
  std::vector<memory::Address> own_, shared_;
};

}  // namespace escapement::sched
