#include "engine/trace/envelope.h"

namespace escapement::trace {

void Envelope::Advance(uint64_t step) {
  if (buckets_.empty()) first_step_ = step;
  while ((step - first_step_) >> shift_ >= kMaxBuckets) {
    // Two neighbours become one.
    size_t half = (buckets_.size() + 1) / 2;
    for (size_t i = 0; i < half; ++i) {
      Bucket merged = buckets_[2 * i];
      if (2 * i + 1 < buckets_.size()) {
        const Bucket& other = buckets_[2 * i + 1];
        merged.min_bytes = std::min(merged.min_bytes, other.min_bytes);
        merged.max_bytes = std::max(merged.max_bytes, other.max_bytes);
      }
      buckets_[i] = merged;
    }
    buckets_.resize(half);
    ++shift_;
  }
  uint64_t index = (step - first_step_) >> shift_;
  if (buckets_.size() <= index) buckets_.resize(index + 1);
  bucket_end_ = first_step_ + ((index + 1) << shift_);
}

uint32_t Envelope::peak_bytes() const {
  uint32_t peak = 0;
  for (const Bucket& b : buckets_) peak = std::max(peak, b.max_bytes);
  return peak;
}

}  // namespace escapement::trace
