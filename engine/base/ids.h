// Typed ids: an index into a value store that cannot be mixed up with another
// store's. `struct SiteId : base::Id<SiteId> { using Id::Id; };`
#pragma once

#include <cstdint>
#include <functional>

namespace escapement::base {

template <typename Tag>
struct Id {
  static constexpr uint32_t kNone = ~uint32_t{0};
  uint32_t index = kNone;

  constexpr Id() = default;
  constexpr explicit Id(uint32_t i) : index(i) {}
  constexpr bool valid() const { return index != kNone; }
  constexpr bool operator==(const Id&) const = default;
  constexpr auto operator<=>(const Id&) const = default;
};

// Hash for unordered containers keyed by any Id.
struct IdHash {
  template <typename Tag>
  size_t operator()(Id<Tag> id) const {
    return std::hash<uint32_t>()(id.index);
  }
};

}  // namespace escapement::base
