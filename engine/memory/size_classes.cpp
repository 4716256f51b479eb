#include "engine/memory/size_classes.h"

#include <array>

#include "engine/memory/address_space.h"

namespace escapement::memory {

const SizeClass kSizeClassTable[kSizeClasses] = {
#define SIZE_CLASS(number, bytes, pages, noscan, scan) \
  {bytes, pages, noscan, scan,                         \
   bytes == 0 ? 0u : static_cast<uint32_t>(0xffffffffu / (bytes + (bytes == 0)) + 1)},
#include "engine/memory/size_classes.def"
};

namespace {

constexpr uint32_t kClassBytes[kSizeClasses] = {
#define SIZE_CLASS(number, bytes, pages, noscan, scan) bytes,
#include "engine/memory/size_classes.def"
};

// Sizes to 1,024 by eights, and above by 128s.
constexpr uint32_t kSmallMax = 1024;

template <size_t N>
constexpr std::array<uint8_t, N> MakeClasses(uint32_t first, uint32_t step) {
  std::array<uint8_t, N> table{};
  uint8_t c = 1;
  for (size_t i = 0; i < N; ++i) {
    while (c < kSizeClasses && kClassBytes[c] < first + i * step) ++c;
    table[i] = c;
  }
  return table;
}

constexpr auto kBySmall = MakeClasses<kSmallMax / 8 + 1>(0, 8);
constexpr auto kByLarge = MakeClasses<(kMaxSmallSize - kSmallMax) / 128 + 1>(kSmallMax, 128);

}  // namespace

uint32_t SizeToClass(uint64_t size) {
  if (size <= kSmallMax - 8) return kBySmall[(size + 7) / 8];
  return kByLarge[(size - kSmallMax + 127) / 128];
}

uint64_t RoundUpSize(uint64_t size, bool noscan) {
  if (size == 0) return 0;
  if (size > kMaxSmallSize - kMallocHeaderSize) {
    uint64_t rounded = size + kPageSize - 1;
    return rounded < size ? size : rounded & ~(kPageSize - 1);
  }
  uint64_t header = !noscan && size > kMaxSizeForHeapBits ? kMallocHeaderSize : 0;
  return kClassBytes[SizeToClass(size + header)] - header;
}

uint32_t ObjectsPerSpan(uint8_t span_class) {
  const SizeClass& c = kSizeClassTable[span_class >> 1];
  return span_class & 1 ? c.objects_noscan : c.objects_scan;
}

}  // namespace escapement::memory
