// Envelope: the shape of one goroutine's stack over time without an event a call. Time
// is cut into at most 4,096 buckets; when they run out, each two become one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace escapement::trace {

class Envelope {
 public:
  static constexpr uint32_t kMaxBuckets = 4096;

  // Least and greatest stack use seen while the bucket lasted.
  struct Bucket {
    uint32_t min_depth = ~0u, max_depth = 0;
    uint32_t min_bytes = ~0u, max_bytes = 0;
    bool empty() const { return min_depth == ~0u; }
    bool operator==(const Bucket&) const = default;
  };

  // Says that at `step` the stack is `depth` frames deep and uses `bytes` bytes. Called at
  // each call and return; steps never go back.
  void Add(uint64_t step, uint32_t depth, uint32_t bytes) {
    if (step >= bucket_end_) [[unlikely]]
      Advance(step);
    Bucket& b = buckets_.back();
    b.min_depth = std::min(b.min_depth, depth);
    b.max_depth = std::max(b.max_depth, depth);
    b.min_bytes = std::min(b.min_bytes, bytes);
    b.max_bytes = std::max(b.max_bytes, bytes);
  }

  uint64_t first_step() const { return first_step_; }
  // Steps a bucket lasts; a power of two.
  uint64_t bucket_steps() const { return uint64_t{1} << shift_; }
  const std::vector<Bucket>& buckets() const { return buckets_; }
  uint32_t peak_depth() const;
  uint32_t peak_bytes() const;
  bool operator==(const Envelope&) const = default;

 private:
  void Advance(uint64_t step);

  std::vector<Bucket> buckets_;
  uint64_t first_step_ = 0;
  uint64_t bucket_end_ = 0;
  uint32_t shift_ = 6;
};

}  // namespace escapement::trace
