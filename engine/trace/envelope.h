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

  // Least and greatest stack use while the bucket lasted.
  struct Bucket {
    uint32_t min_bytes = ~0u, max_bytes = 0;
    bool empty() const { return min_bytes == ~0u; }
    bool operator==(const Bucket&) const = default;
  };

  // Says that up to `step` the stack used between `least` and `most` bytes. Steps never go back; a caller
  // that wants every bucket exact calls at each bucket_end().
  void Add(uint64_t step, uint32_t least, uint32_t most) {
    if (step >= bucket_end_) [[unlikely]]
      Advance(step);
    Bucket& b = buckets_.back();
    b.min_bytes = std::min(b.min_bytes, least);
    b.max_bytes = std::max(b.max_bytes, most);
  }

  uint64_t first_step() const { return first_step_; }
  // Steps a bucket lasts; a power of two.
  uint64_t bucket_steps() const { return uint64_t{1} << shift_; }
  // The step at which the last bucket ends; 0 before the first Add.
  uint64_t bucket_end() const { return bucket_end_; }
  const std::vector<Bucket>& buckets() const { return buckets_; }
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
