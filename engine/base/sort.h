// Sorting that takes little code: a few hundred bytes for each kind of element, where the standard library's
// sorts take kilobytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace escapement::base {

// Sorts by `less`; elements of which neither is less keep their order.
template <class Items, class Less>
void Sort(Items& items, Less less) {
  const size_t count = items.size();
  std::vector<std::decay_t<decltype(items[0])>> merged;
  merged.reserve(count);
  for (size_t width = 1; width < count; width *= 2) {
    for (size_t begin = 0; begin < count; begin += 2 * width) {
      size_t left = begin, middle = std::min(begin + width, count);
      size_t right = middle, end = std::min(middle + width, count);
      while (left < middle || right < end) {
        const bool take_right = left == middle || (right < end && less(items[right], items[left]));
        merged.push_back(std::move(items[take_right ? right++ : left++]));
      }
    }
    for (size_t i = 0; i < count; ++i) items[i] = std::move(merged[i]);
    merged.clear();
  }
}

}  // namespace escapement::base
